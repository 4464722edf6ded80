"""A network and a cut set in; cycles that show why no cut set weighs less, out."""

from collections.abc import Collection, Sequence

from cycles.cuts.network import Network


def packed_weight(network: Network, cuts: Collection[int], *, rounds: int) -> int:
    """A lower bound on the weight of every cut set: the most that cycles, packed around this one, weigh.

    Each cycle may weigh as much as it can charge to each of its edges, each edge charges its
    causes, and no cut is charged more than its weight: a dual solution of the covering programme in
    whole numbers (R. Bar-Yehuda, S. Even, "A linear-time approximation algorithm for the weighted
    vertex cover problem", J. Algorithms 2(2), 1981). A cycle breaks the cut set's edges once where
    it can, so the bound often meets the weight of a smallest set. Each round starts with the edges
    that the one before left short.
    """
    packing = _Packing(network, cuts)
    order = packing.broken
    goal = sum(network.weights[cut] for cut in cuts)
    best = 0
    for _ in range(rounds):
        weight, short = packing.fill(order)
        best = max(best, weight)
        if best == goal or not short:
            break
        order = short + [edge for edge in order if edge not in set(short)]
    return best


class _Packing:
    """Cycles through one broken edge each, and what they leave of the weights of the cuts."""

    def __init__(self, network: Network, cuts: Collection[int]) -> None:
        self.network = network
        is_broken = network.broken(cuts)
        self.broken = [edge for edge, broken in enumerate(is_broken) if broken]
        self.payers = [
            causes if broken else tuple(cut for cut in causes if cut not in cuts)
            for causes, broken in zip(network.causes, is_broken, strict=True)
        ]
        self.following: list[list[tuple[int, int]]] = [[] for _ in range(network.size)]
        for edge, (tail, head) in enumerate(network.edges):
            if not is_broken[edge]:
                self.following[tail].append((head, edge))
        self.left: list[int] = []

    def fill(self, order: Sequence[int]) -> tuple[int, list[int]]:
        """The weight of the cycles packed when broken edges are served in this order, and the edges left short."""
        self.left = list(self.network.weights)
        weight = 0
        short = []
        for edge in order:
            while self.capacity(edge) > 0:
                way_back = self.path(edge)
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

    def path(self, edge: int) -> list[int] | None:
        """The breakable edges of a shortest way back over edges that can still be charged; None: there is none."""
        end, start = self.network.edges[edge]
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
            for head, step in self.following[vertex]:
                if head not in before and (not self.network.causes[step] or self.capacity(step)):
                    before[head] = (vertex, step)
                    reached.append(head)
        return None

    def charge(self, cycle: Sequence[int], share: int) -> int:
        """Charge every edge of a cycle as much; the share, or 0 where edges that share a cut cannot all pay."""
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
