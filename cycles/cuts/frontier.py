"""A piece of a kernel in; the exact number of its cycles, in all and through each edge, out.

Vertices are decided one after the other: first the edge by which a cycle enters, then the edge by
which it leaves. Between two decisions only the frontier matters, the undecided vertices next to
decided ones: which pairs of them are the ends of an open path, and which have both their edges
already. Partial cycles that agree in this are one state, so that the cost is in the number of
states, not of cycles (S. Sekine, H. Imai, S. Tani, "Computing the Tutte polynomial of a graph of
moderate size", ISAAC 1995; D. E. Knuth, "The Art of Computer Programming" 4A, 7.1.4, "simpath").

A state is one integer, a few bits for each place of the frontier: three flags, and at the two ends
of an open path each other's place. Its outline is what is left without the latter and without
`_DONE`: outlines are few, and a state whose outline no choices could complete need not be followed.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from cycles.cuts.kernel import Piece

_START, _END, _DONE = 1, 2, 4
"""An open path starts here and is still to be entered; ends here and is to be left; a cycle has come by."""
_FLAGS = 3
_STARTS = 32
"""So many first vertices are tried for an order of each sort."""
_OUTLINE_SHARE = 5
"""Each set of outlines may take one part in so many of the budget; a piece that needs more has too many states."""


@dataclass(frozen=True, slots=True)
class PieceCounts:
    """Cycles in all and through each edge (of a piece, in its order), and the steps that it took."""

    total: int
    through: tuple[int, ...]
    steps: int


@dataclass(frozen=True, slots=True)
class _Decision:
    """Choose the edge by which the vertex at `place` is entered (or left): one of `options` (place, edge), or none.

    A state holds `bits` bits for each place. `awaits` flags an end that wants this decision, `meets`
    the ends that it may join; `joined[near][far]` is an open path between two places. States are
    without hope if any of the bits `hopeless` is set; the bits `needless` make no difference.
    """

    entering: bool
    place: int
    options: tuple[tuple[int, int], ...]
    bits: int
    awaits: int
    meets: int
    joined: tuple[tuple[int, ...], ...]
    hopeless: int
    needless: int


@dataclass(frozen=True, slots=True)
class _Moves:
    """All moves by one edge (None: by no edge) from numbered states to numbered states of the next layer.

    A move from a state in `closing` completes a cycle.
    """

    edge: int | None
    sources: list[int]
    targets: list[int]
    closing: list[int]


@dataclass(frozen=True, slots=True)
class _Plan:
    """Decisions, before each of them the outlines that choices could still complete, and the steps to find them."""

    decisions: tuple[_Decision, ...]
    outlines: tuple[frozenset[int], ...]
    steps: int


def count_by_frontier(piece: Piece, *, budget: int) -> PieceCounts | None:
    """The cycles of a piece, each as often as its weights say; None if it takes more than `budget` steps.

    A step is one state (or outline) met with one choice. Their number depends on the piece alone,
    grows exponentially with the width of the frontier, and decides time and memory.
    """
    share = budget // _OUTLINE_SHARE
    found = [_plan(piece, order, share) for order in _narrow_orders(piece)]
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
    decision: _Decision, states: Mapping[int, int], outlines: Collection[int]
) -> tuple[list[tuple[int, int]], list[tuple[int, int, int]]]:
    """The states that may stay as they are, and those that may take an edge, without the path that it lengthens.

    Each with its number; the latter also with the far end of that path.
    """
    place, joined, awaits = decision.place, decision.joined[decision.place], decision.awaits
    shift, mask = place * decision.bits, (1 << decision.bits) - 1
    outline = _everywhere(decision, _START | _END)
    idle: list[tuple[int, int]] = []
    movable: list[tuple[int, int, int]] = []
    for state, number in states.items():
        if state & outline not in outlines:
            continue
        there = state >> shift & mask
        if there & awaits:
            far = there >> _FLAGS
            movable.append((number, state ^ joined[far], far))
            continue
        idle.append((number, state))
        if not there and decision.entering:
            movable.append((number, state, place))
    return idle, movable


def _stay(decision: _Decision, idle: Iterable[tuple[int, int]], found: dict[int, int]) -> _Moves:
    keep, hopeless = ~decision.needless, decision.hopeless
    stay = _Moves(None, [], [], [])
    for number, state in idle:
        after = state & keep
        if not after & hopeless:
            stay.sources.append(number)
            stay.targets.append(found.setdefault(after, len(found)))
    return stay


def _move(
    decision: _Decision, option: tuple[int, int], movable: Iterable[tuple[int, int, int]], found: dict[int, int]
) -> _Moves:
    """Lengthen open paths, each given without its near end, by the option's edge."""
    place, edge = option
    meets, joined, to_place = decision.meets, decision.joined, decision.joined[place]
    keep, hopeless = ~decision.needless, decision.hopeless
    shift, mask = place * decision.bits, (1 << decision.bits) - 1
    done, any_path = _DONE << shift, _everywhere(decision, _START)
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
            near = joined[there >> _FLAGS]
            after = (state ^ near[place] | near[far] | done) & keep
        else:
            continue
        if not after & hopeless:
            sources.append(number)
            targets.append(found.setdefault(after, len(found)))
    return _Moves(edge, sources, targets, closing)


