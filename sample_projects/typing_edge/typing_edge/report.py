"""A report that can print itself."""

from dataclasses import dataclass

from typing_edge.printer import as_text


@dataclass(frozen=True)
class Report:
    """A titled report."""

    title: str

    def __str__(self) -> str:
        return as_text(self)
