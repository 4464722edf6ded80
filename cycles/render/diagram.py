"""Boxes and lines that a layout engine is to arrange: frozen values, the same for every such picture."""

from dataclasses import dataclass

from cycles.render.style import Look
from cycles.render.text_metrics import text_width

LABEL_SIZE, SMALL_SIZE = 11.0, 9.0
_PADDING, _LEAST_WIDTH = 8.0, 54.0


@dataclass(frozen=True, slots=True)
class Box:
    """A module or sub-package: the lines of its label, its frame ("" for none), and its colour (None: plain)."""

    name: str
    label: tuple[str, ...]
    frame: str
    color: str | None
    tip: str
    url: str | None

    @property
    def width(self) -> float:
        """How wide the box is, in points."""
        first, *others = self.label
        widths = [text_width(first, LABEL_SIZE), *(text_width(line, SMALL_SIZE) for line in others)]
        return max(_LEAST_WIDTH, round(max(widths) + 2 * _PADDING, 1))

    @property
    def height(self) -> float:
        """How high the box is, in points."""
        return 21.0 + 12.0 * (len(self.label) - 1)


@dataclass(frozen=True, slots=True)
class Line:
    """An arrow from the importer to the imported. `up`: the imported stands higher; otherwise it stands lower."""

    importer: str
    imported: str
    up: bool
    look: Look
    label: str
    width: float
    tip: str
    url: str | None


@dataclass(frozen=True, slots=True)
class Frame:
    """A frame around the boxes that name it."""

    name: str
    label: str
    color: str


@dataclass(frozen=True, slots=True)
class Sketch:
    """A picture before it is laid out; `notes` stand above it and `remarks` below its legend.

    In a `crowded` picture no room is made for the labels of lines: it would double.
    `colors` are entries of the legend, (words, colour); `cut_words` says what a cut and its label are.

    The boxes stand with the foundations first. What a line that is not `up` points to stands before
    its importer, what one that is `up` points to after it.
    """

    title: str
    notes: tuple[str, ...]
    crowded: bool
    boxes: tuple[Box, ...]
    lines: tuple[Line, ...]
    frames: tuple[Frame, ...]
    colors: tuple[tuple[str, str], ...]
    cut_words: str
    remarks: tuple[str, ...]
