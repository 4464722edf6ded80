"""The collector for somebody's first conversation."""

from ee.hogai.assistant.types import AssistantState
from ee.hogai.memory.collector import MemoryCollector
from ee.hogai.memory.store import keep


class OnboardingCollector(MemoryCollector):
    """Keeps every message."""

    def run(self, state: AssistantState) -> AssistantState:
        """Keep the last message as it is."""
        keep(state.messages[-1])
        return state
