"""Receives messages."""

from nsring.sending import sender
from nsring.sending.formats import wire


def receive(text: str) -> str:
    """Return the answer to a text."""
    return wire.pack(text.upper())


def bounce(text: str) -> str:
    """Send a text back to where it came from."""
    return sender.send(text)
