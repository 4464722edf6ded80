"""Draws shapes as text."""

from class_body import shapes


def draw(shape: "shapes.Circle") -> str:
    """Return a shape as text."""
    name = "circle" if isinstance(shape, shapes.Circle) else "shape"
    return f"({name} {shape.radius})"
