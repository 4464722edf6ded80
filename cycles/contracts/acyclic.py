"""The import-linter contract type that forbids import cycles between modules.

`contract_types = ["acyclic_modules: cycles.contracts.acyclic.AcyclicModulesContract"]` makes it known to import-linter.
That name is public, for configurations hold it; and whatever is imported here is loaded by each run of `lint-imports`.
"""

import shlex
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields
from importlinter.application.contract_utils import AlertLevel
from importlinter.application.output import console
from importlinter.domain.helpers import MissingImport, module_expressions_to_modules
from importlinter.domain.imports import ImportExpression, ModuleExpression

from cycles.contracts.project_linter_graph import contract_graph, matching_imports, path_of
from cycles.contracts.sufficient_cuts import ContractGraph, contract_command, is_acyclic, redundant, remaining
from cycles.enums import GraphName
from cycles.graph.components import shortest_cycle, strongly_connected
from cycles.grouping import grouping_of
from cycles.report.wording import clean, common_prefix, counted
from cycles.source.module_names import Pair, cycle_pairs, inside


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
        matched = {expression: matching_imports(graph, expression) for expression in sorted(exceptions, key=str)}
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
        broken = None if acyclic else _Broken(graph, view, name, excepted, tuple(roots))
        return ContractCheck(
            kept=acyclic and not needless,
            warnings=warnings,
            metadata={"broken": broken, "redundant": needless},
            ignored_import_count=len(excepted),
        )

    def render_broken_contract(self, check: ContractCheck) -> None:
        """Print the shortest cycle left of every component, or the exceptions to take out."""
        broken: _Broken | None = check.metadata["broken"]
        packages = sorted(str(package) for package in vars(self)["packages"])
        lines = (
            _broken_lines(broken, packages)
            if broken
            else _redundant_lines(check.metadata["redundant"], self._command(packages))
        )
        for style, line in lines:
            console.print(line, style=style, markup=False, emoji=False, soft_wrap=True)

    def _command(self, packages: list[str]) -> str:
        """Return what writes the contract anew."""
        return contract_command(packages, vars(self)["graph"], vars(self)["by"] or ())


def _redundant_lines(expressions: list[str], command: str) -> Iterator[tuple[str, str]]:
    yield "red", "These ignored imports close no cycle any more; take them out of ignore_imports:"
    yield "", ""
    for expression in expressions:
        yield "red", f"    {expression}"
    yield "", ""
    yield "", f"    next  {command}"
    yield "", ""


@dataclass(frozen=True, slots=True)
class _Broken:
    """A contract that is broken: what import-linter and the contract see, the cuts excepted, and the root packages."""

    graph: ImportGraph
    view: ContractGraph
    name: GraphName
    excepted: frozenset[Pair]
    roots: tuple[str, ...]


def _broken_lines(broken: _Broken, packages: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield lines, each with its style: for every component left, largest first, its shortest cycle and what next."""
    left = remaining(broken.view, broken.excepted)
    by = "".join(f" --by {shlex.quote(word)}" for word in broken.view.by)
    for modules in strongly_connected(left):
        members = frozenset(modules)
        inner = [pair for pair in left if members.issuperset(pair)]
        cycle = shortest_cycle(inner)
        steps = list(cycle_pairs(cycle))
        closing, why = _closing(broken, steps, inner, left)
        shortest = ", the shortest:" if len(modules) > len(steps) else ":"
        what = counted(len(modules), "group of modules", "groups of modules") if by else counted(len(modules), "module")
        yield "red", f"{what} import each other in a cycle ({broken.name}){shortest}"
        yield "", ""
        for importer, imported in steps:
            mark = "   <- closes it" if (importer, imported) == closing else ""
            yield "red", f"    {clean(importer)} -> {clean(imported)}{mark}"
            for statement in _statements(broken, importer, imported):
                yield "", f"        {clean(statement)}"
        yield "", ""
        yield "", f"    {why}"
        command = f"cuts {packages[0]}"
        if closing:
            package = next((package for package in packages if inside(closing[0], package)), packages[0])
            command = f"why {' '.join(packages) if by else package} {' '.join(closing)}"
        yield "", f"    next  cycles {command} --graph {broken.name}{by}"
        yield "", ""


def _statements(broken: _Broken, importer: str, imported: str) -> Iterator[str]:
    """Yield "file:line  source" of every import that makes a dependency; those of a package that it runs say so."""
    for module, named in dict.fromkeys(broken.view.causes[importer][imported]):
        if (module, named) in broken.excepted:
            continue
        way = "" if named == imported or broken.view.by else f"  (runs {imported})"
        details = broken.graph.get_import_details(importer=module, imported=named)
        for found in sorted(details, key=lambda found: found["line_number"]):
            yield f"{path_of(module, broken.roots)}:{found['line_number']}  {found['line_contents'].strip()}{way}"
        if not details:
            yield f"imports {named}, on a line that is not known{way}"


def _closing(
    broken: _Broken, steps: Sequence[Pair], inner: Sequence[Pair], left: Sequence[Pair]
) -> tuple[Pair | None, str]:
    """Return the dependency of a cycle that most likely closed it, and why that is believed.

    `inner` are the dependencies of its component, `left` all that there are. Had there been no cycle before, then
    every one runs through what the new import makes. Where several imports have that property, it is none by which a
    package takes from its own module, and the one that goes against the traffic between its two packages.
    """
    alone = [pair for pair in steps if _alone_closes(broken, pair, inner)]
    if not alone:
        return None, "no single import closes all cycles of these modules"
    if len(alone) == 1:
        return alone[0], "closed by the import marked: it alone is on every cycle of these modules"
    alone = [(importer, imported) for importer, imported in alone if not inside(imported, importer)] or alone
    traffic = Counter(map(_sides, left))
    along = {pair: traffic[_sides(pair)] - traffic[_sides(pair)[::-1]] for pair in alone}
    rarest = min(along.values())
    if list(along.values()).count(rarest) > 1:
        return None, f"any of {len(alone)} imports may have closed it: without one of them no cycle is left"
    found = min(alone, key=lambda pair: along[pair])
    against = traffic[_sides(found)[::-1]]
    return found, (
        f"most likely closed by the import marked: {counted(traffic[_sides(found)], 'dependency', 'dependencies')} "
        f"that way between the packages around it, {against:,} the other way"
    )


def _alone_closes(broken: _Broken, pair: Pair, inner: Sequence[Pair]) -> bool:
    """Return whether a dependency has one cause, and its component falls apart without that."""
    importer, imported = pair
    causes = broken.view.causes
    own = set(causes[importer][imported]) - broken.excepted
    gone = own | broken.excepted
    return len(own) == 1 and not strongly_connected(
        (tail, head) for tail, head in inner if any(pair not in gone for pair in causes[tail][head])
    )


def _sides(pair: Pair) -> Pair:
    """Return the two siblings that hold the two ends of a dependency."""
    prefix = common_prefix(pair)
    depth = len(prefix.split(".")) if prefix else 0
    importer, imported = (".".join(module.split(".")[: depth + 1]) for module in pair)
    return importer, imported
