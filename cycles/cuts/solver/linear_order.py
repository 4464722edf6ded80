"""A network in; an order of its vertices whose backward edges are cheap to break, out."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from heapq import heapify, heappop, heappush
from itertools import pairwise

from cycles.cuts.solver.network import Network, topological_order
from cycles.limits import Steps

Order = list[int]
_Step = tuple[int, int, tuple[int, ...], bool, int]
"""A neighbour to pass: its place, the price of the edge, its shared causes, whether passing saves it, and who it is."""

_PER_LOOK, _PER_NEIGHBOUR = 8, 3
"""Steps to look at a vertex, and for each of its edges: they are sorted by place and then passed in turn."""
_GAP = 1 << 40
"""Between two places, so that forty moves to the same spot pass before all places are given anew."""


def backward_cuts(network: Network, order: Sequence[int]) -> frozenset[int]:
    """The causes of all edges that lead backward in an order: a cut set, where each of them has causes."""
    position = positions(order)
    return frozenset(
        cut
        for (tail, head), causes in zip(network.edges, network.causes, strict=True)
        if position[tail] > position[head]
        for cut in causes
    )


def order_without(network: Network, cuts: Collection[int]) -> Order | None:
    """An order in which only edges broken by `cuts` lead backward; None where the others close a cycle."""
    broken = network.broken(cuts)
    left: list[list[int]] = [[] for _ in range(network.size)]
    for (tail, head), is_broken in zip(network.edges, broken, strict=True):
        if not is_broken:
            left[tail].append(head)
    return topological_order(left)


class Sifting:
    """What sifting needs to know of a network, prepared once.

    An edge's price counts for it alone: the weight of the causes that it shares with no other edge,
    or more than all cuts together where it is unbreakable. Its shared causes are counted apart.
    """

    def __init__(self, network: Network, weights: Sequence[int]) -> None:
        """Prepare for the prices that `weights` give the cuts, which need not be the network's own."""
        uses: dict[int, int] = {}
        for causes in network.causes:
            for cut in causes:
                uses[cut] = uses.get(cut, 0) + 1
        self.size = network.size
        self.weights = weights
        self.beyond_price = 1 + sum(weights[cut] for cut in uses)
        self.leaving: list[list[tuple[int, int, tuple[int, ...]]]] = [[] for _ in range(network.size)]
        self.entering: list[list[tuple[int, int, tuple[int, ...]]]] = [[] for _ in range(network.size)]
        for (tail, head), causes in zip(network.edges, network.causes, strict=True):
            shared: tuple[int, ...] = ()
            if len(causes) == 1 and uses[causes[0]] == 1:
                # Most edges are like this, and it is worth a short way.
                price = weights[causes[0]]
            else:
                price = sum(weights[cut] for cut in causes if uses[cut] == 1) if causes else self.beyond_price
                shared = tuple(cut for cut in causes if uses[cut] > 1)
            self.leaving[tail].append((head, price, shared))
            self.entering[head].append((tail, price, shared))

    def first_order(self) -> Order:
        """Every unbreakable edge leads forward; else greedy.

        Each place takes the vertex that loses least against those still to come (after P. Eades, X. Lin,
        W. F. Smyth, "A fast and effective heuristic for the feedback arc set problem", Inf. Process.
        Lett. 47(6), 1993).
        """
        beyond_price = self.beyond_price
        loss = [self.loss(vertex) for vertex in range(self.size)]
        bound = [[price for _, price, _ in entering].count(beyond_price) for entering in self.entering]
        placed = [False] * self.size
        waiting = [(loss[vertex], vertex) for vertex in range(self.size) if not bound[vertex]]
        heapify(waiting)
        order: Order = []
        while waiting:
            value, vertex = heappop(waiting)
            if placed[vertex]:
                continue
            if value != loss[vertex]:
                # It has become dearer since: that is told to the heap only when it matters.
                if value < loss[vertex]:
                    heappush(waiting, (loss[vertex], vertex))
                continue
            placed[vertex] = True
            order.append(vertex)
            for neighbours, sign in ((self.leaving[vertex], -1), (self.entering[vertex], 1)):
                for other, price, shared in neighbours:
                    if placed[other]:
                        continue
                    if price == beyond_price:
                        bound[other] += sign
                    else:
                        loss[other] += sign * (self.full_price(price, shared) if shared else price)
                    if sign < 0 and not bound[other]:
                        heappush(waiting, (loss[other], other))
        return order

    def loss(self, vertex: int) -> int:
        """What a vertex in front of all others makes backward, less what it saves from that."""
        loss = 0
        for sign, edges in ((1, self.entering[vertex]), (-1, self.leaving[vertex])):
            for _, price, shared in edges:
                if price != self.beyond_price:
                    loss += sign * (self.full_price(price, shared) if shared else price)
        return loss

    def full_price(self, price: int, shared: tuple[int, ...]) -> int:
        """What an edge would cost if it alone led backward."""
        return price + sum(self.weights[cut] for cut in shared) if shared else price

    def sift(self, order: Order, vertices: Iterable[int], *, passes: int, steps: Steps) -> int:
        """Move vertices to their best places, in place, until no move helps; how much cheaper the order became.

        The moves of R. Rudell ("Dynamic variable ordering for ordered binary decision diagrams",
        ICCAD 1993), for backward edges. A moved vertex has its neighbours looked at again, at most
        `passes` times the number of vertices in all, and none when the steps are spent.
        """
        line = _Line(order)
        counts = self.shared_counts(line.place)
        waiting = list(vertices)
        is_waiting = [False] * self.size
        for vertex in waiting:
            is_waiting[vertex] = True
        gained = 0
        for looked_at, vertex in enumerate(waiting):
            if looked_at > passes * self.size or steps.spent:
                break
            is_waiting[vertex] = False
            degree = len(self.leaving[vertex]) + len(self.entering[vertex])
            steps.take(_PER_LOOK + _PER_NEIGHBOUR * degree)
            gain, other, before = self.best_place(vertex, line.place, counts)
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

    def shared_counts(self, position: Sequence[int]) -> dict[int, int]:
        """For every shared cut, how many backward edges need it."""
        counts: dict[int, int] = {}
        for tail, edges in enumerate(self.leaving):
            for head, _, shared in edges:
                for cut in shared:
                    counts[cut] = counts.get(cut, 0) + (position[tail] > position[head])
        return counts

    def best_place(self, vertex: int, place: Sequence[int], counts: dict[int, int]) -> tuple[int, int, bool]:
        """The gain of the best move of a vertex, the last neighbour that it passes, whether it stops before it.

        Of equal gains the nearest on the left, then the nearest on the right.
        """
        here = place[vertex]
        left: list[_Step] = []
        right: list[_Step] = []
        for edges, leaves in ((self.leaving[vertex], True), (self.entering[vertex], False)):
            for other, price, shared in edges:
                if place[other] < here:
                    left.append((place[other], price, shared, leaves, other))
                else:
                    right.append((place[other], price, shared, not leaves, other))
        left.sort(reverse=True)
        right.sort()
        gain, before = self.best_step(left, counts)
        gain_right, behind = self.best_step(right, counts)
        return (gain, before, True) if gain >= gain_right else (gain_right, behind, False)

    def best_step(self, steps: Sequence[_Step], counts: dict[int, int]) -> tuple[int, int]:
        """The most gained by passing neighbours in turn, and the last one to pass."""
        best_gain, best, gain = 0, 0, 0
        undo: list[tuple[int, int]] = []
        for number, (place, price, shared, saves, other) in enumerate(steps, 1):
            gain += price if saves else -price
            for cut in shared:
                if counts[cut] == (1 if saves else 0):
                    gain += self.weights[cut] if saves else -self.weights[cut]
                change = -1 if saves else 1
                counts[cut] += change
                undo.append((cut, change))
            if gain > best_gain and (number == len(steps) or steps[number][0] != place):
                best_gain, best = gain, other
        for cut, change in undo:
            counts[cut] -= change
        return best_gain, best

    def count(self, vertex: int, position: Sequence[int], counts: dict[int, int], change: int) -> None:
        """Add to the counts of the shared causes of a vertex's backward edges."""
        for edges, leaves in ((self.leaving[vertex], True), (self.entering[vertex], False)):
            for other, _, shared in edges:
                if shared and (position[vertex] > position[other]) is leaves:
                    for cut in shared:
                        counts[cut] += change


class _Line:
    """An order that changes: places rise along it but leave gaps, so that a move changes one place.

    P. F. Dietz, D. D. Sleator, "Two algorithms for maintaining order in a list", STOC 1987, in its
    simplest form: where a gap is used up, every vertex gets a new place.
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
        """The vertices in order."""
        vertex = self.following[self.end]
        while vertex != self.end:
            yield vertex
            vertex = self.following[vertex]

    def spread(self) -> None:
        """Give every vertex a new place; the one before the first and behind the last is the line's end."""
        for index, vertex in enumerate(self.vertices(), 1):
            self.place[vertex] = index * _GAP

    def move(self, vertex: int, before: int) -> int:
        """Put a vertex just behind another, or in front where that is the end; the steps that it took."""
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


def positions(order: Sequence[int]) -> list[int]:
    """For every vertex its place in an order."""
    position = [0] * len(order)
    for index, vertex in enumerate(order):
        position[vertex] = index
    return position
