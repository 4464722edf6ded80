"""Bounds on the number of cuts are true whatever the budget, exact where it is ample, and end where it ends."""

import random
import sys
from dataclasses import replace

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cycles import cuts
from cycles.cuts import cut_bounds
from cycles.cuts.counting import simple_cycles
from cycles.cuts.counting.contraction import contract
from cycles.cuts.counting.simple_cycles import count_cycles
from cycles.cuts.digraph import Network
from cycles.cuts.order_plan import order_cuts
from cycles.cuts.single_cut_effects import Effect, effects
from cycles.cuts.solver.heuristic import found_cut_set, without_superfluous
from cycles.cuts.solver.linear_order import OrderSearch, causes_of_backward_edges
from cycles.cuts.solver.lower_bound import certificate, packed_weight
from cycles.cuts.solver.preprocess import reduce
from cycles.cuts.solver.solve import Problem, cut_count_bounds, smallest_cut_set
from cycles.enums import Form, Kind
from cycles.limits import CUT_BOUND_STEPS, Steps
from cycles.model import CutBound
from cycles.source.import_values import ClassifiedImport
from test_cut_set import Edges, as_network, by_brute_force, is_acyclic, left, plenty, problems

module = sys.modules[effects.__module__]
budgets = st.one_of(st.integers(0, 300), st.integers(0, 20_000), st.just(10**9))


def unpriced(problem: Problem) -> Network:
    return as_network(replace(problem, costs=(0,) * len(problem.costs)))


def made(edges: Edges) -> list[tuple[str, str, ClassifiedImport]]:
    return [
        (f"m{tail:05}", f"m{head:05}", ClassifiedImport(f"m{tail:05}", f"m{head:05}", 1, Form.PLAIN, Kind.EAGER, ()))
        for tail, head in edges
    ]


def names(size: int) -> tuple[str, ...]:
    return tuple(f"m{number:05}" for number in range(size))


def digraph(size: int, count: int) -> Edges:
    """A strongly connected digraph: a ring and chance."""
    chooser = random.Random(size)
    edges = {(vertex, (vertex + 1) % size) for vertex in range(size)}
    while len(edges) < count:
        tail, head = chooser.randrange(size), chooser.randrange(size)
        if tail != head:
            edges.add((tail, head))
    return tuple(sorted(edges))


@settings(max_examples=300, deadline=None)
@given(problems(bound=False), budgets)
def test_bounds_hold_with_any_budget(problem: Problem, budget: int) -> None:
    best = by_brute_force(replace(problem, costs=(0,) * len(problem.costs)))

    size, least = cut_count_bounds(unpriced(problem), Steps(budget))

    assert best is not None
    assert least <= best[0] <= size
    if budget == 10**9:
        assert least == size


@pytest.mark.parametrize("budget", [*range(0, 600, 7), *range(600, 6_000, 97)])
def test_bounds_hold_where_some_edges_are_on_no_cycle(budget: int) -> None:
    edges = ((0, 1), (0, 2), (1, 0), (1, 2), (2, 3), (2, 4), (3, 2), (3, 4), (4, 5), (5, 6), (6, 4))
    network = Network(7, edges, tuple((number % 6,) for number in range(len(edges))), (1,) * 6)

    size, least = cut_count_bounds(network, Steps(budget))

    assert least <= 2 <= size


@settings(max_examples=300, deadline=None)
@given(problems(bound=False), budgets)
def test_a_cut_set_leaves_no_cycle_with_any_budget(problem: Problem, budget: int) -> None:
    network = as_network(problem)

    found = found_cut_set(network, Steps(budget))
    pruned = without_superfluous(network, frozenset(network.cuts), Steps(budget))

    assert is_acyclic(problem.size, left(problem, found))
    assert is_acyclic(problem.size, left(problem, pruned))


@settings(max_examples=300, deadline=None)
@given(problems(bound=False), budgets)
def test_a_reduction_ended_early_loses_no_least_cut_set(problem: Problem, budget: int) -> None:
    network = unpriced(problem)
    reduction = reduce(network, Steps(budget))

    least = len(reduction.taken) + sum(cut_count_bounds(part, plenty())[0] for part in reduction.parts)

    best = by_brute_force(replace(problem, costs=(0,) * len(problem.costs)))
    assert best is not None
    assert least == best[0]


@settings(max_examples=300, deadline=None)
@given(problems(bound=False), budgets)
def test_packed_cycles_never_weigh_more_with_any_budget(problem: Problem, budget: int) -> None:
    network = unpriced(problem)
    cuts = without_superfluous(network, frozenset(network.cuts), plenty())

    best = by_brute_force(replace(problem, costs=(0,) * len(problem.costs)))
    assert best is not None
    assert packed_weight(network, cuts, Steps(budget), rounds=3) <= best[0]
    assert len(certificate(network, cuts, Steps(budget))) <= best[0]


@settings(max_examples=150, deadline=None)
@given(problems(), budgets)
def test_the_smallest_cut_set_is_one_with_any_budget(problem: Problem, budget: int) -> None:
    best = by_brute_force(problem)
    if best is None:
        return

    found = smallest_cut_set(problem, steps=Steps(budget))

    assert is_acyclic(problem.size, left(problem, found.cuts))
    assert problem.chosen <= set(found.cuts)
    assert not problem.fixed & set(found.cuts)
    assert found.lower_bound <= best[0] <= len(found.cuts)
    assert not found.proven or (len(found.cuts), found.cost) == best


