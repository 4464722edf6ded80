"""Every command opens each source file once; the scanner, a child, opens it once more. And no child is in excess.

Nor are the components of a graph looked for twice.
"""

import json
import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import golden
from conftest import write_files
from cycles.cli import app_with
from cycles.enums import GraphName
from git_history import History

AUDITED = """
import json, os, sys
from collections import Counter
opened, started, searched = Counter(), [], Counter()
folder, report = sys.argv[1], sys.argv[2]
def hook(event, arguments):
    if event == "open" and isinstance(arguments[0], str) and arguments[0].endswith(".py"):
        path = os.path.abspath(arguments[0])
        if path.startswith(folder) and os.path.exists(path):
            opened[os.path.relpath(path, folder)] += 1
    if event == "subprocess.Popen":
        started.append(arguments[0])
sys.addaudithook(hook)
sys.argv[:] = ["cycles", *sys.argv[3:]]
import cycles.graph.components as components
search = components.strongly_connected
def strongly_connected(pairs):
    pairs = list(pairs)
    if sys._getframe(1).f_globals["__name__"] == "cycles.make_analysis":
        searched[frozenset(pairs)] += 1
    return search(pairs)
components.strongly_connected = strongly_connected
from cycles.__main__ import run
try:
    run()
finally:
    with open(report, "w") as file:
        json.dump([opened, len(started), sorted(searched.values())], file)
"""
COMMANDS = [
    "scc shop",
    "scc shop 1 --graph all",
    "scc shop --by package",
    "scc shop --by siblings --check",
    "cuts shop --hoist --graph runtime",
    "cuts shop --rank --moves --replay",
    "cuts shop --by package --all",
    "why shop.customers shop.customers.loyalty",
    "why shop/orders/history.py:4",
    "why shop.customers shop.orders --by package",
    "entries shop",
    "entries shop --after shop.orders --check --format json",
    "draw shop --format html",
    "draw shop 1 --format svg --moves",
    "draw shop --by package --format mmd",
    "draw shop --format md --view plan",
    "draw --startup shop.app --format svg",
    "contract shop",
    "contract shop --by package --graph runtime",
    "check shop --graph all --graph import-time",
    "check shop --by package --format github",
    "definitions shop",
    "definitions shop 1 --format json",
    "fix shop --moves",
    "fix shop 1 --step 1 --replay",
    "fix shop --by package",
    "startup shop.app",
    "startup shop.app --all --format json",
]
SINCE = [
    "check shop --since HEAD",
    "check shop --since HEAD --by package --strict",
    "draw shop --since HEAD --format svg",
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


def audited(report: Path, sample: Path, arguments: list[str]) -> tuple[dict[str, int], int, list[int]]:
    """How often a command opens each Python file of a sample, how many processes it starts, how often it searches graphs."""
    finished = subprocess.run(
        [sys.executable, "-c", AUDITED, str(sample), str(report), *arguments],
        cwd=sample,
        capture_output=True,
        text=True,
        check=False,
    )

    # 1 is said of what was found; nothing may have gone wrong.
    assert finished.returncode in (0, 1), finished.stderr
    assert "Traceback" not in finished.stderr
    opened, started, searched = json.loads(report.read_text(encoding="utf-8"))
    return opened, started, searched


def test_every_command_is_looked_at():
    assert {arguments.split()[0] for arguments in COMMANDS} == {
        command.callback.__name__ for command in app_with().registered_commands
    }


@pytest.mark.parametrize("arguments", COMMANDS)
def test_a_command_opens_each_source_file_once_and_searches_each_graph_once(tmp_path, arguments):
    sample = golden.SAMPLES / "shop"

    opened, _, searched = audited(tmp_path / "report", sample, arguments.split())

    assert set(opened) == {os.path.relpath(path, sample) for path in sample.rglob("*.py")}
    assert set(opened.values()) == {1}
    assert set(searched) == {1}


@pytest.mark.parametrize("arguments", SINCE)
def test_a_comparison_with_a_commit_does_neither_twice(tmp_path, arguments):
    history = History(tmp_path / "shop")
    shutil.copytree(golden.SAMPLES / "shop" / "shop", history.folder / "shop")
    history.write({"shop/events.py": "import shop.seed\n"})
    history.commit()
    history.write({"shop/events.py": "import shop.app\n"})

    opened, _, searched = audited(tmp_path / "report", history.folder, arguments.split())

    assert set(opened) == {os.path.relpath(path, history.folder) for path in history.folder.rglob("*.py")}
    assert set(opened.values()) == {1}
    assert set(searched) == {1}


@pytest.mark.parametrize("graph", list(GraphName))
def test_a_contract_over_several_packages_opens_each_source_file_once(tmp_path, graph):
    write_files(tmp_path, SEVERAL)
    arguments = ["contract", "p", "--root", "q", "--root", "r", "--graph", graph]

    opened, _, _ = audited(tmp_path / "report", tmp_path, [*arguments, "--write", "--config", "new.toml"])
    (contract,) = tomllib.loads((tmp_path / "new.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]

    assert opened == dict.fromkeys(SEVERAL, 1)
    assert (contract["packages"], len(contract["ignore_imports"])) == (["p", "q", "r"], 2)


@pytest.mark.parametrize("options", [[], ["--write", "--config", "new.toml"]], ids=["printed", "written"])
@pytest.mark.parametrize("roots", [[], ["--root", "q", "--root", "r"]], ids=["one package", "several"])
def test_a_contract_starts_two_processes_one_reads_as_grimp_the_other_as_import_linter(tmp_path, roots, options):
    write_files(tmp_path, SEVERAL)

    _, started, _ = audited(tmp_path / "report", tmp_path, ["contract", "p", *roots, *options])

    assert started == 2
