"""Lay out a diagram: where every box, frame, arrow and label of it goes."""

import json
from dataclasses import dataclass, replace
from typing import TypedDict

from cycles.render.diagram import Diagram
from cycles.render.dot import Way, layout_dot
from cycles.render.geometry import Point, Rectangle, Route
from cycles.render.label_placement import place_labels
from cycles.render.layout_engine import Engine, run_engine
from cycles.render.line_separation import ends_in_order, separate, straight_lines


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
    frame_labels, labels = place_labels(diagram, boxes, frames, routes)
    areas = [*boxes, *frames, *frame_labels, *(label for label in labels if label)]
    corners = [corner for area in areas for corner in _corners(area)]
    corners += [point for route in routes for point in (*route.points, route.tip)]
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


def _corners(area: Rectangle) -> tuple[Point, Point]:
    return Point(area.x, area.y), Point(area.x + area.width, area.y + area.height)


def _moved(area: Rectangle, origin: Point) -> Rectangle:
    """Return an area as seen from an origin, rounded to what a picture needs."""
    return Rectangle(
        round(area.x - origin.x, 2), round(area.y - origin.y, 2), round(area.width, 2), round(area.height, 2)
    )


def _moved_route(route: Route, origin: Point) -> Route:
    def moved(point: Point) -> Point:
        return Point(round(point.x - origin.x, 2), round(point.y - origin.y, 2))

    return Route(points=tuple(map(moved, route.points)), tip=moved(route.tip))
