"""Dependencies in; an order in which their modules can stand, and the few that say all the others, out."""

import heapq
from collections.abc import Collection, Iterable, Sequence

_Edge = tuple[int, int]


def foundations_first(
    size: int, staying: Collection[_Edge], removed: Iterable[_Edge], groups: Sequence[str]
) -> list[int]:
    """The vertices in an order in which each comes after all it leads to by `staying`, which is acyclic.

    A `removed` edge leads forward in the order wherever the edges before it allow that, so that it
    stands out. Vertices of one group stay together where nothing is against it. Kahn's algorithm
    (A. B. Kahn, "Topological sorting of large networks", CACM 5(11), 1962).

    >>> foundations_first(3, [(0, 1), (1, 2)], [(2, 0)], ["", "", ""])
    [2, 1, 0]
    """
    below: list[set[int]] = [set() for _ in range(size)]
    for importer, imported in staying:
        below[importer].add(imported)
    for importer, imported in removed:
        if not _leads(below, importer, imported):
            below[imported].add(importer)
    return _ordered(below, groups)


def skeleton(size: int, edges: Collection[_Edge], order: Sequence[int]) -> frozenset[_Edge]:
    """The edges that no path of the others replaces: the transitive reduction of an acyclic graph.

    `order` has each vertex after all it leads to. A. V. Aho, M. R. Garey and J. D. Ullman, "The
    transitive reduction of a directed graph", SIAM J. Comput. 1(2), 1972; O(m · n / 64) with sets
    as integers.

    >>> sorted(skeleton(3, [(0, 1), (1, 2), (0, 2)], [2, 1, 0]))
    [(0, 1), (1, 2)]
    """
    rank = {vertex: place for place, vertex in enumerate(order)}
    below: list[list[int]] = [[] for _ in range(size)]
    for importer, imported in edges:
        below[importer].append(imported)
    reached = [0] * size
    kept = []
    for vertex in order:
        for under in sorted(below[vertex], key=lambda found: -rank[found]):
            if not reached[vertex] >> under & 1:
                kept.append((vertex, under))
                reached[vertex] |= reached[under] | 1 << under
    return frozenset(kept)


def _leads(below: Sequence[Collection[int]], start: int, end: int) -> bool:
    """Whether a path leads from `start` to `end`."""
    seen = {start}
    path = [start]
    while path:
        for under in below[path.pop()]:
            if under == end:
                return True
            if under not in seen:
                seen.add(under)
                path.append(under)
    return False


def _ordered(below: Sequence[Collection[int]], groups: Sequence[str]) -> list[int]:
    """The vertices, each after those below it, in the group of the one before it where one is ready."""
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
