"""The motivating case, to the end: the cuts that `cycles` proposes make every module importable first, and each is needed."""

import ast
import os
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

import golden
from cycles.api import analyze
from cycles.children.first_import_runs import probe
from cycles.children.run_python import Interpreter
from cycles.cuts import plan_cuts
from cycles.enums import Verdict
from cycles.model import Analysis, Cut


def analysed(folder: Path) -> Analysis:
    return analyze("ee.hogai", folders=[folder])


@pytest.fixture(scope="module")
def cuts() -> list[Cut]:
    """The cuts of the plan."""
    (plan,) = plan_cuts(analysed(golden.SAMPLES / "agent_core").components)
    chosen = {(step.importer, step.imported) for step in plan.steps}
    return [cut for cut in plan.ranking.cuts if (cut.importer, cut.imported) in chosen]


def copy_with(cuts: Sequence[Cut], folder: Path) -> Path:
    """A copy of the sources in which the statements of some cuts stand in a function that nobody calls."""
    shutil.copytree(golden.SAMPLES / "agent_core", folder)
    for statement in (statement for cut in cuts for statement in cut.imports):
        path = folder / statement.path
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        tree = ast.parse("".join(lines))
        (found,) = [
            node
            for node in tree.body
            if node.lineno == statement.line_number and isinstance(node, ast.Import | ast.ImportFrom)
        ]
        lines[found.lineno - 1 : found.end_lineno] = ["\n"] * (found.end_lineno - found.lineno + 1)
        lines.append(f"\n\ndef _deferred():\n    {ast.unparse(found)}\n")
        path.write_text("".join(lines), encoding="utf-8")
    return folder


def failures(folder: Path) -> dict[str, str | None]:
    """What a fresh interpreter says of each module that it cannot import first."""
    modules = [file.name for file in analysed(folder).files]
    interpreter = Interpreter(sys.executable, str(folder), os.environ, str(folder))
    found = probe(modules, interpreter, jobs=2)
    return {entry.module: entry.error or entry.reason for entry in found if entry.verdict is not Verdict.OK}


@pytest.mark.posix
def test_with_the_cuts_made_every_module_can_be_imported_first(cuts, tmp_path):
    folder = copy_with(cuts, tmp_path / "sources")

    assert analysed(folder).components == ()
    assert failures(folder) == {}


@pytest.mark.posix
def test_without_any_one_of_them_a_component_is_back(cuts, tmp_path):
    for number in range(len(cuts)):
        folder = copy_with(cuts[:number] + cuts[number + 1 :], tmp_path / str(number))

        assert analysed(folder).components or failures(folder), cuts[number]
