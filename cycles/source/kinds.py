"""The kind and the tags of an import, judged by the clauses around it."""

import re
from dataclasses import dataclass

from cycles.enums import Kind, Tag
from cycles.source.clauses import Clause, handles_import_error
from cycles.source.conditions import SpecialNames, Truth, Version, truth

_STRONGEST = (Kind.TYPING, Kind.DEFERRED, Kind.MAIN, Kind.LAZY)


@dataclass(frozen=True, slots=True)
class _Meaning:
    """What its place adds to the meaning of an import statement."""

    kinds: frozenset[Kind] = frozenset()
    tags: frozenset[Tag] = frozenset()

    def __or__(self, other: "_Meaning") -> "_Meaning":
        return _Meaning(self.kinds | other.kinds, self.tags | other.tags)


_NOTHING = _Meaning()
_DEFERRED = _Meaning(kinds=frozenset({Kind.DEFERRED}))
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
        self._around: dict[Clause, _Meaning] = {}
        self._passed: dict[Clause, _Meaning] = {}

    def kind_and_tags(self, clause: Clause | None, *, lazy: bool) -> tuple[Kind, tuple[Tag, ...]]:
        """Judge a statement by the clause around it.

        What never runs is `typing`, whatever else it is; then a function body makes it `deferred`, a
        `__main__` guard `main`, PEP 810 `lazy`. Tags come in the order of `Tag`.
        """
        meaning = self._inside(clause)
        strongest = next((kind for kind in _STRONGEST if kind in meaning.kinds), Kind.LAZY if lazy else Kind.EAGER)
        return strongest, tuple(tag for tag in Tag if tag in meaning.tags)

    def _inside(self, clause: Clause | None) -> _Meaning:
        """Return what a clause, and all clauses around it, add to the meaning of a statement in it."""
        unknown: list[Clause] = []
        while clause is not None and clause not in self._around:
            unknown.append(clause)
            clause = clause.outer
        meaning = self._around[clause] if clause else _NOTHING
        for inner in reversed(unknown):
            meaning = self._around[inner] = meaning | self._of(inner)
        return meaning

    def _of(self, clause: Clause) -> _Meaning:  # noqa: PLR0911  one case for each compound statement
        """What one clause alone adds."""
        match clause.keyword:
            case "def":
                return _DEFERRED
            case "if":
                return self._holds(f"({_condition(clause)}\n)")
            case "elif" | "else" if clause.previous and clause.previous.keyword in ("if", "elif"):
                # No earlier condition holds, its own does.
                meaning = self._against(clause.previous)
                return meaning if clause.keyword == "else" else meaning | self._holds(f"({_condition(clause)}\n)")
            case "try" | "else" | "except" if clause.catches is not None:
                return _OPTIONAL if clause.catches else _CONDITIONAL if clause.keyword == "except" else _NOTHING
            case "with" if handles_import_error(clause.header) and self._suppresses(clause.header):
                return _OPTIONAL
            case "for" | "while" | "case" | "else":
                return _CONDITIONAL
        return _NOTHING

    def _against(self, clause: Clause) -> _Meaning:
        """What it means that neither a clause's condition holds nor one before it in the same `if`."""
        unknown: list[Clause] = []
        at: Clause | None = clause
        while at is not None and at not in self._passed:
            unknown.append(at)
            at = at.previous
        meaning = self._passed[at] if at else _NOTHING
        for passed in reversed(unknown):
            meaning |= self._holds(f"not ({_condition(passed)}\n)")
            self._passed[passed] = meaning
        return meaning

    def _suppresses(self, header: str) -> bool:
        """Whether a `with` statement calls `contextlib.suppress`."""
        return any(re.search(rf"(?<!\w){name}\s*\(", header) for name in self._names.suppress)

    def _holds(self, condition: str) -> _Meaning:
        """What it means that a condition holds."""
        return _MEANINGS.get(truth(condition, self._names, self._versions), _NOTHING)


def _condition(clause: Clause) -> str:
    return clause.header.removeprefix("el").removeprefix("if")
