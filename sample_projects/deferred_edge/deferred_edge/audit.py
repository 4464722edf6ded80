"""An audit log in memory."""

from deferred_edge import clock

_lines: list[str] = []


def record(line: str) -> None:
    """Append one line with its time."""
    _lines.append(f"{clock.now():%H:%M} {line}")


def lines() -> tuple[str, ...]:
    """Return all lines so far."""
    return tuple(_lines)
