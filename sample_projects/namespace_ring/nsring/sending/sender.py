"""Sends messages."""

import nsring.receiving.receiver

RETRIES = 3


def send(text: str) -> str:
    """Send a text and return the answer."""
    return nsring.receiving.receiver.receive(text)
