"""Build the elements of SVG pictures: well-formed XML 1.0, whatever the texts hold."""

from xml.etree import ElementTree as ET

from cycles.render.geometry import Point, Rectangle
from cycles.render.style import LineStyle, Mark
from cycles.render.text_metrics import text_width
from cycles.report.wording import clean

Element = ET.Element


def xml_text(text: str) -> str:
    r"""Return text that XML can hold: control and other invisible characters are spelled out, line by line.

    >>> xml_text("a\x00\nb\uffff")
    'a\\x00\nb\\uffff'
    """
    return "\n".join(clean(line) for line in text.split("\n"))


def add(parent: Element, tag: str, text: str = "", /, **attributes: str | float | None) -> Element:
    """Add an element; `class_` is `class`, `_` in a name is `-`; an attribute that is None is left out."""
    found = ET.SubElement(
        parent,
        tag,
        {
            name.rstrip("_").replace("_", "-") if name != "viewBox" else name: _value(value)
            for name, value in attributes.items()
            if value is not None
        },
    )
    if text:
        found.text = xml_text(text)
    return found


def linked(parent: Element, url: str | None) -> Element:
    """Return where to add what is to be a link: an `a` element below the parent, or the parent itself without a URL."""
    return parent if url is None else add(parent, "a", href=url, target="_top")


def add_label(parent: Element, text: str, x: float, y: float, size: float, class_: str) -> Element:
    """Add a text that takes exactly the room it was given, in any font."""
    shown = xml_text(text)
    width = round(text_width(shown, size, bold=class_ == "title"), 1)
    found = add(parent, "text", shown, class_=class_, x=x, y=y, font_size=size)
    if width:
        found.set("textLength", _value(width))
        found.set("lengthAdjust", "spacingAndGlyphs")
    return found


def add_disc(parent: Element, text: str, area: Rectangle, look: str) -> None:
    """Add a number in a disc, which is longer where the number is, and has the colour of a line's look."""
    class_ = "disc gone-disc" if look == "gone" else "disc"
    add(parent, "rect", class_=class_, x=area.x, y=area.y, width=area.width, height=area.height, rx=area.height / 2)
    add(parent, "text", text, class_="number", x=area.center.x, y=area.center.y + 3.5, font_size=10.0)


def add_head(parent: Element, style: LineStyle, base: Point, tip: Point, width: float) -> None:
    """Add the head of an arrow from `base` to `tip`; its shape tells kinds apart, not its colour alone."""
    along_x, along_y = tip.x - base.x, tip.y - base.y
    length = (along_x**2 + along_y**2) ** 0.5
    if not length:
        return
    half = (2.6 + 0.6 * width) / length
    across_x, across_y = -along_y * half, along_x * half
    left, right = Point(base.x + across_x, base.y + across_y), Point(base.x - across_x, base.y - across_y)
    match style.head:
        case "odot":
            center = Point((base.x + tip.x) / 2, (base.y + tip.y) / 2)
            add(parent, "circle", class_="hollow", cx=center.x, cy=center.y, r=length / 2)
        case "vee":
            inner = Point(base.x + along_x * 0.45, base.y + along_y * 0.45)
            add(parent, "path", class_="head", d=_polygon(left, tip, right, inner))
        case "empty":
            add(parent, "path", class_="hollow", d=_polygon(left, tip, right))
        case _:
            add(parent, "path", class_="head", d=_polygon(left, tip, right))


def add_mark(parent: Element, mark: Mark, x: float, y: float, side: float) -> Element:
    """Add a mark in the square whose left upper corner is (x, y)."""
    class_ = f"mark-{mark}"
    match mark:
        case Mark.FULL | Mark.HOLLOW:
            return add(parent, "rect", class_=class_, x=x, y=y, width=side, height=side)
        case Mark.DOT:
            return add(parent, "circle", class_=class_, cx=x + side / 2, cy=y + side / 2, r=side / 4)
        case Mark.HALF:
            corners = Point(x, y), Point(x, y + side), Point(x + side, y + side)
            return add(parent, "path", class_=class_, d=_polygon(*corners))
        case Mark.CUT:
            # Larger than the others: it may hold a number.
            return add(parent, "rect", class_=class_, x=x - 1.5, y=y - 1.5, width=side + 3, height=side + 3, rx=3)


def identifier(name: str) -> str:
    """Return the id of a box: no white space, and different names stay different."""
    return "n-" + "".join(
        f"%{ord(character):02x}" if character.isspace() or character == "%" else character
        for character in xml_text(name)
    )


def as_text(root: Element) -> str:
    """Return the document, ending in a newline."""
    return ET.tostring(root, encoding="unicode") + "\n"


def _polygon(*points: Point) -> str:
    return "M" + "L".join(f"{x:.2f} {y:.2f}" for x, y in points) + "Z"


def _value(value: str | float) -> str:
    if isinstance(value, str):
        return xml_text(value)
    # `:g` writes large numbers as powers of ten, with six digits.
    return f"{round(value, 2):g}" if abs(value) < 1e5 else f"{value:.0f}"  # noqa: PLR2004
