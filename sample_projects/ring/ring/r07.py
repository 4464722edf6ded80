"""July."""

import ring.r08

NAME = "July"
DAYS = 31


def following() -> str:
    """Return the name of the next month."""
    return ring.r08.NAME
