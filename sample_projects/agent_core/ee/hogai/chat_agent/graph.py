"""The graph of the chat agent."""

from typing import ClassVar

from ee.hogai.assistant.base import AssistantNode
from ee.hogai.chat_agent.builder import GraphBuilder
from ee.hogai.chat_agent.mode_manager import ModeManager
from ee.hogai.chat_agent.nodes import ExecutorNode, RootNode
from ee.hogai.chat_agent.toolkit import TOOLKIT
from ee.hogai.memory import MemoryCollector
from ee.hogai.memory.onboarding import OnboardingCollector


class ChatAgentGraph(GraphBuilder):
    """Remembers, answers, and calls tools."""

    nodes: ClassVar[tuple[type[AssistantNode], ...]] = (MemoryCollector, RootNode, ExecutorNode)
    modes: ClassVar[type[ModeManager]] = ModeManager
    most_tools: ClassVar[int] = max(map(len, TOOLKIT.values()))


class FirstChatGraph(ChatAgentGraph):
    """The graph for somebody's first conversation."""

    nodes: ClassVar[tuple[type[AssistantNode], ...]] = (OnboardingCollector, RootNode, ExecutorNode)
