"""Follow how the strongly connected components of a graph grow while edges join it."""

from collections.abc import Sequence

from cycles.cuts.digraph import Edge
from cycles.graph.tarjan import scc_ids

_Timed = tuple[int, int, int]
"""When an edge joins the graph, its tail and its head."""


def sizes_over_time(size: int, edges: Sequence[Edge], times: Sequence[int], last: int) -> list[tuple[int, int]]:
    """Return for every time from 0 to `last` how many vertices are on cycles, and the size of the largest component.

    Edge k joins at `times[k]`. Each edge is looked at once in each of log(last) levels: those that lie
    inside a component halfway are only of interest before, the others only after, between components
    (J. Łącki, "Improved deterministic algorithms for decremental reachability and strongly connected
    components", ACM Trans. Algorithms 9(3), 2013, uses the same tree of graphs).

    >>> sizes_over_time(3, [(0, 1), (1, 0), (1, 2), (2, 1)], [0, 1, 0, 2], 2)
    [(0, 0), (2, 2), (3, 3)]
    """
    joined = _Joined(size)
    sizes: list[tuple[int, int]] = []
    timed = [(time, tail, head) for time, (tail, head) in zip(times, edges, strict=True)]
    # Times are settled from left to right, so that what is joined is always what was joined until then.
    waiting = [(0, last, timed)]
    while waiting:
        low, high, inner = waiting.pop()
        current = [(time, joined.root(tail), joined.root(head)) for time, tail, head in inner]
        current = [edge for edge in current if edge[1] != edge[2]]
        middle = (low + high) // 2
        number, place = _places([edge for edge in current if edge[0] <= middle])
        inside = [edge for edge in current if edge[0] <= middle and place[number[edge[1]]] == place[number[edge[2]]]]
        if low == high:
            for _, tail, head in inside:
                joined.join(tail, head)
            sizes.append((joined.vertices, joined.largest))
            continue
        before = set(inside)
        waiting += [(middle + 1, high, [edge for edge in current if edge not in before]), (low, middle, inside)]
    return sizes


def _places(edges: Sequence[_Timed]) -> tuple[dict[int, int], list[int]]:
    """Return numbers for the ends of edges, and by number their strongly connected part.

    Only the ends are numbered: to look at all vertices in each step would make the whole quadratic.
    """
    number: dict[int, int] = {}
    following: list[list[int]] = []
    for _, tail, head in edges:
        for vertex in (tail, head):
            if vertex not in number:
                number[vertex] = len(following)
                following.append([])
        following[number[tail]].append(number[head])
    return number, scc_ids(following)


class _Joined:
    """Vertices in sets that grow together (union-find with path halving), with the sizes that are asked for."""

    def __init__(self, size: int) -> None:
        self.parent = list(range(size))
        self.sizes = [1] * size
        self.vertices = 0
        self.largest = 0

    def root(self, vertex: int) -> int:
        while self.parent[vertex] != vertex:
            self.parent[vertex] = self.parent[self.parent[vertex]]
            vertex = self.parent[vertex]
        return vertex

    def join(self, one: int, other: int) -> None:
        one, other = sorted((self.root(one), self.root(other)), key=lambda vertex: -self.sizes[vertex])
        if one == other:
            return
        self.vertices += sum(self.sizes[root] == 1 for root in (one, other))
        self.parent[other] = one
        self.sizes[one] += self.sizes[other]
        self.largest = max(self.largest, self.sizes[one])
