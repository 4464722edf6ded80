"""The state of a piece of research."""

from dataclasses import dataclass, field

from ee.hogai.assistant.types import AssistantState


@dataclass
class ResearchState(AssistantState):
    """A conversation with the questions that are still open."""

    questions: list[str] = field(default_factory=list)
