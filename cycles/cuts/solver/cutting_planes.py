"""A cut set with a gap in; the least by one price and among those by another, with proof, out: by cutting planes.

M. Grötschel, M. Jünger, G. Reinelt, "A cutting plane algorithm for the linear ordering problem", Oper. Res.
32(6), 1984, on cycles in place of orders: start with the shortest cycles, solve the programme, add the cycles
that its solution does not break, again. The bound usually meets the best rounding before the last is added;
where it does not, branch and bound decides on the cycles known, and what it leaves out is added too.
"""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

from cycles.cuts.solver.heuristic import found_cut_set, without_superfluous
from cycles.cuts.solver.highs_model import Programme, Relaxation
from cycles.cuts.solver.linear_order import Sifting, backward_cuts, order_without, positions
from cycles.cuts.solver.network import Network
from cycles.cuts.solver.shortest_cycles import shortest_cycles, violated_cycles
from cycles.limits import Steps

_PER_PROGRAMME = 100
_PER_NODE = 1000
_FEW = 10
_MANY = 400
_PASSES = 20
_FINENESS = 1000
_PER_SOLUTION, _PER_COEFFICIENT = 1000, 4
_SIZE_PER_STEP = 16
"""What a solved programme costs in steps: so many, and so many for each coefficient; an iteration takes one for
so many rows and columns, as it passes over a part of both."""
_PER_ROUNDING = 16
"""Steps for each edge to prepare an order and a cut set near a solution."""
_PER_WHOLE = 400
"""How many times a relaxation the first node of branch and bound costs: its cuts and heuristics are not counted."""
_HALF = 0.5
_NONE_OF_IT, _ALL_OF_IT = 1e-6, 1 - 1e-6


@dataclass(frozen=True, slots=True)
class Covered:
    """The best cut set found, the least first price possible, and whether both of its prices are proven least."""

    cuts: frozenset[int]
    least: int
    is_proven: bool
    steps: int


def covered(
    network: Network,
    cuts: frozenset[int],
    first: Mapping[int, int],
    second: Mapping[int, int],
    budget: int,
    steps: Steps,
) -> Covered:
    """Improve a cut set until it is proven, or the budget or the steps are spent.

    The budget counts simplex iterations, and a hundred per programme.

    `network.weights` must rank sets by their `first` prices and then by their `second`.
    """
    search = _Search(network, cuts, budget, steps)
    is_proven = search.minimise(first)
    least = search.bound
    if is_proven and any(len({prices[cut] for cut in network.cuts}) > 1 for prices in (first, second)):
        search.programme.hold(first, least)
        is_proven = search.minimise(second)
    return Covered(cuts=search.best, least=least, is_proven=is_proven, steps=budget - search.budget)


class _StopError(Exception):
    """The budget is spent, or the programme as it stands has no solution."""


