"""Makes long conversations shorter."""

from ee.hogai.assistant.types import AssistantState
from ee.hogai.utils.text import shorten
from ee.hogai.utils.tokens import count


def compact(state: AssistantState, limit: int = 4_000) -> AssistantState:
    """Shorten the oldest messages until the rest fits."""
    for number, message in enumerate(state.messages):
        if sum(map(count, state.messages)) <= limit:
            break
        state.messages[number] = shorten(message)
    return state
