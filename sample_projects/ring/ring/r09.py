"""September."""

import ring.r10

NAME = "September"
DAYS = 30


def following() -> str:
    """Return the name of the next month."""
    return ring.r10.NAME
