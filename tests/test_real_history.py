"""`cycles check` from release to release of real packages, beside `ast`, networkx and clingo."""

import shutil
import sys
from pathlib import Path

import pytest

from cycles.api import analyze
from cycles.check.compare_revision import Revision, compare_with_revision
from cycles.enums import GraphName, Outcome
from cycles.make_analysis import Question
from cycles_oracle import read
from git_history import ENVIRONMENT, History
from groups_oracle import grouped, knots
from inside import scan_here

sys.path.append(str(Path(__file__).parents[1] / "benchmarks"))
from releases import Released, released

pytestmark = pytest.mark.real


@pytest.mark.parametrize("one", released(), ids=lambda one: one.package)
def test_the_verdict_of_every_release_is_that_of_the_oracle(tmp_path, one: Released):
    history = History(tmp_path)
    before = None
    graphs = list(GraphName)

    for version in one.versions:
        history.clear()
        shutil.copytree(one.folder(version) / one.package, tmp_path / one.package)
        with scan_here():
            now = analyze(one.package, folders=[tmp_path])
            oracle = read(tmp_path, one.package)
            figures = {graph: (cyclic(oracle, graph, one), oracle.cuts(graph, one.package)) for graph in graphs}
            if before is not None:
                question = Question([one.package], [tmp_path])
                change = compare_with_revision(
                    question, now, Revision("HEAD", merge_base=False), graphs, environment=ENVIRONMENT
                )
                renamed = {new: old for old, new in change.renamed}
                for found in change.graphs:
                    was, was_cuts = before[found.graph]
                    is_cyclic, cuts = figures[found.graph]
                    where = f"{one.package} {version} ({found.graph})"
                    assert (found.before.modules, found.now.modules) == (
                        tuple(sorted(was)),
                        tuple(sorted(is_cyclic)),
                    ), where
                    assert (found.before.cuts.size, found.now.cuts.size) == (was_cuts, cuts), where
                    # What was split off or joined is known by its lines: then fewer are newly on a cycle than by name.
                    new = {name for name in is_cyclic if name not in was and renamed.get(name) not in was}
                    assert set(found.newly) <= new, where
                    assert (found.outcome is Outcome.WORSE) == (bool(found.newly) or cuts > was_cuts), where
            before = figures
        history.commit(subject=version)


@pytest.mark.parametrize("one", released(), ids=lambda one: one.package)
def test_packages_that_newly_need_each_other_are_named_by_the_added_imports(tmp_path, one: Released):
    history = History(tmp_path)
    before = None

    for version in one.versions:
        history.clear()
        shutil.copytree(one.folder(version) / one.package, tmp_path / one.package)
        with scan_here():
            now = analyze(one.package, folders=[tmp_path], by="package")
            oracle = read(tmp_path, one.package)
            made = grouped("package", oracle.causes("import-time"))
            groups = {name for names in knots(made) for name in names}
            if before is not None:
                question = Question([one.package], [tmp_path], by=["package"])
                [found] = compare_with_revision(
                    question, now, Revision("HEAD", merge_base=False), ["import-time"], environment=ENVIRONMENT
                ).graphs
                was, had = before
                where = f"{one.package} {version}"
                assert (set(found.before.modules), set(found.now.modules)) == (was, groups), where
                # What took another name, or in most of a package, continues that.
                assert set(found.newly) <= groups - was, where
                errors = {(error.importer, error.imported) for error in found.findings if error.is_error}
                left = [pair for pair, causes in made.items() if not causes <= errors]
                assert not {name for names in knots(left) for name in names} & set(found.newly), where
                if found.newly:
                    assert found.outcome is Outcome.WORSE, where
                    assert any(error not in had for error in errors), where
            before = groups, {cause for causes in oracle.causes("import-time").values() for cause in causes}
        history.commit(subject=version)


def cyclic(oracle, graph: str, one: Released) -> set[str]:
    return {module for modules in oracle.cyclic(graph, one.package) for module in modules}
