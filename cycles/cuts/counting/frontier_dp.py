"""Count the cycles of a piece exactly, in all and through each edge, by dynamic programming over its frontier.

Partial cycles that agree in what they are at the frontier are one state, so that the cost is in the number of
states, not of cycles (S. Sekine, H. Imai, S. Tani, "Computing the Tutte polynomial of a graph of moderate size",
ISAAC 1995; D. E. Knuth, "The Art of Computer Programming" 4A, 7.1.4, "simpath"). How a state is encoded, and which
are worth following, `frontier_states` says.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from cycles.cuts.counting.contraction import Piece
from cycles.cuts.counting.frontier_states import DONE, END, FLAGS, START, Decision, planned
from cycles.cuts.digraph import bit_positions
from cycles.limits import LOOK_STEPS, WIDEST_FRONTIER, Steps

_PROFILE_SHARE = 5
"""The profiles of each order may take a fifth of the budget; a piece that needs more has too many states."""


_Movable = tuple[int, int, int]
"""A state that may take an edge: its number, the state without the path that the edge lengthens, and the place of that
path's far end."""


@dataclass(frozen=True, slots=True)
class PieceCounts:
    """Cycles in all and through each edge (of a piece, in its order), and the steps that it took."""

    total: int
    through: tuple[int, ...]
    steps: int


@dataclass(frozen=True, slots=True)
class _Moves:
    """All moves by one edge (None: by no edge) from numbered states to numbered states of the next layer.

    A move from a state in `closing` completes a cycle.
    """

    edge: int | None
    sources: list[int]
    targets: list[int]
    closing: list[int]


def count_by_frontier(piece: Piece, *, budget: int, looks: Steps | None = None) -> PieceCounts | None:
    """Count the cycles of a piece, each as often as its weights say; None if it takes more than `budget` steps.

    A step is one state (or profile) met with one choice. Their number depends on the piece alone,
    grows exponentially with the width of the frontier, and decides time and memory. `looks` are what
    the search for a narrow frontier may take.
    """
    share = budget // _PROFILE_SHARE
    found = [planned(piece, order, share) for order in narrow_orders(piece, looks or Steps(LOOK_STEPS))]
    plans = [plan for plan in found if plan is not None]
    if not plans:
        return None
    plan = min(plans, key=lambda plan: sum(map(len, plan.profiles)))
    steps = sum(plan.steps if plan else share for plan in found)
    states = {0: 0}
    sizes = [1]
    layers: list[list[_Moves]] = []
    for decision, profiles in zip(plan.decisions, plan.profiles, strict=True):
        idle, movable = _apart(decision, states, profiles)
        steps += len(idle) + len(movable) * len(decision.options)
        if steps > budget:
            return None
        states = {}
        layers.append([_stay(decision, idle, states)])
        layers[-1] += [_move(decision, option, movable, states) for option in decision.options]
        sizes.append(len(states))
    ahead = _completions(piece.weights, layers, sizes)
    return PieceCounts(total=ahead[0][0], through=_through(piece.weights, layers, ahead), steps=steps)


def _apart(
    decision: Decision, states: Mapping[int, int], profiles: Collection[int]
) -> tuple[list[tuple[int, int]], list[_Movable]]:
    """Return the states that may stay as they are, as (number, state), and those that may take an edge."""
    place, joined, awaits = decision.place, decision.joined[decision.place], decision.awaits
    shift, mask = place * decision.bits, (1 << decision.bits) - 1
    profile = decision.everywhere(START | END)
    idle: list[tuple[int, int]] = []
    movable: list[_Movable] = []
    for state, number in states.items():
        if state & profile not in profiles:
            continue
        there = state >> shift & mask
        if there & awaits:
            # The end of a path is here and cannot stay open: it must be lengthened. The bits of a path are taken
            # out with the same number that put them in.
            far = there >> FLAGS
            movable.append((number, state ^ joined[far], far))
            continue
        idle.append((number, state))
        if not there and decision.entering:
            # A path may begin here: one without edges, whose two ends are this vertex.
            movable.append((number, state, place))
    return idle, movable


def _stay(decision: Decision, idle: Iterable[tuple[int, int]], found: dict[int, int]) -> _Moves:
    keep, hopeless = ~decision.needless, decision.hopeless
    stay = _Moves(None, [], [], [])
    for number, state in idle:
        after = state & keep
        if not after & hopeless:
            stay.sources.append(number)
            stay.targets.append(found.setdefault(after, len(found)))
    return stay


