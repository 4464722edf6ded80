"""Facts, in memory."""

_facts: list[str] = []


def keep(fact: str) -> None:
    """Keep a fact, once."""
    if fact not in _facts:
        _facts.append(fact)


def facts() -> list[str]:
    """Return the facts in the order in which they were learned."""
    return list(_facts)
