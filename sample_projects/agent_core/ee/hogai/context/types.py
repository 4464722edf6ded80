"""Pieces of context."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Entity:
    """Something the project has: an event, a dashboard, an action."""

    kind: str
    name: str
