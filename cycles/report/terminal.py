"""Lay out text for a terminal: how wide it may be, how much it shows, and what all reports write alike."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import wraps
from io import StringIO
from typing import ParamSpec, TypeVar

from rich.cells import cell_len
from rich.text import Text

from cycles.enums import Kind
from cycles.model import Analysis, Component, Cut, Dependency, ImportLink, PlanStep
from cycles.report.wording import (
    SIGNS,
    can_encode,
    clean,
    command_line,
    cut_off,
    first_of,
    kinds,
    other_graphs,
    place,
    short,
    source_line,
    wrapped,
)
from cycles.source.import_values import Import

_Item = TypeVar("_Item")
_Parameters = ParamSpec("_Parameters")
_HANGING = 2
_DIVIDING = "/._-"
_NEVER_FIRST = (*"→·-=", "")


@dataclass(frozen=True, slots=True)
class TextStyle:
    """How to show text.

    Attributes:
        width: in columns; no line is wider.
        everything: whether to show all of many, not only the first few.
        color: whether colours may be used.
        encoding: what the text will be written in: signs that it lacks are replaced before lines are laid out.
    """

    width: int = 80
    everything: bool = False
    color: bool = False
    encoding: str = "utf-8"

    def first(self, items: Sequence[_Item], most: int) -> Sequence[_Item]:
        """Return the items to show: the first ones, or all where everything is wanted."""
        return cut_off(items, most, everything=self.everything)

    def written(self, text: str) -> str:
        """Return text as it will be written, for what is aligned: signs that the encoding lacks are wider in ASCII."""
        return text if can_encode(text, self.encoding) else encodable(Text(text), self.encoding).plain


def join_lines(lines: Iterable[Text], style: TextStyle) -> str:
    """Return lines as one string, with escape sequences where colours may be used."""
    parts: list[Text] = []
    for line in lines:
        plain = encodable(line, style.encoding)
        plain.rstrip()
        parts += _folded(plain, style.width)
    return _colored(parts, style.width) if style.color else "".join(f"{part.plain}\n" for part in parts)


def _colored(parts: Iterable[Text], width: int) -> str:
    # Most output goes to no terminal: what writes escape sequences is loaded where it is needed.
    from rich.console import Console  # noqa: PLC0415

    output = StringIO()
    console = Console(
        file=output,
        width=width,
        force_terminal=True,
        color_system="standard",
        highlight=False,
        markup=False,
        emoji=False,
    )
    for part in parts:
        console.print(part, soft_wrap=True)
    return output.getvalue()


def as_text(report: Callable[_Parameters, Iterator[Text]]) -> Callable[_Parameters, str]:
    """Have a report, a generator of lines that takes a `style` by its place, return them as one string."""

    @wraps(report)
    def text(*args: _Parameters.args, **options: _Parameters.kwargs) -> str:
        style = next(value for value in args if isinstance(value, TextStyle))
        return join_lines(report(*args, **options), style)

    return text


def folded(text: str, style: TextStyle) -> str:
    """Return text whose lines fit."""
    return join_lines(map(Text, text.splitlines()), style)


def encodable(line: Text, encoding: str) -> Text:
    """Return a line without the signs that an encoding lacks: they have other widths in ASCII."""
    lacking = [number for number, sign in enumerate(line.plain) if sign in SIGNS and not can_encode(sign, encoding)]
    pieces = line.divide([place for number in lacking for place in (number, number + 1)]) if lacking else [line]
    for piece in pieces:
        if piece.plain in SIGNS and lacking:
            piece.plain = SIGNS[piece.plain]
    return Text().join(pieces)


def _folded(line: Text, width: int) -> Iterator[Text]:
    """Yield a line in parts that are no wider than asked for, all but the first one indented further than it.

    It is divided between words, else after a sign that divides paths and names, else anywhere.
    """
    indent = len(line.plain) - len(line.plain.lstrip(" "))
    hanging = " " * min(indent + _HANGING, width // 3)
    while cell_len(line.plain) > width:
        end = _end_of_part(line.plain, width)
        part, line = line.divide([end])
        part.rstrip()
        yield part
        left = len(line.plain) - len(line.plain.lstrip(" "))
        line = Text(hanging).append_text(line[left:])
    yield line


def _end_of_part(text: str, width: int) -> int:
    """Return how many characters go on a line: a line does not begin with an arrow or a dot between figures."""
    most = len(text)
    while cell_len(text[:most]) > width:
        most -= 1
    indent = len(text) - len(text.lstrip(" "))
    spaces = [at for at in range(indent + 1, most + 1) if text[at] == " " and text[at + 1 : at + 2] not in _NEVER_FIRST]
    signs = [at for at in range(indent + 1, most + 1) if text[at - 1] in _DIVIDING]
    # At least half of the line is filled, if that can be.
    for places in (spaces, signs):
        if places and places[-1] > most // 2:
            return places[-1]
    return spaces[-1] if spaces else most


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
    for around_it in (inner, ""):
        spare = left - cell_len(around_it) - len(" · without  and 1,000 more")
        named = (("with", others), ("without", analysis.left_out))
        text = around_it + "".join(f" · {word} {_as_many(names, spare)}" for word, names in named if names)
        if cell_len(text) <= left:
            break
    return about, text


def _as_many(names: Sequence[str], room: int) -> str:
    """Return the names that have room, at least one, and how many more there are."""
    names = [clean(name) for name in names]
    shown = len(names)
    while shown > 1 and cell_len(first_of(names[:shown], len(names))) > room:
        shown -= 1
    return first_of(names[:shown], len(names))


def title_of(analysis: Analysis, component: Component, prefix: str) -> Iterator[str | tuple[str, str]]:
    """Yield what a component is called, in parts with their looks; `prefix` is what its modules' names share."""
    yield f"component #{component.number} (named after {short(component.name, prefix)})"
    yield f" · {analysis.graph_name}"
    yield within(analysis, prefix), "dim"


