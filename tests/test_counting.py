"""Laws of cycle counts: they equal enumeration, and depend on nothing but the graph."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise, permutations
from math import prod

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cycles.cuts.counting.contraction import Kernel, contract, push_back
from cycles.cuts.counting.frontier_dp import count_by_frontier
from cycles.cuts.counting.simple_cycles import CycleCounts, count_cycles

Edges = list[tuple[int, int]]
SIZE = 9
PAIRS = sorted(permutations(range(SIZE), 2))
graphs = st.lists(st.sampled_from(PAIRS), unique=True, max_size=30)
dense_graphs = st.sets(st.sampled_from(sorted(permutations(range(7), 2))), max_size=12).map(
    lambda missing: [edge for edge in permutations(range(7), 2) if edge not in missing]
)


def enumerated(edges: Sequence[tuple[int, int]]) -> CycleCounts:
    through: Counter[tuple[int, int]] = Counter()
    total = 0
    for cycle in nx.simple_cycles(nx.DiGraph(edges)):
        total += 1
        through.update(pairwise([*cycle, cycle[0]]))
    return CycleCounts(total=total, through=tuple(through[edge] for edge in edges), exact=True, longest=None)


def short_enumerated(kernel: Kernel, edges: Edges, longest: int) -> CycleCounts:
    through = {loop: kernel.weights[loop] for loop in kernel.loops}
    total = sum(through.values())
    for piece in kernel.pieces:
        number = dict(zip(piece.edges, piece.numbers, strict=True))
        for cycle in nx.simple_cycles(nx.DiGraph(piece.edges), length_bound=longest):
            steps = [number[step] for step in pairwise([*cycle, cycle[0]])]
            count = prod(kernel.weights[step] for step in steps)
            total += count
            for step in steps:
                through[step] = through.get(step, 0) + count
    by_edge = dict(zip(sorted(edges), push_back(kernel, through), strict=True))
    return CycleCounts(total=total, through=tuple(by_edge[edge] for edge in edges), exact=False, longest=longest)


def clique(size: int) -> Edges:
    return list(permutations(range(size), 2))


@given(st.one_of(graphs, dense_graphs))
def test_counts_equal_enumeration(edges: Edges) -> None:
    counts = count_cycles(SIZE, edges)

    assert counts == enumerated(edges)


@given(st.one_of(graphs, dense_graphs), st.permutations(range(SIZE)))
def test_renaming_changes_nothing(edges: Edges, names: list[int]) -> None:
    renamed = [(names[tail], names[head]) for tail, head in edges]

    assert count_cycles(SIZE, renamed) == count_cycles(SIZE, edges)


@given(st.one_of(graphs, dense_graphs), st.permutations(range(SIZE)))
def test_renaming_changes_no_short_count(edges: Edges, names: list[int]) -> None:
    renamed = [(names[tail], names[head]) for tail, head in edges]

    assert count_cycles(SIZE, renamed, budget=0) == count_cycles(SIZE, edges, budget=0)


@given(st.one_of(graphs, dense_graphs), st.data(), st.sampled_from([(0, 0), (0, 20), (0, 200), (200, 20)]))
def test_input_order_changes_nothing(edges: Edges, data: st.DataObject, budgets: tuple[int, int]) -> None:
    order = data.draw(st.permutations(range(len(edges))))
    shuffled = [edges[index] for index in order]
    budget, short_budget = budgets

    counts = count_cycles(SIZE, edges, budget=budget, short_budget=short_budget)
    again = count_cycles(SIZE, shuffled, budget=budget, short_budget=short_budget)

    assert again == replace(counts, through=tuple(counts.through[index] for index in order))


@given(st.one_of(graphs, dense_graphs), st.integers(0, 400))
def test_over_budget_counts_the_short_cycles_of_the_kernel(edges: Edges, short_budget: int) -> None:
    kernel = contract(sorted(edges))

    counts = count_cycles(SIZE, edges, budget=0, short_budget=short_budget)

    if kernel.pieces:
        assert counts.longest is not None
        assert 2 <= counts.longest <= 8
        assert counts == short_enumerated(kernel, edges, counts.longest)
    else:
        assert counts == enumerated(edges)


def test_enough_budget_reaches_the_length_limit() -> None:
    counts = count_cycles(9, clique(9), budget=0)

    assert counts == short_enumerated(contract(clique(9)), clique(9), 8)


def test_budget_is_one_for_all_pieces() -> None:
    two_cliques = clique(6) + [(tail + 5, head + 5) for tail, head in clique(6)]
    steps = sum(
        found.steps for piece in contract(clique(6)).pieces if (found := count_by_frontier(piece, budget=10**6))
    )

    assert count_cycles(6, clique(6), budget=5 * steps).exact
    assert count_cycles(11, two_cliques, budget=10 * steps).exact
    assert not count_cycles(11, two_cliques, budget=steps).exact


def test_budget_decides_whether_not_what() -> None:
    (piece,) = contract(clique(10)).pieces

    found = [count_by_frontier(piece, budget=budget) for budget in range(0, 120_000, 4_000)]

    totals = [counts and counts.total for counts in found]
    enough = totals.index(1_112_073)
    assert enough > 0
    assert totals == [None] * enough + [totals[enough]] * (len(totals) - enough)


@pytest.mark.parametrize(
    ("edges", "total", "through"),
    [
        ([], 0, ()),
        ([(0, 1)], 0, (0,)),
        ([(0, 1), (1, 2), (2, 3), (3, 0)], 1, (1, 1, 1, 1)),
        (clique(4), 20, (5,) * 12),
        ([(0, 1), (1, 0), (1, 2), (2, 1)], 2, (1, 1, 1, 1)),
        ([(0, 1), (1, 0), (1, 2), (3, 4), (4, 3)], 2, (1, 1, 0, 1, 1)),
    ],
    ids=["nothing", "one edge", "ring", "clique", "two cycles at a vertex", "two components"],
)
def test_small_graphs(edges: Edges, total: int, through: tuple[int, ...]) -> None:
    counts = count_cycles(5, edges)

    assert counts == CycleCounts(total=total, through=through, exact=True, longest=None)


def test_long_ring_needs_no_recursion() -> None:
    size = 20_000

    counts = count_cycles(size, [(vertex, (vertex + 1) % size) for vertex in range(size)])

    assert counts == CycleCounts(total=1, through=(1,) * size, exact=True, longest=None)


def test_counts_beyond_any_enumeration_are_exact() -> None:
    size = 400
    doubled = [(vertex, (vertex + step) % size) for vertex in range(size) for step in (1, 2)]

    counts = count_cycles(size, doubled)

    assert counts.exact
    assert counts.total > 10**80
    assert len(set(counts.through[::2])) == len(set(counts.through[1::2])) == 1


def test_vertices_are_numbered_from_zero() -> None:
    with pytest.raises(ValueError, match="vertices 0 to 1"):
        count_cycles(2, [(1, 2)])
