"""What people owe."""

from cyclic_packages.billing.amounts import as_text
from cyclic_packages.people.addresses import Address


def reminder(address: Address, cents: int) -> str:
    """Return a friendly reminder."""
    return f"Dear {address.name}, you still owe {as_text(cents)}."
