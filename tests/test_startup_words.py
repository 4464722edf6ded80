"""What is said of measurements and verifications, whatever came of them; and of names that locks are asked for."""

import dataclasses

import pytest

from cycles.cli.startup import RunOptions
from cycles.cli.startup_locks import locked_names
from cycles.enums import Verdict
from cycles.errors import CyclesError
from cycles.model import FirstImport
from cycles.report.startup_measured import startup_measured_as_text, verified_lines
from cycles.report.terminal import TextStyle, join_lines
from cycles.startup.measurement_values import Cost, MeasuredDistribution, MeasuredModule, MeasuredStartup, Verification
from cycles.startup.startup_values import Entry, EntryKind, Goal, StartupPlan
from startup_project import distribution, project

FAILED = FirstImport("app.main", Verdict.OTHER, error="OSError: no\x1b disk", path="app/work.py", line_number=7)
PLAN = StartupPlan(("heavy",), Goal.DEFERRALS, (), 0, (), (), 0, 0)
GOOD = Verification(
    before=Cost(2_000_000_000, 204_800),
    after=Cost(1_000_000_000, 102_400),
    predicted=Cost(900_000_000, 100_000),
    foreseen=0.45,
    noise=0.02,
    gone=("heavy",),
    still=(),
    modules_gone=1200,
    edited=1,
    untouched=(),
)


def said(found: Verification, plan: StartupPlan = PLAN, width: int = 200) -> list[str]:
    style = TextStyle(width)
    return join_lines(verified_lines(found, plan, style), style).splitlines()[1:]


def test_a_plan_that_holds():
    assert said(GOOD) == [
        "verified",
        "  imported with the edits in 1 module, made in memory; heavy not loaded",
        "  1,200 modules fewer · 200 MB → 100 MB · 2.00 s → 1.00 s (-50%, -45% was foreseen; two runs of the same differ by 2%)",
    ]


SAVED = {
    "less than the noise": (
        {"after": Cost(1_990_000_000, 1024)},
        "the time does not show it (two runs of the same differ by 2%)",
    ),
    "less than much noise": (
        {"after": Cost(1_700_000_000, 1024), "noise": 0.2},
        "too noisy to tell (two runs of the same differ by 20%)",
    ),
    "more": (
        {"after": Cost(2_400_000_000, 1024)},
        "(+20%, -45% was foreseen; two runs of the same differ by 2%)",
    ),
}


@pytest.mark.parametrize(("changes", "words"), SAVED.values(), ids=SAVED)
def test_what_is_saved_is_said_as_far_as_the_time_shows_it(changes, words):
    assert said(dataclasses.replace(GOOD, **changes))[-1].endswith(words)


BAD = {
    "it fails": (
        {"failure": FAILED},
        ["  with the edits, made in memory, importing it fails at app/work.py:7: OSError: no\\x1b disk"],
    ),
    "it never ends": (
        {"failure": FirstImport("app", Verdict.UNKNOWN, reason="not done within 60 s")},
        ["  with the edits, made in memory, importing it fails: not done within 60 s"],
    ),
    "still there": (
        {"still": (("heavy", "app.x"),)},
        ["  heavy is still loaded, by app.x: a call that no analysis sees leads there"],
    ),
    "elsewhere": (
        {"untouched": ("app.x",)},
        ["  not edited, for another file is imported by that name, or none: app.x"],
    ),
    "hard": (
        {"skipped": 2, "still": (("heavy", ""),)},
        [
            "  2 statements left as they are, for their steps take a change of code",
            "  heavy is still loaded: a call that no analysis sees leads there",
        ],
    ),
}


@pytest.mark.parametrize(("changes", "lines"), BAD.values(), ids=BAD)
def test_a_plan_that_does_not_hold(changes, lines):
    assert said(dataclasses.replace(GOOD, **changes))[: 1 + len(lines)] == ["NOT verified", *lines]


def test_what_else_is_gone_is_named_the_first_few():
    found = dataclasses.replace(GOOD, gone=("a", "b", "c", "d", "e", "heavy"))

    assert said(found)[2] == "  gone with it: a, b, c, d and 1 more"


