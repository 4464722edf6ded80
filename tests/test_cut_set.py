"""The laws of the smallest cut set, against brute force over small problems."""

import subprocess
import sys
from dataclasses import replace
from itertools import combinations, pairwise, permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cycles.cuts.digraph import Network, topological_order
from cycles.cuts.solver.branch_and_bound import branch_and_bound, heuristic_with_bound
from cycles.cuts.solver.cutting_planes import prove_cut_set
from cycles.cuts.solver.heuristic import without_superfluous
from cycles.cuts.solver.lower_bound import packed_weight
from cycles.cuts.solver.solve import Impossible, Problem, Solution, smallest_cut_set
from cycles.limits import Steps

Edges = tuple[tuple[int, int], ...]


def plenty() -> Steps:
    """More steps than a small problem can take."""
    return Steps(10**9)


@st.composite
def problems(draw: st.DrawFn, *, shared: bool = True, bound: bool = True) -> Problem:
    """Digraphs of up to six vertices, with causes shared or not, fixed and chosen cuts or none."""
    size = draw(st.integers(2, 6))
    pairs = st.sampled_from(tuple(permutations(range(size), 2)))
    edges = tuple(draw(st.lists(pairs, min_size=1, max_size=14, unique=True)))
    if shared:
        count = draw(st.integers(1, 9))
        some = st.sets(st.integers(0, count - 1), min_size=1, max_size=3).map(lambda found: tuple(sorted(found)))
        causes = tuple(draw(some) for _ in edges)
    else:
        count = len(edges)
        causes = tuple((cut,) for cut in range(count))
    costs = tuple(draw(st.lists(st.integers(0, 4), min_size=count, max_size=count)))
    fixed = draw(st.frozensets(st.integers(0, count - 1), max_size=2)) if bound else frozenset[int]()
    chosen = draw(st.frozensets(st.integers(0, count - 1), max_size=2)) if bound else frozenset[int]()
    return Problem(size, edges, causes, costs, fixed, chosen - fixed)


def left(problem: Problem, cuts: tuple[int, ...] | frozenset[int]) -> Edges:
    """The edges that stay when `cuts` are made."""
    return tuple(
        edge for edge, causes in zip(problem.edges, problem.causes, strict=True) if not set(causes) <= set(cuts)
    )


def is_acyclic(size: int, edges: Edges) -> bool:
    """Whether some order of the vertices leads every edge forward."""
    return topological_order([[head for tail, head in edges if tail == vertex] for vertex in range(size)]) is not None


def by_brute_force(problem: Problem) -> tuple[int, int] | None:
    """The size and the cost of the best cut set, of all that there are; None where there is none."""
    free = tuple(cut for cut in range(len(problem.costs)) if cut not in problem.fixed | problem.chosen)
    for size in range(len(free) + 1):
        found = [
            sum(problem.costs[cut] for cut in problem.chosen.union(cuts))
            for cuts in combinations(free, size)
            if is_acyclic(problem.size, left(problem, problem.chosen.union(cuts)))
        ]
        if found:
            return size + len(problem.chosen), min(found)
    return None


def assert_certified(problem: Problem, found: Solution) -> None:
    """The certificate's cycles are cycles, written as they must be, and no cut can help to break two."""
    causes = dict(zip(problem.edges, problem.causes, strict=True))
    spent: set[int] = set()
    for cycle in found.certificate:
        edges = [*pairwise(cycle), (cycle[-1], cycle[0])]
        breaking = {cut for edge in edges if not problem.fixed & set(causes[edge]) for cut in causes[edge]}

        assert cycle[0] == min(cycle)
        assert len(set(cycle)) == len(cycle)
        assert breaking
        assert not spent & breaking
        spent |= breaking
    assert list(found.certificate) == sorted(found.certificate)
    assert len(found.certificate) <= found.lower_bound


@settings(max_examples=400, deadline=None)
@given(problems())
def test_a_cut_set_is_as_small_and_as_cheap_as_brute_force_finds(problem: Problem) -> None:
    best = by_brute_force(problem)
    if best is None:
        with pytest.raises(Impossible) as caught:
            smallest_cut_set(problem)
        cycle = caught.value.cycle
        causes = dict(zip(problem.edges, problem.causes, strict=True))

        assert cycle[0] == min(cycle)
        assert all(problem.fixed & set(causes[edge]) for edge in [*pairwise(cycle), (cycle[-1], cycle[0])])
        return
    found = smallest_cut_set(problem)

    assert (len(found.cuts), found.cost) == best
    assert found.proven
    assert found.lower_bound == len(found.cuts)
    assert found.cost == sum(problem.costs[cut] for cut in found.cuts)
    assert problem.chosen <= set(found.cuts)
    assert not problem.fixed & set(found.cuts)
    assert is_acyclic(problem.size, left(problem, found.cuts))
    assert_certified(problem, found)


def test_the_certificate_bounds_a_set_that_is_not_proven() -> None:
    edges = ((1, 2), (2, 5), (0, 1), (0, 2), (0, 3), (0, 4), (5, 1))
    causes = ((0, 1, 2), (0, 1, 4), (0,), (0,), (0,), (0,), (0, 2, 4))
    problem = Problem(size=6, edges=edges, causes=causes, costs=(0,) * 5)

    found = smallest_cut_set(problem, budget=0)

    assert (found.lower_bound, found.certificate) == (1, ((1, 2, 5),))


