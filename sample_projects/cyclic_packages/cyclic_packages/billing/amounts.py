"""Amounts in cents."""


def as_text(cents: int) -> str:
    """Return an amount as text.

    >>> as_text(1250)
    '12.50'
    """
    return f"{cents // 100}.{cents % 100:02}"
