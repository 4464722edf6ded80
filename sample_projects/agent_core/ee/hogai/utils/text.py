"""Text for prompts."""


def dedent(text: str) -> str:
    """Return a text without the spaces that begin its lines."""
    return "\n".join(line.strip() for line in text.strip().splitlines())


def shorten(text: str, length: int = 80) -> str:
    """Return the beginning of a text."""
    return text if len(text) <= length else text[: length - 1] + "…"
