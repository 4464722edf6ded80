"""A sketch and its layout in; an SVG picture out."""

from cycles.render.diagram import LABEL_SIZE, SMALL_SIZE, Box, Frame, Line, Sketch
from cycles.render.label_placement import FRAME_SIZE, frame_areas, number_areas
from cycles.render.layout import Layout, Point, Rectangle, Route
from cycles.render.style import CUT_LINE, LOOKS, Look
from cycles.render.svg_elements import Element, add, add_label, as_text, identifier, linked
from cycles.render.svg_page import Entry, Sheet, open_sheet
from cycles.render.symbols import add_head

_DESCRIBED = 20
"""Imports to cut that the description lists: somebody has to listen to it."""


def as_picture(sketch: Sketch, layout: Layout) -> str:
    """An SVG document: frames at the back, then lines, boxes, and the labels of lines in front."""
    sheet = Sheet(
        title=sketch.title,
        notes=sketch.notes,
        description=_description(sketch),
        entries=tuple(_entries(sketch)),
        remarks=sketch.remarks,
    )
    root, body = open_sheet(sheet, layout.width, layout.height)
    for frame, area in zip(sketch.frames, layout.frames, strict=True):
        _add_frame(body, frame, area)
    routed = sorted(zip(sketch.lines, layout.routes, strict=True), key=lambda found: found[0].look is CUT_LINE)
    for line, route in routed:
        _add_line(body, line, route)
    for box, area in zip(sketch.boxes, layout.boxes, strict=True):
        _add_box(body, box, area)
    for frame, area in zip(sketch.frames, frame_areas(sketch, layout), strict=True):
        _add_frame_label(body, frame, area)
    for line, room in zip(sketch.lines, number_areas(sketch, layout), strict=True):
        if room:
            _add_number(body, line, room)
    return as_text(root)


def _description(sketch: Sketch) -> str:
    cuts = [line for line in sketch.lines if line.look is CUT_LINE]
    drawn = [f"{line.importer} → {line.imported} ({line.label})" for line in cuts[:_DESCRIBED]]
    drawn += [f"{len(cuts) - len(drawn):,} more"] if len(cuts) > len(drawn) else []
    return ". ".join((*sketch.notes, *((f"{sketch.cut_words}: {', '.join(drawn)}",) if drawn else ())))


def _entries(sketch: Sketch) -> list[Entry]:
    found = {line.look for line in sketch.lines}
    lines = [Entry(words=_words(look, sketch), look=look) for look in LOOKS if look in found]
    return [*lines, *(Entry(words=words, color=color) for words, color in sketch.colors)]


def _words(look: Look, sketch: Sketch) -> str:
    return sketch.cut_words if look is CUT_LINE else look.words


def _add_frame(body: Element, frame: Frame, area: Rectangle) -> None:
    size = {"x": area.x, "y": area.y, "width": area.width, "height": area.height}
    add(body, "rect", class_="frame", **size, rx=8, stroke=frame.color)


def _add_frame_label(body: Element, frame: Frame, area: Rectangle) -> None:
    """A label in front of the lines: they may have to pass where it stands."""
    add(body, "rect", class_="backdrop", x=area.x, y=area.y, width=area.width, height=area.height, rx=4)
    add_label(body, frame.label, area.x + 3, area.y + 10, FRAME_SIZE, "muted")


def _add_box(body: Element, box: Box, area: Rectangle) -> None:
    group = add(linked(body, box.url), "g", id=identifier("n", box.name), class_="node")
    add(group, "title", box.tip)
    corners = {"x": area.x, "y": area.y, "width": area.width, "height": area.height}
    add(group, "rect", class_="box" if box.color else "box plain", **corners, rx=5, fill=box.color)
    center = area.x + area.width / 2
    first = area.y + area.height / 2 + 4 - 6 * (len(box.label) - 1)
    for number, text in enumerate(box.label):
        size = SMALL_SIZE if number else LABEL_SIZE
        add_label(group, text, center, first + 12 * number, size, f"name {'on-color' if box.color else 'plain-name'}")


def _add_line(body: Element, line: Line, route: Route) -> None:
    group = add(linked(body, line.url), "g", class_="line cut" if line.look is CUT_LINE else "line")
    group.set("data-importer", identifier("n", line.importer))
    group.set("data-imported", identifier("n", line.imported))
    add(group, "title", line.tip)
    curve = _curve(route.points)
    add(group, "path", class_="hit", d=curve)
    add(group, "path", d=curve, stroke_width=line.width, stroke_dasharray=line.look.dash or None)
    add_head(group, line.look, route.points[-1], route.tip, line.width)


def _curve(points: tuple[Point, ...]) -> str:
    start, *others = (f"{x:g} {y:g}" for x, y in points)
    return f"M{start}C{' '.join(others)}"


def _add_number(body: Element, line: Line, area: Rectangle) -> None:
    group = add(linked(body, line.url), "g")
    add(group, "title", line.tip)
    add(group, "rect", class_="pill", x=area.x, y=area.y, width=area.width, height=area.height, rx=4)
    class_ = "number" if line.look is CUT_LINE else "name traffic-number"
    add_label(group, line.label, area.x + area.width / 2, area.y + 9.7, SMALL_SIZE, class_)