def _everywhere(decision: _Decision, flags: int) -> int:
    return sum(flags << place * decision.bits for place in range(len(decision.joined)))


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


def _plan(piece: Piece, order: Sequence[int], budget: int) -> _Plan | None:
    """The decisions in that order of the vertices, and their outlines; None if these take more than `budget` steps."""
    decisions = tuple(_decisions(piece, order))
    steps = 0
    outlines = {0: 0}
    layers: list[tuple[tuple[int, ...], list[tuple[int, int]]]] = []
    for decision in decisions:
        idle, movable = _outlines_apart(decision, outlines)
        steps += len(idle) + len(movable) * len(decision.options)
        if steps > budget:
            return None
        before = tuple(outlines)
        outlines = {}
        layers.append((before, _outline_moves(decision, idle, movable, outlines)))
    promising = {0}
    kept: list[frozenset[int]] = []
    for before, moves in reversed(layers):
        promising = {source for source, target in moves if target in promising}
        kept.append(frozenset(before[number] for number in promising))
    return _Plan(decisions=decisions, outlines=tuple(reversed(kept)), steps=steps)


def _outlines_apart(
    decision: _Decision, outlines: Mapping[int, int]
) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """As for states: outlines that may stay, and outlines that may take an edge, already changed at the vertex."""
    awaits, meets = (flag << decision.place * decision.bits for flag in (decision.awaits, decision.meets))
    idle = [(number, outline) for outline, number in outlines.items() if not outline & awaits]
    movable = [(number, outline ^ awaits) for outline, number in outlines.items() if outline & awaits]
    if decision.entering:
        movable += [(number, outline | meets) for number, outline in idle if not outline & meets]
    return idle, movable


def _outline_moves(
    decision: _Decision,
    idle: Iterable[tuple[int, int]],
    movable: Sequence[tuple[int, int]],
    found: dict[int, int],
) -> list[tuple[int, int]]:
    hopeless = decision.hopeless
    moves = [(number, found.setdefault(same, len(found))) for number, same in idle if not same & hopeless]
    for place, _ in decision.options:
        awaits, meets = (flag << place * decision.bits for flag in (decision.awaits, decision.meets))
        for number, outline in movable:
            if outline & awaits:
                continue
            after = outline ^ meets if outline & meets else outline | awaits
            if not after & hopeless:
                moves.append((number, found.setdefault(after, len(found))))
    return moves


