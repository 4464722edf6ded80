"""Loads the handlers when it is loaded itself."""

import importlib

HANDLERS = {}

handlers = importlib.import_module("dynamic_import.handlers")


def handle(name: str, text: str) -> str:
    """Hand a text to the handler of that name."""
    return HANDLERS[name](text)
