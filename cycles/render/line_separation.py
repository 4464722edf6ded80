"""A layout in; the same with lines that lead to and fro between two boxes side by side, out."""

from dataclasses import replace
from itertools import pairwise

from cycles.render.diagram import SMALL_SIZE, Line, Sketch
from cycles.render.layout import Layout, Point, Rectangle, Route
from cycles.render.text_metrics import text_width

_BARE, _BESIDE_LABEL = 10.0, 6.0
_LONGEST = 110.0
"""A longer line has room for its label elsewhere, and the engine keeps long lines apart."""
_MOST_SHIFT = 24.0
_SINGLE = 4
_CORNER, _TOUCHING = 6.0, 2.0


def parted(sketch: Sketch, layout: Layout) -> Layout:
    """The layout, in which no short line hides the one that leads back, or the label of that.

    Lines move sideways only: what pointed down still does, and ends stay on the borders of their boxes.
    """
    routes = list(layout.routes)
    areas = {box.name: area for box, area in zip(sketch.boxes, layout.boxes, strict=True)}
    places = {(line.importer, line.imported): place for place, line in enumerate(sketch.lines)}
    for (importer, imported), place in places.items():
        back = places.get((imported, importer), place)
        if back <= place or max(_height(routes[place]), _height(routes[back])) > _LONGEST:
            continue
        left, right = sorted((place, back), key=lambda which: (_middle(routes[which]), which))
        missing = _apart(sketch.lines[left], sketch.lines[right]) - _middle(routes[right]) + _middle(routes[left])
        if missing > 0:
            shift = min(missing / 2, _MOST_SHIFT)
            ends = areas[importer], areas[imported]
            routes[left] = _shifted(routes[left], -shift, ends)
            routes[right] = _shifted(routes[right], shift, ends)
    return replace(layout, routes=tuple(routes))


def _apart(one: Line, other: Line) -> float:
    """How far the middles of two lines must be from each other for their labels to hide nothing."""
    widths = [text_width(line.label, SMALL_SIZE) for line in (one, other) if line.label]
    return sum(widths) / 2 + _BESIDE_LABEL * len(widths) if widths else _BARE


def _middle(route: Route) -> float:
    """Where a route is halfway between the heights of its ends, by its corners."""
    height = (route.points[0][1] + route.tip[1]) / 2
    corners = sorted(route.points, key=lambda point: point[1])
    for (x, y), (next_x, next_y) in pairwise(corners):
        if y <= height <= next_y and next_y > y:
            return x + (next_x - x) * (height - y) / (next_y - y)
    return corners[len(corners) // 2][0]


def _height(route: Route) -> float:
    return abs(route.points[0][1] - route.tip[1])


def _shifted(route: Route, shift: float, boxes: tuple[Rectangle, Rectangle]) -> Route:
    """The route bent sideways: its middle by the whole shift, its ends as far as their boxes allow."""
    first = _end_shift(route.points[0], shift, boxes)
    last = _end_shift(route.tip, shift, boxes)
    # The middle of a single curve lies at an eighth of its ends and three eighths of the points between them.
    inner = (8 * shift - first - last) / 6 if len(route.points) == _SINGLE else shift
    by = [first, *[inner] * (len(route.points) - 2), last]
    points = tuple((round(x + moved, 2), y) for (x, y), moved in zip(route.points, by, strict=True))
    x, y = route.tip
    label = (round(route.label[0] + shift, 2), route.label[1]) if route.label else None
    return replace(route, points=points, tip=(round(x + last, 2), y), label=label)


def _end_shift(end: Point, shift: float, boxes: tuple[Rectangle, Rectangle]) -> float:
    """How far an end can move along the upper or lower border of its box; 0 where it is on neither."""
    x, y = end
    for box in boxes:
        borders = box.y, box.y + box.height
        if min(abs(y - border) for border in borders) <= _TOUCHING and box.x <= x <= box.x + box.width:
            least, most = box.x + _CORNER - x, box.x + box.width - _CORNER - x
            return min(max(shift / 2, min(least, 0)), max(most, 0))
    return 0.0
