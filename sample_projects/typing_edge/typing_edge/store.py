"""A store; what it holds is known to the type checker only, in an else branch."""

from __future__ import annotations

from typing import TYPE_CHECKING

if not TYPE_CHECKING:
    Record = object
else:
    from typing_edge.records import Record

_records: list[Record] = []


def save(record: Record) -> int:
    """Keep a record and return how many there are."""
    _records.append(record)
    return len(_records)
