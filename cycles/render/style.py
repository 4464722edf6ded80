"""Say how kinds of imports and groups of modules look in every picture: colours, dashes, arrow heads, marks."""

from dataclasses import dataclass
from enum import StrEnum

from cycles.enums import Kind


@dataclass(frozen=True, slots=True)
class Scheme:
    """The colours of a picture; `plain` fills the boxes that have no colour of their own.

    `line` has another luminance than `cut`: they are told apart in black and white. `on_cut` is for what stands on it.
    """

    paper: str
    ink: str
    muted: str
    line: str
    cut: str
    on_cut: str
    gone: str
    border: str
    backdrop: str
    plain: str


LIGHT = Scheme(
    paper="#FFFFFF",
    ink="#1F2328",
    muted="#57606A",
    line="#848D97",
    cut="#BB2211",
    on_cut="#FFFFFF",
    gone="#1A7F37",
    border="#444C56",
    backdrop="#F6F8FA",
    plain="#FFFFFF",
)
DARK = Scheme(
    paper="#0D1117",
    ink="#E6EDF3",
    muted="#9DA7B1",
    line="#656E79",
    cut="#FF7B72",
    on_cut="#0D1117",
    gone="#3FB950",
    border="#768390",
    backdrop="#161B22",
    plain="#21262D",
)
MERMAID_CUT, MERMAID_GONE, MERMAID_FRAME = "#E5484D", "#2DA44E", "#768390"
"""A chart has the same colours by light and by dark: these can be seen on both."""
PALETTE = ("#77AADD", "#EEDD88", "#44BB99", "#FFAABB", "#BBCC33", "#99DDFF", "#AAAA00")
"""Paul Tol's light scheme, made for labels in black (https://sronpersonalpages.nl/~pault/)."""
OTHERS = "#DDDDDD"
"""For groups beyond the palette, and modules of no group."""


class Mark(StrEnum):
    """The shape of an import in a matrix."""

    FULL = "full"
    HOLLOW = "hollow"
    HALF = "half"
    DOT = "dot"
    CUT = "cut"


@dataclass(frozen=True, slots=True)
class LineStyle:
    """How an import is drawn: `dash` as in SVG, `dot_style` and `head` as in DOT, `mark` in a matrix.

    `look` is "cut" or "gone" where it has that colour of a scheme, "" where it has the one of lines.
    `words` explain it in a legend.
    """

    name: str
    words: str
    dash: str
    dot_style: str
    head: str
    mark: Mark = Mark.FULL
    look: str = ""


EAGER = LineStyle("eager", "eager import", "", "solid", "normal", Mark.FULL)
RUNS = LineStyle("runs", "runs the package on the way", "", "solid", "empty", Mark.HALF)
DEFERRED = LineStyle("deferred", "import in a function", "3 3", "dashed", "empty", Mark.HOLLOW)
LAZY = LineStyle("lazy", "lazy import", "3 3", "dashed", "odot", Mark.HOLLOW)
TYPING = LineStyle("typing", "import under TYPE_CHECKING", "1.5 3", "dotted", "vee", Mark.DOT)
MAIN = LineStyle("main", "import under __main__", "8 3 2 3", "dashed", "vee", Mark.DOT)
UNKNOWN = LineStyle("unknown", "import of a kind that could not be read", "1.5 3", "dotted", "empty", Mark.DOT)
CUT = LineStyle("cut", "import to cut", "8 3", "dashed", "normal", Mark.CUT, "cut")
# Of many imports together: no matrix has such lines.
FOLDED = LineStyle("folded", "through other modules, and how many", "", "solid", "vee")
TRAFFIC = LineStyle("traffic", "imports between packages, and how many", "", "solid", "normal")
AGAINST = LineStyle("against", "against the order, nothing to cut", "8 3 2 3", "dashed", "vee")
# Of what became of an import.
NEW = LineStyle("new", "added", "8 3", "dashed", "normal", Mark.CUT, "cut")
GONE = LineStyle("gone", "removed", "2 4", "dotted", "normal", look="gone")
LINE_STYLES = (EAGER, RUNS, DEFERRED, LAZY, TYPING, MAIN, UNKNOWN, FOLDED, TRAFFIC, AGAINST, CUT, NEW, GONE)
"""In the order of a legend."""


def style_of(kind: Kind, *, implied: bool) -> LineStyle:
    """Return how an import is drawn that stays."""
    match kind:
        case Kind.EAGER:
            return RUNS if implied else EAGER
        case Kind.DEFERRED:
            return DEFERRED
        case Kind.LAZY:
            return LAZY
        case Kind.TYPING:
            return TYPING
        case Kind.MAIN:
            return MAIN
        case Kind.UNKNOWN:
            return UNKNOWN


def color_of(number: int) -> str:
    """Return the colour of a group by its number, from 0; those beyond the palette share one."""
    return PALETTE[number] if number < len(PALETTE) else OTHERS
