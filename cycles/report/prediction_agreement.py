"""Compare predicted first imports with what they really came to: verdict and place."""

from collections.abc import Sequence
from dataclasses import dataclass

from cycles.enums import Verdict
from cycles.model import FirstImport


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far predictions hold.

    Attributes:
        same: how many have the verdict, and the place of the failure, that they were predicted to have.
        unknown: the modules of which nothing was predicted.
        different: pairs of what was predicted and what really became of a module.
        loaded: the modules that were loaded before their turn, which shows nothing of a first import.
    """

    same: int
    unknown: tuple[str, ...]
    different: tuple[tuple[FirstImport, FirstImport], ...]
    loaded: tuple[str, ...]

    @property
    def compared(self) -> int:
        """How many predictions were put to the test."""
        return self.same + len(self.unknown) + len(self.different)


def agreement(predicted: Sequence[FirstImport], really: Sequence[FirstImport]) -> Agreement:
    """Compare entries, which are the same modules in the same order."""
    pairs = list(zip(predicted, really, strict=True))
    loaded = tuple(was.module for _, was in pairs if was.loaded)
    tested = [(said, was) for said, was in pairs if not was.loaded]
    unknown = tuple(said.module for said, _ in tested if said.verdict is Verdict.UNKNOWN)
    claimed = [(said, was) for said, was in tested if said.verdict is not Verdict.UNKNOWN]
    different = tuple((said, was) for said, was in claimed if _outcome(said) != _outcome(was))
    return Agreement(len(claimed) - len(different), unknown, different, loaded)


def _outcome(entry: FirstImport) -> tuple[Verdict, str | None, int | None]:
    return entry.verdict, entry.path, entry.line_number
