"""Find an order of the vertices whose backward edges are cheap to break: their causes are a cut set."""

from collections.abc import Collection, Iterator, Sequence
from heapq import heapify, heappop, heappush
from itertools import pairwise

from cycles.cuts.digraph import Network, positions, topological_order
from cycles.limits import Steps

Order = list[int]
_Neighbour = tuple[int, int, tuple[int, ...]]
"""The other end of an edge, the cost of the edge alone, and the causes that it shares with other edges."""
_Pass = tuple[int, int, tuple[int, ...], bool, int]
"""A neighbour to pass: its place, the cost of the edge, its shared causes, whether passing saves it, and who it is."""

_LOOKS = 20
"""How often a vertex is looked at on average before the search is given up: it converges long before."""
_PER_LOOK, _PER_NEIGHBOUR = 8, 3
"""Steps to look at a vertex, and for each of its edges: they are sorted by place and then passed in turn."""
_GAP = 1 << 40
"""Between two places, so that forty moves to the same spot pass before all places are given anew."""


def causes_of_backward_edges(network: Network, order: Sequence[int]) -> frozenset[int]:
    """Return the causes of all edges that lead backward in an order: a cut set, where each of them has causes."""
    position = positions(order)
    return frozenset(
        cut
        for (tail, head), causes in zip(network.edges, network.causes, strict=True)
        if position[tail] > position[head]
        for cut in causes
    )


def order_without(network: Network, cuts: Collection[int]) -> Order | None:
    """Return an order in which only edges broken by `cuts` lead backward; None where the others close a cycle."""
    return topological_order(network.heads(cuts))


class OrderSearch:
    """A greedy order and its improvement by moves of one vertex, with what both need to know prepared once.

    An edge's own cost is the weight of the causes that it shares with no other edge, or more than all cuts
    together where it is unbreakable. Its shared causes are counted apart: they cost once for all their edges.
    """

    def __init__(self, network: Network, weights: Sequence[int]) -> None:
        """Prepare for the costs that `weights` give the cuts, which need not be the network's own."""
        uses: dict[int, int] = {}
        for causes in network.causes:
            for cut in causes:
                uses[cut] = uses.get(cut, 0) + 1
        self.size = network.size
        self.weights = weights
        self.unbreakable = 1 + sum(weights[cut] for cut in uses)
        self.leaving: list[list[_Neighbour]] = [[] for _ in range(network.size)]
        self.entering: list[list[_Neighbour]] = [[] for _ in range(network.size)]
        for (tail, head), causes in zip(network.edges, network.causes, strict=True):
            shared: tuple[int, ...] = ()
            if len(causes) == 1 and uses[causes[0]] == 1:
                # Most edges are like this, and it is worth a short way.
                cost = weights[causes[0]]
            else:
                cost = sum(weights[cut] for cut in causes if uses[cut] == 1) if causes else self.unbreakable
                shared = tuple(cut for cut in causes if uses[cut] > 1)
            self.leaving[tail].append((head, cost, shared))
            self.entering[head].append((tail, cost, shared))

    def first_order(self) -> Order:
        """Return an order in which every unbreakable edge leads forward; else greedy.

        Each place takes the vertex that loses least against those still to come (after P. Eades, X. Lin,
        W. F. Smyth, "A fast and effective heuristic for the feedback arc set problem", Inf. Process.
        Lett. 47(6), 1993).
        """
        unbreakable = self.unbreakable
        loss = [self.loss(vertex) for vertex in range(self.size)]
        bound = [[cost for _, cost, _ in entering].count(unbreakable) for entering in self.entering]
        placed = [False] * self.size
        waiting = [(loss[vertex], vertex) for vertex in range(self.size) if not bound[vertex]]
        heapify(waiting)
        order: Order = []
        while waiting:
            value, vertex = heappop(waiting)
            if placed[vertex]:
                continue
            if value != loss[vertex]:
                # Its loss has grown since: that is told to the heap only when it matters.
                if value < loss[vertex]:
                    heappush(waiting, (loss[vertex], vertex))
                continue
            placed[vertex] = True
            order.append(vertex)
            for neighbours, sign in ((self.leaving[vertex], -1), (self.entering[vertex], 1)):
                for other, cost, shared in neighbours:
                    if placed[other]:
                        continue
                    if cost == unbreakable:
                        bound[other] += sign
                    else:
                        loss[other] += sign * (self.full_cost(cost, shared) if shared else cost)
                    if sign < 0 and not bound[other]:
                        heappush(waiting, (loss[other], other))
        return order

    def loss(self, vertex: int) -> int:
        """Return what a vertex in front of all others makes backward, less what it saves from that."""
        loss = 0
        for sign, edges in ((1, self.entering[vertex]), (-1, self.leaving[vertex])):
            for _, cost, shared in edges:
                if cost != self.unbreakable:
                    loss += sign * (self.full_cost(cost, shared) if shared else cost)
        return loss

    def full_cost(self, cost: int, shared: tuple[int, ...]) -> int:
        """Return what an edge would cost if it alone led backward."""
        return cost + sum(self.weights[cut] for cut in shared)

    def improve(self, order: Order, *, steps: Steps) -> int:
        """Move vertices to their best places, in place, until no move helps; return how much cheaper the order became.

        Known as sifting (R. Rudell, "Dynamic variable ordering for ordered binary decision diagrams", ICCAD
        1993), here for backward edges. A moved vertex has its neighbours looked at again, at most 20 times the
        number of vertices in all, and none when the steps are spent.
        """
        line = _Line(order)
        counts = self.shared_counts(line.place)
        waiting = list(order)
        is_waiting = [True] * self.size
        gained = 0
        for looked_at, vertex in enumerate(waiting):
            if looked_at > _LOOKS * self.size or steps.spent:
                break
            is_waiting[vertex] = False
            degree = len(self.leaving[vertex]) + len(self.entering[vertex])
            steps.take(_PER_LOOK + _PER_NEIGHBOUR * degree)
            gain, other, before = self.best_move(vertex, line.place, counts)
            if gain <= 0:
                continue
            gained += gain
            self.count(vertex, line.place, counts, -1)
            steps.take(_PER_NEIGHBOUR * degree + line.move(vertex, line.previous[other] if before else other))
            self.count(vertex, line.place, counts, 1)
            for neighbours in (self.leaving[vertex], self.entering[vertex]):
                for neighbour, _, _ in neighbours:
                    if not is_waiting[neighbour]:
                        is_waiting[neighbour] = True
                        waiting.append(neighbour)
        order[:] = line.vertices()
        return gained

    def shared_counts(self, place: Sequence[int]) -> dict[int, int]:
        """Count for every shared cut the backward edges that need it."""
        counts: dict[int, int] = {}
        for tail, edges in enumerate(self.leaving):
            for head, _, shared in edges:
                for cut in shared:
                    counts[cut] = counts.get(cut, 0) + (place[tail] > place[head])
        return counts

    def best_move(self, vertex: int, place: Sequence[int], counts: dict[int, int]) -> tuple[int, int, bool]:
        """Return the gain of the best move of a vertex, the last neighbour that it passes, whether it stops before it.

        Of equal gains the nearest on the left, then the nearest on the right.
        """
        here = place[vertex]
        left: list[_Pass] = []
        right: list[_Pass] = []
        for edges, leaves in ((self.leaving[vertex], True), (self.entering[vertex], False)):
            for other, cost, shared in edges:
                if place[other] < here:
                    left.append((place[other], cost, shared, leaves, other))
                else:
                    right.append((place[other], cost, shared, not leaves, other))
        left.sort(reverse=True)
        right.sort()
        gain, before = self.best_stop(left, counts)
        gain_right, behind = self.best_stop(right, counts)
        return (gain, before, True) if gain >= gain_right else (gain_right, behind, False)

    def best_stop(self, passes: Sequence[_Pass], counts: dict[int, int]) -> tuple[int, int]:
        """Return the most gained by passing neighbours in turn, and the last one to pass."""
        best_gain, best, gain = 0, 0, 0
        undo: list[tuple[int, int]] = []
        for number, (place, cost, shared, saves, other) in enumerate(passes, 1):
            gain += cost if saves else -cost
            for cut in shared:
                # A shared cut is saved with the last backward edge that needs it, and made for the first.
                if counts[cut] == (1 if saves else 0):
                    gain += self.weights[cut] if saves else -self.weights[cut]
                change = -1 if saves else 1
                counts[cut] += change
                undo.append((cut, change))
            # A neighbour to and from which edges lead comes twice, and is passed only with both of them.
            if gain > best_gain and (number == len(passes) or passes[number][0] != place):
                best_gain, best = gain, other
        for cut, change in undo:
            counts[cut] -= change
        return best_gain, best

    def count(self, vertex: int, place: Sequence[int], counts: dict[int, int], change: int) -> None:
        """Add to the counts of the shared causes of a vertex's backward edges."""
        for edges, leaves in ((self.leaving[vertex], True), (self.entering[vertex], False)):
            for other, _, shared in edges:
                if shared and (place[vertex] > place[other]) is leaves:
                    for cut in shared:
                        counts[cut] += change


