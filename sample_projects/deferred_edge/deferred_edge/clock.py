"""The time, which the owner of the first account may freeze."""

from datetime import UTC, datetime


def now() -> datetime:
    """Return the current time in UTC."""
    return datetime.now(UTC)


def open_clock_account() -> object:
    """Return the account that pays for the clock."""
    from deferred_edge.accounts import Account

    return Account(owner="clock")
