"""Kinds and groups in; how they look in every picture, out."""

from dataclasses import dataclass

from cycles.words import Kind

INK, MUTED, PAPER = "#1F2328", "#57606A", "#FFFFFF"
CUT, BORDER, BACKDROP = "#CC3311", "#444C56", "#F6F8FA"
DARK_INK, DARK_MUTED, DARK_PAPER = "#E6EDF3", "#9DA7B1", "#0D1117"
DARK_CUT, DARK_BORDER, DARK_BACKDROP, DARK_PLAIN = "#FF7B72", "#768390", "#161B22", "#21262D"
PALETTE = ("#77AADD", "#EEDD88", "#44BB99", "#FFAABB", "#BBCC33", "#99DDFF", "#AAAA00")
"""Paul Tol's light scheme, made for labels in black (https://sronpersonalpages.nl/~pault/)."""
OTHERS = "#DDDDDD"


@dataclass(frozen=True, slots=True)
class Look:
    """How a line is drawn: `dash` as in SVG, `style` and `head` as in DOT; `words` explain it in a legend."""

    name: str
    words: str
    dash: str
    style: str
    head: str


EAGER = Look("eager", "eager import", "", "solid", "normal")
RUNS = Look("runs", "runs the package on the way", "", "solid", "empty")
DEFERRED = Look("deferred", "import in a function", "5 3", "dashed", "empty")
LAZY = Look("lazy", "lazy import", "5 3", "dashed", "odot")
TYPING = Look("typing", "import under TYPE_CHECKING", "1.5 3", "dotted", "vee")
MAIN = Look("main", "import under __main__", "8 3 2 3", "dashed", "vee")
UNKNOWN = Look("unknown", "import of a kind that could not be read", "1.5 3", "dotted", "empty")
CUT_LINE = Look("cut", "import to cut", "6 3", "dashed", "normal")
TRAFFIC = Look("traffic", "imports between sub-packages, and how many", "", "solid", "normal")
AGAINST = Look("against", "against the order, nothing to cut", "8 3 2 3", "dashed", "vee")
LOOKS = (EAGER, RUNS, DEFERRED, LAZY, TYPING, MAIN, UNKNOWN, TRAFFIC, AGAINST, CUT_LINE)


def look_of(kind: Kind, *, implied: bool) -> Look:
    """How an import that stays is drawn."""
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


def color_of(place: int) -> str:
    """The colour of a group by its place among the groups of a picture."""
    return PALETTE[place] if place < len(PALETTE) else OTHERS
