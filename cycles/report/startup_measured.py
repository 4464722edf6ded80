"""Show what importing an application really costs, and what became of a plan that was made in memory."""

from collections.abc import Iterator, Sequence

from rich.cells import cell_len, set_cell_size
from rich.text import Text

from cycles.report.startup import defer_legend, defer_words, loaded_words, own_prefix, startup_command
from cycles.report.terminal import TextStyle, as_text, more, next_commands, paragraph
from cycles.report.wording import clean, counted, failed_at, first_of, short, with_more
from cycles.startup.measurement_values import LEAST_SHOWN, Cost, MeasuredDistribution, MeasuredStartup, Verification
from cycles.startup.startup_values import DistributionRow, StartupPlan

_ROWS = 12
_MODULES = 3
_NAMES = 4
_DEFER = 8
_NARROW = 60
"""Columns below which a row takes several lines."""
_SECOND, _TEN_SECONDS, _MILLISECOND = 1e9, 1e10, 1e6


@as_text
def startup_measured_as_text(found: MeasuredStartup, words: Sequence[str], style: TextStyle) -> Iterator[Text]:
    """Return what importing ENTRY costs; `words` ask for the same entry again."""
    report = found.report
    about = loaded_words(report, len(found.own_modules), len(found.distributions), found.modules)
    yield Text.assemble((clean(report.entry.text), "bold"), f"   {about}")
    runs = counted(len(found.runs), "run")
    least = ", the least" if len(found.runs) > 1 else ""
    cost = f"{time_words(found.total.nanoseconds)} of processor time · {memory_words(found.total.kilobytes)}"
    yield from paragraph(f"{cost}   ({runs}{least})", style)
    yield from _foreseen(found, style)
    yield from _measured_failure_lines(found, style)
    yield Text()
    yield from _table(found, style)
    yield Text()
    yield from paragraph(
        "ALONE  what nobody pays once the project's own statements do not import it", style, look="dim"
    )
    yield from paragraph("OWN  what its own modules take, whoever imports them", style, look="dim")
    yield from paragraph(defer_legend("the project"), style, look="dim")
    yield from next_commands(style, *_next(found, words))


def _foreseen(found: MeasuredStartup, style: TextStyle) -> Iterator[Text]:
    """Say by how much the prediction was wrong."""
    for names, what in ((found.unforeseen, "loaded and not foreseen"), (found.not_loaded, "foreseen and not loaded")):
        if names:
            shown = [clean(name) for name in style.first(names, _NAMES)]
            yield from paragraph(f"{what}: {first_of(shown, len(names))}", style, look="dim")


def _measured_failure_lines(found: MeasuredStartup, style: TextStyle) -> Iterator[Text]:
    """Say that ENTRY failed, where it did."""
    failure = found.failure
    if failure is not None:
        said = clean(failure.error or failure.reason or "")
        yield from paragraph(
            f"it fails{failed_at(failure)}: {said}; what came before is measured", style, look="bold red"
        )


