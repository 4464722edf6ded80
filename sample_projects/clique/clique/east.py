"""The east station."""

from clique import north, south, west

NAME = "east"


def neighbours() -> list[str]:
    """Return the names of the other stations."""
    return [north.NAME, south.NAME, west.NAME]
