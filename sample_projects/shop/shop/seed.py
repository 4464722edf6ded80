"""Products for a demonstration; run as a script, it also sells some."""

from shop.money import Money

PRODUCTS = (
    ("T1", "tea", Money(4_50)),
    ("C1", "cup", Money(9_00)),
    ("P1", "pot", Money(32_00)),
)


def fill() -> None:
    """Put ten pieces of each product on the shelf."""
    from shop.catalog.products import Product, add_product
    from shop.catalog.stock import receive

    for number, title, price in PRODUCTS:
        product = Product(number, title, price)
        add_product(product)
        receive(product, 10)


if __name__ == "__main__":
    from shop.app import Storefront

    fill()
    storefront = Storefront()
    storefront.buy("ada@example.org", "T1", "P1")
    print(storefront.report())
