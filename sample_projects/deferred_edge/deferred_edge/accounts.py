"""Accounts that write to an audit log."""

from dataclasses import dataclass

from deferred_edge import audit


@dataclass
class Account:
    """An account with an owner and a balance."""

    owner: str
    balance: int = 0

    def deposit(self, amount: int) -> None:
        """Add an amount and record it."""
        self.balance += amount
        audit.record(f"{self.owner} +{amount}")
