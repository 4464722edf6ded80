"""What every tool is."""

from typing import ClassVar

from ee.hogai.assistant.types import AssistantState
from ee.hogai.tools.registry.store import TOOLS


class HogTool:
    """Something that the model may ask for by name; subclasses register themselves."""

    name: ClassVar[str] = ""

    def __init_subclass__(cls) -> None:
        TOOLS[cls.name] = cls

    def call(self, state: AssistantState, argument: str) -> str:
        """Return the text that the model gets to see."""
        raise NotImplementedError
