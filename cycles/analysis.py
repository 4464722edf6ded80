"""A package in; all that is known of its import cycles, out: the whole flow on one page."""

from collections.abc import Callable, Sequence
from pathlib import Path

from cycles import sources
from cycles.components import components, strongly_connected
from cycles.graph import build, entered_packages, widest
from cycles.model import Analysis, Component, GraphName, GraphSummary


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
    progress("looking at the imports that may close a cycle")
    imports = sources.describe(reading, _candidates(reading))
    progress("finding components")
    by_graph = {name: components(build(name, imports, reading.modules), location.package) for name in GraphName}
    prefix = f"{location.package}."

    def inside(module: str) -> bool:
        return module == location.package or module.startswith(prefix)

    return Analysis(
        package=location.package,
        roots=tuple(root.name for root in location.roots),
        modules=sum(map(inside, reading.modules)),
        imports=sum(inside(mention.importer) for mention in reading.mentions),
        skipped=reading.skipped,
        self_imports=tuple(
            statement
            for statement in imports
            if statement.importer == statement.imported and inside(statement.importer)
        ),
        summaries=tuple(_summary(name, found) for name, found in by_graph.items()),
        graph=graph,
        components=by_graph[graph],
    )


def _candidates(reading: sources.Reading) -> tuple[sources.Mention, ...]:
    """The imports that can be part of a cycle in any graph, and the self-imports.

    Every dependency of every graph is among the widest pairs, so every component lies inside one of theirs.
    """
    pairs = widest(((found.importer, found.imported) for found in reading.mentions), reading.modules)
    place = {module: number for number, members in enumerate(strongly_connected(pairs)) for module in members}

    def may_close(importer: str, imported: str) -> bool:
        if importer == imported:
            return True
        number = place.get(importer)
        if number is None:
            return False
        reached = (imported, *entered_packages(importer, imported, reading.modules))
        return any(place.get(module) == number for module in reached)

    closing = {pair for pair in {(found.importer, found.imported) for found in reading.mentions} if may_close(*pair)}
    return tuple(found for found in reading.mentions if (found.importer, found.imported) in closing)


def _summary(name: GraphName, found: tuple[Component, ...]) -> GraphSummary:
    sizes = [len(component.modules) for component in found]
    return GraphSummary(name=name, components=len(sizes), modules=sum(sizes), largest=max(sizes, default=0))
