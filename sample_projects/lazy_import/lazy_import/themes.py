"""Themes for the console."""

from lazy_import import console

DEFAULT = {"start": "<", "end": ">"}


def rule() -> str:
    """Return a line as wide as the console."""
    return "-" * console.WIDTH
