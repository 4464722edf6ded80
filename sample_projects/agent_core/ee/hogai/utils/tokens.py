"""A rough count of tokens."""

CHARACTERS_PER_TOKEN = 4


def count(text: str) -> int:
    """Return about how many tokens a text is."""
    return -(-len(text) // CHARACTERS_PER_TOKEN)
