"""The flow of `cycles fix`: plan the cuts, make them, check them, and drop those that break something."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from cycles.api import replay_plan
from cycles.children.run_python import Interpreter
from cycles.enums import Rule
from cycles.errors import CyclesError
from cycles.group_cycles import plan_groups
from cycles.limits import GROUP_FIX_STEPS
from cycles.model import ANY_WAY, FEWEST, Analysis, Component, CutPlan, CutRequest, FirstImport, Ways
from cycles.moves_for_cuts import all_moves, analyze_moved, left_of, plan_asked
from cycles.patching.check_before_writing import check, check_moved, failing, modules_of
from cycles.patching.fix_result import Checks, Fixed, FixMove, FixStep, MovedFirst
from cycles.patching.moves_as_files import contents_after, make_moves
from cycles.patching.run_in_copy import Tests, Trial, copied, newly_failing
from cycles.patching.steps import Wishes, Workbench

_Steps = tuple[FixStep, ...]


@dataclass(frozen=True, slots=True)
class TrialWishes:
    """What to try in a copy of the project: modules imported by an interpreter, and a command that runs the tests."""

    interpreter: Interpreter | None = None
    jobs: int = 1
    command: str | None = None
    folder: Path = Path()


def fix(  # noqa: PLR0913  what is wanted, and what is asked for besides
    analysis: Analysis,
    plan: CutPlan,
    wishes: Wishes,
    *,
    environment: Mapping[str, str],
    trial: TrialWishes | None = None,
    original: Analysis | None = None,
    moved: Sequence[FixMove] = (),
    everything: bool = False,
    progress: Callable[[str], None] = lambda _: None,
) -> Fixed:
    """Make the wanted steps of a plan in memory, and check them; those that break something are refused.

    Nothing is written.

    Args:
        analysis: the one whose component the plan is for.
        plan: what `plan_cuts` returned.
        wishes: which steps, and how.
        environment: the environment variables for Ruff, and for what runs in a trial.
        trial: what to try in a copy of the project; nothing is executed without.
        original: the modules before definitions were moved, where `moved` are the moves.
        moved: moves of definitions that are made before the steps.
        everything: predict first imports also where that runs many modules.
        progress: is told each step before it begins.

    Raises:
        CyclesError: where a trial cannot be made.

    """
    bench = Workbench(analysis, environment)
    progress("making the cuts in memory")
    known: dict[tuple[int, ...], Checks] = {}

    def checked(steps: _Steps) -> Checks:
        made = tuple(step.number for step in steps if step.is_made)
        if made not in known:
            known[made] = check(bench, plan, steps, original=original, everything=everything)
        return known[made]

    steps, wishes = _settled(bench, plan, wishes, lambda found: not checked(found).passed, Rule.FIRST_IMPORT)
    checks = checked(steps)
    if trial is not None and any(step.is_made for step in steps):
        with copied(analysis, environment) as copy:
            steps, checks = _tried(
                _Bench(bench, plan, copy, trial, progress, tuple(moved), original), steps, wishes, checked
            )
    return Fixed(analysis, plan.component, steps, checks)


def move_first(
    analysis: Analysis,
    components: Sequence[Component],
    environment: Mapping[str, str],
    ways: Ways = ANY_WAY,
    *,
    everything: bool = False,
) -> tuple[MovedFirst, Analysis, tuple[Component, ...]]:
    """Move definitions where that makes cheaper cuts enough, in memory.

    Returns the moves, the analysis with them made, and what is left of the components. Moves by which a module could
    not be imported first that could be before are not made; where modules that are there take them, new ones are tried
    instead, and then imports that stay where they are in time for others.

    Raises:
        CyclesError: where the files cannot be edited.

    """
    for existing, pinned in ((True, False), (False, False), (False, True)):
        planned = all_moves(analysis, components, ways, existing=existing)
        refused = tuple((component, plan.refused[0]) for component, plan in planned if plan.refused)
        wanted = [(component, plan.moves) for component, plan in planned if plan.moves]
        if not wanted:
            return MovedFirst(refused=refused), analysis, tuple(components)
        moves = make_moves(Workbench(analysis, environment), wanted, pinned=pinned)
        moved = analyze_moved(analysis, [one.move for one in moves], contents_after(moves))
        members = {module for component, _ in wanted for module in component.modules}
        checks = check_moved(analysis, moved, members, everything=everything)
        if checks.passed:
            return MovedFirst(moves, refused, checks), moved, left_of(components, moved)
    return MovedFirst(refused=refused, checks=checks), analysis, tuple(components)


@dataclass(frozen=True, slots=True)
class _Bench:
    """What a trial works on."""

    bench: Workbench
    plan: CutPlan
    copy: Trial
    trial: TrialWishes
    progress: Callable[[str], None]
    moved: tuple[FixMove, ...] = ()
    original: Analysis | None = None

    def put(self, steps: _Steps) -> None:
        """Put the files as the moves and some steps leave them into the copy."""
        modules = self.bench.analysis.sources.modules
        top = self.bench.top
        files = {str(top / path): after for move in self.moved for path, _, after in move.files}
        files |= {modules[step.cut.importer].path: step.before for step in reversed(steps)}
        files |= {modules[step.cut.importer].path: step.after for step in steps}
        self.copy.put(files)


def _tried(work: _Bench, steps: _Steps, wishes: Wishes, checked: Callable[[_Steps], Checks]) -> tuple[_Steps, Checks]:
    """Try steps in a copy of the project; drop those that break a first import or a test."""
    trial, copy = work.trial, work.copy
    members = modules_of(work.bench.analysis, work.plan.component)
    entries = sorted({*members, *(step.cut.importer for step in steps if step.is_made)})
    after: dict[str, FirstImport] = {}
    if trial.interpreter is not None:
        interpreter = trial.interpreter
        work.progress("importing modules as they are")
        _restore(work, steps)
        known = (work.original or work.bench.analysis).sources.modules
        there = [name for name in entries if name in known]
        before = copy.first_imports(there, interpreter, trial.jobs)

        def breaks_import(found: _Steps) -> bool:
            work.put(found)
            work.progress("importing modules with the cuts made")
            after.update(copy.first_imports(entries, interpreter, trial.jobs))
            return bool(newly_failing(before, after))

        steps, wishes = _settled(work.bench, work.plan, wishes, breaks_import, Rule.FIRST_IMPORT)
    tests: Tests | None = None
    if trial.command is not None:
        command = trial.command
        work.progress("running the tests as they are")
        _restore(work, steps)
        first = copy.tests(command, trial.folder)
        if first.status and not first.failed:
            raise CyclesError(
                f"--test {command!r} fails without the edits already (exit status {first.status}) and names no test "
                "that does, so it can tell nothing; give a command that runs the tests here"
            )

        def breaks_test(found: _Steps) -> bool:
            work.put(found)
            work.progress("running the tests with the cuts made")
            return bool(copy.tests(command, trial.folder).newly(first))

        steps, wishes = _settled(work.bench, work.plan, wishes, breaks_test, Rule.TESTS)
        tests = first
    checks = checked(steps)
    imported = len(entries) if trial.interpreter is not None else None
    return steps, replace(
        checks,
        imported=imported,
        import_failures=failing(after),
        tests=None if tests is None else len(tests.failed),
    )


def _restore(work: _Bench, steps: Sequence[FixStep]) -> None:
    """Put the files of a copy back as they are; what moves would make stays away."""
    modules, top = work.bench.analysis.sources.modules, work.bench.top
    for step in steps:
        work.copy.put({modules[step.cut.importer].path: work.bench.analysis.sources.file(step.cut.importer).data})
    for move in work.moved:
        for path, before, _ in move.files:
            if before is None:
                work.copy.take_away(str(top / path))
            else:
                work.copy.put({str(top / path): before})


def _settled(
    bench: Workbench, plan: CutPlan, wishes: Wishes, fails: Callable[[_Steps], bool], rule: Rule
) -> tuple[_Steps, Wishes]:
    """Make the wanted steps without those that fail: each is found by bisection, and dropped."""
    while True:
        steps, _ = bench.make(plan, wishes)
        made = [step.number for step in steps if step.is_made]
        if not made or not fails(steps):
            return steps, wishes
        fine, failing = 0, len(made)
        while failing - fine > 1:
            middle = (fine + failing) // 2
            some, _ = bench.make(plan, replace(wishes, steps=frozenset(made[:middle])))
            if fails(some):
                failing = middle
            else:
                fine = middle
        wishes = replace(wishes, dropped={**wishes.dropped, made[failing - 1]: rule})


def plans_for(analysis: Analysis, components: Sequence[Component], request: CutRequest = FEWEST) -> tuple[CutPlan, ...]:
    """Return the plans of components of modules, or of groups of them, with how each cut can be made."""
    if analysis.by is None:
        return tuple(replay_plan(analysis, plan) for plan in plan_asked(components, request))
    found = plan_groups(analysis, components, request, most_fixes=GROUP_FIX_STEPS, most_bytes=None)
    return tuple(one.plan for one in found)
