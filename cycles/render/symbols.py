"""A look or a mark, and a place in; an arrow head or a mark there, out: told apart by shape, not by colour alone."""

from enum import StrEnum

from cycles.render.style import Look
from cycles.render.svg_elements import Element, add


class Mark(StrEnum):
    """The shape of an import in a matrix."""

    FULL = "full"
    HOLLOW = "hollow"
    HALF = "half"
    DOT = "dot"
    CUT = "cut"


def add_head(parent: Element, look: Look, base: tuple[float, float], tip: tuple[float, float], width: float) -> None:
    """Add the head of an arrow from `base` to `tip`."""
    (x, y), (tip_x, tip_y) = base, tip
    along_x, along_y = tip_x - x, tip_y - y
    length = (along_x**2 + along_y**2) ** 0.5
    if not length:
        return
    half = (2.6 + 0.6 * width) / length
    across_x, across_y = -along_y * half, along_x * half
    sides = (x + across_x, y + across_y), (x - across_x, y - across_y)
    match look.head:
        case "odot":
            add(parent, "circle", class_="hollow", cx=(x + tip_x) / 2, cy=(y + tip_y) / 2, r=length / 2)
        case "vee":
            inner = x + along_x * 0.45, y + along_y * 0.45
            add(parent, "path", class_="head", d=_polygon(sides[0], tip, sides[1], inner))
        case "empty":
            add(parent, "path", class_="hollow", d=_polygon(sides[0], tip, sides[1]))
        case _:
            add(parent, "path", class_="head", d=_polygon(sides[0], tip, sides[1]))


def add_mark(parent: Element, mark: Mark, x: float, y: float, side: float) -> Element:
    """Add a mark in the square whose left upper corner is (x, y)."""
    class_ = f"mark-{mark}"
    middle = side / 2
    match mark:
        case Mark.FULL | Mark.HOLLOW:
            return add(parent, "rect", class_=class_, x=x, y=y, width=side, height=side)
        case Mark.DOT:
            return add(parent, "circle", class_=class_, cx=x + middle, cy=y + middle, r=side / 4)
        case Mark.HALF:
            return add(parent, "path", class_=class_, d=_polygon((x, y), (x, y + side), (x + side, y + side)))
        case Mark.CUT:
            left, right, top, bottom = x - 1, x + side + 1, y - 1, y + side + 1
            corners = (x + middle, top), (right, y + middle), (x + middle, bottom), (left, y + middle)
            return add(parent, "path", class_=class_, d=_polygon(*corners))


def _polygon(*points: tuple[float, float]) -> str:
    return "M" + "L".join(f"{x:.2f} {y:.2f}" for x, y in points) + "Z"
