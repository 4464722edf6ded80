"""A component in, its smallest cut set with proof out."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import compress

from cycles.cuts.solver.branch_and_bound import Bounded, bounded, branched
from cycles.cuts.solver.certificate import certificate
from cycles.cuts.solver.heuristic import without_superfluous
from cycles.cuts.solver.network import Network, from_smallest, shortest_path
from cycles.cuts.solver.preprocess import Reduction, reduce
from cycles.limits import CUT_SET_STEPS, Steps
from cycles.strong import strong_places

BUDGET = 50_000
"""Simplex iterations, and a hundred for every programme solved: five times what any component of the corpus takes."""

_SMALL = 60
_NODES = 60
_PER_EDGE = 20
"""Steps to set up a reduction, for each edge and each cause."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Vertices 0 … size - 1, and edges (tail, head), each once, that break when all of their causes are cut.

    `causes` goes with `edges`: for each one the numbers, in `costs`, of one or more cuts. Cuts in
    `fixed` must not be made; cuts in `chosen` must, and no cut is both. `cheapest` asks for least
    cost first and fewest cuts second, not the other way round.
    """

    size: int
    edges: tuple[tuple[int, int], ...]
    causes: tuple[tuple[int, ...], ...]
    costs: tuple[int, ...]
    fixed: frozenset[int] = frozenset()
    chosen: frozenset[int] = frozenset()
    cheapest: bool = False

    @property
    def prices(self) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """What each cut adds to what is minimised first, and to what is minimised second."""
        sizes = (1,) * len(self.costs)
        return (self.costs, sizes) if self.cheapest else (sizes, self.costs)


@dataclass(frozen=True, slots=True)
class CutSet:
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


def smallest_cut_set(problem: Problem, *, budget: int = BUDGET, steps: Steps | None = None) -> CutSet:
    """The fewest cuts that leave no cycle, and among those sets one that costs least; or the other way round.

    Which one of several: the same for the same problem on every machine where no solver was needed,
    with it, for the same release of highspy. When `budget`, counted in steps of the solver and never
    in seconds, is spent, or the steps that all of this may take, the best set found so far.

    >>> triangle = Problem(size=3, edges=((0, 1), (1, 2), (2, 0)), causes=((0,), (1,), (2,)), costs=(5, 1, 5))
    >>> smallest_cut_set(triangle)
    CutSet(cuts=(1,), cost=1, lower_bound=1, proven=True, certificate=((0, 1, 2),))

    Minimum feedback arc set, NP-hard (R. M. Karp, "Reducibility among combinatorial problems", 1972), with
    causes that may be shared. Reduced first; then sifting and packed cycles or a short branch and bound close
    most components, cutting planes the others. Raises Impossible where no cut set exists.
    """
    _check_possible(problem)
    steps = Steps(CUT_SET_STEPS) if steps is None else steps
    network = _as_network(problem)
    reduction = _reduced(network.after_cutting(problem.chosen), steps)
    cuts = problem.chosen.union(reduction.taken)
    first, _ = problem.prices
    lower_bound, proven = sum(first[cut] for cut in cuts), True
    for part in reduction.parts:
        found, least, is_least, iterations = _smallest(part, problem, budget, steps)
        budget -= iterations
        cuts |= found
        lower_bound += least
        proven &= is_least
    if not proven:
        cuts = without_superfluous(network, cuts, steps, keep=problem.chosen)
    apart = certificate(network, cuts, steps)
    return CutSet(
        cuts=tuple(sorted(cuts)),
        cost=sum(problem.costs[cut] for cut in cuts),
        lower_bound=lower_bound if problem.cheapest else max(lower_bound, len(apart)),
        proven=proven,
        certificate=apart,
    )


def bounded_size(network: Network, steps: Steps) -> tuple[int, int]:
    """How many cuts a good cut set of a network has whose cuts all weigh 1, and what none has fewer than.

    The same where the steps allow to prove it. What takes none of them is linear: one order of the
    vertices (two where a reduction has been begun). Raises UnbreakableCycleError where no cut set exists.
    """
    reduction = _reduced(network, steps)
    cuts = frozenset(reduction.taken)
    least = len(cuts)
    # The smallest first: a part that takes all that is left leaves no other without.
    for part in sorted(reduction.parts, key=lambda part: len(part.edges)):
        found = _searched(part, _NODES, steps)
        bound = found.least
        # The programme starts with the shortest cycles: where finding them takes all, it is not worth beginning.
        if found.gap and part.size * len(part.edges) <= steps.left:
            from cycles.cuts.solver.cutting_planes import covered  # noqa: PLC0415 - loads numpy and highspy

            ones, zeros = dict.fromkeys(part.cuts, 1), dict.fromkeys(part.cuts, 0)
            result = covered(part, found.cuts, ones, zeros, BUDGET, steps)
            cuts |= result.cuts
            least += max(bound, result.least)
        else:
            cuts |= found.cuts
            least += bound
    if least < len(cuts):
        cuts = without_superfluous(network, cuts, steps)
    return len(cuts), least


def _as_network(problem: Problem) -> Network:
    """Edges with a fixed cause become unbreakable; cuts weigh so that what comes first counts before all else."""
    first, second = problem.prices
    more = 1 + sum(second)
    return Network(
        size=problem.size,
        edges=problem.edges,
        causes=tuple(() if problem.fixed.intersection(causes) else causes for causes in problem.causes),
        weights=tuple(more * price + beside for price, beside in zip(first, second, strict=True)),
    )


def _check_possible(problem: Problem) -> None:
    """Raise Impossible with a shortest cycle of unbreakable edges through the first vertex on one."""
    following: list[list[int]] = [[] for _ in range(problem.size)]
    for (tail, head), causes in zip(problem.edges, problem.causes, strict=True):
        if problem.fixed.intersection(causes):
            following[tail].append(head)
    place = strong_places(following)
    for tail, heads in enumerate(following):
        for head in heads:
            if place[tail] == place[head]:
                raise Impossible(from_smallest(shortest_path(following, head, tail) if head != tail else (tail,)))


def _smallest(part: Network, problem: Problem, budget: int, steps: Steps) -> tuple[frozenset[int], int, bool, int]:
    """The cuts of one part, the least that any can come to, whether they are least, and the budget spent."""
    first, second = problem.prices
    found = _searched(part, min(budget, _NODES), steps)
    if not found.gap:
        return found.cuts, sum(first[cut] for cut in found.cuts), True, 0
    least = _least(found, second)
    if budget <= 0 or part.size * len(part.edges) > steps.left:
        return found.cuts, least, False, 0
    from cycles.cuts.solver.cutting_planes import covered  # noqa: PLC0415 - loads numpy and highspy, which most do without

    result = covered(part, found.cuts, dict(enumerate(first)), dict(enumerate(second)), budget, steps)
    return result.cuts, max(least, result.least), result.is_proven, result.iterations


def _searched(part: Network, nodes: int, steps: Steps) -> Bounded:
    """A cut set and a bound of a part, without a solver."""
    found = bounded(part, steps)
    if found.gap and len(part.edges) <= _SMALL:
        found = branched(found, nodes, steps)
    return found


def _reduced(network: Network, steps: Steps) -> Reduction:
    """The network reduced; where not even the first look at it is affordable, only without the edges on no cycle."""
    if _PER_EDGE * (len(network.edges) + sum(map(len, network.causes))) <= steps.left:
        return reduce(network, steps)
    place = strong_places([[head for head, _ in heads] for heads in network.following()])
    inner = [place[tail] == place[head] for tail, head in network.edges]
    if all(inner):
        return Reduction(parts=(network,), taken=())
    cyclic = replace(
        network, edges=tuple(compress(network.edges, inner)), causes=tuple(compress(network.causes, inner))
    )
    return Reduction(parts=(cyclic,) if cyclic.edges else (), taken=())


def _least(found: Bounded, second: Sequence[int]) -> int:
    """The least that comes first and can weigh as much as the bound, with all that comes second on top."""
    beside = sum(second)
    return -((beside - found.least) // (1 + beside))