class _Line:
    """An order that changes: places rise along it but leave gaps, so that a move changes one place.

    P. F. Dietz, D. D. Sleator, "Two algorithms for maintaining order in a list", STOC 1987, in its
    simplest form: where a gap is used up, every vertex gets a new place. The vertices are a ring of
    links that one more, the end, closes.
    """

    def __init__(self, order: Sequence[int]) -> None:
        self.end = len(order)
        self.place = [0] * (len(order) + 1)
        self.previous = [0] * (len(order) + 1)
        self.following = [0] * (len(order) + 1)
        for vertex, after in pairwise([self.end, *order, self.end]):
            self.following[vertex] = after
            self.previous[after] = vertex
        self.spread()

    def vertices(self) -> Iterator[int]:
        """Yield the vertices in order."""
        vertex = self.following[self.end]
        while vertex != self.end:
            yield vertex
            vertex = self.following[vertex]

    def spread(self) -> None:
        """Give every vertex a new place."""
        for index, vertex in enumerate(self.vertices(), 1):
            self.place[vertex] = index * _GAP

    def move(self, vertex: int, before: int) -> int:
        """Put a vertex just behind another, or in front where that is the end; return the steps that it took."""
        previous, following = self.previous[vertex], self.following[vertex]
        self.following[previous], self.previous[following] = following, previous
        after = self.following[before]
        self.following[before] = self.previous[after] = vertex
        self.previous[vertex], self.following[vertex] = before, after
        low = 0 if before == self.end else self.place[before]
        high = low + 2 * _GAP if after == self.end else self.place[after]
        self.place[vertex] = (low + high) // 2
        if low < self.place[vertex] < high:
            return 1
        self.spread()
        return len(self.place)
