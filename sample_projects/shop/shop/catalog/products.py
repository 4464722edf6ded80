"""Products by their article number."""

from dataclasses import dataclass

from shop.money import Money


@dataclass(frozen=True)
class Product:
    """Something for sale."""

    number: str
    title: str
    price: Money


_PRODUCTS: dict[str, Product] = {}


def add_product(product: Product) -> None:
    """Put a product on the shelf."""
    _PRODUCTS[product.number] = product


def find_product(number: str) -> Product:
    """Return the product with that number; raises KeyError."""
    return _PRODUCTS[number]
