"""A network in; an order of its vertices whose backward edges are cheap to break, out."""

from collections.abc import Collection, Iterable, Sequence
from heapq import heapify, heappop, heappush

from cycles.cuts.network import Network, topological_order

Order = list[int]
_Step = tuple[int, int, tuple[int, ...], bool]


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
        loss = [self.loss(vertex) for vertex in range(self.size)]
        bound = [sum(price == self.beyond_price for _, price, _ in entering) for entering in self.entering]
        placed = [False] * self.size
        waiting = [(loss[vertex], vertex) for vertex in range(self.size) if not bound[vertex]]
        heapify(waiting)
        order: Order = []
        while waiting:
            value, vertex = heappop(waiting)
            if placed[vertex] or value != loss[vertex]:
                continue
            placed[vertex] = True
            order.append(vertex)
            for neighbours, sign in ((self.leaving[vertex], -1), (self.entering[vertex], 1)):
                for other, price, shared in neighbours:
                    if placed[other]:
                        continue
                    if price == self.beyond_price:
                        bound[other] += sign
                    else:
                        loss[other] += sign * self.full_price(price, shared)
                    if not bound[other]:
                        heappush(waiting, (loss[other], other))
        return order

    def loss(self, vertex: int) -> int:
        """What a vertex in front of all others makes backward, less what it saves from that."""
        return sum(
            sign * self.full_price(price, shared)
            for sign, edges in ((1, self.entering[vertex]), (-1, self.leaving[vertex]))
            for _, price, shared in edges
            if price != self.beyond_price
        )

    def full_price(self, price: int, shared: Iterable[int]) -> int:
        """What an edge would cost if it alone led backward."""
        return price + sum(self.weights[cut] for cut in shared)

    def sift(self, order: Order, vertices: Iterable[int], *, passes: int) -> int:
        """Move vertices to their best places, in place, until no move helps; how much cheaper the order became.

        The moves of R. Rudell ("Dynamic variable ordering for ordered binary decision diagrams",
        ICCAD 1993), for backward edges. A moved vertex has its neighbours looked at again, at most
        `passes` times the number of vertices in all.
        """
        position = positions(order)
        counts = self.shared_counts(position)
        waiting = list(vertices)
        is_waiting = [False] * self.size
        for vertex in waiting:
            is_waiting[vertex] = True
        gained = 0
        for looked_at, vertex in enumerate(waiting):
            if looked_at > passes * self.size:
                break
            is_waiting[vertex] = False
            gain, place = self.best_place(vertex, position, counts)
            if gain <= 0:
                continue
            gained += gain
            self.move(vertex, place, order, position, counts)
            for neighbours in (self.leaving[vertex], self.entering[vertex]):
                for other, _, _ in neighbours:
                    if not is_waiting[other]:
                        is_waiting[other] = True
                        waiting.append(other)
        return gained

    def shared_counts(self, position: Sequence[int]) -> dict[int, int]:
        """For every shared cut, how many backward edges need it."""
        counts: dict[int, int] = {}
        for tail, edges in enumerate(self.leaving):
            for head, _, shared in edges:
                for cut in shared:
                    counts[cut] = counts.get(cut, 0) + (position[tail] > position[head])
        return counts

    def best_place(self, vertex: int, position: Sequence[int], counts: dict[int, int]) -> tuple[int, int]:
        """The gain of the best move of a vertex, and the position of the vertex that it then stands just after.

        Position -1 is the front. Of equal gains the nearest on the left, then the nearest on the right.
        """
        here = position[vertex]
        left: list[_Step] = []
        right: list[_Step] = []
        for edges, leaves in ((self.leaving[vertex], True), (self.entering[vertex], False)):
            for other, price, shared in edges:
                place = position[other]
                if place < here:
                    left.append((place, price, shared, leaves))
                else:
                    right.append((place, price, shared, not leaves))
        left.sort(reverse=True)
        right.sort()
        gain, place = self.best_step(left, counts)
        gain_right, place_right = self.best_step(right, counts)
        return (gain, place - 1) if gain >= gain_right else (gain_right, place_right)

    def best_step(self, steps: Sequence[_Step], counts: dict[int, int]) -> tuple[int, int]:
        """The most gained by passing neighbours in turn, and the place of the last one to pass."""
        best_gain, best, gain = 0, 0, 0
        undo: list[tuple[int, int]] = []
        for number, (place, price, shared, saves) in enumerate(steps, 1):
            gain += price if saves else -price
            for cut in shared:
                if counts[cut] == (1 if saves else 0):
                    gain += self.weights[cut] if saves else -self.weights[cut]
                change = -1 if saves else 1
                counts[cut] += change
                undo.append((cut, change))
            if gain > best_gain and (number == len(steps) or steps[number][0] != place):
                best_gain, best = gain, place
        for cut, change in undo:
            counts[cut] -= change
        return best_gain, best

    def move(self, vertex: int, place: int, order: Order, position: list[int], counts: dict[int, int]) -> None:
        """Put a vertex just after the one at `place`, and count again what of its edges leads backward."""
        here = position[vertex]
        to = place if place > here else place + 1
        self.count(vertex, position, counts, -1)
        del order[here]
        order.insert(to, vertex)
        for index in range(min(here, to), max(here, to) + 1):
            position[order[index]] = index
        self.count(vertex, position, counts, 1)

    def count(self, vertex: int, position: Sequence[int], counts: dict[int, int], change: int) -> None:
        """Add to the counts of the shared causes of a vertex's backward edges."""
        for edges, leaves in ((self.leaving[vertex], True), (self.entering[vertex], False)):
            for other, _, shared in edges:
                if shared and (position[vertex] > position[other]) is leaves:
                    for cut in shared:
                        counts[cut] += change


def positions(order: Sequence[int]) -> list[int]:
    """For every vertex its place in an order."""
    position = [0] * len(order)
    for index, vertex in enumerate(order):
        position[vertex] = index
    return position
