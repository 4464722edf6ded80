"""Encodes text, faster where the accelerated module is there."""

ALPHABET = "abcdefghijklmnopqrstuvwxyz"

try:
    from try_import.accelerated import encode
except ImportError:

    def encode(text: str) -> list[int]:
        """Return the places of the letters, one by one."""
        return [ALPHABET.index(letter) for letter in text]
