"""The gateway to the bank."""

from shop.events import publish
from shop.money import Money
from shop.payments.risk import looks_risky


def charge(email: str, amount: Money) -> None:
    """Take money from somebody; raises PermissionError where it looks risky."""
    if looks_risky(email, amount):
        raise PermissionError(f"{amount} from {email} must be confirmed by a person")
    publish("charged", amount)
