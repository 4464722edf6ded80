"""The fast way to encode: a table."""

from try_import.codec import ALPHABET

_PLACES = {letter: place for place, letter in enumerate(ALPHABET)}


def encode(text: str) -> list[int]:
    """Return the places of the letters by a table."""
    return [_PLACES[letter] for letter in text]