@settings(max_examples=100, deadline=None)
@given(problems(bound=False))
def test_no_cut_is_superfluous_even_when_the_budget_is_spent(problem: Problem) -> None:
    found = smallest_cut_set(problem, budget=0)

    assert is_acyclic(problem.size, left(problem, found.cuts))
    for cut in found.cuts:
        assert not is_acyclic(problem.size, left(problem, frozenset(found.cuts) - {cut}))
    assert found.lower_bound <= len(smallest_cut_set(problem).cuts) <= len(found.cuts)
    assert_certified(problem, found)


@settings(max_examples=100, deadline=None)
@given(problems(bound=False), st.data())
def test_neither_numbering_nor_order_changes_size_or_cost(problem: Problem, data: st.DataObject) -> None:
    vertices = data.draw(st.permutations(range(problem.size)))
    order = data.draw(st.permutations(range(len(problem.edges))))
    renamed = replace(
        problem,
        edges=tuple((vertices[problem.edges[edge][0]], vertices[problem.edges[edge][1]]) for edge in order),
        causes=tuple(problem.causes[edge] for edge in order),
    )
    found, again = smallest_cut_set(problem), smallest_cut_set(renamed)

    assert (len(found.cuts), found.cost) == (len(again.cuts), again.cost)


def as_network(problem: Problem) -> Network:
    more = 1 + sum(problem.costs)
    return Network(problem.size, problem.edges, problem.causes, tuple(more + cost for cost in problem.costs))


@settings(max_examples=150, deadline=None)
@given(problems(bound=False))
def test_branching_and_cutting_planes_each_prove_what_brute_force_finds(problem: Problem) -> None:
    network = as_network(problem)
    best = by_brute_force(problem)
    every_cut = frozenset(network.cuts)
    costs = dict(enumerate(problem.costs))
    by_branching = branch_and_bound(heuristic_with_bound(network, plenty()), 10_000, plenty())
    first = without_superfluous(network, every_cut, plenty())
    by_planes = prove_cut_set(network, first, dict.fromkeys(costs, 1), costs, 10_000, plenty())

    assert best is not None
    assert by_branching.least == by_branching.weight == _weight(problem, best)
    assert (len(by_planes.cuts), sum(costs[cut] for cut in by_planes.cuts)) == best
    assert (by_planes.least, by_planes.is_proven) == (best[0], True)


def _weight(problem: Problem, best: tuple[int, int]) -> int:
    return best[0] * (1 + sum(problem.costs)) + best[1]


@settings(max_examples=150, deadline=None)
@given(problems(bound=False))
def test_packed_cycles_never_weigh_more_than_the_least_cut_set(problem: Problem) -> None:
    best = by_brute_force(problem)
    network = as_network(problem)
    every_cut = without_superfluous(network, frozenset(network.cuts), plenty())

    assert best is not None
    assert packed_weight(network, every_cut, plenty(), rounds=3) <= _weight(problem, best)


def test_a_cut_that_breaks_two_cycles_is_found() -> None:
    problem = Problem(
        size=3,
        edges=((0, 1), (0, 2), (1, 0), (2, 0)),
        causes=((0,), (0,), (1,), (2,)),
        costs=(9, 1, 1),
    )

    assert smallest_cut_set(problem) == Solution(cuts=(0,), cost=9, lower_bound=1, proven=True, certificate=((0, 1),))


def test_an_edge_with_two_causes_needs_both_cuts() -> None:
    problem = Problem(size=2, edges=((0, 1), (1, 0)), causes=((0, 1), (2, 3)), costs=(1, 1, 1, 0))

    assert smallest_cut_set(problem) == Solution(cuts=(2, 3), cost=1, lower_bound=2, proven=True, certificate=((0, 1),))


def test_a_cycle_of_fixed_cuts_is_named() -> None:
    problem = Problem(size=2, edges=((0, 1), (1, 0)), causes=((0,), (1,)), costs=(1, 1), fixed=frozenset({0, 1}))

    with pytest.raises(Impossible, match="0 -> 1 -> 0"):
        smallest_cut_set(problem)


def test_small_components_are_solved_without_the_solver(monkeypatch: pytest.MonkeyPatch) -> None:
    complete = tuple(permutations(range(5), 2))
    problem = Problem(size=5, edges=complete, causes=tuple((cut,) for cut in range(20)), costs=(1,) * 20)
    monkeypatch.setitem(sys.modules, "cycles.cuts.solver.cutting_planes", None)

    assert smallest_cut_set(problem).cost == 10


def test_the_solver_writes_nothing_to_stdout() -> None:
    code = "from cycles.cuts.solver.highs_model import _new_solver; _new_solver().run()"

    process = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert process.stdout == ""


def cheapest_by_brute_force(problem: Problem) -> tuple[int, int] | None:
    """The cost and the size of the cheapest cut set; None where there is none."""
    free = tuple(cut for cut in range(len(problem.costs)) if cut not in problem.fixed | problem.chosen)
    found = [
        (sum(problem.costs[cut] for cut in problem.chosen.union(cuts)), len(problem.chosen.union(cuts)))
        for size in range(len(free) + 1)
        for cuts in combinations(free, size)
        if is_acyclic(problem.size, left(problem, problem.chosen.union(cuts)))
    ]
    return min(found, default=None)


@settings(deadline=None, max_examples=100)
@given(problems())
def test_the_cheapest_cut_set_costs_least_and_is_then_smallest(problem):
    problem = replace(problem, cheapest=True)
    best = cheapest_by_brute_force(problem)
    if best is None:
        with pytest.raises(Impossible):
            smallest_cut_set(problem)
        return

    found = smallest_cut_set(problem)

    assert (found.cost, len(found.cuts), found.lower_bound, found.proven) == (*best, best[0], True)
