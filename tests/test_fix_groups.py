"""`cycles fix --by`: the cuts between groups of modules made, beside networkx and real imports."""

import os
import shutil
import subprocess
import sys

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import golden
from conftest import program
from cycles.api import analyze
from cycles.enums import GraphName
from cycles.patching.make_fix import fix, plans_for
from cycles.patching.steps import Wishes
from cycles.patching.write import write_all
from cycles_oracle import read
from groups_oracle import Statement, edges, files_of, grouped, knots, statements, words


def written(folder, found: list[Statement]) -> None:
    shutil.rmtree(folder / "p", ignore_errors=True)
    for name, text in files_of(found).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


@pytest.mark.parametrize("by", ["package", "siblings", "names"])
@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(found=statements(), graph=st.sampled_from([GraphName.IMPORT_TIME, GraphName.ALL]))
def test_what_is_left_of_groups_is_what_networkx_finds_in_the_written_files(by, found, graph, tmp_path):
    written(tmp_path, found)
    analysis = analyze("p", folders=[tmp_path], graph=graph, by=words(by))
    plans = plans_for(analysis, analysis.components)
    fixed = [fix(analysis, plan, Wishes(), environment=os.environ) for plan in plans]
    for one in fixed:
        write_all(tmp_path, one.files)

    before, left = (knots(grouped(by, made)) for made in (edges(found, graph), read(tmp_path, "p").causes(graph)))
    assert sum(map(len, left)) <= sum(map(len, before))
    if len(fixed) == 1:
        assert sum(map(len, left)) == fixed[0].checks.modules == fixed[0].steps[-1].modules_left


def test_packages_are_taken_apart_and_locked(tmp_path):
    shutil.copytree(golden.SAMPLES / "cyclic_packages" / "cyclic_packages", tmp_path / "cyclic_packages")
    command = [program("cycles"), "fix", "cyclic_packages", "--by", "package", "--write", "--lock"]
    (tmp_path / "pyproject.toml").write_text("")
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr
    assert "1 of 1 cut made: no cycle is left" in done.stdout
    assert "analysed again: 0 groups on cycles, as predicted" in done.stdout.replace("\n  ", " ")
    check = [program("cycles"), "check", "cyclic_packages", "--by", "package"]
    assert subprocess.run(check, cwd=tmp_path, capture_output=True, check=False).returncode == 0
    lint = subprocess.run([program("lint-imports")], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert "Contracts: 1 kept" in lint.stdout, lint.stdout + lint.stderr
    subprocess.run([sys.executable, "-c", "import cyclic_packages.people.debts"], cwd=tmp_path, check=True)


def test_moves_are_not_for_groups():
    command = [program("cycles"), "fix", "cyclic_packages", "--by", "package", "--moves"]
    folder = golden.SAMPLES / "cyclic_packages"
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        "cycles: fix --by moves no definitions; leave out the moves, or --by to take cycles of modules apart "
        "(`cuts --by` with --moves names definitions to move)\n"
    )
