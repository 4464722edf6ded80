"""A cycle that a contract has found in; where its imports stand, which one closed it, and the lines to print, out."""

import os
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from grimp import ImportGraph

from cycles.contracts.seen import folders_of
from cycles.contracts.verdict import Pair, Seen, shortest_left, without_exceptions
from cycles.enums import GraphName
from cycles.graph.components import strongly_connected
from cycles.report.format import clean, common_prefix, counted
from cycles.source.names import inside


@dataclass(frozen=True, slots=True)
class Broken:
    """A component left in a graph: how many modules it has, its shortest cycle, and where each import of that stands.

    `steps` are (importer, imported, statements), a statement being "file:line  source". `closing` says
    which dependency closed it and why that is believed; "" where no single one closes it.
    """

    size: int
    steps: tuple[tuple[str, str, tuple[str, ...]], ...]
    closing: Pair | None
    why: str


def broken(graph: ImportGraph, seen: Seen, ignored: Collection[Pair], roots: Sequence[str]) -> tuple[Broken, ...]:
    """Describe the components that are left once the ignored cuts are made, largest first."""
    found = []
    for modules, cycle in shortest_left(seen, ignored):
        pairs = list(zip(cycle, (*cycle[1:], cycle[0]), strict=True))
        closing, why = _closing(pairs, frozenset(modules), seen, ignored)
        steps = tuple((*pair, tuple(_statements(graph, seen, pair, ignored, roots))) for pair in pairs)
        found.append(Broken(len(modules), steps, closing, why))
    return tuple(found)


def as_lines(left: Sequence[Broken], packages: Sequence[str], name: GraphName) -> Iterator[tuple[str, str]]:
    """Lines to print, each with a style: every cycle, what closed it, and the next step."""
    for component in left:
        count = f"{counted(component.size, 'module')} import each other in a cycle ({name})"
        yield "red", count + (", the shortest:" if component.size > len(component.steps) else ":")
        yield "", ""
        for importer, imported, statements in component.steps:
            mark = "   <- closes it" if (importer, imported) == component.closing else ""
            yield "red", f"    {clean(importer)} -> {clean(imported)}{mark}"
            for statement in statements:
                yield "", f"        {clean(statement)}"
        yield "", ""
        yield "", f"    {component.why}"
        if component.closing:
            importer, imported = component.closing
            package = next((package for package in packages if inside(importer, package)), packages[0])
            yield "", f"    next  cycles why {package} {importer} {imported} --graph {name}"
        else:
            yield "", f"    next  cycles cuts {packages[0]} --graph {name}"
        yield "", ""


def _statements(
    graph: ImportGraph, seen: Seen, pair: Pair, ignored: Collection[Pair], roots: Sequence[str]
) -> Iterator[str]:
    """Every import that makes a dependency: file:line and source; those of a package that it runs say so."""
    importer, imported = pair
    for named in dict.fromkeys(seen.named[importer][imported]):
        if (importer, named) in ignored:
            continue
        way = "" if named == imported else f"  (runs {imported})"
        details = graph.get_import_details(importer=importer, imported=named)
        for found in sorted(details, key=lambda found: found["line_number"]):
            where = _path(importer, roots)
            yield f"{where}:{found['line_number']}  {found['line_contents'].strip()}{way}"
        if not details:
            yield f"imports {named}, on a line that is not known{way}"


def _path(module: str, roots: Sequence[str]) -> str:
    """The file of a module as seen from the working directory, else its name."""
    for root in roots:
        if inside(module, root):
            for folder in folders_of(root):
                place = folder.joinpath(*module.split(".")[root.count(".") + 1 :])
                for path in (place / "__init__.py", place.parent / f"{place.name}.py"):
                    if path.is_file():
                        return _shown(path)
    return module


def _shown(path: Path) -> str:
    relative = os.path.relpath(path)
    return str(path) if relative.startswith(os.pardir) else relative


def _closing(
    cycle: Sequence[Pair], members: frozenset[str], seen: Seen, ignored: Collection[Pair]
) -> tuple[Pair | None, str]:
    """The dependency of a cycle that most likely closed it, and why.

    Had there been no cycle before, then every one runs through what the new import makes. Where
    several imports have that property, it is none by which a package takes from its own module,
    and the one that goes against the traffic between its two packages.
    """
    alone = [pair for pair in cycle if _alone_closes(pair, members, seen, ignored)]
    if not alone:
        return None, "no single import closes all cycles of these modules"
    if len(alone) == 1:
        return alone[0], "closed by the import marked: it alone is on every cycle of these modules"
    alone = [(importer, imported) for importer, imported in alone if not inside(imported, importer)] or alone
    traffic = Counter(map(_sides, without_exceptions(seen, ignored)))
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


def _alone_closes(pair: Pair, members: frozenset[str], seen: Seen, ignored: Collection[Pair]) -> bool:
    """Whether a dependency has one cause, and a component falls apart without that."""
    importer, imported = pair
    causes = {(importer, named) for named in seen.named[importer][imported]} - set(ignored)
    if len(causes) > 1:
        return False
    left = without_exceptions(seen, {*ignored, *causes})
    return not strongly_connected(other for other in left if members.issuperset(other))


def _sides(pair: Pair) -> Pair:
    """The two siblings that hold the two ends of a dependency."""
    depth = len(common_prefix(pair).split(".")) if common_prefix(pair) else 0
    importer, imported = (".".join(module.split(".")[: depth + 1]) for module in pair)
    return importer, imported
