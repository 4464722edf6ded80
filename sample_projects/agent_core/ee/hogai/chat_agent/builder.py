"""The builder of graphs."""

from collections.abc import Callable
from typing import ClassVar

from ee.hogai.assistant.base import AssistantNode
from ee.hogai.assistant.types import AssistantState


class GraphBuilder:
    """Nodes in a row; subclasses say which."""

    nodes: ClassVar[tuple[type[AssistantNode], ...]] = ()

    def compile(self) -> Callable[[AssistantState], AssistantState]:
        """Return a function that runs all nodes in their order."""
        steps = [node() for node in self.nodes]

        def run(state: AssistantState) -> AssistantState:
            for step in steps:
                state = step.run(state)
            return state

        return run