def measured(report, **changes) -> MeasuredStartup:
    found = MeasuredStartup(
        report=report,
        runs=(3_000_000_000,),
        total=Cost(3_000_000_000, 51_200),
        modules=40,
        distributions=(
            MeasuredDistribution("heavy", 2, Cost(1_500_000_000), Cost(1_600_000_000), ()),
            MeasuredDistribution("numlib", 1, Cost(100_000_000), Cost(0), ("dear", "heavy")),
            MeasuredDistribution("a-name-that-is-much-longer-than-a-column", 1, Cost(5), Cost(5), ()),
        ),
        own_modules=(MeasuredModule("app.work", Cost(30_000_000)), MeasuredModule("app", Cost(10))),
        standard_library=Cost(20_000_000),
        unforeseen=tuple("abcdef"),
        not_loaded=("app.x",),
    )
    return dataclasses.replace(found, **changes)


def test_what_was_measured_is_laid_out(tmp_path):
    files = {"app/__init__.py": "", "app/main.py": "import app.work\n", "app/work.py": "import heavy\n"}
    report = project(tmp_path, {**files, **distribution("heavy", {"heavy.py": ""})}).report

    text = startup_measured_as_text(measured(report, failure=FAILED), ["app.main"], TextStyle(80))
    narrow = startup_measured_as_text(measured(report), ["app.main"], TextStyle(30))

    assert text.splitlines()[:15] == [
        "app.main   loads 2 of 3 own modules · 3 other distributions · 40 modules in all",
        "  3.00 s of processor time · 50 MB   (1 run)",
        "  loaded and not foreseen: a, b, c, d and 2 more",
        "  foreseen and not loaded: app.x",
        "  it fails at app/work.py:7: OSError: no\\x1b disk; what came before is measured",
        "",
        "  DISTRIBUTION                 ALONE     OWN  HELD BY                      DEFER",
        "  heavy                       1.60 s  1.50 s  work                        1 hard",
        "  numlib                           –  100 ms  only with dear and 1 more        –",
        "  a-name-that-is-much-longer-than-a-column",
        "                                0 ms    0 ms                                   –",
        "  the project's own                    30 ms",
        "  standard library                     20 ms",
        "  dearest own modules: work 30 ms",
        "",
    ]
    assert max(map(len, narrow.splitlines())) <= 30
    assert "numlib\n  alone –, own 100 ms\n  only with dear and 1 more;\n  defer –\n" in narrow


def test_names_that_a_lock_is_asked_for_stand_for_modules(tmp_path):
    files = {
        "app/__init__.py": "",
        "app/main.py": "",
        **distribution("Py-YAML", {"yaml/__init__.py": "", "_yaml.py": ""}),
        **distribution("cloud-a", {"cloud/a/__init__.py": ""}),
        **distribution("cloud-b", {"cloud/b/__init__.py": ""}),
    }
    ground = project(tmp_path, files).ground

    assert locked_names(ground, ["py_yaml", "app.main"], others_whole=True) == ("app.main", "yaml")
    assert locked_names(ground, ["cloud-a"], others_whole=False) == ("cloud",)
    with pytest.raises(CyclesError, match="other distributions share the name cloud with cloud-a"):
        locked_names(ground, ["cloud-a"], others_whole=True)
    with pytest.raises(CyclesError, match='"no such" is neither a distribution'):
        locked_names(ground, ["no such"], others_whole=True)


def test_what_executes_needs_process_groups(monkeypatch):
    monkeypatch.delattr("os.killpg")

    with pytest.raises(CyclesError, match="--run needs process groups, which this system lacks"):
        RunOptions(run=True).need(without=None)


def test_a_script_cannot_be_locked_by_import_linter(tmp_path):
    from cycles.cli.startup_locks import write_contract

    files = {"app/__init__.py": "", "app/main.py": "", "run.py": "import app.main\n"}
    entry = Entry(EntryKind.SCRIPT, "run.py", "__main__", path=str(tmp_path / "run.py"))
    ground = project(tmp_path, files, entry).ground

    with pytest.raises(CyclesError, match=r"run\.py is a script; lock what it imports"):
        write_contract(ground, ["app"], write=False, config=None, output=None)