class _Search:
    """The programme as it grows, the best cut set as it shrinks, and the budget left."""

    def __init__(self, network: Network, cuts: frozenset[int], budget: int, steps: Steps) -> None:
        self.network = network
        self.best = cuts
        self.budget = budget
        self.steps = steps
        self.prices: Mapping[int, int] = {}
        self.bound = 0
        self.sifting = Sifting(network, network.weights)
        self.programme = Programme(network)
        self.programme.add_cycles(shortest_cycles(network, steps))

    def minimise(self, prices: Mapping[int, int]) -> bool:
        """Lower the price of the best cut set, and raise the bound; whether they met."""
        self.prices = prices
        self.bound = 0
        self.programme.aim(prices)
        with suppress(_StopError):
            relaxation = self.cover()
            with suppress(_StopError):
                self.dive(relaxation)
            self.programme.make(())
            while self.gap > 0:
                self.cover()
                self.branch()
        return self.gap <= 0

    @property
    def gap(self) -> int:
        """How much less than the best cut set the least one may cost."""
        return sum(self.prices[cut] for cut in self.best) - self.bound

    def relax(self) -> Relaxation:
        """Solve the programme, and learn what its bound proves."""
        if self.budget <= 0 or self.steps.spent:
            raise _StopError
        programme = self.programme
        per_iteration = 1 + (programme.size + len(programme.rows)) // _SIZE_PER_STEP
        self.steps.take(_PER_SOLUTION + _PER_COEFFICIENT * programme.coefficients)
        relaxation = programme.relax(max(1, min(self.budget, self.steps.left // per_iteration)))
        self.budget -= relaxation.iterations + _PER_PROGRAMME
        self.steps.take(relaxation.iterations * per_iteration)
        self.bound = max(self.bound, relaxation.bound)
        if not relaxation.is_solved:
            raise _StopError
        return relaxation

    def cover(self) -> Relaxation:
        """Add cycles until a solution in fractions breaks them all, or the gap is closed."""
        relaxation = self.relax()
        while self.gap > 0 and self.add_violated(relaxation.breaking, self.round(relaxation)) and self.gap > 0:
            relaxation = self.relax()
        return relaxation

    def dive(self, relaxation: Relaxation) -> None:
        """Make what is nearly made for good and solve again, until all is whole or no better set can come of it."""
        made: set[int] = set()
        while self.gap > 0:
            parts = {cut: part for cut, part in relaxation.cutting.items() if part > _NONE_OF_IT and cut not in made}
            if not parts:
                break
            nearest = sorted(parts, key=lambda cut: (-parts[cut], cut))
            sure = sum(part > _ALL_OF_IT for part in parts.values())
            made.update(nearest[: sure + 1 + (len(nearest) - sure) // 10])
            self.programme.make(made)
            relaxation = self.cover()
            price = sum(self.prices[cut] * part for cut, part in relaxation.cutting.items())
            if price > self.bound + self.gap - 1 + _NONE_OF_IT:
                break

    def branch(self) -> None:
        """Decide in whole numbers whether the lower half of the gap holds a set that breaks the cycles known."""
        if self.gap <= 0:
            return
        cost = _PER_WHOLE * (_PER_SOLUTION + _PER_COEFFICIENT * self.programme.coefficients)
        if cost > self.steps.left:
            raise _StopError
        self.steps.take(cost)
        target = self.bound + (self.gap - 1) // 2
        whole = self.programme.whole(target, max(1, self.budget // _PER_NODE))
        self.budget -= whole.iterations + _PER_PROGRAMME
        self.steps.take(whole.iterations * (1 + (self.programme.size + len(self.programme.rows)) // _SIZE_PER_STEP))
        if not whole.is_solved:
            raise _StopError
        if whole.cuts is None:
            self.bound = target + 1
        else:
            self.consider(whole.cuts)
            self.add_violated([float(broken) for broken in self.network.broken(whole.cuts)], ())

    def add_violated(self, breaking: Sequence[float], backward: Iterable[int]) -> int:
        """Add cycles that are not broken: through the backward edges, or where these give few, through any."""
        added = self.programme.add_cycles(violated_cycles(self.network, breaking, backward, _MANY, self.steps))
        if added < _FEW:
            edges = range(len(self.network.edges))
            added += self.programme.add_cycles(violated_cycles(self.network, breaking, edges, _MANY, self.steps))
        return added

    def round(self, relaxation: Relaxation) -> tuple[int, ...]:
        """Try cut sets near a solution in fractions; the backward edges of an order that respects it."""
        network = self.network
        self.steps.take(_PER_ROUNDING * len(network.edges))
        self.consider(frozenset(cut for cut, part in relaxation.cutting.items() if part > _HALF))
        weights = list(network.weights)
        for cut, part in relaxation.cutting.items():
            weights[cut] = round(weights[cut] * _FINENESS * (1 - part)) + 1
        near = Sifting(network, weights)
        order = near.first_order()
        near.sift(order, tuple(order), passes=_PASSES, steps=self.steps)
        position = positions(order)
        backward = tuple(edge for edge, (tail, head) in enumerate(network.edges) if position[tail] > position[head])
        self.sifting.sift(order, tuple(order), passes=_PASSES, steps=self.steps)
        self.consider(backward_cuts(network, order))
        return backward

    def consider(self, cuts: frozenset[int]) -> None:
        """Keep cuts, completed to a cut set and pruned, if they weigh less than the best."""
        network = self.network
        if order_without(network, cuts) is None:
            cuts |= found_cut_set(network.after_cutting(cuts), self.steps)
        pruned = without_superfluous(network, cuts, self.steps)
        if network.weight(pruned) < network.weight(self.best):
            self.best = pruned
