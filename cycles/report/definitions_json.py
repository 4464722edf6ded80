"""Write the definitions of components, and what they need, as JSON."""

from collections.abc import Sequence
from dataclasses import dataclass

from cycles.fixes.needs_and_moves import Definition, DefinitionGraph, Level, LevelFigures, ModuleNeed, Need, Recursion
from cycles.model import Analysis
from cycles.report.documents import Document, HeadDocument, as_json, head_of


@dataclass(frozen=True)
class DefinitionDocument(Document):
    """A top-level statement, or all that bind one name; others refer to it by `name`.

    It binds `names`; where these are none, its name has the line in place of one.
    """

    name: str
    module: str
    names: tuple[str, ...]
    line_number: int
    lines: int


@dataclass(frozen=True)
class NeedDocument(Document):
    """That one definition needs another, when, and the line of the first that says so."""

    definition: str
    needed: str
    need: Need
    line_number: int


@dataclass(frozen=True)
class RecursionDocument(Document):
    """Definitions of several modules that need each other, directly or indirectly."""

    definitions: tuple[str, ...]
    modules: tuple[str, ...]


@dataclass(frozen=True)
class LevelDocument(Document):
    """What is left on cycles at a level, and `perhaps` (see `perhaps_at_import`); `moved` definitions end it.

    They are null where none were found, or nobody looked.
    No fewer than `lower_bound` moved definitions do.
    """

    level: Level
    modules: tuple[str, ...]
    perhaps: tuple[str, ...]
    moved: tuple[str, ...] | None
    moved_lines: int | None
    lower_bound: int


@dataclass(frozen=True)
class ComponentDefinitionsDocument(Document):
    """A component, its definitions and what they need; `unread` modules could not be followed.

    `perhaps_at_import` are recursions where annotations that may be evaluated, and lambdas that may be called, count.
    """

    number: int
    name: str
    modules: tuple[str, ...]
    definitions: tuple[DefinitionDocument, ...]
    needs: tuple[NeedDocument, ...]
    module_needs: tuple[ModuleNeed, ...]
    at_import: tuple[RecursionDocument, ...]
    perhaps_at_import: tuple[RecursionDocument, ...]
    when_run: tuple[RecursionDocument, ...]
    levels: tuple[LevelDocument, ...]
    unread: tuple[str, ...]


@dataclass(frozen=True)
class DefinitionsDocument(HeadDocument):
    """What `cycles definitions PACKAGE [N] --format json` prints."""

    components: tuple[ComponentDefinitionsDocument, ...]


def definitions_as_json(analysis: Analysis, graphs: Sequence[DefinitionGraph]) -> str:
    """Return the definition graphs of components as JSON."""
    return as_json(
        DefinitionsDocument.of(None, **head_of(analysis, "definitions"), components=tuple(map(_component, graphs)))
    )


def _component(graph: DefinitionGraph) -> ComponentDefinitionsDocument:
    component = graph.component
    return ComponentDefinitionsDocument.of(
        graph,
        number=component.number,
        name=component.name,
        modules=component.modules,
        definitions=tuple(map(DefinitionDocument.of, graph.definitions)),
        needs=tuple(
            NeedDocument.of(found, definition=found.definition.name, needed=found.needed.name) for found in graph.needs
        ),
        at_import=tuple(map(_recursion, graph.at_import)),
        perhaps_at_import=tuple(map(_recursion, graph.perhaps_at_import)),
        when_run=tuple(map(_recursion, graph.when_run)),
        levels=tuple(map(_level, graph.levels)),
    )


def _recursion(found: Recursion) -> RecursionDocument:
    return RecursionDocument.of(found, definitions=_names(found.definitions))


def _level(found: LevelFigures) -> LevelDocument:
    moved = found.moved
    lines = None if moved is None else sum(definition.lines for definition in moved)
    return LevelDocument.of(found, moved=None if moved is None else _names(moved), moved_lines=lines)


def _names(definitions: Sequence[Definition]) -> tuple[str, ...]:
    return tuple(definition.name for definition in definitions)
