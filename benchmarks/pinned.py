"""The list of real packages in; where each is unpacked, out."""

from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).parents[1]


@dataclass(frozen=True, slots=True)
class Entry:
    """A pinned distribution, the package that it holds, and the folder that is its source root."""

    distribution: str
    package: str

    @property
    def folder(self) -> Path:
        return PROJECT / "corpus" / self.distribution


def entries() -> tuple[Entry, ...]:
    """All packages of `corpus.txt`, in its order."""
    lines = (PROJECT / "benchmarks" / "corpus.txt").read_text(encoding="utf-8").splitlines()
    return tuple(Entry(*line.split()) for line in lines if line and not line.startswith("#"))
