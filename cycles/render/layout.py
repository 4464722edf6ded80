"""Lay out a diagram: where every box, frame, arrow and label of it goes."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypedDict

from cycles.render.diagram_model import LABEL_HEIGHT, SMALL_SIZE, Diagram
from cycles.render.dot import Way, layout_dot
from cycles.render.geometry import Point, Rectangle, Route
from cycles.render.layout_program import Engine, run_engine
from cycles.render.line_separation import ends_in_order, separate, straight_lines
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


@dataclass(frozen=True, slots=True)
class Layout:
    """Where all parts of a diagram are, each in the order of the diagram; everything fits into `width` × `height`.

    `labels` are those of arrows, None for an arrow without.
    """

    width: float
    height: float
    boxes: tuple[Rectangle, ...]
    frames: tuple[Rectangle, ...]
    frame_labels: tuple[Rectangle, ...]
    routes: tuple[Route, ...]
    labels: tuple[Rectangle | None, ...]


def lay_out(diagram: Diagram, engine: Engine, *, seconds: float, way: Way) -> Layout | None:
    """Return the layout that the engine finds; None where it fails, takes too long, or leaves something out.

    Labels, and two arrows between the same boxes, are then moved to where they hide nothing: the engine does not see
    to that.
    """
    written = run_engine(engine, layout_dot(diagram, way), output="json", seconds=seconds)
    if written is None:
        return None
    try:
        found: _Answer = json.loads(written)
        objects = {name: part for part in found.get("objects", ()) if (name := part.get("id"))}
        edges = {name: part for part in found.get("edges", ()) if (name := part.get("id"))}
        boxes = [_box(objects[f"n{number}"]) for number in range(len(diagram.boxes))]
        frames = [_frame(objects[f"f{number}"]) for number in range(len(diagram.frames))]
        routes = [_route(edges[f"e{number}"], up=arrow.up) for number, arrow in enumerate(diagram.arrows)]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        # Whatever program is called `dot`, it wrote no layout.
        return None
    if way.straight:
        # The engine writes straight pieces as curves too: every third point is a bend.
        lines = straight_lines([route.points[::3] for route in routes])
        routes = [replace(route, points=points) for route, points in zip(routes, lines, strict=True)]
    routes = ends_in_order(boxes, separate(diagram, boxes, routes))
    frame_labels, labels = _place_labels(diagram, boxes, frames, routes)
    areas = [*boxes, *frames, *frame_labels, *(label for label in labels if label)]
    corners = [point for route in routes for point in (*route.points, route.tip)]
    corners += [Point(area.x, area.y) for area in areas]
    corners += [Point(area.x + area.width, area.y + area.height) for area in areas]
    origin = Point(min(corner.x for corner in corners), min(corner.y for corner in corners))
    return Layout(
        width=round(max(corner.x for corner in corners) - origin.x, 2),
        height=round(max(corner.y for corner in corners) - origin.y, 2),
        boxes=tuple(_moved(area, origin) for area in boxes),
        frames=tuple(_moved(area, origin) for area in frames),
        frame_labels=tuple(_moved(area, origin) for area in frame_labels),
        routes=tuple(_moved_route(route, origin) for route in routes),
        labels=tuple(_moved(area, origin) if area else None for area in labels),
    )


class _Part(TypedDict, total=False):
    """What the engine says of a box, frame or line, as far as it is read; its y grows upward, sizes are in inches."""

    id: str
    pos: str
    bb: str
    width: str
    height: str


class _Answer(TypedDict, total=False):
    objects: list[_Part]
    edges: list[_Part]


def _point(text: str) -> Point:
    x, y = map(float, text.split(","))
    return Point(x, -y)


def _box(part: _Part) -> Rectangle:
    return Rectangle.around(_point(part["pos"]), float(part["width"]) * 72, float(part["height"]) * 72)


def _frame(part: _Part) -> Rectangle:
    left, bottom, right, top = map(float, part["bb"].split(","))
    return Rectangle(left, -top, right - left, top - bottom)


def _route(part: _Part, *, up: bool) -> Route:
    """Read a line; the engine writes the arrow's end first, as `e,x,y` or (at the line's beginning) `s,x,y`."""
    words = part["pos"].split()
    tips = [_point(word[2:]) for word in words if word[:2] in ("e,", "s,")]
    points = [_point(word) for word in words if word[:2] not in ("e,", "s,")]
    if up:
        points.reverse()
    return Route(points=tuple(points), tip=tips[-1] if tips else points[-1])


def _moved(area: Rectangle, origin: Point) -> Rectangle:
    """Return an area as seen from an origin, rounded to what a picture needs."""
    return Rectangle(
        round(area.x - origin.x, 2), round(area.y - origin.y, 2), round(area.width, 2), round(area.height, 2)
    )


def _moved_route(route: Route, origin: Point) -> Route:
    def moved(point: Point) -> Point:
        return Point(round(point.x - origin.x, 2), round(point.y - origin.y, 2))

    return Route(points=tuple(map(moved, route.points)), tip=moved(route.tip))


def _place_labels(
    diagram: Diagram, boxes: Sequence[Rectangle], frames: Sequence[Rectangle], routes: Sequence[Route]
) -> tuple[tuple[Rectangle, ...], tuple[Rectangle | None, ...]]:
    """Return the areas of the labels of all frames, and of all arrows: None where an arrow has no label.

    The label of a frame is in the upper corner that fewer lines cross, else the left one. The label of an arrow is
    centred on it, where no box, no other label, no head of its own and the fewest other lines are, at fixed places
    along the line or next to it.
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
    """Return where the label of a line can be centred, the best place first: on it, then next to it."""
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
