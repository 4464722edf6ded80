"""Invoices, sent to an address."""

from cyclic_packages.billing.amounts import as_text
from cyclic_packages.people.addresses import Address


def invoice(address: Address, cents: int) -> str:
    """Return an invoice as text."""
    return f"{address.label()}\nDue: {as_text(cents)}"
