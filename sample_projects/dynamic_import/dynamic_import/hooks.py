"""Hooks that are called for every event."""

from dynamic_import.events import describe

HOOKS = (describe, str.upper)
