"""The south station."""

from clique import east, north, west

NAME = "south"


def neighbours() -> list[str]:
    """Return the names of the other stations."""
    return [east.NAME, north.NAME, west.NAME]
