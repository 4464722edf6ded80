"""Measure how well a diagram that is laid out can be read."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from cycles.render.diagram import Diagram
from cycles.render.geometry import STEP, Point
from cycles.render.layout import Layout
from cycles.render.svg_page import COLUMN, MARGIN

_CELL = 40.0


@dataclass(frozen=True, slots=True)
class Quality:
    """How well a picture can be read.

    Attributes:
        letters: the height of the smallest name in pixels, where the picture is shown in a column of 830 pixels.
        behind: how many lines run behind a box at which they do not end: they seem to end there.
        crossings: how many pairs of lines cross.
        covered: how many labels are on a box or another label.
    """

    letters: float
    behind: int
    crossings: int
    covered: int


def quality(diagram: Diagram, layout: Layout) -> Quality:
    """Measure a layout of a diagram."""
    smallest = min((size for box in diagram.boxes for _, size in box.lines), default=0.0)
    # What is shown smaller is looked at less closely: else the largest pictures would take a minute.
    coarse = max(1.0, layout.width / (2 * COLUMN))
    lines = [list(route.along(STEP * coarse)) for route in layout.routes]
    return Quality(
        letters=smallest * min(1.0, COLUMN / (layout.width + 2 * MARGIN)),
        behind=len(lines_behind(diagram, layout, lines)),
        crossings=_crossings(lines, _CELL * coarse),
        covered=_covered(layout),
    )


def lines_behind(diagram: Diagram, layout: Layout, lines: Sequence[Sequence[Point]]) -> list[int]:
    """Return the numbers of the arrows that run behind a box at which they do not end, by points on their lines."""
    places = {box.name: number for number, box in enumerate(diagram.boxes)}
    order = sorted(range(len(layout.boxes)), key=lambda number: layout.boxes[number].y)
    tops = [layout.boxes[number].y for number in order]
    highest = max((box.height for box in layout.boxes), default=0.0)
    found = []
    for number, (arrow, line) in enumerate(zip(diagram.arrows, lines, strict=True)):
        ends = {places[arrow.importer], places[arrow.imported]}

        def hides(point: Point, ends: set[int] = ends) -> bool:
            near = order[bisect_left(tops, point.y - highest) : bisect_left(tops, point.y)]
            return any(box not in ends and layout.boxes[box].hides(point) for box in near)

        if any(map(hides, line)):
            found.append(number)
    return found


def _crossings(lines: Sequence[Sequence[Point]], size: float) -> int:
    """Return how many pairs of lines cross, each pair once; ends that meet do not count."""
    cells: dict[tuple[int, int], list[tuple[int, Point, Point]]] = {}
    for number, points in enumerate(lines):
        for one, other in pairwise(points):
            for cell in _cells(one, other, size):
                cells.setdefault(cell, []).append((number, one, other))
    crossing: set[tuple[int, int]] = set()
    for segments in cells.values():
        for place, (number, one, other) in enumerate(segments):
            for second, first_end, last_end in segments[:place]:
                pair = (second, number)
                if second != number and pair not in crossing and _cross(one, other, first_end, last_end):
                    crossing.add(pair)
    return len(crossing)


def _covered(layout: Layout) -> int:
    labels = [label for label in layout.labels if label]
    return sum(
        any(map(label.overlaps, (*layout.boxes, *layout.frame_labels, *labels[:place])))
        for place, label in enumerate(labels)
    )


def _cells(one: Point, other: Point, size: float) -> Iterator[tuple[int, int]]:
    """Return the squares of a grid that a short piece of a line may touch."""
    columns = sorted((int(one.x // size), int(other.x // size)))
    rows = sorted((int(one.y // size), int(other.y // size)))
    return ((x, y) for x in range(columns[0], columns[1] + 1) for y in range(rows[0], rows[1] + 1))


def _cross(one: Point, other: Point, third: Point, fourth: Point) -> bool:
    """Tell whether two pieces of lines have a point in common that is an end of neither."""
    return (
        _side(one, other, third) * _side(one, other, fourth) < 0
        and _side(third, fourth, one) * _side(third, fourth, other) < 0
    )


def _side(one: Point, other: Point, point: Point) -> float:
    return (other.x - one.x) * (point.y - one.y) - (other.y - one.y) * (point.x - one.x)
