"""What the shop sells, and for how much."""

from shop.catalog.products import Product, find_product
from shop.catalog.pricing import price_for

__all__ = ["Product", "find_product", "price_for"]
