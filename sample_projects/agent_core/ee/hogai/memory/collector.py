"""The node that collects facts."""

from ee.hogai.assistant.base import AssistantNode, node
from ee.hogai.assistant.types import AssistantState, NodeName
from ee.hogai.context import ContextManager
from ee.hogai.memory.parsers import fact_in
from ee.hogai.memory.store import facts, keep


@node(NodeName.MEMORY)
class MemoryCollector(AssistantNode):
    """Keeps what the last message asks to remember."""

    context: type[ContextManager] = ContextManager

    def run(self, state: AssistantState) -> AssistantState:
        """Keep a fact, if there is one."""
        fact = fact_in(state.messages[-1])
        if fact:
            keep(f"{fact} ({self.context(state).describe()})")
        return state

    def recall(self) -> list[str]:
        """Return all facts."""
        return facts()
