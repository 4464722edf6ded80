"""The storefront: everything that a visitor can do."""

from shop import __version__
from shop.orders import Basket, Order, place_order
from shop.reports import sales_report


class Storefront:
    """One visit to the shop."""

    title = f"The shop {__version__}"

    def buy(self, email: str, *numbers: str) -> Order:
        """Buy one piece of each product."""
        from shop.catalog import find_product
        from shop.customers import find_customer

        basket = Basket(find_customer(email))
        for number in numbers:
            basket.add(find_product(number))
        return place_order(basket)

    def report(self) -> str:
        """Return today's sales."""
        return sales_report()

    def fill_shelves(self) -> None:
        """Put the products for a demonstration on the shelves."""
        from shop.seed import fill

        fill()
