"""Digraphs of numbered vertices: what the solver, the counting of cycles and the order of a plan share."""

from collections.abc import Collection, Iterable, Iterator, Sequence

Edge = tuple[int, int]
"""Tail and head: vertices from 0."""


def adjacency(size: int, edges: Iterable[Edge]) -> list[list[int]]:
    """Return for every vertex the heads of the edges that leave it, in the order of the edges."""
    following: list[list[int]] = [[] for _ in range(size)]
    for tail, head in edges:
        following[tail].append(head)
    return following


def topological_order(following: Sequence[Collection[int]]) -> list[int] | None:
    """Return the vertices so that every edge leads forward, the lowest numbers first; None where there is a cycle.

    A. B. Kahn, "Topological sorting of large networks", Commun. ACM 5(11), 1962: O(n + m).
    """
    size = len(following)
    waiting_for = [0] * size
    for heads in following:
        for head in heads:
            waiting_for[head] += 1
    order = [vertex for vertex in range(size) if not waiting_for[vertex]]
    for vertex in order:
        for head in following[vertex]:
            waiting_for[head] -= 1
            if not waiting_for[head]:
                order.append(head)
    return order if len(order) == size else None


def positions(order: Sequence[int]) -> list[int]:
    """Return for every vertex its place in an order."""
    position = [0] * len(order)
    for index, vertex in enumerate(order):
        position[vertex] = index
    return position


def shortest_path(following: Sequence[Collection[int]], start: int, end: int) -> tuple[int, ...]:
    """Return the first shortest path by breadth-first search, both ends included; () where there is none."""
    before = {start: start}
    reached = [start]
    for vertex in reached:
        for after in following[vertex]:
            if after not in before:
                before[after] = vertex
                if after == end:
                    path = [end]
                    while path[-1] != start:
                        path.append(before[path[-1]])
                    return tuple(reversed(path))
                reached.append(after)
    return ()


def from_smallest(cycle: Sequence[int]) -> tuple[int, ...]:
    """Return the same cycle, written from its smallest vertex.

    >>> from_smallest([5, 2, 7])
    (2, 7, 5)
    """
    first = cycle.index(min(cycle))
    return (*cycle[first:], *cycle[:first])


def bit_positions(bits: int) -> Iterator[int]:
    """Yield the positions of the ones in a number that stands for a set, in rising order.

    >>> list(bit_positions(0b1010))
    [1, 3]
    """
    while bits:
        # x & -x is the lowest one of x alone, and x & (x - 1) is x without it.
        yield (bits & -bits).bit_length() - 1
        bits &= bits - 1
