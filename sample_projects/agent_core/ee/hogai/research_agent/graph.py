"""The graph of the research agent: that of the chat, with questions before and a report after."""

from typing import ClassVar

from ee.hogai.assistant.base import AssistantNode
from ee.hogai.chat_agent import ChatAgentGraph
from ee.hogai.research_agent.planner import ResearchPlannerNode
from ee.hogai.research_agent.reports import ReportNode


class ResearchAgentGraph(ChatAgentGraph):
    """Plans, chats and reports."""

    nodes: ClassVar[tuple[type[AssistantNode], ...]] = (
        ResearchPlannerNode,
        *ChatAgentGraph.nodes,
        ReportNode,
    )
