"""May."""

import ring.r06

NAME = "May"
DAYS = 31


def following() -> str:
    """Return the name of the next month."""
    return ring.r06.NAME
