"""Invoices and amounts."""
