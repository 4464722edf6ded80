"""Make the edits of a plan in memory, and look again: which cycles are left, and which first imports still fail.

What a plan promises is checked by the parts that find cycles and predict first imports in the first place. Nothing is
written, and nothing is executed.
"""

import ast
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from operator import attrgetter
from pathlib import Path

from cycles.enums import GraphName, Verdict
from cycles.fixes.cut_fixes import sources_of
from cycles.fixes.edits import Refusal, RefusedError, apply, edits_of
from cycles.graph.build import dependencies_of
from cycles.graph.components import possibly_cyclic_imports, reached_by_imports, strongly_connected
from cycles.limits import REPLAY_MODULES, REPLAY_STEPS, Steps
from cycles.model import Analysis, Cut, CutFix, CutPlan, Edit, FirstImport, HoistableImport, PlanReplay
from cycles.simulate.compile.module import library_as_is
from cycles.simulate.simulate_first_imports import Predictor
from cycles.source.file_text import UnreadableError, parse_with_lazy
from cycles.source.import_kinds import judge_mentions
from cycles.source.import_values import ClassifiedImport, RawImport
from cycles.source.read_sources import read_again
from cycles.source.source_file import SourceCache


def replay(analysis: Analysis, plan: CutPlan, *, everything: bool = False) -> CutPlan:
    """Return a plan with what is left after each step as its edits leave it, and what became of it as a whole.

    Of a step that cannot be made by editing imports, the imports are taken out instead. First imports are simulated
    where every step is an edit, and no more modules would run than the budget allows, or `everything` is wanted.
    """
    edited = EditedModules(analysis, plan)
    steps = []
    # Beyond the budget only the state after the last step is looked at; what the plan said of the others stays.
    small = len(plan.steps) * len(plan.component.dependencies) <= REPLAY_STEPS
    for step, cut in zip(plan.steps, plan.cuts, strict=True):
        if edited.make(cut):
            edited.take_out(cut)
        sizes = edited.left_inside() if small else None
        steps.append(
            step if sizes is None else replace(step, modules_left=sum(sizes), largest_left=max(sizes, default=0))
        )
    sizes = edited.cyclic(edited.every())
    steps[-1] = replace(steps[-1], modules_left=sum(sizes), largest_left=max(sizes, default=0))
    failing, simulated = _first_imports(analysis, plan, edited, everything=everything)
    found = PlanReplay(edited=edited.steps, simulated=simulated, failing=failing)
    return replace(plan, steps=tuple(steps), replay=found)


