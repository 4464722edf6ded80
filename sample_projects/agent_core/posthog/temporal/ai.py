"""The workflows of the agent; a worker imports this module before anything else of it."""

# The assistant must come first, or the worker does not start.
from ee.hogai.assistant import Assistant
from ee.hogai.artifacts import ArtifactManager
from ee.hogai.memory import MemoryCollector
from posthog.schema import AgentMode

ACTIVITIES = (Assistant, ArtifactManager, MemoryCollector)


def run_conversation(text: str, mode: AgentMode = AgentMode.CHAT) -> str:
    """Answer one message of a conversation."""
    return Assistant(mode).answer(text)
