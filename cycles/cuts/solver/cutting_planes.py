"""Prove a cut set smallest by linear programming: cutting planes, and branch and cut where these leave a gap.

M. Grötschel, M. Jünger, G. Reinelt, "A cutting plane algorithm for the linear ordering problem", Oper. Res.
32(6), 1984, on cycles in place of orders: start with the shortest cycles, solve the linear program, add the
cycles that its solution does not break, again. The bound usually meets the best rounding before the last is
added: on the corpus it always does with the cuts that `cycles cuts` may make. Where it does not, a cut that is
made in part is either made or spared (M. Padberg, G. Rinaldi, "A branch-and-cut algorithm for the resolution
of large-scale symmetric traveling salesman problems", SIAM Review 33(1), 1991).
"""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import count

from cycles.cuts.digraph import Network, positions
from cycles.cuts.solver.cycle_search import shortest_cycles, violated_cycles
from cycles.cuts.solver.heuristic import found_cut_set, without_superfluous
from cycles.cuts.solver.highs_model import CycleCover, Relaxation
from cycles.cuts.solver.linear_order import OrderSearch, causes_of_backward_edges, order_without
from cycles.limits import Steps

_PER_PROGRAM = 100
"""Iterations of the simplex method that it is worth to set a linear program up."""
_FEW, _MANY = 10, 400
"""Where fewer violated cycles than the first are found through backward edges, all edges are tried; no more than the
second are added at once, for the next solution makes most of the others needless."""
_FINENESS = 1000
"""Weights are whole numbers: each is multiplied by this before it is lessened by the part that a solution makes."""
_PER_SOLUTION, _PER_COEFFICIENT = 1000, 4
_SIZE_PER_STEP = 16
"""What a solution costs in steps: the first, and the second for each coefficient; an iteration takes one for this many
rows and columns, as it passes over a part of both."""
_PER_ROUNDING = 16
"""Steps for each edge to prepare an order and a cut set near a solution."""
_HALF = 0.5
_TOLERANCE = 1e-6
"""How far from a whole number a solution may be and still count as whole; HiGHS itself allows 1e-7."""


@dataclass(frozen=True, slots=True)
class ProvenCutSet:
    """The best cut set found, the least first cost possible, and whether both of its costs are proven least."""

    cuts: frozenset[int]
    least: int
    is_proven: bool
    iterations: int


@dataclass(frozen=True, order=True, slots=True)
class _Node:
    """What is decided so far, and what no cut set costs less than. The least comes first, of several the newest."""

    bound: int
    age: int
    made: tuple[int, ...] = ()
    spared: tuple[int, ...] = ()


def prove_cut_set(
    network: Network,
    cuts: frozenset[int],
    first: Mapping[int, int],
    second: Mapping[int, int],
    budget: int,
    steps: Steps,
) -> ProvenCutSet:
    """Improve a cut set until it is proven, or the budget or the steps are spent.

    The budget counts iterations of the simplex method, and a hundred for each linear program.
    `network.weights` must rank sets by their `first` costs and then by their `second`.
    """
    search = _Search(network, cuts, budget, steps)
    is_proven = search.minimise(first)
    least = search.bound
    if is_proven and any(len({costs[cut] for cut in network.cuts}) > 1 for costs in (first, second)):
        search.model.limit(first, least)
        is_proven = search.minimise(second)
    return ProvenCutSet(cuts=search.best, least=least, is_proven=is_proven, iterations=budget - search.budget)


class _StopError(Exception):
    """The budget or the steps are spent."""


