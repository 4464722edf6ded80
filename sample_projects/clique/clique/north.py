"""The north station."""

from clique import east, south, west

NAME = "north"


def neighbours() -> list[str]:
    """Return the names of the other stations."""
    return [east.NAME, south.NAME, west.NAME]
