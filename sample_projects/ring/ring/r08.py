"""August."""

import ring.r09

NAME = "August"
DAYS = 31


def following() -> str:
    """Return the name of the next month."""
    return ring.r09.NAME
