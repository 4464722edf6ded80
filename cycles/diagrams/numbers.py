"""A layout in; where the label of each line is to stand, out: on its own line, and on nothing else."""

from collections.abc import Iterator, Sequence

from cycles.diagrams.layout import Layout, Point, Rectangle, Route
from cycles.diagrams.lettering import text_width
from cycles.diagrams.sketch import SMALL_SIZE, Sketch

_HEIGHT, _SIDES = 13.0, 6.0
_SAMPLES = 12
_TRIES = (50, 42, 58, 34, 66, 26, 74, 18, 82)
"""Where along its line a label is tried, in hundredths."""


def number_areas(sketch: Sketch, layout: Layout) -> tuple[Rectangle | None, ...]:
    """The area of each line's label, None where it has none.

    It is centred on the line, near where the engine left room for it, or else where no box and no
    other label is; only where there is no such place does it overlap one.
    """
    taken = [*layout.boxes, *(Rectangle(area.x, area.y, area.width, 20) for area in layout.frames)]
    found: list[Rectangle | None] = []
    for line, route in zip(sketch.lines, layout.routes, strict=True):
        if not line.label:
            found.append(None)
            continue
        width = text_width(line.label, SMALL_SIZE) + _SIDES
        areas = [Rectangle(x - width / 2, y - _HEIGHT / 2, width, _HEIGHT) for x, y in _candidates(route)]
        area = next((area for area in areas if not _overlaps(area, taken)), areas[0])
        taken.append(area)
        found.append(area)
    return tuple(found)


def _candidates(route: Route) -> Iterator[Point]:
    """Where the label can stand, the best place first."""
    points = list(_along(route.points))
    if route.label:
        x, y = route.label
        yield min(points, key=lambda point: (point[0] - x) ** 2 + (point[1] - y) ** 2)
    for hundredths in _TRIES:
        yield points[len(points) * hundredths // 100]
    if route.label:
        yield route.label


def _along(points: Sequence[Point]) -> Iterator[Point]:
    """Points on the Bézier curves, from the beginning to the end."""
    for number in range(0, len(points) - 1, 3):
        first, second, third, last = points[number : number + 4]
        for sample in range(_SAMPLES):
            t = sample / _SAMPLES
            weights = (1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t**2 * (1 - t), t**3
            corners = (first, second, third, last)
            yield (
                round(sum(weight * x for weight, (x, _) in zip(weights, corners, strict=True)), 2),
                round(sum(weight * y for weight, (_, y) in zip(weights, corners, strict=True)), 2),
            )
    yield points[-1]


def _overlaps(area: Rectangle, others: Sequence[Rectangle]) -> bool:
    return any(
        area.x < other.x + other.width
        and other.x < area.x + area.width
        and area.y < other.y + other.height
        and other.y < area.y + area.height
        for other in others
    )