def _decisions(piece: Piece, order: Sequence[int]) -> Iterator[_Decision]:
    """Two decisions for each vertex in that order: by which undecided vertex it is entered, by which left."""
    rank = {vertex: index for index, vertex in enumerate(order)}
    options: list[list[tuple[int, int]]] = [[] for _ in range(2 * piece.size)]
    last_entered, last_left = [-1] * piece.size, [-1] * piece.size
    for edge, (tail, head) in enumerate((rank[tail], rank[head]) for tail, head in piece.edges):
        when = min(2 * tail + 1, 2 * head)
        options[when].append((max(tail, head), edge))
        last_left[tail] = max(last_left[tail], when)
        last_entered[head] = max(last_entered[head], when)
    beside = [{other for other, _ in options[2 * v] + options[2 * v + 1]} | {v} for v in range(piece.size)]
    places = _places(beside)
    width = max(places) + 1
    bits = _FLAGS + (width - 1).bit_length()
    forwards = _joined(width, bits)
    backwards = tuple(zip(*forwards, strict=True))
    frontier: set[int] = set()
    for when, choices in enumerate(options):
        vertex, leaving = divmod(when, 2)
        frontier |= beside[vertex]
        hopeless = needless = 0
        for other in frontier:
            flags = (_START if last_entered[other] <= when else 0) | (_END if last_left[other] <= when else 0)
            hopeless |= flags << places[other] * bits
            needless |= (_DONE if flags else 0) << places[other] * bits
        yield _Decision(
            entering=not leaving,
            place=places[vertex],
            options=tuple((places[other], edge) for other, edge in choices),
            bits=bits,
            awaits=_END if leaving else _START,
            meets=_START if leaving else _END,
            joined=backwards if leaving else forwards,
            hopeless=hopeless,
            needless=needless,
        )
        if leaving:
            frontier.discard(vertex)


def _places(beside: Sequence[Iterable[int]]) -> tuple[int, ...]:
    """A place for each vertex from its first neighbour's decision to its own, after which the place is free again."""
    places = [-1] * len(beside)
    free: list[int] = []
    for vertex, others in enumerate(beside):
        for other in sorted(others):
            if places[other] < 0:
                places[other] = free.pop() if free else max(places) + 1
        free.append(places[vertex])
    return tuple(places)


def _joined(width: int, bits: int) -> tuple[tuple[int, ...], ...]:
    """The bits of an open path, by the places of its start and its end."""

    def path(start: int, end: int) -> int:
        return (_START | end << _FLAGS) << start * bits | (_END | start << _FLAGS) << end * bits

    return tuple(tuple(path(start, end) for end in range(width)) for start in range(width))


def _narrow_orders(piece: Piece) -> tuple[tuple[int, ...], ...]:
    """Orders of the vertices with a narrow frontier, the best of each of two sorts.

    Greedily the next vertex is the one that adds least to the frontier; of several the one with most
    decided neighbours, or with fewest. Best has the least sum of 3 ** width, a guess at the states.
    """
    neighbours = [0] * piece.size
    for tail, head in piece.edges:
        neighbours[tail] |= 1 << head
        neighbours[head] |= 1 << tail
    starts = sorted(range(piece.size), key=lambda vertex: neighbours[vertex].bit_count())[:_STARTS]

    def cost(order: Iterable[int]) -> int:
        decided = frontier = total = 0
        for vertex in order:
            decided |= 1 << vertex
            frontier = (frontier | neighbours[vertex]) & ~decided
            total += 3 ** frontier.bit_count()
        return total

    found = (min((_greedy_order(neighbours, start, sign) for start in starts), key=cost) for sign in (-1, 1))
    return tuple(dict.fromkeys(found))


def _greedy_order(neighbours: Sequence[int], start: int, sign: int) -> tuple[int, ...]:
    order = [start]
    decided = 1 << start
    frontier = neighbours[start]
    while frontier:
        rest = ~(decided | frontier)
        best = min(
            _members(frontier),
            key=lambda v: ((neighbours[v] & rest).bit_count(), sign * (neighbours[v] & decided).bit_count()),
        )
        order.append(best)
        decided |= 1 << best
        frontier = (frontier | neighbours[best]) & ~decided
    return tuple(order)


def _members(bits: int) -> Iterator[int]:
    while bits:
        yield (bits & -bits).bit_length() - 1
        bits &= bits - 1