def _move(decision: Decision, option: tuple[int, int], movable: Iterable[_Movable], found: dict[int, int]) -> _Moves:
    """Lengthen open paths by the edge of an option; the states that come of it are added to `found`."""
    place, edge = option
    meets, joined, to_place = decision.meets, decision.joined, decision.joined[place]
    keep, hopeless = ~decision.needless, decision.hopeless
    shift, mask = place * decision.bits, (1 << decision.bits) - 1
    done, any_path = DONE << shift, decision.everywhere(START)
    sources: list[int] = []
    targets: list[int] = []
    closing: list[int] = []
    for number, state, far in movable:
        if far == place:
            # The edge joins the two ends of one path. That is a cycle, and must be the only path there is.
            if not state & any_path:
                closing.append(number)
            continue
        there = state >> shift & mask
        if not there:
            # No path has come to that vertex: it becomes the near end.
            after = (state | to_place[far]) & keep
        elif there & meets:
            # Another path ends there: out goes that one, in comes the two as one, and the vertex is done.
            near = joined[there >> FLAGS]
            after = (state ^ near[place] | near[far] | done) & keep
        else:
            continue
        if not after & hopeless:
            sources.append(number)
            targets.append(found.setdefault(after, len(found)))
    return _Moves(edge, sources, targets, closing)


def _completions(weights: Sequence[int], layers: Sequence[Sequence[_Moves]], sizes: Sequence[int]) -> list[list[int]]:
    """Return for each layer and state in how many ways it becomes one cycle."""
    ahead = [[0] * size for size in sizes]
    for layer in range(len(layers) - 1, -1, -1):
        here, after = ahead[layer], ahead[layer + 1]
        for moves in layers[layer]:
            weight = 1 if moves.edge is None else weights[moves.edge]
            for source, target in zip(moves.sources, moves.targets, strict=True):
                here[source] += weight * after[target]
            for source in moves.closing:
                here[source] += weight
    return ahead


def _through(
    weights: Sequence[int], layers: Sequence[Sequence[_Moves]], ahead: Sequence[Sequence[int]]
) -> tuple[int, ...]:
    """Return for each edge the ways to the states before it, times the ways on from the states after it."""
    through = [0] * len(weights)
    ways = [1]
    for layer, after in zip(layers, ahead[1:], strict=True):
        further = [0] * len(after)
        for moves in layer:
            weight = 1 if moves.edge is None else weights[moves.edge]
            count = sum(ways[source] for source in moves.closing)
            for source, target in zip(moves.sources, moves.targets, strict=True):
                if after[target]:
                    further[target] += weight * ways[source]
                    count += ways[source] * after[target]
            if moves.edge is not None:
                through[moves.edge] += weight * count
        ways = further
    return tuple(through)


_WORD = 11
"""Sets of vertices are numbers, and a step looks at 2 ** 11 of their bits."""
_FIRST_VERTICES = 32
"""First vertices tried for an order of each sort, those with fewest neighbours: a piece may have thousands, and each
trial passes over it once."""


def narrow_orders(piece: Piece, steps: Steps) -> tuple[tuple[int, ...], ...]:
    """Return orders of the vertices with a narrow frontier, the best of each of two sorts; none if all are too wide.

    The least width possible is the path-width (N. G. Kinnersley, "The vertex separation number of a graph equals
    its path-width", Inf. Process. Lett. 42(6), 1992), NP-hard to find. Greedily the next vertex is the one that
    adds least to the frontier; of several the one with most decided neighbours, or with fewest. Best has the
    least sum of 3 ** width, a guess at the states: a vertex of the frontier starts a path, ends one, or neither.
    With one sort alone, a component of the corpus loses its exact count.
    """
    neighbours = [0] * piece.size
    for tail, head in piece.edges:
        neighbours[tail] |= 1 << head
        neighbours[head] |= 1 << tail
    starts = sorted(range(piece.size), key=lambda vertex: neighbours[vertex].bit_count())[:_FIRST_VERTICES]

    def cost(order: Iterable[int]) -> int:
        decided = frontier = total = 0
        for vertex in order:
            decided |= 1 << vertex
            frontier = (frontier | neighbours[vertex]) & ~decided
            total += 3 ** frontier.bit_count()
        return total

    found: list[tuple[int, ...]] = []
    for sign in (-1, 1):
        orders = [order for start in starts if (order := _greedy_order(neighbours, start, sign, steps))]
        found += [min(orders, key=cost)] if orders else []
    return tuple(dict.fromkeys(found))


def _greedy_order(neighbours: Sequence[int], start: int, sign: int, steps: Steps) -> tuple[int, ...]:
    """Return an order that begins with a vertex; () where it becomes too wide, or the steps are spent."""
    order = [start]
    decided = 1 << start
    frontier = neighbours[start]
    while frontier:
        width = frontier.bit_count()
        steps.take(width * (1 + (len(neighbours) >> _WORD)))
        if width > WIDEST_FRONTIER or steps.spent:
            return ()
        rest = ~(decided | frontier)
        best = min(
            bit_positions(frontier),
            key=lambda v: ((neighbours[v] & rest).bit_count(), sign * (neighbours[v] & decided).bit_count()),
        )
        order.append(best)
        decided |= 1 << best
        frontier = (frontier | neighbours[best]) & ~decided
    return tuple(order)
