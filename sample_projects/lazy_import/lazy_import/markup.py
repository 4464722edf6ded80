"""Markup; the lazy module is first used when a text is rendered."""

lazy import lazy_import.emoji

MARK = ":"


def render(text: str) -> str:
    """Return a text with its emoji names replaced."""
    return lazy_import.emoji.replace(text)
