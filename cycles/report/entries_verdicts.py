"""Judge first imports: predictions by what really came of them, and for CI which and where they fail, and are new."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cycles.enums import Verdict
from cycles.model import Analysis, FirstImport, FirstImportReport
from cycles.report.notices import Level, Notice, Notices, Place, Repository, Rule
from cycles.report.wording import clean, command_line, counted, names
from cycles.source.module_names import inside

if TYPE_CHECKING:  # its values take 5 ms to define, and every command that writes JSON loads this module
    from cycles.check.findings import EntryLines

_COMMAND = "cycles entries"
_MEANING = "A module that cannot be the first import of a program works only where another one was imported before it."
_REMEDY = "Cut the import cycle behind it (`cycles cuts` says where), or put right what its error names."
_TITLES = {
    Verdict.CRASH: "Cannot be imported first",
    Verdict.OTHER: "Cannot be imported",
    Verdict.UNKNOWN: "It is not known whether this can be imported first",
}
_SHOWN_NAMES = 3
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
    return _lines(text, path).updated(found.stale, list(filter(can_be_accepted, found.failing)), _HEADER)


def _lines(text: str, path: str) -> "EntryLines":
    from cycles.check.findings import divided  # noqa: PLC0415  as above

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
        untold: such pairs where a module from elsewhere is missing: predictions take that to be there.
        loaded: the modules that were loaded before their turn, which shows nothing of a first import.
    """

    same: int
    unknown: tuple[str, ...]
    different: tuple[tuple[FirstImport, FirstImport], ...]
    untold: tuple[tuple[FirstImport, FirstImport], ...]
    loaded: tuple[str, ...]

    @property
    def compared(self) -> int:
        """How many predictions were put to the test."""
        return self.same + len(self.unknown) + len(self.different)


def agreement(
    predicted: Sequence[FirstImport], really: Sequence[FirstImport], packages: Sequence[str] = ()
) -> Agreement:
    """Compare entries, which are the same modules in the same order; what is missing lies in none of the `packages`."""
    pairs = list(zip(predicted, really, strict=True))
    loaded = tuple(was.module for _, was in pairs if was.loaded)
    tested = [(said, was) for said, was in pairs if not was.loaded]
    unknown = tuple(said.module for said, _ in tested if said.verdict is Verdict.UNKNOWN)
    claimed = [(said, was) for said, was in tested if said.verdict is not Verdict.UNKNOWN]
    unlike = [(said, was) for said, was in claimed if _outcome(said) != _outcome(was)]
    untold = tuple(pair for pair in unlike if pair[1].missing and not any(inside(pair[1].missing, p) for p in packages))
    different = tuple(pair for pair in unlike if pair not in untold)
    return Agreement(len(claimed) - len(unlike), unknown, different, untold, loaded)


def _outcome(entry: FirstImport) -> tuple[Verdict, str | None, int | None]:
    return entry.verdict, entry.path, entry.line_number


def entries_notices(
    analysis: Analysis,
    found: FirstImportReport,
    check: EntriesCheck,
    *,
    baseline: str | None = None,
    workspace: str | None = None,
) -> Notices:
    """Return the notices: one for all modules that fail in the same place, and one for each line that is stale.

    Paths are as seen from the `workspace`, the folder of the repository.
    """
    repository = Repository(analysis, workspace)
    entries = found.runs or found.entries
    is_new = True if baseline else None
    failing = _grouped([entry for entry in entries if entry.module in check.failing])
    unknown = _grouped([entry for entry in entries if entry.module in check.unknown])
    notices = [_notice(Level.ERROR, there, repository, is_new=is_new) for there in failing]
    notices += [_notice(Level.NOTE, there, repository, is_new=None) for there in unknown]
    notices += _stale(check, baseline or "", repository)
    return Notices(
        command=_COMMAND,
        package=analysis.package,
        said=(_verdict(found, check),),
        passed=check.passed,
        rules=tuple(Rule(f"first-import/{verdict}", title, _MEANING, _REMEDY) for verdict, title in _TITLES.items()),
        found=tuple(notices),
        again=_again(analysis, found, baseline),
    )


def _verdict(found: FirstImportReport, check: EntriesCheck) -> str:
    how = "really made" if found.runs else "predicted"
    failing = f"{counted(len(check.failing), 'module')} of {len(found.entries):,} cannot be imported first"
    counts = (
        (len(check.accepted), "accepted by the baseline"),
        (len(check.optional), "for want of a module that is optional"),
        (len(check.unknown), "unknown"),
    )
    rest = "".join(f"; {number:,} {what}" for number, what in counts if number)
    return f"First imports, {how}: {failing if check.failing else 'passed'}{rest}."


def _grouped(entries: Sequence[FirstImport]) -> list[list[FirstImport]]:
    """Return the entries that fail alike together, the most first; of each group the shortest way there first."""
    alike: dict[tuple[str, str, int, str], list[FirstImport]] = defaultdict(list)
    for entry in entries:
        alike[entry.verdict, entry.path or "", entry.line_number or 0, _why(entry)].append(entry)
    ranked = sorted(alike.items(), key=lambda item: (-len(item[1]), item[0]))
    return [sorted(there, key=lambda entry: (len(entry.chain), entry.module)) for _, there in ranked]


def _why(entry: FirstImport) -> str:
    """Return the first line of what Python says, without its guess at the cause, which names a file of this machine."""
    first = (entry.error or entry.reason or "").partition("\n")[0]
    return first.partition(" (most likely due to")[0]


def _notice(level: Level, there: Sequence[FirstImport], repository: Repository, *, is_new: bool | None) -> Notice:
    first = there[0]
    why = clean(_why(first))
    title = _TITLES[first.verdict]
    modules = names(sorted(entry.module for entry in there), _SHOWN_NAMES)
    end = first.chain[-1].imported if first.chain else first.module
    return Notice(
        level=level,
        title=title,
        text=f"{modules}: {why}" if why else modules,
        place=_place(first, repository),
        rule=f"first-import/{first.verdict}",
        steps=tuple(repository.place(link.path, link.line_number, link.importer) for link in first.chain),
        end=end if first.chain else "",
        identity=(first.verdict, end, _why(first)),
        is_new=is_new,
    )


def _place(entry: FirstImport, repository: Repository) -> Place | None:
    """Return where a module fails; where that is in no file of the project, the last import there that led to it."""
    places = [(entry.path, entry.line_number), *((link.path, link.line_number) for link in reversed(entry.chain))]
    inside = (place for place in places if place[0] and not place[0].startswith("/"))
    path, line_number = next(inside, (None, None))
    return repository.place(path, line_number) if path else None


def _stale(check: EntriesCheck, baseline: str, repository: Repository) -> Iterator[Notice]:
    for module in check.stale:
        text = f"the baseline need not list {clean(module)} any more; --update takes it out"
        yield Notice(Level.WARNING, "Stale baseline", text, repository.place(baseline))


def _again(analysis: Analysis, found: FirstImportReport, baseline: str | None) -> str:
    words = [word for module in found.named for word in ("--module", module)]
    words += [word for module in found.after for word in ("--after", module)]
    words += ["--bare-root"] if found.bare else []
    words += ["--run"] if found.runs else []
    words += ["--check", *(["--baseline", baseline] if baseline else [])]
    number = [found.component] if found.component else []
    return f"cycles {command_line(analysis, 'entries', *number, *words)}"
