"""February."""

import ring.r03

NAME = "February"
DAYS = 28


def following() -> str:
    """Return the name of the next month."""
    return ring.r03.NAME
