"""A piece of a kernel in; the exact number of its cycles, in all and through each edge, out.

Vertices are decided one after the other: first the edge by which a cycle enters, then the edge by
which it leaves. Between two decisions only the frontier matters, the undecided vertices next to
decided ones: which pairs of them are the ends of an open path, and which have both their edges
already. Partial cycles that agree in this are one state, so that the cost is in the number of
states, not of cycles (S. Sekine, H. Imai, S. Tani, "Computing the Tutte polynomial of a graph of
moderate size", ISAAC 1995; D. E. Knuth, "The Art of Computer Programming" 4A, 7.1.4, "simpath").

A state is one integer, a few bits for each place of the frontier: three flags, and at the two ends
of an open path each other's place. Its outline is what is left without the latter and without
`DONE`: outlines are few, and a state whose outline no choices could complete need not be followed.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from cycles.cuts.counting.contraction import Piece
from cycles.cuts.counting.decisions import DONE, END, FLAGS, START, Decision, everywhere, narrow_orders
from cycles.cuts.counting.feasible_profiles import planned
from cycles.limits import LOOK_STEPS, Steps

_OUTLINE_SHARE = 5
"""Each set of outlines may take one part in so many of the budget; a piece that needs more has too many states."""


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
    """The cycles of a piece, each as often as its weights say; None if it takes more than `budget` steps.

    A step is one state (or outline) met with one choice. Their number depends on the piece alone,
    grows exponentially with the width of the frontier, and decides time and memory. `looks` are what
    the search for a narrow frontier may take.
    """
    share = budget // _OUTLINE_SHARE
    found = [planned(piece, order, share) for order in narrow_orders(piece, looks or Steps(LOOK_STEPS))]
    plans = [plan for plan in found if plan is not None]
    if not plans:
        return None
    plan = min(plans, key=lambda plan: sum(map(len, plan.outlines)))
    steps = sum(plan.steps if plan else share for plan in found)
    states = {0: 0}
    sizes = [1]
    layers: list[list[_Moves]] = []
    for decision, outlines in zip(plan.decisions, plan.outlines, strict=True):
        idle, movable = _apart(decision, states, outlines)
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
    decision: Decision, states: Mapping[int, int], outlines: Collection[int]
) -> tuple[list[tuple[int, int]], list[tuple[int, int, int]]]:
    """The states that may stay as they are, and those that may take an edge, without the path that it lengthens.

    Each with its number; the latter also with the far end of that path.
    """
    place, joined, awaits = decision.place, decision.joined[decision.place], decision.awaits
    shift, mask = place * decision.bits, (1 << decision.bits) - 1
    outline = everywhere(decision, START | END)
    idle: list[tuple[int, int]] = []
    movable: list[tuple[int, int, int]] = []
    for state, number in states.items():
        if state & outline not in outlines:
            continue
        there = state >> shift & mask
        if there & awaits:
            far = there >> FLAGS
            movable.append((number, state ^ joined[far], far))
            continue
        idle.append((number, state))
        if not there and decision.entering:
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


def _move(
    decision: Decision, option: tuple[int, int], movable: Iterable[tuple[int, int, int]], found: dict[int, int]
) -> _Moves:
    """Lengthen open paths, each given without its near end, by the option's edge."""
    place, edge = option
    meets, joined, to_place = decision.meets, decision.joined, decision.joined[place]
    keep, hopeless = ~decision.needless, decision.hopeless
    shift, mask = place * decision.bits, (1 << decision.bits) - 1
    done, any_path = DONE << shift, everywhere(decision, START)
    sources: list[int] = []
    targets: list[int] = []
    closing: list[int] = []
    for number, state, far in movable:
        if far == place:
            if not state & any_path:
                closing.append(number)
            continue
        there = state >> shift & mask
        if not there:
            after = (state | to_place[far]) & keep
        elif there & meets:
            near = joined[there >> FLAGS]
            after = (state ^ near[place] | near[far] | done) & keep
        else:
            continue
        if not after & hopeless:
            sources.append(number)
            targets.append(found.setdefault(after, len(found)))
    return _Moves(edge, sources, targets, closing)


def _completions(weights: Sequence[int], layers: Sequence[Sequence[_Moves]], sizes: Sequence[int]) -> list[list[int]]:
    """For each layer and state: in how many ways it becomes one cycle."""
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
    """For each edge: the ways to the states before it, times the ways on from the states after it."""
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
