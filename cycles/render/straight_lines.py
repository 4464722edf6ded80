"""Make lines of straight pieces, as the engine bends them around boxes: side by side, and with rounded corners."""

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise

from cycles.render.geometry import Point

_ROUND = 9.0
"""How far from a corner its rounding begins: a line runs that close to the corner of a box, and not behind it."""
_APART = 5.0
"""How far lines are apart that pass the same corner of a box."""


def straight_lines(routes: Sequence[Sequence[Point]]) -> list[tuple[Point, ...]]:
    """Return the points of curves for lines that are given by their ends and bends.

    The engine leads all lines that pass a box through the same point at its corner: what comes together there could go
    on to any of their ends. They go side by side around it, the one that bends most next to the box.
    """
    moved = [list(route) for route in routes]
    passing: dict[tuple[int, int], list[tuple[int, int]]] = defaultdict(list)
    for number, route in enumerate(routes):
        for place in range(1, len(route) - 1):
            passing[round(route[place].x), round(route[place].y)].append((number, place))
    for found in passing.values():
        turns = sorted((_turn(routes[number][place - 1 : place + 2]), number, place) for number, place in found)
        # The box is on the side to which they bend: there they stay where they are.
        if sum(turn for turn, _, _ in turns) > 0:
            turns.reverse()
        for away, (_, number, place) in enumerate(turns):
            x, y = routes[number][place]
            moved[number][place] = Point(x - math.copysign(_APART * away, turns[0][0]), y)
    return [tuple(_rounded(route)) for route in moved]


def _turn(bend: Sequence[Point]) -> float:
    """Return how far to the right what leads to a bend and away from it lies, for each point up and down."""
    return sum((end.x - bend[1].x) / (abs(end.y - bend[1].y) or 1) for end in (bend[0], bend[2]))


def _rounded(bends: Sequence[Point]) -> Iterator[Point]:
    """Yield a first point, then three for each curve: along straight pieces, and around their corners."""
    here = bends[0]
    yield here
    for (before, bend), (_, after) in pairwise(pairwise(bends)):
        first, last = _towards(bend, before), _towards(bend, after)
        yield from (here, first, first, bend, bend, last)
        here = last
    yield from (here, bends[-1], bends[-1])


def _towards(start: Point, end: Point) -> Point:
    """Return the point on the way that is as far from its start as a rounded corner begins, or in the middle."""
    part = min(0.5, _ROUND / (math.dist(start, end) or 1))
    return Point(start.x + (end.x - start.x) * part, start.y + (end.y - start.y) * part)
