"""The state that travels through every graph."""

from dataclasses import dataclass, field
from enum import StrEnum

from posthog.schema import AgentMode


class NodeName(StrEnum):
    """The nodes of all graphs."""

    ROOT = "root"
    EXECUTOR = "executor"
    PLANNER = "planner"
    GENERATOR = "generator"
    MEMORY = "memory"
    REPORT = "report"
    END = "end"


@dataclass
class AssistantState:
    """The messages so far, and where to go next."""

    messages: list[str] = field(default_factory=list)
    mode: AgentMode = AgentMode.CHAT
    next: NodeName = NodeName.END
