"""The boxes and arrows of a diagram before they are laid out, the same for modules and for sub-packages."""

import math
from dataclasses import dataclass

from cycles.render.style import LineStyle
from cycles.render.text_metrics import text_width

LABEL_SIZE, SMALL_SIZE = 11.0, 9.0
LONGEST_LABEL = 44
_PADDING, _LEAST_WIDTH = 8.0, 54.0


@dataclass(frozen=True, slots=True)
class Box:
    """A module or sub-package: the lines of its label, the name of its frame ("" for none), its colour (None: plain).

    Its size is in points.
    """

    name: str
    label: tuple[str, ...]
    frame: str
    color: str | None
    tooltip: str
    url: str | None

    @property
    def width(self) -> float:
        """How wide the box is."""
        first, *others = self.label
        widths = [text_width(first, LABEL_SIZE), *(text_width(line, SMALL_SIZE) for line in others)]
        return max(_LEAST_WIDTH, round(max(widths) + 2 * _PADDING, 1))

    @property
    def height(self) -> float:
        """How high the box is."""
        return 21.0 + 12.0 * (len(self.label) - 1)


@dataclass(frozen=True, slots=True)
class Arrow:
    """A line from the importer to the imported. `up`: the imported is above the importer; otherwise it is below."""

    importer: str
    imported: str
    up: bool
    style: LineStyle
    label: str
    width: float
    tooltip: str
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """A frame around the boxes that name it; in a crowded diagram, an entry of the legend."""

    name: str
    label: str
    color: str


@dataclass(frozen=True, slots=True)
class Diagram:
    """A picture before it is laid out. `notes` are shown above it and `remarks` below its legend.

    In a `crowded` diagram no room is made for frames and for the labels of arrows: it would double.
    `cut_words` say what an arrow to cut and its label are.

    The boxes come with the foundations first. What an arrow that is not `up` points to comes before
    its importer, what one that is `up` points to after it.
    """

    title: str
    notes: tuple[str, ...]
    crowded: bool
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]
    groups: tuple[Group, ...]
    cut_words: str
    remarks: tuple[str, ...]

    @property
    def frames(self) -> tuple[Group, ...]:
        """The groups that are drawn as frames."""
        return () if self.crowded else self.groups


def line_width(amount: int, largest: int, widest: float) -> float:
    """Return the width of a line that shows an amount: 1 for nothing, the `widest` for the largest amount.

    It grows with the logarithm, for the numbers of cycles are orders of magnitude apart.
    """
    return round(1 + (widest - 1) * math.log1p(amount) / (math.log1p(largest) or 1), 2)
