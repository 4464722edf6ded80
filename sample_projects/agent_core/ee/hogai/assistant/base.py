"""What every node is."""

from collections.abc import Callable
from typing import ClassVar

from ee.hogai.assistant.types import AssistantState, NodeName


class AssistantNode:
    """A step of a graph: a state in, the same state with a message more, out."""

    name: ClassVar[NodeName] = NodeName.END

    def run(self, state: AssistantState) -> AssistantState:
        """Do this step."""
        raise NotImplementedError


def node(name: NodeName) -> Callable[[type[AssistantNode]], type[AssistantNode]]:
    """Return a decorator that names a node."""

    def named(cls: type[AssistantNode]) -> type[AssistantNode]:
        cls.name = name
        return cls

    return named
