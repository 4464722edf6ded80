"""A short run of `make fuzz`, and that its judges see what they are there for."""

import os
import subprocess
import sys
from pathlib import Path
from random import Random

import pytest

import hostile
from accounting import unaccounted
from command_lines import commands
from conftest import write_files
from judging import Outcome, faults

FUZZ = Path(__file__).with_name("fuzz.py")
pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="it forks")


def test_every_command_keeps_its_promises_on_hostile_packages(tmp_path):
    # What it runs is measured nowhere else: it would be traced, at a third of the speed.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE")}
    command = [sys.executable, FUZZ, "--seed", "1", "--runs", "150", "--keep", tmp_path, "--corpus", tmp_path]

    finished = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)

    assert finished.returncode == 0, finished.stdout + finished.stderr


def test_a_seed_draws_the_same_project_and_commands_each_time():
    drawn = [hostile.project(Random("7")) for _ in range(2)]
    lines = [commands(Random("7"), project, None) for project in drawn]

    assert drawn[0] == drawn[1]
    assert [next(lines[0]) for _ in range(50)] == [next(lines[1]) for _ in range(50)]


@pytest.mark.parametrize(
    ("outcome", "kind"),
    [
        (Outcome(1, b"", b"Traceback (most recent call last):\n  x\nKeyError: 1\n", {}, 0), "traceback"),
        (Outcome(0, b"", b"Exception ignored in: x\n", {}, 0), "traceback"),
        (Outcome(None, b"", b"", {}, 30), "endless"),
        (Outcome(-11, b"", b"", {}, 0), "status"),
        (Outcome(1, b"", b"", {}, 0), "status"),
        (Outcome(2, b"p", b"cycles: no package; name one\n", {}, 0), "refusal"),
        (Outcome(2, b"", b"cycles: one\ncycles: two\n", {}, 0), "refusal"),
        (Outcome(0, b"", b"odd\n", {}, 0), "stderr"),
        (Outcome(0, b"a\x1b[31m", b"", {}, 0), "raw"),
        (Outcome(0, "\u202e".encode(), b"", {}, 0), "raw"),
        (Outcome(0, b"", b"", {"out/x.svg": b"<svg>"}, 0), "svg"),
        (Outcome(0, b"", b"", {"out/x.svg": b"<svg><script/></svg>"}, 0), "svg"),
        (Outcome(0, b"", b"", {"out/x.html": b"<p>"}, 0), "html"),
    ],
)
def test_a_broken_promise_is_seen(outcome, kind):
    assert kind in [fault.kind for fault in faults(["draw", "p"], outcome)]


@pytest.mark.parametrize("output", [b"{", b"{}"])
def test_json_that_keeps_no_promise_is_seen(output):
    found = list(faults(["scc", "p", "--format", "json"], Outcome(0, output, b"", {}, 0)))

    assert [fault.kind for fault in found] == ["json" if output == b"{" else "schema"]


def test_a_file_or_import_that_is_lost_is_seen(tmp_path):
    write_files(tmp_path, {"p/__init__.py": "import p.a\n", "p/a.py": "", "p/b.py": ""})
    account = {
        "error": None,
        "modules": [["p", str(tmp_path / "p/__init__.py"), True], ["p.a", str(tmp_path / "p/a.py"), False]],
        "skipped": [],
        "mentions": [],
    }
    truths = {str(tmp_path / "p/__init__.py"): {"refusal": None, "imports": [[0, "p.a", "", 1]]}}

    found = list(unaccounted([tmp_path / "p"], tmp_path, account, truths))

    assert [(fault.kind, fault.place) for fault in found] == [
        ("imports", "missing"),
        ("unaccounted", "neither analysed nor listed"),
    ]
