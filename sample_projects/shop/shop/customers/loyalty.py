"""Loyalty: what customers bought so far decides on their tier."""

from enum import Enum

from shop.customers.accounts import Customer
from shop.money import Money
from shop.orders.history import spent_by


class Tier(Enum):
    """The tiers, with what one has to spend to get there."""

    NEW = Money(0)
    REGULAR = Money(100_00)
    GOLD = Money(1000_00)


def tier_of(customer: Customer) -> Tier:
    """Return the highest tier that a customer has reached."""
    spent = spent_by(customer.email)
    return max((tier for tier in Tier if tier.value <= spent), key=lambda tier: tier.value)
