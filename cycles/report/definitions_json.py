"""Write the definitions of components, and what they need, as JSON."""

from collections.abc import Sequence
from typing import ClassVar

from cycles.fixes.definition_values import Definition, DefinitionGraph, DefinitionNeed, LevelFigures, ModuleNeed
from cycles.model import Analysis
from cycles.report.json_values import Document, HeadDocument, OfComponentDocument, Taken, as_json, head_of


class DefinitionDocument(Document, of=Definition, names="name module names line_number lines"):
    """A top-level statement, or all that bind one name; others refer to it by `name`.

    It binds `names`; where these are none, its name has the line in place of one.
    """


class NeedDocument(Document, of=DefinitionNeed):
    """That one definition needs another, when, and the line of the first that says so."""

    taken: ClassVar[Taken] = {"definition": "definition.name", "needed": "needed.name"}

    definition: str
    needed: str


class RecursionDocument(Document):
    """Definitions of several modules that need each other, directly or indirectly."""

    taken: ClassVar[Taken] = {"definitions": "definitions.name"}

    definitions: tuple[str, ...]
    modules: tuple[str, ...]


class LevelDocument(Document, of=LevelFigures, names="level modules perhaps moved moved_lines lower_bound"):
    """What is left on cycles at a level, and `perhaps` (see `perhaps_at_import`); `moved` definitions end it.

    They are null where none were found, or nobody looked.
    No fewer than `lower_bound` moved definitions do.
    """

    taken: ClassVar[Taken] = {
        "moved": "moved.name",
        "moved_lines": lambda level: None if level.moved is None else sum(found.lines for found in level.moved),
    }

    moved: tuple[str, ...] | None
    moved_lines: int | None


class ComponentDefinitionsDocument(OfComponentDocument):
    """A component, its definitions and what they need; `unread` modules could not be followed.

    `perhaps_at_import` are recursions where annotations that may be evaluated, and lambdas that may be called, count.
    """

    definitions: tuple[DefinitionDocument, ...]
    needs: tuple[NeedDocument, ...]
    module_needs: tuple[ModuleNeed, ...]
    at_import: tuple[RecursionDocument, ...]
    perhaps_at_import: tuple[RecursionDocument, ...]
    when_run: tuple[RecursionDocument, ...]
    levels: tuple[LevelDocument, ...]
    unread: tuple[str, ...]


class DefinitionsDocument(HeadDocument):
    """What `cycles definitions PACKAGE [N] --format json` prints."""

    components: tuple[ComponentDefinitionsDocument, ...]


def definitions_as_json(analysis: Analysis, graphs: Sequence[DefinitionGraph]) -> str:
    """Return the definition graphs of components as JSON."""
    return as_json(DefinitionsDocument.of(None, **head_of(analysis, "definitions"), components=tuple(graphs)))
