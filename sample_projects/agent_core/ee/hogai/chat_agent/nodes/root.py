"""The node that talks to the model."""

from ee.hogai.assistant.base import AssistantNode, node
from ee.hogai.assistant.types import AssistantState, NodeName
from ee.hogai.chat_agent import prompts
from ee.hogai.chat_agent.compaction import compact
from ee.hogai.chat_agent.prompt_builder import PromptBuilder
from ee.hogai.llm import LLMClient

PROMPT = PromptBuilder(prompts.ROOT)


@node(NodeName.ROOT)
class RootNode(AssistantNode):
    """Asks the model what to say."""

    def __init__(self, client: LLMClient | None = None) -> None:
        self.client = client or LLMClient()

    def run(self, state: AssistantState) -> AssistantState:
        """Append the model's answer."""
        completion = self.client.complete(PROMPT.build(compact(state)))
        state.messages.append(completion.text)
        return state
