"""Addresses and the debts of people."""
