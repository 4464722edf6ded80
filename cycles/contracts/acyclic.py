"""The import-linter contract type that forbids import cycles between modules.

`contract_types = ["acyclic_modules: cycles.contracts.acyclic.AcyclicModulesContract"]` makes it known to import-linter.
That name is public, for configurations hold it; and whatever is imported here is loaded by each run of `lint-imports`.
"""

from collections.abc import Iterator

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields
from importlinter.application.contract_utils import AlertLevel
from importlinter.application.output import console
from importlinter.domain.helpers import MissingImport, module_expressions_to_modules
from importlinter.domain.imports import ImportExpression, ModuleExpression

from cycles.contracts.check import contract_command, is_acyclic, redundant
from cycles.contracts.graph_view import contract_graph
from cycles.contracts.render import Broken, broken_lines
from cycles.enums import GraphName
from cycles.source.grouping import grouping_of
from cycles.source.names import Pair


class AcyclicModulesContract(Contract):
    """No import cycle between modules inside `packages`, or groups of them, in one of the three graphs of `cycles`.

    `by` asks for groups, in the words of `cycles scc --by`.
    `ignore_imports` are cuts: what one module imports of another. One that matches nothing is
    reported as other contracts do it; `redundant_ignore_imports_alerting` says what to do of one
    without which no cycle would be closed either, the others being cut.
    """

    type_name = "acyclic_modules"

    packages = fields.SetField(subfield=fields.ModuleExpressionField())
    graph = fields.EnumField(GraphName, default=GraphName.ALL)
    by = fields.ListField(subfield=fields.StringField(), required=False)
    ignore_imports = fields.SetField(subfield=fields.ImportExpressionField(), required=False)
    unmatched_ignore_imports_alerting = fields.EnumField(AlertLevel, default=AlertLevel.ERROR)
    redundant_ignore_imports_alerting = fields.EnumField(AlertLevel, default=AlertLevel.ERROR)

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:  # noqa: ARG002, FBT001  import-linter's own
        """Look for cycles; the graph stays as it is."""
        values = vars(self)
        packages: set[ModuleExpression] = values["packages"]
        name: GraphName = values["graph"]
        words: list[str] = values["by"] or []
        exceptions: set[ImportExpression] = values["ignore_imports"] or set()
        matched = {expression: _matches(graph, expression) for expression in sorted(exceptions, key=str)}
        unmatched_alerting: AlertLevel = values["unmatched_ignore_imports_alerting"]
        unmatched = [f"No matches for ignored import {found}." for found, pairs in matched.items() if not pairs]
        if unmatched and unmatched_alerting is AlertLevel.ERROR:
            command = self._command(sorted(map(str, packages)))
            raise MissingImport("\n".join([*unmatched, f"`{command}` takes out what is gone."]))
        warnings = unmatched if unmatched_alerting is AlertLevel.WARN else []
        covered = module_expressions_to_modules(graph, sorted(packages), as_packages=True, raise_if_unmatched=True)
        roots: list[str] = self.session_options["root_packages"]
        modules = {module.name for module in covered}
        by = grouping_of(words, sorted(map(str, packages)), modules) if words else None
        view = contract_graph(graph, modules, name, roots, by)
        matching = {expression: pairs for expression, pairs in matched.items() if pairs}
        excepted = frozenset[Pair]().union(*matching.values())
        acyclic = is_acyclic(view, excepted)
        needless: list[str] = []
        redundant_alerting: AlertLevel = values["redundant_ignore_imports_alerting"]
        if acyclic and redundant_alerting is not AlertLevel.NONE:
            expressions = [str(expression) for expression in matching]
            needless = [expressions[number] for number in redundant(view, list(matching.values()))]
        if redundant_alerting is AlertLevel.WARN:
            warnings += [f"Ignored import {expression} closes no cycle any more." for expression in needless]
            needless = []
        broken = None if acyclic else Broken(graph, view, name, excepted, tuple(roots))
        return ContractCheck(
            kept=acyclic and not needless,
            warnings=warnings,
            metadata={"broken": broken, "redundant": needless},
            ignored_import_count=len(excepted),
        )

    def render_broken_contract(self, check: ContractCheck) -> None:
        """Print the shortest cycle left of every component, or the exceptions to take out."""
        broken: Broken | None = check.metadata["broken"]
        packages = sorted(str(package) for package in vars(self)["packages"])
        lines = (
            broken_lines(broken, packages)
            if broken
            else _redundant_lines(check.metadata["redundant"], self._command(packages))
        )
        for style, line in lines:
            console.print(line, style=style, markup=False, emoji=False, soft_wrap=True)

    def _command(self, packages: list[str]) -> str:
        """Return what writes the contract anew."""
        return contract_command(packages, vars(self)["graph"], vars(self)["by"] or ())


def _matches(graph: ImportGraph, expression: ImportExpression) -> frozenset[Pair]:
    """Return the imports that an expression of `ignore_imports` matches."""
    found = graph.find_matching_direct_imports(import_expression=str(expression))
    return frozenset((pair["importer"], pair["imported"]) for pair in found)


def _redundant_lines(expressions: list[str], command: str) -> Iterator[tuple[str, str]]:
    yield "red", "These ignored imports close no cycle any more; take them out of ignore_imports:"
    yield "", ""
    for expression in expressions:
        yield "red", f"    {expression}"
    yield "", ""
    yield "", f"    next  {command}"
    yield "", ""
