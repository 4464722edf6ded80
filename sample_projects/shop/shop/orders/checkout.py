"""The checkout: from a basket to a paid order."""

from shop.events import publish
from shop.orders.basket import Basket
from shop.orders.history import remember
from shop.orders.models import Order
from shop.payments import charge


def place_order(basket: Basket) -> Order:
    """Charge the customer and remember the order; raises ValueError where too little is left."""
    from shop.catalog.stock import left
    from shop.notifications import send_receipt

    for line in basket.lines:
        if left(line.product) < line.pieces:
            raise ValueError(f"not enough {line.product.title} left")
    order = basket.as_order()
    charge(order.email, order.total())
    remember(order)
    publish("order placed", order)
    send_receipt(order)
    return order
