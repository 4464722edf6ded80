"""What a simulated interpreter may ask of modules that are not analysed."""

from typing import Protocol


class Elsewhere(Protocol):
    """What is installed besides the modules that are analysed."""

    def is_installed(self, module: str) -> bool | None:
        """Whether a module is there; None where that is not known."""

    def version_of(self, distribution: str) -> str | None:
        """Return the version of a distribution as its metadata have it; None where it is not installed."""
