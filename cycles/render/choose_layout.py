"""Lay a diagram out in several ways, until one can be read: small enough, no line behind a box, few that cross."""

import math
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from random import Random

from cycles import limits
from cycles.render.diagram_model import Diagram
from cycles.render.dot import Way
from cycles.render.geometry import STEP, Point
from cycles.render.layout import Layout, lay_out
from cycles.render.layout_program import Engine
from cycles.render.svg_page import COLUMN, MARGIN

_CELL = 40.0


@dataclass(frozen=True, slots=True)
class _Quality:
    """How well a picture can be read.

    Attributes:
        letters: the height of the smallest name in pixels, where the picture is shown in a column of 830 pixels.
        behind: how many lines run behind a box at which they do not end: they seem to end there.
        crossings: how many pairs of lines cross.
        covered: how many labels are on a box or another label.
    """

    letters: float
    behind: int
    crossings: int
    covered: int


_LETTERS, _SMALL_LETTERS = 8.0, 7.0
"""How high names must be at least, in pixels, in a README; and those of a component that has many modules."""
_MANY_MODULES = 60
_CROSSINGS = 1.5
"""For each line: with more of them a picture is a thicket."""
_DEPTHS = (1.0, 1.6, 2.4, 3.6)
"""How much deeper layers are tried to be than the width of their boxes asks for: lines that pass need room too."""
_HOPELESS = 4
"""Names that are so many times too small, and lines that cross so many times too often."""
_BOX_GAP = 10.0
_WAYS = (
    Way(patient=True, straight=True, loose=True),
    Way(patient=True, straight=True, loose=True, backward=True),
    Way(patient=True, straight=True),
    Way(patient=True, straight=True, backward=True),
    Way(patient=True),
)
"""Tried first, in this order, where lines cross: each has the fewest crossings for some packages."""
_MOST_WAYS = 25
"""Small diagrams too are laid out so often at most, in a second: what crosses then crosses in nearly every way."""
_FLAT = 4
"""Times as wide as it is high: there is room for more between the layers."""
_MOST_MOVED = 2
"""Arrows that are made longer or shorter at a time: a small change keeps most of what is good."""


@dataclass(frozen=True, slots=True)
class Arranged:
    """A diagram, where all of it is, how well it can be read, and in which way it was laid out."""

    diagram: Diagram
    layout: Layout
    quality: _Quality
    way: Way


def arrange(diagrams: Iterable[Diagram], engine: Engine, *, seconds: float, letters: float) -> Arranged | None:
    """Return the first of several diagrams that can be read, else the best one; None where the engine fails.

    A diagram that is too wide is laid out again with its widest layers spread over several.
    """
    best: Arranged | None = None
    for diagram in diagrams:
        found = _deepened(diagram, engine, seconds, letters)
        if found is None:
            break
        if best is None or _badness(found, letters) < _badness(best, letters):
            best = found
        # Frames keep boxes together that others could stand nearer to: colours do without the crossings.
        if is_legible(best, letters) and not (best.diagram.framed and best.quality.crossings):
            break
    return best


