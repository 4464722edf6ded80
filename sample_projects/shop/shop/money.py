"""Money in cents."""

from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Money:
    """An amount in cents, so that nothing is ever rounded twice.

    >>> str(Money(1250) + Money(30))
    '12.80'
    """

    cents: int = 0

    def __add__(self, other: "Money") -> "Money":
        return Money(self.cents + other.cents)

    def __mul__(self, factor: float) -> "Money":
        return Money(round(self.cents * factor))

    def __str__(self) -> str:
        return f"{self.cents // 100}.{self.cents % 100:02}"
