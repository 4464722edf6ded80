"""What the product and the agent tell each other."""

from dataclasses import dataclass, field
from enum import StrEnum


class AgentMode(StrEnum):
    """What the agent is asked to do."""

    CHAT = "chat"
    RESEARCH = "research"


@dataclass(frozen=True)
class Query:
    """A query on the events of a project."""

    event: str
    days: int = 7
    breakdowns: tuple[str, ...] = field(default=())
