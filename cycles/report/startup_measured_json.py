"""Write as JSON what importing an application really costs, what became of a plan, and what a baseline accepts."""

from dataclasses import dataclass

from cycles.model import FirstImport
from cycles.report.documents import Document
from cycles.report.startup_check import StartupCheck
from cycles.startup.measurements import (
    Cost,
    MeasuredDistribution,
    MeasuredModule,
    MeasuredStartup,
    Verification,
)


@dataclass(frozen=True)
class MeasuredDocument(Document):
    """What ENTRY costs, in nanoseconds of processor time and kilobytes: `total` of the run that took least."""

    runs: tuple[int, ...]
    total: Cost
    modules: int
    distributions: tuple[MeasuredDistribution, ...]
    own_modules: tuple[MeasuredModule, ...]
    standard_library: Cost
    unforeseen: tuple[str, ...]
    not_loaded: tuple[str, ...]
    failure: FirstImport | None


@dataclass(frozen=True)
class StillDocument(Document):
    """A distribution that is loaded with the edits of the plan too, and the module whose import loads it."""

    distribution: str
    importer: str


@dataclass(frozen=True)
class VerifiedDocument(Document):
    """What became of ENTRY with the edits of the first plan; `shown`: the times differ by more than `noise`."""

    before: Cost
    after: Cost
    predicted: Cost
    foreseen: float
    saved: float
    noise: float
    shown: bool
    holds: bool
    gone: tuple[str, ...]
    still: tuple[StillDocument, ...]
    modules_gone: int
    edited: int
    untouched: tuple[str, ...]
    skipped: int
    failure: FirstImport | None


@dataclass(frozen=True)
class StartupCheckDocument(Document):
    """What `--check` says, as names of distributions."""

    passed: bool
    new: tuple[str, ...]
    accepted: tuple[str, ...]
    possible: tuple[str, ...]
    stale: tuple[str, ...]


def measured_document(found: MeasuredStartup | None) -> MeasuredDocument | None:
    """Return what was measured, None where nothing was."""
    return MeasuredDocument.of(found) if found else None


def verified_document(found: Verification | None) -> VerifiedDocument | None:
    """Return what was verified, None where nothing was."""
    if found is None:
        return None
    still = tuple(StillDocument(name, importer) for name, importer in found.still)
    return VerifiedDocument.of(
        found,
        still=still,
        saved=round(found.saved, 4),
        foreseen=round(found.foreseen, 4),
        noise=round(found.noise, 4),
        shown=found.shown,
        holds=found.holds,
    )


def check_document(found: StartupCheck | None) -> StartupCheckDocument | None:
    """Return a verdict, None where there is none."""
    if found is None:
        return None
    names = {"new": found.new, "possible": found.possible}
    return StartupCheckDocument.of(
        found,
        passed=found.passed,
        **{key: tuple(row.name for row in rows) for key, rows in names.items()},
    )
