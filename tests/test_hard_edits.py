"""Fixes of text that is hard to edit: real interpreters say the same before and after, and git takes every byte back."""

import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from conftest import write_files
from cycles.api import analyze, plan_all, replay_plan
from cycles.model import CutRequest, Ways
from cycles.patching.fix_result import Fixed, MovedFirst
from cycles.patching.make_fix import fix, move_first
from cycles.patching.steps import Wishes
from cycles.report.fix import patches
from forked import Job, outcomes
from hard_edits import CASES, LEAF, Case

GIT = ["git", "-c", "user.name=a", "-c", "user.email=a@b", "-c", "core.autocrlf=false"]


@dataclass
class Made:
    """What became of a case."""

    outcome: str
    moved: MovedFirst
    steps: list[Fixed]
    files: dict[str, bytes]


def written(case: Case, folder: Path) -> list[str]:
    """Write a case; the names of its modules."""
    files = {"pyproject.toml": "[project]\nname = 'p'\nversion = '1'\n", "p/__init__.py": "", "p/leaf.py": LEAF}
    files |= {"p/m.py": case.text, **case.more}
    write_files(folder, files)
    paths = sorted(path for path in files if path.startswith("p/"))
    return [path[:-3].replace("/", ".").removesuffix(".__init__") for path in paths]


def made(case: Case, folder: Path) -> Made:
    """Fix a case in memory."""
    ways = Ways(lazy=case.moves, avoid_code=case.moves)
    analysis = analyze("p", folders=[folder])
    moved, left = MovedFirst(), analysis.components
    after = analysis
    if case.moves:
        moved, after, left = move_first(analysis, analysis.components, {}, ways)
    plans = [replay_plan(after, plan) for plan in plan_all(left, CutRequest(cheapest=case.moves, ways=ways))]
    steps = [fix(after, plan, Wishes(ways=ways), environment={}) for plan in plans]
    all_steps = [step for one in steps for step in one.steps]
    done = "made" if all_steps and all(step.is_made for step in all_steps) else "refused"
    files = {path: data for move in moved.moves for path, _, data in move.files}
    files |= {path: data for one in steps for path, (_, data) in one.files.items()}
    return Made("moved" if moved.moves else done, moved, steps, files)


@pytest.fixture(scope="module")
def cases(tmp_path_factory):
    top = tmp_path_factory.mktemp("cases")
    subprocess.run([*GIT, "init", "-q"], cwd=top, check=True)
    modules = {name: written(case, top / f"c{number}") for number, (name, case) in enumerate(CASES.items())}
    subprocess.run([*GIT, "add", "-A"], cwd=top, check=True)
    subprocess.run([*GIT, "commit", "-qm", "a"], cwd=top, check=True)
    folders = {name: top / f"c{number}" for number, name in enumerate(CASES)}
    return top, folders, modules, {name: made(case, folders[name]) for name, case in CASES.items()}


def said(
    folders: dict[str, Path], modules: dict[str, list[str]], texts: dict[str, bytes]
) -> dict[str, list[str | None]]:
    """What interpreters say of the first import of each module of each case, and of what it does."""
    jobs, owners = [], []
    for name, case in CASES.items():
        setup = f"{case.probe}\nassert r == {case.result!r}, r"
        folder = folders[name]
        jobs += [Job([folder], [module], texts) for module in modules[name]]
        jobs.append(Job([folder], ["p"], texts, setup=setup))
        owners += [name] * (len(modules[name]) + 1)
    found: dict[str, list[str | None]] = {name: [] for name in CASES}
    for owner, (error, _) in zip(owners, outcomes(jobs), strict=True):
        found[owner].append(error)
    return found


def test_hard_text_is_edited_as_far_as_that_is_safe(cases):
    _, _, _, found = cases

    assert {name: one.outcome for name, one in found.items()} == {name: case.outcome for name, case in CASES.items()}


def test_what_could_be_imported_and_what_it_does_stays(cases):
    top, folders, modules, found = cases
    before = said(folders, modules, {})
    for one in found.values():
        write_files(top, one.files)

    after = said(folders, modules, {})

    subprocess.run([*GIT, "checkout", "-q", "."], cwd=top, check=True)
    subprocess.run([*GIT, "clean", "-qfd"], cwd=top, check=True)
    assert [name for name in CASES if before[name][-1]] == []
    assert {
        name: (before[name], after[name])
        for name in CASES
        if any(was is None and now is not None for was, now in zip(before[name], after[name], strict=True))
    } == {}


def test_git_applies_all_patches_and_takes_every_byte_back(cases):
    top, _, _, found = cases
    data = b"".join(patches(one.moved, one.steps) for one in found.values())

    subprocess.run([*GIT, "apply", "-"], cwd=top, input=data, check=True)
    now = {path: (top / path).read_bytes() for one in found.values() for path in one.files}
    subprocess.run([*GIT, "apply", "-R", "-"], cwd=top, input=data, check=True)

    assert now == {path: data for one in found.values() for path, data in one.files.items()}
    assert subprocess.run([*GIT, "status", "--porcelain"], cwd=top, check=True, capture_output=True).stdout == b""
