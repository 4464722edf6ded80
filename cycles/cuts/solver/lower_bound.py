"""Bound the weight of every cut set from below, by cycles that no cut set can break for less."""

import sys
from collections.abc import Collection, Sequence

from cycles.cuts.digraph import Network, from_smallest, positions
from cycles.cuts.solver.linear_order import order_without
from cycles.limits import SET_UP_STEPS, Steps

_CERTIFICATE_ROUNDS = 6
"""With one round alone the certificates of the corpus have 64 cycles less, of 5,459."""
_LEAST_LOOK = 64
"""Steps for the shortest search for a way back, so that cycles of two and three edges are found in any case."""


def packed_weight(network: Network, cuts: Collection[int], steps: Steps, *, rounds: int) -> int:
    """Return a lower bound on the weight of every cut set: the most that cycles, packed around this one, weigh.

    Each cycle may weigh as much as it can charge to each of its edges, each edge charges its
    causes, and no cut is charged more than its weight: a dual solution of the covering program in
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
    goal = network.weight(cuts)
    best = 0
    for _ in range(rounds):
        weight, short = packing.charge_cycles(order, max(_LEAST_LOOK, steps.left // (2 * max(1, len(order)))))
        best = max(best, weight)
        if best == goal or not short or steps.spent:
            break
        order = _first(short, order)
    return best


def certificate(network: Network, cuts: Collection[int], steps: Steps) -> tuple[tuple[int, ...], ...]:
    """Return simple cycles, from their smallest vertex, sorted; no two have an edge with a cause in common.

    As every cut set must break each of them with a cut of its own, there are at most as many as
    cuts, and that many prove that none can be spared. Greedy: for each cut a shortest cycle that
    no other cut of the set breaks, clear of the cycles found so far; then again, those left
    without one first. Finding the most is NP-hard, so there may be more; and fewer are found where the
    steps end before.
    """
    packing = _Packing(network, cuts, steps)
    order = sorted(cut for cut in cuts if packing.broken_by(cut))
    best: list[tuple[int, ...]] = []
    for _ in range(_CERTIFICATE_ROUNDS):
        found, missed = packing.disjoint_cycles(order)
        if len(found) > len(best):
            best = found
        if not missed or steps.spent:
            break
        order = _first(missed, order)
    return tuple(sorted(best))


def _first(left_out: Sequence[int], order: Sequence[int]) -> list[int]:
    """Return the same order, with those first that the last round left out."""
    others = set(left_out)
    return [*left_out, *(one for one in order if one not in others)]


def _weight_of_two_cycles(network: Network) -> int:
    """Return what cycles of two edges weigh, as long as no two of them have a cause in common."""
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
        self.is_broken = network.broken(cuts)
        self.broken = [edge for edge, broken in enumerate(self.is_broken) if broken]
        # An edge that stays may charge only the cuts that are not made: those made are kept for the edges they break.
        self.payers = [
            causes if broken or len(causes) == 1 else tuple(cut for cut in causes if cut not in cuts)
            for causes, broken in zip(network.causes, self.is_broken, strict=True)
        ]
        self.edges_of: list[list[int]] = [[] for _ in network.weights]
        for edge, causes in enumerate(network.causes):
            for cut in causes:
                self.edges_of[cut].append(edge)
        self.following = network.following(cuts)
        self.number = {edge: number for number, edge in enumerate(network.edges) if not self.is_broken[number]}
        # What is not broken leads forward in some order, so a way back never passes what is behind its end.
        self.position = positions(order_without(network, cuts) or ())
        self.left: list[int] = []
        self.is_open: list[bool] = []

    def broken_by(self, cut: int) -> list[int]:
        """Return the broken edges of which a cut is a cause."""
        return [edge for edge in self.edges_of[cut] if self.is_broken[edge]]

    def charge_cycles(self, order: Sequence[int], look: int) -> tuple[int, list[int]]:
        """Serve broken edges in this order: the weight of the cycles packed, and the edges left short.

        A way back that is not found in `look` steps is given up.
        """
        self.left = list(self.network.weights)
        self.is_open = [True] * len(self.network.edges)
        weight = 0
        short = []
        for edge in order:
            while self.capacity(edge) > 0 and not self.steps.spent:
                way_back = self.way_back(edge, look)
                cycle = [edge, *(step for step in way_back if self.network.causes[step])]
                share = self.charge(cycle, min(map(self.capacity, cycle))) if way_back else 0
                if not share:
                    short.append(edge)
                    break
                weight += share
        return weight, short

    def disjoint_cycles(self, order: Sequence[int]) -> tuple[list[tuple[int, ...]], list[int]]:
        """Serve cuts in this order: cycles that share no cause, and the cuts that got none."""
        self.is_open = [True] * len(self.network.edges)
        used: set[int] = set()
        found = []
        missed = []
        for cut in order:
            if self.steps.spent:
                break
            if cut in used:
                continue
            tries = (
                [edge, *reversed(way_back)]
                for edge in self.broken_by(cut)
                if (way_back := self.disjoint_way_back(edge))
            )
            cycle = next(tries, None)
            if cycle is None:
                missed.append(cut)
                continue
            found.append(from_smallest([self.network.edges[edge][0] for edge in cycle]))
            for own in {own for edge in cycle for own in self.network.causes[edge]} - used:
                used.add(own)
                for edge in self.edges_of[own]:
                    self.is_open[edge] = False
        return found, missed

    def disjoint_way_back(self, edge: int) -> list[int]:
        """Return the edges of a shortest way back, the last first, clear of the causes of the cycles found before."""
        return self.way_back(edge, sys.maxsize) if self.is_open[edge] else []

    def capacity(self, edge: int) -> int:
        """Return what an edge can still be charged."""
        return sum(self.left[cut] for cut in self.payers[edge])

    def way_back(self, edge: int, look: int) -> list[int]:
        """Return the open edges of a shortest path from an edge's head to its tail, last first; [] where none is."""
        end, start = self.network.edges[edge]
        self.steps.take(2)
        if (back := self.number.get((start, end))) is not None and self.is_open[back]:
            return [back]
        last, is_open, position = self.position[end], self.is_open, self.position
        before = {start: (start, edge)}
        reached = [start]
        for vertex in reached:
            if vertex == end:
                path = []
                while end != start:
                    end, step = before[end]
                    path.append(step)
                return path
            looked = 1 + len(self.following[vertex])
            self.steps.take(looked)
            look -= looked
            if look < 0:
                break
            for head, step in self.following[vertex]:
                if is_open[step] and position[head] <= last and head not in before:
                    before[head] = (vertex, step)
                    reached.append(head)
        return []

    def charge(self, cycle: Sequence[int], share: int) -> int:
        """Charge every edge of a cycle as much; return the share, or 0 where edges that share a cut cannot all pay."""
        self.steps.take(sum(2 + 2 * len(self.payers[edge]) for edge in cycle))
        before = [(cut, self.left[cut]) for edge in cycle for cut in self.payers[edge]]
        if not all(self.pays(edge, share) for edge in cycle):
            for cut, left in before:
                self.left[cut] = left
            return 0
        for cut, _ in before:
            if not self.left[cut]:
                for edge in self.edges_of[cut]:
                    self.is_open[edge] = len(self.network.causes[edge]) > 1 and self.capacity(edge) > 0
        return share

    def pays(self, edge: int, due: int) -> bool:
        """Charge an edge to its causes in turn; return whether they could pay it all."""
        for cut in self.payers[edge]:
            paid = min(due, self.left[cut])
            self.left[cut] -= paid
            due -= paid
        return not due