def within(analysis: Analysis, prefix: str) -> str:
    """Say inside what the names of modules are to be read, where the package asked for does not say so."""
    return f" · in {clean(prefix)}" if prefix and (prefix,) != analysis.named else ""


def paragraph(sentence: str, style: TextStyle, indent: str = "  ", look: str = "") -> Iterator[Text]:
    """Break a sentence into indented lines."""
    for line in wrapped(sentence, style.width - len(indent)):
        yield Text(f"{indent}{line}", style=look)


def section(title: str, look: str = "bold") -> Iterator[Text]:
    """Begin a section: an empty line and a title."""
    yield Text()
    yield Text(title, style=look)


def titled(title: str, sentence: str, style: TextStyle, look: str = "", *, width: int = 10) -> Iterator[Text]:
    """Show a sentence next to its title, in a column of that width; on a narrow screen behind it."""
    if style.width < 4 * width:
        yield from paragraph(f"{title} {sentence}".strip(), style, look=look)
        return
    for line, text in enumerate(paragraph(sentence, style, " " * width, look)):
        yield text if line else Text.assemble((f"{title:<{width}}", "bold"), text[width:])


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


def next_commands(style: TextStyle, *commands: str) -> Iterator[Text]:
    """Name, after an empty line, the commands of `cycles` that answer the next questions, if there are any."""
    if commands:
        yield Text()
        yield from next_lines(style, *commands)


def next_without_cycles(analysis: Analysis, style: TextStyle, command: str) -> Iterator[Text]:
    """Name, where only another graph has cycles, the command about that graph, and what keeps the chosen one so."""
    if others := other_graphs(analysis):
        there = command_line(analysis, command, "--graph", others[0])
        yield from next_commands(style, there, command_line(analysis, "check"))


def next_lines(style: TextStyle, *commands: str) -> Iterator[Text]:
    """Name the commands of `cycles` that answer the next questions: a shell takes them as they are."""
    for number, command in enumerate(commands):
        yield from shell_lines(f"{'' if number else 'next':<6}cycles {command}", style, "dim")


def shell_lines(command: str, style: TextStyle, look: str = "") -> Iterator[Text]:
    """Yield a command in lines that a shell joins again."""
    for line in _shell_lines(command, style.width):
        yield Text(line, style=look)


def _shell_lines(command: str, width: int) -> Iterator[str]:
    """Yield a command in lines that a shell joins again: a word is divided only where it is wider than a line."""
    if cell_len(command) <= width:
        yield command
        return
    line = ""
    for word in re.findall(r" *(?:'[^']*'|[^ '])+", command):
        if line.strip() and cell_len(line + word) > width - len(" \\"):
            yield f"{line} \\"
            line = " " * min(8, width // 3) + word.lstrip()
        else:
            line += word
        while cell_len(line) > width - 1:
            yield f"{line[: width - 1]}\\"
            line = line[width - 1 :]
    yield line


def arrow(edge: Dependency | Cut | PlanStep | ImportLink, prefix: str = "") -> str:
    """Return who imports whom, by names without the prefix that all names around them share."""
    return f"{short(edge.importer, prefix)} → {short(edge.imported, prefix)}"


def with_places(
    steps: Sequence[Dependency | ImportLink], style: TextStyle, indent: str = "  ", prefix: str = ""
) -> Iterator[Text]:
    """Show who imports whom, and at which line: side by side where both fit, the places below each other."""
    names = [style.written(arrow(step, prefix)) for step in steps]
    left = max(map(cell_len, names), default=0)
    for name, step in zip(names, steps, strict=True):
        if isinstance(step, Dependency):
            where, kind = place(step.imports[0]), kinds(step)
        else:
            where, kind = place(step), "eager"
        note = "" if kind == "eager" else f"  {kind}"
        if len(indent) + left + 2 + cell_len(where) + cell_len(note) <= style.width:
            padding = " " * (left - cell_len(name) + 2)
            yield Text.assemble(indent, name, padding, (where, "dim"), (note, "magenta"))
        else:
            yield Text.assemble(indent, name, (note, "magenta"))
            yield Text(f"{indent}  {where}", style="dim")


def with_kind(statement: Import, style: TextStyle, indent: str, rest: str = "") -> Iterator[Text]:
    """Show a statement with its kind, unless it is eager, and `rest` after its place."""
    kind = "" if statement.kind is Kind.EAGER else f"  {statement.kind}"
    return statement_lines(statement, style, indent, of_place=[(kind, "magenta"), (rest, "dim")])


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
    where, source = place(statement), source_line(statement)
    notes = [*of_source, *of_place]
    if len(indent) + cell_len(where) + 2 + cell_len(source) + sum(len(note) for note, _ in notes) <= style.width:
        yield Text.assemble(indent, (f"{where}  ", "dim"), source, *notes)
    else:
        yield Text.assemble(indent, (where, "dim"), *of_place)
        yield Text.assemble(f"{indent}  ", source, *of_source)
