"""Who buys, and how loyal they are."""

from shop.customers.accounts import Customer, find_customer
from shop.customers.loyalty import Tier, tier_of

__all__ = ["Customer", "Tier", "find_customer", "tier_of"]
