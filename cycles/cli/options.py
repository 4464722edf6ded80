"""The options that commands share, and the reading of their values."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import takewhile
from pathlib import Path
from typing import Annotated

import typer

from cycles.enums import GraphName, View, Way
from cycles.errors import CyclesError

FOUND = 1
"""The exit status of `--check` where something is found."""
_PAIR_OPTIONS = ("--keep", "--cut")
_ARROW = " -> "
_LAYERS = "--layers"
_ABOVE = " > "


class Format(StrEnum):
    """How results are printed."""

    TEXT = "text"
    JSON = "json"


class CheckFormat(StrEnum):
    """How `cycles check`, and `--check` of other commands, print a verdict."""

    TEXT = "text"
    JSON = "json"
    MARKDOWN = "markdown"
    GITHUB = "github"
    SARIF = "sarif"


class DrawingFormat(StrEnum):
    """What a drawing is written as."""

    SVG = "svg"
    DOT = "dot"
    MERMAID = "mmd"
    MARKDOWN = "md"
    HTML = "html"


Packages = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[PACKAGE...] [N]",
        help="Dotted names (sub-packages too), paths, or folders of packages (default: package in [tool.cycles]); "
        "then a component: its number, or '#NAME' of a module in it (quoted, as # begins a comment in a shell).",
    ),
]
Graph = Annotated[GraphName | None, typer.Option("--graph", help="Which imports to look at (default: import-time).")]
OutputFormat = Annotated[Format, typer.Option("--format", help="How to print the result.")]
CheckedFormat = Annotated[
    CheckFormat, typer.Option("--format", help="How to print the result; markdown, github and sarif with --check.")
]
Output = Annotated[Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write to FILE; - is stdout.")]
Keep = Annotated[
    list[str] | None,
    typer.Option(
        "--keep",
        metavar="IMPORTER IMPORTED",
        help="Do not cut what one module imports of another, both by name. Repeatable; * matches one part of a name, "
        "** one or more.",
    ),
]
Config = Annotated[
    Path | None,
    typer.Option("--config", metavar="FILE", help="The configuration file (default: what import-linter reads here)."),
]
MergeBase = Annotated[
    bool, typer.Option("--merge-base/--no-merge-base", help="Compare with where HEAD left REV, or with REV itself.")
]
By = Annotated[
    list[str] | None,
    typer.Option(
        "--by",
        metavar="GROUPS",
        help="Look at groups of modules: package (the children of PACKAGE), package:2 (their children too), siblings "
        "(the children of each package), MODULES=NAME (repeatable), or groups (those of the configuration).",
    ),
]
Cheapest = Annotated[bool, typer.Option("--cheapest", help="Prefer easy cuts to few cuts.")]
Moves = Annotated[
    bool,
    typer.Option(
        "--moves",
        help="Also move definitions, and import lazily as with --lazy, where that makes cheaper cuts enough; cuts --by "
        "names those that spare cuts.",
    ),
]


@dataclass(frozen=True, slots=True)
class Selection:
    """What is to be analysed, as the command line has it: no packages mean those of the configuration."""

    packages: Sequence[str]
    roots: Sequence[str] | None = None
    source_roots: Sequence[Path] | None = None
    exclude: Sequence[str] | None = None
    only: bool = False
    by: Sequence[str] | None = None

    def options(self) -> tuple[str, ...]:
        """Return the options with their values, as they were typed."""
        options = [word for root in self.roots or () for word in ("--root", root)]
        options += [word for folder in self.source_roots or () for word in ("--source-root", str(folder))]
        options += [word for pattern in self.exclude or () for word in ("--exclude", pattern)]
        options += [part for word in self.by or () for part in ("--by", word)]
        return (*options, *(["--only"] if self.only else []))


class OptionGroup:
    """Options that belong together: a dataclass whose fields they are."""

    __slots__ = ()

    def given(self, *names: str) -> list[str]:
        """Return those of some options that were typed, as they are spelled."""
        return [f"--{name.replace('_', '-')}" for name in names if getattr(self, name) not in (None, False, (), [])]


@dataclass(frozen=True, slots=True, kw_only=True)
class ScopeOptions:
    """Which packages and modules are looked at, besides those that are named."""

    root: Annotated[
        list[str] | None,
        typer.Option(
            "--root", metavar="PACKAGE", help="Also look at this package, and how it takes part in cycles (repeatable)."
        ),
    ] = None
    only: Annotated[
        bool,
        typer.Option("--only", help="Look at PACKAGE alone, not at other packages of this project that it imports."),
    ] = False
    exclude: Annotated[
        list[str] | None,
        typer.Option(
            "--exclude",
            metavar="MODULES",
            help="Leave modules out (repeatable; * stands for one part of a name, ** for one or more).",
        ),
    ] = None
    source_root: Annotated[
        list[Path] | None,
        typer.Option("--source-root", metavar="FOLDER", help="Look for packages in this folder too (repeatable)."),
    ] = None

    def selection(self, packages: Sequence[str], by: Sequence[str] | None = None) -> Selection:
        """Return what is to be analysed of some packages."""
        return Selection(packages, self.root, self.source_root, self.exclude, self.only, by)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportOptions:
    """Where a report goes, what it is about, and whether it shows everything."""

    output: Output = None
    scope: ScopeOptions
    everything: Annotated[bool, typer.Option("--all", help="Show everything, not only the first few.")] = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CutOptions(OptionGroup):
    """Which cuts may be in a plan, and which must."""

    keep: Keep = None
    cut: Annotated[
        list[str] | None,
        typer.Option(
            "--cut",
            metavar="IMPORTER IMPORTED",
            help="Cut what one module imports of another, whatever else is cut. Repeatable.",
        ),
    ] = None
    allow_reexports: Annotated[
        bool,
        typer.Option(
            "--allow-reexports", help="Also cut what packages import of their own modules, to offer it to others."
        ),
    ] = False

    def typed(self) -> list[str]:
        """Return the options as they were typed."""
        pairs = [(name, pair) for name, given in (("--keep", self.keep), ("--cut", self.cut)) for pair in given or ()]
        words = [word for name, pair in pairs for word in (name, *pair.split(_ARROW))]
        return words + self.given("allow_reexports")


@dataclass(frozen=True, slots=True, kw_only=True)
class LookOptions(OptionGroup):
    """How a drawing looks."""

    view: Annotated[
        View, typer.Option("--view", help="How to draw: auto is the first of the others that can be read in a README.")
    ] = View.AUTO
    all_imports: Annotated[
        bool,
        typer.Option(
            "--all-imports", help="Draw every import, also where a longer chain of imports already shows the way."
        ),
    ] = False
    url_template: Annotated[
        str | None,
        typer.Option("--url-template", metavar="URL", help="Link modules and imports: https://…/{path}#L{line}"),
    ] = None
    engine: Annotated[
        str | None,
        typer.Option(
            "--engine", metavar="PROGRAM", envvar="CYCLES_DOT", help="The `dot` program that makes the layout."
        ),
    ] = None

    def of_cycles(self) -> list[str]:
        """Return the options that were typed and say what of cycles is drawn."""
        return [*(["--view"] if self.view is not View.AUTO else []), *self.given("all_imports", "url_template")]


@dataclass(frozen=True, slots=True, kw_only=True)
class StartOptions:
    """The start-up to draw instead of cycles."""

    startup: Annotated[
        str | None,
        typer.Option("--startup", metavar="ENTRY", help="Draw what importing ENTRY loads, and what holds what there."),
    ] = None
    django: Annotated[bool, typer.Option("--django", help="With --startup: ENTRY is Django's settings.")] = False
    python: Annotated[
        str | None,
        typer.Option(
            "--python", metavar="PATH", help="With --startup: the interpreter whose packages count (as cycles startup)."
        ),
    ] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WayOptions(OptionGroup):
    """In which ways cuts may be made."""

    moves: Moves = False
    prefer: Annotated[
        list[Way] | None,
        typer.Option(
            "--prefer",
            help="Make cuts this way where that is possible, even if it takes more of them (repeatable); "
            "move implies --moves, lazy --lazy.",
        ),
    ] = None
    no_defer: Annotated[
        bool, typer.Option("--no-defer", help="Do not move imports into functions, even if that takes more cuts.")
    ] = False
    lazy: Annotated[
        bool,
        typer.Option(
            "--lazy",
            help="Also let packages import what they offer when it is asked for (PEP 562), or use `lazy` imports where "
            "every supported Python knows them (PEP 810).",
        ),
    ] = False

    @property
    def moving(self) -> bool:
        """Whether definitions may move, too."""
        return self.moves or Way.MOVE in (self.prefer or ())

    def typed(self) -> list[str]:
        """Return the options as they were typed."""
        words = [word for way in self.prefer or () for word in ("--prefer", str(way))]
        return words + self.given("moves", "no_defer", "lazy")


def without_component(arguments: Sequence[str] | None) -> tuple[list[str], str | None]:
    """Return the packages in the arguments of a command, and the component asked for after them, if there is one.

    >>> without_component(["shop", "2"]), without_component(["#orders"]), without_component(["shop", "lib"])
    ((['shop'], '2'), ([], '#orders'), (['shop', 'lib'], None))
    """
    if not arguments:
        return [], None
    *packages, last = arguments
    asked = last.startswith("#") or bool(re.fullmatch(r"-?\d{1,18}", last, re.ASCII))
    return (packages, last) if asked else (list(arguments), None)


def join_pairs(arguments: Sequence[str]) -> list[str]:
    """Join the two values of each option that takes a pair, and the layers: typer cannot take as many values.

    >>> join_pairs(["cuts", "p", "--keep", "p.a", "p.b"])
    ['cuts', 'p', '--keep', 'p.a -> p.b']
    >>> join_pairs(["cuts", "p", "--layers", "web", "data", "--all"])
    ['cuts', 'p', '--layers', 'web > data', '--all']
    """
    found: list[str] = []
    waiting = list(arguments)
    while waiting:
        argument, equals, value = waiting.pop(0).partition("=")
        if argument == _LAYERS and not equals:
            # As many words as there are layers.
            names = list(takewhile(lambda word: not word.startswith("-"), waiting))
            found += [argument, _ABOVE.join(names)] if names else [argument]
            del waiting[: len(names)]
            continue
        if argument in _PAIR_OPTIONS and equals:
            waiting.insert(0, value)
        else:
            argument += equals + value
        found.append(argument)
        if argument in _PAIR_OPTIONS and waiting and "->" not in waiting[0]:
            values, waiting = waiting[:2], waiting[2:]
            found.append(_ARROW.join(values))
    return found


def as_layers(value: str) -> list[str]:
    """Return the names of layers, from the top one down."""
    return [name.strip() for name in value.split(_ABOVE.strip()) if name.strip()]


def as_pairs(option: str, values: Iterable[str] | None) -> list[tuple[str, str]]:
    """Return the pairs that an option was given; raises CyclesError for half a pair."""
    pairs = []
    for value in values or ():
        importer, arrow, imported = (part.strip() for part in value.partition("->"))
        if not (importer and arrow and imported) or imported.startswith("-"):
            raise CyclesError(
                f"{option} takes an importer and an imported module, such as {option} shop.orders shop.customers"
            )
        pairs.append((importer, imported))
    return pairs
