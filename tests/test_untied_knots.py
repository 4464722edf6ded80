"""Knots as people untie them, in many forms of code: `cycles fix --moves` does with as little, and breaks nothing.

`untied_knots.txt` holds small packages, each with a line that says what is done. Oracles: git, Ruff, and interpreters
that import each module first, after each patch.
"""

import json
import subprocess
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest

from conftest import program, write_files
from cycles.api import analyze, plan_all, replay_plan
from cycles.model import CutRequest, Ways
from cycles.patching.make_fix import fix, move_first
from cycles.patching.steps import Wishes
from cycles.report.fix import patches
from cycles.report.fix_words import what_to_do
from forked import Job, outcomes

GIT = ["git", "-c", "user.name=a", "-c", "user.email=a@b", "-c", "core.autocrlf=false"]
HEAD = "#### "
RUFF = ["check", "--no-cache", "--exit-zero", "--isolated", "--select", "F,I,E9,TC", "--output-format", "json", "."]


@dataclass(frozen=True)
class Knot:
    """A package, the graph in which it is knotted, and what is done about it."""

    name: str
    package: str
    graph: str
    done: str
    files: dict[str, str]

    @property
    def modules(self) -> list[str]:
        """Its modules, but for tests."""
        paths = [path for path in self.files if "test_" not in path]
        return sorted(path[:-3].replace("/", ".").removesuffix(".__init__") for path in paths)


def read_knots() -> list[Knot]:
    """All knots of the file: a heading, what is done, and each module behind `--- path`."""
    found = []
    for part in (Path(__file__).parent / "untied_knots.txt").read_text(encoding="utf-8").split(HEAD)[1:]:
        (heading, done, *_), (_, *texts) = part.split("\n"), part.split("--- ")
        name, graph = heading.rsplit(" ", 1)
        files = {path: text for path, _, text in (one.partition("\n") for one in texts)}
        found.append(Knot(name, next(iter(files)).partition("/")[0], graph, done, files))
    return found


KNOTS = read_knots()


@dataclass
class Untied:
    """What was done: in a line, as states of the files after each patch, and as patches."""

    done: str
    states: list[dict[str, bytes]]
    patches: bytes
    back: list[tuple[str, str]]
    left: int


def untied(knot: Knot, folder: Path) -> Untied:
    """Fix a knot in memory."""
    ways = Ways(lazy=True, avoid_code=True)
    analysis = analyze(knot.package, folders=[folder], graph=knot.graph)
    moved, after, left = move_first(analysis, analysis.components, {}, ways)
    plans = [replay_plan(after, plan) for plan in plan_all(left, CutRequest(cheapest=True, ways=ways))]
    fixed = [fix(after, plan, Wishes(ways=ways), environment={}, original=analysis) for plan in plans]
    said, states, state = [], [], {}
    for move in moved.moves:
        names = ", ".join(one.names[0] for one in move.move.definitions)
        warned = " (tests may notice)" if move.warnings else ""
        said.append(f"{move.move.source}: {names} to {move.move.target.name}{warned}")
        state = {**state, **{path: data for path, _, data in move.files}}
        states.append(state)
    for found in fixed:
        for step in found.steps:
            kind = step.cut.fix.feasibility if step.cut.fix and step.is_made else "refused"
            said.append(f"{step.cut.importer} -> {step.cut.imported}: {kind}")
            state = {**state, step.path: step.after} if step.is_made else state
            states.append(state)
    back = [(one.move.source, name) for one in moved.moves for d in one.move.wanted for name in d.names]
    sizes = [found.checks.modules for found in fixed] or [moved.checks.modules if moved.checks else -1]
    return Untied("; ".join(said), states, patches(moved, fixed), back, sum(sizes))


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    top = tmp_path_factory.mktemp("knots")
    folders = {knot.name: top / f"k{number}" for number, knot in enumerate(KNOTS)}
    for knot in KNOTS:
        write_files(folders[knot.name], knot.files)
    subprocess.run([*GIT, "init", "-q"], cwd=top, check=True)
    subprocess.run([*GIT, "add", "-A"], cwd=top, check=True)
    subprocess.run([*GIT, "commit", "-qm", "a"], cwd=top, check=True)
    return top, folders, {knot.name: untied(knot, folders[knot.name]) for knot in KNOTS}


