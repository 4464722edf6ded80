"""Lay out text for a terminal: how wide it may be, how much it shows, and what all reports write alike.

Only paths and source lines, which must stay whole, may be wider than asked for.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from io import StringIO
from typing import TypeVar

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from cycles.model import Analysis, Cut, Dependency, ImportLink, PlanStep
from cycles.report.format import clean, cut_off, place, short, wrapped
from cycles.source.values import Import

_Item = TypeVar("_Item")


@dataclass(frozen=True, slots=True)
class TextStyle:
    """The width in columns, whether colours may be used, and whether to show `everything` or the first few of many."""

    width: int = 80
    everything: bool = False
    color: bool = False

    def first(self, items: Sequence[_Item], most: int) -> Sequence[_Item]:
        """Return the items to show: the first ones, or all where everything is wanted."""
        return cut_off(items, most, everything=self.everything)


def join_lines(lines: Iterable[Text], style: TextStyle) -> str:
    """Return lines as one string, with escape sequences where colours may be used."""
    output = StringIO()
    console = Console(
        file=output,
        width=style.width,
        force_terminal=style.color,
        color_system="standard" if style.color else None,
        highlight=False,
        markup=False,
        emoji=False,
    )
    for line in lines:
        line.rstrip()
        console.print(line, soft_wrap=True)
    return output.getvalue()


def headline(analysis: Analysis, style: TextStyle, *rest: str | tuple[str, str]) -> Text:
    """Return the first line of a report: the packages asked for, the others in the graph, and the rest."""
    taken = sum(cell_len(part if isinstance(part, str) else part[0]) for part in rest)
    about, others = head(analysis, style.width - taken)
    return Text.assemble((about, "bold"), (others, "dim"), *rest)


def head(analysis: Analysis, room: int) -> tuple[str, str]:
    """Return which packages a report is about, and which others are in the graph, as many as there is room for.

    At least one of each is named. The package around the one asked for, which its name tells, goes first.
    """
    about = _as_many(analysis.named, room * 2 // 3)
    tops = {package.partition(".")[0] for package in analysis.named}
    around = [package for package in analysis.packages if package in tops and package not in analysis.named]
    others = [package for package in analysis.packages if package not in tops]
    inner = f" · in {_as_many(around, room // 3)}" if around else ""
    left = room - cell_len(about)
    for within in (inner, ""):
        spare = left - cell_len(within) - len(" · without  and 1,000 more")
        named = (("with", others), ("without", analysis.left_out))
        text = within + "".join(f" · {word} {_as_many(names, spare)}" for word, names in named if names)
        if cell_len(text) <= left:
            break
    return about, text


def _as_many(names: Sequence[str], room: int) -> str:
    """Return the names that have room, at least one, and how many more there are."""
    names = [clean(name) for name in names]
    shown = len(names)
    while shown > 1 and cell_len(_first_of(names, shown)) > room:
        shown -= 1
    return _first_of(names, shown)


def _first_of(names: Sequence[str], shown: int) -> str:
    rest = len(names) - shown
    return ", ".join(names[:shown]) + (f" and {rest:,} more" if rest else "")


def paragraph(sentence: str, style: TextStyle, indent: str = "  ", look: str = "") -> Iterator[Text]:
    """Break a sentence into indented lines."""
    for line in wrapped(sentence, style.width - len(indent)):
        yield Text(f"{indent}{line}", style=look)


def section(title: str, look: str = "bold") -> Iterator[Text]:
    """Begin a section: an empty line and a title."""
    yield Text()
    yield Text(title, style=look)


def more(missing: int, indent: str = "  ") -> Iterator[Text]:
    """Say how many items are not shown, if any are not."""
    if missing:
        yield Text(f"{indent}… {missing:,} more: --all", style="dim")


def listed(
    items: Sequence[_Item],
    most: int,
    style: TextStyle,
    lines: Callable[[_Item], Iterable[Text]],
    indent: str = "  ",
) -> Iterator[Text]:
    """Show the first items by their lines, and how many more there are."""
    shown = style.first(items, most)
    for item in shown:
        yield from lines(item)
    yield from more(len(items) - len(shown), indent)


def next_commands(*commands: str) -> Iterator[Text]:
    """Name the commands of `cycles` that answer the next questions."""
    for number, command in enumerate(commands):
        yield Text(f"{'' if number else 'next':<6}cycles {command}", style="dim")


def arrow(edge: Dependency | Cut | PlanStep | ImportLink, prefix: str = "") -> str:
    """Return who imports whom, by names without the prefix that all names around them share."""
    return f"{short(edge.importer, prefix)} → {short(edge.imported, prefix)}"


def statement_lines(
    statement: Import,
    style: TextStyle,
    indent: str,
    *,
    of_place: Sequence[tuple[str, str]] = (),
    of_source: Sequence[tuple[str, str]] = (),
) -> Iterator[Text]:
    """Show the place of an import and its source line, side by side where both fit.

    What is to be said `of_place` or `of_source`, as (words, style), follows the line that has it.
    """
    where, source = place(statement), clean(statement.line_contents)
    notes = [*of_source, *of_place]
    if len(indent) + cell_len(where) + 2 + cell_len(source) + sum(len(note) for note, _ in notes) <= style.width:
        yield Text.assemble(indent, (f"{where}  ", "dim"), source, *notes)
    else:
        yield Text.assemble(indent, (where, "dim"), *of_place)
        yield Text.assemble(f"{indent}  ", source, *of_source)
