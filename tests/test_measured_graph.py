"""What would be saved without a distribution: by networkx on random graphs, and by packages that are really imported."""

import os
import random
import sys
from pathlib import Path

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import write_files
from cycles.children.run_python import Interpreter
from cycles.children.startup_runs import ExecutedImport, GarbageCollection, ImportRun, LoadedModule, Start, measure
from cycles.enums import Verdict
from cycles.model import FirstImport
from cycles.startup.measured_costs import OWN, STANDARD_LIBRARY, distribution_costs
from cycles.startup.measured_graph import MAIN, FullCollections, MeasuredGraph, measured_graph
from cycles.startup.measurement_values import Cost
from cycles.startup.verify import noise_of, undisturbed

FINE = FirstImport("p", Verdict.OK)


def run_of(
    *modules: LoadedModule, imports: tuple[ExecutedImport, ...] = (), collections: tuple[GarbageCollection, ...] = ()
) -> ImportRun:
    total = sum(taken.nanoseconds for taken in (*modules, *collections))
    return ImportRun(FINE, total, sum(module.kilobytes for module in modules), modules, collections, imports)


def collections_of(text: str, *full: int) -> tuple[GarbageCollection, ...]:
    """`ppQ`: two collections while p is imported, and a full one while q is, each with what it takes."""
    taken = iter(full)
    return tuple(GarbageCollection(one.lower(), next(taken) if one.isupper() else 0) for one in text)


def loaded(
    name: str, nanoseconds: int = 1, kilobytes: int = 0, parent: str = "", *, there: bool = True
) -> LoadedModule:
    return LoadedModule(name, parent, None, nanoseconds, kilobytes, there)


def executed(importer: str, imported: str, line: int = 1, body: str = "") -> ExecutedImport:
    return ExecutedImport(importer, line, imported, body or importer, 1, "f" if body else "")


def graph_of(arrows: str, **nanoseconds: int) -> MeasuredGraph:
    """`a>b c>d`: a imports b; the first one is the entry."""
    pairs = [tuple(arrow.split(">")) for arrow in arrows.split()]
    names = dict.fromkeys(name for pair in pairs for name in pair)
    imports = (executed(MAIN, next(iter(names))), *(executed(*pair) for pair in pairs))
    return measured_graph([run_of(*(loaded(name, nanoseconds.get(name, 1)) for name in names), imports=imports)])


def test_a_module_costs_the_least_of_what_it_took_so_that_the_sum_is_no_more_than_any_total():
    noted = run_of(loaded("p", 90), loaded("q", 90, parent="p"), imports=(executed(MAIN, "p"), executed("p", "q")))
    runs = [noted, run_of(loaded("p", 5, 10), loaded("q", 9, 20)), run_of(loaded("p", 7, 11), loaded("q", 6, 21))]

    graph = measured_graph(runs)

    assert graph.costs == {"p": Cost(5, 11), "q": Cost(6, 21)}
    assert graph.cost(graph.costs).nanoseconds <= min(run.nanoseconds for run in runs)


def test_what_disturbs_a_part_of_each_run_is_left_out():
    runs = [
        run_of(loaded("p", 90), loaded("q", 6), collections=collections_of("Q", 4)),
        run_of(loaded("p", 5), loaded("q", 60), collections=collections_of("QQ", 1, 2)),
        run_of(loaded("p", 6), loaded("q", 7), collections=collections_of("Q", 30)),
    ]

    assert undisturbed(runs) == 5 + 6 + 3
    assert undisturbed(runs[:1]) == 100


def test_noise_is_by_how_much_two_halves_of_runs_of_the_same_differ():
    steady, slow = run_of(loaded("p", 100)), run_of(loaded("p", 130))

    assert noise_of([steady] * 6) == 0.0
    assert noise_of([steady, slow, steady, steady]) == 0.0
    assert round(noise_of([steady, slow, steady, slow]), 6) == 0.3
    assert noise_of([slow]) == 0.0


def test_who_brings_garbage_collections_about_pays_for_the_full_ones():
    noted = run_of(loaded("p"), loaded("q", parent="p"))
    timed = run_of(loaded("p", 10, 100), loaded("q", 10, 300), collections=collections_of("pqqQ", 40))

    graph = measured_graph([noted, timed])

    assert graph.costs == {"p": Cost(20, 100), "q": Cost(40, 300)}
    assert graph.saved({"p"}) == Cost(10 + 40, 100)
    assert graph.saved({"p", "q"}) == Cost(60, 400)


