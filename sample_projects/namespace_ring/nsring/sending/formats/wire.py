"""The format on the wire, in a folder without an `__init__.py`."""

from nsring.sending import sender


def pack(text: str) -> str:
    """Return a text with the number of tries left."""
    return f"{sender.RETRIES}|{text}"
