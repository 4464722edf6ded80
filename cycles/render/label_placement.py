"""A layout in; where the label of each line and frame is to stand, out: on nothing else, as far as that is possible."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from cycles.render.diagram import SMALL_SIZE, Sketch
from cycles.render.layout import Layout, Point, Rectangle, Route
from cycles.render.text_metrics import text_width

FRAME_SIZE = SMALL_SIZE + 1
_HEIGHT, _SIDES = 13.0, 6.0
_HEAD = 11.0
"""How far the head of an arrow reaches from its tip."""
_STEP = 7.0
_CELL = 16
_TRIES = (50, 42, 58, 34, 66, 26, 74, 18, 82)
"""Where along its line a label is tried, in hundredths."""

_Crossings = Mapping[tuple[int, int], set[int]]


def frame_areas(sketch: Sketch, layout: Layout) -> tuple[Rectangle, ...]:
    """The area of each frame's label: in the upper corner that fewer lines cross, else the left one."""
    crossings = _crossings([list(_along(route.points)) for route in layout.routes])
    found = []
    for frame, area in zip(sketch.frames, layout.frames, strict=True):
        width = text_width(frame.label, FRAME_SIZE) + _SIDES
        corners = area.x + _SIDES, max(area.x + area.width - width - _SIDES, area.x)
        places = [Rectangle(x, area.y + 4, width, _HEIGHT + 1) for x in corners]
        found.append(min(places, key=lambda place: _crossed(place, crossings)))
    return tuple(found)


def number_areas(sketch: Sketch, layout: Layout) -> tuple[Rectangle | None, ...]:
    """The area of each line's label, None where it has none.

    It is centred on the line, where no box, no other label, no head of its own arrow and the fewest
    other lines are: first near where the engine left room for it, then at fixed places along the line.
    """
    along = [list(_along(route.points)) for route in layout.routes]
    crossings = _crossings(along)
    taken = [*layout.boxes, *frame_areas(sketch, layout)]
    found: list[Rectangle | None] = []
    for points, line, route in zip(along, sketch.lines, layout.routes, strict=True):
        if not line.label:
            found.append(None)
            continue
        width = text_width(line.label, SMALL_SIZE) + _SIDES
        places = _candidates(route, points)
        areas = [Rectangle(x - width / 2, y - _HEIGHT / 2, width, _HEIGHT) for x, y in places]
        head = _around(route.tip)
        costs = [(_overlaps(area, taken), _overlaps(area, (head,)), _crossed(area, crossings)) for area in areas]
        best = areas[costs.index(min(costs))]
        taken.append(best)
        found.append(best)
    return tuple(found)


def _crossings(along: Sequence[Sequence[Point]]) -> _Crossings:
    """For every square of a grid the lines with a point in it."""
    found: dict[tuple[int, int], set[int]] = defaultdict(set)
    for number, points in enumerate(along):
        for x, y in points:
            found[int(x // _CELL), int(y // _CELL)].add(number)
    return found


def _candidates(route: Route, points: Sequence[Point]) -> Iterator[Point]:
    """Where the label can stand, the best place first."""
    if route.label:
        x, y = route.label
        yield min(points, key=lambda point: (point[0] - x) ** 2 + (point[1] - y) ** 2)
    for hundredths in _TRIES:
        yield points[len(points) * hundredths // 100]


def _along(points: Sequence[Point]) -> Iterator[Point]:
    """Points on the Bézier curves, from the beginning to the end, about a step apart."""
    for number in range(0, len(points) - 1, 3):
        corners = points[number : number + 4]
        (x, y), _, _, (last_x, last_y) = corners
        count = max(4, round((abs(last_x - x) + abs(last_y - y)) / _STEP))
        for sample in range(count):
            t = sample / count
            weights = (1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t**2 * (1 - t), t**3
            yield (
                sum(weight * x for weight, (x, _) in zip(weights, corners, strict=True)),
                sum(weight * y for weight, (_, y) in zip(weights, corners, strict=True)),
            )
    yield points[-1]


def _around(tip: Point) -> Rectangle:
    x, y = tip
    return Rectangle(x - _HEAD, y - _HEAD, 2 * _HEAD, 2 * _HEAD)


def _overlaps(area: Rectangle, others: Sequence[Rectangle]) -> bool:
    return any(
        area.x < other.x + other.width
        and other.x < area.x + area.width
        and area.y < other.y + other.height
        and other.y < area.y + area.height
        for other in others
    )


def _crossed(area: Rectangle, crossings: _Crossings) -> int:
    """How many lines come near an area."""
    columns = range(int(area.x // _CELL), int((area.x + area.width) // _CELL) + 1)
    rows = range(int(area.y // _CELL), int((area.y + area.height) // _CELL) + 1)
    return len({number for x in columns for y in rows for number in crossings.get((x, y), ())})
