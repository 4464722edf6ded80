"""Orders, from the basket to the history."""

from shop.orders.basket import Basket
from shop.orders.checkout import place_order
from shop.orders.history import open_orders, spent_by
from shop.orders.models import Line, Order

__all__ = ["Basket", "Line", "Order", "open_orders", "place_order", "spent_by"]
