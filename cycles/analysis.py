"""A package in; all that is known of its import cycles, out: the whole flow on one page."""

from collections.abc import Callable, Sequence
from pathlib import Path

from cycles import sources
from cycles.components import components, strongly_connected
from cycles.graph import build, dependencies_of, entered_packages, widest
from cycles.model import Analysis, GraphName, GraphSummary, Judged, Mention, inside


def analyse(
    package: str,
    *,
    folders: Sequence[Path],
    roots: Sequence[str] = (),
    graph: GraphName = GraphName.IMPORT_TIME,
    progress: Callable[[str], None] = lambda _: None,
) -> Analysis:
    """Analyse `package`, a dotted name or a path, found below one of `folders` in their order.

    `roots` are further packages whose modules join the graph. `progress` is told each step before
    it begins. Raises CyclesError where nothing can be analysed; files that cannot be read are
    listed in the result.
    """
    progress("finding files")
    location = sources.locate(package, roots=roots, folders=folders)
    progress("reading imports")
    reading = sources.read(location)
    progress("judging the imports that may close a cycle")
    judged = sources.judge(reading, _candidates(reading))
    progress("finding components")
    members = {
        name: strongly_connected(
            (importer, imported) for importer, imported, _ in dependencies_of(name, judged, reading.modules)
        )
        for name in GraphName
    }
    closing = _closing(graph, judged, members[graph], reading)
    own = tuple(
        found for found in judged if found.importer == found.imported and inside(found.importer, location.package)
    )
    chosen = build(graph, sources.describe(reading, closing), reading.modules)
    return Analysis(
        package=location.package,
        roots=tuple(root.name for root in location.roots),
        modules=sum(inside(module, location.package) for module in reading.modules),
        imports=sum(inside(mention.importer, location.package) for mention in reading.mentions),
        skipped=reading.skipped,
        self_imports=sources.describe(reading, own),
        summaries=tuple(_summary(name, found, location.package) for name, found in members.items()),
        graph=graph,
        components=components(chosen, location.package),
    )


def _candidates(reading: sources.Reading) -> tuple[Mention, ...]:
    """The imports that can be part of a cycle in any graph, and the self-imports.

    Every dependency of every graph is among the widest pairs, so every component lies inside one of theirs.
    """
    pairs = {(found.importer, found.imported) for found in reading.mentions}
    place = _places(strongly_connected(widest(pairs, reading.modules)))
    closing = {
        (importer, imported)
        for importer, imported in pairs
        if importer == imported
        or (
            importer in place
            and any(
                place.get(module) == place[importer]
                for module in (imported, *entered_packages(importer, imported, reading.modules))
            )
        )
    }
    return tuple(found for found in reading.mentions if (found.importer, found.imported) in closing)


def _closing(
    graph: GraphName, judged: Sequence[Judged], members: Sequence[Sequence[str]], reading: sources.Reading
) -> tuple[Judged, ...]:
    """The imports that make a dependency inside a component, in their order."""
    place = _places(members)
    found = dict.fromkeys(
        statement
        for importer, imported, statement in dependencies_of(graph, judged, reading.modules)
        if importer in place and place[importer] == place.get(imported)
    )
    return tuple(found)


def _places(members: Sequence[Sequence[str]]) -> dict[str, int]:
    """The number of each module's component."""
    return {module: number for number, modules in enumerate(members) for module in modules}


def _summary(name: GraphName, members: Sequence[Sequence[str]], package: str) -> GraphSummary:
    sizes = [len(modules) for modules in members if any(inside(module, package) for module in modules)]
    return GraphSummary(name=name, components=len(sizes), modules=sum(sizes), largest=max(sizes, default=0))
