"""Invoices as text."""

from three_cycle import taxes


def write(net: float) -> str:
    """Return the invoice for a net amount."""
    return f"total: {net + taxes.due(net):.2f}"
