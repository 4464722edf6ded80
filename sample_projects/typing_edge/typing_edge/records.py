"""Records that save themselves."""

from typing_edge.store import save


class Record:
    """Something to keep."""

    def keep(self) -> int:
        """Save this record."""
        return save(self)
