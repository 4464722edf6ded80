"""What `cycles entries --check` has to say next to the code: each place where first imports fail."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from cycles.enums import Verdict
from cycles.model import Analysis, FirstImport, FirstImportReport
from cycles.report.entries_check import EntriesCheck
from cycles.report.format import clean, command_line, counted, names
from cycles.report.notices import Level, Notice, Notices, Place, Repository, Rule

_COMMAND = "cycles entries"
_MEANING = "A module that cannot be the first import of a program works only where another one was imported before it."
_REMEDY = "Cut the import cycle behind it (`cycles cuts` says where), or put right what its error names."
_TITLES = {
    Verdict.CRASH: "Cannot be imported first",
    Verdict.OTHER: "Cannot be imported",
    Verdict.UNKNOWN: "It is not known whether this can be imported first",
}
_SHOWN_NAMES = 3


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
