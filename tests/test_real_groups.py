"""Groups of modules of real packages, against import-linter, clingo and grimp."""

import ast
import shutil
import sys
from collections import defaultdict
from functools import cache
from pathlib import Path

import grimp
import networkx as nx
import pytest

sys.path.append(str(Path(__file__).parents[1] / "benchmarks"))
from cycles.api import analyze
from cycles.cuts import plan_cuts
from cycles.enums import GraphName
from cycles.group_cycles import against_layers, layers_left, plan_groups
from cycles.model import Analysis, Dependency
from pinned import Entry, entries
from solver import fewest

pytestmark = pytest.mark.real
EVERY = pytest.mark.parametrize("entry", entries(), ids=lambda entry: entry.package)
GRAPHS = pytest.mark.parametrize("graph", GraphName)


@cache
def analysed(entry: Entry, graph: GraphName, by: str) -> Analysis:
    return analyze(entry.package, folders=[entry.folder], graph=graph, by=by, count_cuts=True)


def causes(edge: Dependency) -> frozenset[tuple[str, str]]:
    return frozenset((found.importer, found.imported) for found in edge.imports)


def cyclic_siblings(graph: grimp.ImportGraph, package: str) -> set[str]:
    """The packages that the contract type `acyclic_siblings` names: it asks grimp, package by package."""
    found, waiting = set(), [package]
    while waiting:
        package = waiting.pop()
        children = graph.find_children(package)
        waiting += children
        if len(children) > 1 and graph.nominate_cycle_breakers(package):
            found.add(package)
    return found


@EVERY
def test_siblings_are_cyclic_where_import_linter_says_so(entry, monkeypatch):
    monkeypatch.syspath_prepend(str(entry.folder))
    graph = grimp.build_graph(entry.package, cache_dir=None)
    analysis = analyze(entry.package, folders=[entry.folder], graph="all", by="siblings", only=True)
    ours = {component.modules[0].rpartition(".")[0]: component for component in analysis.components}
    theirs = cyclic_siblings(graph, entry.package)

    assert theirs <= ours.keys()
    for package in ours.keys() - theirs:
        # What grimp does not see: calls of `import_module`.
        linked = [
            (edge.importer, edge.imported)
            for edge in ours[package].dependencies
            if any("dynamic" not in found.tags for found in edge.imports)
        ]
        assert nx.is_directed_acyclic_graph(nx.DiGraph(linked)), package


@pytest.mark.parametrize("by", ["package", "package:2"])
@GRAPHS
@EVERY
def test_the_plan_is_proven_and_as_small_as_clingo_finds(entry, graph, by):
    analysis = analysed(entry, graph, by)
    for plan in plan_cuts(analysis.components, ranked=False):
        edges = {(edge.importer, edge.imported): causes(edge) for edge in plan.component.dependencies}
        assert plan.cut_set.proven
        assert fewest(edges, 30) in (len(plan.cut_set.cuts), None)

        left = [pair for pair, made in edges.items() if not made <= set(plan.cut_set.cuts)]
        assert nx.is_directed_acyclic_graph(nx.DiGraph(left))
        layers = layers_left(plan.component, plan.cut_set.cuts)
        rank = {name: number for number, layer in enumerate(layers) for name in layer}
        assert all(rank[one] < rank[other] for one, other in left)


@EVERY
def test_without_the_cuts_grimp_sees_no_cycle_between_groups(entry, monkeypatch):
    monkeypatch.syspath_prepend(str(entry.folder))
    graph = grimp.build_graph(entry.package, cache_dir=None)
    analysis = analyze(entry.package, folders=[entry.folder], graph="all", by="package", only=True)
    for plan in plan_cuts(analysis.components, ranked=False):
        for step in plan.steps:
            # grimp knows no module in a folder without an __init__ below a regular package.
            if {step.importer, step.imported} <= graph.modules:
                graph.remove_import(importer=step.importer, imported=step.imported)
    ends = {
        (".".join(importer.split(".")[:2]), ".".join(imported.split(".")[:2]))
        for importer in graph.modules
        for imported in graph.find_modules_directly_imported_by(importer)
    }
    assert nx.is_directed_acyclic_graph(nx.DiGraph([pair for pair in ends if pair[0] != pair[1]]))


def without_statements(source: bytes, lines: set[int]) -> bytes:
    """A text in which `pass` stands for each statement that begins on some lines: the imports there, if there are any."""
    nodes = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.stmt) and node.lineno in lines]
    imports = [node for node in nodes if isinstance(node, (ast.Import, ast.ImportFrom))]
    imported = {node.lineno for node in imports}
    others = {node.lineno: node for node in nodes if node.lineno not in imported}
    text = source.splitlines(keepends=True)
    for node in sorted([*imports, *others.values()], key=lambda node: (node.lineno, node.col_offset), reverse=True):
        before, after = text[node.lineno - 1][: node.col_offset], text[node.end_lineno - 1][node.end_col_offset :]
        text[node.lineno - 1 : node.end_lineno] = [before + b"pass" + after, *[b"\n"] * (node.end_lineno - node.lineno)]
    return b"".join(text)


@pytest.mark.parametrize("graph", [GraphName.IMPORT_TIME, GraphName.RUNTIME])
@EVERY
def test_with_the_statements_of_the_plan_deleted_no_groups_import_each_other(entry, graph, tmp_path):
    shutil.copytree(entry.folder / entry.package, tmp_path / entry.package)
    analysis = analyze(entry.package, folders=[tmp_path], graph=graph, by="package", only=True)
    deleted: defaultdict[str, set[int]] = defaultdict(set)
    for plan in plan_cuts(analysis.components, ranked=False):
        for found in (found for cut in plan.cuts for found in cut.imports):
            deleted[found.path].add(found.line_number)
    for path, lines in deleted.items():
        file = Path(analysis.project, path)
        file.write_bytes(without_statements(file.read_bytes(), lines))

    after = analyze(entry.package, folders=[tmp_path], graph=graph, by="package", only=True)
    assert (after.modules, after.components) == (analysis.modules, ())


@EVERY
def test_the_layers_of_a_plan_are_broken_by_its_cuts_only(entry):
    analysis = analysed(entry, GraphName.RUNTIME, "package")
    for plan in plan_cuts(analysis.components, ranked=False):
        order = [group for layer in layers_left(plan.component, plan.cut_set.cuts) for group in layer]
        against = against_layers(analysis, order)
        assert {(cut.importer, cut.imported) for cut in against.cuts} <= set(plan.cut_set.cuts)


@GRAPHS
@EVERY
def test_the_edits_that_are_told_of_leave_no_group_on_a_cycle(entry, graph):
    analysis = analyze(entry.package, folders=[entry.folder], by="package", graph=graph)
    plans = plan_groups(analysis, analysis.components)

    assert all(found.plan.steps[-1].modules_left == 0 for found in plans)