def untangled(found: Arranged, engine: Engine, *, seconds: float, letters: float) -> Arranged:
    """Return a diagram as it is laid out, or in another way if fewer of its lines cross then.

    After some fixed ways the best one is varied, step by step: some of its arrows lead down a layer more, or less. What
    is no worse is varied next. Always the same variations are tried.
    """
    best = found
    lines = len(found.diagram.arrows)
    for number in range(min(_MOST_WAYS, limits.LINES_COMPARED // (lines * lines or 1))):
        if not best.quality.crossings:
            break
        way = replace(_WAYS[number], spans=found.way.spans) if number < len(_WAYS) else _varied(best, number)
        layout = lay_out(found.diagram, engine, seconds=seconds, way=way)
        if layout is None:
            break
        other = Arranged(found.diagram, layout, quality(found.diagram, layout), way)
        # Of two with as many crossings curves are easier to follow: each line has its own way.
        best = min(other, best, key=lambda arranged: (*_badness(arranged, letters), arranged.way.straight))
    return best


def _varied(arranged: Arranged, number: int) -> Way:
    """Return a way that is like that of a diagram: the same one for the same number."""
    chance = Random(number)  # noqa: S311  not for secrets
    spans = dict(arranged.way.spans)
    for arrow in chance.sample(range(len(arranged.diagram.arrows)), chance.randint(1, _MOST_MOVED)):
        spans[arrow] = max(1, spans.get(arrow, 1) + chance.choice((1, 1, -1)))
    straight, loose, backward = (chance.random() < part for part in (0.6, 0.5, 0.5))
    tall = arranged.way.tall or arranged.layout.width > _FLAT * arranged.layout.height
    return Way(spans, straight=straight, loose=loose, backward=backward, tall=tall)


def _deepened(diagram: Diagram, engine: Engine, seconds: float, letters: float) -> Arranged | None:
    """Return the first layout of a diagram that can be read, deeper and deeper, else the best one."""
    best: Arranged | None = None
    base: Layout | None = None
    way = Way()
    for depth in _DEPTHS:
        layout = lay_out(diagram, engine, seconds=seconds, way=way)
        if layout is None:
            break
        found = Arranged(diagram, layout, quality(diagram, layout), way)
        if best is None or _badness(found, letters) < _badness(best, letters):
            best = found
        enough = is_legible(best, letters) or found.quality.letters >= letters
        if enough or diagram.framed or _is_hopeless(found, letters):
            break
        base = base or layout
        way = Way(spans=_spread(diagram, base, letters, depth))
    return best


def _is_hopeless(arranged: Arranged, letters: float) -> bool:
    """Tell whether a picture is so far from legible that more layers will not help."""
    found = arranged.quality
    return found.letters * _HOPELESS < letters or found.crossings > _HOPELESS * _CROSSINGS * len(
        arranged.diagram.arrows
    )


def is_legible(arranged: Arranged, letters: float) -> bool:
    """Tell whether names are large enough, no line runs behind a box, and lines can be followed."""
    found = arranged.quality
    tangled = found.crossings > _CROSSINGS * len(arranged.diagram.arrows)
    return found.letters >= letters and not found.behind and not found.covered and not tangled


def least_letters(modules: int) -> float:
    """Return how high the names of a component of that many modules must be."""
    return _LETTERS if modules <= _MANY_MODULES else _SMALL_LETTERS


def _badness(found: Arranged, letters: float) -> tuple[bool, int, int]:
    """Return how bad a picture is: what hides something, then whole pixels that names are too small, then crossings."""
    return (
        found.quality.behind > 0 or found.quality.covered > 0,
        math.ceil(max(0.0, letters - found.quality.letters)),
        found.quality.crossings,
    )


def _spread(diagram: Diagram, layout: Layout, letters: float, depth: float) -> dict[int, int]:
    """Return how many layers arrows must lead down for the boxes of no layer to be wider than there is room for.

    Every second, or third, box of a layer that is too wide goes a layer deeper, as Graphviz' `unflatten` does it.
    """
    smallest = min(size for box in diagram.boxes for _, size in box.lines)
    room = (smallest * COLUMN / letters - 2 * MARGIN) / depth
    rows: dict[int, list[int]] = defaultdict(list)
    for number, area in enumerate(layout.boxes):
        rows[round(area.center.y)].append(number)
    above, below = _ends(diagram)
    wider: dict[int, int] = defaultdict(lambda: 1)
    for row in rows.values():
        parts = math.ceil(sum(layout.boxes[number].width + _BOX_GAP for number in row) / room)
        for place, number in enumerate(sorted(row, key=lambda box: layout.boxes[box].x)):
            for arrow in above[number] or below[number]:
                wider[arrow] += place % parts
    return wider


def _ends(diagram: Diagram) -> tuple[Sequence[Sequence[int]], Sequence[Sequence[int]]]:
    """Return for every box the arrows that are laid out from above to it, and those from it to what is below."""
    places = {box.name: number for number, box in enumerate(diagram.boxes)}
    above: list[list[int]] = [[] for _ in diagram.boxes]
    below: list[list[int]] = [[] for _ in diagram.boxes]
    for number, arrow in enumerate(diagram.arrows):
        high, low = (arrow.imported, arrow.importer) if arrow.up else arrow.pair
        below[places[high]].append(number)
        above[places[low]].append(number)
    return above, below


def quality(diagram: Diagram, layout: Layout) -> _Quality:
    """Measure a layout of a diagram."""
    smallest = min((size for box in diagram.boxes for _, size in box.lines), default=0.0)
    # What is shown smaller is looked at less closely: else the largest pictures would take a minute.
    coarse = max(1.0, layout.width / (2 * COLUMN))
    lines = [list(route.along(STEP * coarse)) for route in layout.routes]
    return _Quality(
        letters=smallest * min(1.0, COLUMN / (layout.width + 2 * MARGIN)),
        behind=len(_lines_behind(diagram, layout, lines)),
        crossings=_crossings(lines, _CELL * coarse),
        covered=_covered(layout),
    )


def _lines_behind(diagram: Diagram, layout: Layout, lines: Sequence[Sequence[Point]]) -> list[int]:
    """Return the numbers of the arrows that run behind a box at which they do not end, by points on their lines."""
    places = {box.name: number for number, box in enumerate(diagram.boxes)}
    order = sorted(range(len(layout.boxes)), key=lambda number: layout.boxes[number].y)
    tops = [layout.boxes[number].y for number in order]
    highest = max((box.height for box in layout.boxes), default=0.0)
    found = []
    for number, (arrow, line) in enumerate(zip(diagram.arrows, lines, strict=True)):
        ends = {places[arrow.importer], places[arrow.imported]}

        def hides(point: Point, ends: set[int] = ends) -> bool:
            near = order[bisect_left(tops, point.y - highest) : bisect_left(tops, point.y)]
            return any(box not in ends and layout.boxes[box].hides(point) for box in near)

        if any(map(hides, line)):
            found.append(number)
    return found


def _crossings(lines: Sequence[Sequence[Point]], size: float) -> int:
    """Return how many pairs of lines cross, each pair once; ends that meet do not count."""
    cells: dict[tuple[int, int], list[tuple[int, Point, Point]]] = {}
    for number, points in enumerate(lines):
        for one, other in pairwise(points):
            for cell in _cells(one, other, size):
                cells.setdefault(cell, []).append((number, one, other))
    crossing: set[tuple[int, int]] = set()
    for segments in cells.values():
        for place, (number, one, other) in enumerate(segments):
            for second, first_end, last_end in segments[:place]:
                pair = (second, number)
                if second != number and pair not in crossing and _cross(one, other, first_end, last_end):
                    crossing.add(pair)
    return len(crossing)


def _covered(layout: Layout) -> int:
    labels = [label for label in layout.labels if label]
    return sum(
        any(map(label.overlaps, (*layout.boxes, *layout.frame_labels, *labels[:place])))
        for place, label in enumerate(labels)
    )


def _cells(one: Point, other: Point, size: float) -> Iterator[tuple[int, int]]:
    """Return the squares of a grid that a short piece of a line may touch."""
    columns = sorted((int(one.x // size), int(other.x // size)))
    rows = sorted((int(one.y // size), int(other.y // size)))
    return ((x, y) for x in range(columns[0], columns[1] + 1) for y in range(rows[0], rows[1] + 1))


def _cross(one: Point, other: Point, third: Point, fourth: Point) -> bool:
    """Tell whether two pieces of lines have a point in common that is an end of neither."""
    return (
        _side(one, other, third) * _side(one, other, fourth) < 0
        and _side(third, fourth, one) * _side(third, fourth, other) < 0
    )


def _side(one: Point, other: Point, point: Point) -> float:
    return (other.x - one.x) * (point.y - one.y) - (other.y - one.y) * (point.x - one.x)
