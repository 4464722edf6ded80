"""Word names, numbers and places, the same way in text, pictures and contracts."""

import itertools
import math
import re
import shlex
import textwrap
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Protocol, TypeVar

from cycles.enums import GraphName, Kind, Verdict
from cycles.model import Analysis, Component, CutBound, Dependency, FirstImport
from cycles.source.import_values import Import
from cycles.source.module_names import shared_parts

_Item = TypeVar("_Item")

_MEANING = {
    GraphName.IMPORT_TIME: "what runs on import",
    GraphName.RUNTIME: "plus imports in functions",
    GraphName.ALL: "as written, no __init__ run",
}
_ADJECTIVE = {
    Kind.EAGER: "eager",
    Kind.DEFERRED: "deferred",
    Kind.LAZY: "lazy",
    Kind.TYPING: "typing-only",
    Kind.MAIN: "__main__-only",
    Kind.UNKNOWN: "unreadable",
}
SIGNS = {"→": "->", "–": "-", "·": ".", "×": "x", "…": "...", "≤": "<=", "▲": "^"}
"""What replaces a sign of the texts where an encoding lacks it."""
_SHOWN_PACKAGES = 3
_CHAIN_ENDS = 4
_SHOWN_NAMES = 6
_LONGEST_FIGURE = 128
"""Bits of a number that is written out: 38 digits. Python itself refuses more than 4,300 digits."""
_COMMAND = re.compile(r"^(\s*):(?=:)|#(?=#(?:\[|vso\[))")


def graph_meaning(graph: GraphName) -> str:
    """Return what a graph says about a program, in a few words."""
    return _MEANING[graph]


def clean(text: str) -> str:
    r"""Escape what in text from outside could move a cursor, turn a line around, or command a CI system.

    >>> clean("a\x1b[31m\u202eb")
    'a\\x1b[31m\\u202eb'
    >>> clean("::error::x"), clean("##vso[task]")
    ('\\x3a:error::x', '\\x23#vso[task]')
    """
    if not (text.isascii() and text.isprintable()):
        text = "".join(
            found.encode("unicode_escape", "surrogatepass").decode("ascii") if _is_hidden(found) else found
            for found in text
        )
    # GitHub obeys a line that begins with "::", after spaces too; GitHub and Azure obey "##[" and "##vso[" anywhere.
    if "::" in text or "##" in text:
        text = _COMMAND.sub(lambda found: f"{found[1] or ''}\\x{ord(found[0][-1]):02x}", text)
    return text


def can_encode(text: str, encoding: str) -> bool:
    """Tell whether a text can be written in an encoding.

    >>> can_encode("·", "cp1252"), can_encode("→", "cp1252")
    (True, False)
    """
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def counted(number: int, singular: str, plural: str = "") -> str:
    """Return a number with its noun.

    >>> counted(1, "module"), counted(1200, "dependency", "dependencies")
    ('1 module', '1,200 dependencies')
    """
    return f"{figure(number)} {singular if number == 1 else plural or f'{singular}s'}"


def figure(number: int) -> str:
    """Write a number for people, who need no more than the order of one that fills a line.

    >>> figure(1200), figure(2**15_000)
    ('1,200', 'about 10^4515')
    """
    if number.bit_length() < _LONGEST_FIGURE:
        return f"{number:,}"
    return f"about 10^{int(number.bit_length() * math.log10(2))}"


def ranges(numbers: Iterable[int]) -> str:
    """Return ascending numbers, those that follow each other as a range.

    >>> ranges([1, 2, 3, 5])
    '1–3, 5'
    """
    found: list[list[int]] = []
    for number in numbers:
        if found and found[-1][1] == number - 1:
            found[-1][1] = number
        else:
            found.append([number, number])
    return ", ".join(f"{first}" if first == last else f"{first}–{last}" for first, last in found)


def what_holds(component: Component, *, everything: bool) -> str:
    """Say what holds a component together, as a clause that can follow its size."""
    size = len(component.modules)
    if component.eager_modules == size:
        return "held together by top-level imports"
    packages = [hold for hold in component.held_by if hold.package]
    if packages:
        shown = cut_off(packages, _SHOWN_PACKAGES, everything=everything)
        (first, *others) = ((counted(hold.imports, "import"), clean(hold.package or "")) for hold in shown)
        names = [f"{first[0]} also {_runs(first[0])} the __init__ of {first[1]}"]
        names += [f"{imports.partition(' ')[0]} that of {package}" for imports, package in others]
        more = [f"{counted(len(packages) - len(shown), 'more package')} likewise"] if len(packages) > len(shown) else []
        weak = f"because {joined(names + more)}"
    else:
        by_kind = [counted(hold.imports, f"{_ADJECTIVE[hold.kind]} import") for hold in component.held_by if hold.kind]
        weak = f"because of {joined(by_kind)}"
    if component.eager_modules:
        own = f"{component.eager_modules:,} of the {size:,} form cycles by their own top-level imports"
        rest = size - component.eager_modules
        return f"{own}, the other {'one' if rest == 1 else f'{rest:,}'} only {weak}"
    return f"its modules form cycles only {weak}"


