"""A piece of a kernel in; the decisions by which a frontier passes over it, out.

Vertices are decided one after the other: first the edge by which a cycle enters, then the edge by
which it leaves. A narrow frontier has few states, so the order of the vertices decides the cost.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from cycles.cuts.counting.contraction import Piece
from cycles.limits import WIDEST_FRONTIER, Steps

START, END, DONE = 1, 2, 4
"""An open path starts here and is still to be entered; ends here and is to be left; a cycle has come by."""
FLAGS = 3
_BITS = 11
"""Sets of vertices are numbers, and a step looks at so many of their bits (as a power of two)."""
_FIRST_VERTICES = 32
"""So many first vertices are tried for an order of each sort."""


@dataclass(frozen=True, slots=True)
class Decision:
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


def decisions_of(piece: Piece, order: Sequence[int]) -> Iterator[Decision]:
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
    bits = FLAGS + (width - 1).bit_length()
    forwards = _joined(width, bits)
    backwards = tuple(zip(*forwards, strict=True))
    frontier: set[int] = set()
    for when, choices in enumerate(options):
        vertex, leaving = divmod(when, 2)
        frontier |= beside[vertex]
        hopeless = needless = 0
        for other in frontier:
            flags = (START if last_entered[other] <= when else 0) | (END if last_left[other] <= when else 0)
            hopeless |= flags << places[other] * bits
            needless |= (DONE if flags else 0) << places[other] * bits
        yield Decision(
            entering=not leaving,
            place=places[vertex],
            options=tuple((places[other], edge) for other, edge in choices),
            bits=bits,
            awaits=END if leaving else START,
            meets=START if leaving else END,
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
        return (START | end << FLAGS) << start * bits | (END | start << FLAGS) << end * bits

    return tuple(tuple(path(start, end) for end in range(width)) for start in range(width))


def narrow_orders(piece: Piece, steps: Steps) -> tuple[tuple[int, ...], ...]:
    """Orders of the vertices with a narrow frontier, the best of each of two sorts; none where all are too wide.

    Greedily the next vertex is the one that adds least to the frontier; of several the one with most
    decided neighbours, or with fewest. Best has the least sum of 3 ** width, a guess at the states.
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
    """An order that begins with a vertex; () where it becomes too wide, or the steps are spent."""
    order = [start]
    decided = 1 << start
    frontier = neighbours[start]
    while frontier:
        width = frontier.bit_count()
        steps.take(width * (1 + (len(neighbours) >> _BITS)))
        if width > WIDEST_FRONTIER or steps.spent:
            return ()
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


def everywhere(decision: Decision, flags: int) -> int:
    """The bits of some flags at every place of the frontier."""
    return sum(flags << place * decision.bits for place in range(len(decision.joined)))
