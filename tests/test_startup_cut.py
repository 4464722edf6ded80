"""The smallest sets of statements are those that trying all sets finds, with as many separate chains for a proof."""

import itertools
import random

import networkx as nx
import pytest

from cycles.graph.dominators import immediate_dominators
from cycles.startup.startup_values import LoadEdge
from cycles.startup.statement_cut import CutProblem, Loads

GRAPHS = 300
OWN = [f"own{number}" for number in range(6)]
FOREIGN = [f"dist{number}" for number in range(4)]
TARGET = "dist3"


def graph(choose: random.Random) -> list[LoadEdge]:
    """Loads between a few modules: at most a dozen statements, of which some load several modules."""
    edges = {LoadEdge("", choose.choice(OWN), "x", None) for _ in range(choose.randint(1, 2))}
    for number in range(choose.randint(1, 12)):
        importer = choose.choice(OWN)
        for imported in choose.sample([*OWN, *FOREIGN], choose.randint(1, 3)):
            if imported != importer:
                edges.add(LoadEdge(importer, imported, imported, (importer, number)))
    for importer, imported in itertools.permutations(FOREIGN, 2):
        if choose.random() < 0.15:
            edges.add(LoadEdge(importer, imported, imported, (importer, 1)))
    return sorted(edges, key=lambda edge: (edge.importer, edge.imported, edge.statement or ("", 0)))


def is_own(module: str) -> bool:
    return module in OWN


def reaches(edges: list[LoadEdge], without: set) -> bool:
    """Whether the target is loaded when some statements are cut: an oracle, by networkx."""
    left = nx.DiGraph([(edge.importer, edge.imported) for edge in edges if edge.statement not in without])
    return left.has_node("") and left.has_node(TARGET) and nx.has_path(left, "", TARGET)


def cheapest(edges: list[LoadEdge], costs: dict) -> int | None:
    """The least cost of a set of statements without which the target is not loaded: all sets are tried."""
    places = [place for place, cost in costs.items() if cost is not None]
    sets = itertools.chain.from_iterable(itertools.combinations(places, size) for size in range(len(places) + 1))
    return min((sum(costs[place] for place in some) for some in sets if not reaches(edges, set(some))), default=None)


def statements(edges: list[LoadEdge]) -> list:
    return sorted({edge.statement for edge in edges if edge.statement and is_own(edge.importer)})


@pytest.mark.parametrize("seed", range(0, GRAPHS, 50))
def test_the_smallest_cut_is_the_one_that_trying_all_finds(seed):
    for number in range(seed, seed + 50):
        choose = random.Random(number)
        edges = graph(choose)
        costs = {place: choose.choice((1, 1, 2, 3, 40, None)) for place in statements(edges)}

        found = CutProblem(Loads(edges, is_own), {TARGET}).smallest(costs.get)

        assert (found and found.cost) == cheapest(edges, costs)
        if found:
            assert found.cost == sum(costs[place] for place in found.statements)
            assert not reaches(edges, set(found.statements))


@pytest.mark.parametrize("seed", range(0, GRAPHS, 50))
def test_as_many_chains_as_statements_share_none_of_them(seed):
    for number in range(seed, seed + 50):
        edges = graph(random.Random(number))

        found = CutProblem(Loads(edges, is_own), {TARGET}).smallest(
            lambda place: 1 if is_own(place[0]) else None, chains=True
        )

        if found is None:
            continue
        used = [place for chain in found.chains for place in chain.statements if place and is_own(place[0])]
        assert len(found.chains) == len(found.statements) == found.cost
        assert len(used) == len(set(used))
        by_ends = {(edge.importer, edge.imported, edge.statement) for edge in edges}
        for chain in found.chains:
            assert (chain.modules[0], chain.modules[-1]) == ("", TARGET)
            steps = zip(chain.modules, chain.modules[1:], chain.statements, strict=False)
            assert set(steps) <= by_ends


def test_of_two_smallest_cuts_the_one_nearest_to_the_target_is_taken():
    edges = [
        LoadEdge("", "own0", "own0", None),
        LoadEdge("own0", "own1", "own1", ("own0", 1)),
        LoadEdge("own1", "dist3", "dist3", ("own1", 7)),
    ]

    found = CutProblem(Loads(edges, is_own), {TARGET}).smallest(lambda _: 1)

    assert found.statements == (("own1", 7),)


def test_one_statement_that_loads_several_modules_counts_once():
    edges = [
        LoadEdge("", "own0", "own0", None),
        LoadEdge("own0", "own1", "own2", ("own0", 1)),
        LoadEdge("own0", "own2", "own2", ("own0", 1)),
        LoadEdge("own1", "dist3", "dist3", ("own1", 1)),
        LoadEdge("own2", "dist3", "dist3", ("own2", 1)),
    ]

    found = CutProblem(Loads(edges, is_own), {TARGET}).smallest(lambda _: 1)

    assert found.statements == (("own0", 1),)


def test_what_is_not_reached_needs_no_cut():
    edges = [LoadEdge("", "own0", "own0", None), LoadEdge("own1", "dist3", "dist3", ("own1", 1))]
    problem = CutProblem(Loads(edges, is_own), {TARGET})

    assert problem.smallest(lambda _: 1).statements == ()
    assert problem.shortest_chain() is None


def test_where_nothing_can_be_cut_a_chain_of_such_statements_is_shown():
    edges = [
        LoadEdge("", "own0", "own0", None),
        LoadEdge("own0", "own1", "own1", ("own0", 1)),
        LoadEdge("own1", "dist3", "dist3", ("own1", 1)),
        LoadEdge("own0", "dist0", "dist0", ("own0", 2)),
        LoadEdge("dist0", "dist3", "dist3", ("dist0", 4)),
    ]
    problem = CutProblem(Loads(edges, is_own), {TARGET})
    cost = {("own0", 1): 1, ("own1", 1): 1}.get

    assert problem.smallest(cost) is None
    chain = problem.uncuttable(cost)
    assert chain.modules == ("", "own0", "dist0", "dist3")
    assert chain.statements == (None, ("own0", 2), ("dist0", 4))


def test_dominators_are_what_no_path_avoids():
    for seed in range(60):
        choose = random.Random(seed)
        edges = [(choose.randrange(9), choose.randrange(9)) for _ in range(choose.randint(1, 20))]

        found = immediate_dominators(edges, 0)

        reached = _reached(edges, None)
        assert set(found) == reached - {0}
        for vertex in found:
            dominators = set()
            at = vertex
            while at:
                at = found[at]
                dominators.add(at)
            assert dominators == {other for other in reached - {vertex} if vertex not in _reached(edges, other)}


def _reached(edges, without):
    seen = {0} - {without}
    for _ in range(10):
        seen |= {head for tail, head in edges if tail in seen and head != without}
    return seen
