"""Names of emoji."""

from lazy_import.markup import MARK

NAMES = {"smile": ":-)", "wink": ";-)"}


def replace(text: str) -> str:
    """Return a text with every name between two marks replaced."""
    for name, face in NAMES.items():
        text = text.replace(f"{MARK}{name}{MARK}", face)
    return text
