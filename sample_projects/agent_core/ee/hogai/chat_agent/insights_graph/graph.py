"""Plans a query, then writes it."""

from typing import ClassVar

from ee.hogai.assistant.base import AssistantNode
from ee.hogai.chat_agent.builder import GraphBuilder
from ee.hogai.chat_agent.insights_graph.generator import GeneratorNode
from ee.hogai.chat_agent.insights_graph.planner import PlannerNode


class InsightsGraph(GraphBuilder):
    """A planner and a generator."""

    nodes: ClassVar[tuple[type[AssistantNode], ...]] = (PlannerNode, GeneratorNode)
