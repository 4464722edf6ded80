"""The texts of messages."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shop.customers.accounts import Customer

RECEIPT = "Dear {name}, thank you for your order of {total}."
GREETING = "Welcome, {name}!"


def greeting(customer: Customer) -> str:
    """Return the first message to a customer."""
    return GREETING.format(name=customer.name)
