"""The options that commands share, and the reading of options that take two modules."""

from collections.abc import Iterable, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from cycles.enums import GraphName
from cycles.errors import CyclesError

_PAIR_OPTIONS = ("--keep", "--cut")
_ARROW = " -> "


class Format(StrEnum):
    """How results are printed."""

    TEXT = "text"
    JSON = "json"


class DrawingFormat(StrEnum):
    """What a drawing is written as."""

    SVG = "svg"
    DOT = "dot"
    MERMAID = "mmd"
    MARKDOWN = "md"
    HTML = "html"


Package = Annotated[str, typer.Argument(metavar="PACKAGE", help="A dotted name (a sub-package too) or a path.")]
Number = Annotated[int | None, typer.Argument(metavar="[N]", help="The number of one component.")]
Graph = Annotated[GraphName | None, typer.Option("--graph", help="Which imports count (default: import-time).")]
OutputFormat = Annotated[Format, typer.Option("--format", help="How to print the result.")]
Output = Annotated[Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write the result to a file.")]
Roots = Annotated[
    list[str] | None, typer.Option("--root", metavar="PACKAGE", help="A further root package (repeatable).")
]
SourceRoots = Annotated[
    list[Path] | None,
    typer.Option("--source-root", metavar="FOLDER", help="A folder that holds packages (repeatable)."),
]
Everything = Annotated[bool, typer.Option("--all", help="Show everything, not only the first few.")]
Keep = Annotated[
    list[str] | None,
    typer.Option(
        "--keep",
        metavar="IMPORTER IMPORTED",
        help="An import that must stay. Repeatable; * matches one part of a name, ** one or more.",
    ),
]
Chosen = Annotated[
    list[str] | None,
    typer.Option("--cut", metavar="IMPORTER IMPORTED", help="An import that will be cut anyway. Repeatable."),
]
AllowReexports = Annotated[
    bool,
    typer.Option(
        "--allow-reexports", help="Also cut what packages import of their own modules, to offer it to others."
    ),
]


def join_pairs(arguments: Sequence[str]) -> list[str]:
    """Join the two values of each option that takes a pair, for typer cannot repeat options with two values.

    >>> join_pairs(["cuts", "p", "--keep", "p.a", "p.b"])
    ['cuts', 'p', '--keep', 'p.a -> p.b']
    """
    found: list[str] = []
    waiting = list(arguments)
    while waiting:
        argument, equals, value = waiting.pop(0).partition("=")
        if argument in _PAIR_OPTIONS and equals:
            waiting.insert(0, value)
        else:
            argument += equals + value
        found.append(argument)
        if argument in _PAIR_OPTIONS and waiting and "->" not in waiting[0]:
            values, waiting = waiting[:2], waiting[2:]
            found.append(_ARROW.join(values))
    return found


def as_pairs(option: str, values: Iterable[str] | None) -> list[tuple[str, str]]:
    """Return the pairs that an option was given; raises CyclesError for half a pair."""
    pairs = []
    for value in values or ():
        importer, arrow, imported = (part.strip() for part in value.partition("->"))
        if not (importer and arrow and imported) or imported.startswith("-"):
            message = f"{option} takes an importer and an imported module, such as {option} shop.orders shop.customers"
            raise CyclesError(message)
        pairs.append((importer, imported))
    return pairs
