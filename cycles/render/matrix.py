"""A drawing in; its dependency structure matrix as an SVG picture, out: no layout engine is needed."""

from collections.abc import Iterator
from itertools import groupby

from cycles.render.captions import edge_url, summary, tip, title
from cycles.render.scene import Drawing, Edge
from cycles.render.source_links import link
from cycles.render.style import OTHERS, color_of
from cycles.render.svg_elements import Element, add, add_label, as_text, identifier, linked
from cycles.render.svg_page import Entry, Sheet, open_sheet
from cycles.render.symbols import Mark, add_mark
from cycles.render.text_metrics import shortened, text_width
from cycles.wording import clean, counted, short
from cycles.words import Kind

_CELLS = ((40, 14.0), (150, 10.0), (300, 8.0))
_SMALLEST = 6.0
_LONGEST_LABEL = 44
_STRIP = 5.0
_MARKS = {
    Kind.EAGER: (Mark.FULL, "eager import"),
    Kind.DEFERRED: (Mark.HOLLOW, "import in a function"),
    Kind.LAZY: (Mark.HOLLOW, "lazy import"),
    Kind.TYPING: (Mark.DOT, "import under TYPE_CHECKING"),
    Kind.MAIN: (Mark.DOT, "import under __main__"),
    Kind.UNKNOWN: (Mark.DOT, "import of a kind that could not be read"),
}
_RUNS = (Mark.HALF, "runs the package on the way")
_CUT = (Mark.CUT, "import to cut")


def as_matrix(drawing: Drawing, *, url_template: str | None = None) -> str:
    """An SVG document: a row and a column for each module, a mark for each import, groups as blocks.

    A design structure matrix (D. V. Steward, "The design structure system", IEEE Trans.
    Eng. Management 28(3), 1981), with the foundations first.
    """
    size = len(drawing.nodes)
    cell = next((width for most, width in _CELLS if size <= most), _SMALLEST)
    letters = min(cell - 1, 9.0)
    labels = [shortened(node.label, _LONGEST_LABEL) for node in drawing.nodes]
    room = max(text_width(label, letters) for label in labels) + 2 * _STRIP + 4
    root, body = open_sheet(_sheet(drawing), room + size * cell, room + size * cell)
    cells = add(body, "g", transform=f"translate({room:.2f} {room:.2f})")
    add(cells, "rect", class_="backdrop", width=size * cell, height=size * cell)
    _add_blocks(cells, drawing, cell)
    _add_grid(cells, size, cell)
    for place, (node, label) in enumerate(zip(drawing.nodes, labels, strict=True)):
        group = add(linked(cells, link(url_template, node.path, 1)), "g", class_="node")
        group.set("id", identifier("n", node.module))
        add(group, "title", clean(node.module))
        middle = place * cell + cell / 2 + letters * 0.34
        add_label(group, label, -2 * _STRIP, middle, letters, "ink row")
        column = add(group, "g", transform=f"translate({middle:.2f} {-2 * _STRIP:g}) rotate(-90)")
        add_label(column, label, 0, 0, letters, "ink")
    _add_marks(cells, drawing, cell, url_template)
    return as_text(root)


def _sheet(drawing: Drawing) -> Sheet:
    marks = {_mark(edge) for edge in drawing.edges}
    known = [*(mark for mark in _MARKS.values() if mark in marks), *(mark for mark in (_RUNS, _CUT) if mark in marks)]
    entries = [Entry(words=words, mark=mark) for mark, words in known]
    entries += [
        Entry(words=shortened(short(group, drawing.prefix), _LONGEST_LABEL), color=color_of(number))
        for number, group in enumerate(drawing.groups)
    ]
    note = f"{counted(len(drawing.edges), 'import')}: a mark in row R, column C says that R imports C"
    order = "Foundations first: what stays lies below the diagonal, what is to be cut above it."
    return Sheet(
        title=title(drawing),
        notes=(summary(drawing), note),
        description=f"{summary(drawing)}. {note}. {order}",
        entries=tuple(entries),
        remarks=(order,),
    )


def _mark(edge: Edge) -> tuple[Mark, str]:
    if edge.cut:
        return _CUT
    return _RUNS if edge.implied and edge.kind is Kind.EAGER else _MARKS[edge.kind]


def _color(group: str, drawing: Drawing) -> str:
    return color_of(drawing.groups.index(group)) if group in drawing.groups else OTHERS


def _blocks(drawing: Drawing) -> Iterator[tuple[str, int, int]]:
    """Runs of neighbours in one group: the group, its first place, how many there are."""
    for group, places in groupby(range(len(drawing.nodes)), key=lambda place: drawing.nodes[place].group):
        first, *others = places
        yield group, first, 1 + len(others)


def _add_blocks(cells: Element, drawing: Drawing, cell: float) -> None:
    for group, first, count in _blocks(drawing):
        color = _color(group, drawing)
        start, length = first * cell, count * cell
        if group in drawing.groups:
            add(cells, "rect", class_="block", x=start, y=start, width=length, height=length, fill=color)
            add(cells, "rect", x=-_STRIP - 1, y=start, width=_STRIP, height=length, fill=color)
            add(cells, "rect", x=start, y=-_STRIP - 1, width=length, height=_STRIP, fill=color)
        for place in range(first, first + count):
            add(cells, "rect", x=place * cell, y=place * cell, width=cell, height=cell, fill=color)


def _add_grid(cells: Element, size: int, cell: float) -> None:
    ends = f"{size * cell:g}"
    lines = [f"M0 {place * cell:g}H{ends}M{place * cell:g} 0V{ends}" for place in range(size + 1)]
    add(cells, "path", class_="grid", d="".join(lines))


def _add_marks(cells: Element, drawing: Drawing, cell: float, url_template: str | None) -> None:
    ranks = drawing.ranks
    inset = max(1.0, cell * 0.14)
    side = cell - 2 * inset
    for edge in drawing.edges:
        x, y = ranks[edge.imported] * cell + inset, ranks[edge.importer] * cell + inset
        mark, _ = _mark(edge)
        found = add_mark(linked(cells, edge_url(url_template, edge)), mark, x, y, side)
        add(found, "title", tip(edge, exact=drawing.cycles.exact))
