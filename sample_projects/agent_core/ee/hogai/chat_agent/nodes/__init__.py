"""The nodes of the chat agent."""

from ee.hogai.chat_agent.nodes.executor import ExecutorNode
from ee.hogai.chat_agent.nodes.root import RootNode

__all__ = ["ExecutorNode", "RootNode"]
