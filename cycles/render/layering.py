"""Put modules and sub-packages in an order in which what stays points down, and find the edges that say it all."""

import heapq
from collections.abc import Collection, Iterable, Mapping, Sequence

from cycles.graph.components import shortest_path

_Edge = tuple[int, int]
_ROUNDS = 50
"""Of moving every name to its best place: two or three are enough in practice."""
_UPWARD = 1000
"""What an import that stays and points up costs; a cut that points down costs 1."""


def foundations_first(staying: Collection[_Edge], removed: Iterable[_Edge], groups: Sequence[str]) -> list[int]:
    """Return the vertices in an order in which each comes after all it leads to by `staying`, which is acyclic.

    A `removed` edge leads forward in the order wherever the edges before it allow that, so that it
    catches the eye. Vertices of one group stay together where nothing is against it; `groups` has the group of each
    vertex. Kahn's algorithm (A. B. Kahn, "Topological sorting of large networks", CACM 5(11), 1962).

    >>> foundations_first([(0, 1), (1, 2)], [(2, 0)], ["", "", ""])
    [2, 1, 0]
    """
    below: list[set[int]] = [set() for _ in groups]
    for importer, imported in staying:
        below[importer].add(imported)
    for importer, imported in removed:
        if not shortest_path(below.__getitem__, importer, imported):
            below[imported].add(importer)
    return _ordered(below, groups)


def transitive_reduction(edges: Collection[_Edge], order: Sequence[int]) -> frozenset[_Edge]:
    """Return the edges of an acyclic graph that no path of the others replaces.

    `order` has each vertex after all it leads to. A. V. Aho, M. R. Garey and J. D. Ullman, "The
    transitive reduction of a directed graph", SIAM J. Comput. 1(2), 1972; O(m · n / 64) with sets
    as integers.

    >>> sorted(transitive_reduction([(0, 1), (1, 2), (0, 2)], [2, 1, 0]))
    [(0, 1), (1, 2)]
    """
    rank = {vertex: place for place, vertex in enumerate(order)}
    below: list[list[int]] = [[] for _ in order]
    for importer, imported in edges:
        below[importer].append(imported)
    reached = [0] * len(order)
    kept = []
    for vertex in order:
        # The nearest first: what they reach needs no edge of its own.
        for under in sorted(below[vertex], key=lambda found: -rank[found]):
            if not reached[vertex] >> under & 1:
                kept.append((vertex, under))
                reached[vertex] |= reached[under] | 1 << under
    return frozenset(kept)


def least_upward(
    names: Iterable[str], staying: Mapping[tuple[str, str], int], cuts: Mapping[tuple[str, str], int]
) -> list[str]:
    """Return the names with the foundations first: the fewest of what stays point up, and of the cuts the fewest down.

    Both say how many imports lead from one name to another. Each name is moved to its best place, in turn, until none
    moves: the sifting of R. Rudell ("Dynamic variable ordering for ordered binary decision diagrams", ICCAD 1993).
    A local optimum, found in a limited number of rounds; always the same one.
    """
    order = list(names)

    def price(first: str, second: str) -> int:
        """Return what it costs that `first` is below `second`."""
        return _UPWARD * staying.get((first, second), 0) + cuts.get((second, first), 0)

    for _ in range(_ROUNDS):
        before = list(order)
        for name in sorted(before):
            others = [other for other in order if other != name]
            best = cost = sum(price(name, other) for other in others)
            place = 0
            for position, other in enumerate(others, 1):
                cost += price(other, name) - price(name, other)
                if cost < best:
                    best, place = cost, position
            order = [*others[:place], name, *others[place:]]
        if order == before:
            break
    return order


def _ordered(below: Sequence[Collection[int]], groups: Sequence[str]) -> list[int]:
    """Return the vertices, each after those below it, in the group of the one before it where one is ready."""
    above: list[list[int]] = [[] for _ in below]
    for vertex, found in enumerate(below):
        for under in found:
            above[under].append(vertex)
    waiting = [len(found) for found in below]
    ready: dict[str, list[int]] = {}
    free = [vertex for vertex, count in enumerate(waiting) if not count]
    order: list[int] = []
    group = ""
    while free or ready:
        for vertex in free:
            heapq.heappush(ready.setdefault(groups[vertex], []), vertex)
        group = group if group in ready else min(ready, key=lambda name: ready[name][0])
        order.append(heapq.heappop(ready[group]))
        if not ready[group]:
            del ready[group]
        for over in above[order[-1]]:
            waiting[over] -= 1
        free = [over for over in above[order[-1]] if not waiting[over]]
    return order
