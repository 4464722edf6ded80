"""Sends messages; for now it only keeps them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shop.notifications.templates import RECEIPT

if TYPE_CHECKING:
    from shop.orders.models import Order

outbox: list[str] = []


def send_receipt(order: Order) -> None:
    """Send the receipt for an order."""
    from shop.customers import find_customer

    customer = find_customer(order.email)
    outbox.append(RECEIPT.format(name=customer.name, total=order.total()))
