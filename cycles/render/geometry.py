"""Points, rectangles and curves of a laid out diagram, in points of 1/72 inch; y grows downward."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

STEP = 4.0
_BORDER = 1.0


class Point(NamedTuple):
    """A point of a picture."""

    x: float
    y: float


class Rectangle(NamedTuple):
    """An area, by its left upper corner and its size."""

    x: float
    y: float
    width: float
    height: float

    @classmethod
    def around(cls, center: Point, width: float, height: float) -> "Rectangle":
        """Return the rectangle of that size around a point."""
        return cls(center.x - width / 2, center.y - height / 2, width, height)

    @property
    def center(self) -> Point:
        """The point in its middle."""
        return Point(self.x + self.width / 2, self.y + self.height / 2)

    def hides(self, point: Point) -> bool:
        """Tell whether a point lies inside, and not just on the border."""
        return (
            self.x + _BORDER < point.x < self.x + self.width - _BORDER
            and self.y + _BORDER < point.y < self.y + self.height - _BORDER
        )

    def overlaps(self, other: "Rectangle") -> bool:
        """Tell whether both have more than a border in common."""
        return (
            self.x < other.x + other.width
            and other.x < self.x + self.width
            and self.y < other.y + other.height
            and other.y < self.y + self.height
        )


@dataclass(frozen=True, slots=True)
class Route:
    """Where an arrow runs, as cubic Bézier curves: a first point at the importer, then three for each curve.

    `tip` is where its head ends.
    """

    points: tuple[Point, ...]
    tip: Point

    @property
    def height(self) -> float:
        """How far its ends are from each other, from top to bottom."""
        return abs(self.points[0].y - self.tip.y)

    def along(self, step: float = STEP) -> Iterator[Point]:
        """Return points on the curves, from the beginning to the tip, about a step apart."""
        for number in range(0, len(self.points) - 1, 3):
            (x0, y0), (x1, y1), (x2, y2), (x3, y3) = self.points[number : number + 4]
            count = max(4, round((abs(x3 - x0) + abs(y3 - y0)) / step))
            for sample in range(count):
                t = sample / count
                u = 1 - t
                a, b, c, d = u * u * u, 3 * t * u * u, 3 * t * t * u, t * t * t
                yield Point(a * x0 + b * x1 + c * x2 + d * x3, a * y0 + b * y1 + c * y2 + d * y3)
        yield self.points[-1]
        yield self.tip
