"""What holds for every graph, against networkx, which shares no code with `cycles`."""

import random
from dataclasses import replace

import networkx as nx
from hypothesis import given
from hypothesis import strategies as st

from cycles.enums import GraphName, Kind
from cycles.graph.build import build, entered_packages, possible_dependencies
from cycles.graph.components import components, short_cycle, shortest_cycle, strongly_connected
from cycles.limits import Steps
from cycles.source.import_values import Import
from cycles.source.module_names import Pair

names = st.sampled_from([f"{top}{rest}" for top in "ab" for rest in ("", ".c", ".d", ".c.e", ".c.f", ".d.g")])
graphs = st.lists(st.tuples(names, names), max_size=30, unique=True)


def imports(pairs: list[Pair]) -> list[Import]:
    return [Import(a, b, "", number, "", kind, (), ()) for number, (a, b) in enumerate(pairs) for kind in [Kind.EAGER]]


@given(graphs)
def test_components_are_those_of_networkx(pairs):
    expected = [tuple(sorted(found)) for found in nx.strongly_connected_components(nx.DiGraph(pairs)) if len(found) > 1]

    assert strongly_connected(pairs) == tuple(sorted(expected, key=lambda found: (-len(found), found)))


@given(graphs)
def test_the_shortest_cycle_is_the_first_of_the_shortest(pairs):
    edges = [pair for pair in pairs if pair[0] != pair[1]]
    cycles = [tuple(found) for found in nx.simple_cycles(nx.DiGraph(edges))]
    turned = [tuple(cycle[start:] + cycle[:start]) for cycle in cycles for start in [cycle.index(min(cycle))]]

    assert shortest_cycle(edges) == min(turned, key=lambda cycle: (len(cycle), cycle), default=())


@given(graphs, st.randoms(use_true_random=False))
def test_the_order_of_input_does_not_matter(pairs, shuffler: random.Random):
    shuffled = shuffler.sample(pairs, len(pairs))

    assert strongly_connected(shuffled) == strongly_connected(pairs)
    assert shortest_cycle([pair for pair in shuffled if pair[0] != pair[1]]) == shortest_cycle(
        [pair for pair in pairs if pair[0] != pair[1]]
    )


@given(graphs)
def test_every_dependency_of_every_graph_is_among_the_widest(pairs):
    modules = {name for pair in pairs for name in pair}
    wide = set(possible_dependencies(pairs, modules))

    for name in GraphName:
        graph = build(name, imports(pairs), modules)
        assert {(edge.importer, edge.imported) for edge in graph.dependencies} <= wide


@given(graphs, st.randoms(use_true_random=False))
def test_deferring_an_import_leaves_runtime_as_it_is_and_runtime_holds_import_time(pairs, chooser: random.Random):
    modules = {name for pair in pairs for name in pair}
    written = [replace(found, kind=chooser.choice(list(Kind))) for found in imports(pairs)]
    deferred = [
        replace(found, kind=Kind.DEFERRED) if found.kind is Kind.EAGER and chooser.random() < 0.5 else found
        for found in written
    ]

    def edges(name: GraphName, statements: list[Import]) -> set[Pair]:
        return {(edge.importer, edge.imported) for edge in build(name, statements, modules).dependencies}

    assert edges(GraphName.RUNTIME, deferred) == edges(GraphName.RUNTIME, written)
    assert edges(GraphName.IMPORT_TIME, written) <= edges(GraphName.RUNTIME, written)


@given(graphs)
def test_import_time_adds_the_packages_that_an_import_enters(pairs):
    modules = {name for pair in pairs for name in pair}
    expected = {(a, b) for a, b in pairs if a != b}
    expected |= {(a, package) for a, b in pairs for package in entered_packages(a, b, modules)}

    graph = build(GraphName.IMPORT_TIME, imports(pairs), modules)

    assert {(edge.importer, edge.imported) for edge in graph.dependencies} == expected
    for edge in graph.dependencies:
        assert edge.implied == ((edge.importer, edge.imported) not in pairs)
        assert all(statement.importer == edge.importer for statement in edge.imports)
        assert all(
            edge.imported in (statement.imported, *entered_packages(edge.importer, statement.imported, modules))
            for statement in edge.imports
        )


@given(graphs)
def test_components_hold_exactly_their_inner_dependencies(pairs):
    graph = build(GraphName.ALL, imports(pairs), {name for pair in pairs for name in pair})

    for component in components(graph, ["a"]):
        members = set(component.modules)
        inner = [(a, b) for a, b in sorted(pairs) if a in members and b in members and a != b]
        assert [(edge.importer, edge.imported) for edge in component.dependencies] == inner
        assert component.inside == sum(name == "a" or name.startswith("a.") for name in members)


def test_a_long_chain_needs_no_recursion():
    size = 50_000
    ring = [(f"m{number:06}", f"m{(number + 1) % size:06}") for number in range(size)]

    assert len(strongly_connected(ring)[0]) == size
    assert len(shortest_cycle(ring)) == size


@given(graphs, st.integers(0, 40))
def test_a_short_cycle_is_a_cycle_with_any_budget(pairs, budget):
    edges = [pair for pair in pairs if pair[0] != pair[1]]
    steps = Steps(budget)

    found, is_shortest = short_cycle(edges, steps)

    shortest = shortest_cycle(edges)
    assert set(zip(found, (*found[1:], *found[:1]), strict=True)) <= set(edges)
    assert bool(found) == bool(shortest)
    assert not is_shortest or found == shortest


def test_the_search_for_a_shortest_cycle_ends_with_its_steps():
    size = 1_000
    place = random.Random(1).sample(range(size), size)
    names = [f"m{number:04}" for number in place]
    ring = [(names[number], names[(number + step) % size]) for number in range(size) for step in (1, 2, 3, 4, 5)]
    steps = Steps(20_000)

    found, is_shortest = short_cycle(ring, steps)

    assert len(found) >= size // 5
    assert not is_shortest
    assert steps.left > -2 * len(ring)
