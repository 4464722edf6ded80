"""A codec that depends on nothing."""


def decode(raw: bytes) -> str:
    """Return the text in some bytes."""
    return raw.decode("utf-8", errors="replace")
