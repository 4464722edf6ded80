"""Take a component apart: the cycles each cut breaks, what it does alone, a proven smallest cut set, and its order."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from cycles.cuts.digraph import Edge
from cycles.cuts.encode import (
    Cause,
    EncodedComponent,
    cost_of_fix,
    cost_of_move,
    encode,
    encode_without_costs,
    is_reexport,
)
from cycles.cuts.order_plan import order_cuts
from cycles.cuts.single_cut_effects import effects
from cycles.cuts.solver.preprocess import UnbreakableCycleError
from cycles.cuts.solver.solve import Impossible, Problem, Solution, cut_count_bounds, smallest_cut_set
from cycles.enums import Feasibility
from cycles.errors import KeptAndCutError, NoMatchError, UncuttableError
from cycles.limits import COMPONENT_SHARE, CUT_BOUND_STEPS, CUT_SET_STEPS, Steps
from cycles.model import (
    FEWEST,
    Component,
    Cut,
    CutBound,
    CutFix,
    CutPlan,
    CutRequest,
    CutSet,
    CycleCount,
    PlanStep,
    Ranking,
)
from cycles.source.module_names import Pair, matching

__all__ = [
    "cost_of_fix",
    "cost_of_move",
    "cut_bounds",
    "fewest_cuts",
    "plan_cuts",
    "rank",
    "uncounted",
]

Asked = tuple[Sequence[str], Sequence[Cause]]
"""The modules of a component, sorted, and which import makes which dependency."""

_PER_IMPORT = 10
"""Steps to encode a component and to order it once, for each of its imports: both are done even when none are left."""


def rank(component: Component) -> Ranking:
    """Count the cycles of a component, and say of every cut what it does alone."""
    return _ranking(component, encode(component.modules, _causes(component)))


def fewest_cuts(components: Sequence[Asked], preferred: Collection[Pair]) -> tuple[tuple[Pair, ...], ...]:
    """Return for each component the fewest cuts that leave no cycle, and among such sets one of the most preferred."""
    steps = Steps(CUT_SET_STEPS)
    found: list[tuple[Pair, ...]] = []
    for done, (modules, causes) in enumerate(components):
        encoded = encode(modules, causes)
        problem = Problem(
            size=len(modules),
            edges=encoded.edges,
            causes=encoded.causes,
            costs=tuple(1 if cut in preferred else 2 for cut in encoded.cuts),
            fixed=encoded.reexports,
        )
        part = steps.part(min(COMPONENT_SHARE, len(components) - done))
        try:
            solution = smallest_cut_set(problem, steps=part)
        except Impossible:
            # Groups can be joined by nothing but what packages import of their own modules: as in `cut_bounds`.
            solution = smallest_cut_set(replace(problem, fixed=frozenset()), steps=part)
        found.append(tuple(encoded.cuts[cut] for cut in solution.cuts))
    return tuple(found)


def plan_cuts(
    components: Sequence[Component],
    request: CutRequest = FEWEST,
    *,
    fixes: Mapping[Pair, CutFix] | None = None,
    costs: Mapping[Pair, int] | None = None,
    ranked: bool = True,
) -> Iterator[CutPlan]:
    """Take each component apart, in order, with the fewest cuts and among these sets one of least cost.

    By `fixes` some cuts make new dependencies, and what a package imports of its own modules may go if it is made lazy.
    `costs` say what a cut costs; for the cheapest plan, and where the ways of cuts were chosen, the least cost comes
    first. Unless `ranked`, no cycles are counted.
    Raises CyclesError where a pair matches no import of any component, where one cut is both kept
    and chosen, and where a cycle is left that only kept imports close.
    """
    every = [encode(component.modules, _causes(component), costs) for component in components]
    _check_patterns("keep", request.keep, every)
    _check_patterns("cut", request.cut, every)
    lazy = {pair for pair, fix in (fixes or {}).items() if fix.feasibility is Feasibility.LAZY}
    instead = {pair: fix.leads_to for pair, fix in (fixes or {}).items() if fix.leads_to}
    for component, encoded in zip(components, every, strict=True):
        kept, made = _bound_to(encoded, request)
        going = made | {number for number, cut in enumerate(encoded.cuts) if cut in lazy} if lazy else made
        fixed = kept if request.allow_reexports else kept | (encoded.reexports - going)
        problem = Problem(
            size=len(encoded.modules),
            edges=encoded.edges,
            causes=encoded.causes,
            costs=encoded.costs,
            fixed=fixed,
            chosen=made,
            cheapest=request.cheapest or request.ways.are_chosen,
        )
        # The same for each, so that a component has one plan, alone or with others.
        steps = Steps(CUT_SET_STEPS // COMPONENT_SHARE)
        try:
            plan = _cut_plan(component, encoded, problem, instead, steps)
        except Impossible as error:
            raise _uncuttable(encoded, error.cycle, kept) from error
        yield replace(
            plan, ranking=_ranking(component, encoded) if ranked else replace(plan.ranking, cuts=uncounted(component))
        )


def _causes(component: Component) -> Iterator[Cause]:
    for dependency in component.dependencies:
        for statement in dependency.imports:
            yield dependency.importer, dependency.imported, statement


def _check_patterns(role: str, patterns: Collection[Pair], every: Sequence[EncodedComponent]) -> None:
    for pattern in patterns:
        if not any(matching(encoded.cuts, pattern) for encoded in every):
            raise NoMatchError(pattern, role)


def _bound_to(encoded: EncodedComponent, request: CutRequest) -> tuple[frozenset[int], frozenset[int]]:
    """Return the cuts that must not be made, and those that must."""
    kept = frozenset[int]().union(*(matching(encoded.cuts, pattern) for pattern in request.keep))
    made = frozenset[int]().union(*(matching(encoded.cuts, pattern) for pattern in request.cut))
    if both := sorted(made & kept):
        raise KeptAndCutError(*encoded.cuts[both[0]])
    return kept, made


def _uncuttable(encoded: EncodedComponent, cycle: Sequence[int], kept: Collection[int]) -> UncuttableError:
    """Say which cycle cannot be broken, and whether its imports are all kept because somebody asks for that."""
    causes = dict(zip(encoded.edges, encoded.causes, strict=True))
    by_request = all(not set(kept).isdisjoint(causes[edge]) for edge in pairwise([*cycle, cycle[0]]))
    return UncuttableError(tuple(encoded.modules[vertex] for vertex in cycle), reexports=not by_request)


def _cut_plan(
    component: Component,
    encoded: EncodedComponent,
    problem: Problem,
    instead: Mapping[Pair, Collection[str]],
    steps: Steps,
) -> CutPlan:
    found = smallest_cut_set(problem, steps=steps)
    found = _with_new_dependencies(found, encoded, problem, component.places(), instead, steps)
    return CutPlan(
        component=component,
        ranking=Ranking(CycleCount(0, exact=False, measure=""), (), ()),
        cut_set=_named(found, encoded, problem),
        steps=_plan(found, encoded),
    )


def _with_new_dependencies(
    found: Solution,
    encoded: EncodedComponent,
    problem: Problem,
    places: Mapping[str, str],
    instead: Mapping[Pair, Collection[str]],
    steps: Steps,
) -> Solution:
    """A solution that breaks also the cycles through the dependencies that its cuts make; the bound stays the first's.

    Each round adds the dependencies of one solution, as edges that no cut breaks, until a solution makes no new one.
    Where that leaves no solution at all, the first one stays: its cuts are right, only not all as they were to be made.
    """
    place = {module: number for number, module in enumerate(encoded.modules)}
    first, never, added = found, len(problem.costs), set[Edge]()
    while True:
        cuts = (encoded.cuts[cut] for cut in found.cuts)
        new = {(place[places[cut[0]]], place[head]) for cut in cuts for head in instead.get(cut, ())}
        if new <= added:
            break
        added |= new
        edges = dict(zip(problem.edges, problem.causes, strict=True)) | dict.fromkeys(added, (never,))
        wider = replace(
            problem,
            edges=tuple(sorted(edges)),
            causes=tuple(edges[edge] for edge in sorted(edges)),
            costs=(*problem.costs, 1),
            fixed=problem.fixed | {never},
        )
        try:
            found = smallest_cut_set(wider, steps=steps)
        except Impossible:
            return first
    proven = first.proven and (len(found.cuts), found.cost) == (len(first.cuts), first.cost)
    return replace(first, cuts=found.cuts, cost=found.cost, proven=proven)


def _ranking(component: Component, encoded: EncodedComponent) -> Ranking:
    from cycles.cuts.counting.simple_cycles import count_cycles  # noqa: PLC0415  `cycles scc` does without

    counts = count_cycles(len(encoded.modules), encoded.edges)
    measure = "simple cycles" if counts.exact else f"cycles of length <= {counts.longest} in the contracted kernel"
    statements = component.statements()
    alone = effects(len(encoded.modules), encoded.edges, encoded.removes)
    names = [edge.pair for edge in component.dependencies]
    found = [
        Cut(
            importer=importer,
            imported=imported,
            cycles=sum(counts.through[edge] for edge in removes),
            frees=effect.frees if effect else None,
            largest_left=effect.largest_left if effect else None,
            removes=tuple(names[edge] for edge in removes),
            reexport=number in encoded.reexports,
            imports=statements[importer, imported],
        )
        for number, ((importer, imported), removes, effect) in enumerate(
            zip(encoded.cuts, encoded.removes, alone, strict=True)
        )
    ]
    return Ranking(
        cycles=CycleCount(count=counts.total, exact=counts.exact, measure=measure),
        through=counts.through,
        cuts=tuple(sorted(found, key=lambda cut: (-cut.cycles, -(cut.frees or 0), cut.importer, cut.imported))),
    )


def uncounted(component: Component) -> tuple[Cut, ...]:
    """Return every cut of a component, sorted, without the cycles that each breaks."""
    return tuple(
        Cut(*pair, cycles=0, frees=None, largest_left=None, removes=(), reexport=is_reexport(pair), imports=statements)
        for pair, statements in sorted(component.statements().items())
    )


def _named(found: Solution, encoded: EncodedComponent, problem: Problem) -> CutSet:
    cheapest = problem.cheapest
    return CutSet(
        cuts=tuple(encoded.cuts[cut] for cut in found.cuts),
        forced=len(problem.chosen),
        lower_bound=len(found.certificate) if cheapest else found.lower_bound,
        proven=found.proven,
        certificate=tuple(tuple(encoded.modules[vertex] for vertex in cycle) for cycle in found.certificate),
        cost=found.cost,
        cheapest=cheapest,
        least_cost=found.lower_bound if cheapest else None,
    )


def _plan(found: Solution, encoded: EncodedComponent) -> tuple[PlanStep, ...]:
    order = order_cuts(len(encoded.modules), encoded.edges, encoded.causes, found.cuts)
    return tuple(
        PlanStep(*encoded.cuts[left.cut], modules_left=left.vertices, largest_left=left.largest) for left in order
    )


def cut_bounds(components: Sequence[Asked], *, budget: int = CUT_BOUND_STEPS) -> tuple[CutBound, ...]:
    """Count the cuts that each component needs: size and lower bound are the same where the budget allows to prove it.

    One budget for all. The smallest components come first, for little proves most there, and none
    may spend more than its share. Components that are equal, as they often are in two of the three
    graphs, are counted once.
    """
    steps = Steps(budget - _PER_IMPORT * sum(len(found) for _, found in components))
    first: dict[str, int] = {}
    bounds: dict[int, CutBound] = {}
    order = sorted(range(len(components)), key=lambda index: (len(components[index][1]), index))
    for done, index in enumerate(order):
        modules, found = components[index]
        # Only the last component with the same first module can be equal without a search through all.
        like = first.get(modules[0])
        first[modules[0]] = index
        if like is not None and components[like] == (modules, found):
            bounds[index] = bounds[like]
            continue
        share = steps.part(min(COMPONENT_SHARE, len(order) - done))
        try:
            size, lower_bound = cut_count_bounds(encode_without_costs(modules, found), share)
        except UnbreakableCycleError:
            # Groups can be joined by nothing but what packages import of their own modules; modules cannot.
            network = encode_without_costs(modules, found, allow_reexports=True)
            size, lower_bound = cut_count_bounds(network, share)
        bounds[index] = CutBound(size=size, lower_bound=lower_bound)
    return tuple(bounds[index] for index in range(len(components)))
