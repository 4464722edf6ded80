"""Write what `cycles fix` made as JSON, and its schema."""

from collections.abc import Sequence
from typing import ClassVar

from cycles.fixes.definition_values import MoveRule
from cycles.model import Analysis
from cycles.patching.diff import unified
from cycles.patching.fix_result import Checks, Fixed, FixStep, MovedFirst, Warned
from cycles.report.fix_words import what_to_do
from cycles.report.json_values import (
    Document,
    FixDocument,
    HeadDocument,
    OfComponentDocument,
    Taken,
    as_json,
    head_of,
)


class FixStepDocument(
    Document,
    of=FixStep,
    names="number importer imported path line_number to_do fix made rule place warnings modules_left "
    "largest_left patch",
):
    """A step of a plan: `made`, or refused by a `rule` at a `place`.

    `patch` is its unified diff, "" where it was refused. `modules_left` and `largest_left` are what is on cycles once
    it and all made steps before it are made.
    """

    taken: ClassVar[Taken] = {
        "importer": "cut.importer",
        "imported": "cut.imported",
        "line_number": lambda step: step.cut.imports[0].line_number,
        "to_do": lambda step: what_to_do(step.cut),
        "fix": "cut.fix",
        "made": "is_made",
        "patch": lambda step: _patch((step.path, step.before, step.after)),
    }

    importer: str
    imported: str
    line_number: int
    to_do: str
    fix: FixDocument | None
    made: bool
    patch: str


class LintDocument(Document):
    """Where Ruff would complain and did not before, and by which rule."""

    code: str
    path: str
    line_number: int


class MoveDocument(Document):
    """Definitions that are moved first: out of a module, to a path, with the unified diff of both files."""

    taken: ClassVar[Taken] = {
        "component": "component.number",
        "module": "move.source",
        "definitions": lambda one: tuple(name for found in one.move.definitions for name in found.names),
        "lines": "move.lines",
        "target": "move.target.name",
        "path": lambda one: one.files[1][0],
        "patch": lambda one: _patch(*one.files),
    }

    component: int
    module: str
    definitions: tuple[str, ...]
    lines: int
    target: str
    path: str
    warnings: tuple[Warned, ...]
    patch: str


class RefusedMoveDocument(Document):
    """A definition that would have to move and cannot: the rule, and the line that shows it."""

    component: int
    definition: str
    rule: MoveRule
    line_number: int


class ChecksDocument(
    Document,
    of=Checks,
    names="modules largest simulated crashed crash was_unknown unknown"
    " imported import_failures newly_failing tests untidy",
):
    """What was checked with the steps made; null is what was not looked at."""

    taken: ClassVar[Taken] = {
        "untidy": lambda checks: tuple(
            LintDocument(code, place.path, place.line_number) for place, code in checks.untidy
        ),
    }

    untidy: tuple[LintDocument, ...]


class FixedComponentDocument(OfComponentDocument):
    """A component, the steps of its plan, and what was checked."""

    steps: tuple[FixStepDocument, ...]
    checks: ChecksDocument


class FixedDocument(HeadDocument):
    """What `cycles fix PACKAGE [N] --format json` prints; `written`: the files were changed."""

    written: bool
    moves: tuple[MoveDocument, ...]
    refused_moves: tuple[RefusedMoveDocument, ...]
    components: tuple[FixedComponentDocument, ...]


def fix_as_json(analysis: Analysis, moved: MovedFirst, fixed: Sequence[Fixed], *, written: bool) -> str:
    """Return what was made as JSON."""
    return as_json(
        FixedDocument.of(
            None,
            **head_of(analysis, "fix"),
            written=written,
            moves=moved.moves,
            refused_moves=tuple(
                RefusedMoveDocument(component.number, one.definition.name, one.rule, one.line_number)
                for component, one in moved.refused
            ),
            components=tuple(fixed),
        )
    )


def _patch(*files: tuple[str, bytes, bytes]) -> str:
    return b"".join(unified(*file) for file in files).decode("utf-8", "surrogateescape")
