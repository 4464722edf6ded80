"""Puts the context of a conversation together."""

from ee.hogai.assistant.types import AssistantState
from ee.hogai.context.entities import mentioned
from ee.hogai.tools.registry.lookup import tool_names


class ContextSection:
    """A titled part of a prompt."""

    title = "context"

    def body(self, state: AssistantState) -> str:
        """Return the text below the title."""
        return "\n".join(state.messages)


class ContextManager:
    """Knows what a conversation is about."""

    def __init__(self, state: AssistantState) -> None:
        self.state = state

    def describe(self) -> str:
        """Return the entities and the tools at hand, a line each."""
        entities = mentioned(" ".join(self.state.messages))
        lines = [f"{entity.kind}: {entity.name}" for entity in entities]
        return "\n".join([*lines, f"tools: {', '.join(tool_names())}"])

    def remembered(self) -> list[str]:
        """Return what was learned in earlier conversations."""
        from ee.hogai.memory import MemoryCollector

        return MemoryCollector().recall()
