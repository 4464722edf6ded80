"""Layer 3: values in, text out."""

from collections.abc import Iterable

from acyclic.layer1_values import Reading
from acyclic.layer2_units import fahrenheit


def report(readings: Iterable[Reading]) -> str:
    """Return a line for each reading."""
    return "\n".join(f"{one.sensor}: {fahrenheit(one):.1f} F" for one in readings)
