"""A small shop: a catalogue, customers, orders, payments, messages and reports."""

__version__ = "2.3.0"


def open_shop() -> object:
    """Return a storefront that is ready to sell."""
    from shop.app import Storefront

    return Storefront()
