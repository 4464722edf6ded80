"""Finds facts in messages."""

MARK = "remember that "


def fact_in(message: str) -> str | None:
    """Return what a message asks to remember.

    >>> fact_in("please remember that we sell tea")
    'we sell tea'
    """
    _, mark, fact = message.partition(MARK)
    return fact if mark else None
