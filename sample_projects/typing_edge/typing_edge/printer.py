"""Prints reports; the flag has another name here."""

from __future__ import annotations

from typing import TYPE_CHECKING as TC

if TC:
    from typing_edge.report import Report


def as_text(report: Report) -> str:
    """Return a report as text."""
    return f"{report.title}\n{'=' * len(report.title)}"