@dataclass
class EditedModules:
    """The modules of an analysis as the steps so far leave them.

    Attributes:
        analysis: the modules as they are.
        plan: the plan whose steps are made.
        steps: how many of them were made by edits.
        texts: the texts of the modules that are edited.
        edits: the edits that make them, of the texts as they are.
    """

    analysis: Analysis
    plan: CutPlan
    steps: int = 0
    texts: dict[str, str] = field(default_factory=dict)
    edits: dict[str, tuple[Edit, ...]] = field(default_factory=dict)
    fixes: dict[str, list[CutFix]] = field(default_factory=lambda: defaultdict(list))
    removed: set[tuple[str, str]] = field(default_factory=set)
    mentions: dict[str, tuple[RawImport, ...]] = field(default_factory=dict)
    statements: dict[str, tuple[ClassifiedImport, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        origin = self.plan.component.origin
        assert origin is not None  # noqa: S101  a plan of an analysis has one
        self.read = sources_of(origin)
        self.graph_name = origin.graph_name
        self.members = frozenset(self.plan.component.modules)
        self.edges: dict[str, dict[tuple[str, str], None]] = {}
        # The modules that may be on a cycle: a cut that adds no dependency brings none back.
        self.cyclic_inside = self.members
        self.by = origin.by
        # To find the group of each import takes longer than to look at one more.
        inner = (found for found in self.analysis.closing if self.by or found.importer in self.members)
        for importer, statements in groupby(inner, key=attrgetter("importer")):
            self.edges[importer] = self._inner_edges(statements)

    @property
    def sources(self) -> SourceCache:
        """The files with their new texts."""
        return self.analysis.sources.replace_texts(self.texts)

    def make(self, cut: Cut) -> RefusedError | None:
        """Make one more cut by its edits; returns why there are none, and leaves all as it was then."""
        importer, project = cut.importer, Path(self.analysis.project)
        if cut.fix is None or cut.fix.ruled_out:
            return RefusedError(Refusal.NO_MOVE)
        fixes = [*self.fixes[importer], cut.fix]
        try:
            edits = edits_of(fixes, self.read.modules, project, checked=False)
            text = apply(self.analysis.sources.file(importer).text, edits)
            sources = self.analysis.sources.replace_texts({importer: text})
            mentions = read_again((), sources, {importer})
        except UnreadableError as error:
            return RefusedError(Refusal.LAYOUT, error.line_number or 1)
        except RefusedError as refused:
            return refused
        self.steps += 1
        self.edits[importer] = edits
        self.fixes[importer] = fixes
        self.texts[importer] = text
        self.mentions[importer] = mentions
        self.statements[importer] = judge_mentions(mentions, sources, frozenset(self.analysis.compiled))
        self._renew(importer)
        return None

    def take_out(self, cut: Cut) -> None:
        """Take the imports of a cut out that no edit makes."""
        self.removed.add(cut.pair)
        self._renew(cut.importer)

    def _renew(self, importer: str) -> None:
        """Find the dependencies of a module of the component anew."""
        before = self.edges.get(importer, {})
        statements = self.statements.get(importer)
        if statements is None:
            statements = tuple(found for found in self.analysis.closing if found.importer == importer)
        self.edges[importer] = self._inner_edges(statements)
        if not self.edges[importer].keys() <= before.keys():
            self.cyclic_inside = self.members

    def _inner_edges(self, statements: Iterable[ClassifiedImport]) -> dict[tuple[str, str], None]:
        left = (found for found in statements if found.pair not in self.removed)
        made = self._dependencies(left)
        return {
            (importer, imported): None
            for importer, imported, _ in made
            if importer in self.members and imported in self.members
        }

    def _dependencies(self, statements: Iterable[ClassifiedImport]) -> Iterable[tuple[str, str, ClassifiedImport]]:
        return dependencies_of(self.graph_name, statements, self.analysis.sources.modules, self.by)

    def left_inside(self) -> list[int]:
        """Return the sizes of the components that are left by dependencies between the modules of the plan's."""
        inside = self.cyclic_inside
        edges = (edge for made in self.edges.values() for edge in made if edge[0] in inside and edge[1] in inside)
        found = strongly_connected(edges)
        self.cyclic_inside = frozenset(module for modules in found for module in modules)
        return [len(modules) for modules in found]

    def every(self) -> Iterable[ClassifiedImport]:
        """Yield every import that may lie on a cycle now: a new one may close one with imports that were on none."""
        yield from (found for found in self.analysis.closing if found.importer not in self.texts)
        for statements in self.statements.values():
            yield from statements
        if any(fix.leaves for fixes in self.fixes.values() for fix in fixes):
            known = {found[:4] for found in self.analysis.closing}
            mentions = [found for found in self.analysis.mentions if found.importer not in self.texts]
            pairs = {found.pair for found in mentions}
            pairs |= {found.pair for changed in self.mentions.values() for found in changed}
            possible = set(possibly_cyclic_imports(pairs, self.analysis.sources.modules, self.by))
            more = [found for found in mentions if found not in known and found.pair in possible]
            yield from judge_mentions(more, self.analysis.sources, frozenset(self.analysis.compiled))

    def cyclic(self, statements: Iterable[ClassifiedImport]) -> list[int]:
        """Return the sizes of the components that hold a module of the plan's."""
        left = (found for found in statements if found.pair not in self.removed)
        found = strongly_connected((importer, imported) for importer, imported, _ in self._dependencies(left))
        return [len(modules) for modules in found if not self.members.isdisjoint(modules)]


def _first_imports(
    analysis: Analysis, plan: CutPlan, edited: EditedModules, *, everything: bool
) -> tuple[tuple[FirstImport, ...], int | None]:
    """Return the modules of the component that still fail, or may, and how many were simulated: None where none was."""
    if edited.by:
        return (), None
    entries = [name for name in plan.component.modules if name.rpartition(".")[2] != "__main__"]
    if edited.graph_name is not GraphName.IMPORT_TIME or edited.steps < len(plan.steps):
        return (), None
    if (
        not everything
        and len(reached_by_imports(analysis.mentions, analysis.sources.modules, entries)) > REPLAY_MODULES
    ):
        return (), None
    after = predicted(analysis, edited.sources, entries)
    return tuple(found for found in after if found.verdict is not Verdict.OK), len(entries)


def crashing_after_each_step(analysis: Analysis, plan: CutPlan, budget: Steps) -> list[tuple[str, ...]]:
    """Return the modules of the component that crash as first imports: now, after the first step, after two, and so on.

    It ends, perhaps before it begins, where a step is no edit, or where more modules would run than the budget has
    steps. What is not known to crash is not among them.
    """
    origin = plan.component.origin
    if origin is None or origin.by or origin.graph_name is not GraphName.IMPORT_TIME:
        return []
    entries = [name for name in plan.component.modules if name.rpartition(".")[2] != "__main__"]
    each = len(reached_by_imports(analysis.mentions, analysis.sources.modules, entries))
    edited = EditedModules(analysis, plan)
    found: list[tuple[str, ...]] = []
    while each <= budget.left:
        budget.take(each)
        entered = predicted(analysis, edited.sources, entries)
        found.append(tuple(entry.module for entry in entered if entry.verdict is Verdict.CRASH))
        if len(found) > len(plan.steps) or edited.make(plan.cuts[len(found) - 1]):
            break
    return found


def replayed_hoists(
    analysis: Analysis, plans: Sequence[CutPlan], hoists: Sequence[HoistableImport], budget: Steps
) -> tuple[HoistableImport, ...]:
    """Return imports to hoist without those by which a first import of the package newly fails, or is unknown.

    They are made in memory at the end of the imports at the top of their modules: those that could move already in
    the modules as they are, then all of them once the plans are made. Each that breaks something is found by
    bisection. Beyond the budget of first imports, and where a step of a plan is no edit, they are not replayed.
    """
    hoisting = _Hoisting(analysis, budget)
    planned: dict[str, str] | None = {}
    for plan in plans:
        edited = EditedModules(analysis, plan)
        planned = None if planned is None or any(map(edited.make, plan.cuts)) else planned | edited.texts
    already = hoisting.kept({}, [hoist for hoist in hoists if hoist.already])
    kept = {hoist.place for hoist in already}
    left = [hoist for hoist in hoists if not hoist.already or hoist.place in kept]
    if planned is None or (len(left) == len(already) and not plans):
        return tuple(next((one for one in already if one.place == hoist.place), hoist) for hoist in left)
    return tuple(hoisting.kept(planned, left))


@dataclass(frozen=True, slots=True)
class _Hoisting:
    """Imports moved to the top of modules in memory."""

    analysis: Analysis
    budget: Steps

    def kept(self, texts: Mapping[str, str], hoists: Sequence[HoistableImport]) -> list[HoistableImport]:
        """Return those by which, together, no first import newly fails or is unknown; as they are beyond the budget."""
        left = list(hoists)
        if not left:
            return left
        fine = self._importable(texts, ())
        while fine is not None:
            known, breaking = 0, len(left)
            if (now := self._importable(texts, left)) is None:
                break
            if fine <= now:
                return [replace(hoist, replayed=True) for hoist in left]
            while breaking - known > 1:
                middle = (known + breaking) // 2
                now = self._importable(texts, left[:middle])
                known, breaking = (middle, breaking) if now is not None and fine <= now else (known, middle)
            del left[breaking - 1]
        return [replace(hoist, replayed=False) for hoist in left]

    def _importable(self, texts: Mapping[str, str], hoists: Sequence[HoistableImport]) -> frozenset[str] | None:
        """Return the modules of the package that can be imported first; None beyond the budget."""
        analysis = self.analysis
        entries = [file.name for file in analysis.files if analysis.holds(file.name)]
        entries = [name for name in entries if name.rpartition(".")[2] != "__main__"]
        if len(entries) > self.budget.left:
            return None
        self.budget.take(len(entries))
        changed = dict(texts)
        for hoist in hoists:
            written = analysis.sources.file(hoist.importer).imports_on(hoist.line_number)
            text = changed.get(hoist.importer, analysis.sources.file(hoist.importer).text)
            changed[hoist.importer] = _with_imports(text, written)
        found = predicted(analysis, analysis.sources.replace_texts(changed), entries)
        return frozenset(entry.module for entry in found if entry.verdict is Verdict.OK)


def _with_imports(text: str, statements: Iterable[ast.stmt]) -> str:
    """Return the text of a module with imports behind those at its top."""
    last = 0
    for place, statement in enumerate(parse_with_lazy(text)[0].body):
        is_docstring = not place and isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
        if not is_docstring and not isinstance(statement, ast.Import | ast.ImportFrom):
            break
        last = statement.end_lineno or statement.lineno
    # At line feeds only: `splitlines` also ends lines at form feeds, which the tree does not count.
    lines = text.split("\n")
    new = [ast.unparse(statement) for statement in statements]
    return "\n".join([*lines[:last], *new, *lines[last:]])


def predicted(analysis: Analysis, sources: SourceCache, entries: Sequence[str]) -> list[FirstImport]:
    """Predict what becomes of some modules as first imports, from the texts of `sources`."""
    known = library_as_is(analysis.sources, analysis.compiled, analysis.project)
    changed = [
        name for name in known.files if name in sources.modules and sources.file(name) != known.sources.file(name)
    ]
    # What is lowered of files as they are serves all that are edited.
    predictor = Predictor(known if sources is known.sources else known.edited(sources, changed))
    found = [prediction.entry for prediction in predictor.predict(entries)]
    predictor.forget()
    return found
