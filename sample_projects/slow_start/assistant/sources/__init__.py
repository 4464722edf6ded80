"""Every source: importing this package fills the registry."""

from assistant.sources.contacts import Contacts
from assistant.sources.payments import Payments
from assistant.sources.tables import Tables

__all__ = ["Contacts", "Payments", "Tables"]
