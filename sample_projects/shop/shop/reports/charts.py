"""Charts made of characters."""

WIDTH = 40


def bar(size: int) -> str:
    """Return a bar, at most WIDTH characters long."""
    return "#" * min(size, WIDTH)
