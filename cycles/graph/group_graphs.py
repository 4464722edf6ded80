"""Dependencies between groups of modules: all imports that make one group depend on another."""

from collections.abc import Collection, Iterable, Iterator
from typing import TypeVar

from cycles.enums import GraphName
from cycles.graph.build import build, dependencies_of, graph_of, possible_dependencies
from cycles.graph.components import places, strongly_connected
from cycles.grouping import Grouping
from cycles.model import Graph
from cycles.source.imports import Import

_Statement = TypeVar("_Statement")


def grouped(made: Iterable[tuple[str, str, _Statement]], by: Grouping) -> Iterator[tuple[str, str, _Statement]]:
    """Yield the dependencies between groups that dependencies between modules come to, each import once for each.

    Those that one import makes must follow each other.
    """
    last: _Statement | None = None
    seen: set[tuple[str, str]] = set()
    for importer, imported, statement in made:
        if statement is not last:
            last = statement
            seen.clear()
        ends = by.ends(importer, imported)
        if ends is not None and ends not in seen:
            seen.add(ends)
            yield *ends, statement


def build_groups(name: GraphName, imports: Iterable[Import], modules: Collection[str], by: Grouping | None) -> Graph:
    """Return the graph of that name over the groups of `modules`; where `by` says none, over these themselves."""
    if by is None:
        return build(name, imports, modules)
    made = grouped(dependencies_of(name, imports, modules), by)
    return graph_of(name, made, by.groups(modules), by.ends)


def group_graph(graph: Graph, by: Grouping) -> Graph:
    """Return the groups of a graph's modules, and the dependencies between these."""
    imports = sorted(
        {found for edge in graph.dependencies for found in edge.imports},
        key=lambda found: (found.importer, found.imported, found.line_number),
    )
    return build_groups(graph.name, imports, graph.modules, by)


def possibly_cyclic_between_groups(
    pairs: Collection[tuple[str, str]], modules: Collection[str], by: Grouping
) -> list[tuple[str, str]]:
    """Return the imports that can be part of a cycle between groups in any graph; their order is kept."""
    made = {
        pair: {ends for found in possible_dependencies([pair], modules) if (ends := by.ends(*found))} for pair in pairs
    }
    place = places(strongly_connected(ends for found in made.values() for ends in sorted(found)))
    return [
        pair
        for pair, found in made.items()
        if any(one in place and place[one] == place.get(other) for one, other in found)
    ]
