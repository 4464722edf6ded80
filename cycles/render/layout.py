"""A sketch and an engine in; where every box, frame and line of it lies, out."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypedDict

from cycles.render.diagram import Sketch
from cycles.render.dot import as_dot
from cycles.render.engine import Engine, lay_out

Point = tuple[float, float]
_ROOM = 30.0
"""Half of the width that the label of a line may have."""


@dataclass(frozen=True, slots=True)
class Rectangle:
    """Its left upper corner and its size, in points; y grows downward."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Route:
    """A line as Bézier curves: a first point, then three for each curve; `tip` is where its arrow ends.

    It begins at the importer. `label` is the middle of its label, None where it has none.
    """

    points: tuple[Point, ...]
    tip: Point
    label: Point | None


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the boxes, frames and lines of a sketch lie, in its order; everything fits into `width` × `height`."""

    width: float
    height: float
    boxes: tuple[Rectangle, ...]
    frames: tuple[Rectangle, ...]
    routes: tuple[Route, ...]


def laid_out(sketch: Sketch, engine: Engine, *, seconds: float = 20.0) -> Layout | None:
    """The layout that the engine finds; None where it fails, takes too long, or leaves something out."""
    written = lay_out(engine, as_dot(sketch), output="json", seconds=seconds)
    if written is None:
        return None
    try:
        found: _Found = json.loads(written)
        objects = {place: at for at in found.get("objects", ()) if (place := at.get("id"))}
        edges = {place: at for at in found.get("edges", ()) if (place := at.get("id"))}
        boxes = [_box(objects[f"n{place}"]) for place in range(len(sketch.boxes))]
        frames = [_frame(objects[f"f{place}"]) for place in range(len(sketch.frames))]
        routes = [_route(edges[f"e{place}"], up=line.up) for place, line in enumerate(sketch.lines)]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    return _upright(boxes, frames, routes, [bool(line.label) for line in sketch.lines])


class _Place(TypedDict, total=False):
    """What the engine says of a box, frame or line, as far as it is read."""

    id: str
    pos: str
    bb: str
    lp: str
    width: str
    height: str


class _Found(TypedDict, total=False):
    objects: list[_Place]
    edges: list[_Place]


def _numbers(text: str) -> tuple[float, ...]:
    return tuple(float(number) for number in text.split(","))


def _box(found: _Place) -> Rectangle:
    x, y = _numbers(found["pos"])
    width, height = float(found["width"]) * 72, float(found["height"]) * 72
    return Rectangle(x - width / 2, y + height / 2, width, height)


def _frame(found: _Place) -> Rectangle:
    left, bottom, right, top = _numbers(found["bb"])
    return Rectangle(left, top, right - left, top - bottom)


def _route(found: _Place, *, up: bool) -> Route:
    """The engine writes the arrow's end first, as `e,x,y` or (at the line's beginning) `s,x,y`."""
    points: list[Point] = []
    tip: Point | None = None
    for word in found["pos"].split():
        if word[:2] in ("e,", "s,"):
            tip = _point(word[2:])
        else:
            points.append(_point(word))
    if up:
        points.reverse()
    label = _point(found["lp"]) if "lp" in found else None
    return Route(points=tuple(points), tip=tip or points[-1], label=label)


def _point(text: str) -> Point:
    x, y = _numbers(text)
    return x, y


def _upright(
    boxes: Iterable[Rectangle], frames: Iterable[Rectangle], routes: Sequence[Route], labelled: Sequence[bool]
) -> Layout:
    """The same with y growing downward, from the left upper corner; there is room for a label anywhere on its line."""
    boxes, frames = tuple(boxes), tuple(frames)
    corners = [corner for area in (*boxes, *frames) for corner in _corners(area)]
    corners += [point for route in routes for point in (*route.points, route.tip)]
    numbered = [route for route, label in zip(routes, labelled, strict=True) if label]
    corners += [(x + side, y) for route in numbered for x, y in route.points for side in (-_ROOM, _ROOM)]
    left, right = min(x for x, _ in corners), max(x for x, _ in corners)
    bottom, top = min(y for _, y in corners), max(y for _, y in corners)

    def area(found: Rectangle) -> Rectangle:
        return Rectangle(
            _rounded(found.x - left), _rounded(top - found.y), _rounded(found.width), _rounded(found.height)
        )

    def point(found: Point) -> Point:
        return _rounded(found[0] - left), _rounded(top - found[1])

    return Layout(
        width=_rounded(right - left),
        height=_rounded(top - bottom),
        boxes=tuple(map(area, boxes)),
        frames=tuple(map(area, frames)),
        routes=tuple(
            Route(
                points=tuple(map(point, route.points)),
                tip=point(route.tip),
                label=point(route.label) if route.label else None,
            )
            for route in routes
        ),
    )


def _corners(area: Rectangle) -> tuple[Point, Point]:
    return (area.x, area.y), (area.x + area.width, area.y - area.height)


def _rounded(number: float) -> float:
    return round(number, 2)
