"""Decides on the mode of a conversation."""

from ee.hogai.assistant.types import AssistantState
from ee.hogai.chat_agent.modes import FIRST_NODE, TITLES
from ee.hogai.chat_agent.toolkit import tools_for


class ModeManager:
    """What a mode means for a conversation."""

    longest_plan = 3

    def __init__(self, state: AssistantState) -> None:
        self.state = state
        self.state.next = FIRST_NODE[state.mode]

    def describe(self) -> str:
        """Return the title of the mode and its tools."""
        tools = ", ".join(tool.name for tool in tools_for(self.state.mode))
        return f"{TITLES[self.state.mode]}: {tools}"
