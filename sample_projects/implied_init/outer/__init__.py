"""The outer package: it offers the handler that lives in `inner`."""

from inner.leaf import Handler

__all__ = ["Handler"]
