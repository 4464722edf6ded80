"""Show what importing an application loads, and what holds it there: text for people."""

import shlex
from collections.abc import Iterator, Sequence
from itertools import zip_longest

from rich.cells import cell_len
from rich.text import Text

from cycles.report.terminal import TextStyle, as_text, listed, more, next_commands, paragraph, section
from cycles.report.wording import clean, common_prefix, counted, failed_at, first_of, joined, place, short, with_more
from cycles.startup.startup_values import Chain, DistributionRow, StartupReport

_ROWS = 12
_NAMES = 2
_UNFOLLOWED = 5
_NARROW = 60
"""Columns below which a row takes several lines."""
_THOUSAND = 1000
_DEFER = 8


@as_text
def startup_as_text(found: StartupReport, words: Sequence[str], style: TextStyle) -> Iterator[Text]:
    """Return what importing ENTRY loads; `words` ask for the same entry again."""
    own = [module for module in found.modules if module.own]
    others = [module for module in found.modules if not module.own]
    about = loaded_words(found, len(own), len(found.distributions), len(found.modules))
    yield Text.assemble((clean(found.entry.text), "bold"), f"   {about}")
    missing = [row.name for row in found.distributions if not row.installed]
    mostly = 2 * len(missing) > len(found.distributions)
    if mostly:
        yield from _missing(missing, len(found.distributions), style)
    if found.entry.script:
        script = startup_command([found.entry.script, *words[1:]])
        started = f"this is the module; `cycles {script}` is about the console script of that name"
        yield from paragraph(started, style, look="dim")
    size = size_words(sum(module.size for module in found.modules))
    yield from paragraph(f"{size} of source; nothing was executed, so there are no seconds here", style, look="dim")
    yield from failure_lines(found, style)
    if found.entry.attribute:
        left_out = f"what {clean(found.entry.attribute)}() calls through objects that are not known is left out"
        yield from paragraph(left_out, style, look="dim")
    possible = [module for module in own if not module.certain]
    if possible:
        names = first_of([clean(module.name) for module in style.first(possible, _NAMES)], len(possible))
        yield from paragraph(
            f"not known whether loaded: {counted(len(possible), 'own module')} ({names})", style, look="dim"
        )
    if found.distributions:
        yield Text()
        yield from _table(found, style)
    elif others:
        yield from paragraph("no other distribution is loaded", style)
    yield from _unfollowed(found, style)
    if missing and not mostly:
        yield Text()
        yield from _missing(missing, len(found.distributions), style)
    yield from next_commands(style, *_next(found, words))


def loaded_words(found: StartupReport, own: int, distributions: int, every: int) -> str:
    """Return how many modules are loaded, of the project and in all, and how many distributions."""
    packages, modules = counted(distributions, "other distribution"), counted(every, "module")
    return f"loads {own:,} of {counted(found.own_modules, 'own module')} · {packages} · {modules} in all"


def own_prefix(found: StartupReport) -> str:
    """Return the package that all own modules lie in, "" where there are several packages."""
    return common_prefix(found.own) if len(found.own) == 1 else ""


def failure_lines(found: StartupReport, style: TextStyle) -> Iterator[Text]:
    """Say that importing ENTRY fails, where it is predicted to."""
    failure = found.failure
    if failure is None:
        return
    said = clean(failure.error) if failure.error else "an exception"
    fails = f"importing {clean(failure.module)} is predicted to fail{failed_at(failure)}: {said}"
    yield from paragraph(f"{fails}; whether what comes after is loaded is not known", style, look="bold red")


