"""Makes an insight by running a graph of its own."""

from ee.hogai.artifacts import ArtifactKind, ArtifactManager
from ee.hogai.assistant.types import AssistantState
from ee.hogai.chat_agent.insights_graph import InsightsGraph
from ee.hogai.context import ContextManager
from ee.hogai.tools.base import HogTool


class CreateInsightTool(HogTool):
    """Plans and generates an insight."""

    name = "create_insight"
    kind = ArtifactKind.INSIGHT

    def __init__(self, context: type[ContextManager] = ContextManager) -> None:
        self.context = context
        self.artifacts = ArtifactManager()

    def call(self, state: AssistantState, argument: str) -> str:
        """Return what the insight shows."""
        state.messages.append(argument)
        known = self.context(state).describe()
        answer = InsightsGraph().compile()(state).messages[-1]
        return f"{self.kind}: {answer}\n{known}"
