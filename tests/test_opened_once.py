"""Every command opens each source file once; the scanner, a child, opens it once more. And no child is in excess."""

import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import golden
from conftest import write_files
from cycles.cli import app
from cycles.enums import GraphName

AUDITED = """
import json, os, sys
from collections import Counter
opened, started = Counter(), []
folder, report = sys.argv[1], sys.argv[2]
def hook(event, arguments):
    if event == "open" and isinstance(arguments[0], str) and arguments[0].endswith(".py") and arguments[0].startswith(folder):
        opened[os.path.relpath(arguments[0], folder)] += 1
    if event == "subprocess.Popen":
        started.append(arguments[0])
sys.addaudithook(hook)
sys.argv[:] = ["cycles", *sys.argv[3:]]
from cycles.__main__ import run
try:
    run()
finally:
    with open(report, "w") as file:
        json.dump([opened, len(started)], file)
"""
COMMANDS = [
    ["scc", "shop"],
    ["scc", "shop", "1", "--graph", "all"],
    ["cuts", "shop", "--hoist", "--graph", "runtime"],
    ["why", "shop", "shop.customers", "shop.customers.loyalty"],
    ["entries", "shop"],
    ["entries", "shop", "--after", "shop.orders"],
    ["draw", "shop", "--format", "html"],
    ["draw", "shop", "1", "--format", "svg"],
    ["contract", "shop"],
    ["check", "shop"],
    ["definitions", "shop"],
    ["fix", "shop", "--moves"],
    ["scc", "shop", "--by", "package"],
    ["fix", "shop", "--by", "package"],
    ["startup", "shop.app"],
]
# A ring through three packages, and one that touches only the second.
SEVERAL = {
    "p/__init__.py": "",
    "p/a.py": "import q.b\n",
    "q/__init__.py": "",
    "q/b.py": "import r.c\n",
    "q/x.py": "import q.y\n",
    "q/y.py": "import q.x\n",
    "r/__init__.py": "",
    "r/c.py": "import p.a\n",
}


def audited(report: Path, sample: Path, arguments: list[str]) -> tuple[dict[str, int], int]:
    """How often a command opens each Python file of a sample, and how many processes it starts."""
    finished = subprocess.run(
        [sys.executable, "-c", AUDITED, str(sample), str(report), *arguments],
        cwd=sample,
        capture_output=True,
        text=True,
        check=False,
    )

    # `check` finds the cycles of the sample.
    assert (finished.returncode, finished.stderr.count("Traceback")) == (int(arguments[0] == "check"), 0)
    opened, started = json.loads(report.read_text(encoding="utf-8"))
    return opened, started


def test_every_command_is_looked_at():
    assert {arguments[0] for arguments in COMMANDS} == {
        command.callback.__name__ for command in app.registered_commands
    }


@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
def test_a_command_opens_each_source_file_once(tmp_path, arguments):
    sample = golden.SAMPLES / "shop"

    opened, _ = audited(tmp_path / "report", sample, arguments)

    assert set(opened) == {os.path.relpath(path, sample) for path in sample.rglob("*.py")}
    assert set(opened.values()) == {1}


@pytest.mark.parametrize("graph", list(GraphName))
def test_a_contract_over_several_packages_opens_each_source_file_once(tmp_path, graph):
    write_files(tmp_path, SEVERAL)
    arguments = ["contract", "p", "--root", "q", "--root", "r", "--graph", graph]

    opened, _ = audited(tmp_path / "report", tmp_path, [*arguments, "--write", "--config", "new.toml"])
    (contract,) = tomllib.loads((tmp_path / "new.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]

    assert opened == dict.fromkeys(SEVERAL, 1)
    assert (contract["packages"], len(contract["ignore_imports"])) == (["p", "q", "r"], 2)


@pytest.mark.parametrize("options", [[], ["--write", "--config", "new.toml"]], ids=["printed", "written"])
@pytest.mark.parametrize("roots", [[], ["--root", "q", "--root", "r"]], ids=["one package", "several"])
def test_a_contract_starts_two_processes_one_reads_as_grimp_the_other_as_import_linter(tmp_path, roots, options):
    write_files(tmp_path, SEVERAL)

    _, started = audited(tmp_path / "report", tmp_path, ["contract", "p", *roots, *options])

    assert started == 2
