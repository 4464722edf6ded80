"""The tax due on an order."""

from three_cycle.orders import DISCOUNT

RATE = 0.2
FLOOR = 10 * (1 - DISCOUNT)


def due(net: float) -> float:
    """Return the tax on a net amount; small orders are free of tax."""
    return net * RATE if net > FLOOR else 0.0
