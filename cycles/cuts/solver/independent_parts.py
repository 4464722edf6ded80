"""Edges in; independent networks out."""

from collections.abc import Mapping, Sequence

from cycles.cuts.solver.network import Network
from cycles.strong import strong_places


def independent_parts(after: Sequence[Mapping[int, frozenset[int]]], weights: tuple[int, ...]) -> tuple[Network, ...]:
    """The strongly connected parts, those that share a cut together, by their first vertex.

    `after` holds, for every vertex, the causes of its edges by their heads; no edge may lead from
    one part to another. Vertices are numbered anew, in the same order.
    """
    place = strong_places(after)
    joined = list(range(max(place, default=-1) + 1))

    def root(part: int) -> int:
        while joined[part] != part:
            joined[part] = joined[joined[part]]
            part = joined[part]
        return part

    first_place: dict[int, int] = {}
    members: dict[int, list[int]] = {}
    for vertex, heads in enumerate(after):
        for cut in sorted(frozenset[int]().union(*heads.values())):
            joined[root(place[vertex])] = root(first_place.setdefault(cut, place[vertex]))
    for vertex, heads in enumerate(after):
        if heads:
            members.setdefault(root(place[vertex]), []).append(vertex)
    return tuple(_network(after, vertices, weights) for vertices in members.values())


def _network(
    after: Sequence[Mapping[int, frozenset[int]]], vertices: Sequence[int], weights: tuple[int, ...]
) -> Network:
    number = {vertex: index for index, vertex in enumerate(vertices)}
    edges = sorted((number[tail], number[head]) for tail in vertices for head in after[tail])
    return Network(
        size=len(vertices),
        edges=tuple(edges),
        causes=tuple(tuple(sorted(after[vertices[tail]][vertices[head]])) for tail, head in edges),
        weights=weights,
    )
