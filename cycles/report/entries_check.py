"""Judge first imports: predictions by what really came of them, and for CI which fail and are not accepted."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from cycles.check.accepted_findings import EntryLines, divided
from cycles.enums import Verdict
from cycles.model import FirstImport
from cycles.source.names import inside

_MISSING = re.compile(r"ModuleNotFoundError: No module named '([^']+)'")
_HEADER = "# Modules that cannot be imported first, and are accepted. One a line; comments stay.\n\n"


@dataclass(frozen=True, slots=True)
class EntriesCheck:
    """What `cycles entries --check` says, as names of modules in the order of the entries.

    Attributes:
        failing: those that cannot be imported first and are not accepted; with `strict` those that are unknown too.
        accepted: those that fail and are in the baseline.
        optional: those that fail because a module that may be missing is.
        unknown: those that are unknown, where that is no failure.
        stale: modules of the baseline that can be imported now, or exist no more, sorted.
    """

    failing: tuple[str, ...]
    accepted: tuple[str, ...]
    optional: tuple[str, ...]
    unknown: tuple[str, ...]
    stale: tuple[str, ...]

    @property
    def passed(self) -> bool:
        """Whether nothing fails that is not accepted."""
        return not self.failing


def check_entries(
    entries: Sequence[FirstImport],
    *,
    accepted: Collection[str] = (),
    gone: Collection[str] = (),
    optional: Collection[str] = (),
    strict: bool = False,
) -> EntriesCheck:
    """Judge entries, as they were predicted or as they really were.

    Args:
        entries: the modules that were asked about.
        accepted: the modules of the baseline.
        gone: those of them that do not exist any more.
        optional: names of modules or distributions that may be missing.
        strict: whether a module that is unknown fails.

    """
    lacking = [entry.module for entry in entries if _is_optional(entry, optional)]
    unknown = [entry.module for entry in entries if entry.verdict is Verdict.UNKNOWN]
    failed = [entry.module for entry in entries if entry.verdict in (Verdict.CRASH, Verdict.OTHER)]
    wrong = {*failed, *(unknown if strict else ())} - set(lacking)
    # Of a module that was loaded before its turn nothing is known.
    fine = {entry.module for entry in entries if entry.verdict is Verdict.OK and not entry.loaded}
    order = [entry.module for entry in entries]
    return EntriesCheck(
        failing=tuple(module for module in order if module in wrong and module not in accepted),
        accepted=tuple(module for module in order if module in wrong and module in accepted),
        optional=tuple(lacking),
        unknown=() if strict else tuple(unknown),
        stale=tuple(sorted(fine.intersection(accepted).union(gone))),
    )


def read_baseline(text: str, path: str) -> tuple[str, ...]:
    """Return the modules that a baseline accepts; raises CyclesError, which names the line, where it is none."""
    return tuple(_lines(text, path).entries)


def can_be_accepted(module: str) -> bool:
    """Whether a baseline can name a module: what a file without an identifier as its name holds, nothing can name."""
    return all(part.isidentifier() for part in module.split("."))


def updated_baseline(text: str, path: str, found: EntriesCheck) -> str:
    """Return a baseline that accepts what fails today and can be named, sorted; what stays keeps its comments.

    Modules that were not asked about stay. Raises CyclesError where the old text is no baseline.
    """
    written = _lines(text, path).updated(found.stale, list(filter(can_be_accepted, found.failing)))
    return written if text.strip() and written.strip() else _HEADER + written


def _lines(text: str, path: str) -> EntryLines:
    complaint = "is not the name of a module; a baseline has one module a line, # a comment"
    return divided(text, path, can_be_accepted, complaint)


def _is_optional(entry: FirstImport, optional: Collection[str]) -> bool:
    """Whether an entry fails because a module is missing that may be: one of these, or one inside or around it."""
    found = _MISSING.match(entry.error or "")
    missing = entry.missing or (found[1] if found else None)
    if entry.verdict is not Verdict.OTHER or missing is None:
        return False
    # A distribution is called scikit-image where its module is scikit_image.
    names = [name.replace("-", "_").lower() for name in (missing, *optional)]
    return any(inside(names[0], name) or inside(name, names[0]) for name in names[1:])


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
