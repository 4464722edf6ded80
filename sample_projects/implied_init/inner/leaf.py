"""A handler of raw messages."""

from outer.deep.mod import decode


class Handler:
    """Reads messages."""

    def read(self, raw: bytes) -> str:
        """Return a message without its line end."""
        return decode(raw).rstrip()