def _table(found: StartupReport, style: TextStyle) -> Iterator[Text]:
    """Show the distributions: side by side where there is room."""
    prefix = own_prefix(found)
    rows = style.first(found.distributions, _ROWS)
    if style.width < _NARROW:
        for row in rows:
            yield Text(clean(row.name), style="bold")
            yield from paragraph(f"{counted(row.modules, 'module')}, {size_words(row.size)}", style)
            yield from paragraph(f"{'' if row.behind else 'held by '}{_held(row, prefix)}", style)
            yield from paragraph(f"defer {defer_words(row)}", style)
    else:
        left = max(12, *(cell_len(clean(row.name)) + 1 for row in rows))
        left = min(left, style.width // 3)
        held = style.width - 2 - left - 9 - 9 - 2 - _DEFER
        yield Text(
            f"  {'DISTRIBUTION':<{left}}{'MODULES':>8}{'SIZE':>10}  {'HELD BY':<{held}}{'DEFER':>{_DEFER}}", "bold"
        )
        for row in rows:
            yield from _row(row, prefix, left, held, style)
    yield from more(len(found.distributions) - len(rows))
    yield Text()
    name = found.own[0] if len(found.own) == 1 else "the project"
    yield from paragraph("HELD BY  what every chain of imports to it passes, or else who imports it", style, look="dim")
    yield from paragraph(defer_legend(clean(name)), style, look="dim")
    if any(not row.certain for row in rows):
        yield from paragraph("?  may be loaded: a condition that cannot be read decides", style, look="dim")


def _row(row: DistributionRow, prefix: str, left: int, held: int, style: TextStyle) -> Iterator[Text]:
    name = clean(row.name) + ("" if row.certain else " ?")
    holder = style.written(_held(row, prefix))
    if cell_len(holder) > held - 1:
        holder = style.written(_shortened(row, prefix, held - 1))
    padding = " " * max(held - cell_len(holder), 1)
    size = size_words(row.size)
    if cell_len(name) >= left:
        yield Text(f"  {name}")
        name = ""
    yield Text(f"  {name:<{left}}{row.modules:>8,}{size:>10}  {holder}{padding}{defer_words(row):>{_DEFER}}")


def _held(row: DistributionRow, prefix: str) -> str:
    """Say what holds a distribution."""
    if row.behind:
        return f"only with {clean(row.behind[-1])}"
    if row.held_by:
        return short(row.held_by[-1], prefix)
    names = [short(name, prefix) for name in row.importers[:_NAMES]]
    return ", ".join(with_more(names, len(row.importers))) or "other distributions"


def _shortened(row: DistributionRow, prefix: str, room: int) -> str:
    """Say it in less room."""
    if row.behind or row.held_by:
        said = _held(row, prefix)
        return said if cell_len(said) <= room else f"…{said[-max(room - 1, 1) :]}"
    said = ", ".join(with_more([short(name, prefix) for name in row.importers[:1]], len(row.importers)))
    return said if cell_len(said) <= room else counted(len(row.importers), "module")


def defer_words(row: DistributionRow | None) -> str:
    """Return how few statements hold a distribution, and whether they are easy to move."""
    if row is None or row.statements is None:
        return "–"
    return f"{row.statements:,} {'easy' if row.easy else 'hard'}"


def defer_legend(owner: str) -> str:
    """Return what that means; `owner` has the statements."""
    return (
        f"DEFER  how few statements of {owner} would have to go for it not to be loaded; easy: it seems enough to move"
        " them, hard: it is not, or they are many, and --without says what is possible; – where none suffice"
    )


def _unfollowed(found: StartupReport, style: TextStyle) -> Iterator[Text]:
    if found.unfollowed:
        yield from section("not followed", "bold yellow")
        yield from paragraph("more may be loaded than is said here:", style)
        told = (f"{place(one)} {one.reason}" for one in found.unfollowed)
        yield from listed([*told], _UNFOLLOWED, style, lambda one: paragraph(one, style, "    "), "    ")
    if found.cut_off:
        yield Text()
        yield from paragraph("not all code was followed to its end: what it may load is marked as not known", style)


def _missing(names: Sequence[str], every: int, style: TextStyle) -> Iterator[Text]:
    """Say that distributions are not installed here; where most are not, that the figures say little."""
    several = len(names) > 1
    which = joined(with_more([clean(name) for name in names[:_UNFOLLOWED]], len(names)))
    unknown = f"what {'they load' if several else 'it loads'} is not known; --python names an environment"
    if 2 * len(names) > every:
        of = f"{len(names):,} of {counted(every, 'other distribution')}"
        here = f"{of} {'are' if several else 'is'} not installed here, so the figures say little ({which})"
        yield from paragraph(f"{here}: {unknown}", style, look="bold yellow")
    else:
        yield from paragraph(f"{which} {'are' if several else 'is'} not installed here: {unknown}", style)


def _next(found: StartupReport, words: Sequence[str]) -> Iterator[str]:
    """Yield the command that asks for the plan that promises most: much source for few statements, easy ones first."""
    rows = [row for row in found.distributions if row.statements]
    rows = [row for row in rows if row.easy] or rows
    if rows:
        best = max(rows, key=lambda row: (row.size / (row.statements or 1), row.name))
        yield startup_command(words, "--without", best.name)
    yield startup_command(words, "--format", "json")


def startup_command(words: Sequence[str], *more_words: str) -> str:
    """Return a command about the same entry."""
    return " ".join(["startup", *(clean(shlex.quote(word)) for word in (*words, *more_words))])


def size_words(size: int) -> str:
    """Return a number of bytes for people.

    >>> size_words(999), size_words(12_345), size_words(12_345_678)
    ('999 B', '12 kB', '12.3 MB')
    """
    if size < _THOUSAND:
        return f"{size} B"
    if size < _THOUSAND**2:
        return f"{size / _THOUSAND:.0f} kB"
    return f"{size / _THOUSAND**2:.1f} MB"


def chain_words(chain: Chain, prefix: str) -> str:
    """Return a chain with the lines of its statements: `shop:3 → shop.orders:7 → pandas`."""
    return " → ".join(
        _link_words(module, statement, prefix)
        for module, statement in zip_longest(chain.modules, chain.statements)
        if module or statement
    )


def _link_words(module: str, statement: tuple[str, int] | None, prefix: str) -> str:
    """Return a module with the line that loads the next one, and with who has that line where it is another."""
    if statement is None:
        return short(module, prefix)
    where = f"{short(statement[0], prefix)}:{statement[1]}"
    return where if module in ("", statement[0]) else f"{short(module, prefix)} (by {where})"
