"""Show as text which modules can be imported first, where and why the others crash, and what hides that."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from rich.text import Text

from cycles.enums import Verdict
from cycles.model import Analysis, FirstImport, FirstImportReport
from cycles.report.format import clean, counted, options_of, short, wrapped
from cycles.report.text import TextStyle, join_lines, listed, next_commands, paragraph, section

_SHOWN_PLACES = 5
_SHOWN_MODULES = 12
_SHOWN_REASONS = 3
_DEEP = "    "


def entries_as_text(analysis: Analysis, found: FirstImportReport, style: TextStyle) -> str:
    """Return which modules can be imported first: as predicted, or as they really were where that is known."""
    return join_lines(_lines(analysis, found, style), style)


def _lines(analysis: Analysis, found: FirstImportReport, style: TextStyle) -> Iterator[Text]:
    entries = found.runs or found.entries
    component = f" that reach component #{found.component}" if found.component else ""
    really = "really imported" if found.runs else "predicted"
    yield Text.assemble((clean(analysis.package), "bold"), f"   first imports{component}, {really}{_given(found)}")
    if not entries:
        yield Text(f"  none of {counted(found.apart, 'module')} reaches an import-time component, and none crashes")
        return
    yield Text(f"  {_summary(entries)}")
    if found.apart:
        others = "1 other reaches" if found.apart == 1 else f"{found.apart:,} others reach"
        yield Text(f"  {others} no {'module of it' if found.component else 'component'}", style="dim")
    prefix = analysis.package
    yield from _crashes(entries, prefix, style)
    fine = [entry.module for entry in entries if entry.verdict is Verdict.OK]
    if fine and len(fine) < len(entries):
        yield from section("can be imported first", "bold green")
        yield from _names(fine, prefix, style)
    yield from _by_reason("fail otherwise", entries, Verdict.OTHER, prefix, style)
    yield from _by_reason("unknown", entries, Verdict.UNKNOWN, prefix, style)
    yield from _wrongly_predicted(found, prefix, style)
    yield from _hints(found, prefix, style)
    yield from _next(analysis, found)


def _given(found: FirstImportReport) -> str:
    """Say on what condition: what is imported before, what is taken to be empty."""
    after = f" after {', '.join(map(clean, found.after))}" if found.after else ""
    bare = f" as if {' and '.join(map(clean, found.bare))} were empty" if found.bare else ""
    return after + bare


def _summary(entries: Sequence[FirstImport]) -> str:
    verdicts = [entry.verdict for entry in entries]
    fine, crash, other, unknown = map(verdicts.count, (Verdict.OK, Verdict.CRASH, Verdict.OTHER, Verdict.UNKNOWN))
    otherwise = f" · {other:,} fail otherwise" if other else ""
    return f"{fine:,} of {len(entries):,} can be imported first · {crash:,} crash{otherwise} · {unknown:,} unknown"


def _crashes(entries: Sequence[FirstImport], prefix: str, style: TextStyle) -> Iterator[Text]:
    """Show each place where first imports crash, those of the most modules first."""
    by_place: dict[tuple[str, int, str], list[FirstImport]] = defaultdict(list)
    for entry in entries:
        if entry.verdict is Verdict.CRASH:
            # Without Python's guess at the cause, and without the file that only repeats the module's name.
            message = (entry.error or "").partition(" (most likely due to")[0]
            by_place[entry.path or "", entry.line_number or 0, message].append(entry)
    ranked = sorted(by_place.items(), key=lambda item: (-len(item[1]), item[0]))
    shown = style.first(ranked, _SHOWN_PLACES)
    for (path, line_number, message), there in shown:
        yield Text()
        yield Text.assemble(("crash  ", "bold red"), f"{clean(path)}:{line_number}")
        yield from paragraph(clean(message), style)
        # The shortest way there explains best.
        yield from _chain(min(there, key=lambda entry: (len(entry.chain), entry.module)), prefix, style)
        yield Text(f"  {counted(len(there), 'first import')} crash{'es' if len(there) == 1 else ''} there:")
        yield from _names([entry.module for entry in there], prefix, style)
        if style.everything:
            for link in there[0].chain:
                yield Text(f"      {clean(link.path)}:{link.line_number}  {clean(link.imported)}", style="dim")
    if rest := ranked[len(shown) :]:
        modules = counted(sum(len(there) for _, there in rest), "module")
        yield from section(f"… {counted(len(rest), 'more place')} with {modules}: --all", "dim")


def _chain(entry: FirstImport, prefix: str, style: TextStyle) -> Iterator[Text]:
    """Show the modules that are being imported, outermost first, each with the line where it imports the next one."""
    steps = [f"{short(link.importer, prefix)}:{link.line_number}" for link in entry.chain]
    if entry.chain:
        steps.append(f"{short(entry.chain[-1].imported, prefix)}:{entry.line_number}")
        # A line may end in an arrow, but not begin with one.
        for line in wrapped("\N{NO-BREAK SPACE}→ ".join(steps), style.width - len(_DEEP)):
            yield Text(f"{_DEEP}{line}".replace("\N{NO-BREAK SPACE}", " "), style="dim")


def _names(modules: Sequence[str], prefix: str, style: TextStyle) -> Iterator[Text]:
    shown = [short(module, prefix) for module in style.first(modules, _SHOWN_MODULES)]
    return paragraph(", ".join([*shown, *_more(len(modules) - len(shown))]), style, _DEEP)


def _more(missing: int) -> list[str]:
    """Return what ends a list of names of which some are missing."""
    return [f"… {missing:,} more: --all"] if missing else []


def _by_reason(
    title: str, entries: Sequence[FirstImport], verdict: Verdict, prefix: str, style: TextStyle
) -> Iterator[Text]:
    """Show the modules of one verdict, those of the most frequent reason first."""
    by_reason: dict[str, list[str]] = defaultdict(list)
    for entry in entries:
        if entry.verdict is verdict:
            by_reason[entry.error or entry.reason or ""].append(entry.module)
    if not by_reason:
        return
    yield from section(title, "bold yellow")
    ranked = sorted(by_reason.items(), key=lambda item: (-len(item[1]), item[0]))
    shown = style.first(ranked, _SHOWN_REASONS)
    for reason, modules in shown:
        yield from paragraph(clean(reason), style)
        yield from _names(modules, prefix, style)
    if rest := ranked[len(shown) :]:
        count = counted(sum(len(modules) for _, modules in rest), "module")
        yield Text(f"  … {count} for {counted(len(rest), 'other reason')}: --all", style="dim")


def _wrongly_predicted(found: FirstImportReport, prefix: str, style: TextStyle) -> Iterator[Text]:
    """Show where the truth, if it is known, is not what was predicted."""
    if not found.runs:
        return
    wrong = [pair for pair in zip(found.entries, found.runs, strict=True) if pair[0].verdict is not pair[1].verdict]
    right = len(found.runs) - len(wrong)
    yield Text()
    yield Text.assemble(("predicted", "bold"), f"  {right:,} of {len(found.runs):,} as they really are")
    sentences = [f"{short(said.module, prefix)}: predicted {said.verdict}, really {was.verdict}" for said, was in wrong]
    yield from listed(sentences, _SHOWN_MODULES, style, lambda sentence: paragraph(sentence, style))


def _hints(found: FirstImportReport, package: str, style: TextStyle) -> Iterator[Text]:
    """Show what masks the crashes, and which others the packages above hide."""
    crashing = sum(entry.verdict is Verdict.CRASH for entry in found.entries)
    hints = []
    if found.mask:
        safe = found.mask.safe
        can = "all of them can" if safe == crashing else f"{safe:,} of {crashing:,} can"
        hints.append(("masked by", f"import {clean(found.mask.module)}   (then {can})"))
    if found.hidden:
        names = [clean(entry.module) for entry in style.first(found.hidden, _SHOWN_MODULES)]
        hides = f"{len(found.hidden):,} more would crash but for what the __init__ of {clean(package)} runs first: "
        hints.append(("hidden", hides + ", ".join(names + _more(len(found.hidden) - len(names)))))
    title = 11
    for number, (name, sentence) in enumerate(hints):
        if not number:
            yield Text()
        for line, text in enumerate(wrapped(sentence, style.width - title)):
            yield Text.assemble((f"{'' if line else name:<{title}}", "bold"), text)


def _next(analysis: Analysis, found: FirstImportReport) -> Iterator[Text]:
    package, options = clean(analysis.package), options_of(analysis)
    number = f" {found.component}" if found.component else ""
    commands = []
    if analysis.components and any(entry.verdict is Verdict.CRASH for entry in found.entries):
        commands.append(f"cuts {package} {found.component or 1}{options}")
    if not found.runs and not found.bare:
        after = "".join(f" --after {clean(module)}" for module in found.after)
        commands.append(f"entries {package}{number}{options}{after} --run")
    if commands:
        yield Text()
    yield from next_commands(*commands)
