"""The kind and the tags of an import, judged by the clauses around it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from cycles.source.clauses import Clause
from cycles.source.conditions import SpecialNames, Truth, Version, truth
from cycles.words import Kind, Tag

_IMPORT_ERROR = re.compile(r"(?<!\w)(?:ImportError|ModuleNotFoundError|Exception|BaseException)(?!\w)")
_SUPPRESS = re.compile(r"(?<!\w)suppress\s*\(")


@dataclass(frozen=True, slots=True)
class _Meaning:
    """What it adds to a statement to stand in some place."""

    kinds: frozenset[Kind] = frozenset()
    tags: frozenset[Tag] = frozenset()

    def __or__(self, other: "_Meaning") -> "_Meaning":
        return _Meaning(self.kinds | other.kinds, self.tags | other.tags)


_NOTHING = _Meaning()
_CONDITIONAL = _Meaning(tags=frozenset({Tag.CONDITIONAL}))
_OPTIONAL = _Meaning(tags=frozenset({Tag.OPTIONAL}))
_MEANINGS = {
    Truth.NEVER: _Meaning(kinds=frozenset({Kind.TYPING})),
    Truth.AS_MAIN: _Meaning(kinds=frozenset({Kind.MAIN})),
    Truth.UNKNOWN: _CONDITIONAL,
}


class Judge:
    """Judges the statements of one module; every clause is looked at once, however many statements it holds."""

    def __init__(self, names: SpecialNames, versions: tuple[Version, ...] | None = None) -> None:
        """`versions` are the releases of Python that the project supports, None for any."""
        self._names = names
        self._versions = versions
        self._passed: dict[Clause, _Meaning] = {}
        self._optional: dict[Clause, bool] = {}

    def kind_and_tags(self, clauses: Sequence[Clause], *, lazy: bool) -> tuple[Kind, tuple[Tag, ...]]:
        """Judge a statement by the clauses around it (any order).

        What never runs is `typing`, whatever else it is; then a function body makes it `deferred`, a
        `__main__` guard `main`, PEP 810 `lazy`. Tags come in the order of `Tag`.
        """
        if not clauses:
            return (Kind.LAZY if lazy else Kind.EAGER), ()
        kinds: set[Kind] = {Kind.LAZY} if lazy else set()
        tags: set[Tag] = set()
        for clause in clauses:
            meaning = self._meaning(clause)
            kinds |= meaning.kinds
            tags |= meaning.tags
        strongest = next(
            (kind for kind in (Kind.TYPING, Kind.DEFERRED, Kind.MAIN, Kind.LAZY) if kind in kinds), Kind.EAGER
        )
        return strongest, tuple(tag for tag in Tag if tag in tags)

    def _meaning(self, clause: Clause) -> _Meaning:
        """What it adds to a statement to stand in a clause."""
        first = clause.first or clause
        meaning = _NOTHING
        match clause.keyword:
            case "def":
                meaning = _Meaning(kinds=frozenset({Kind.DEFERRED}))
            case "if" | "elif" | "else" if first.keyword == "if":
                # No earlier condition holds, its own does.
                meaning = self._against(clause.previous) if clause.previous else _NOTHING
                if clause.keyword != "else":
                    meaning |= self._holds(f"({_condition(clause.header)}\n)")
            case "try" | "else" | "except" if clause.handlers:
                if self._catches_import_error(first):
                    meaning = _OPTIONAL
                elif clause.keyword == "except":
                    meaning = _CONDITIONAL
            case "with" if _SUPPRESS.search(clause.header) and _IMPORT_ERROR.search(clause.header):
                meaning = _OPTIONAL
            case "for" | "while" | "case" | "else":
                meaning = _CONDITIONAL
        return meaning

    def _against(self, clause: Clause) -> _Meaning:
        """What it means that neither a clause's condition holds nor one before it in the same `if`."""
        unknown: list[Clause] = []
        at: Clause | None = clause
        while at is not None and at not in self._passed:
            unknown.append(at)
            at = at.previous
        meaning = _NOTHING if at is None else self._passed[at]
        for passed in reversed(unknown):
            meaning |= self._holds(f"not ({_condition(passed.header)}\n)")
            self._passed[passed] = meaning
        return meaning

    def _holds(self, condition: str) -> _Meaning:
        """What it means that a condition holds."""
        return _MEANINGS.get(truth(condition, self._names, self._versions), _NOTHING)

    def _catches_import_error(self, first: Clause) -> bool:
        """Whether a `try` catches an import that fails."""
        if first not in self._optional:
            self._optional[first] = any(map(_handles_import_error, first.handlers))
        return self._optional[first]


def _condition(header: str) -> str:
    return header.removeprefix("el").removeprefix("if")


def _handles_import_error(header: str) -> bool:
    """Whether an `except` clause catches an import that fails."""
    return header == "except" or _IMPORT_ERROR.search(header) is not None