def _runs(imports: str) -> str:
    return "runs" if imports == "1 import" else "run"


def kinds(dependency: Dependency) -> str:
    """Return the kinds of the imports that make a dependency, or where they only run a package on the way, that."""
    return "via __init__" if dependency.implied else " ".join(dependency.kinds)


class Placed(Protocol):
    """What has a place: a file and a line."""

    @property
    def path(self) -> str:
        """The path of the file."""

    @property
    def line_number(self) -> int:
        """The line, from 1."""


def place(statement: Placed) -> str:
    """Return the place of an import, or of anything else, as editors and terminals know it: path:line."""
    return f"{clean(statement.path)}:{statement.line_number}"


def failed_at(failure: FirstImport) -> str:
    """Return where a first import fails, as it goes on behind "fails"; "" where that is not known."""
    return f" at {clean(failure.path)}:{failure.line_number}" if failure.path else ""


def imported_first(modules: int, failing: Sequence[FirstImport]) -> str:
    """Say how many of some modules can be imported first; that none crashes only where none is unknown.

    `failing` are those that cannot be, or may not.
    """
    verdicts = Counter(entry.verdict for entry in failing)
    crash, other, unknown = (verdicts[verdict] for verdict in (Verdict.CRASH, Verdict.OTHER, Verdict.UNKNOWN))
    which = {1: "the module", 2: "both modules"}.get(modules, f"all {modules:,} modules")
    if failing:
        which = f"{modules - len(failing):,} of {counted(modules, 'module')}"
    said = [f"{which} can be imported first"]
    said += [f"{crash:,} {'crashes' if crash == 1 else 'crash'}"] if crash else []
    said += [f"{other:,} {'fails' if other == 1 else 'fail'} for another reason than a cycle"] if other else []
    if unknown:
        reasons = [clean(reason) for reason, _ in Counter(map(_doubted, failing)).most_common() if reason]
        rest = f"; {counted(len(reasons) - 1, 'other reason')}" if reasons[1:] else ""
        why = f" ({reasons[0]}{rest})" if reasons else ""
        said += [f"for {unknown:,} that is not known{why}"] + ["none is known to crash"] * (not crash)
    return "; ".join(said)


def _doubted(entry: FirstImport) -> str:
    return entry.reason or "" if entry.verdict is Verdict.UNKNOWN else ""


def source_line(statement: Import) -> str:
    """Return an import as it is written; one of several lines that does not end on the first, as if on one."""
    begin, names = clean(statement.line_contents), [clean(name) for name in statement.names]
    if names and begin.rstrip("\\ ").endswith(("(", ",", "import")):
        hidden = [f"… {len(names) - _SHOWN_NAMES} more"] if len(names) > _SHOWN_NAMES else []
        return f"{begin.partition('import ')[0]}import {', '.join([*names[:_SHOWN_NAMES], *hidden])}"
    return begin


def size_of(component: Component, package: str) -> str:
    """Say how large a component is, and how much of it lies in the package that was asked for."""
    dependencies = counted(len(component.dependencies), "dependency", "dependencies")
    inside = f" · {component.inside} in {clean(package)}" if component.inside < len(component.modules) else ""
    needed = f" · {cuts_needed(component.cuts)}" if component.cuts else ""
    return f"{counted(len(component.modules), 'module')} · {dependencies}{inside}{needed}"


def cut_count_text(cuts: CutBound | None) -> str:
    """Say how many cuts are needed: a number, or "≤ 12" where it is not proven; "" where nobody asked."""
    if cuts is None:
        return ""
    return f"{cuts.size:,}" if cuts.proven else f"≤ {cuts.size:,}"


def cuts_needed(cuts: CutBound) -> str:
    """Say how many cuts are needed, with the noun.

    >>> cuts_needed(CutBound(1, 1)), cuts_needed(CutBound(12, 9))
    ('1 cut', '≤ 12 cuts')
    """
    return f"{cut_count_text(cuts)} {'cut' if cuts.size == 1 else 'cuts'}"


def what_cuts_do(cuts: CutBound) -> str:
    """Say how many cuts leave no cycle, where these are counted and none is planned."""
    return f"cutting {counted(cuts.size, 'import')}{'' if cuts.proven else ', or fewer,'} leaves no cycle"


