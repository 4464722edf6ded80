"""A network and a cut set in; cycles that show why no cut set weighs less, out."""

from collections.abc import Collection, Sequence

from cycles.cuts.solver.linear_order import order_without, positions
from cycles.cuts.solver.network import Network
from cycles.limits import SET_UP_STEPS, Steps

_LEAST_LOOK = 64
"""Steps for the shortest search for a way back, so that cycles of two and three edges are found in any case."""


def packed_weight(network: Network, cuts: Collection[int], steps: Steps, *, rounds: int) -> int:
    """A lower bound on the weight of every cut set: the most that cycles, packed around this one, weigh.

    Each cycle may weigh as much as it can charge to each of its edges, each edge charges its
    causes, and no cut is charged more than its weight: a dual solution of the covering programme in
    whole numbers (R. Bar-Yehuda, S. Even, "A linear-time approximation algorithm for the weighted
    vertex cover problem", J. Algorithms 2(2), 1981). A cycle breaks the cut set's edges once where
    it can, so the bound often meets the weight of a smallest set. Each round starts with the edges
    that the one before left short. Cycles packed so far bound as well, so that it can end when the steps do;
    where they are few, no search for a cycle may take more than its share of half of them. Where they
    are not even enough to begin, only cycles of two edges count, which are found without a search.
    """
    if steps.left < SET_UP_STEPS * len(network.edges):
        return _weight_of_two_cycles(network)
    packing = _Packing(network, cuts, steps)
    order = packing.broken
    goal = sum(network.weights[cut] for cut in cuts)
    best = 0
    for _ in range(rounds):
        weight, short = packing.fill(order, max(_LEAST_LOOK, steps.left // (2 * max(1, len(order)))))
        best = max(best, weight)
        if best == goal or not short or steps.spent:
            break
        left_short = set(short)
        order = short + [edge for edge in order if edge not in left_short]
    return best


def _weight_of_two_cycles(network: Network) -> int:
    """What cycles of two edges weigh, as long as no two of them have a cause in common."""
    number = {edge: number for number, edge in enumerate(network.edges)}
    spent: set[int] = set()
    weight = 0
    for edge, (tail, head) in enumerate(network.edges):
        back = number.get((head, tail), -1)
        if back > edge:
            pairs = [causes for causes in (network.causes[edge], network.causes[back]) if causes]
            if pairs and all(map(spent.isdisjoint, pairs)):
                spent.update(*pairs)
                weight += min(map(network.weight, pairs))
    return weight


class _Packing:
    """Cycles through one broken edge each, and what they leave of the weights of the cuts."""

    def __init__(self, network: Network, cuts: Collection[int], steps: Steps) -> None:
        self.network = network
        self.steps = steps
        is_broken = network.broken(cuts)
        self.broken = [edge for edge, broken in enumerate(is_broken) if broken]
        self.payers = [
            causes if broken or len(causes) == 1 else tuple(cut for cut in causes if cut not in cuts)
            for causes, broken in zip(network.causes, is_broken, strict=True)
        ]
        self.following: list[list[tuple[int, int]]] = [[] for _ in range(network.size)]
        for edge, (tail, head) in enumerate(network.edges):
            if not is_broken[edge]:
                self.following[tail].append((head, edge))
        self.number = {edge: number for number, edge in enumerate(network.edges) if not is_broken[number]}
        # Most edges have one cause: what it has left says at once whether they are open.
        self.payer = [payers[0] if len(payers) == 1 else -1 for payers in self.payers]
        # What is not broken leads forward in some order, so a way back never passes what stands behind its end.
        self.position = positions(order_without(network, cuts) or ())
        self.left: list[int] = []

    def fill(self, order: Sequence[int], look: int) -> tuple[int, list[int]]:
        """The weight of the cycles packed when broken edges are served in this order, and the edges left short.

        A way back that is not found in `look` steps is given up.
        """
        self.left = list(self.network.weights)
        weight = 0
        short = []
        for edge in order:
            while self.capacity(edge) > 0 and not self.steps.spent:
                way_back = self.path(edge, look)
                cycle = [edge, *(way_back or ())]
                share = 0 if way_back is None else self.charge(cycle, min(map(self.capacity, cycle)))
                if not share:
                    short.append(edge)
                    break
                weight += share
        return weight, short

    def capacity(self, edge: int) -> int:
        """What an edge can still be charged."""
        return sum(self.left[cut] for cut in self.payers[edge])

    def is_open(self, edge: int) -> bool:
        """Whether a cycle may pass an edge."""
        return not self.network.causes[edge] or self.capacity(edge) > 0

    def path(self, edge: int, look: int) -> list[int] | None:
        """The breakable edges of a shortest way back over edges that can still be charged; None: none is found."""
        end, start = self.network.edges[edge]
        self.steps.take(2)
        if (back := self.number.get((start, end))) is not None and self.is_open(back):
            return [back] if self.network.causes[back] else []
        last, left, payer, position = self.position[end], self.left, self.payer, self.position
        before = {start: (start, edge)}
        reached = [start]
        for vertex in reached:
            if vertex == end:
                found = []
                while end != start:
                    end, step = before[end]
                    if self.network.causes[step]:
                        found.append(step)
                return found
            looked = 1 + len(self.following[vertex])
            self.steps.take(looked)
            look -= looked
            if look < 0:
                return None
            for head, step in self.following[vertex]:
                if position[head] > last or head in before:
                    continue
                if left[payer[step]] if payer[step] >= 0 else self.is_open(step):
                    before[head] = (vertex, step)
                    reached.append(head)
        return None

    def charge(self, cycle: Sequence[int], share: int) -> int:
        """Charge every edge of a cycle as much; the share, or 0 where edges that share a cut cannot all pay."""
        self.steps.take(sum(2 + 2 * len(self.payers[edge]) for edge in cycle))
        before = [(cut, self.left[cut]) for edge in cycle for cut in self.payers[edge]]
        if all(self.pays(edge, share) for edge in cycle):
            return share
        for cut, left in before:
            self.left[cut] = left
        return 0

    def pays(self, edge: int, due: int) -> bool:
        """Charge an edge to its causes in turn; whether they could pay it all."""
        for cut in self.payers[edge]:
            paid = min(due, self.left[cut])
            self.left[cut] -= paid
            due -= paid
        return not due
