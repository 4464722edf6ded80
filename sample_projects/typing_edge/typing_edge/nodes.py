"""Nodes of a small expression tree."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing_edge.visitors import Visitor


@dataclass(frozen=True)
class Number:
    """A number."""

    value: float

    def accept(self, visitor: Visitor) -> float:
        """Let a visitor see this node."""
        return visitor.visit(self)
