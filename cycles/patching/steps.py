"""Make the steps of a plan in memory, in order, each an edit of one file that leaves it as tidy as it was."""

import os
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from cycles.api import fixes_of
from cycles.enums import Rule
from cycles.fixes.edits import Refusal, RefusedError, apply_to_bytes
from cycles.model import ANY_WAY, Analysis, Cut, CutPlan, Ways
from cycles.patching.fix_result import FixStep, Place, Warned
from cycles.patching.tests_at_risk import TestHabits
from cycles.patching.tidy import Tidy
from cycles.simulated_plan import EditedModules
from cycles.source.file_text import UnreadableError


@dataclass(frozen=True, slots=True)
class Wishes:
    """Which steps are wanted, and how.

    Attributes:
        steps: their numbers; all where there are none.
        ways: those in which cuts may be made.
        dropped: steps that are not made, and why: what a check found.
    """

    steps: Collection[int] = ()
    ways: Ways = ANY_WAY
    dropped: Mapping[int, Rule] = field(default_factory=dict)


class Workbench:
    """The files of an analysis while steps are made; what was found out about tests and lint is kept between tries."""

    def __init__(self, analysis: Analysis, environment: Mapping[str, str]) -> None:
        """Nothing is made yet."""
        self.analysis = analysis
        self.top = top_of(Path(analysis.project))
        self.habits = TestHabits(analysis)
        tops = {name.partition(".")[0] for name in analysis.sources.modules}
        self.tidy = Tidy(Path(analysis.project), environment, tops - analysis.sources.modules.keys())

    def path_of(self, module: str) -> str | None:
        """The path of a module's file from the top of the repository; None where it lies outside."""
        path = Path(self.analysis.sources.modules[module].path)
        return path.relative_to(self.top).as_posix() if path.is_relative_to(self.top) else None

    def make(self, plan: CutPlan, wishes: Wishes) -> tuple[tuple[FixStep, ...], EditedModules]:
        """Make the wanted steps of a plan in order; return all of its steps, and the modules as they are then."""
        edited = EditedModules(self.analysis, plan)
        contents: dict[str, bytes] = {}
        sizes = edited.left_inside()
        steps: list[FixStep] = []
        for number, cut in enumerate(plan.cuts, 1):
            path = self.path_of(cut.importer)
            before = contents.get(cut.importer, self._data(cut.importer))
            warnings = tuple(self.habits.warnings(cut))
            after, rule, place = before, _unwanted(number, cut, wishes), Place(path or cut.importer, 1)
            if rule is None and path is None:
                rule = Rule.OUTSIDE
            if rule is None and not cut.is_easy:
                rule, place = self._why_not_easy(plan, cut, wishes, warnings)
            if rule is None and warnings and not wishes.ways.accept_patched:
                rule, place = warnings[0].rule, warnings[0].place
            if rule is None:
                refused = edited.make(cut)
                if refused is None:
                    try:
                        after = self._content(cut.importer, edited)
                    except RefusedError:
                        # Its encoding cannot write the edit: begin again without it.
                        return self.make(plan, replace(wishes, dropped={**wishes.dropped, number: Rule.EDIT}))
                    sizes = edited.left_inside()
                else:
                    rule, place = _why(refused, cut, path or "")
            contents[cut.importer] = after
            left, largest = sum(sizes), max(sizes, default=0)
            steps.append(
                FixStep(number, cut, path or "", before, after, rule, place if rule else None, warnings, left, largest)
            )
        return tuple(steps), edited

    def _why_not_easy(self, plan: CutPlan, cut: Cut, wishes: Wishes, warnings: Iterable[Warned]) -> tuple[Rule, Place]:
        """Which rule refuses a step that takes more than edits: where only a test replaces a name, that."""
        replaced = next((found for found in warnings if found.rule is Rule.PATCHED), None)
        if replaced is not None and not wishes.ways.accept_patched:
            pair = cut.pair
            ways = replace(wishes.ways, accept_patched=True)
            fix = fixes_of([plan.component], [pair], ways=ways).get(pair)
            if fix is not None and fix.is_easy:
                return replaced.rule, replaced.place
        return _why(RefusedError(Refusal.NO_MOVE), cut, self.path_of(cut.importer) or "")

    def _data(self, module: str) -> bytes:
        try:
            return self.analysis.sources.file(module).data
        except UnreadableError:
            return b""

    def _content(self, module: str, edited: EditedModules) -> bytes:
        """The bytes of a module with its edits made, in order and formatted where it was."""
        data = self._data(module)
        path = self.analysis.sources.modules[module].path
        return self.tidy.tidied(path, data, apply_to_bytes(data, edited.edits[module]))


def top_of(project: Path) -> Path:
    """Return the folder that patches are relative to: that of the repository around a project, or the project's."""
    return next((folder for folder in (project, *project.parents) if os.path.lexists(folder / ".git")), project)


def _unwanted(number: int, cut: Cut, wishes: Wishes) -> Rule | None:
    """Why a step is not made whatever its edits are."""
    if number in wishes.dropped:
        return wishes.dropped[number]
    if wishes.steps and number not in wishes.steps:
        return Rule.KEPT
    return Rule.NO_DEFER if cut.fix is not None and cut.fix.ruled_out else None


def _why(refused: RefusedError, cut: Cut, path: str) -> tuple[Rule, Place]:
    """Which rule refuses a step, and where."""
    if refused.reason is Refusal.NO_MOVE and cut.fix is not None:
        return Rule.CODE, Place(cut.fix.path, cut.fix.line_number)
    return Rule.EDIT, Place(refused.path or path, refused.line_number)
