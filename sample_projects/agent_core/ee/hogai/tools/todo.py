"""Keeps a list of things to do, and may ask for another mode."""

from ee.hogai.assistant.types import AssistantState
from ee.hogai.tools.base import HogTool
from posthog.schema import AgentMode


class TodoTool(HogTool):
    """Writes down the next steps."""

    name = "todo"

    def call(self, state: AssistantState, argument: str) -> str:
        """Return the steps, numbered; many steps are a case for research."""
        from ee.hogai.chat_agent.mode_manager import ModeManager

        steps = [step.strip() for step in argument.split(";")]
        if len(steps) > ModeManager.longest_plan:
            state.mode = AgentMode.RESEARCH
        return "\n".join(f"{number}. {step}" for number, step in enumerate(steps, 1))
