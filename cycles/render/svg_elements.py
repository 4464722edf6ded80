"""Parts of an SVG picture in; well-formed XML 1.0 out, whatever the texts hold."""

from xml.etree import ElementTree as ET

from cycles.render.text_metrics import text_width
from cycles.wording import clean

Element = ET.Element


def xml_text(text: str) -> str:
    r"""Text that XML can hold: control and other invisible characters are spelled out, line by line.

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
    """Where to add what is to be a link: an `a` element below the parent, or the parent itself without a URL."""
    return parent if url is None else add(parent, "a", href=url, target="_top")


def add_label(parent: Element, text: str, x: float, y: float, size: float, class_: str) -> Element:
    """Add a text that takes exactly the room it was given, in any font."""
    shown = xml_text(text)
    width = round(text_width(shown, size), 1)
    found = add(parent, "text", shown, class_=class_, x=x, y=y, font_size=size)
    if width:
        found.set("textLength", _value(width))
        found.set("lengthAdjust", "spacingAndGlyphs")
    return found


def identifier(kind: str, name: str) -> str:
    """An id for a part of a picture: no white space, and different names stay different."""
    return f"{kind}-" + "".join(
        f"%{ord(character):02x}" if character.isspace() or character == "%" else character
        for character in xml_text(name)
    )


def as_text(root: Element) -> str:
    """The document, ending in a newline."""
    return ET.tostring(root, encoding="unicode") + "\n"


def _value(value: str | float) -> str:
    return xml_text(value) if isinstance(value, str) else f"{round(value, 2):g}" if abs(value) < 1e5 else f"{value:.0f}"  # noqa: PLR2004
