"""Payments."""

from shop.payments.gateway import charge

__all__ = ["charge"]
