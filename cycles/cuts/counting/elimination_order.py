"""Find an order of a piece's vertices with a narrow frontier: the fewer vertices wait at a time, the fewer states."""

from collections.abc import Iterable, Sequence

from cycles.cuts.counting.contraction import Piece
from cycles.cuts.digraph import bit_positions
from cycles.limits import WIDEST_FRONTIER, Steps

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
