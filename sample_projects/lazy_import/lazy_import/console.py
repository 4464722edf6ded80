"""A console; the lazy name is used while this module is loaded."""

lazy from lazy_import.themes import DEFAULT

WIDTH = 80
CURRENT = dict(DEFAULT)


def style(text: str) -> str:
    """Return a text in the current theme."""
    return f"{CURRENT['start']}{text}{CURRENT['end']}"
