"""First imports of small packages that are hard to follow, each beside a fresh interpreter."""

from random import Random

import pytest

from cycles.api import analyze
from cycles.enums import Verdict
from cycles.simulate.first_imports import entrances
from trap_kinds import all_kinds, mixed
from trap_truth import truths


@pytest.mark.posix
@pytest.mark.parametrize(
    ("top", "cases"), [("alone", list(all_kinds("alone"))), ("chains", list(mixed("chains", Random(7), 60)))]
)
def test_no_first_import_is_said_to_work_that_fails_or_to_fail_that_works(tmp_path, top, cases):
    (tmp_path / top).mkdir()
    (tmp_path / top / "__init__.py").write_text("")
    asked = []
    for number, (name, files) in enumerate(cases):
        (tmp_path / top / f"k{number}").mkdir()
        for path, text in files.items():
            (tmp_path / top / f"k{number}" / path).write_text(text)
        asked += [(name, f"{top}.k{number}.{module}") for module in ("a", "b")]

    said = {entry.module: entry.verdict for entry in entrances(analyze(top, folders=[tmp_path])).entries}

    unknown, wrong = 0, []
    for (name, module), truth in zip(asked, truths([(tmp_path, module) for _, module in asked]), strict=True):
        verdict = said.get(module, Verdict.OK)
        unknown += verdict is Verdict.UNKNOWN
        if verdict is not Verdict.UNKNOWN and (verdict is Verdict.OK) != (truth is None):
            wrong.append((name, module, verdict, truth))
    assert wrong == []
    assert unknown * 5 <= len(asked)
