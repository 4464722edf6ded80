"""A package and its core, which import each other: nothing of it can be imported."""

from package_init.core import Engine

VERSION = "1.4"

__all__ = ["VERSION", "Engine"]
