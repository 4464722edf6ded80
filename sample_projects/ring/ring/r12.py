"""December."""

import ring.r01

NAME = "December"
DAYS = 31


def following() -> str:
    """Return the name of the next month."""
    return ring.r01.NAME
