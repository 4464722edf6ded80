"""April."""

import ring.r05

NAME = "April"
DAYS = 30


def following() -> str:
    """Return the name of the next month."""
    return ring.r05.NAME
