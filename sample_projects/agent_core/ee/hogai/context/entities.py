"""Finds the entities that a text speaks of."""

from ee.hogai.context.types import Entity

KNOWN = (Entity("event", "$pageview"), Entity("event", "sign up"), Entity("action", "paid a bill"))


def mentioned(text: str) -> tuple[Entity, ...]:
    """Return the known entities that a text names."""
    return tuple(entity for entity in KNOWN if entity.name in text)
