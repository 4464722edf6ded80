"""January."""

import ring.r02

NAME = "January"
DAYS = 31


def following() -> str:
    """Return the name of the next month."""
    return ring.r02.NAME
