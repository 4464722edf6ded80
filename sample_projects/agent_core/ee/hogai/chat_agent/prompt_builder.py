"""Builds prompts from their templates and the context."""

from ee.hogai.assistant.types import AssistantState
from ee.hogai.context import ContextManager, ContextSection
from ee.hogai.utils.text import dedent


class PromptBuilder(ContextSection):
    """A prompt with the context filled in."""

    title = "prompt"

    def __init__(self, template: str) -> None:
        self.template = dedent(template)

    def build(self, state: AssistantState) -> str:
        """Return the prompt for a state."""
        context = ContextManager(state).describe()
        return f"{self.template.format(context=context)}\n{self.body(state)}"
