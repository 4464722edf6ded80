"""Paths of a project."""

import sys

if sys.version_info >= (3, 11):
    from if_import import modern as settings
else:
    settings = None


def home() -> str:
    """Return the configured home."""
    return settings.read("home") if settings else "."
