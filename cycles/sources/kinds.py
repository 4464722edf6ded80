"""The clauses around an import in; its kind and tags, out."""

import re
from collections.abc import Sequence

from cycles.sources.conditions import Truth, truth
from cycles.sources.walk import Clause
from cycles.words import Kind, Tag

_IMPORT_ERROR = re.compile(r"(?<!\w)(?:ImportError|ModuleNotFoundError|Exception|BaseException)(?!\w)")
_SUPPRESS = re.compile(r"(?<!\w)suppress\s*\(")


def kind_and_tags(
    clauses: Sequence[Clause], typing_names: frozenset[str], *, lazy: bool
) -> tuple[Kind, tuple[Tag, ...]]:
    """Judge a statement by the clauses around it (any order).

    What never runs is `typing`, whatever else it is; then a function body makes it `deferred`, a
    `__main__` guard `main`, PEP 810 `lazy`. Tags come in the order of `Tag`.
    """
    if not clauses:
        return (Kind.LAZY if lazy else Kind.EAGER), ()
    kinds: set[Kind] = {Kind.LAZY} if lazy else set()
    tags: set[Tag] = set()
    for clause in clauses:
        match clause.keyword:
            case "def":
                kinds.add(Kind.DEFERRED)
            case "if" | "elif" | "else" if clause.keyword == "if" or _keyword(clause.earlier[0]) == "if":
                _judge_branch(clause, typing_names, kinds, tags)
            case "try" | "else" | "except" if clause.handlers:
                if any(_handles_import_error(header) for header in clause.handlers):
                    tags.add(Tag.OPTIONAL)
                elif clause.keyword == "except":
                    tags.add(Tag.CONDITIONAL)
            case "with" if _SUPPRESS.search(clause.header) and _IMPORT_ERROR.search(clause.header):
                tags.add(Tag.OPTIONAL)
            case "for" | "while" | "case" | "else":
                tags.add(Tag.CONDITIONAL)
    strongest = next((kind for kind in (Kind.TYPING, Kind.DEFERRED, Kind.MAIN, Kind.LAZY) if kind in kinds), Kind.EAGER)
    return strongest, tuple(tag for tag in Tag if tag in tags)


def _judge_branch(clause: Clause, typing_names: frozenset[str], kinds: set[Kind], tags: set[Tag]) -> None:
    """Add what it means to stand in one branch of an `if`: no earlier condition holds, its own does."""
    against = [_condition(header) for header in clause.earlier]
    reached = [f"not ({condition}\n)" for condition in against]
    if clause.keyword != "else":
        reached.append(f"({_condition(clause.header)}\n)")
    for condition in reached:
        match truth(condition, typing_names):
            case Truth.NEVER:
                kinds.add(Kind.TYPING)
            case Truth.AS_MAIN:
                kinds.add(Kind.MAIN)
            case Truth.UNKNOWN:
                tags.add(Tag.CONDITIONAL)


def _keyword(header: str) -> str:
    return header.partition(" ")[0].partition("(")[0]


def _condition(header: str) -> str:
    return header.removeprefix("el").removeprefix("if")


def _handles_import_error(header: str) -> bool:
    """Whether an `except` clause catches an import that fails."""
    return header == "except" or _IMPORT_ERROR.search(header) is not None
