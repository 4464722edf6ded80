"""Postal addresses."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Address:
    """Where somebody lives."""

    name: str
    city: str

    def label(self) -> str:
        """Return the lines for an envelope."""
        return f"{self.name}\n{self.city}"
