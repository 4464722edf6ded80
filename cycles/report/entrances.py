"""First imports in; the lines that show which of them crash, where, and what hides it, out."""

from collections.abc import Iterator, Sequence

from rich.text import Text

from cycles.model import Analysis, Entrances, Entry, Link
from cycles.wording import clean, counted, cut_off, options_of, short, wrapped
from cycles.words import Verdict

_SHOWN_PLACES = 5
_SHOWN_MODULES = 12
_SHOWN_REASONS = 3
_INDENT = "  "


def entrances_lines(analysis: Analysis, found: Entrances, width: int, *, everything: bool) -> Iterator[Text]:
    """How many can be imported first; each place where others crash; what masks and hides it; what is unknown."""
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
        yield Text(f"  {others} no {'component' if not component else 'module of it'}", style="dim")
    prefix = analysis.package
    yield from _places(entries, prefix, width, everything=everything)
    yield from _fine(entries, prefix, width, everything=everything)
    yield from _reasons(entries, prefix, width, everything=everything)
    yield from _differing(found, prefix, width, everything=everything)
    yield from _hints(found, prefix, width, everything=everything)
    yield from _next(analysis, found)


def _given(found: Entrances) -> str:
    after = f" after {', '.join(map(clean, found.after))}" if found.after else ""
    bare = f" as if {_listed(found.bare)} were empty" if found.bare else ""
    return after + bare


def _summary(entries: Sequence[Entry]) -> str:
    fine, crash, other, unknown = (
        sum(entry.verdict is verdict for entry in entries)
        for verdict in (Verdict.OK, Verdict.CRASH, Verdict.OTHER, Verdict.UNKNOWN)
    )
    otherwise = f" · {other:,} fail otherwise" if other else ""
    return f"{fine:,} of {len(entries):,} can be imported first · {crash:,} crash{otherwise} · {unknown:,} unknown"


def _places(entries: Sequence[Entry], prefix: str, width: int, *, everything: bool) -> Iterator[Text]:
    """Each place where first imports crash, those of the most modules first."""
    by_place: dict[tuple[str, int, str], list[Entry]] = {}
    for entry in entries:
        if entry.verdict is Verdict.CRASH:
            by_place.setdefault((entry.path or "", entry.line_number or 0, _message(entry)), []).append(entry)
    ranked = sorted(by_place.items(), key=lambda item: (-len(item[1]), item[0]))
    shown = cut_off(ranked, _SHOWN_PLACES, everything=everything)
    for (path, line_number, message), there in shown:
        yield Text()
        yield Text.assemble(("crash  ", "bold red"), f"{clean(path)}:{line_number}")
        for line in wrapped(clean(message), width - len(_INDENT)):
            yield Text(f"{_INDENT}{line}")
        yield from _chain(min(there, key=lambda entry: (len(entry.chain), entry.module)), prefix, width)
        yield Text(f"{_INDENT}{counted(len(there), 'first import')} crash{'es' if len(there) == 1 else ''} there:")
        yield from _names([entry.module for entry in there], prefix, width, everything=everything)
        if everything:
            yield from _links(there[0].chain)
    if len(shown) < len(ranked):
        rest = ranked[len(shown) :]
        modules = counted(sum(len(there) for _, there in rest), "module")
        yield Text()
        yield Text(f"… {counted(len(rest), 'more place')} with {modules}: --all", style="dim")


def _message(entry: Entry) -> str:
    """What Python says, without its guess and the file that the module's name stands for."""
    return (entry.error or "").partition(" (most likely due to")[0]


def _chain(entry: Entry, prefix: str, width: int) -> Iterator[Text]:
    """The modules under way, outermost first, each with the line where it imports the next one."""
    steps = [f"{short(link.importer, prefix)}:{link.line_number}" for link in entry.chain]
    if entry.chain:
        steps.append(f"{short(entry.chain[-1].imported, prefix)}:{entry.line_number}")
        for line in wrapped(" → ".join(steps).replace(" → ", "\N{NO-BREAK SPACE}→ "), width - 2 * len(_INDENT)):
            yield Text(f"{_INDENT * 2}{line}".replace("\N{NO-BREAK SPACE}", " "), style="dim")


def _links(chain: Sequence[Link]) -> Iterator[Text]:
    """Where each import of a chain stands."""
    for link in chain:
        yield Text(f"      {clean(link.path)}:{link.line_number}  {clean(link.imported)}", style="dim")


def _names(modules: Sequence[str], prefix: str, width: int, *, everything: bool) -> Iterator[Text]:
    """Names in a wrapped list."""
    shown = cut_off(modules, _SHOWN_MODULES, everything=everything)
    more = [f"… {len(modules) - len(shown):,} more: --all"] if len(shown) < len(modules) else []
    listed = ", ".join([*(short(module, prefix) for module in shown), *more])
    for line in wrapped(listed, width - 2 * len(_INDENT)):
        yield Text(f"{_INDENT * 2}{line}")


