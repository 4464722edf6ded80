"""March."""

import ring.r04

NAME = "March"
DAYS = 31


def following() -> str:
    """Return the name of the next month."""
    return ring.r04.NAME