@settings(max_examples=200, deadline=None)
@given(problems(bound=False), st.data())
def test_improving_an_order_gains_what_it_says(problem: Problem, data: st.DataObject) -> None:
    network = as_network(problem)
    search = OrderSearch(network, network.weights)
    order = list(data.draw(st.permutations(range(problem.size))))
    before = network.weight(causes_of_backward_edges(network, order))

    gained = search.improve(order, steps=plenty())

    assert sorted(order) == list(range(problem.size))
    assert network.weight(causes_of_backward_edges(network, order)) == before - gained


@pytest.mark.parametrize(("size", "count"), [(1_000, 12_000), (300, 40_000), (3_000, 6_000)])
def test_steps_end_where_the_budget_ends(size: int, count: int) -> None:
    edges = digraph(size, count)
    network = Network(size, edges, tuple((number,) for number in range(count)), (1,) * count)
    steps = Steps(500_000)

    cut_count_bounds(network, steps)

    # The last piece of work may overdraw: one search over the whole network, or one solved programme.
    assert steps.left > -20 * count


def test_the_budget_is_one_for_all_components(monkeypatch: pytest.MonkeyPatch) -> None:
    shares: list[int] = []

    def counted(network: Network, steps: Steps) -> tuple[int, int]:
        shares.append(steps.left)
        steps.take(steps.left)
        return len(network.edges), 0

    monkeypatch.setattr(cuts, "cut_count_bounds", counted)
    components = [(names(size), made(digraph(size, 2 * size))) for size in (50, 40, 30, 20, 10)]

    cut_bounds(components, budget=1_000_000)

    assert len(shares) == 5
    assert sum(shares) <= 1_000_000
    assert min(shares) > 100_000


def test_equal_components_are_counted_once(monkeypatch: pytest.MonkeyPatch) -> None:
    edges = digraph(30, 60)
    asked = (names(30), made(edges))
    calls = []
    monkeypatch.setattr(cuts, "cut_count_bounds", lambda network, _: calls.append(network) or (1, 1))

    assert cut_bounds([asked, asked, (names(30), made(edges[1:]))]) == (CutBound(1, 1),) * 3
    assert len(calls) == 2


@pytest.mark.parametrize(
    ("size", "edges", "cuts"),
    [
        (5_000, [(vertex, (vertex + 1) % 5_000) for vertex in range(5_000)], 1),
        (3_000, [edge for vertex in range(2_999) for edge in ((vertex, vertex + 1), (vertex + 1, vertex))], 2_999),
        (120, [(tail, head) for tail in range(120) for head in range(120) if tail != head], 7_140),
    ],
    ids=["a ring", "a chain of pairs", "everything"],
)
def test_large_but_simple_components_are_exact(size: int, edges: list[tuple[int, int]], cuts: int) -> None:
    assert cut_bounds([(names(size), made(tuple(sorted(edges))))]) == (CutBound(cuts, cuts),)


def test_steps_of_a_reduction_are_linear_in_a_chain() -> None:
    def taken(size: int) -> int:
        edges = sorted(edge for vertex in range(size - 1) for edge in ((vertex, vertex + 1), (vertex + 1, vertex)))
        network = Network(size, tuple(edges), tuple((number,) for number in range(len(edges))), (1,) * len(edges))
        steps = Steps(CUT_BOUND_STEPS)
        reduce(network, steps)
        return CUT_BOUND_STEPS - steps.left

    assert taken(4_000) < 2.2 * taken(2_000)


@settings(max_examples=200, deadline=None)
@given(problems(bound=False))
def test_a_plan_in_the_order_of_names_counts_what_is_left(problem: Problem) -> None:
    cuts = smallest_cut_set(problem).cuts

    plan = order_cuts(problem.size, problem.edges, problem.causes, cuts, budget=0)

    assert [step.cut for step in plan] == sorted(cuts)
    for number, step in enumerate(plan, 1):
        graph = nx.DiGraph(left(problem, plan_cuts := cuts[:number]))
        parts = [len(part) for part in nx.strongly_connected_components(graph) if len(part) > 1]
        assert (step.vertices, step.largest) == (sum(parts), max(parts, default=0)), plan_cuts


@settings(max_examples=100, deadline=None)
@given(problems(shared=False, bound=False), st.integers(0, 60))
def test_a_kernel_ended_early_has_the_same_cycles(problem: Problem, budget: int) -> None:
    edges = sorted(problem.edges)
    expected = count_cycles(problem.size, edges)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(simple_cycles, "contract", lambda given: contract(given, budget=budget))
        assert count_cycles(problem.size, edges) == expected


@pytest.mark.parametrize("size", [200, 400])
def test_effects_take_no_more_steps_than_they_may(size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    edges = sorted(edge for vertex in range(size - 1) for edge in ((vertex, vertex + 1), (vertex + 1, vertex)))
    removals = [(number,) for number in range(len(edges))]
    every = effects(size, edges, removals)
    looked: list[int] = []
    whole = module.scc_ids
    monkeypatch.setattr(module, "scc_ids", lambda following: looked.append(len(following)) or whole(following))

    known = effects(size, edges, removals, budget=10 * size)

    assert None not in every
    assert None in known
    assert sum(looked) < 12 * size
    assert all(found in (None, expected) for found, expected in zip(known, every, strict=True))


def test_edges_along_a_path_are_looked_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    size = 2_000
    looked: list[int] = []
    whole = module.scc_ids
    monkeypatch.setattr(module, "scc_ids", lambda following: looked.append(len(following)) or whole(following))

    found = effects(size, [(vertex, (vertex + 1) % size) for vertex in range(size)], [(n,) for n in range(size)])

    assert found == (Effect(frees=size, largest_left=0),) * size
    assert len(looked) == 1


def test_a_dense_component_is_counted_within_its_steps() -> None:
    edges = digraph(700, 9_000)

    counts = count_cycles(700, edges)

    assert not counts.exact
    assert counts.longest is not None
    assert counts.longest >= 2
