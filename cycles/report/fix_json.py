"""Write what `cycles fix` made as JSON, and its schema."""

from collections.abc import Sequence
from dataclasses import dataclass

from cycles.enums import Rule
from cycles.fixes.needs_and_moves import MoveRule
from cycles.model import Analysis, FirstImport
from cycles.patching.diff import unified
from cycles.patching.fixed import Checks, Fixed, FixMove, FixStep, MovedFirst, Place, Warned
from cycles.report.documents import Document, FixDocument, HeadDocument, as_json, fix_document, head_of
from cycles.report.fix_words import what_to_do


@dataclass(frozen=True)
class FixStepDocument(Document):
    """A step of a plan: `made`, or refused by a `rule` at a `place`.

    `patch` is its unified diff, "" where it was refused. `modules_left` and `largest_left` are what is on cycles once
    it and all made steps before it are made.
    """

    number: int
    importer: str
    imported: str
    path: str
    line_number: int
    to_do: str
    fix: FixDocument | None
    made: bool
    rule: Rule | None
    place: Place | None
    warnings: tuple[Warned, ...]
    modules_left: int
    largest_left: int
    patch: str


@dataclass(frozen=True)
class LintDocument(Document):
    """Where Ruff would complain and did not before, and by which rule."""

    code: str
    path: str
    line_number: int


@dataclass(frozen=True)
class MoveDocument(Document):
    """Definitions that are moved first: out of a module, to a path, with the unified diff of both files."""

    component: int
    module: str
    definitions: tuple[str, ...]
    lines: int
    target: str
    path: str
    warnings: tuple[Warned, ...]
    patch: str


@dataclass(frozen=True)
class RefusedMoveDocument(Document):
    """A definition that would have to move and cannot: the rule, and the line that shows it."""

    component: int
    definition: str
    rule: MoveRule
    line_number: int


@dataclass(frozen=True)
class ChecksDocument(Document):
    """What was checked with the steps made; null is what was not looked at."""

    modules: int
    largest: int
    simulated: int | None
    crashed: int
    crash: int
    imported: int | None
    newly_failing: tuple[FirstImport, ...]
    tests: int | None
    untidy: tuple[LintDocument, ...]


@dataclass(frozen=True)
class FixedComponentDocument(Document):
    """A component, the steps of its plan, and what was checked."""

    number: int
    name: str
    modules: tuple[str, ...]
    steps: tuple[FixStepDocument, ...]
    checks: ChecksDocument


@dataclass(frozen=True)
class FixedDocument(HeadDocument):
    """What `cycles fix PACKAGE [N] --format json` prints; `written`: the files were changed."""

    written: bool
    moves: tuple[MoveDocument, ...]
    refused_moves: tuple[RefusedMoveDocument, ...]
    components: tuple[FixedComponentDocument, ...]


def fix_as_json(analysis: Analysis, moved: MovedFirst, fixed: Sequence[Fixed], *, written: bool) -> str:
    """Return what was made as JSON."""
    found = tuple(
        FixedComponentDocument.of(one.component, steps=tuple(map(_step, one.steps)), checks=_checks(one.checks))
        for one in fixed
    )
    return as_json(
        FixedDocument.of(
            None,
            **head_of(analysis, "fix"),
            written=written,
            moves=tuple(map(_move, moved.moves)),
            refused_moves=tuple(
                RefusedMoveDocument(component.number, one.definition.name, one.rule, one.line_number)
                for component, one in moved.refused
            ),
            components=found,
        )
    )


def _step(step: FixStep) -> FixStepDocument:
    return FixStepDocument.of(
        step,
        importer=step.cut.importer,
        imported=step.cut.imported,
        line_number=step.cut.imports[0].line_number,
        to_do=what_to_do(step.cut),
        fix=fix_document(step.cut.fix),
        made=step.is_made,
        patch=unified(step.path, step.before, step.after).decode("utf-8", "surrogateescape"),
    )


def _checks(checks: Checks) -> ChecksDocument:
    untidy = tuple(LintDocument(code, place.path, place.line_number) for place, code in checks.untidy)
    return ChecksDocument.of(checks, untidy=untidy)


def _move(one: FixMove) -> MoveDocument:
    patch = b"".join(unified(*file) for file in one.files)
    return MoveDocument(
        component=one.component.number,
        module=one.move.source,
        definitions=tuple(name for definition in one.move.definitions for name in definition.names),
        lines=one.move.lines,
        target=one.move.target.name,
        path=one.files[1][0],
        warnings=one.warnings,
        patch=patch.decode("utf-8", "surrogateescape"),
    )
