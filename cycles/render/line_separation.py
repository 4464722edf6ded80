"""Keep lines apart: those that pass the same box, and the two arrows of modules that import each other."""

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from cycles.render.diagram_model import Arrow, Diagram
from cycles.render.geometry import Point, Rectangle, Route

_ROUND = 9.0
"""How far from a corner its rounding begins: a line runs that close to the corner of a box, and not behind it."""
_APART = 5.0
"""How far lines are apart that pass the same corner of a box."""
_BARE, _BESIDE_LABEL = 12.0, 12.0
_LONGEST = 110.0
"""A longer line has room for its label elsewhere: it need only not lie on the other one."""
_MOST_SHIFT = 24.0
_PARTS = (1.0, 0.7, 0.45, 0.25)
"""Of a shift, tried in turn."""
_SINGLE = 4
"""The points of a line that is a single curve."""
_CORNER, _TOUCHING = 6.0, 2.0
_AWAY = 18.0
"""How far from a border lines have the order that their ends get there: no other box is so near."""


def ends_in_order(boxes: Sequence[Rectangle], routes: Sequence[Route]) -> list[Route]:
    """Return the routes with their ends at each border of a box in the order in which they come from there.

    They take each other's places: lines that part at once need not cross before they do.
    """
    found = list(routes)
    sides: dict[tuple[int, float], list[tuple[float, float, int, bool]]] = defaultdict(list)
    for number, route in enumerate(routes):
        for end, is_tip in ((route.points[0], False), (route.tip, True)):
            for box, area in enumerate(boxes):
                for border, away in ((area.y, -_AWAY), (area.y + area.height, _AWAY)):
                    if abs(end.y - border) <= _TOUCHING and area.x <= end.x <= area.x + area.width:
                        sides[box, border].append(
                            (_at_height(route, border + away, is_tip=is_tip), end.x, number, is_tip)
                        )
    for ends in sides.values():
        for (_, x, number, is_tip), to in zip(sorted(ends), sorted(end[1] for end in ends), strict=True):
            if x != to:
                found[number] = _with_end(found[number], to - x, is_tip=is_tip)
    return found


def _at_height(route: Route, height: float, *, is_tip: bool) -> float:
    """Return where a line that leaves a box (or with its tip enters it) is at a height near it, or where it ends."""
    points = list(route.along())
    if is_tip:
        points.reverse()
    for (x, y), (next_x, next_y) in pairwise(points):
        if min(y, next_y) <= height <= max(y, next_y) and y != next_y:
            return x + (next_x - x) * (height - y) / (next_y - y)
    return points[-1].x


def _with_end(route: Route, by: float, *, is_tip: bool) -> Route:
    """Return a route with one end, and what bends it there, moved sideways."""
    points = list(route.points)
    for place in (-2, -1) if is_tip else (0, 1):
        points[place] = Point(round(points[place].x + by, 2), points[place].y)
    return replace(
        route, points=tuple(points), tip=Point(round(route.tip.x + by, 2), route.tip.y) if is_tip else route.tip
    )


def separate(diagram: Diagram, boxes: Sequence[Rectangle], routes: Sequence[Route]) -> list[Route]:
    """Return the routes of a diagram's arrows, in which no short one hides the one that leads back, or its label.

    Lines move sideways only, and behind no box: what pointed down still does, and ends stay on the borders of their
    boxes.
    """
    separated = list(routes)
    areas = {box.name: area for box, area in zip(diagram.boxes, boxes, strict=True)}
    numbers = {arrow.pair: number for number, arrow in enumerate(diagram.arrows)}
    for (importer, imported), number in numbers.items():
        back = numbers.get((imported, importer), number)
        if back <= number:
            continue
        left, right = sorted((number, back), key=lambda which: (_middle(routes[which]), which))
        gap = _middle(routes[right]) - _middle(routes[left])
        is_long = max(routes[number].height, routes[back].height) > _LONGEST
        wanted = _BARE if is_long else _distance(diagram.arrows[left], diagram.arrows[right])
        missing = wanted - gap
        if missing > 0:
            shift = min(missing / 2, _MOST_SHIFT)
            ends = areas[importer], areas[imported]
            others = [area for name, area in areas.items() if name not in {importer, imported}]
            for which, by in ((left, -shift), (right, shift)):
                separated[which] = _moved(routes[which], by, ends, others)
    return separated


def _moved(route: Route, shift: float, ends: tuple[Rectangle, Rectangle], others: Sequence[Rectangle]) -> Route:
    """Return a route that is shifted as far as it then runs behind none of the other boxes."""
    for part in _PARTS:
        found = _shifted(route, shift * part, ends)
        if not any(box.hides(point) for point in found.along() for box in others):
            return found
    return route


def _distance(one: Arrow, other: Arrow) -> float:
    """Return how far the middles of two lines must be from each other for their labels to hide nothing."""
    widths = [arrow.label_width for arrow in (one, other) if arrow.label_width]
    return sum(widths) / 2 + _BESIDE_LABEL * len(widths) if widths else _BARE


def _middle(route: Route) -> float:
    """Return where a route is halfway between the heights of its ends, by its corners."""
    height = (route.points[0].y + route.tip.y) / 2
    corners = sorted(route.points, key=lambda point: point.y)
    for (x, y), (next_x, next_y) in pairwise(corners):
        if y <= height <= next_y and next_y > y:
            return x + (next_x - x) * (height - y) / (next_y - y)
    return corners[len(corners) // 2].x


def _shifted(route: Route, shift: float, boxes: tuple[Rectangle, Rectangle]) -> Route:
    """Bend a route sideways: its middle by the whole shift, its ends as far as their boxes allow."""
    first = _end_shift(route.points[0], shift, boxes)
    last = _end_shift(route.tip, shift, boxes)
    # The middle of a single curve lies at an eighth of its ends and three eighths of the points between them.
    inner = (8 * shift - first - last) / 6 if len(route.points) == _SINGLE else shift
    by = [first, *[inner] * (len(route.points) - 2), last]
    points = tuple(Point(round(point.x + moved, 2), point.y) for point, moved in zip(route.points, by, strict=True))
    return replace(route, points=points, tip=Point(round(route.tip.x + last, 2), route.tip.y))


def _end_shift(end: Point, shift: float, boxes: tuple[Rectangle, Rectangle]) -> float:
    """Return how far an end can move along the upper or lower border of its box; 0 where it is on neither."""
    for box in boxes:
        borders = box.y, box.y + box.height
        if min(abs(end.y - border) for border in borders) <= _TOUCHING and box.x <= end.x <= box.x + box.width:
            least, most = box.x + _CORNER - end.x, box.x + box.width - _CORNER - end.x
            return min(max(shift / 2, min(least, 0)), max(most, 0))
    return 0.0


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
