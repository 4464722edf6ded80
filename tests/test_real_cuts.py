"""Cuts on real packages, against solvers and tools that share no code with `cycles`."""

import json
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

import grimp
import networkx as nx
import pytest

sys.path.append(str(Path(__file__).parents[1] / "benchmarks"))
from cycles.api import analyze
from cycles.cuts import plan_cuts, rank
from cycles.enums import GraphName
from cycles.model import Component, CutRequest
from pinned import Entry, entries

pytestmark = pytest.mark.real
SOLVER_SECONDS = 60
COUNTED = 60_000
SIZES = """
import json, sys, clingo
problem = json.load(sys.stdin)
control = clingo.Control(["--opt-strategy=usc", "--configuration=tweety"])
facts = [f"edge({e},{a},{b})." for e, (a, b) in enumerate(problem["edges"])]
facts += [f"cause({e},{c})." for e, causes in enumerate(problem["causes"]) for c in causes]
facts += [f"free({c})." for c in problem["free"]]
control.add("base", [], " ".join(facts) + '''
{cut(C)} :- free(C).
kept(E) :- cause(E,C), not cut(C).
#edge (A,B) : edge(E,A,B), kept(E).
#minimize {1,C : cut(C)}.
''')
control.ground([("base", [])])
best = []
def found(model): best.append(model.cost[0])
with control.solve(on_model=found, async_=True) as handle:
    finished = handle.wait(float(sys.argv[1]))
    if not finished: handle.cancel()
    print(best[-1] if finished and handle.get().exhausted else "unfinished")
"""


@cache
def components(entry: Entry, graph: GraphName) -> tuple[Component, ...]:
    return analyze(entry.package, folders=[entry.folder], graph=graph).components


def problem(component: Component) -> dict:
    """A component as numbers; a package's imports of its own modules must stay."""
    place = {module: number for number, module in enumerate(component.modules)}
    cuts: dict[tuple[str, str], int] = {}
    causes = [
        sorted({cuts.setdefault((found.importer, found.imported), len(cuts)) for found in edge.imports})
        for edge in component.dependencies
    ]
    return {
        "edges": [(place[edge.importer], place[edge.imported]) for edge in component.dependencies],
        "causes": causes,
        "free": [number for (a, b), number in cuts.items() if not b.startswith(f"{a}.")],
    }


@pytest.mark.parametrize("graph", GraphName)
@pytest.mark.parametrize("entry", entries(), ids=lambda entry: entry.package)
def test_every_cut_set_is_proven_and_as_small_as_clingo_finds(entry, graph):
    for plan in plan_cuts(components(entry, graph)):
        component = plan.component
        size = len(plan.cut_set.cuts)
        assert plan.cut_set.proven
        assert plan.cut_set.lower_bound == size

        seconds = str(SOLVER_SECONDS if len(component.modules) < 400 else 5)
        finished = subprocess.run(
            [sys.executable, "-c", SIZES, seconds],
            input=json.dumps(problem(component)),
            capture_output=True,
            text=True,
            check=True,
        )
        assert finished.stdout.strip() in (str(size), "unfinished")


@pytest.mark.parametrize("graph", GraphName)
@pytest.mark.parametrize("entry", entries(), ids=lambda entry: entry.package)
def test_without_fixed_cuts_igraph_finds_the_same_size(entry, graph):
    igraph = pytest.importorskip("igraph")
    if graph is not GraphName.ALL:
        pytest.skip("a cut is one dependency only in all, where nothing is implied")
    found = components(entry, graph)
    for plan in plan_cuts(found, CutRequest(allow_reexports=True)):
        if len(plan.component.modules) > 160:
            continue  # igraph has no time limit, and needs minutes here
        numbers = problem(plan.component)
        plain = igraph.Graph(n=len(plan.component.modules), edges=numbers["edges"], directed=True)
        assert len(plain.feedback_arc_set(method="ip")) == len(plan.cut_set.cuts)


@pytest.mark.parametrize("graph", GraphName)
@pytest.mark.parametrize("entry", entries(), ids=lambda entry: entry.package)
def test_counts_are_those_of_networkx(entry, graph):
    for component in components(entry, graph):
        ranking = rank(component)
        if ranking.cycles.exact and ranking.cycles.count <= COUNTED:
            through = dict.fromkeys(((edge.importer, edge.imported) for edge in component.dependencies), 0)
            total = 0
            for cycle in nx.simple_cycles(nx.DiGraph(list(through))):
                total += 1
                for pair in zip(cycle, [*cycle[1:], cycle[0]], strict=True):
                    through[pair] += 1
            assert (ranking.cycles.count, ranking.through) == (total, tuple(through.values()))


def sizes(pairs) -> tuple[int, int]:
    """Modules in cycles, and the largest component, by networkx."""
    found = [len(names) for names in nx.strongly_connected_components(nx.DiGraph(pairs)) if len(names) > 1]
    return sum(found), max(found, default=0)


@pytest.mark.parametrize("entry", entries(), ids=lambda entry: entry.package)
def test_the_plan_of_all_holds_when_grimp_removes_the_imports(entry, monkeypatch):
    monkeypatch.syspath_prepend(str(entry.folder))
    graph = grimp.build_graph(entry.package, cache_dir=None)
    for plan in plan_cuts(components(entry, GraphName.ALL)):
        if any("dynamic" in found.tags for edge in plan.component.dependencies for found in edge.imports):
            continue  # grimp does not see these
        members = set(plan.component.modules)
        for step in plan.steps:
            graph.remove_import(importer=step.importer, imported=step.imported)
            pairs = [
                (module, other)
                for module in members
                for other in graph.find_modules_directly_imported_by(module) & members
                if other != module
            ]
            assert sizes(pairs) == (step.modules_left, step.largest_left)


@pytest.mark.parametrize("entry", [e for e in entries() if e.package in ("click", "werkzeug", "xarray", "django", "dask")], ids=lambda entry: entry.package)  # fmt: skip
def test_the_plan_of_import_time_holds_when_statements_are_deleted(entry, tmp_path):
    shutil.copytree(entry.folder / entry.package, tmp_path / entry.package)
    (plan, *_) = plan_cuts(analyze(entry.package, folders=[tmp_path]).components)
    members = set(plan.component.modules)
    cuts = {(cut.importer, cut.imported): cut for cut in plan.ranking.cuts}
    for step in plan.steps:
        cut = cuts[step.importer, step.imported]
        for statement in cut.imports:
            delete(tmp_path / statement.path, statement.line_number, statement.names)
        left = [
            found for found in analyze(entry.package, folders=[tmp_path]).components if members & set(found.modules)
        ]
        found = [len(component.modules) for component in left]
        assert (sum(found), max(found, default=0)) == (step.modules_left, step.largest_left)


def delete(path: Path, line_number: int, names: tuple[str, ...]) -> None:
    """Blank the names that a statement takes, or the statement; lines stay where they are."""
    import ast

    text = path.read_text(encoding="utf-8")
    lines = text.splitlines()
    node = next(
        found
        for found in ast.walk(ast.parse(text))
        if isinstance(found, ast.Import | ast.ImportFrom) and found.lineno == line_number
    )
    indentation = lines[line_number - 1][: node.col_offset]
    kept = [alias for alias in node.names if names and alias.name not in names]
    if kept and isinstance(node, ast.ImportFrom):
        replacement = ast.unparse(ast.ImportFrom(module=node.module, names=kept, level=node.level))
    else:
        replacement = "pass"
    lines[line_number - 1 : node.end_lineno] = [indentation + replacement] + [""] * (node.end_lineno - line_number)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
