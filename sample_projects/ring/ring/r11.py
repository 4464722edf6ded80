"""November."""

import ring.r12

NAME = "November"
DAYS = 30


def following() -> str:
    """Return the name of the next month."""
    return ring.r12.NAME
