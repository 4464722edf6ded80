"""Begin an SVG picture: its title and notes, its legend, and its colours by light and by dark."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, auto

from cycles.render.captions import PlanLine
from cycles.render.geometry import Point, Rectangle
from cycles.render.style import DARK, LIGHT, LineStyle, Mark, Scheme
from cycles.render.svg_elements import Element, add, add_disc, add_head, add_label, add_mark, linked
from cycles.render.text_metrics import text_width

COLUMN = 830
"""Pixels: how wide a README is on GitHub, and a picture in it at most."""
MARGIN = 20.0
_TITLE_SIZE, _NOTE_SIZE, _LEGEND_SIZE, _REMARK_SIZE = 15.0, 11.0, 11.0, 10.5
_LEAST_WIDTH = 420.0
_WIDE, _LARGEST_SCALE = 1100.0, 2.5
_SAMPLE, _GAP, _ROW = 30.0, 20.0, 18.0
_PLAN_SIZE, _PLAN_ROW, _DISC = 11.5, 19.0, 15.0
_FIRST_LOOK = 680.0
"""Pixels of a picture in a README that are on the screen at once: the plan has to begin there."""


class _Side(Enum):
    """Where the plan is, as seen from the picture."""

    BELOW = auto()
    ABOVE = auto()
    BESIDE = auto()


@dataclass(frozen=True, slots=True)
class LegendEntry:
    """One entry of a legend: a line with a style, a mark, or a square with a colour."""

    words: str
    style: LineStyle | None = None
    mark: Mark | None = None
    color: str | None = None

    @property
    def width(self) -> float:
        """How much room it takes, with the gap after it."""
        sample = _SAMPLE if self.style else _ROW
        return sample + text_width(self.words, _LEGEND_SIZE) + _GAP


@dataclass(frozen=True, slots=True)
class SvgPage:
    """What is around a picture: above it title and notes, below it the plan, the legend and remarks.

    The plan of a tall picture is beside it, or above it: below, nobody would see it at once. `more` says what the plan
    leaves out. `description` says the same as the picture to those who cannot see it.
    """

    title: str
    notes: tuple[str, ...]
    description: str
    plan: tuple[PlanLine, ...]
    more: str
    legend: tuple[LegendEntry, ...]
    remarks: tuple[str, ...]

    @property
    def is_linked(self) -> bool:
        """Whether there are links in the picture: the steps of its plan have them then."""
        return any(line.url for line in self.plan)


def begin_svg(page: SvgPage, width: float, height: float) -> tuple[Element, Element]:
    """Return an `svg` element, and in it the group where a picture of that size is to be drawn, from (0, 0).

    The letters around a wide picture are larger: it will be looked at from further away.
    """
    scale = round(min(max(width / _WIDE, 1.0), _LARGEST_SCALE), 2)
    wide, high = width / scale, height / scale
    top = MARGIN + 24 + 16 * len(page.notes) + 12
    side = _side(page, wide, top + high, scale)
    column = _plan_width(page) if side is _Side.BESIDE else 0
    inside = max(_least_width(page), wide + bool(column) * _GAP + column)
    rows = list(_rows(page.legend, inside))
    listed = _plan_height(page, column or inside)
    picture = top + listed + _GAP / 2 if side is _Side.ABOVE else top
    plan = picture + high + 22 if side is _Side.BELOW else top + 12
    legend = max(picture + high + 22, plan + listed)
    remarks = legend + _ROW * len(rows) + 2
    total = remarks + 15 * len(page.remarks) + MARGIN - 8
    root = _root(page, round((inside + 2 * MARGIN) * scale), round(total * scale))
    around = root if scale == 1 else add(root, "g", transform=f"scale({scale:g})")
    add_label(around, page.title, MARGIN, MARGIN + 12, _TITLE_SIZE, "title")
    for number, note in enumerate(page.notes):
        add_label(around, note, MARGIN, MARGIN + 32 + 16 * number, _NOTE_SIZE, "muted")
    _add_plan(around, page, Point(MARGIN + bool(column) * (inside - column), plan), column or inside)
    for number, row in enumerate(rows):
        _add_row(around, row, legend + _ROW * number)
    for number, remark in enumerate(page.remarks):
        add_label(around, remark, MARGIN, remarks + 15 * number, _REMARK_SIZE, "muted")
    left = (MARGIN + (inside - bool(column) * (_GAP + column)) / 2) * scale - width / 2
    return root, add(root, "g", transform=f"translate({left:.2f} {picture * scale:.2f})")


def _side(page: SvgPage, width: float, bottom: float, scale: float) -> _Side:
    """Return where the plan can be seen at once: below the picture, else beside it where both fit into a column."""
    inside = max(_least_width(page), width) + 2 * MARGIN
    if not page.plan or (bottom + 2 * _PLAN_ROW) * scale * min(1.0, COLUMN / (inside * scale)) <= _FIRST_LOOK:
        return _Side.BELOW
    return _Side.BESIDE if width + _GAP + _plan_width(page) + 2 * MARGIN <= COLUMN else _Side.ABOVE


def _plan_widths(plan: Sequence[PlanLine]) -> tuple[float, float]:
    """Return how wide the cuts of a plan are, and the places of their statements."""
    cuts = [text_width(line.cut, _PLAN_SIZE) for line in plan]
    places = [text_width(line.place, _PLAN_SIZE) for line in plan]
    return max(cuts, default=0), max(places, default=0)


def _plan_width(page: SvgPage) -> float:
    """Return how wide the plan is in one column."""
    return _DISC + 1.5 * _GAP + sum(_plan_widths(page.plan))


def _plan_rows(page: SvgPage, inside: float) -> int:
    """Return how many rows the plan takes: in two columns, one below the other, where there is room for both."""
    width = _DISC + _GAP / 2 + sum(_plan_widths(page.plan)) + _GAP
    columns = 2 if len(page.plan) > 2 and 2 * width + _GAP <= inside else 1  # noqa: PLR2004  a short plan reads downward
    return -(-len(page.plan) // columns)


def _plan_height(page: SvgPage, inside: float) -> float:
    rows = _plan_rows(page, inside) + bool(page.more)
    return _PLAN_ROW * rows + 8 if rows else 0


def _add_plan(root: Element, page: SvgPage, start: Point, inside: float) -> None:
    """Add a line for each step: its number, what to cut, and where the statement is."""
    rows = _plan_rows(page, inside)
    cuts, places = _plan_widths(page.plan)
    for place, line in enumerate(page.plan):
        column, row = divmod(place, rows)
        x, baseline = start.x + column * (_DISC + cuts + places + 2.5 * _GAP), start.y + _PLAN_ROW * row
        disc = max(_DISC, text_width(line.number, 10, bold=True) + 7)
        add_disc(root, line.number, Rectangle(x, baseline - 11.5, disc, _DISC), line.look)
        add_label(root, line.cut, x + _DISC + _GAP / 2, baseline, _PLAN_SIZE, "ink")
        x_place = x + _DISC + cuts + 1.5 * _GAP
        add_label(linked(root, line.url), line.place, x_place, baseline, _PLAN_SIZE, "muted")
    if page.more:
        x = start.x + _DISC + _GAP / 2
        add_label(root, page.more, x, start.y + _PLAN_ROW * rows, _PLAN_SIZE, "muted")


def _least_width(page: SvgPage) -> float:
    """Return what the texts need."""
    sizes = [
        text_width(page.title, _TITLE_SIZE, bold=True),
        *(text_width(note, _NOTE_SIZE) for note in page.notes),
        *(text_width(remark, _REMARK_SIZE) for remark in page.remarks),
        *(entry.width for entry in page.legend),
        _plan_width(page),
    ]
    return max(_LEAST_WIDTH, *sizes)


def _root(page: SvgPage, width: float, height: float) -> Element:
    attributes = {
        "xmlns": "http://www.w3.org/2000/svg",
        "width": f"{width:g}",
        "height": f"{height:g}",
        "viewBox": f"0 0 {width:g} {height:g}",
        # What is one image has no links in it: a screen reader would not offer them.
        "role": "group" if page.is_linked else "img",
        "aria-labelledby": "cycles-title cycles-description",
    }
    root = Element("svg", attributes)
    add(root, "title", page.title, id="cycles-title")
    add(root, "desc", page.description, id="cycles-description")
    add(root, "style").text = _css()
    add(root, "rect", class_="paper", width="100%", height="100%")
    return root


def _rows(legend: Sequence[LegendEntry], width: float) -> Iterator[list[LegendEntry]]:
    """Break a legend into rows that are no wider than the picture."""
    row: list[LegendEntry] = []
    for entry in legend:
        if row and sum(other.width for other in (*row, entry)) - _GAP > width:
            yield row
            row = []
        row.append(entry)
    if row:
        yield row


def _add_row(root: Element, row: Iterable[LegendEntry], y: float) -> None:
    x = MARGIN
    for entry in row:
        if entry.style:
            line = add(root, "g", class_=f"line {entry.style.look}".strip())
            add(line, "path", d=f"M{x:g} {y - 4:g}h15", stroke_dasharray=entry.style.dash or None, stroke_width=1.6)
            add_head(line, entry.style, Point(x + 15, y - 4), Point(x + 23, y - 4), 1.6)
        elif entry.mark:
            add_mark(root, entry.mark, x, y - 9, 10)
        else:
            add(root, "rect", fill=entry.color, x=x, y=y - 9, width=10, height=10)
        x_text = x + (_SAMPLE if entry.style else _ROW - 2)
        add_label(root, entry.words, x_text, y, _LEGEND_SIZE, "ink")
        x += entry.width


def _css() -> str:
    return (
        'text{font-family:Helvetica,Arial,"Liberation Sans",sans-serif}'
        ".title{font-weight:bold}.name{text-anchor:middle}.on-color{fill:#1F2328}"
        ".line path,.line circle{fill:none}.frame{stroke-width:1}.box{stroke-width:1}"
        ".number{text-anchor:middle;font-weight:bold}.row{text-anchor:end}.block{opacity:.35}"
        ".line .hit{stroke:transparent;stroke-width:9}.line:hover path:not(.hit){stroke-width:3.5}"
        ".node:hover .box{stroke-width:2.5}"
        ".grid{fill:none;stroke-width:.5;opacity:.35}.mark-hollow{stroke-width:1.3}"
        f"{_colors(LIGHT)}@media (prefers-color-scheme:dark){{{_colors(DARK)}}}"
    )


def _colors(scheme: Scheme) -> str:
    return (
        f".paper,.pill{{fill:{scheme.paper}}}.ink,.title,.plain-name{{fill:{scheme.ink}}}.muted{{fill:{scheme.muted}}}"
        f".box{{stroke:{scheme.border}}}.plain{{fill:{scheme.plain}}}.frame,.backdrop{{fill:{scheme.backdrop}}}"
        f".line path,.line circle{{stroke:{scheme.line}}}.line .head{{fill:{scheme.line}}}"
        f".frame{{stroke:{scheme.line}}}"
        f".line .hollow{{fill:{scheme.paper}}}"
        f".grid{{stroke:{scheme.border}}}.mark-full,.mark-half,.mark-dot{{fill:{scheme.muted}}}"
        f".mark-hollow{{fill:{scheme.paper};stroke:{scheme.muted}}}"
        f".mark-cut{{fill:{scheme.cut};stroke:{scheme.paper};stroke-width:.6}}"
        f".cut path{{stroke:{scheme.cut}}}.cut .head{{fill:{scheme.cut}}}"
        f".gone path{{stroke:{scheme.gone}}}.gone .head{{fill:{scheme.gone}}}"
        f".disc{{fill:{scheme.cut}}}.gone-disc{{fill:{scheme.gone}}}.number{{fill:{scheme.on_cut}}}.traffic-number{{fill:{scheme.ink}}}"
    )
