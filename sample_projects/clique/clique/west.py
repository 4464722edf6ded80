"""The west station."""

from clique import east, north, south

NAME = "west"


def neighbours() -> list[str]:
    """Return the names of the other stations."""
    return [east.NAME, north.NAME, south.NAME]
