"""Messages to customers."""

from shop.notifications.messages import send_receipt

__all__ = ["send_receipt"]
