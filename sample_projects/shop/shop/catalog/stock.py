"""How many pieces of each product are left."""

from collections import Counter

from shop.catalog.products import Product

_left: Counter[str] = Counter()


def receive(product: Product, pieces: int) -> None:
    """Put pieces into the store room."""
    _left[product.number] += pieces


def left(product: Product) -> int:
    """Return the pieces that are neither sold nor reserved."""
    from shop.orders import open_orders

    reserved = sum(order.pieces(product) for order in open_orders())
    return _left[product.number] - reserved
