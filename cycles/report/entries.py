"""Show as text which modules can be imported first, where and why the others crash, and what hides that."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from rich.text import Text

from cycles.enums import Verdict
from cycles.model import Analysis, FirstImport, FirstImportReport
from cycles.report.entries_failures import (
    DEEP,
    SHOWN_MODULES,
    crashes,
    more_of,
    names_of,
    otherwise,
    swallowed,
    unknown,
)
from cycles.report.entries_verdicts import EntriesCheck, agreement
from cycles.report.terminal import TextStyle, as_text, headline, next_commands, paragraph, section, titled
from cycles.report.wording import clean, command_line, counted, failed_at, names, short

_NO_MODULE = re.compile(r"ModuleNotFoundError: No module named '(?P<name>[\w.]+)'")


@as_text
def entries_as_text(
    analysis: Analysis,
    found: FirstImportReport,
    style: TextStyle,
    check: EntriesCheck | None = None,
    *,
    python: str = "",
    typed: Sequence[str] = (),
) -> Iterator[Text]:
    """Return which modules can be imported first: as predicted, or as they really were where that is known.

    `python` is the interpreter that imported them; what to type next repeats the options of `--run` that were `typed`.
    """
    entries = found.runs or found.entries
    yield headline(analysis, style, f"   first imports{_asked(found)}{_given(found)}")
    if not entries:
        yield Text("  there is no module to import")
        return
    if missing := _missing(analysis, found.runs):
        sentence = f"{clean(missing)} is not installed for {clean(python)}; name another interpreter with --python"
        yield from paragraph(sentence, style, look="bold yellow")
    yield from paragraph(_summary(entries), style)
    if not found.runs:
        roots = " and ".join(map(clean, analysis.packages))
        import_ = "imports" if len(analysis.packages) == 1 else "import"
        yield from paragraph(f"provided that what {roots} {import_} from elsewhere can be imported", style, look="dim")
    if found.apart:
        reach = "reaches" if found.apart == 1 else "reach"
        reaching = f"{reach} no module of component #{found.component}: no cycle of it can make them crash"
        why = reaching if found.component and not found.runs else "not asked about"
        yield from paragraph(f"{counted(found.apart, 'other module')} {why}", style, look="dim")
    prefix = analysis.named[0] if len(analysis.named) == 1 else ""
    asked = {entry.module for entry in entries}
    own = [file.name for file in analysis.files if analysis.holds(file.name) and file.name not in asked]
    programs = [name for name in own if name.rpartition(".")[2] == "__main__"]
    if programs and not found.named and not found.component:
        names = ", ".join(short(name, prefix) for name in programs[:SHOWN_MODULES])
        yield from paragraph(f"not asked about: {names} (run, not imported)", style, look="dim")
    yield from crashes(entries, prefix, style)
    yield from otherwise(entries, prefix, style)
    yield from unknown(entries, prefix, style)
    yield from swallowed(found.entries, prefix, style)
    fine = [entry.module for entry in entries if entry.verdict is Verdict.OK and not entry.loaded]
    if fine and len(fine) < len(entries) and (style.everything or len(fine) <= SHOWN_MODULES):
        yield from section("can be imported first", "bold green")
        yield from names_of(fine, prefix, style)
    yield from _loaded(entries, prefix, style)
    yield from _agreement(analysis, found, prefix, style)
    yield from _hints(found, prefix, style)
    yield from _verdict(check, style)
    yield from _next(analysis, found, style, check, typed)


def _asked(found: FirstImportReport) -> str:
    """Say which modules were asked about, and whether they were really imported."""
    which = ""
    if found.named:
        which = f" of {counted(len(found.entries), 'module')}"
    elif found.component:
        which = f" {'of' if found.runs else 'that reach'} component #{found.component}"
    return f"{which}, {'really imported' if found.runs else 'predicted'}"


def _given(found: FirstImportReport) -> str:
    """Say on what condition: what is imported before, what is taken to be empty."""
    after = f" after {', '.join(map(clean, found.after))}" if found.after else ""
    bare = f" as if {' and '.join(map(clean, found.bare))} were empty" if found.bare else ""
    return after + bare


def _summary(entries: Sequence[FirstImport]) -> str:
    """Say how many modules crash, and what becomes of the others; that none crashes only where none is unknown.

    What holds of most modules is said first, where it is no good news: the first clause is what readers remember.
    """
    verdicts = [entry.verdict for entry in entries]
    crash, other, unknown = map(verdicts.count, (Verdict.CRASH, Verdict.OTHER, Verdict.UNKNOWN))
    loaded = sum(entry.loaded and entry.verdict is Verdict.OK for entry in entries)
    fine = len(entries) - crash - other - unknown - loaded
    modules = counted(len(entries), "module")
    fails = f"{'fails' if other == 1 else 'fail'} for another reason"
    further = [f"{fine:,} can be imported"] if 0 < fine < len(entries) else []
    most = max(other, unknown)
    if 2 * most > len(entries):
        if most == unknown:
            said = f"{unknown:,} of {modules} unknown, for the reasons below"
            further += [f"{other:,} {fails}"] if other else []
        else:
            said = f"{other:,} of {modules} {fails} than a cycle"
            further += [f"{unknown:,} unknown"] if unknown else []
        further += [f"{crash:,} {'crashes' if crash == 1 else 'crash'}" if crash else "none is known to crash"]
    else:
        if crash:
            said = f"{crash:,} of {modules} {'crashes' if crash == 1 else 'crash'} when imported first"
        else:
            known = "is known to crash" if unknown or loaded else "crashes"
            of_one = "the module is not known to crash" if unknown or loaded else "the module does not crash"
            said = f"{of_one if len(entries) == 1 else f'none of {modules} {known}'} when imported first"
        further += [f"{other:,} {fails}"] if other else []
        further += [f"{unknown:,} unknown"] if unknown else []
    further += [f"{loaded:,} {'was' if loaded == 1 else 'were'} loaded before"] if loaded else []
    return "; ".join([said, *further])


def _missing(analysis: Analysis, runs: Sequence[FirstImport]) -> str | None:
    """Return the module from elsewhere that is missing where that alone makes most first imports fail."""
    errors = [_NO_MODULE.match(entry.error or "") for entry in runs if entry.verdict is Verdict.OTHER]
    names = Counter(found["name"].partition(".")[0] for found in errors if found)
    foreign = [(count, name) for name, count in names.items() if not analysis.holds(name)]
    # Of several distributions that are not installed, each module meets only the first.
    if 2 * sum(count for count, _ in foreign) <= len(runs):
        return None
    return max(foreign, key=lambda item: (item[0], item[1]))[1]


def _loaded(entries: Sequence[FirstImport], prefix: str, style: TextStyle) -> Iterator[Text]:
    """Show the modules that were no first imports at all."""
    before = [entry.module for entry in entries if entry.loaded and entry.verdict is Verdict.OK]
    if before:
        yield from section("loaded before their turn", "bold yellow")
        yield from paragraph("--setup or --after had imported these: nothing is known of them as first imports", style)
        yield from names_of(before, prefix, style)


def _agreement(analysis: Analysis, found: FirstImportReport, prefix: str, style: TextStyle) -> Iterator[Text]:
    """Show where the truth, if it is known, is not what was predicted."""
    if not found.runs:
        return
    compared = agreement(found.entries, found.runs, analysis.packages)
    sentence = f"{compared.same:,} of {compared.compared:,} right" if compared.compared else "nothing could be tested"
    if compared.unknown:
        sentence += f"; {len(compared.unknown):,} unknown"
    if compared.different:
        sentence += f"; {len(compared.different):,} wrong{':' * (not compared.untold)}"
    if compared.untold:
        missing = Counter((was.missing or "").partition(".")[0] for _, was in compared.untold)
        lacking = [name for name, _ in sorted(missing.items(), key=lambda item: (-item[1], item[0]))]
        are = "are" if lacking[1:] else "is"
        sentence += f"; {len(compared.untold):,} not told, as {names(lacking)} {are} not installed"
    yield Text()
    yield from titled("predicted", sentence, style, width=11)
    alike: dict[str, list[str]] = {}
    for said, was in (*compared.different, *(compared.untold if style.everything else ())):
        difference = f"predicted {_outcome(said)}, really {_outcome(was)}:"
        alike.setdefault(difference, []).append(short(said.module, prefix))
    for difference, modules in alike.items():
        yield from paragraph(difference, style)
        yield from paragraph(", ".join(modules), style, DEEP)


def _outcome(entry: FirstImport) -> str:
    word = "fails for another reason" if entry.verdict is Verdict.OTHER else str(entry.verdict)
    return f"{word}{failed_at(entry)}"


def _verdict(check: EntriesCheck | None, style: TextStyle) -> Iterator[Text]:
    """Say what CI is to think of it."""
    if check is None:
        return
    failing = counted(len(check.failing), "module")
    yield Text()
    yield from titled("check", "passed" if check.passed else f"{failing} cannot be imported first:", style, width=11)
    for module in check.failing:
        yield Text(f"{DEEP}{clean(module)}")
    for those, what in (
        (check.accepted, "accepted by the baseline"),
        (check.optional, "not counted: a module that is optional is missing"),
        (check.unknown, "unknown, which fails with --strict only"),
    ):
        if those:
            yield from paragraph(f"{len(those):,} {what}", style, look="dim")
    for module in check.stale:
        yield from paragraph(
            f"note: the baseline need not list {clean(module)} any more (--update takes it out)", style
        )


def _hints(found: FirstImportReport, package: str, style: TextStyle) -> Iterator[Text]:
    """Show what masks the crashes, and which others the packages above hide."""
    crashing = sum(entry.verdict is Verdict.CRASH for entry in found.entries)
    if found.mask and any(entry.verdict is Verdict.CRASH for entry in found.runs or found.entries):
        safe = found.mask.safe
        module = clean(found.mask.module)
        crashes = {1: "the crash", 2: "both crashes"}.get(crashing, f"all {crashing:,} crashes")
        hidden = crashes if safe == crashing else f"{safe:,} of the {crashing:,} crashes"
        yield Text()
        yield from paragraph(f"importing {module} before hides {hidden}", style, "")
    if found.hidden:
        names = [short(entry.module, package) for entry in style.first(found.hidden, SHOWN_MODULES)]
        listed = ", ".join(names + more_of(len(found.hidden) - len(names)))
        only = f"work only because the __init__ of {clean(package)} runs first, and imports others in a lucky order"
        one = f"works{only.removeprefix('work')}"
        yield Text()
        more = f"{counted(len(found.hidden), 'module')} {one if len(found.hidden) == 1 else only}"
        yield from paragraph(f"{more} (--bare-root shows where they crash): {listed}", style, "")


def _next(
    analysis: Analysis,
    found: FirstImportReport,
    style: TextStyle,
    check: EntriesCheck | None,
    typed: Sequence[str],
) -> Iterator[Text]:
    commands = []
    if analysis.components and any(entry.verdict is Verdict.CRASH for entry in found.runs or found.entries):
        commands.append(command_line(analysis, "cuts", found.component or 1))
    given = [str(found.component)] if found.component else []
    given += [word for module in found.named for word in ("--module", module)]
    given += [word for module in found.after for word in ("--after", module)]
    if not found.runs and not found.bare:
        commands.append(command_line(analysis, "entries", *given, "--run"))
    elif check is None and not found.bare:
        commands.append(command_line(analysis, "entries", *given, "--check", "--run", *typed))
    yield from next_commands(style, *commands)
