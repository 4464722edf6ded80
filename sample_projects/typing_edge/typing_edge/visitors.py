"""Visitors of the tree."""

from typing_edge.nodes import Number


class Visitor:
    """Doubles every number it sees."""

    def visit(self, node: Number) -> float:
        """Return twice the value."""
        return 2 * node.value
