"""`import cycles`: what it offers, and that whole graphs agree with components."""

import subprocess
import sys

import networkx as nx
import pytest

import cycles
import golden
from cycles.enums import GraphName

PACKAGES = [(sample, *golden.OTHER_ARGUMENTS.get(sample, (sample, ()))) for sample in golden.samples()]


def test_every_public_name_is_there_and_described():
    for name in cycles.__all__:
        assert getattr(cycles, name).__doc__, name
    assert set(cycles.__all__) <= set(dir(cycles))
    with pytest.raises(AttributeError, match="module 'cycles' has no attribute 'analyse'"):
        cycles.analyse  # noqa: B018


def test_importing_it_loads_nothing_heavy():
    code = "import cycles, sys; print([name for name in ('networkx', 'typer', 'pydantic', 'grimp') if name in sys.modules])"

    assert subprocess.check_output([sys.executable, "-c", code], text=True) == "[]\n"


@pytest.mark.parametrize(("sample", "package", "roots"), PACKAGES)
def test_the_components_are_those_of_the_whole_graphs(sample, package, roots):
    for name in GraphName:
        analysis = cycles.analyze(package, folders=[golden.SAMPLES / sample], roots=roots, graph=name)
        graph = analysis.graph().to_networkx()
        strong = [set(found) for found in nx.strongly_connected_components(graph) if len(found) > 1]

        assert set(graph) == {file.name for file in analysis.files}
        assert sorted(map(sorted, strong)) == sorted(sorted(component.modules) for component in analysis.components)
        for component in analysis.components:
            inner = graph.subgraph(component.modules)
            found = {(edge.importer, edge.imported): edge.imports for edge in component.dependencies}
            assert {pair: graph.edges[pair]["imports"] for pair in inner.edges} == found


def test_a_graph_has_one_of_three_names():
    analysis = cycles.analyze("shop", folders=[golden.SAMPLES / "shop"])

    assert analysis.graph("all").name is GraphName.ALL
    with pytest.raises(ValueError, match="'static' is not a valid GraphName"):
        analysis.graph("static")


def test_a_plan_needs_its_component_only():
    (component,) = cycles.analyze("shop", folders=[golden.SAMPLES / "shop"]).components

    plan = cycles.plan_cuts(component, cut=[("shop.orders.basket", "shop.customers")])

    assert [(cut.importer, cut.imported) for cut in plan.cuts] == [
        (step.importer, step.imported) for step in plan.steps
    ]
    assert ("shop.orders.basket", "shop.customers") in plan.cut_set.cuts
    assert all(cut.fix for cut in plan.cuts)


def test_the_api_takes_names_and_paths_as_texts_or_as_paths_alone_or_several(monkeypatch, tmp_path):
    shop = golden.SAMPLES / "shop"
    plain = cycles.analyze("shop", folders=[shop])
    monkeypatch.chdir(shop.parent)

    by_text = cycles.analyze(shop / "shop", folders="shop", exclude="shop.orders", roots=[])
    started = cycles.examine_startup("shop.catalog", folders=[tmp_path, str(shop)])

    assert by_text.folder == plain.folder == str(shop)
    assert by_text.modules < plain.modules
    assert cycles.compare(plain, plain, graphs="runtime").graphs[0].graph is GraphName.RUNTIME
    assert cycles.predict_first_imports(plain, after="shop.orders").after == ("shop.orders",)
    assert started.entry.module == "shop.catalog"
    with pytest.raises(cycles.CyclesError, match='loads no distribution "pandas"'):
        cycles.plan_startup(started, "pandas")
