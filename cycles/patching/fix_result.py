"""What `cycles fix` makes: frozen values."""

from collections.abc import Sequence
from dataclasses import dataclass

from cycles.enums import Rule, Verdict
from cycles.fixes.definition_values import Move, RefusedMove
from cycles.model import Analysis, Component, Cut, FirstImport


@dataclass(frozen=True, slots=True)
class Place:
    """A line of a file; paths are relative to the project."""

    path: str
    line_number: int


@dataclass(frozen=True, slots=True)
class Warned:
    """Something that the imports of modules do not show, but tests may: what it is, and where."""

    rule: Rule
    place: Place


@dataclass(frozen=True, slots=True)
class FixStep:
    """A step of a plan: made as an edit of one file, or refused.

    Attributes:
        number: its place in the plan, from 1.
        cut: what is cut.
        path: the file that is edited, relative to the project.
        before: the bytes of the file before the step, with all steps before it made.
        after: the bytes after it; as before where it was refused.
        rule: why it was refused; None where it was made.
        place: what the rule refers to; None where it was made.
        warnings: what tests may notice of it.
        modules_left: how many modules are on cycles of the component once it and all made steps before it are made.
        largest_left: the size of the largest component then.
    """

    number: int
    cut: Cut
    path: str
    before: bytes
    after: bytes
    rule: Rule | None
    place: Place | None
    warnings: tuple[Warned, ...]
    modules_left: int
    largest_left: int

    @property
    def is_made(self) -> bool:
        """Whether the step was made."""
        return self.rule is None


@dataclass(frozen=True, slots=True)
class FixMove:
    """Definitions that are moved before imports are cut, as files.

    Attributes:
        move: what is moved, and where to.
        component: the component that it is to end.
        files: the files that it changes or makes: path from the top, bytes before (None: there is none), bytes after.
        warnings: what tests may notice of it.
    """

    move: Move
    component: Component
    files: tuple[tuple[str, bytes | None, bytes], ...]
    warnings: tuple[Warned, ...]


@dataclass(frozen=True, slots=True)
class Checks:
    """What was looked at before anything is written.

    Attributes:
        modules: how many modules are on cycles of the component, from the edited texts.
        largest: the size of the largest component.
        simulated: how many first imports were predicted with the edits made; None where that takes too long.
        new: how many of these modules are not there before definitions are moved.
        before: those of them that are not known to be importable first as the files are.
        after: the same with the edits made.
        imported: how many modules were really imported first; None where nobody asked.
        import_failures: those of them that really fail with the edits made, as they do without.
        newly_failing: modules that could be imported first before, and cannot now.
        tests: whether the tests were run; None where nobody asked.
        newly_failed: tests that passed before, and fail with the edits made.
        untidy: where Ruff would complain now and did not before, and by which rule.
    """

    modules: int
    largest: int
    simulated: int | None = None
    new: int = 0
    before: tuple[FirstImport, ...] = ()
    after: tuple[FirstImport, ...] = ()
    imported: int | None = None
    import_failures: tuple[FirstImport, ...] = ()
    newly_failing: tuple[FirstImport, ...] = ()
    tests: int | None = None
    newly_failed: tuple[str, ...] = ()
    untidy: tuple[tuple[Place, str], ...] = ()

    @property
    def crashed(self) -> int:
        """How many of them an import cycle makes crash as the files are."""
        return _count(self.before, Verdict.CRASH)

    @property
    def crash(self) -> int:
        """How many of them it makes crash with the edits made."""
        return _count(self.after, Verdict.CRASH)

    @property
    def was_unknown(self) -> int:
        """Of how many of them nothing is known as the files are."""
        return _count(self.before, Verdict.UNKNOWN)

    @property
    def unknown(self) -> int:
        """Of how many of them nothing is known with the edits made."""
        return _count(self.after, Verdict.UNKNOWN)

    @property
    def runs_tell_nothing(self) -> bool:
        """Whether modules were really imported, and every one fails before and after: the edits are not to blame."""
        return bool(self.imported) and len(self.import_failures) == self.imported

    @property
    def passed(self) -> bool:
        """Whether nothing that worked fails."""
        return not self.newly_failing and not self.newly_failed


def _count(entries: Sequence[FirstImport], verdict: Verdict) -> int:
    return sum(entry.verdict is verdict for entry in entries)


@dataclass(frozen=True, slots=True)
class Fixed:
    """A component whose plan was made in memory, step by step."""

    analysis: Analysis
    component: Component
    steps: tuple[FixStep, ...]
    checks: Checks

    @property
    def made(self) -> tuple[FixStep, ...]:
        """The steps that were made."""
        return tuple(step for step in self.steps if step.is_made)

    @property
    def refused(self) -> tuple[FixStep, ...]:
        """The steps that were not."""
        return tuple(step for step in self.steps if not step.is_made)

    @property
    def files(self) -> dict[str, tuple[bytes, bytes]]:
        """The files that are edited, by path: their bytes before and after."""
        found: dict[str, tuple[bytes, bytes]] = {}
        for step in self.made:
            before, _ = found.get(step.path, (step.before, b""))
            found[step.path] = (before, step.after)
        return found


@dataclass(frozen=True, slots=True)
class MovedFirst:
    """Moves of definitions that are made before imports are cut.

    Attributes:
        moves: in the order of the components.
        refused: the components for which no move was found that can be made, and why.
        checks: what is left with the moves alone; None where nothing was to be moved. Where they break a first import
            there are no moves.
    """

    moves: tuple[FixMove, ...] = ()
    refused: tuple[tuple[Component, RefusedMove], ...] = ()
    checks: Checks | None = None

    def files(self, fixed: Sequence[Fixed]) -> dict[str, tuple[bytes | None, bytes]]:
        """All files that are changed or made, by path: their bytes before (None: new) and after moves and steps."""
        found: dict[str, tuple[bytes | None, bytes]] = {}
        for move in self.moves:
            for path, before, after in move.files:
                found[path] = (found[path][0] if path in found else before, after)
        for one in fixed:
            for path, (was, now) in one.files.items():
                found[path] = (found[path][0] if path in found else was, now)
        return found
