"""Stands in for the SDK of a payment provider."""

from paylib.client import Client

__all__ = ["Client"]
