"""A plan that is replayed in memory says what really comes of it: its edits written to files, in real interpreters."""

import itertools
import random
import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

import fixable
import golden
from conftest import write_files
from cycles.api import analyze, costs, plan_all, replay_plan
from cycles.enums import GraphName, Verdict
from cycles.fixes.cut_fixes import sources_of
from cycles.fixes.edits import apply_to_bytes, edits_of
from cycles.limits import PAGE_FIRST_IMPORTS, Steps
from cycles.report.cuts import cuts_as_text
from cycles.report.terminal import TextStyle
from cycles.simulated_plan import crashing_after_each_step
from forked import Job, outcomes

PACKAGES = 12
_numbers = itertools.count()


@settings(
    max_examples=2, deadline=None, derandomize=True, phases=[Phase.generate], suppress_health_check=list(HealthCheck)
)
@given(seed=st.integers(0, 2**32))
def test_a_replayed_plan_comes_out_as_it_says(tmp_path_factory, seed):
    choose = random.Random(seed)
    top, folder = f"again{next(_numbers)}", tmp_path_factory.mktemp("again")
    files = {f"{top}/__init__.py": b""}
    for number in range(PACKAGES):
        files |= fixable.package(choose, f"{top}.g{number}")
    write_files(folder, files)
    analysis = analyze(top, folders=[folder])
    read = sources_of(analysis.origin).modules
    names = {module.path: module.name for module in analysis.files}
    paths = {name: path for path, name in names.items()}
    jobs, asked = [], []
    for plan in plan_all(analysis.components):
        replayed = replay_plan(analysis, plan, everything=True)
        if replayed.replay.edited < len(plan.steps):
            assert replayed.replay.simulated is None
            continue
        edits = edits_of([cut.fix for cut in plan.cuts], read, folder)
        changed = {}
        for module in {edit.module for edit in edits}:
            data = (folder / (paths[module])).read_bytes()
            changed[paths[module]] = apply_to_bytes(data, [edit for edit in edits if edit.module == module])
        copy = tmp_path_factory.mktemp("copy")
        write_files(copy, files | {str((folder / path).relative_to(folder)): data for path, data in changed.items()})
        members = set(plan.component.modules)
        left = [len(one.modules) for one in analyze(top, folders=[copy]).components if members & set(one.modules)]
        assert (sum(left), max(left, default=0)) == (replayed.steps[-1].modules_left, replayed.steps[-1].largest_left)
        failing = {entry.module for entry in replayed.replay.failing}
        for module in members - failing:
            jobs.append(Job([copy], [module]))
            asked.append((module, plan))

    assert len(asked) > PACKAGES // 2
    for (module, plan), (error, _) in zip(asked, outcomes(jobs), strict=True):
        assert error is None, (module, error, [cut.fix for cut in plan.cuts])


def test_what_cannot_be_edited_is_taken_out(analysed):
    analysis = analysed(
        {
            "p/__init__.py": "",
            "p/a.py": "from p.b import B\nclass A(B): pass\n",
            "p/b.py": "import p.a\nclass B: x = p.a\n",
        }
    )

    (plan,) = plan_all(analysis.components)
    replayed = replay_plan(analysis, plan)

    assert (replayed.replay.edited, replayed.replay.simulated) == (0, None)
    assert [step.modules_left for step in replayed.steps] == [0]


