"""June."""

import ring.r07

NAME = "June"
DAYS = 30


def following() -> str:
    """Return the name of the next month."""
    return ring.r07.NAME
