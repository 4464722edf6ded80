"""The graph that import-linter has built in; whether modules import each other in circles, out: a contract type.

`contract_types = ["acyclic_modules: cycles.contracts.acyclic.AcyclicModulesContract"]` makes it known to import-linter.
"""

from collections.abc import Collection, Iterator

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields
from importlinter.application.contract_utils import AlertLevel
from importlinter.application.output import console
from importlinter.domain.helpers import MissingImport, module_expressions_to_modules
from importlinter.domain.imports import ImportExpression, ModuleExpression

from cycles.contracts.broken import as_lines, broken
from cycles.contracts.seen import seen_by
from cycles.contracts.verdict import Pair, Seen, is_acyclic, needless
from cycles.enums import GraphName


class AcyclicModulesContract(Contract):
    """No import cycle between single modules inside `packages`, in one of the three graphs of `cycles`.

    `ignore_imports` are cuts: what one module imports of another. One that matches nothing is
    reported as other contracts do it; `redundant_ignore_imports_alerting` says what to do of one
    without which no cycle would be closed either, the others being cut.
    """

    type_name = "acyclic_modules"

    packages = fields.SetField(subfield=fields.ModuleExpressionField())
    graph = fields.EnumField(GraphName, default=GraphName.ALL)
    ignore_imports = fields.SetField(subfield=fields.ImportExpressionField(), required=False)
    unmatched_ignore_imports_alerting = fields.EnumField(AlertLevel, default=AlertLevel.ERROR)
    redundant_ignore_imports_alerting = fields.EnumField(AlertLevel, default=AlertLevel.ERROR)

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:  # noqa: ARG002, FBT001  import-linter's own
        """Look for cycles; the graph stays as it is."""
        values = vars(self)
        packages: set[ModuleExpression] = values["packages"]
        name: GraphName = values["graph"]
        redundant_alerting: AlertLevel = values["redundant_ignore_imports_alerting"]
        matched = self._matched(graph)
        warnings = [_unmatched(expression) for expression, pairs in matched.items() if not pairs]
        if warnings and values["unmatched_ignore_imports_alerting"] is AlertLevel.ERROR:
            raise MissingImport("\n".join(warnings))
        if values["unmatched_ignore_imports_alerting"] is AlertLevel.NONE:
            warnings = []
        found = module_expressions_to_modules(graph, sorted(packages), as_packages=True, raise_if_unmatched=True)
        roots: list[str] = self.session_options["root_packages"]
        seen = seen_by(graph, {module.name for module in found}, name, roots)
        matching = {expression: pairs for expression, pairs in matched.items() if pairs}
        ignored = frozenset[Pair]().union(*matching.values())
        redundant: list[str] = []
        acyclic = is_acyclic(seen, ignored)
        if acyclic and redundant_alerting is not AlertLevel.NONE:
            expressions = list(matching)
            redundant = [str(expressions[number]) for number in needless(seen, list(matching.values()))]
        if redundant_alerting is AlertLevel.WARN:
            warnings += [f"Ignored import {expression} closes no cycle any more." for expression in redundant]
            redundant = []
        return ContractCheck(
            kept=acyclic and not redundant,
            warnings=warnings,
            metadata={"broken": None if acyclic else (graph, seen, ignored, roots), "redundant": redundant},
            ignored_import_count=len(ignored),
        )

    def render_broken_contract(self, check: ContractCheck) -> None:
        """Print the shortest cycle left of every component, or the exceptions to take out."""
        found: tuple[ImportGraph, Seen, Collection[Pair], list[str]] | None = check.metadata["broken"]
        left = broken(*found) if found else ()
        redundant: list[str] = check.metadata["redundant"]
        values = vars(self)
        packages = sorted(str(package) for package in values["packages"])
        for style, line in (*as_lines(left, packages, values["graph"]), *_as_redundant(redundant)):
            console.print(line, style=style, markup=False, emoji=False, soft_wrap=True)

    def _matched(self, graph: ImportGraph) -> dict[ImportExpression, Collection[Pair]]:
        """The imports that each of `ignore_imports` matches, in the order of their spelling."""
        expressions: set[ImportExpression] | None = vars(self)["ignore_imports"]
        matched: dict[ImportExpression, Collection[Pair]] = {}
        for expression in sorted(expressions or (), key=str):
            found = graph.find_matching_direct_imports(import_expression=str(expression))
            matched[expression] = frozenset((pair["importer"], pair["imported"]) for pair in found)
        return matched


def _unmatched(expression: ImportExpression) -> str:
    return f"No matches for ignored import {expression}."


def _as_redundant(expressions: list[str]) -> Iterator[tuple[str, str]]:
    if expressions:
        yield "red", "These ignored imports close no cycle any more; take them out of ignore_imports:"
        yield "red", ""
        for expression in expressions:
            yield "red", f"    {expression}"
        yield "red", ""