def test_modules_that_fail_for_another_reason_are_not_among_those_that_can_be_imported(analysed):
    files = {
        "p/__init__.py": "",
        "p/a.py": "import p.b\nimport p.broken\n",
        "p/b.py": "from p import a\n",
        "p/c.py": "from p import d\n\ndef run():\n    return d\n",
        "p/d.py": "from p import c\n\ndef run():\n    return c\n\nraise ValueError\n",
        "p/broken.py": "def f(:\n",
    }
    analysis = analysed(files)

    replayed = [replay_plan(analysis, plan) for plan in plan_all(analysis.components)]
    shown = cuts_as_text(analysis, replayed, TextStyle())

    assert [[(entry.module, entry.verdict) for entry in plan.replay.failing] for plan in replayed] == [
        [("p.a", Verdict.OTHER)],
        [("p.c", Verdict.OTHER), ("p.d", Verdict.OTHER)],
    ]
    text = " ".join(shown.split())
    assert "1 of 2 modules can be imported first; 1 fails for another reason than a cycle" in text
    assert "0 of 2 modules can be imported first; 2 fail for another reason than a cycle" in text


def test_what_crashes_after_each_step_is_what_real_interpreters_say(tmp_path):
    folder = golden.SAMPLES / "agent_core"
    analysis = analyze("ee.hogai", folders=[folder])
    (plan,) = plan_all(analysis.components)
    read = sources_of(analysis.origin).modules
    paths = {module.name: Path(module.path) for module in analysis.files}

    found = crashing_after_each_step(analysis, plan, Steps(PAGE_FIRST_IMPORTS))

    jobs, asked = [], []
    for step in range(len(plan.steps) + 1):
        edits = edits_of([cut.fix for cut in plan.cuts[:step]], read, folder)
        copy = tmp_path / str(step)
        shutil.copytree(folder, copy)
        for module in {edit.module for edit in edits}:
            changed = apply_to_bytes(paths[module].read_bytes(), [edit for edit in edits if edit.module == module])
            (copy / paths[module].relative_to(folder)).write_bytes(changed)
        for module in plan.component.modules:
            jobs.append(Job([copy], [module]))
            asked.append((step, module))
    crashed = {asked[place] for place, (error, _) in enumerate(outcomes(jobs)) if error is not None}
    assert {(step, module) for step, modules in enumerate(found) for module in modules} == crashed
    assert [len(modules) for modules in found] == [35, 30, 14, 14, 5, 0]


def test_first_imports_are_predicted_after_so_many_steps_as_the_budget_allows(analysed):
    files = {
        "p/__init__.py": "",
        "p/a.py": "from p.b import B\nA = 1\ndef f(): return B\n",
        "p/b.py": "from p.a import A\nB = A\n",
    }
    analysis = analysed(files)
    (plan,) = plan_all(analysis.components)
    everything = crashing_after_each_step(analysis, plan, Steps(6))

    assert everything == [("p.a", "p.b"), ()]
    assert crashing_after_each_step(analysis, plan, Steps(5)) == everything[:1]
    assert crashing_after_each_step(analysis, plan, Steps(2)) == []


def test_first_imports_of_another_graph_are_not_predicted(analysed):
    analysis = analysed(
        {"p/__init__.py": "", "p/a.py": "import p.b\n", "p/b.py": "def f(): import p.a\n"}, graph=GraphName.RUNTIME
    )
    (plan,) = plan_all(analysis.components)

    assert crashing_after_each_step(analysis, plan, Steps(1000)) == []


@pytest.mark.parametrize("steps", [0, 10, 20, 40, 80, 160])
def test_a_component_has_one_plan_alone_or_with_others(analysed, monkeypatch, steps):
    monkeypatch.setattr("cycles.fixes.cut_fixes.FIRST_RUN_STEPS", steps)
    pairs = ("ab", "cd", "ef")
    text = "from p import {}\n\n\ndef table(x):\n    return x\n\n\n@table\ndef f():\n    return {}\n\n\nX = table(1)\n"
    files = {f"p/{one}.py": text.format(other, other) for pair in pairs for one, other in (pair, pair[::-1])}
    components = analysed({"p/__init__.py": "", **files}).components

    together = list(plan_all(components))

    assert [plan.cuts for plan in together] == [next(plan_all([component])).cuts for component in components]
    # By these a contract chooses the imports that it excepts.
    assert costs(components) == {pair: cost for component in components for pair, cost in costs([component]).items()}
