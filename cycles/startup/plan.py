"""Plan the statements to cut so that ENTRY does not load some distributions, and try the plan before anybody edits."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import cache

from cycles.enums import Feasibility
from cycles.errors import NotLoadedError
from cycles.fixes.edits import RefusedError, edits_of
from cycles.limits import STARTUP_ROUNDS, STARTUP_UNMASKED
from cycles.model import CutFix, Edit
from cycles.source.file_text import UnreadableError
from cycles.source.first_party import mentioned
from cycles.source.import_statements import items_by_module
from cycles.source.import_values import FunctionPlace
from cycles.source.module_names import matching
from cycles.startup.installed_distributions import normalized
from cycles.startup.loaded_graph import Ground, Loaded, reached
from cycles.startup.simulated_trial import Trial, try_out, unmasked
from cycles.startup.startup_values import (
    Chain,
    Goal,
    LoadEdge,
    Obstacle,
    StartupPlan,
    StartupReport,
    StartupStep,
    Statement,
)
from cycles.startup.statement_costs import Judge, is_edit, is_move, price
from cycles.startup.statement_cut import Cost, CutProblem, Loads, Place, SmallestCut

_SHOWN = 5
_ONE = 1_000_000
"""More than all prices of a plan: what is counted first, before what each costs."""


class Planner:
    """Plans for one ENTRY; what was judged and tried serves all of them."""

    def __init__(
        self, ground: Ground, report: StartupReport, loaded: Loaded, keep: Sequence[tuple[str, str]] = ()
    ) -> None:
        """`keep` are pairs of importer and imported that must stay, as patterns."""
        self.ground, self.report, self.loaded, self.keep = ground, report, loaded, keep
        # The questions that were asked last, with what was seen while plans were tried: other goals ask them too.
        self._asked: dict[tuple[str, ...], _Question] = {}

    def distributions(self, asked: Iterable[str]) -> tuple[str, ...]:
        """Return the distributions that are asked for by their names, or by those of modules; raises CyclesError."""
        known = {normalized(row.name): row.name for row in self.report.distributions}
        found: dict[str, None] = {}
        for name in asked:
            if normalized(name) in known:
                found[known[normalized(name)]] = None
                continue
            owners = {row.name for row in self.report.distributions if name in self._tops(row.name)}
            if not owners:
                others = ", ".join(row.name for row in self.report.distributions[:_SHOWN])
                others += " and others" if len(self.report.distributions) > _SHOWN else ""
                raise NotLoadedError(self.report.entry.text, name, others, is_known=self._is_known(name))
            found.update(dict.fromkeys(sorted(owners)))
        return tuple(sorted(found))

    def plan(
        self,
        without: Sequence[str],
        goal: Goal,
        *,
        tried: bool = True,
        progress: Callable[[str], None] = lambda _: None,
    ) -> StartupPlan:
        """Return the best plan for a goal; where what is to go is still loaded with its edits made, the next best."""
        targets = {module.name for module in self.loaded.modules if module.distribution in without}
        for _ in range(STARTUP_ROUNDS):
            progress("looking for the fewest statements")
            question = self._asked.get(tuple(without)) or _Question(self, targets, self.loaded.edges)
            self._asked[tuple(without)] = question
            cut = question.solve(goal)
            if cut is None:
                return question.impossible(without, goal, tried=tried)
            plan = question.as_plan(without, goal, cut)
            if not tried or not plan.steps:
                return plan
            progress("trying the plan in memory")
            trial = try_out(self.ground, self.loaded, plan, without)
            plan = replace(plan, replay=trial.replay)
            more = _unforeseen(plan, trial, question.edges) if trial.replay.still else ()
            if not more:
                return plan
            self._asked[tuple(without)] = _Question(self, targets, (*question.edges, *more))
        return plan

    def is_kept(self, statement: Statement) -> bool:
        """Whether a statement must stay."""
        pairs = [(statement.importer, imported) for imported in statement.imports]
        return any(matching(pairs, pattern) for pattern in self.keep)

    def _is_known(self, name: str) -> bool:
        """Whether a distribution is installed, or a module of the project imports what has its name."""
        environment = self.ground.environment
        if environment.version_of(name) is not None or environment.find(name) is not None:
            return True
        spelled = {name.encode()}
        for module in self.ground.sources.modules:
            with suppress(UnreadableError):
                if mentioned(self.ground.sources.file(module).data, spelled):
                    return True
        return False

    def _tops(self, distribution: str) -> Collection[str]:
        return self.ground.environment.modules_of(distribution)


class _Question:
    """One set of modules that is to go, and the graph as far as it is known."""

    def __init__(self, planner: Planner, targets: Collection[str], edges: Iterable[LoadEdge]) -> None:
        self.planner = planner
        self.ground, self.loaded = planner.ground, planner.loaded
        self.edges = list(edges)
        self.targets = targets
        self._items = cache(self._read_items)
        self.loads = Loads(self.edges, self.ground.is_own)
        self.problem = CutProblem(self.loads, targets)
        self.today = frozenset(self.loaded.edges)
        self.judge = self._judge()
        self.judged: set[Place] = set()
        self._add_detours()

    def _judge(self) -> Judge:
        named: dict[Place, set[str]] = defaultdict(set)
        for place, edges in self.problem.statements.items():
            if self._may_be_cut(place):
                named[place].update(edge.named for edge in edges)
        return Judge(self.ground, self.loaded, named)

    def _may_be_cut(self, place: Place) -> bool:
        statement = self.loaded.statements.get(place)
        return (
            statement is not None
            and statement.own
            and not statement.function
            and place[0] in self.ground.sources.modules
            and not self.planner.is_kept(statement)
        )

    def _add_detours(self) -> None:
        """Add what those load who take names from a module that could make them lazy: the way changes, and stays."""
        detours: list[LoadEdge] = []
        importers: dict[str, list[LoadEdge]] = defaultdict(list)
        for edge in self.edges:
            if edge.statement and edge.statement[0] == edge.importer and self.ground.is_own(edge.importer):
                importers[edge.imported].append(edge)
        for place, edges in self.problem.statements.items():
            if place not in self.judge.statements or place[0] not in importers:
                continue
            bound = self._bound(place)
            for taking in importers[place[0]]:
                if taking.statement and not bound.isdisjoint(self._taken(taking.statement, place[0])):
                    detours += [
                        LoadEdge(taking.importer, edge.imported, taking.named, taking.statement, taking.certain)
                        for edge in edges
                        if edge.imported != taking.importer
                    ]
        known = set(self.edges)
        new = [edge for edge in detours if edge not in known]
        if new:
            self.edges += new
            self.loads = Loads(self.edges, self.ground.is_own)
            self.problem = CutProblem(self.loads, self.targets)
            self.judge = self._judge()

    def _bound(self, place: Place) -> set[str]:
        """Return the names that the statements on a line bind."""
        return {name for items in self._items(place).values() for name in items[1]}

    def _taken(self, place: Place, module: str) -> set[str]:
        """Return the names that the statements on a line take of a module."""
        items = self._items(place).get(module)
        return set(items[0]) if items else set()

    def _read_items(self, place: Place) -> dict[str, tuple[list[str], list[str]]]:
        file = self.ground.sources.file(place[0])
        try:
            found = items_by_module(file.imports_on(place[1]), file.module, self.ground.sources.modules)
        except UnreadableError:
            return {}
        return {
            module: ([item.name for item in items if item.name], [item.bound for item in items])
            for module, items in found.items()
        }

    def solve(self, goal: Goal) -> SmallestCut | None:
        """Return the best cut for a goal: only those statements are judged that one of the cuts on the way has."""
        return self._judged_until(self.problem, self._cost(goal))

    def _judged_until(self, problem: CutProblem, cost: Cost) -> SmallestCut | None:
        """Return the best cut by what statements cost, where the statements of one that is found are judged in turn."""
        while True:
            found = problem.smallest(cost)
            new = set(found.statements) - self.judged if found else set()
            if not new:
                return found
            self.judged |= new

    def _cost(self, goal: Goal, *, alike: bool = False) -> Cost:
        """Return what statements cost for a goal, or 1 where those that may be cut count `alike`."""

        def cost(place: Place) -> int | None:
            if place not in self.judge.statements:
                return None
            # What is not judged yet may be as easy as anything.
            paid = self._price(place, goal) if place in self.judged else 0
            if paid is None or alike:
                return None if paid is None else 1
            return paid * _ONE + 1 if goal is Goal.CHEAPEST else _ONE + paid

        return cost

    def _price(self, place: Place, goal: Goal) -> int | None:
        fix = self.judge.fix(place)
        return None if goal is Goal.DEFERRALS and not is_move(fix) else price(fix)

    def _proof(self, goal: Goal) -> SmallestCut | None:
        """Return the fewest statements that may be cut, with as many chains that share none of them."""
        self._judged_until(self.problem, self._cost(goal, alike=True))
        return self.problem.smallest(self._cost(goal, alike=True), chains=True)

    def as_plan(self, without: Sequence[str], goal: Goal, cut: SmallestCut) -> StartupPlan:
        """Return a cut as a plan, with its proof."""
        proof = self._proof(goal)
        places = set(cut.statements)
        left = reached(edge for edge in self.edges if not self._is_cut(edge, places))
        gone = [module for module in self.loaded.modules if module.name not in left]
        there = {module.distribution for module in self.loaded.modules if module.name in left}
        return StartupPlan(
            without=tuple(without),
            goal=goal,
            steps=tuple(sorted((self._step(place, places) for place in places), key=_nearness)),
            lower_bound=proof.cost if proof else len(places),
            proof=proof.chains if proof else (),
            gone=tuple(sorted({module.distribution for module in gone if not module.own} - there)),
            gone_modules=len(gone),
            gone_size=sum(module.size for module in gone),
        )

    def _is_cut(self, edge: LoadEdge, places: Collection[Place]) -> bool:
        if edge.statement not in places or edge.importer != edge.statement[0]:  # type: ignore[index]  # it is in places
            return False
        return edge.named in self.judge.statements[edge.statement]  # type: ignore[index]

    def _chain(self, place: Place, others: Collection[Place]) -> Chain:
        """Return a shortest chain to what is to go through one statement, and through none of some others.

        It is one of today: what only a trial has shown is on it where there is no other.
        """
        importer = place[0]

        def through(known: Collection[LoadEdge]) -> Chain | None:
            def usable(edge: LoadEdge) -> bool:
                return edge in known and (edge.statement not in others or edge.statement == place)

            def onwards(edge: LoadEdge) -> bool:
                return usable(edge) and (edge.importer != importer or edge.statement == place)

            before = self.problem.shortest_chain(usable, end=importer)
            after = self.problem.shortest_chain(onwards, start=importer)
            if before is None or after is None:
                return None
            return Chain((*before.modules, *after.modules[1:]), (*before.statements, *after.statements))

        return through(self.today) or through(self.problem.edges) or Chain(("", importer), (None,))

    def _step(self, place: Place, places: Collection[Place]) -> StartupStep:
        fix = self.judge.fix(place)
        statement = self.loaded.statements[place]
        named = self.judge.statements[place]
        functions = {function for name in fix.names for function in name.functions} if is_edit(fix) else set()
        component = next(
            (
                found.number
                for found in self.ground.analysis.components
                if place[0] in found.modules and not named.isdisjoint(found.modules)  # type: ignore[attr-defined]
            ),
            None,
        )
        return StartupStep(
            statement=statement,
            fix=fix,
            chain=self._chain(place, set(places) - {place}),
            first_call=_by_line(functions),
            component=component,
            edits=self._edits(fix) if is_edit(fix) else (),
        )

    def _edits(self, fix: CutFix) -> tuple[Edit, ...]:
        try:
            return edits_of([fix], self.judge.sources.modules, self.judge.sources.project)
        except RefusedError:
            return ()

    def impossible(self, without: Sequence[str], goal: Goal, *, tried: bool) -> StartupPlan:
        """Return why there is no plan: for each distribution by itself, a chain of which nothing can be cut.

        `tried`: statements on cycles are left out in turn, to see what that would unmask.
        """
        obstacles: list[Obstacle] = []
        for distribution in without:
            targets = {module.name for module in self.loaded.modules if module.distribution == distribution}
            problem = CutProblem(self.loads, targets)
            if self._judged_until(problem, self._cost(goal, alike=True)) is None:
                chain = problem.uncuttable(self._cost(goal, alike=True))
                assert chain is not None  # noqa: S101  else there would be a cut
                obstacle = self._obstacle(distribution, chain)
                obstacles.append(self._with_unmasked(obstacle) if tried and not self.loaded.failure else obstacle)
        return StartupPlan(tuple(without), goal, (), 0, (), (), 0, 0, tuple(obstacles))

    def _obstacle(self, distribution: str, chain: Chain) -> Obstacle:
        in_the_way: list[tuple[Statement, CutFix]] = []
        for place in chain.statements:
            statement = self.loaded.statements.get(place) if place else None
            if statement is not None and statement.own and place is not None:
                in_the_way.append((statement, self._reason(place, statement)))
        last = next((name for name in chain.modules if name and not self.ground.is_own(name)), "")
        holder = self.ground.environment.distribution_of(last) if last else ""
        return Obstacle(distribution, chain, tuple(in_the_way), holder if holder != distribution else "")

    def _with_unmasked(self, obstacle: Obstacle) -> Obstacle:
        """Say which of the statements in the way hide a crash: whoever thinks of deferring one by hand must know."""
        members = {module for component in self.ground.analysis.components for module in component.modules}
        places = [
            (number, (statement.importer, statement.line_number))
            for number, (statement, _) in enumerate(obstacle.statements)
            if statement.importer in members and not statement.function
        ]
        for number, place in places[:STARTUP_UNMASKED]:
            # One crash is warning enough: a simulation of all takes as long as the report.
            if failure := unmasked(self.ground, place):
                return replace(obstacle, unmasks=((number, failure),))
        return obstacle

    def _reason(self, place: Place, statement: Statement) -> CutFix:
        if place in self.judge.statements:
            return self.judge.fix(place)
        what = "it is to be kept" if self.planner.is_kept(statement) else f"{statement.function}() runs on import"
        return CutFix(Feasibility.STRUCTURAL, statement.path, statement.line_number, what)


def _nearness(step: StartupStep) -> tuple[object, ...]:
    """Steps on short chains come first."""
    return len(step.chain.modules), step.statement.importer, step.statement.line_number


def _by_line(functions: Iterable[FunctionPlace]) -> tuple[FunctionPlace, ...]:
    return tuple(sorted(functions, key=lambda function: (function.line_number, function.function)))


def _unforeseen(plan: StartupPlan, trial: Trial, edges: Iterable[LoadEdge]) -> tuple[LoadEdge, ...]:
    """Return the loads that were seen with a plan made, and that the graph lacks: they explain what is still loaded.

    In an edited module lines have moved: what its functions import cannot be cut, the rest was there before.
    """
    edited = {step.statement.importer for step in plan.steps}
    known = set(edges)
    found: list[LoadEdge] = []
    for edge in trial.loaded.edges:
        if edge.statement is None or edge.statement[0] not in edited:
            if edge not in known:
                found.append(edge)
        elif trial.loaded.statements[edge.statement].function:
            found.append(LoadEdge(edge.importer, edge.imported, edge.named, None, edge.certain))
    return tuple(edge for edge in found if edge not in known)
