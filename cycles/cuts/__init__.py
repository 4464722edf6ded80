"""A component in; cycles through every dependency, what each cut does, a proven smallest cut set and a plan, out."""

from collections.abc import Collection, Iterator, Mapping, Sequence

from cycles.cuts.bounds import cut_bounds
from cycles.cuts.cost import price
from cycles.cuts.counting.simple_cycles import CycleCounts, count_cycles
from cycles.cuts.encode import Made, Numbered, Pair, numbered
from cycles.cuts.order_plan import ordered
from cycles.cuts.patterns import matching
from cycles.cuts.single_cut_effects import effects
from cycles.cuts.solver.solve import Impossible, Problem, Solution, smallest_cut_set
from cycles.errors import CyclesError
from cycles.limits import COMPONENT_SHARE, CUT_SET_STEPS, Steps
from cycles.model import Component, Cut, CutSet, Cutting, CycleCount, Ranking, Step
from cycles.source.values import Import

__all__ = ["cut_bounds", "price", "rank", "take_apart"]


def rank(component: Component) -> Ranking:
    """Count the cycles of a component, and say of every cut what it does alone."""
    return _ranking(component, numbered(component.modules, _made(component)))


def take_apart(
    components: Sequence[Component],
    *,
    keep: Collection[Pair] = (),
    chosen: Collection[Pair] = (),
    allow_reexports: bool = False,
    prices: Mapping[Pair, int] | None = None,
    cheapest: bool = False,
) -> Iterator[Cutting]:
    """Take each component apart, in order, with the fewest cuts and among these sets one of least cost.

    `keep` and `chosen` are pairs of module expressions (importer, imported): cuts that must not be
    made, and that must. A package's imports of its own modules are kept unless `allow_reexports`.
    `prices` say what a cut costs; `cheapest` asks for least cost, and among these sets for the fewest.
    Raises CyclesError where a pair matches no import of any component, where one cut is both kept
    and chosen, and where a cycle is left that only kept imports close.
    """
    numbers = [numbered(component.modules, _made(component), prices) for component in components]
    _check_patterns("--keep", keep, numbers)
    _check_patterns("--cut", chosen, numbers)
    steps = Steps(CUT_SET_STEPS)
    for done, (component, its_numbers) in enumerate(zip(components, numbers, strict=True)):
        kept, made = _bound_to(its_numbers, keep, chosen)
        fixed = kept if allow_reexports else kept | (its_numbers.reexports - made)
        problem = _problem(its_numbers, fixed, made, cheapest=cheapest)
        yield _cutting(component, its_numbers, problem, steps.part(min(COMPONENT_SHARE, len(components) - done)))


def _made(component: Component) -> Iterator[Made]:
    for dependency in component.dependencies:
        for statement in dependency.imports:
            yield dependency.importer, dependency.imported, statement


def _check_patterns(option: str, patterns: Collection[Pair], numbers: Sequence[Numbered]) -> None:
    for pattern in patterns:
        if not any(matching(its_numbers.cuts, pattern) for its_numbers in numbers):
            message = (
                f"{option} {' '.join(pattern)} matches no import inside a component; `cycles cuts --all` lists them"
            )
            raise CyclesError(message)


def _bound_to(
    numbers: Numbered, keep: Collection[Pair], chosen: Collection[Pair]
) -> tuple[frozenset[int], frozenset[int]]:
    """The cuts that must not be made, and those that must."""
    kept = frozenset[int]().union(*(matching(numbers.cuts, pattern) for pattern in keep))
    made = frozenset[int]().union(*(matching(numbers.cuts, pattern) for pattern in chosen))
    if both := sorted(made & kept):
        message = f"{' -> '.join(numbers.cuts[both[0]])} is both kept and cut; drop one of the two options"
        raise CyclesError(message)
    return kept, made


def _cutting(component: Component, numbers: Numbered, problem: Problem, steps: Steps) -> Cutting:
    try:
        found = smallest_cut_set(problem, steps=steps)
    except Impossible as error:
        cycle = [numbers.modules[vertex] for vertex in error.cycle]
        shown = " -> ".join([*cycle, cycle[0]])
        message = f"the cycle {shown} cannot be broken: each of its imports is kept; drop a --keep"
        raise CyclesError(message) from error
    return Cutting(
        component=component,
        ranking=_ranking(component, numbers),
        cut_set=_named(found, numbers, problem),
        plan=_plan(found, numbers),
    )


def _problem(numbers: Numbered, fixed: frozenset[int], chosen: frozenset[int], *, cheapest: bool = False) -> Problem:
    return Problem(
        size=len(numbers.modules),
        edges=numbers.edges,
        causes=numbers.causes,
        costs=numbers.costs,
        fixed=fixed,
        chosen=chosen,
        cheapest=cheapest,
    )


def _measure(counts: CycleCounts) -> str:
    return "simple cycles" if counts.exact else f"cycles of length <= {counts.longest} in the contracted kernel"


def _ranking(component: Component, numbers: Numbered) -> Ranking:
    counts = count_cycles(len(numbers.modules), numbers.edges)
    imports: dict[Pair, dict[Import, None]] = {cut: {} for cut in numbers.cuts}
    for dependency in component.dependencies:
        for statement in dependency.imports:
            imports[statement.importer, statement.imported][statement] = None
    alone = effects(len(numbers.modules), numbers.edges, numbers.removes)
    names = [(edge.importer, edge.imported) for edge in component.dependencies]
    found = [
        Cut(
            importer=importer,
            imported=imported,
            cycles=sum(counts.through[edge] for edge in removes),
            frees=effect.frees if effect else None,
            largest_left=effect.largest_left if effect else None,
            removes=tuple(names[edge] for edge in removes),
            reexport=number in numbers.reexports,
            imports=tuple(imports[importer, imported]),
        )
        for number, ((importer, imported), removes, effect) in enumerate(
            zip(numbers.cuts, numbers.removes, alone, strict=True)
        )
    ]
    return Ranking(
        cycles=CycleCount(count=counts.total, exact=counts.exact, measure=_measure(counts)),
        through=counts.through,
        cuts=tuple(sorted(found, key=lambda cut: (-cut.cycles, -(cut.frees or 0), cut.importer, cut.imported))),
    )


def _named(found: Solution, numbers: Numbered, problem: Problem) -> CutSet:
    cheapest = problem.cheapest
    return CutSet(
        cuts=tuple(numbers.cuts[cut] for cut in found.cuts),
        forced=len(problem.chosen),
        lower_bound=len(found.certificate) if cheapest else found.lower_bound,
        proven=found.proven,
        certificate=tuple(tuple(numbers.modules[vertex] for vertex in cycle) for cycle in found.certificate),
        cost=found.cost,
        cheapest=cheapest,
        least_cost=found.lower_bound if cheapest else None,
    )


def _plan(found: Solution, numbers: Numbered) -> tuple[Step, ...]:
    order = ordered(len(numbers.modules), numbers.edges, numbers.causes, found.cuts)
    return tuple(Step(*numbers.cuts[left.cut], modules_left=left.vertices, largest_left=left.largest) for left in order)
