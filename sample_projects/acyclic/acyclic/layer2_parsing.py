"""Layer 2: text in, values out."""

from acyclic.layer1_values import Reading


def parse(line: str) -> Reading:
    """Return the reading on a line such as `attic 21.5`."""
    sensor, celsius = line.split()
    return Reading(sensor, float(celsius))
