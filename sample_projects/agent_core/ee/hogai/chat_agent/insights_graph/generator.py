"""The node that writes the query of an insight."""

from ee.hogai.assistant.base import AssistantNode, node
from ee.hogai.assistant.types import AssistantState, NodeName
from ee.hogai.chat_agent import prompts
from ee.hogai.chat_agent.prompt_builder import PromptBuilder
from ee.hogai.llm import LLMClient
from posthog.schema import Query

PROMPT = PromptBuilder(prompts.GENERATOR)


@node(NodeName.GENERATOR)
class GeneratorNode(AssistantNode):
    """Asks the model for a query."""

    def run(self, state: AssistantState) -> AssistantState:
        """Append the query."""
        state.messages.append(str(Query(LLMClient().complete(PROMPT.build(state)).text)))
        return state
