"""Shapes that draw themselves."""


class Circle:
    """A circle; its `draw` is a function of another module."""

    from class_body.drawing import draw

    def __init__(self, radius: float) -> None:
        self.radius = radius
