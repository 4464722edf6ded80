"""Finds tools by name."""

from ee.hogai.tools.registry.store import TOOLS


def tool_names() -> tuple[str, ...]:
    """Return the names of all tools, sorted."""
    from ee.hogai import tools

    return tuple(sorted(name for name in TOOLS if hasattr(tools, TOOLS[name].__name__)))


def tool_named(name: str) -> type:
    """Return the class of a tool; raises KeyError."""
    return TOOLS[name]
