"""How each statement that a plan may cut could be made, and what that costs: judged only where a plan asks."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from cycles.enums import MOVED, Feasibility, Form, GraphName
from cycles.fixes.cut_fixes import Sources, first_runs_of, fix_of, sources_of
from cycles.fixes.import_time.runs_on_import import FirstRuns
from cycles.fixes.judge_import import verdicts_on
from cycles.fixes.make_lazy import Lazily
from cycles.fixes.name_users import NameUsers
from cycles.limits import Steps
from cycles.model import CutFix, Origin
from cycles.source.import_kinds import describe_judged, judge_mentions
from cycles.source.import_values import Import, RawImport
from cycles.startup.loaded_graph import Ground, Loaded
from cycles.startup.statement_cut import Place

_PRICES = {
    Feasibility.UNUSED: 1,
    Feasibility.TYPE_ONLY: 2,
    Feasibility.DEFERRABLE: 3,
    Feasibility.ANNOTATION: 40,
    Feasibility.LAZY: 60,
    Feasibility.CONDITIONAL: 120,
    Feasibility.REEXPORT: 200,
    Feasibility.REGISTRATION: 200,
}
"""What is worth how much work: all others cannot be cut. A change of code is worth forty moved statements or more."""


def price(fix: CutFix) -> int | None:
    """Return what it costs to cut a statement; None where it cannot be cut."""
    return _PRICES.get(fix.feasibility)


def is_move(fix: CutFix) -> bool:
    """Whether a statement is cut by removing or moving it, or by the word `lazy`."""
    by_getattr = any(name.feasibility is Feasibility.LAZY and name.typed for name in fix.names)
    return is_edit(fix) and not by_getattr


def is_edit(fix: CutFix) -> bool:
    """Whether edits of imports and annotations cut a statement."""
    return fix.feasibility in (*MOVED, Feasibility.LAZY) and bool(fix.names)


def origin_of(ground: Ground) -> Origin:
    """Return what was read to say how statements of an entry can be cut: with the modules that only it has."""
    analysis = ground.analysis
    return Origin(
        GraphName.IMPORT_TIME, ground.sources, analysis.mentions, analysis.project, compiled=analysis.compiled
    )


@dataclass
class Judge:
    """Judges the statements through which ENTRY reaches what is to go.

    Attributes:
        ground: the modules.
        loaded: what runs when ENTRY is imported.
        statements: those that may be asked about, each with the modules that it names and that lead to what is to go.
        followed: whether functions are followed that run on import; else nothing is known to, which takes no time.
    """

    ground: Ground
    loaded: Loaded
    statements: Mapping[Place, Collection[str]]
    followed: bool = True
    _fixes: dict[Place, CutFix] = field(default_factory=dict)

    def fix(self, place: Place) -> CutFix:
        """Return how a statement can be cut, as far as it names what leads to what is to go."""
        if place not in self._fixes:
            graph, modules = GraphName.IMPORT_TIME, self.sources.modules
            verdicts = [
                verdict
                for found in self.imports[place]
                for verdict in self._lazily.judged(
                    verdicts_on(found, graph, modules, self._takers, self._first_runs), found.imported
                )
            ]
            self._fixes[place] = fix_of(verdicts, self.sources)
        return self._fixes[place]

    @cached_property
    def sources(self) -> Sources:
        """What judging reads."""
        return sources_of(origin_of(self.ground))

    @cached_property
    def imports(self) -> dict[Place, tuple[Import, ...]]:
        """The statements as imports: one for each module that they name."""
        mentions = [
            RawImport(importer, named, line_number, self._form(importer, line_number))
            for (importer, line_number), names in sorted(self.statements.items())
            for named in sorted(names)
        ]
        judged = judge_mentions(mentions, self.ground.sources, frozenset(self.ground.analysis.compiled))
        found: dict[Place, list[Import]] = {}
        for one in describe_judged(judged, self.ground.sources, self.sources.paths):
            found.setdefault((one.importer, one.line_number), []).append(one)
        return {place: tuple(imports) for place, imports in found.items()}

    @cached_property
    def _takers(self) -> NameUsers:
        every: Iterable[Import] = (one for imports in self.imports.values() for one in imports)
        return self.sources.users_of(every)

    @cached_property
    def _lazily(self) -> Lazily:
        # Who asks for a name at once, and so loads what it stands for, is on the graph of loads: no plan forgets it.
        return Lazily({}, self.sources.modules, self._takers, self._first_runs)

    @cached_property
    def _first_runs(self) -> FirstRuns:
        if not self.followed:
            return FirstRuns(self.sources.modules, (), self.sources.configured, Steps(-1), whole=False)
        running: Sequence[str] = [
            module.name for module in self.loaded.modules if module.own and module.name in self.ground.sources.modules
        ]
        return first_runs_of(running, self.sources)

    def _form(self, importer: str, line_number: int) -> Form:
        return Form.PLAIN if self.ground.sources.file(importer).imports_on(line_number) else Form.DYNAMIC