def command_line(analysis: Analysis, command: str, *words: str | int) -> str:
    """Return a command about the same packages and the same graph: these are as they were asked for.

    Where the configuration names the packages and the graph, a command need not.
    """
    asked = asked_words(analysis)
    options = list(analysis.selection[len(asked) :])
    if "--graph" in options and (command == "entries" or "--graph" in words):
        # `entries` is about one graph only.
        place = options.index("--graph")
        del options[place : place + 2]
    given = [str(word) for word in words]
    own = [*itertools.dropwhile(lambda word: not word.startswith("-"), given)]
    parts = (*asked, *given[: len(given) - len(own)], *options, *own)
    return " ".join([command, *(clean(shlex.quote(part)) for part in parts)])


def asked_words(analysis: Analysis) -> tuple[str, ...]:
    """Return what was asked for, without the options."""
    return tuple(itertools.takewhile(lambda word: not word.startswith("--"), analysis.selection))


def whole_size(analysis: Analysis) -> str:
    """Return how many modules an analysis is about, and how they are grouped if they are."""
    grouped = f"by {clean(' '.join(analysis.by.words))} · " if analysis.by else ""
    return grouped + counted(analysis.modules, "module")


def other_graphs(analysis: Analysis) -> list[GraphName]:
    """Return the graphs with cycles, where the chosen one has none."""
    return [] if analysis.components else [summary.name for summary in analysis.summaries if summary.components]


def no_cycles(analysis: Analysis) -> str:
    """Say that the chosen graph has no cycle, and which of the others has one."""
    others = other_graphs(analysis)
    nothing = "no cycles between groups of modules" if analysis.by else "no import cycles"
    nothing += "" if analysis.complete else " as far as was looked"
    if not others:
        return nothing
    where = "at import time" if analysis.graph_name is GraphName.IMPORT_TIME else f"in the graph {analysis.graph_name}"
    have = f"graph {others[0]} has" if len(others) == 1 else f"graphs {' and '.join(others)} have"
    return f"{nothing} {where}; the {have} some (--graph {others[0]})"


def cut_off(items: Sequence[_Item], most: int, *, everything: bool) -> Sequence[_Item]:
    """Return the first items, or all where everything is wanted."""
    return items if everything else items[:most]


def wrapped(sentence: str, width: int) -> list[str]:
    """Break a sentence between words into lines; a name is never broken."""
    return textwrap.wrap(sentence, max(width, 1), break_long_words=False, break_on_hyphens=False)


def common_prefix(modules: Iterable[str]) -> str:
    """Return the package that all modules lie in (or are), "" where there is none.

    >>> common_prefix(["a.b.c", "a.b", "a.b.d.e"])
    'a.b'
    """
    return ".".join(shared_parts(*(module.split(".") for module in modules)))


def short(module: str, prefix: str) -> str:
    """Return a module's name without the prefix that all around it share; that package itself keeps its last part."""
    if prefix and module.startswith(f"{prefix}."):
        return clean(module[len(prefix) + 1 :])
    return clean(module.rpartition(".")[2] if module == prefix else module)


def chain(modules: Sequence[str], shown: Callable[[str], str] = clean) -> str:
    """Return modules with arrows between them; those in the middle of many are counted."""
    names = [shown(name) for name in modules]
    if len(names) > 2 * _CHAIN_ENDS + 1:
        names[_CHAIN_ENDS:-_CHAIN_ENDS] = [f"… {len(names) - 2 * _CHAIN_ENDS:,} more …"]
    return " → ".join(names)


def capital(text: str) -> str:
    """Return a sentence with a capital letter."""
    return text[:1].upper() + text[1:]


def names(modules: Sequence[str], most: int = _SHOWN_NAMES) -> str:
    """Return the first of some names, and how many more there are."""
    return joined(with_more([clean(name) for name in modules[:most]], len(modules)))


def with_more(shown: Sequence[str], of: int) -> list[str]:
    """Return some words, and last how many more there are `of` them.

    >>> with_more(["a", "b"], 2), with_more(["a", "b"], 1002)
    (['a', 'b'], ['a', 'b', '1,000 more'])
    """
    return [*shown, *([f"{of - len(shown):,} more"] if of > len(shown) else [])]


def first_of(shown: Sequence[str], of: int) -> str:
    """Return names with commas, and how many more there are `of` them.

    >>> first_of(["a", "b"], 2), first_of(["a", "b"], 1002)
    ('a, b', 'a, b and 1,000 more')
    """
    return ", ".join(shown) + (f" and {of - len(shown):,} more" if of > len(shown) else "")


def joined(items: Sequence[str]) -> str:
    """Return words with commas, and with "and" before the last one."""
    return " and ".join(filter(None, [", ".join(items[:-1]), *items[-1:]]))


def _is_hidden(character: str) -> bool:
    """Tell whether it has no place in a line, or (U+FFFE and the like) in any document."""
    noncharacter = ord(character) & 0xFFFE == 0xFFFE  # noqa: PLR2004
    return noncharacter or unicodedata.category(character) in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")
