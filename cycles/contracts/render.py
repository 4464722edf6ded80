"""Say in lines why a contract is broken: the shortest cycles, their import statements, the one that closed each."""

import shlex
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from grimp import ImportGraph

from cycles.contracts.check import ContractGraph, remaining
from cycles.contracts.linted_files import path_of
from cycles.enums import GraphName
from cycles.graph.components import shortest_cycle, strongly_connected
from cycles.report.format import clean, common_prefix, counted
from cycles.source.names import Pair, inside


@dataclass(frozen=True, slots=True)
class Broken:
    """A contract that is broken: what import-linter and the contract see, the cuts excepted, and the root packages."""

    graph: ImportGraph
    view: ContractGraph
    name: GraphName
    excepted: frozenset[Pair]
    roots: tuple[str, ...]


def broken_lines(broken: Broken, packages: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield lines, each with its style: for every component left, largest first, its shortest cycle and what next."""
    left = remaining(broken.view, broken.excepted)
    by = "".join(f" --by {shlex.quote(word)}" for word in broken.view.by)
    for modules in strongly_connected(left):
        members = frozenset(modules)
        inner = [pair for pair in left if members.issuperset(pair)]
        cycle = shortest_cycle(inner)
        steps = list(zip(cycle, (*cycle[1:], cycle[0]), strict=True))
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


def _statements(broken: Broken, importer: str, imported: str) -> Iterator[str]:
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
    broken: Broken, steps: Sequence[Pair], inner: Sequence[Pair], left: Sequence[Pair]
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


def _alone_closes(broken: Broken, pair: Pair, inner: Sequence[Pair]) -> bool:
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