class _Search:
    """The linear program as it grows, the best cut set as it shrinks, the nodes still open, and the budget left."""

    def __init__(self, network: Network, cuts: frozenset[int], budget: int, steps: Steps) -> None:
        self.network = network
        self.best = cuts
        self.budget = budget
        self.steps = steps
        self.costs: Mapping[int, int] = {}
        self.ages = count(0, -1)
        self.node = _Node(bound=0, age=0)
        self.node_bound = 0
        self.waiting: list[_Node] = []
        self.order_search = OrderSearch(network, network.weights)
        self.model = CycleCover(network)
        self.model.add_cycles(shortest_cycles(network, steps))

    def minimise(self, costs: Mapping[int, int]) -> bool:
        """Lower the cost of the best cut set, and raise the bound; return whether they met."""
        self.costs = costs
        self.model.minimise(costs)
        self.waiting = [_Node(bound=0, age=next(self.ages))]
        with suppress(_StopError):
            while self.waiting and self.bound < self.cost:
                self.node = heappop(self.waiting)
                self.node_bound = self.node.bound
                self.model.fix(self.node.made, self.node.spared)
                self.branch(self.cover())
        self.model.fix((), ())
        return self.bound >= self.cost

    @property
    def cost(self) -> int:
        """What the best cut set costs."""
        return sum(self.costs[cut] for cut in self.best)

    @property
    def bound(self) -> int:
        """What no cut set costs less than: that of the node looked at, or of the best of those that wait."""
        return min([self.node_bound, self.cost, *(node.bound for node in self.waiting[:1])])

    def relax(self) -> Relaxation:
        """Solve the linear program, and learn what its bound proves of the node."""
        if self.budget <= 0 or self.steps.spent:
            raise _StopError
        model = self.model
        per_iteration = 1 + (model.size + len(model.rows)) // _SIZE_PER_STEP
        self.steps.take(_PER_SOLUTION + _PER_COEFFICIENT * model.coefficients)
        relaxation = model.relax(max(1, min(self.budget, self.steps.left // per_iteration)))
        self.budget -= relaxation.iterations + _PER_PROGRAM
        self.steps.take(relaxation.iterations * per_iteration)
        if not relaxation.is_solved:
            raise _StopError
        self.node_bound = max(self.node_bound, relaxation.bound)
        return relaxation

    def cover(self) -> Relaxation:
        """Add cycles until a solution in fractions breaks them all, or no better cut set can come of the node."""
        relaxation = self.relax()
        while self.node_bound < self.cost:
            added = self.add_violated(relaxation.breaking, self.round(relaxation))
            if not added or self.node_bound >= self.cost:
                break
            relaxation = self.relax()
        return relaxation

    def branch(self, relaxation: Relaxation) -> None:
        """Divide a node on the cut that is most undecided; of the two, that in which it is made is looked at first."""
        if self.node_bound >= self.cost:
            return
        cut = max(relaxation.making, key=lambda cut: (-abs(relaxation.making[cut] - _HALF), -cut))
        if abs(relaxation.making[cut] - _HALF) > _HALF - _TOLERANCE:
            # A whole solution that breaks all cycles has been kept as the best, and closed the node, but for rounding.
            raise _StopError
        made, spared = self.node.made, self.node.spared
        heappush(self.waiting, _Node(self.node_bound, next(self.ages), made, (*spared, cut)))
        heappush(self.waiting, _Node(self.node_bound, next(self.ages), (*made, cut), spared))

    def add_violated(self, breaking: Sequence[float], backward: Iterable[int]) -> int:
        """Add cycles that are not broken: through the backward edges, or where these give few, through any."""
        added = self.model.add_cycles(violated_cycles(self.network, breaking, backward, _MANY, self.steps))
        if added < _FEW:
            edges = range(len(self.network.edges))
            added += self.model.add_cycles(violated_cycles(self.network, breaking, edges, _MANY, self.steps))
        return added

    def round(self, relaxation: Relaxation) -> tuple[int, ...]:
        """Try cut sets near a solution in fractions; return the backward edges of an order that respects it."""
        network = self.network
        self.steps.take(_PER_ROUNDING * len(network.edges))
        self.consider(frozenset(cut for cut, part in relaxation.making.items() if part > _HALF))
        # What the solution makes is cheap to lead backward, so that an order under these weights follows it.
        weights = list(network.weights)
        for cut, part in relaxation.making.items():
            weights[cut] = round(weights[cut] * _FINENESS * (1 - part)) + 1
        near = OrderSearch(network, weights)
        order = near.first_order()
        near.improve(order, steps=self.steps)
        position = positions(order)
        backward = tuple(edge for edge, (tail, head) in enumerate(network.edges) if position[tail] > position[head])
        self.order_search.improve(order, steps=self.steps)
        self.consider(causes_of_backward_edges(network, order))
        return backward

    def consider(self, cuts: frozenset[int]) -> None:
        """Keep cuts, completed to a cut set and pruned, if they weigh less than the best."""
        network = self.network
        if order_without(network, cuts) is None:
            cuts |= found_cut_set(network.after_cutting(cuts), self.steps)
        pruned = without_superfluous(network, cuts, self.steps)
        if network.weight(pruned) < network.weight(self.best):
            self.best = pruned
