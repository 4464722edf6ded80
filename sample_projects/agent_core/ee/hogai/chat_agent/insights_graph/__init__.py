"""The graph that makes insights."""

from ee.hogai.chat_agent.insights_graph.graph import InsightsGraph

__all__ = ["InsightsGraph"]