@pytest.mark.parametrize(
    ("collections", "gone", "left"),
    [
        pytest.param(collections_of("pPqQ", 10, 30), "q", 10, id="the second one does not come"),
        pytest.param(collections_of("pPqQ", 10, 30), "p", 20, id="the first one comes later, and has less to look at"),
        pytest.param(collections_of("pPrrqQ", 10, 30), "r", 10, id="the second one would come later"),
        pytest.param(collections_of("pPrrqQqq", 10, 30), "r", 40, id="the second one comes later, after as much"),
        pytest.param(collections_of("pPqqQ", 100, 130), "r", 230, id="nothing is gone"),
        pytest.param(collections_of("pPqrrQ", 100, 125), "q", 100, id="it has not grown by a quarter"),
        pytest.param(collections_of("pq"), "q", 0, id="there is none"),
        pytest.param((), "q", 0, id="nothing is collected"),
    ],
)
def test_full_collections_come_or_not_by_what_is_left(collections, gone, left):
    whole = sum(one.nanoseconds for one in collections)

    saved = FullCollections(collections).saved({gone})

    assert round(whole * (1 - saved)) == left


@given(st.lists(st.tuples(st.sampled_from("pqr"), st.integers(0, 3)), max_size=40), st.sets(st.sampled_from("pqr")))
def test_nothing_more_is_saved_than_there_is_and_all_of_it_without_all_modules(drawn, gone):
    collections = FullCollections(tuple(GarbageCollection(module, taken) for module, taken in drawn))

    assert collections.saved(()) == 0
    assert 0 <= collections.saved(gone) <= 1
    assert collections.saved("pqr") == any(taken for _, taken in drawn)


def test_what_is_not_loaded_in_every_run_costs_nothing():
    graph = measured_graph([run_of(loaded("p")), run_of(loaded("p", 4), loaded("q", 9)), run_of(loaded("p", 5))])

    assert graph.costs == {"p": Cost(4, 0)}


def test_an_import_in_a_function_needs_the_module_that_it_stands_in_and_the_one_that_calls_it():
    """p calls a function of q, which imports r: without either, r is not loaded."""
    imports = (executed(MAIN, "p"), executed("p", "q", 1), executed("p", "s", 2), executed("q", "r", 9, body="s"))
    graph = measured_graph([run_of(*map(loaded, "pqrs"), imports=imports)])

    assert graph.reached() == {MAIN, "p", "q", "r", "s"}
    assert graph.without_statements([("p", 1)]) == {"q", "r"}
    assert graph.without_statements([("p", 2)]) == {"r", "s"}
    assert graph.without_statements([("q", 9)]) == {"r"}
    assert graph.without_statements([("q", 8)]) == set()


def test_packages_around_a_module_are_loaded_with_it():
    imports = (executed(MAIN, "p"), executed("p", "x.y.z"))
    graph = measured_graph([run_of(*map(loaded, ("p", "x", "x.y", "x.y.z")), imports=imports)])

    assert graph.without_statements([("p", 1)]) == {"x", "x.y", "x.y.z"}


def test_what_no_statement_accounts_for_hangs_below_the_module_that_was_being_imported():
    """A compiled module imports q; r, which nobody finds there, failed."""
    imports = (executed(MAIN, "p"), executed("p", "fast"), executed("q.deep", "q", 3))
    modules = (
        loaded("p"),
        loaded("fast", parent="p"),
        loaded("q", parent="fast"),
        loaded("q.deep", parent="q"),
        loaded("r", parent="q.deep", there=False),
    )
    graph = measured_graph([run_of(*modules, imports=imports)])

    assert graph.reached() == {MAIN, "p", "fast", "q", "q.deep", "r"}
    assert graph.without_statements([("p", 1)]) == {"fast", "q", "q.deep", "r"}


def test_a_distribution_alone_costs_what_nobody_pays_without_it():
    graph = graph_of(
        "p>pandas pandas>numpy pandas>dateutil p>scipy scipy>numpy", pandas=5, numpy=7, dateutil=2, scipy=3
    )
    belongs = {name: name for name in graph.costs} | {"p": OWN}

    rows = {
        row.name: (row.own.nanoseconds, row.alone.nanoseconds, row.only_with)
        for row in distribution_costs(graph, belongs)
    }

    assert rows == {
        "pandas": (5, 7, ()),
        "scipy": (3, 3, ()),
        "dateutil": (2, 0, ("pandas",)),
        "numpy": (7, 0, ("pandas", "scipy")),
    }
    assert list(rows) == ["pandas", "scipy", "numpy", "dateutil"]


def test_own_imports_of_what_others_import_too_are_no_use_to_cut_alone():
    graph = graph_of("p>pandas pandas>numpy p>numpy", pandas=5, numpy=7)
    belongs = {name: name for name in graph.costs} | {"p": OWN}

    rows = {row.name: (row.alone.nanoseconds, row.only_with) for row in distribution_costs(graph, belongs)}

    assert rows == {"pandas": (5, ()), "numpy": (0, ("pandas",))}


def test_a_module_of_the_project_that_a_distribution_loads_is_no_part_of_it():
    """A plug-in: its own imports are the project's."""
    graph = graph_of("p>app app>p.plugin p.plugin>heavy", heavy=9, app=2)
    belongs = {"p": OWN, "p.plugin": OWN, "app": "app", "heavy": "heavy"}

    rows = {row.name: (row.alone.nanoseconds, row.only_with) for row in distribution_costs(graph, belongs)}

    assert rows == {"heavy": (9, ()), "app": (12, ())}


