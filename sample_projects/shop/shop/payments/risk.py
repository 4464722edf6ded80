"""How risky a payment looks."""

from shop.money import Money

LIMIT = Money(500_00)


def looks_risky(email: str, amount: Money) -> bool:
    """Return whether somebody suddenly spends far more than ever before."""
    from shop.orders.history import spent_by

    return amount > LIMIT and spent_by(email) * 2 < amount
