"""Compare the cycles of packages now with those before: worse, better or the same, and by which imports."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from cycles.check.closing_imports import Blame, cheapest_of
from cycles.check.component_ancestry import Origins, events, families, find_origins, has_changed, of_groups
from cycles.check.findings import Before, Change, ChangedDependency, ComponentEvent, GraphChange, Standing
from cycles.enums import GraphName, Outcome, Presence
from cycles.graph.build import holds
from cycles.make_analysis import BareComponent, bare_components, bounds_of, described
from cycles.model import Analysis, CutBound, Dependency
from cycles.source.file_text import relative_path
from cycles.source.import_kinds import judge_mentions
from cycles.source.import_values import Skipped
from cycles.source.module_names import Pair, Words, as_words


def check(analysis: Analysis, graphs: Sequence[GraphName]) -> Change:
    """Find the cycles of some graphs: one finding a component, the easiest import to cut on its shortest cycle."""
    changes = []
    for graph in graphs:
        bare = bare_components(analysis, graph)
        bounds = bounds_of(bare)
        now = standing(bare, bounds)
        outcome = Outcome.WORSE if bare else Outcome.SAME
        found = cheapest_of(analysis, graph, bare, bounds)
        changes.append(GraphChange(graph, None, now, outcome, now.modules, (), (), found, ()))
    return Change(analysis, Before("nothing"), tuple(changes), unread=unread(analysis))


def compare(
    before: Analysis,
    now: Analysis,
    *,
    graphs: Words = GraphName.IMPORT_TIME,
    renamed: Mapping[str, str] | None = None,
    strict: bool = False,
    differences: bool = False,
) -> Change:
    """Say what became of the import cycles of packages between two analyses.

    A change makes a graph worse where a module is newly on a cycle, or where more cuts are proven to be needed. A
    module that was renamed, or split off one that was on a cycle, is not newly on one.

    Args:
        before: the packages as they were.
        now: the packages as they are.
        graphs: the graphs to compare.
        renamed: the names before of modules that were renamed (now: before); by default those are taken for renamed
            whose texts have at least half of their lines in common.
        strict: whether an added import on a cycle is an error even where it makes nothing worse.
        differences: whether to say of each dependency on a cycle what became of it.

    Raises:
        ValueError: where no graph has such a name.

    """
    wanted = list(map(GraphName, as_words(graphs)))
    bare = {graph: (bare_components(before, graph), bare_components(now, graph)) for graph in wanted}
    was_cyclic = {name for found, _ in bare.values() for one in found for name in _modules_of(one, before)}
    cyclic = {name for _, found in bare.values() for one in found for name in _modules_of(one, now)}
    origins, same = find_origins(before, now, renamed, was_cyclic=was_cyclic, cyclic=cyclic)
    nodes = origins
    if before.by is not None and now.by is not None:
        nodes = of_groups(origins, before.by, now.by, _names(before), _names(now))
    then = _Then(before, now, origins, nodes)
    changes = [_graph_change(then, graph, *bare[graph], strict=strict) for graph in wanted]
    if differences:
        changes = [replace(found, difference=then.difference(found.graph, *bare[found.graph])) for found in changes]
    return Change(
        analysis=now,
        before=Before("revision"),
        graphs=tuple(changes),
        renamed=tuple(sorted((old, name) for name, old in same.items())),
        strict=strict,
    )


def _modules_of(one: BareComponent, analysis: Analysis) -> Collection[str]:
    """Return the modules on cycles; of groups of modules, those whose imports link them."""
    if analysis.by is None:
        return one.modules
    return {name for _, _, made in one.made for name in made.pair}


def _names(analysis: Analysis) -> list[str]:
    return [file.name for file in analysis.files]


def unread(analysis: Analysis, same: Collection[str] = ()) -> tuple[Skipped, ...]:
    """Return the files that an import can reach and that could not be read, but for those that are the `same`."""
    project = Path(analysis.project)
    reached = {relative_path(file.path, project) for file in analysis.files if file.path not in same}
    return tuple(skipped for skipped in analysis.skipped if skipped.path in reached)


def standing(bare: Sequence[BareComponent], bounds: Sequence[CutBound]) -> Standing:
    """Return how cyclic a graph with these components is."""
    return Standing(
        modules=tuple(sorted(module for one in bare for module in one.modules)),
        components=tuple(one.modules for one in bare),
        cuts=CutBound(sum(bound.size for bound in bounds), sum(bound.lower_bound for bound in bounds)),
    )


@dataclass(frozen=True, slots=True)
class _Then:
    """What is known of the packages before, asked by the names of now."""

    before: Analysis
    now: Analysis
    origins: Origins
    nodes: Origins
    """What the nodes of a graph continue: modules, or groups of these."""

    def added(self, bare: Sequence[BareComponent], graph: GraphName) -> frozenset[Pair]:
        """Return the imports on cycles that the change added: no import of the same modules was in the graph before."""
        pairs = {pair for one in bare for pair in one.pairs()}
        return self.new(graph, {(importer, imported) for importer, imported in pairs if self.touched(importer)})

    def new(self, graph: GraphName, pairs: Collection[Pair]) -> frozenset[Pair]:
        """Return those of some imports that were not in a graph before, written by the change or not."""
        return frozenset(pairs).difference(self._had(pairs, graph))

    def touched(self, module: str) -> bool:
        """Whether the change touched the file of a module."""
        return all(has_changed(self.before, self.now, module, old) for old in self.origins.of(module))

    def difference(
        self, graph: GraphName, before: Sequence[BareComponent], now: Sequence[BareComponent]
    ) -> tuple[ChangedDependency, ...]:
        """Return the dependencies on cycles before or now, and what became of each."""
        heirs = {old: found[0] for old, found in self.heirs().items()}

        def now_named(importer: str, imported: str) -> Pair:
            return heirs.get(importer, importer), heirs.get(imported, imported)

        today = {edge.pair: edge for edge in _edges(self.now, graph, now)}
        then = {now_named(*edge.pair): edge for edge in _edges(self.before, graph, before)}
        only_now = {pair for ends in today.keys() - then.keys() for pair in today[ends].causes}
        only_then = {pair for ends in then.keys() - today.keys() for pair in then[ends].causes}
        had = self._had(only_now, graph)
        there = _holding(self.now, graph, {now_named(*pair) for pair in only_then})
        still = {pair for pair in only_then if now_named(*pair) in there}
        found = []
        for ends in sorted(today.keys() | then.keys()):
            edge = today.get(ends) or then[ends]
            if ends in today:
                kept = ends in then or not had.isdisjoint(edge.causes)
                presence = Presence.KEPT if kept else Presence.NEW
            else:
                presence = Presence.GONE if still.isdisjoint(edge.causes) else Presence.KEPT
            found.append(ChangedDependency(*ends, edge.implied, presence, edge.imports))
        return tuple(found)

    def heirs(self) -> dict[str, list[str]]:
        """Return what continues each node of before: modules, or groups of these."""
        found: dict[str, list[str]] = defaultdict(list)
        names = _names(self.now)
        for node in names if self.now.by is None else self.now.by.groups(names):
            for old in self.nodes.of(node):
                found[old].append(node)
        return found

    def _had(self, pairs: Collection[Pair], graph: GraphName) -> set[Pair]:
        """Return those imports that were in a graph before, maybe between modules of other names."""
        asked = {pair: set(self._then(*pair)) for pair in pairs}
        made = _holding(self.before, graph, {old for olds in asked.values() for old in olds})
        return {pair for pair, olds in asked.items() if not olds.isdisjoint(made)}

    def _then(self, importer: str, imported: str) -> Iterator[Pair]:
        for old in self.origins.of(importer):
            for target in self.origins.of(imported) or (imported,):
                yield old, target


def _edges(analysis: Analysis, graph: GraphName, bare: Sequence[BareComponent]) -> Iterator[Dependency]:
    for component in described(analysis, graph, bare):
        yield from component.dependencies


def _holding(analysis: Analysis, graph: GraphName, pairs: Collection[Pair]) -> set[Pair]:
    """Return those of some imports that are in a graph of an analysis."""
    relevant = [found for found in analysis.mentions if found.pair in pairs]
    judged = judge_mentions(relevant, analysis.sources, analysis.compiled)
    return {found.pair for found in judged if holds(graph, found)}


def _graph_change(
    then: _Then, graph: GraphName, before: Sequence[BareComponent], now: Sequence[BareComponent], *, strict: bool
) -> GraphChange:
    was_bounds, bounds = bounds_of(before), bounds_of(now)
    was, origins = standing(before, was_bounds), then.nodes
    components = [one.modules for one in before]
    heirs = then.heirs()
    cyclic = {module for one in now for module in one.modules}
    free = [old for old in was.modules if cyclic.isdisjoint(heirs.get(old, ()))]
    grown = [
        new
        for news, olds in families([one.modules for one in now], components, origins)
        if sum(bounds[number].size for number in news) > sum(was_bounds[old].size for old in olds)
        for new in news
    ]
    blame = Blame(then.now, graph, now, bounds, then.added(now, graph), then.touched, partial(then.new, graph))
    return judge(
        blame,
        was,
        standing(now, bounds),
        origins,
        grown=grown,
        freed={old if old in heirs[old] else heirs[old][0] for old in free if old in heirs},
        deleted=[old for old in free if old not in heirs],
        events=events(components, [one.modules for one in now], origins),
        strict=strict,
    )


def judge(  # noqa: PLR0913  what is known of before and of now
    blame: Blame,
    was: Standing,
    now: Standing,
    origins: Origins,
    *,
    grown: Collection[int],
    freed: Collection[str],
    deleted: Sequence[str],
    events: tuple[ComponentEvent, ...] = (),
    strict: bool = False,
) -> GraphChange:
    """Judge what became of a graph.

    It is worse where a module is newly on a cycle, or where more cuts are needed and both numbers are proven: a bound
    may rise because a search ended earlier.

    Args:
        blame: the components now, and their imports.
        was: how cyclic the graph was.
        now: how cyclic it is.
        origins: which modules of before those of now continue.
        grown: the places of the components that need more cuts than those that they come from.
        freed: the modules of now that were on a cycle before, on a cycle or not.
        deleted: the modules of before that were on a cycle and are gone.
        events: what became of the components.
        strict: whether an added import on a cycle is an error even where it makes nothing worse.

    """

    def still_newly(cyclic: Collection[str]) -> tuple[str, ...]:
        return tuple(sorted(name for name in cyclic if before.isdisjoint(origins.of(name))))

    before = frozenset(was.modules)
    newly = still_newly(now.modules)
    more = was.cuts.proven and now.cuts.proven and now.cuts.size > was.cuts.size
    fewer = now.cuts.size < was.cuts.lower_bound
    free = tuple(sorted(set(freed).difference(now.modules)))
    worse = bool(newly) or more
    most = was.cuts.size if more else None
    at_fault = blame.at_fault(newly, grown if more else (), still_newly, most) if worse else frozenset()
    better = Outcome.BETTER if free or deleted or fewer else Outcome.SAME
    return GraphChange(
        graph=blame.graph,
        before=was,
        now=now,
        outcome=Outcome.WORSE if worse else better,
        newly=newly,
        freed=free,
        deleted=tuple(deleted),
        findings=blame.findings(at_fault, strict=strict),
        events=events,
    )
