"""The agent that does research."""

from ee.hogai.research_agent.graph import ResearchAgentGraph

__all__ = ["ResearchAgentGraph"]
