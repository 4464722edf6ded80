"""The cycles between groups of modules: what each direction costs, the plan of cuts, the layers that it leaves."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from cycles.api import chain_between, costs_of, detail_of, fixes_of, replay_plan, with_fixes
from cycles.cuts import plan_cuts, uncounted
from cycles.errors import CyclesError
from cycles.find_in_analysis import whole_name
from cycles.graph.build import group_graph, possible_dependencies
from cycles.grouping import Grouping
from cycles.limits import GROUP_FIXES, GROUP_FOLLOWED_BYTES
from cycles.make_analysis import graph_of
from cycles.model import (
    FEWEST,
    Analysis,
    Component,
    Cut,
    CutFix,
    CutPlan,
    CutRequest,
    Dependency,
    DependencyDetail,
    ImportChain,
)
from cycles.source.import_kinds import judge_mentions
from cycles.source.module_names import Pair, matching


@dataclass(frozen=True, slots=True)
class GroupPair:
    """Two groups, and how many imports lead from one to the other and back, counted as cuts."""

    one: str
    other: str
    imports: int
    back: int


@dataclass(frozen=True, slots=True)
class GroupPlan:
    """How to take a component of groups apart.

    Attributes:
        plan: as for modules, but that no cycles are counted, and that only the first cuts say how they can be made.
        pairs: the groups that import each other directly, what is cheapest to part first.
        layers: the groups as the plan leaves them, the top layer first: none depends on one above, or beside it.
    """

    plan: CutPlan
    pairs: tuple[GroupPair, ...]
    layers: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class LayerCuts:
    """What goes against an order of layers.

    Attributes:
        layers: the groups, the top layer first.
        dependencies: those that lead up, sorted.
        cuts: what makes them: each import of a module by one of a layer below.
        others: how many groups are in no layer.
    """

    layers: tuple[str, ...]
    dependencies: tuple[Dependency, ...]
    cuts: tuple[Cut, ...]
    others: int


def grouping_in(analysis: Analysis) -> Grouping:
    """Return how the modules of an analysis are grouped; raises ValueError where they are not."""
    if analysis.by is None:
        raise ValueError("the analysis has no groups: analyze(…, by=…)")
    return analysis.by


def plan_groups(
    analysis: Analysis,
    components: Sequence[Component],
    request: CutRequest = FEWEST,
    *,
    most_fixes: int = GROUP_FIXES,
    most_bytes: int | None = GROUP_FOLLOWED_BYTES,
) -> tuple[GroupPlan, ...]:
    """Find the fewest cuts that leave no cycle between the groups of components, with their proof and order.

    A pair of the request may also name two groups: all imports of one by the other.
    How a cut can be made is found out for the first `most_fixes` of the plans; where there are no more imports between
    the groups, for all of them, and then the cuts that are easy to make are preferred. Where the groups have more than
    `most_bytes`, what runs on import is followed in the modules at the cuts only, and a doubt says so.
    """
    kept, made = (_of_groups(components, pairs) for pairs in (request.keep, request.cut))
    request, ways = replace(request, keep=kept, cut=made), request.ways
    fixes: dict[Pair, CutFix] = {}
    known: dict[Pair, int] | None = None
    if sum(len(component.statements()) for component in components) <= most_fixes:
        fixes = fixes_of(components, most_bytes=most_bytes, ways=ways)
        known = costs_of(fixes, components, ways)
    while True:
        plans = list(plan_cuts(components, request, fixes=fixes, costs=known, ranked=False))
        every = (step.pair for plan in plans for step in plan.steps)
        wanted = set(islice(every, most_fixes)) - fixes.keys()
        if len(fixes) >= most_fixes or not wanted:
            break
        found = fixes_of(components, wanted, most_bytes=most_bytes, ways=ways)
        fixes |= found
        # A name taken from elsewhere may lead back: then others are cut, and these are looked at too.
        if not any(how.leads_to for how in found.values()):
            break
    return tuple(_group_plan(analysis, plan, fixes, most_fixes) for plan in plans)


def _group_plan(analysis: Analysis, plan: CutPlan, fixes: dict[Pair, CutFix], most_fixes: int) -> GroupPlan:
    plan = replace(plan, ranking=replace(plan.ranking, cuts=with_fixes(plan.ranking.cuts, fixes)))
    if len(plan.steps) <= most_fixes:
        plan = replay_plan(analysis, plan)
    return GroupPlan(plan, pairs_of(plan.component), layers_left(plan.component, plan.cut_set.cuts))


def _of_groups(components: Sequence[Component], pairs: Iterable[Pair]) -> list[Pair]:
    """Return pairs as pairs of modules: where one names two groups, all imports of one by the other."""
    edges = [edge for component in components for edge in component.dependencies]
    ends = [edge.pair for edge in edges]
    found: list[Pair] = []
    for pair in pairs:
        meant = sorted(matching(ends, pair))
        found += [cut for number in meant for cut in sorted(edges[number].causes)] or [pair]
    return found


def pairs_of(component: Component) -> tuple[GroupPair, ...]:
    """Return the groups of a component that import each other directly; those first that fewest imports join."""
    counts = {edge.pair: len(edge.causes) for edge in component.dependencies}
    pairs = [
        GroupPair(*(ends if count <= counts[ends[::-1]] else ends[::-1]), *sorted((count, counts[ends[::-1]])))
        for ends, count in counts.items()
        if ends < ends[::-1] and ends[::-1] in counts
    ]
    return tuple(sorted(pairs, key=lambda pair: (pair.imports, pair.back, pair.one, pair.other)))


def layers_left(component: Component, cuts: Collection[Pair]) -> tuple[tuple[str, ...], ...]:
    """Return the groups of a component in layers once cuts that leave no cycle are made, the top one first.

    A group is as high as the longest chain of dependencies below it.
    """
    below: dict[str, set[str]] = {group: set() for group in component.modules}
    for edge in component.dependencies:
        if not edge.causes <= set(cuts):
            below[edge.importer].add(edge.imported)
    layers: list[tuple[str, ...]] = []
    placed: set[str] = set()
    while len(placed) < len(below):
        layer = tuple(group for group, rest in below.items() if group not in placed and rest <= placed)
        if not layer:
            break
        layers.append(layer)
        placed.update(layer)
    return tuple(reversed(layers))


def against_layers(analysis: Analysis, layers: Sequence[str]) -> LayerCuts:
    """Return every import by which a layer depends on one above it, in the graph of the analysis.

    Args:
        analysis: one whose modules are grouped.
        layers: groups, the top layer first; groups that are not named may import, and be imported by, any other.

    Raises:
        CyclesError: where a layer is no group.
    """
    by = grouping_in(analysis)
    order = [group_named(analysis, words) for words in layers]
    rank_of = {group: place for place, group in enumerate(order)}
    modules = [module.name for module in analysis.files]

    def leads_up(importer: str, imported: str) -> bool:
        ends = by.ends(importer, imported)
        return ends is not None and rank_of.get(ends[0], -1) > rank_of.get(ends[1], len(order))

    mentions = [
        found
        for found in analysis.mentions
        if any(leads_up(*ends) for ends in possible_dependencies([found.pair], modules))
    ]
    judged = judge_mentions(mentions, analysis.sources, frozenset(analysis.compiled))
    made = graph_of(analysis, analysis.graph_name, judged).dependencies
    up = tuple(edge for edge in made if rank_of.get(edge.importer, -1) > rank_of.get(edge.imported, len(order)))
    component = Component(0, tuple(order), 0, (), up, 0, (), origin=analysis.origin)
    cuts = uncounted(component)
    wanted = {cut.pair for cut in cuts[:GROUP_FIXES]}
    fixes = fixes_of([component], wanted, most_bytes=GROUP_FOLLOWED_BYTES)
    return LayerCuts(tuple(order), up, with_fixes(cuts, fixes), len(set(by.groups(modules)) - set(order)))


def group_named(analysis: Analysis, words: str) -> str:
    """Return the group that words mean: its name, or the end of it; raises CyclesError where that is not one group."""
    groups = grouping_in(analysis).groups(module.name for module in analysis.files)
    found = whole_name(words, groups, {group for component in analysis.components for group in component.modules})
    if found in groups:
        return found
    raise CyclesError(f'"{words}" is not a group of modules')


def why_groups(analysis: Analysis, importer: str, imported: str) -> DependencyDetail | ImportChain:
    """Explain what one group imports of another; where that is on no cycle, how one leads to the other.

    Raises:
        CyclesError: where no chain of imports leads from one group to the other.
    """
    if detail := detail_of(analysis, importer, imported, most=GROUP_FIXES, most_bytes=GROUP_FOLLOWED_BYTES):
        return detail
    by = grouping_in(analysis)
    return chain_between(analysis, importer, imported, lambda name: group_graph(analysis.graph(name), by))
