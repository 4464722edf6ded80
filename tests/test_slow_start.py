"""The sample that starts slowly: measured, planned, verified, fixed and locked, by the commands of its page."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

import golden
from inside import Finished, cycles
from test_contract import lint

pytestmark = pytest.mark.posix
WITHOUT = ("--without", "paylib", "--without", "tablelib")
Startup = Callable[..., Finished]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return shutil.copytree(
        golden.SAMPLES / "slow_start", tmp_path / "slow_start", ignore=shutil.ignore_patterns("expected")
    )


@pytest.fixture
def startup(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Startup:
    monkeypatch.setenv("PYTHONPATH", str(folder / "vendor"))
    monkeypatch.delenv("VIRTUAL_ENV", raising=False)
    monkeypatch.setattr(
        "cycles.cli.output._ENVIRONMENT", {"PYTHONPATH": str(folder / "vendor"), "PATH": "/usr/bin:/bin"}
    )
    return lambda *arguments: cycles(folder, "startup", "assistant.main", *arguments)


def test_it_goes_from_slow_to_locked_and_breaks_for_each_line_that_is_put_back(folder, startup):
    texts = {name: (folder / f"assistant/sources/{name}.py").read_text() for name in ("payments", "tables")}

    before = json.loads(startup("--run", "--format", "json").stdout)["measured"]
    fixed = startup(*WITHOUT, "--fix", "--write")
    locked = startup(*WITHOUT, "--contract", "--write")
    after = json.loads(startup("--run", "--format", "json").stdout)["measured"]

    alone = {row["name"]: row["only_with"] for row in before["distributions"]}
    assert alone == {"tablelib": [], "paylib": [], "searchlib": [], "crmlib": [], "numlib": ["tablelib"]}
    assert {row["name"] for row in after["distributions"]} == {"searchlib", "crmlib"}
    assert (fixed.returncode, locked.returncode) == (0, 0), fixed.stderr + locked.stderr
    assert lint(folder, "pyproject.toml").returncode == 0
    for name, text in texts.items():
        path = folder / f"assistant/sources/{name}.py"
        made = path.read_text()
        path.write_text(text)
        assert f"assistant.sources.{name} -> " in lint(folder, "pyproject.toml").stdout
        path.write_text(made)


def test_the_plan_is_verified_without_a_change_of_any_file(folder, startup):
    before = {path: path.read_bytes() for path in folder.rglob("*.py")}

    found = json.loads(startup(*WITHOUT, "--verify", "--format", "json").stdout)["verified"]

    assert {path: path.read_bytes() for path in folder.rglob("*.py")} == before
    assert (found["holds"], found["gone"], found["still"], found["failure"]) == (
        True,
        ["numlib", "paylib", "tablelib"],
        [],
        None,
    )
    assert found["predicted"]["nanoseconds"] > 0


def test_a_deferral_that_unmasks_the_cycle_is_told_by_the_prediction_and_by_the_truth(startup):
    predicted = startup("--without", "searchlib")
    verified = startup("--without", "searchlib", "--verify", "--format", "json")

    assert "after this plan importing assistant.main fails (assistant/tools.py:3)" in predicted.stdout
    assert verified.returncode == 1
    assert json.loads(verified.stdout)["verified"]["failure"]["path"] == "assistant/tools.py"


def test_an_import_for_its_effect_is_not_deferred(startup):
    """All sources register themselves: without the import that nothing uses, there would be none."""
    plans = json.loads(startup("--without", "crmlib", "--format", "json").stdout)["plans"]

    easy = [step["statement"]["path"] for plan in plans if plan["goal"] == "deferrals" for step in plan["steps"]]
    assert "assistant/main.py" not in easy


def test_text_of_what_was_measured_names_each_part_and_what_to_do_next(startup):
    found = startup("--run").stdout

    lines = found.splitlines()
    assert lines[0].startswith("assistant.main   loads 10 of 10 own modules · 5 other distributions · ")
    rows = {line.split()[0]: line.split() for line in lines if line.startswith("  ") and line.split()}
    assert rows["numlib"][1] == "–"
    assert "only with tablelib" in found
    assert "next  cycles startup assistant.main --without tablelib --verify\n" in found


def test_text_of_a_verification(startup):
    good = startup(*WITHOUT, "--verify")
    bad = startup("--without", "searchlib", "--verify")

    assert good.returncode == 0
    verified = good.stdout.partition("\nverified\n")[2].splitlines()
    assert verified[:3] == [
        "  imported with the edits in 2 modules, made in memory; paylib, tablelib not",
        "  loaded",
        "  gone with it: numlib",
    ]
    assert verified[3].startswith("  4 modules fewer · ")
    assert bad.returncode == 1
    assert (
        "\nNOT verified\n  with the edits, made in memory, importing it fails at assistant/tools.py:3:\n" in bad.stdout
    )


@pytest.mark.parametrize("width", ["20", "40"])
def test_text_fits_narrow_terminals(startup, monkeypatch, width):
    monkeypatch.setenv("COLUMNS", width)

    text = startup(*WITHOUT, "--verify").stdout + startup("--run").stdout

    assert max(map(len, text.splitlines())) <= int(width)


def test_the_lock_cannot_be_made_before_the_plan(startup):
    contract, ruff = startup(*WITHOUT, "--contract"), startup(*WITHOUT, "--ruff")

    assert (contract.returncode, ruff.returncode) == (2, 2)
    assert contract.stderr == (
        "cycles: importing assistant.main still loads paylib, by assistant.sources.payments:1, assistant.sources.tables:3; "
        "defer that first (--fix), then lock it\n"
    )
    assert ruff.stderr == (
        "cycles: importing assistant.main still loads paylib, by assistant/sources/payments.py:1; "
        "defer that first (--fix), then lock it\n"
    )


def test_a_contract_can_be_printed_and_ruff_too(startup):
    startup(*WITHOUT, "--fix", "--write")

    contract, ruff = startup(*WITHOUT, "--contract"), startup(*WITHOUT, "--ruff")

    assert 'forbidden = ["paylib", "tablelib"]\n' in contract.stdout
    assert contract.stderr == "cycles: checked: import-linter passes it, by the imports that it sees\n"
    assert 'banned-module-level-imports = ["paylib", "tablelib"]\n' in ruff.stdout
    assert ruff.stderr == "cycles: only files of assistant were looked at; Ruff looks at all that it is given\n"


def test_a_baseline_accepts_what_is_loaded_today_and_no_more(startup, folder):
    options = ("--check", "--baseline", "light.txt")

    missing = startup(*options)
    written = startup(*options, "--update")
    same = startup(*options)
    (folder / "light.txt").write_text((folder / "light.txt").read_text().replace("paylib", "# why\nold-one"))
    more = startup(*options)
    as_json = json.loads(startup(*options, "--format", "json").stdout)["check"]
    taken = startup(*options, "--update")

    assert (missing.returncode, missing.stderr) == (
        2,
        "cycles: there is no baseline light.txt; write it with --update\n",
    )
    assert (written.returncode, written.stderr) == (0, "cycles: wrote light.txt: 5 lines\n")
    assert (same.returncode, same.stdout) == (
        0,
        "importing assistant.main loads no distribution that is not accepted (5 accepted\n  distributions)\n",
    )
    assert more.returncode == 1
    assert more.stdout == (
        "importing assistant.main loads 1 distribution more than is accepted\n"
        "  paylib\n"
        "    assistant.main:3 → assistant.sources:4 → assistant.sources.payments:1 →\n"
        "    paylib\n"
        "  old-one is not loaded any more; --update takes it out\n\n"
        "next  cycles startup assistant.main --without paylib\n"
    )
    assert (as_json["passed"], as_json["new"], as_json["stale"]) == (False, ["paylib"], ["old-one"])
    assert (taken.returncode, taken.stderr) == (0, "cycles: light.txt: 1 added, 1 taken out, 4 stay\n")
    assert (folder / "light.txt").read_text() == (
        "# Distributions that importing assistant.main loads, and that are accepted. One a line; comments stay.\n\n"
        "crmlib\nnumlib\npaylib\nsearchlib\ntablelib\n"
    )


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["--verify"], "--verify tries a plan; add --without DIST"),
        (["--contract"], "--contract forbids what is named; add --without DIST"),
        (["--ruff"], "--ruff forbids what is named; add --without DIST"),
        (["--setup", "x"], "--setup says how ENTRY is really imported; add --run"),
        (["--timeout", "3"], "--timeout says how ENTRY is really imported; add --run"),
        (["--config", "x.toml"], "--config says where a contract goes; add --contract"),
        (["--check"], "--check judges by what is accepted; add --baseline FILE"),
        (["--baseline", "x"], "--baseline says what --check accepts; add --check"),
        (["--update"], "--update writes a baseline; add --check --baseline FILE"),
        ([*WITHOUT, "--contract", "--ruff"], "--contract and --ruff are different answers; ask for one of them"),
        ([*WITHOUT, "--contract", "--fix"], "--contract and a plan are different answers; ask for one of them"),
        (
            ["--without", "no.such", "--contract"],
            '"no.such" is neither a distribution that is installed nor a module; correct --without',
        ),
        (["--run", "--setup", "1/0"], "the code of --setup fails (ZeroDivisionError: division by zero); correct it"),
        (
            ["--run", "--python", "nowhere/x/bin/python"],
            "--python nowhere/x/bin/python has no folder of packages next to it; name the python of an environment",
        ),
    ],
)
def test_options_that_do_not_go_together_are_said_in_one_sentence(startup, arguments, complaint):
    done = startup(*arguments)

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.splitlines()[-1] == f"cycles: {complaint}"
