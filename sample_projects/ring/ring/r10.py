"""October."""

import ring.r11

NAME = "October"
DAYS = 31


def following() -> str:
    """Return the name of the next month."""
    return ring.r11.NAME