def _table(found: MeasuredStartup, style: TextStyle) -> Iterator[Text]:
    """Show the distributions and the rest: side by side where there is room."""
    known = {row.name: row for row in found.report.distributions}
    rows = style.first(found.distributions, _ROWS)
    names = [clean(row.name) for row in rows]
    left = min(max([16, *(cell_len(name) + 2 for name in names)]), style.width // 3)
    held = style.width - 2 - left - 8 - 8 - 2 - _DEFER
    if style.width >= _NARROW:
        yield Text(
            f"  {'DISTRIBUTION':<{left}}{'ALONE':>8}{'OWN':>8}  {'HELD BY':<{held}}{'DEFER':>{_DEFER}}", style="bold"
        )
    prefix = own_prefix(found.report)
    for row in rows:
        yield from _row(row, known.get(row.name), (left, held), prefix, style)
    yield from more(len(found.distributions) - len(rows))
    for title, cost in (("the project's own", found.own), ("standard library", found.standard_library)):
        yield from _other_row(title, cost, left, style)
    dear = [module for module in found.own_modules[:_MODULES] if module.own.nanoseconds >= _MILLISECOND]
    if dear:
        said = ", ".join(f"{short(module.name, prefix)} {time_words(module.own.nanoseconds)}" for module in dear)
        yield from paragraph(f"dearest own modules: {said}", style, look="dim")


def _row(
    row: MeasuredDistribution, known: DistributionRow | None, widths: tuple[int, int], prefix: str, style: TextStyle
) -> Iterator[Text]:
    alone = time_words(row.alone.nanoseconds) if not row.only_with else "–"
    own, held = time_words(row.own.nanoseconds), _held(row, known, prefix)
    defer = defer_words(known)
    name, (left, room) = clean(row.name), widths
    if style.width < _NARROW:
        yield Text(name, style="bold")
        yield from paragraph(f"alone {alone}, own {own}", style)
        by = "" if row.only_with or not held else "held by "
        yield from paragraph("; ".join(filter(None, [f"{by}{held}", f"defer {defer}"])), style)
        return
    if cell_len(name) >= left:
        yield Text(f"  {name}")
        name = ""
    written, gap = style.written(held), style.written("…")
    if row.only_with and cell_len(written) >= room:
        written = f"{set_cell_size(written, room - 1 - cell_len(gap)).rstrip()}{gap}"
    # Of a module's name the end says most.
    while cell_len(written) >= room:
        written = f"{gap}{written[cell_len(gap) + 1 :]}"
    padding = " " * (room - cell_len(written))
    yield Text(f"  {name:<{left}}{alone:>8}{own:>8}  {written}{padding}{defer:>{_DEFER}}")


def _other_row(title: str, cost: Cost, left: int, style: TextStyle) -> Iterator[Text]:
    if style.width < _NARROW:
        yield Text(title, style="bold")
        yield from paragraph(f"own {time_words(cost.nanoseconds)}", style)
    else:
        gap = max(1, left + 8 - len(title))
        yield Text(f"  {title}{' ' * gap}{time_words(cost.nanoseconds):>8}")


def _held(row: MeasuredDistribution, known: DistributionRow | None, prefix: str) -> str:
    """Say what holds a distribution: other ones, a module that every chain passes, or who imports it."""
    if row.only_with:
        return f"only with {first_of([clean(row.only_with[0])], len(row.only_with))}"
    if known is None:
        return ""
    if known.held_by:
        return short(known.held_by[-1], prefix)
    return ", ".join(with_more([short(name, prefix) for name in known.importers[:1]], len(known.importers)))


def _next(found: MeasuredStartup, words: Sequence[str]) -> Iterator[str]:
    """Yield the command that verifies the plan which saves most for each statement."""
    known = {row.name: row for row in found.report.distributions}
    able = [
        (held.easy, row.alone.nanoseconds / held.statements, row.name)
        for row in found.distributions
        if (held := known.get(row.name)) and held.statements
    ]
    if able:
        yield startup_command(words, "--without", max(able)[2], "--verify")
    yield startup_command(words, "--run", "--format", "json")


def verified_lines(found: Verification, plan: StartupPlan, style: TextStyle) -> Iterator[Text]:
    """Yield what became of a plan when ENTRY was imported with its edits."""
    yield Text()
    good = found.holds
    yield Text("verified" if good else "NOT verified", style="bold" if good else "bold red")
    if found.failure is not None:
        said = clean(found.failure.error or found.failure.reason or "")
        yield from paragraph(
            f"with the edits, made in memory, importing it fails{failed_at(found.failure)}: {said}", style
        )
        return
    if found.untouched:
        names = ", ".join(clean(name) for name in style.first(found.untouched, _NAMES))
        yield from paragraph(f"not edited, for another file is imported by that name, or none: {names}", style)
    if found.skipped:
        statements = counted(found.skipped, "statement")
        yield from paragraph(f"{statements} left as they are, for their steps take a change of code", style)
    for name, importer in found.still:
        by = f", by {clean(importer)}" if importer else ""
        yield from paragraph(f"{clean(name)} is still loaded{by}: a call that no analysis sees leads there", style)
    edits = (
        "without edits" if not found.edited else f"with the edits in {counted(found.edited, 'module')}, made in memory"
    )
    if good:
        gone = f"; {', '.join(map(clean, plan.without))} not loaded" if plan.without else ""
        yield from paragraph(f"imported {edits}{gone}", style)
    also = [clean(name) for name in found.gone if name not in plan.without]
    if also:
        yield from paragraph(f"gone with it: {first_of(style.first(also, _NAMES), len(also))}", style)
    yield from paragraph(_saved(found), style)


def _saved(found: Verification) -> str:
    """Say what is saved, as far as the times show it."""
    before, after = found.before, found.after
    memory = f"{memory_words(before.kilobytes)} → {memory_words(after.kilobytes)}"
    times = f"{time_words(before.nanoseconds)} → {time_words(after.nanoseconds)}"
    modules = counted(found.modules_gone, "module")
    if not found.shown:
        noise = f"two runs of the same differ by {found.noise:.0%}"
        judged = "too noisy to tell" if found.noise > LEAST_SHOWN else "the time does not show it"
        return f"{modules} fewer · {memory} · {times}: {judged} ({noise})"
    share = f"{-found.saved:+.0%}"
    foreseen = f"{-found.foreseen:+.0%}"
    why = f"{share}, {foreseen} was foreseen; two runs of the same differ by {found.noise:.0%}"
    return f"{modules} fewer · {memory} · {times} ({why})"


def time_words(nanoseconds: int) -> str:
    """Return processor time for people.

    >>> time_words(400_000), time_words(12_345_678), time_words(1_234_567_890), time_words(12_345_678_900)
    ('0 ms', '12 ms', '1.23 s', '12.3 s')
    """
    if nanoseconds < _SECOND:
        return f"{nanoseconds / _MILLISECOND:.0f} ms"
    return f"{nanoseconds / _SECOND:.{2 if nanoseconds < _TEN_SECONDS else 1}f} s"


def memory_words(kilobytes: int) -> str:
    """Return memory for people.

    >>> memory_words(700), memory_words(123_456)
    ('1 MB', '121 MB')
    """
    return f"{max(kilobytes, 0) / 1024:.0f} MB"
