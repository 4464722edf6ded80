"""Put the cuts of a plan in the order in which the component falls apart fastest."""

from collections.abc import Sequence
from dataclasses import dataclass

from cycles.cuts.digraph import Edge, bit_positions
from cycles.graph.components import scc_ids
from cycles.limits import PLAN_STEPS

_WORD = 9
"""Sets of vertices are numbers, and a step passes over 2 ** 9 of their bits."""


@dataclass(frozen=True, slots=True)
class OrderedCut:
    """A cut of the plan, how many vertices are on cycles after it, and the size of the largest component then."""

    cut: int
    vertices: int
    largest: int


def order_cuts(
    size: int,
    edges: Sequence[Edge],
    causes: Sequence[Sequence[int]],
    cuts: Sequence[int],
    *,
    budget: int = PLAN_STEPS,
) -> tuple[OrderedCut, ...]:
    """Put cuts in order: from the end, each time the cut that joins least when it is taken back.

    "Least" is the least growth of the sum of squared component sizes, of several the first cut. From the end,
    because the last cuts of a plan are easy to judge and the first are not: alone, most cuts change nothing.
    Reachability is kept as bits (after G. F. Italiano, "Amortized efficiency of a path retrieval data
    structure", Theoretical Computer Science 48, 1986), so a step costs one operation per cut and vertex. Where
    that is more than the budget, the cuts stay in the order of their numbers.
    """
    if size * size // 2 + len(cuts) * len(cuts) // 2 * (1 + (size >> _WORD)) > budget:
        return _as_they_stand(size, edges, causes, cuts)
    reached = _Reached(size)
    made = set(cuts)
    edges_of: dict[int, list[Edge]] = {cut: [] for cut in cuts}
    for edge, its_causes in zip(edges, causes, strict=True):
        cut_causes = made.intersection(its_causes)
        if len(cut_causes) == len(its_causes):
            for cut in cut_causes:
                edges_of[cut].append(edge)
        else:
            reached.add(*edge)
    waiting = sorted(made)
    plan: list[OrderedCut] = []
    while waiting:
        cut = min(waiting, key=lambda candidate: (reached.growth(edges_of[candidate]), candidate))
        plan.append(OrderedCut(cut=cut, vertices=reached.vertices(), largest=reached.largest()))
        for edge in edges_of[cut]:
            reached.add(*edge)
        waiting.remove(cut)
    return tuple(reversed(plan))


def _as_they_stand(
    size: int, edges: Sequence[Edge], causes: Sequence[Sequence[int]], cuts: Sequence[int]
) -> tuple[OrderedCut, ...]:
    """Return the cuts sorted; an edge is gone when the last of its causes is cut, and comes back with that one."""
    order = sorted(cuts)
    place = {cut: number for number, cut in enumerate(reversed(order), 1)}
    returns = [min(map(place.__getitem__, its)) if place.keys() >= set(its) else 0 for its in causes]
    sizes = sizes_over_time(size, edges, returns, len(order))
    return tuple(
        OrderedCut(cut=cut, vertices=vertices, largest=largest)
        for cut, (vertices, largest) in zip(order, reversed(sizes[:-1]), strict=True)
    )


class _Reached:
    """A graph that only grows: what every vertex reaches and is reached from, and the components of two or more."""

    def __init__(self, size: int) -> None:
        self.forward = [1 << vertex for vertex in range(size)]
        self.backward = [1 << vertex for vertex in range(size)]
        self.components: list[int] = []

    def add(self, tail: int, head: int) -> None:
        """Add an edge."""
        if self.forward[tail] >> head & 1:
            return
        joined = self._between(tail, head)
        gained, sources = self.forward[head], self.backward[tail]
        for vertex in bit_positions(sources):
            self.forward[vertex] |= gained
        for vertex in bit_positions(gained):
            self.backward[vertex] |= sources
        if joined:
            self.components = [members for members in self.components if not members & joined]
            self.components.append(joined)

    def growth(self, edges: Sequence[Edge]) -> int:
        """Return how much the sum of squared component sizes grows when edges that leave one vertex are added."""
        joined = 0
        for tail, head in edges:
            joined |= self._between(tail, head)
        # A component that exists lies inside what is joined, or apart from it.
        size = joined.bit_count()
        inner = [(members & joined).bit_count() for members in self.components]
        single = size - sum(inner)
        return size * size - single - sum(count * count for count in inner)

    def vertices(self) -> int:
        """Return how many vertices are on cycles."""
        return sum(members.bit_count() for members in self.components)

    def largest(self) -> int:
        """Return the size of the largest component, 0 where there is no cycle."""
        return max((members.bit_count() for members in self.components), default=0)

    def _between(self, tail: int, head: int) -> int:
        """Return all vertices on a path from head to tail, as bits: what an edge from tail to head would join."""
        if not self.forward[head] >> tail & 1:
            return 0
        return self.forward[head] & self.backward[tail]


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
