"""The agent that chats."""

from ee.hogai.chat_agent.graph import ChatAgentGraph
from ee.hogai.chat_agent.mode_manager import ModeManager

__all__ = ["ChatAgentGraph", "ModeManager"]
