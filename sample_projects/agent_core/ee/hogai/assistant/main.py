"""Runs the graph for a mode."""

from ee.hogai.assistant.types import AssistantState
from ee.hogai.chat_agent import ChatAgentGraph
from ee.hogai.research_agent import ResearchAgentGraph
from posthog.schema import AgentMode


class Assistant:
    """Answers messages in one mode."""

    def __init__(self, mode: AgentMode = AgentMode.CHAT) -> None:
        self.state = AssistantState(mode=mode)

    def answer(self, text: str) -> str:
        """Return the answer to one message."""
        research = self.state.mode is AgentMode.RESEARCH
        graph = ResearchAgentGraph() if research else ChatAgentGraph()
        self.state.messages.append(text)
        return graph.compile()(self.state).messages[-1]
