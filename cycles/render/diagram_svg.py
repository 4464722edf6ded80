"""Draw a diagram that is laid out as an SVG picture."""

from collections.abc import Sequence

from cycles.render.diagram import LABEL_SIZE, SMALL_SIZE, Arrow, Box, Diagram, Group
from cycles.render.geometry import Point, Rectangle, Route
from cycles.render.label_placement import FRAME_SIZE
from cycles.render.layout import Layout
from cycles.render.style import CUT, LINE_STYLES
from cycles.render.svg_elements import Element, add, add_head, add_label, as_text, identifier, linked
from cycles.render.svg_page import LegendEntry, SvgPage, begin_svg

_DESCRIBED = 20
"""Imports to cut that the description lists: somebody has to listen to it."""


def diagram_as_svg(diagram: Diagram, layout: Layout) -> str:
    """Return an SVG document: frames at the back, then arrows, boxes, and the labels of frames and arrows in front."""
    page = SvgPage(
        title=diagram.title,
        notes=diagram.notes,
        description=_description(diagram),
        legend=tuple(_legend(diagram)),
        remarks=diagram.remarks,
    )
    root, body = begin_svg(page, layout.width, layout.height)
    for frame, area in zip(diagram.frames, layout.frames, strict=True):
        add(body, "rect", class_="frame", **_size(area), rx=8, stroke=frame.color)
    # What is to be cut crosses over what stays.
    routed = sorted(zip(diagram.arrows, layout.routes, strict=True), key=lambda pair: pair[0].style is CUT)
    for arrow, route in routed:
        _add_arrow(body, arrow, route)
    for box, area in zip(diagram.boxes, layout.boxes, strict=True):
        _add_box(body, box, area)
    for frame, area in zip(diagram.frames, layout.frame_labels, strict=True):
        _add_frame_label(body, frame, area)
    for arrow, label in zip(diagram.arrows, layout.labels, strict=True):
        if label:
            _add_label(body, arrow, label)
    return as_text(root)


def _description(diagram: Diagram) -> str:
    cuts = [arrow for arrow in diagram.arrows if arrow.style is CUT]
    listed = [f"{arrow.importer} → {arrow.imported} ({arrow.label})" for arrow in cuts[:_DESCRIBED]]
    listed += [f"{len(cuts) - len(listed):,} more"] if len(cuts) > len(listed) else []
    return ". ".join((*diagram.notes, *((f"{diagram.cut_words}: {', '.join(listed)}",) if listed else ())))


def _legend(diagram: Diagram) -> list[LegendEntry]:
    """Explain the styles of arrows that occur, and the groups that have no frame."""
    found = {arrow.style for arrow in diagram.arrows}
    entries = [
        LegendEntry(words=diagram.cut_words if style is CUT else style.words, style=style)
        for style in LINE_STYLES
        if style in found
    ]
    unframed = diagram.groups if diagram.crowded else ()
    return [*entries, *(LegendEntry(words=group.label, color=group.color) for group in unframed)]


def _size(area: Rectangle) -> dict[str, float]:
    return {"x": area.x, "y": area.y, "width": area.width, "height": area.height}


def _add_frame_label(body: Element, frame: Group, area: Rectangle) -> None:
    """Add a label in front of the arrows: they may have to pass where it is."""
    add(body, "rect", class_="backdrop", **_size(area), rx=4)
    add_label(body, frame.label, area.x + 3, area.y + 10, FRAME_SIZE, "muted")


def _add_box(body: Element, box: Box, area: Rectangle) -> None:
    group = add(linked(body, box.url), "g", id=identifier(box.name), class_="node")
    add(group, "title", box.tooltip)
    add(group, "rect", class_="box" if box.color else "box plain", **_size(area), rx=5, fill=box.color)
    first = area.center.y + 4 - 6 * (len(box.label) - 1)
    for number, text in enumerate(box.label):
        size = SMALL_SIZE if number else LABEL_SIZE
        class_ = f"name {'on-color' if box.color else 'plain-name'}"
        add_label(group, text, area.center.x, first + 12 * number, size, class_)


def _add_arrow(body: Element, arrow: Arrow, route: Route) -> None:
    group = add(linked(body, arrow.url), "g", class_="line cut" if arrow.style is CUT else "line")
    group.set("data-importer", identifier(arrow.importer))
    group.set("data-imported", identifier(arrow.imported))
    add(group, "title", arrow.tooltip)
    curve = _curve(route.points)
    # Invisible, and wide enough to be pointed at.
    add(group, "path", class_="hit", d=curve)
    add(group, "path", d=curve, stroke_width=arrow.width, stroke_dasharray=arrow.style.dash or None)
    add_head(group, arrow.style, route.points[-1], route.tip, arrow.width)


def _curve(points: Sequence[Point]) -> str:
    start, *others = (f"{x:g} {y:g}" for x, y in points)
    return f"M{start}C{' '.join(others)}"


def _add_label(body: Element, arrow: Arrow, area: Rectangle) -> None:
    group = add(linked(body, arrow.url), "g")
    add(group, "title", arrow.tooltip)
    add(group, "rect", class_="pill", **_size(area), rx=4)
    class_ = "number" if arrow.style is CUT else "name traffic-number"
    add_label(group, arrow.label, area.center.x, area.y + 9.7, SMALL_SIZE, class_)