@pytest.mark.parametrize("seed", range(100))
def test_alone_is_what_cannot_be_reached_any_more_on_random_graphs(seed):
    chance = random.Random(seed)
    names = [f"{kind}{number}" for kind in "pabcs" for number in range(4)]
    arrows = {(a, b) for a in names for b in names if a != b and a[0] != "s" and chance.random() < 0.12}
    drawn = nx.DiGraph(arrows)
    drawn.add_edge("p", "p0")
    inside = sorted(nx.descendants(drawn, "p"))
    arrows = [(a, b) for a, b in sorted(arrows) if a in inside and b in inside]
    imports = (executed(MAIN, "p0"), *(executed(*arrow) for arrow in arrows))
    taken = {name: chance.randrange(100) for name in inside}
    graph = measured_graph([run_of(*(loaded(name, taken[name], taken[name] * 2) for name in inside), imports=imports)])
    belongs = {name: {"p": OWN, "s": STANDARD_LIBRARY}.get(name[0], name[0]) for name in inside}

    rows = distribution_costs(graph, belongs)

    for row in rows:
        left = drawn.subgraph([*inside, "p"]).copy()
        left.remove_edges_from([(a, b) for a, b in arrows if a[0] == "p" and b[0] == row.name])
        gone = set(inside) - nx.descendants(left, "p")
        assert row.alone == Cost(sum(taken[name] for name in gone), sum(taken[name] for name in gone) * 2)
        assert bool(row.only_with) == any(name[0] == row.name and name not in gone for name in inside)
        entering = [
            other
            for other in "abc"
            if any(
                nx.has_path(drawn.subgraph([name for name in inside if name[0] != "p"]), b, name)
                for a, b in arrows
                if a[0] == "p" and b[0] == other
                for name in inside
                if name[0] == row.name and name not in gone
            )
        ]
        assert row.only_with == tuple(other for other in entering if other != row.name)
    whole = graph.cost(graph.costs)
    assert sum(row.own.nanoseconds for row in rows) <= whole.nanoseconds


BUSY = "import time\nend = time.process_time() + {}\nwhile time.process_time() < end: pass\n"


@pytest.mark.posix
def test_packages_that_are_really_imported_cost_what_they_are_known_to_take(tmp_path: Path):
    """What is shared is paid for once: shared goes only with big and small."""
    write_files(
        tmp_path,
        {
            "app/__init__.py": "",
            "app/main.py": "import app.first\nfrom app import second\n",
            "app/first.py": "import big\n",
            "app/second.py": "import small\n" + BUSY.format(0.04),
            "big.py": "import shared\n" + BUSY.format(0.1),
            "small.py": "import shared\n" + BUSY.format(0.03),
            "shared.py": "import helper\n" + BUSY.format(0.06),
            "helper.py": "data = b'x' * 20_000_000\n" + BUSY.format(0.02),
        },
    )
    interpreter = Interpreter(
        python=sys.executable, folder=str(tmp_path), environment=os.environ, project=str(tmp_path), timeout=30.0
    )

    runs = measure(Start("app.main", code="import app.main"), interpreter)
    graph = measured_graph(runs)
    belongs = {name: OWN if name.startswith("app") else name for name in graph.costs}
    rows = {row.name: row for row in distribution_costs(graph, belongs)}

    assert list(rows) == ["big", "small", "shared", "helper"]
    assert [rows["big"].alone, rows["small"].alone] == [rows["big"].own, rows["small"].own]
    assert rows["shared"].only_with == rows["helper"].only_with == ("big", "small")
    assert [
        rows[name].own.nanoseconds >= least
        for name, least in (("big", 100e6), ("small", 30e6), ("shared", 60e6), ("helper", 20e6))
    ] == [True] * 4
    assert graph.cost(graph.costs).nanoseconds <= min(run.nanoseconds for run in runs[1:])
    assert graph.cost(["helper"]).kilobytes >= 19_000


@pytest.mark.posix
@pytest.mark.skipif(sys.version_info >= (3, 14), reason="its collections are never full ones")
def test_full_collections_that_a_module_brings_about_do_not_come_without_it(tmp_path: Path):
    made = "kept = [[] for _ in range({})]\n"
    write_files(
        tmp_path,
        {"main.py": "import small\nimport big\n", "small.py": made.format(20_000), "big.py": made.format(200_000)},
    )
    interpreter = Interpreter(
        python=sys.executable,
        folder=str(tmp_path),
        environment=os.environ,
        project=str(tmp_path),
        setup="import gc; gc.set_threshold(700, 10, 10)",
        timeout=30.0,
    )

    *_, run = measure(Start("main", code="import main"), interpreter)
    *_, without = measure(Start("small", code="import small"), interpreter)

    full = [one.module for one in run.collections if one.nanoseconds]
    assert set(full) == {"big"}
    assert FullCollections(run.collections).saved({"big"}) == 1.0
    assert not any(one.nanoseconds for one in without.collections)
    assert without.collections
