"""What `how` promises, kept: on real packages every easy cut is made by itself, and the module really imported.

`CYCLES_PYTHON` names an interpreter that has the packages' dependencies; without it the running one is taken.
"""

import os
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parents[1] / "benchmarks"))
from cycles.api import analyze, plan_all
from cycles.enums import Feasibility
from cycles.model import CutRequest
from mover import imported, moved
from pinned import entries

pytestmark = pytest.mark.real
PYTHON = os.environ.get("CYCLES_PYTHON", sys.executable)
EASY = (Feasibility.UNUSED, Feasibility.TYPE_ONLY, Feasibility.DEFERRABLE)


def outcomes(package: str, folder: Path, *, strict: bool) -> dict[tuple[str, str], tuple[str, str, str]]:
    """For each easy cut its feasibility, and what importing its importer says before and after."""
    analysis = analyze(package, folders=[folder])
    files = {module.name: module for module in analysis.files}
    plans = plan_all(analysis.components, CutRequest(allow_reexports=True))
    easy = [cut for found in plans for cut in found.ranking.cuts if cut.fix.feasibility in EASY]

    def outcome(cut):
        file = files[cut.importer]
        text = Path(file.path).read_text(encoding="utf-8")
        text = moved(text, cut, frozenset(files), is_package=file.is_package, strict=strict)
        after = imported(PYTHON, [folder], [package, cut.importer], {file.path: text})
        before = "ok" if after == "ok" else imported(PYTHON, [folder], [package, cut.importer], {})
        return (cut.importer, cut.imported), (cut.fix.feasibility.value, before, after)

    with ThreadPoolExecutor(os.cpu_count()) as executor:
        return dict(executor.map(outcome, easy))


@pytest.mark.parametrize("entry", entries(), ids=lambda entry: entry.package)
def test_making_an_easy_cut_breaks_no_import(entry):
    if imported(PYTHON, [entry.folder], [entry.package], {}) != "ok":
        pytest.skip("not importable here: its dependencies are missing")

    found = outcomes(entry.package, entry.folder, strict=False)

    counted = Counter(feasibility for feasibility, _, _ in found.values())
    sys.stdout.write(f"{entry.package} {dict(counted)}\n")
    assert {pair: seen for pair, seen in found.items() if seen[2] != seen[1]} == {}
