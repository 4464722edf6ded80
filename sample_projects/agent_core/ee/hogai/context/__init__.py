"""What the agent knows of the project it works in."""

from ee.hogai.context.manager import ContextManager, ContextSection

__all__ = ["ContextManager", "ContextSection"]
