"""The state of a chat."""

from dataclasses import dataclass, field

from ee.hogai.assistant.types import AssistantState


@dataclass
class ChatState(AssistantState):
    """A conversation with the artifacts that were made in it."""

    artifacts: list[int] = field(default_factory=list)
