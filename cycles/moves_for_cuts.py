"""Find the moves of definitions that make cuts cheaper, and look at the packages as they leave them, in memory."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from cycles.api import origin_of, plan_all
from cycles.cuts import cost_of_move
from cycles.enums import Feasibility, Kind, Way
from cycles.fixes.cut_fixes import sources_of
from cycles.fixes.definition_values import Move, MovePlan
from cycles.fixes.plan_moves import MovePlanner, texts_after
from cycles.make_analysis import analyze_edited, bare_components, described
from cycles.model import ANY_WAY, Analysis, Component, Cut, CutPlan, CutRequest, Ways


def move_planner(component: Component, taken: Collection[str] = ()) -> MovePlanner:
    """Return what plans the moves of a component, which do not touch the modules in `taken`.

    Raises:
        CyclesError: where the component was not found in source files.

    """
    origin = origin_of(component)
    return MovePlanner(component, origin.graph_name, sources_of(origin), taken)


def move_where_cheaper(
    analysis: Analysis, components_asked: Sequence[Component], ways: Ways = ANY_WAY
) -> tuple[Analysis, tuple[Component, ...], tuple[tuple[Component, MovePlan], ...]]:
    """Plan moves for components, and make in memory those that leave cheaper cuts.

    Returns: the analysis after that, what is left in it of the components, and the plan of moves of each one: without
    moves where none make it cheaper.

    """
    plans = all_moves(analysis, components_asked, ways)
    made = [move for _, planned in plans for move in planned.moves]
    if not made:
        return analysis, tuple(components_asked), plans
    moved = analyze_moved(analysis, made)
    return moved, left_of(components_asked, moved), plans


def all_moves(
    analysis: Analysis, components_asked: Sequence[Component], ways: Ways = ANY_WAY, *, existing: bool = True
) -> tuple[tuple[Component, MovePlan], ...]:
    """Return the moves of each of some components that leave the cheapest cuts; no two touch one module.

    `existing`: definitions may also go to modules that are there.
    """
    found: list[tuple[Component, MovePlan]] = []
    taken: list[str] = []
    for component in components_asked:
        others = {module for other in components_asked if other is not component for module in other.modules}
        planned = cheapest_moves(analysis, component, others.union(taken), ways, existing=existing)
        taken += [name for move in planned.moves for name in (move.source, move.target.name)]
        found.append((component, planned))
    return tuple(found)


def plan_asked(components_asked: Sequence[Component], request: CutRequest) -> tuple[CutPlan, ...]:
    """Return the plans of components; where changes of code are avoided, more cuts than else only to spare some."""
    if not request.ways.avoid_code:
        return tuple(plan_all(components_asked, request))
    plans = tuple(plan_all(components_asked, replace(request, cheapest=True)))
    if not _hard(plans):
        return plans
    others = plan_all(components_asked, replace(request, ways=replace(request.ways, avoid_code=False)))
    return tuple(
        min(pair, key=lambda plan: (_hard([plan]), len(plan.cuts))) for pair in zip(plans, others, strict=True)
    )


def cheapest_moves(
    analysis: Analysis,
    component: Component,
    taken: Collection[str] = (),
    ways: Ways = ANY_WAY,
    *,
    existing: bool = True,
) -> MovePlan:
    """Return the moves that leave the fewest cuts that take a change of code, then the cheapest; none where none help.

    Compared are the fewest moves by which definitions need each other in no circle, and those of the definitions alone
    that are in the way of cuts: of those of the cheapest plan, and of the one that does not avoid changes of code. The
    best one goes to modules that are there, where these can take it and no more is to be done then; likewise what
    functions import of them, where that is less. `taken` are modules that other moves edit or make.
    """

    def price_of(planned: MovePlan) -> tuple[int, int]:
        left = list(plan_all(left_of([component], analyze_moved(analysis, planned.moves)), wanted))
        moved = sum(cost_of_move(len(move.definitions), move.lines, ways, is_new=move.is_new) for move in planned.moves)
        return _hard(left), sum(plan.cut_set.cost for plan in left) + moved

    wanted = CutRequest(cheapest=True, ways=ways)
    planner = move_planner(component, taken)
    prefers = Way.MOVE in ways.prefer
    fewest = planner.fewest(defer=ways.defer and not prefers)
    (before,) = plans = list(plan_all([component], wanted))
    if ways.avoid_code:
        # What takes a change of code may be in the way of another plan, whose definitions can move.
        plans += plan_all([component], replace(wanted, ways=replace(ways, avoid_code=False)))
    named: list[set[tuple[str, str]]] = []
    for plan in plans:
        in_the_way = [cut for cut in plan.cuts if prefers or not cut.is_easy]
        named.append({(cut.imported, name) for cut in in_the_way for name in _names_in_the_way(cut)})
    best, price = replace(fewest, moves=()), (_hard([before]), before.cut_set.cost)
    for planned in (fewest, *map(planner.named, named)):
        if planned is not None and planned.moves and (found := price_of(planned)) < price:
            best, price = planned, found
    if not existing or not best.moves:
        return best
    candidates = (best, *_fewer(planner, component, before, best))
    homes = [home for planned in candidates if (home := planner.at_home(planned)) is not None]
    # Of equal ones the first; none that costs more than the best one in modules of its own.
    cheapest, number = min(((price_of(home), number) for number, home in enumerate(homes)), default=(price, -1))
    return homes[number] if homes and cheapest <= price else best


def _fewer(planner: MovePlanner, component: Component, plan: CutPlan, best: MovePlan) -> Iterator[MovePlan]:
    """Yield the moves of what functions alone import, where that is less than the best moves take."""
    for planned in map(planner.named, _taken_late(component, plan)):
        if planned is not None and 0 < _moved_by(planned) < _moved_by(best):
            yield planned


def _moved_by(planned: MovePlan) -> int:
    return sum(len(move.definitions) for move in planned.moves)


def _taken_late(component: Component, plan: CutPlan) -> Iterator[set[tuple[str, str]]]:
    """Yield the names, as (module, name), that functions alone take of one of two modules which a single cut parts.

    Where a function from below is called back, what it calls may go to it.
    """
    ends = {plan.cuts[0].importer, plan.cuts[0].imported} if len(plan.cuts) == 1 else set()
    for one in component.dependencies:
        if {one.importer, one.imported} == ends and all(found.kind is Kind.DEFERRED for found in one.imports):
            yield {(one.imported, name) for statement in one.imports for name in statement.names}


def _hard(plans: Iterable[CutPlan]) -> int:
    """Return how many cuts of plans take a change of code."""
    return sum(not cut.is_easy for plan in plans for cut in plan.cuts)


def _names_in_the_way(cut: Cut) -> Iterator[str]:
    """Yield the names without which a cut takes no more than to edit imports; all of them where nothing says which."""
    known = [name for name in cut.fix.names if name.feasibility is Feasibility.STRUCTURAL] if cut.fix else []
    yield from (name.name for name in known)
    if not known:
        yield from (name for statement in cut.imports for name in statement.names)


def left_of(before: Sequence[Component], analysis: Analysis) -> tuple[Component, ...]:
    """Return the components of an analysis that have modules of some components of before."""
    members = {module for component in before for module in component.modules}
    return tuple(found for found in analysis.components if not members.isdisjoint(found.modules))


def analyze_moved(analysis: Analysis, made: Sequence[Move], contents: Mapping[str, bytes] | None = None) -> Analysis:
    """Return an analysis as it is once moves are made: in memory, nothing is written.

    Its components are those of the same graph. `contents` are the files of the modules that the moves change and make,
    where somebody tidied them. Raises UnreadableError where a text is no Python.
    """
    changed = contents or texts_after(made, sources_of(analysis.origin).modules)
    moved = analyze_edited(analysis, changed, [move.target for move in made if move.is_new])
    return replace(moved, components=described(moved, moved.graph_name, bare_components(moved, moved.graph_name)))
