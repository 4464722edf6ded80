"""How imports take effect, judged by the clauses around them: mentions become judged, judged ones become described."""

import re
from collections.abc import Collection, Iterable, Mapping

from cycles.enums import Form, Kind, Tag
from cycles.source.conditions import SpecialNames, Truth, Version, truth
from cycles.source.enclosing_clauses import Clause, handles_import_error
from cycles.source.file_text import UnreadableError
from cycles.source.import_statements import Named, items_by_module
from cycles.source.import_values import ClassifiedImport, Import, RawImport
from cycles.source.module_names import inside
from cycles.source.source_file import SourceCache, SourceFile

_Effect = tuple[Kind, tuple[Tag, ...]]


def judge_mentions(
    mentions: Iterable[RawImport], sources: SourceCache, compiled: Collection[str]
) -> tuple[ClassifiedImport, ...]:
    """Judge imports by the source of their importers: kind and tags; their order is kept.

    A file that can no longer be read gives imports of unknown kind, never fewer imports.
    """
    packages = {name.rpartition(".")[0] for name in compiled}
    judged: list[ClassifiedImport] = []
    files = _Files(sources)
    for mention in mentions:
        effects = files[mention.importer]
        kind, tags = effects.of(mention) if effects else (Kind.UNKNOWN, ())
        if effects and (kind is Kind.LAZY or mention.imported in packages or mention.imported in compiled):
            items = effects.items(mention)
            # grimp counts a compiled module as its package.
            full = [f"{item.module}.{item.name}" if item.name else item.module for item in items]
            if mention.imported in compiled or (full and all(name in compiled for name in full)):
                tags = (*tags, Tag.EXTENSION)
            if kind is Kind.LAZY and (used := effects.uses(items)) is not False:
                kind = Kind.EAGER if used else Kind.UNKNOWN
                tags = (*tags, Tag.LAZY)
        judged.append(ClassifiedImport(*mention, kind, tags))
    return tuple(judged)


def runs_on_import(statement: ClassifiedImport | Import) -> bool:
    """Whether a statement runs while its module is imported; a package's own extension module is no other module."""
    own_extension = Tag.EXTENSION in statement.tags and inside(statement.importer, statement.imported)
    return statement.kind in (Kind.EAGER, Kind.UNKNOWN) and not own_extension


def describe_judged(
    judged: Iterable[ClassifiedImport], sources: SourceCache, paths: Mapping[str, str]
) -> tuple[Import, ...]:
    """Quote imports from the source of their importers: path, source line and names; their order is kept.

    A file that can no longer be read gives imports without source and names, never fewer imports.
    """
    described: list[Import] = []
    files = _Files(sources)
    for statement in judged:
        importer, imported, line_number, form, kind, tags = statement
        effects = files[importer]
        items = effects.items(statement) if effects and form is not Form.DYNAMIC else ()
        names = dict.fromkeys(item.name for item in items if item.name)
        line = effects.line(line_number) if effects else ""
        described.append(Import(importer, imported, paths[importer], line_number, line, kind, tags, tuple(names)))
    return tuple(described)


class _Files(dict[str, "_Effects | None"]):
    """What is known of the imports of some files, each made when it is first asked for; None of one without a text."""

    def __init__(self, sources: SourceCache) -> None:
        self._sources = sources

    def __missing__(self, importer: str) -> "_Effects | None":
        try:
            effects = _Effects(self._sources.file(importer), self._sources)
        except UnreadableError:
            effects = None
        self[importer] = effects
        return effects


class _Effects:
    """What is known of the imports of one file; each line is looked at once."""

    def __init__(self, file: SourceFile, sources: SourceCache) -> None:
        """Raise UnreadableError where the file has no text."""
        file.text  # noqa: B018  it reads the file
        self._file = file
        self._sources = sources
        self._judge: Judge | None = None
        self._seen: dict[tuple[int, Form], _Effect] = {}
        self._items: dict[int, dict[str, list[Named]]] = {}
        self._running: frozenset[str] | None = None

    def of(self, mention: RawImport) -> _Effect:
        """Kind and tags, as far as the place of the statement tells."""
        if mention.form is Form.DYNAMIC:
            return self._of_call(mention)
        place = (mention.line_number, mention.form)
        if place not in self._seen:
            self._seen[place] = self._of_line(*place)
        return self._seen[place]

    def line(self, line_number: int) -> str:
        """A line, without its indentation."""
        return self._file.lines.lines[line_number - 1].strip()

    def items(self, statement: RawImport | ClassifiedImport) -> list[Named]:
        """The items of the statements on a line that import a module."""
        line_number, file = statement.line_number, self._file
        if line_number not in self._items:
            nodes = file.imports_on(line_number)
            self._items[line_number] = items_by_module(nodes, file.module, self._sources.modules)
        return self._items[line_number].get(statement.imported, [])

    def uses(self, items: Iterable[Named]) -> bool | None:
        """Whether the module's body uses a name that a lazy import binds; None where that cannot be told.

        Annotations (PEP 649) and bodies of functions do not count.
        """
        from cycles.source.name_usage import names_running  # noqa: PLC0415  only where there are lazy imports

        if self._running is None:
            try:
                self._running = names_running(self._file, self._sources.versions)
            except (UnreadableError, RecursionError):
                return None
        return any(item.bound in self._running for item in items)

    def _of_line(self, line_number: int, form: Form) -> _Effect:
        try:
            clause = self._file.clause_around(line_number)
        except UnreadableError:
            return Kind.UNKNOWN, ()
        if clause is None:
            return (Kind.LAZY if form is Form.LAZY else Kind.EAGER), ()
        return self._judged().kind_and_tags(clause, lazy=form is Form.LAZY)

    def _of_call(self, mention: RawImport) -> _Effect:
        place = (mention.line_number, mention.imported)
        if place not in self._file.calls:
            return Kind.UNKNOWN, (Tag.DYNAMIC,)
        kind, tags = self._judged().kind_and_tags(self._file.calls[place], lazy=False)
        return kind, (*tags, Tag.DYNAMIC)

    def _judged(self) -> "Judge":
        if self._judge is None:
            self._judge = Judge(self._file.special_names, self._sources.versions)
        return self._judge


_STRONGEST = (Kind.TYPING, Kind.DEFERRED, Kind.MAIN)
_Meaning = frozenset[Kind | Tag]
"""What its place adds to the meaning of an import statement: of the strongest kinds, and of tags with other values."""
_NOTHING = _Meaning()
_DEFERRED, _CONDITIONAL, _OPTIONAL = _Meaning([Kind.DEFERRED]), _Meaning([Tag.CONDITIONAL]), _Meaning([Tag.OPTIONAL])
_MEANINGS = {
    Truth.NEVER: _Meaning([Kind.TYPING]),
    Truth.AS_MAIN: _Meaning([Kind.MAIN]),
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
        strongest = next((kind for kind in _STRONGEST if kind in meaning), Kind.LAZY if lazy else Kind.EAGER)
        return strongest, tuple(tag for tag in Tag if tag in meaning)

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
