"""All orders of the past."""

from shop.money import Money
from shop.orders.models import Order

_ORDERS: list[Order] = []


def remember(order: Order) -> None:
    """Add an order to the history."""
    _ORDERS.append(order)


def open_orders() -> list[Order]:
    """Return the orders that are not delivered yet."""
    return [order for order in _ORDERS if not order.delivered]


def spent_by(email: str) -> Money:
    """Return what somebody has spent so far."""
    return sum((order.total() for order in _ORDERS if order.email == email), start=Money())
