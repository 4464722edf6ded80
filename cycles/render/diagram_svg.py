"""Draw a diagram that is laid out as an SVG picture."""

from collections.abc import Sequence

from cycles.render.diagram_model import SMALL_SIZE, Arrow, Box, Diagram, Group, line_height
from cycles.render.geometry import Point, Rectangle, Route
from cycles.render.layout import FRAME_SIZE, Layout
from cycles.render.style import CUT, LINE_STYLES
from cycles.render.svg_elements import Element, add, add_disc, add_head, add_label, as_text, identifier, linked
from cycles.render.svg_page import LegendEntry, SvgPage, begin_svg


def diagram_as_svg(diagram: Diagram, layout: Layout) -> str:
    """Return an SVG document: frames at the back, then arrows, boxes, and the labels of frames and arrows in front."""
    page = SvgPage(
        title=diagram.title,
        notes=diagram.notes,
        description=_description(diagram),
        plan=diagram.plan,
        more=diagram.more,
        legend=tuple(_legend(diagram)),
        remarks=diagram.remarks,
    )
    root, body = begin_svg(page, layout.width, layout.height)
    for area in layout.frames:
        add(body, "rect", class_="frame", **area._asdict(), rx=8)
    # What is to be cut crosses over what stays.
    routed = sorted(zip(diagram.arrows, layout.routes, strict=True), key=lambda pair: bool(pair[0].style.look))
    for arrow, route in routed:
        _add_arrow(body, arrow, route)
    for box, area in zip(diagram.boxes, layout.boxes, strict=True):
        _add_box(body, box, area)
    for frame, area in zip(diagram.frames, layout.frame_labels, strict=True):
        _add_frame_label(body, frame, area)
    for arrow, spot in zip(diagram.arrows, layout.labels, strict=True):
        if spot:
            _add_label(body, arrow, spot)
    return as_text(root)


def _description(diagram: Diagram) -> str:
    """Say the same in words; names of modules are told in full by the tooltips."""
    steps = [f"{line.number}: {line.cut}, {line.place}" for line in diagram.plan]
    listed = [f"Imports to cut: {'; '.join(steps)}{' ' if diagram.more else ''}{diagram.more}"] if steps else []
    return ". ".join((diagram.title, *diagram.notes, *listed))


def _legend(diagram: Diagram) -> list[LegendEntry]:
    """Explain the styles of arrows that occur, and the groups that occur and have no frame."""
    found = {arrow.style for arrow in diagram.arrows}
    entries = [
        LegendEntry(words=diagram.cut_words if style is CUT else style.words, style=style)
        for style in LINE_STYLES
        if style in found
    ]
    framed = {group.name for group in diagram.frames}
    colors = {box.color for box in diagram.boxes}
    unframed = [group for group in diagram.groups if group.name not in framed and group.color in colors]
    return [*entries, *(LegendEntry(words=group.label, color=group.color) for group in unframed)]


def _add_frame_label(body: Element, frame: Group, area: Rectangle) -> None:
    """Add a label in front of the arrows: they may have to pass where it is."""
    add(body, "rect", class_="backdrop", **area._asdict(), rx=4)
    add_label(body, frame.label, area.x + 3, area.y + 10, FRAME_SIZE, "muted")


def _add_box(body: Element, box: Box, area: Rectangle) -> None:
    group = add(linked(body, box.url), "g", id=identifier(box.name), class_="node")
    add(group, "title", box.tooltip)
    add(group, "rect", class_="box" if box.color else "box plain", **area._asdict(), rx=5, fill=box.color)
    class_ = f"name {'on-color' if box.color else 'plain-name'}"
    y = area.y + (area.height - sum(line_height(size) for _, size in box.lines)) / 2
    for text, size in box.lines:
        y += line_height(size)
        add_label(group, text, area.center.x, y - 0.24 * size, size, class_)


def _add_arrow(body: Element, arrow: Arrow, route: Route) -> None:
    group = add(linked(body, arrow.url), "g", class_=f"line {arrow.style.look}".strip())
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
    """Add the discs of the steps of an arrow, and its label after these."""
    group = add(linked(body, arrow.url), "g")
    add(group, "title", arrow.tooltip)
    if arrow.label:
        add(group, "rect", class_="pill", **area._asdict(), rx=4)
    x, baseline = area.x, area.y + area.height / 2 + 0.35 * SMALL_SIZE
    for text, width in zip(arrow.steps, arrow.discs, strict=True):
        add_disc(group, text, Rectangle(x, area.y, width, area.height), arrow.style.look)
        x += width + 1
    if arrow.label:
        add_label(group, arrow.label, (x + area.x + area.width) / 2, baseline, SMALL_SIZE, "name traffic-number")
