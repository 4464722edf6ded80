"""What one cut does alone, and the order of a plan, against networkx."""

import networkx as nx
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from cycles.cuts.order_plan import order_cuts
from cycles.cuts.single_cut_effects import Effect, effects


@st.composite
def strong_graphs(draw) -> tuple[int, list[tuple[int, int]]]:
    """A random strongly connected graph: a component of a sparse random one."""
    size = draw(st.integers(2, 9))
    vertex = st.integers(0, size - 1)
    edges = draw(st.lists(st.tuples(vertex, vertex), min_size=size, max_size=3 * size, unique=True))
    ring = [(v, (v + 1) % size) for v in range(size)] if draw(st.booleans()) else []
    graph = nx.DiGraph([edge for edge in [*edges, *ring] if edge[0] != edge[1]])
    largest = max(nx.strongly_connected_components(graph), key=len, default={0})
    assume(len(largest) > 1)
    place = {name: number for number, name in enumerate(sorted(largest))}
    return len(largest), sorted((place[a], place[b]) for a, b in graph.edges if a in place and b in place)


def sizes_after(edges, removed) -> list[int]:
    graph = nx.DiGraph([edge for edge in edges if edge not in removed])
    return [len(found) for found in nx.strongly_connected_components(graph) if len(found) > 1]


@settings(max_examples=400)
@given(strong_graphs(), st.randoms(use_true_random=False))
def test_effects_are_those_of_a_fresh_search(drawn, chooser):
    size, edges = drawn
    removals = [[index] for index in range(len(edges))]
    for vertex in range(size):
        leaving = [index for index, (tail, _) in enumerate(edges) if tail == vertex]
        removals.append(chooser.sample(leaving, chooser.randint(0, len(leaving))))

    found = effects(size, edges, removals)

    for removal, effect in zip(removals, found, strict=True):
        sizes = sizes_after(edges, [edges[index] for index in removal])
        assert effect == Effect(frees=size - sum(sizes), largest_left=max(sizes, default=0))


@given(strong_graphs(), st.data())
def test_a_plan_says_what_is_left_after_each_cut(drawn, data):
    size, edges = drawn
    causes = [
        tuple(sorted(data.draw(st.sets(st.sampled_from([tail * 2, tail * 2 + 1]), min_size=1)))) for tail, _ in edges
    ]
    cuts = sorted({cause for its_causes in causes for cause in its_causes})

    plan = order_cuts(size, edges, causes, cuts)

    assert sorted(left.cut for left in plan) == cuts
    made = set()
    for left in plan:
        made.add(left.cut)
        broken = [edge for edge, its_causes in zip(edges, causes, strict=True) if made.issuperset(its_causes)]
        sizes = sizes_after(edges, broken)
        assert (left.vertices, left.largest) == (sum(sizes), max(sizes, default=0))


def test_a_plan_frees_most_first():
    edges = [(0, 1), (1, 0), (0, 2), (2, 3), (3, 4), (4, 0)]
    causes = [(index,) for index in range(len(edges))]

    assert [left.cut for left in order_cuts(5, edges, causes, [0, 2])] == [2, 0]
