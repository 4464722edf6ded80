"""Errors that the user can put right."""


class CyclesError(Exception):
    """What was asked for cannot be done. The message says what is wrong, and what to do next."""