def _fine(entries: Sequence[Entry], prefix: str, width: int, *, everything: bool) -> Iterator[Text]:
    """What can be imported first, where not all can."""
    fine = [entry.module for entry in entries if entry.verdict is Verdict.OK]
    if fine and len(fine) < len(entries):
        yield Text()
        yield Text("can be imported first", style="bold green")
        yield from _names(fine, prefix, width, everything=everything)


def _reasons(entries: Sequence[Entry], prefix: str, width: int, *, everything: bool) -> Iterator[Text]:
    """Why others fail or cannot be told, by reason."""
    for verdict, title in ((Verdict.OTHER, "fail otherwise"), (Verdict.UNKNOWN, "unknown")):
        by_reason: dict[str, list[str]] = {}
        for entry in entries:
            if entry.verdict is verdict:
                by_reason.setdefault(entry.error or entry.reason or "", []).append(entry.module)
        if not by_reason:
            continue
        yield Text()
        yield Text(title, style="bold yellow")
        ranked = sorted(by_reason.items(), key=lambda item: (-len(item[1]), item[0]))
        shown = cut_off(ranked, _SHOWN_REASONS, everything=everything)
        for reason, modules in shown:
            for line in wrapped(clean(reason), width - len(_INDENT)):
                yield Text(f"{_INDENT}{line}")
            yield from _names(modules, prefix, width, everything=everything)
        if len(shown) < len(ranked):
            rest = counted(sum(len(modules) for _, modules in ranked[len(shown) :]), "module")
            yield Text(f"{_INDENT}… {rest} for {counted(len(ranked) - len(shown), 'other reason')}: --all", style="dim")


def _differing(found: Entrances, prefix: str, width: int, *, everything: bool) -> Iterator[Text]:
    """Where the prediction was another, if the truth is known."""
    if not found.runs:
        return
    pairs = [pair for pair in zip(found.entries, found.runs, strict=True) if pair[0].verdict is not pair[1].verdict]
    yield Text()
    same = len(found.runs) - len(pairs)
    yield Text.assemble(("predicted", "bold"), f"  {same:,} of {len(found.runs):,} as they really are")
    shown = cut_off(pairs, _SHOWN_MODULES, everything=everything)
    for said, really in shown:
        for line in wrapped(f"{short(said.module, prefix)}: predicted {said.verdict}, really {really.verdict}", width):
            yield Text(f"{_INDENT}{line}")
    if len(shown) < len(pairs):
        yield Text(f"{_INDENT}… {len(pairs) - len(shown):,} more: --all", style="dim")


def _hints(found: Entrances, package: str, width: int, *, everything: bool) -> Iterator[Text]:
    """What masks the crashes, and which others the packages above hide."""
    title = 11
    crashing = sum(entry.verdict is Verdict.CRASH for entry in found.entries)
    sentences = []
    if found.mask:
        safe = found.mask.safe
        then = "all" if safe == crashing else f"{safe:,} of {crashing:,}"
        crash = f"then {then} of them can" if safe == crashing else f"then {then} can"
        sentences.append(("masked by", f"import {clean(found.mask.module)}   ({crash})"))
    if found.hidden:
        names = [clean(entry.module) for entry in cut_off(found.hidden, _SHOWN_MODULES, everything=everything)]
        more = [f"… {len(found.hidden) - len(names):,} more: --all"] if len(names) < len(found.hidden) else []
        hides = f"{len(found.hidden):,} more would crash but for what the __init__ of {clean(package)} runs first: "
        sentences.append(("hidden", hides + ", ".join(names + more)))
    for number, (name, sentence) in enumerate(sentences):
        if not number:
            yield Text()
        for line, text in enumerate(wrapped(sentence, width - title)):
            yield Text.assemble((f"{'' if line else name:<{title}}", "bold"), text)


def _next(analysis: Analysis, found: Entrances) -> Iterator[Text]:
    package, options = clean(analysis.package), options_of(analysis)
    number = f" {found.component}" if found.component else ""
    commands = []
    if analysis.components and any(entry.verdict is Verdict.CRASH for entry in found.entries):
        commands.append(f"cycles cuts {package} {found.component or 1}{options}")
    if not found.runs and not found.bare:
        after = "".join(f" --after {clean(module)}" for module in found.after)
        commands.append(f"cycles entries {package}{number}{options}{after} --run")
    for place, command in enumerate(commands):
        if not place:
            yield Text()
        yield Text(f"{'' if place else 'next':<6}{command}", style="dim")


def _listed(names: Sequence[str]) -> str:
    return " and ".join(map(clean, names))
