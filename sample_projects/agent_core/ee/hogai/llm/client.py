"""A client that answers with what it was told, for want of a network."""

from dataclasses import dataclass

from ee.hogai.llm.models import CONTEXT_WINDOW, DEFAULT
from ee.hogai.utils.tokens import count


@dataclass(frozen=True)
class Completion:
    """What a model said, and what that cost."""

    text: str
    tokens: int


class LLMClient:
    """Talks to one model."""

    def __init__(self, model: str = DEFAULT) -> None:
        self.window = CONTEXT_WINDOW[model]

    def complete(self, prompt: str) -> Completion:
        """Return the completion of a prompt; raises ValueError where it does not fit."""
        tokens = count(prompt)
        if tokens > self.window:
            raise ValueError(f"{tokens} tokens do not fit into {self.window}")
        return Completion(prompt.splitlines()[-1], tokens)
