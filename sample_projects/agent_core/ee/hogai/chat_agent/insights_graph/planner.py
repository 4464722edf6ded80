"""The node that plans an insight."""

from ee.hogai.assistant.base import AssistantNode, node
from ee.hogai.assistant.types import AssistantState, NodeName
from ee.hogai.chat_agent import prompts
from ee.hogai.chat_agent.prompt_builder import PromptBuilder
from ee.hogai.llm import LLMClient

PROMPT = PromptBuilder(prompts.PLANNER)


@node(NodeName.PLANNER)
class PlannerNode(AssistantNode):
    """Asks the model for a plan."""

    def run(self, state: AssistantState) -> AssistantState:
        """Append the plan."""
        state.messages.append(f"plan: {LLMClient().complete(PROMPT.build(state)).text}")
        return state
