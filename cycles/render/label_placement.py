"""Find a place for the label of each arrow and frame: on nothing else, as far as that is possible."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from cycles.render.diagram import LABEL_HEIGHT, SMALL_SIZE, Diagram
from cycles.render.geometry import Point, Rectangle, Route
from cycles.render.text_metrics import text_width

FRAME_SIZE = SMALL_SIZE
_SIDES = 6.0
_HEAD = 11.0
"""How far the head of an arrow reaches from its tip."""
_CELL = 16
_TRIES = (50, 44, 56, 38, 62, 32, 68, 26, 74, 20, 80, 15, 85, 10, 90)
"""Where along its line a label is tried, in hundredths: the middle first."""
_ASIDE = 9.0
"""How far from its line a label goes that has no room on it: they still touch."""

_Crossings = Mapping[tuple[int, int], set[int]]
"""For every square of a grid, by column and row, the numbers of the lines with a point in it."""


def place_labels(
    diagram: Diagram, boxes: Sequence[Rectangle], frames: Sequence[Rectangle], routes: Sequence[Route]
) -> tuple[tuple[Rectangle, ...], tuple[Rectangle | None, ...]]:
    """Return the areas of the labels of all frames, and of all arrows: None where an arrow has no label.

    The label of a frame is in the upper corner that fewer lines cross, else the left one. The label of an arrow is
    centred on it, where no box, no other label, no head of its own and the fewest other lines are, at fixed places
    along the line or beside it.
    """
    lines = [list(route.along()) for route in routes]
    crossings = _crossings(lines)
    frame_labels = [
        _frame_label(text_width(frame.label, FRAME_SIZE) + _SIDES, area, crossings)
        for frame, area in zip(diagram.frames, frames, strict=True)
    ]
    taken = [*boxes, *frame_labels]
    labels: list[Rectangle | None] = []
    for line, arrow, route in zip(lines, diagram.arrows, routes, strict=True):
        label = None
        if width := arrow.label_width:
            areas = [Rectangle.around(center, width, LABEL_HEIGHT) for center in _candidates(line, width)]
            label = min(areas, key=lambda area: _cost(area, taken, route.tip, crossings))
            taken.append(label)
        labels.append(label)
    return tuple(frame_labels), tuple(labels)


def _crossings(lines: Iterable[Sequence[Point]]) -> _Crossings:
    found: dict[tuple[int, int], set[int]] = defaultdict(set)
    for number, points in enumerate(lines):
        for x, y in points:
            found[int(x // _CELL), int(y // _CELL)].add(number)
    return found


def _frame_label(width: float, frame: Rectangle, crossings: _Crossings) -> Rectangle:
    corners = frame.x + _SIDES, max(frame.x + frame.width - width - _SIDES, frame.x)
    areas = [Rectangle(x, frame.y + 4, width, LABEL_HEIGHT) for x in corners]
    return min(areas, key=lambda area: _crossed(area, crossings))


def _candidates(line: Sequence[Point], width: float) -> Iterator[Point]:
    """Return where the label of a line can be centred, the best place first: on it, then beside it."""
    places = [line[len(line) * hundredths // 100] for hundredths in _TRIES]
    yield from places
    for side in (-1, 1):
        for x, y in places:
            yield Point(x + side * (width / 2 + _ASIDE - LABEL_HEIGHT / 2), y)


def _cost(area: Rectangle, taken: Iterable[Rectangle], tip: Point, crossings: _Crossings) -> tuple[bool, bool, int]:
    """Return how bad an area is for a label, the worst first: it hides something, its own arrow head, other lines."""
    head = Rectangle.around(tip, 2 * _HEAD, 2 * _HEAD)
    return any(map(area.overlaps, taken)), area.overlaps(head), _crossed(area, crossings)


def _crossed(area: Rectangle, crossings: _Crossings) -> int:
    """Return how many lines come near an area."""
    columns = range(int(area.x // _CELL), int((area.x + area.width) // _CELL) + 1)
    rows = range(int(area.y // _CELL), int((area.y + area.height) // _CELL) + 1)
    return len({number for x in columns for y in rows for number in crossings.get((x, y), ())})