def imported(top: Path, folders: dict[str, Path], states: dict[str, list[dict[str, bytes]]]) -> dict[str, list[bool]]:
    """Whether each module of each knot can be imported first, in each of some states of its files."""
    jobs, owners = [], []
    for knot in KNOTS:
        for number, state in enumerate(states[knot.name]):
            folder = top / f"state{number}" / folders[knot.name].name
            write_files(folder, knot.files)
            write_files(
                folder, {str(Path(path).relative_to(folders[knot.name].name)): data for path, data in state.items()}
            )
            jobs += [Job([folder], [module], {}) for module in knot.modules]
            owners += [knot.name] * len(knot.modules)
    able: dict[str, list[bool]] = {knot.name: [] for knot in KNOTS}
    for name, outcome in zip(owners, outcomes(jobs), strict=True):
        able[name].append(outcome[0] is None)
    return able


def ruff_says(top: Path) -> Counter:
    """How often each rule is broken, by file; and which files are not formatted."""
    done = subprocess.run([program("ruff"), *RUFF], cwd=top, capture_output=True, text=True, check=True)
    command = [program("ruff"), "format", "--no-cache", "--isolated", "--check", "."]
    formatted = subprocess.run(command, cwd=top, capture_output=True, text=True, check=False)
    said = [(one["filename"], one["code"]) for one in json.loads(done.stdout)]
    return Counter([*said, *((line, "format") for line in formatted.stdout.splitlines() if "Would" in line)])


def test_as_few_definitions_move_as_people_move(found):
    _, _, made = found

    assert {name: (one.done, one.left) for name, one in made.items()} == {knot.name: (knot.done, 0) for knot in KNOTS}


def test_whatever_could_be_imported_first_can_be_after_each_patch(found, tmp_path):
    _, folders, made = found

    able = imported(tmp_path, folders, {name: [{}, *one.states] for name, one in made.items()})

    for knot in KNOTS:
        before, *after = (
            able[knot.name][at : at + len(knot.modules)] for at in range(0, len(able[knot.name]), len(knot.modules))
        )
        assert (knot.name, [now for now in after if any(a and not b for a, b in zip(before, now, strict=True))]) == (
            knot.name,
            [],
        )
        assert (knot.name, all(after[-1])) == (knot.name, True)


def test_patches_leave_names_where_they_were_and_order_as_it_was_and_come_off(found):
    top, folders, made = found
    said = ruff_says(top)
    data = b"\n".join(one.patches for one in made.values())

    subprocess.run([*GIT, "apply", "-"], cwd=top, input=data, check=True)
    jobs = [Job([folders[name]], [], setup=f"from {a} import {b}") for name, one in made.items() for a, b in one.back]
    there = [error for error, _ in outcomes(jobs)]
    more = ruff_says(top) - said
    again = {knot.name: untied(knot, folders[knot.name]).done for knot in KNOTS}
    subprocess.run([*GIT, "apply", "-R", "-"], cwd=top, input=data, check=True)

    assert there == [None] * len(there)
    assert more == Counter()
    assert again == dict.fromkeys(again, "")
    assert subprocess.run([*GIT, "status", "--porcelain"], cwd=top, check=True, capture_output=True).stdout == b""


def test_patches_say_what_changes_besides_imports(found):
    said = {name: " ".join(one.patches.decode().partition("diff --git")[0].split()) for name, one in found[2].items()}

    assert said["helper: with logger"] == (
        "Subject: Move safe to feed._safe safe of feed.loader (4 lines) goes to feed._safe, and is imported back. "
        "Its __module__ becomes feed._safe. What moves logs as feed._safe."
    )
    assert said["const2: logger in init"] == (
        "Subject: Move DEFAULT_PORT to app._default_port DEFAULT_PORT of app (1 line) goes to app._default_port, and is "
        "imported back."
    )
    assert said["helper: patched by tests"].endswith("/pay/test_gateway.py:7.")


def test_the_import_of_a_package_only_goes_where_that_of_its_module_binds_it_too(tmp_path):
    files = {
        "p/__init__.py": "FLAG = 1\n\nfrom p import m\n\nUSED = m\n",
        "p/util.py": "x = 1\n",
        "p/m.py": "import p\nimport p.util\n\n\ndef f():\n    return p.FLAG, p.util.x\n",
    }
    write_files(tmp_path, files)
    analysis = analyze("p", folders=[tmp_path])

    ((cut,),) = (plan.cuts for plan in plan_all(analysis.components))

    assert what_to_do(cut) == "remove `import p`: importing a module inside of it binds it too"
    assert cut.fix.detail == "another import binds p too; remove this one"
