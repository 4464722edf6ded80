"""Events; the hooks are imported by a relative name."""

import importlib


def fire(event: str) -> list[str]:
    """Return what the hooks say to an event."""
    hooks = importlib.import_module(".hooks", __package__)
    return [hook(event) for hook in hooks.HOOKS]


def describe(event: str) -> str:
    """Return an event as text."""
    return f"event {event!r}"
