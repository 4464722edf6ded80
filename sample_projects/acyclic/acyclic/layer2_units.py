"""Layer 2: other units."""

from acyclic.layer1_values import Reading


def fahrenheit(reading: Reading) -> float:
    """Return a reading in degrees Fahrenheit."""
    return reading.celsius * 9 / 5 + 32
