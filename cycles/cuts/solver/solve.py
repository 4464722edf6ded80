"""Solve a component: its smallest cut set, with proof."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import compress

from cycles.cuts.digraph import Edge, Network, adjacency, from_smallest
from cycles.cuts.solver.branch_and_bound import BoundedCutSet, branch_and_bound, heuristic_with_bound
from cycles.cuts.solver.heuristic import without_superfluous
from cycles.cuts.solver.lower_bound import certificate
from cycles.cuts.solver.preprocess import Reduction, reduce
from cycles.graph.components import scc_ids, shortest_path
from cycles.limits import CUT_SET_STEPS, SIMPLEX_ITERATIONS, Steps

_SMALL, _NODES = 60, 60
"""Branch and bound is tried on parts of up to the first many edges, for up to the second many nodes: more of
either, and linear programming proves faster even with the time to load it."""
_PER_EDGE = 20
"""Steps to set up a reduction, for each edge and each cause."""

_Costs = Sequence[int]
"""What each cut adds to what is minimised."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Vertices 0 … size - 1, and edges (tail, head), each once, that break when all of their causes are cut.

    `causes` goes with `edges`: for each one the numbers, in `costs`, of one or more cuts. Cuts in
    `fixed` must not be made; cuts in `chosen` must, and no cut is both. `cheapest` asks for least
    cost first and fewest cuts second, not the other way round.
    """

    size: int
    edges: tuple[Edge, ...]
    causes: tuple[tuple[int, ...], ...]
    costs: tuple[int, ...]
    fixed: frozenset[int] = frozenset()
    chosen: frozenset[int] = frozenset()
    cheapest: bool = False

    @property
    def objectives(self) -> tuple[_Costs, _Costs]:
        """What each cut adds to what is minimised first, and to what is minimised second."""
        sizes = (1,) * len(self.costs)
        return (self.costs, sizes) if self.cheapest else (sizes, self.costs)


@dataclass(frozen=True, slots=True)
class Solution:
    """Cuts that leave no cycle, sorted, and what they cost together.

    No cut set has fewer cuts than `lower_bound`. `proven`: this one has as few, and none as small
    costs less. Where the cheapest was asked for, the bound is one of cost: this one costs that, and
    none of its cost is smaller. `certificate` holds cycles, each from its smallest vertex, sorted, no two of which
    one cut can help to break: a bound that can be checked by eye, often the same.
    """

    cuts: tuple[int, ...]
    cost: int
    lower_bound: int
    proven: bool
    certificate: tuple[tuple[int, ...], ...]


class Impossible(Exception):  # noqa: N818 - what it says to the user is no error of the program
    """No cut that may be made breaks `cycle`."""

    def __init__(self, cycle: tuple[int, ...]) -> None:
        """`cycle` starts at its smallest vertex."""
        super().__init__(f"no cut that may be made breaks the cycle {' -> '.join(map(str, (*cycle, cycle[0])))}")
        self.cycle = cycle


def smallest_cut_set(problem: Problem, *, budget: int = SIMPLEX_ITERATIONS, steps: Steps | None = None) -> Solution:
    """Return the fewest cuts that leave no cycle, and among those sets one that costs least; or the other way round.

    Which one of several: the same for the same problem on every machine where no solver was needed,
    with it, for the same release of highspy. When `budget`, counted in iterations of the simplex method and
    never in seconds, is spent, or the steps that all of this may take, the best set found so far.

    >>> triangle = Problem(size=3, edges=((0, 1), (1, 2), (2, 0)), causes=((0,), (1,), (2,)), costs=(5, 1, 5))
    >>> smallest_cut_set(triangle)
    Solution(cuts=(1,), cost=1, lower_bound=1, proven=True, certificate=((0, 1, 2),))

    Minimum feedback arc set, NP-hard (R. M. Karp, "Reducibility among combinatorial problems", 1972), with
    causes that may be shared. Reduced first; then a local search and packed cycles or a short branch and bound
    close most components, linear programming the others. A whole integer program in HiGHS would be 45 lines and
    as fast on most of the corpus, but on sympy's runtime graph it had not ended after ten minutes.
    Raises Impossible where no cut set exists.
    """
    _check_possible(problem)
    steps = Steps(CUT_SET_STEPS) if steps is None else steps
    network = _as_network(problem)
    first, second = problem.objectives
    cuts, lower_bound, proven = _minimised(network, problem.chosen, first, second, budget, steps)
    if not proven:
        cuts = without_superfluous(network, cuts, steps, keep=problem.chosen)
    apart = certificate(network, cuts, steps)
    return Solution(
        cuts=tuple(sorted(cuts)),
        cost=sum(problem.costs[cut] for cut in cuts),
        lower_bound=lower_bound if problem.cheapest else max(lower_bound, len(apart)),
        proven=proven,
        certificate=apart,
    )


def cut_count_bounds(network: Network, steps: Steps) -> tuple[int, int]:
    """Return how many cuts a good cut set of a network has whose cuts all weigh 1, and what none has fewer than.

    The same where the steps allow to prove it. What takes none of them is linear: one order of the
    vertices (two where a reduction has been begun). Raises UnbreakableCycleError where no cut set exists.
    """
    ones, zeros = (1,) * len(network.weights), (0,) * len(network.weights)
    cuts, least, proven = _minimised(network, frozenset(), ones, zeros, SIMPLEX_ITERATIONS, steps)
    if not proven:
        cuts = without_superfluous(network, cuts, steps)
    return len(cuts), least


def _as_network(problem: Problem) -> Network:
    """Make edges with a fixed cause unbreakable, and let cuts weigh so that what comes first counts before all else."""
    first, second = problem.objectives
    more = 1 + sum(second)
    return Network(
        size=problem.size,
        edges=problem.edges,
        causes=tuple(() if problem.fixed.intersection(causes) else causes for causes in problem.causes),
        weights=tuple(more * one + other for one, other in zip(first, second, strict=True)),
    )


def _check_possible(problem: Problem) -> None:
    """Raise Impossible with a shortest cycle of unbreakable edges through the first vertex on one."""
    following = adjacency(problem.size, compress(problem.edges, map(problem.fixed.intersection, problem.causes)))
    place = scc_ids(following)
    for tail, heads in enumerate(following):
        for head in heads:
            if place[tail] == place[head]:
                raise Impossible(from_smallest(shortest_path(following.__getitem__, head, tail)))


def _minimised(
    network: Network, chosen: frozenset[int], first: _Costs, second: _Costs, budget: int, steps: Steps
) -> tuple[frozenset[int], int, bool]:
    """Return a cut set that holds the chosen cuts, the least that any costs first, and whether this one is least."""
    reduction = _reduced(network.after_cutting(chosen) if chosen else network, steps)
    cuts = chosen.union(reduction.taken)
    least, proven = sum(first[cut] for cut in cuts), True
    # The smallest first: a part that takes all that is left leaves no other without.
    for part in sorted(reduction.parts, key=lambda part: len(part.edges)):
        found = _without_solver(part, min(budget, _NODES), steps)
        part_least = _first_least(found, second)
        # The linear program starts with the shortest cycles: where finding them takes all, it is not worth beginning.
        if found.gap and budget > 0 and part.size * len(part.edges) <= steps.left:
            from cycles.cuts.solver.cutting_planes import prove_cut_set  # noqa: PLC0415 - loads numpy and highspy

            result = prove_cut_set(part, found.cuts, dict(enumerate(first)), dict(enumerate(second)), budget, steps)
            budget -= result.iterations
            cuts |= result.cuts
            least += max(part_least, result.least)
            proven &= result.is_proven
        else:
            cuts |= found.cuts
            least += part_least
            proven &= not found.gap
    return cuts, least, proven


def _first_least(found: BoundedCutSet, second: _Costs) -> int:
    """Return the least that comes first and can weigh as much as the bound, with all that comes second on top."""
    most = sum(second)
    return -((most - found.least) // (1 + most))


def _without_solver(part: Network, nodes: int, steps: Steps) -> BoundedCutSet:
    found = heuristic_with_bound(part, steps)
    if found.gap and len(part.edges) <= _SMALL:
        found = branch_and_bound(found, nodes, steps)
    return found


def _reduced(network: Network, steps: Steps) -> Reduction:
    """Reduce a network; where not even the first look at it is affordable, only drop the edges on no cycle."""
    if _PER_EDGE * (len(network.edges) + sum(map(len, network.causes))) <= steps.left:
        return reduce(network, steps)
    place = scc_ids(adjacency(network.size, network.edges))
    inner = [place[tail] == place[head] for tail, head in network.edges]
    cyclic = replace(
        network, edges=tuple(compress(network.edges, inner)), causes=tuple(compress(network.causes, inner))
    )
    return Reduction(parts=(cyclic,) if cyclic.edges else (), taken=())
