"""Draw the dependency structure matrix of a component as an SVG picture: no layout engine is needed."""

from itertools import groupby

from cycles.render.captions import summary, title, tooltip
from cycles.render.diagram import LONGEST_LABEL
from cycles.render.plan_lines import plan_lines, steps_not_listed
from cycles.render.scene import Scene
from cycles.render.style import CUT, LINE_STYLES, OTHERS, RUNS, color_of
from cycles.render.svg_elements import Element, add, add_label, add_mark, as_text, identifier, linked
from cycles.render.svg_page import LegendEntry, SvgPage, begin_svg
from cycles.render.text_metrics import shortened, text_width
from cycles.report.format import clean, counted, short

_CELLS = ((40, 14.0), (150, 10.0), (300, 8.0))
"""How many modules have cells of which size, in points: the more modules, the smaller."""
_SMALLEST = 6.0
_STRIP = 5.0


def as_matrix(scene: Scene) -> str:
    """Return an SVG document: a row and a column for each module, a mark for each import, groups as blocks.

    A design structure matrix (D. V. Steward, "The design structure system", IEEE Trans.
    Eng. Management 28(3), 1981), with the foundations first.
    """
    size = len(scene.modules)
    cell = next((width for most, width in _CELLS if size <= most), _SMALLEST)
    letters = min(cell - 1, 9.0)
    labels = [shortened(module.label, LONGEST_LABEL) for module in scene.modules]
    room = max(text_width(label, letters) for label in labels) + 2 * _STRIP + 4
    root, body = begin_svg(_page(scene), room + size * cell, room + size * cell)
    cells = add(body, "g", transform=f"translate({room:.2f} {room:.2f})")
    add(cells, "rect", class_="backdrop", width=size * cell, height=size * cell)
    _add_blocks(cells, scene, cell)
    _add_grid(cells, size, cell)
    for place, (module, label) in enumerate(zip(scene.modules, labels, strict=True)):
        group = add(linked(cells, module.url), "g", class_="node", id=identifier(module.name))
        add(group, "title", clean(module.name))
        middle = place * cell + cell / 2 + letters * 0.34
        add_label(group, label, -2 * _STRIP, middle, letters, "ink row")
        column = add(group, "g", transform=f"translate({middle:.2f} {-2 * _STRIP:g}) rotate(-90)")
        add_label(column, label, 0, 0, letters, "ink")
    _add_marks(cells, scene, cell)
    return as_text(root)


def _page(scene: Scene) -> SvgPage:
    note = f"{counted(len(scene.dependencies), 'import')}: a mark in row R, column C says that R imports C"
    order = "Foundations first: what stays lies below the diagonal, what is to be cut above it."
    return SvgPage(
        title=title(scene),
        notes=(summary(scene), note),
        description=f"{summary(scene)}. {note}. {order}",
        plan=plan_lines(scene.plan, scene.prefix, scene.url_template),
        more=steps_not_listed(scene.plan),
        legend=tuple(_legend(scene)),
        remarks=(order,),
    )


def _legend(scene: Scene) -> list[LegendEntry]:
    """Explain the marks that occur, those of whole packages and cuts last, and the colours of groups."""
    found = {dependency.style for dependency in scene.dependencies}
    styles = sorted((style for style in LINE_STYLES if style in found), key=lambda style: style in (RUNS, CUT))
    groups = [shortened(short(group, scene.prefix), LONGEST_LABEL) for group in scene.groups]
    return [
        *(LegendEntry(words=style.words, mark=style.mark) for style in styles),
        *(LegendEntry(words=label, color=color_of(number)) for number, label in enumerate(groups)),
    ]


def _add_blocks(cells: Element, scene: Scene, cell: float) -> None:
    """Colour the cells of each module with itself, and what neighbours of one group have with one another."""
    for group, places in groupby(range(len(scene.modules)), key=lambda place: scene.modules[place].group):
        first, *others = places
        start, length = first * cell, (1 + len(others)) * cell
        color = OTHERS
        if group in scene.groups:
            color = color_of(scene.groups.index(group))
            add(cells, "rect", class_="block", x=start, y=start, width=length, height=length, fill=color)
            add(cells, "rect", x=-_STRIP - 1, y=start, width=_STRIP, height=length, fill=color)
            add(cells, "rect", x=start, y=-_STRIP - 1, width=length, height=_STRIP, fill=color)
        for place in (first, *others):
            add(cells, "rect", x=place * cell, y=place * cell, width=cell, height=cell, fill=color)


def _add_grid(cells: Element, size: int, cell: float) -> None:
    ends = f"{size * cell:g}"
    lines = [f"M0 {place * cell:g}H{ends}M{place * cell:g} 0V{ends}" for place in range(size + 1)]
    add(cells, "path", class_="grid", d="".join(lines))


def _add_marks(cells: Element, scene: Scene, cell: float) -> None:
    ranks = scene.ranks
    inset = max(1.0, cell * 0.14)
    for dependency in scene.dependencies:
        x, y = ranks[dependency.imported] * cell + inset, ranks[dependency.importer] * cell + inset
        mark = add_mark(linked(cells, dependency.url), dependency.style.mark, x, y, cell - 2 * inset)
        add(mark, "title", tooltip(dependency, exact=scene.cycles.exact))
