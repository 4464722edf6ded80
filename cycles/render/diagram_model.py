"""The boxes and arrows of a diagram before they are laid out, the same for modules and for sub-packages."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

from cycles.render.captions import PlanLine
from cycles.render.style import LineStyle, color_of
from cycles.render.text_metrics import shortened, text_width
from cycles.report.wording import short
from cycles.source.import_values import Paired

NAME_SIZE, SMALL_SIZE = 12.0, 10.0
LONGEST_LABEL = 44
_PADDING, _LEAST_WIDTH = 6.0, 36.0
_NAME_HEIGHT, _SMALL_HEIGHT = 14.0, 11.5
LABEL_HEIGHT = 15.0
_GAP, _SIDES = 1.0, 7.0


@dataclass(frozen=True, slots=True)
class Box:
    """A module or sub-package: its label, with small lines `above` and `below` ("" for none).

    `frame` is the name of the frame around it ("" for none), `color` fills it (None: plain). Its size is in points.
    """

    name: str
    label: str
    frame: str
    color: str | None
    tooltip: str
    url: str | None
    above: str = ""
    below: str = ""

    @property
    def lines(self) -> tuple[tuple[str, float], ...]:
        """The lines of its text, from top to bottom, each with its size."""
        found = (self.above, SMALL_SIZE), (self.label, NAME_SIZE), (self.below, SMALL_SIZE)
        return tuple((text, size) for text, size in found if text)

    @property
    def width(self) -> float:
        """How wide the box is."""
        widths = [text_width(text, size) for text, size in self.lines]
        return max(_LEAST_WIDTH, round(max(widths, default=0) + 2 * _PADDING, 1))

    @property
    def height(self) -> float:
        """How high the box is."""
        return 7.0 + sum(line_height(size) for _, size in self.lines)


def line_height(size: float) -> float:
    """Return how much of a box's height a line of its text takes."""
    return _NAME_HEIGHT if size == NAME_SIZE else _SMALL_HEIGHT


@dataclass(frozen=True, slots=True)
class Arrow(Paired):
    """A line from the importer to the imported. `up`: the imported is above the importer; otherwise it is below.

    `steps` are the numbers of the plan that stand on it in discs, `label` is what stands after these.
    """

    up: bool
    style: LineStyle
    label: str
    width: float
    tooltip: str
    url: str | None = None
    steps: tuple[str, ...] = ()

    @property
    def discs(self) -> tuple[float, ...]:
        """How wide the disc of each step is: a number of several digits makes it longer."""
        widths = (text_width(step, SMALL_SIZE, bold=True) + _SIDES for step in self.steps)
        return tuple(max(LABEL_HEIGHT, round(width, 1)) for width in widths)

    @property
    def label_width(self) -> float:
        """How wide the label is with its discs, 0 where there is none."""
        text = text_width(self.label, SMALL_SIZE) + _SIDES if self.label else 0
        return round(sum(disc + _GAP for disc in self.discs) + text, 1)

    @property
    def words(self) -> str:
        """The label with the steps in front, for pictures that have no discs."""
        return " ".join((", ".join(self.steps), self.label)).strip()


@dataclass(frozen=True, slots=True)
class Group:
    """A frame around the boxes that name it; where no frames are drawn, an entry of the legend."""

    name: str
    label: str
    color: str


def groups_named(names: Iterable[str], prefix: str) -> tuple[Group, ...]:
    """Return groups of packages, each with its colour; their labels leave out the prefix that all share."""
    return tuple(
        Group(name=name, label=shortened(short(name, prefix), LONGEST_LABEL), color=color_of(number))
        for number, name in enumerate(names)
    )


@dataclass(frozen=True, slots=True)
class Diagram:
    """A picture before it is laid out. `notes` are shown above it, the `plan` and `remarks` below it.

    Where it is `framed`, groups are frames around their boxes; otherwise they are colours. Where it is `roomy`, there
    is to be room for the words of lines. `more` says what the plan
    leaves out. `cut_words` say what an arrow to cut is.

    The boxes come with the foundations first. What an arrow that is not `up` points to comes before
    its importer, what one that is `up` points to after it.
    """

    title: str
    notes: tuple[str, ...]
    framed: bool
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]
    groups: tuple[Group, ...]
    plan: tuple[PlanLine, ...]
    more: str
    cut_words: str
    remarks: tuple[str, ...]
    roomy: bool = False

    @property
    def frames(self) -> tuple[Group, ...]:
        """The groups that are drawn as frames: the rest of a package that is parted is none."""
        inside = {box.frame for box in self.boxes}
        return tuple(group for group in self.groups if group.name in inside) if self.framed else ()


def line_width(amount: int, largest: int, widest: float) -> float:
    """Return the width of a line that shows an amount: 1 for nothing, the `widest` for the largest amount.

    It grows with the logarithm, for the numbers of cycles are orders of magnitude apart.
    """
    return round(1 + (widest - 1) * math.log1p(amount) / (math.log1p(largest) or 1), 2)
