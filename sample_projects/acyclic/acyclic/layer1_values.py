"""Layer 1: plain values."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Reading:
    """One reading of a sensor."""

    sensor: str
    celsius: float
