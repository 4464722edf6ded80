"""The basket, before it becomes an order."""

from shop.catalog.pricing import price_for
from shop.catalog.products import Product
from shop.customers import Customer
from shop.orders.models import Line, Order


class Basket:
    """What a customer has picked so far."""

    def __init__(self, customer: Customer) -> None:
        self.customer = customer
        self.lines: list[Line] = []

    def add(self, product: Product, pieces: int = 1) -> None:
        """Put some pieces into the basket, at today's price."""
        self.lines.append(Line(product, pieces, price_for(self.customer, product)))

    def as_order(self) -> Order:
        """Return the order for this basket."""
        return Order(self.customer.email, list(self.lines))
