"""Draw the dependency structure matrix of a diagram as an SVG picture: no layout engine is needed."""

from itertools import groupby

from cycles.render.diagram_model import Box, Diagram
from cycles.render.geometry import Point
from cycles.render.module_diagram import module_diagram
from cycles.render.package_diagram import bundle_diagram, group_diagrams
from cycles.render.package_groups import balanced_groups
from cycles.render.scene import Scene
from cycles.render.style import AGAINST, CUT, LINE_STYLES, OTHERS, RUNS, TRAFFIC
from cycles.render.svg_elements import Element, add, add_label, add_mark, as_text, identifier, linked
from cycles.render.svg_page import LegendEntry, SvgPage, begin_svg
from cycles.render.text_metrics import ending, text_width

_MOST_MODULES, _MOST_PARTS, _SHARE = 75, 60, 16
"""How many rows can be read in a README; a larger component has a row for each of its parts."""
_CELLS = ((40, 14.0),)
_SMALLEST = 10.0
"""How many rows have cells of which size, in points."""
_LETTERS, _DIGITS = 9.0, 7.5
_APART = 1.5
"""Between the numbers of neighbouring cells, in points."""
_WORDS = {TRAFFIC: "imports between packages"}
"""What a cell has no room to say: how many."""
_LONGEST_LABEL = 38
_LISTED = 2
"""Imports that a tooltip names of many: there are thousands of cells."""
_STRIP = 5.0
_ORDER = "Foundations first: what stays lies below the diagonal, what is to be cut above it."


def component_matrix(scene: Scene) -> str:
    """Return the matrix of a component: by modules, or by parts where these are too many to be read."""
    if scene.by and len(scene.modules) <= _MOST_MODULES:
        return as_matrix(next(group_diagrams(scene)), order="")
    if len(scene.modules) <= _MOST_MODULES:
        return as_matrix(module_diagram(scene, all_imports=True), order=_ORDER)
    parts = balanced_groups([module.name for module in scene.modules], _MOST_PARTS, _SHARE)
    return as_matrix(bundle_diagram(scene, parts, listed=_LISTED), order="")


def as_matrix(diagram: Diagram, *, order: str) -> str:
    """Return an SVG document: a row and a column for each box, a mark for each arrow, groups as blocks.

    A design structure matrix (D. V. Steward, "The design structure system", IEEE Trans.
    Eng. Management 28(3), 1981), with the foundations first.
    """
    size = len(diagram.boxes)
    cell = next((width for most, width in _CELLS if size <= most), _SMALLEST)
    labels = [_label(box) for box in diagram.boxes]
    room = max((text_width(label, _LETTERS) for label in labels), default=0) + 2 * _STRIP + 4
    root, body = begin_svg(_page(diagram, order), room + size * cell, room + size * cell)
    cells = add(body, "g", transform=f"translate({room:.2f} {room:.2f})")
    add(cells, "rect", class_="backdrop", width=size * cell, height=size * cell)
    _add_blocks(cells, diagram, cell)
    _add_grid(cells, size, cell)
    for place, (box, label) in enumerate(zip(diagram.boxes, labels, strict=True)):
        group = add(linked(cells, box.url), "g", class_="node", id=identifier(box.name))
        add(group, "title", box.tooltip)
        middle = place * cell + cell / 2 + _LETTERS * 0.34
        add_label(group, label, -2 * _STRIP, middle, _LETTERS, "ink row")
        column = add(group, "g", transform=f"translate({middle:.2f} {-2 * _STRIP:g}) rotate(-90)")
        add_label(column, label, 0, 0, _LETTERS, "ink")
    _add_marks(cells, diagram, cell)
    return as_text(root)


def _label(box: Box) -> str:
    return ending(f"{box.above}.{box.label}" if box.above else box.label, _LONGEST_LABEL)


def _page(diagram: Diagram, order: str) -> SvgPage:
    note = "A mark in row R, column C says that R imports C; a number is a step of the plan."
    return SvgPage(
        title=diagram.title,
        notes=(diagram.notes[0], note),
        description=f"{diagram.title}. {diagram.notes[0]}. {note} {order}".strip(),
        plan=diagram.plan,
        more=diagram.more,
        legend=tuple(_legend(diagram)),
        remarks=(order,) if order else diagram.remarks,
    )


def _legend(diagram: Diagram) -> list[LegendEntry]:
    """Explain the marks that occur, those of whole packages and cuts last, and the colours of groups."""
    found = {arrow.style for arrow in diagram.arrows}
    styles = sorted((style for style in LINE_STYLES if style in found), key=lambda style: style in (RUNS, CUT))
    colors = {box.color for box in diagram.boxes}
    return [
        *(
            LegendEntry(words=diagram.cut_words if style is CUT else _WORDS.get(style, style.words), mark=style.mark)
            for style in styles
            if style is not AGAINST  # where a mark stands says that
        ),
        *(LegendEntry(words=group.label, color=group.color) for group in diagram.groups if group.color in colors),
    ]


def _add_blocks(cells: Element, diagram: Diagram, cell: float) -> None:
    """Colour the cells of each box with itself, and what neighbours of one group have with one another."""
    for color, places in groupby(range(len(diagram.boxes)), key=lambda place: diagram.boxes[place].color):
        first, *others = places
        start, length = first * cell, (1 + len(others)) * cell
        if color not in (None, OTHERS):
            add(cells, "rect", class_="block", x=start, y=start, width=length, height=length, fill=color)
            add(cells, "rect", x=-_STRIP - 1, y=start, width=_STRIP, height=length, fill=color)
            add(cells, "rect", x=start, y=-_STRIP - 1, width=length, height=_STRIP, fill=color)
        for place in (first, *others):
            add(cells, "rect", x=place * cell, y=place * cell, width=cell, height=cell, fill=color or OTHERS)


def _add_grid(cells: Element, size: int, cell: float) -> None:
    ends = f"{size * cell:g}"
    lines = [f"M0 {place * cell:g}H{ends}M{place * cell:g} 0V{ends}" for place in range(size + 1)]
    add(cells, "path", class_="grid", d="".join(lines))


def _add_marks(cells: Element, diagram: Diagram, cell: float) -> None:
    ranks = {box.name: place for place, box in enumerate(diagram.boxes)}
    inset = cell * 0.14
    for arrow in diagram.arrows:
        x, y = ranks[arrow.imported] * cell + inset, ranks[arrow.importer] * cell + inset
        group = add(linked(cells, arrow.url), "g")
        add(group, "title", arrow.tooltip)
        add_mark(group, arrow.style.mark, x, y, cell - 2 * inset)
        if arrow.steps:
            # Neighbours do not touch, and of a step above 99 the number is small rather than left out.
            size = _DIGITS * min(1.0, (cell - _APART) / text_width(arrow.steps[0], _DIGITS, bold=True))
            middle = Point(x + cell / 2 - inset, y + cell / 2 - inset + 0.35 * size)
            add(group, "text", arrow.steps[0], class_="number", x=middle.x, y=middle.y, font_size=f"{size:.3g}")
