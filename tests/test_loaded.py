"""What each command loads: its own module of the command line, and no part of the product that it does not need."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

SHOP = Path(__file__).parents[1] / "sample_projects" / "shop"
PACKAGES = {path.parent.name for path in (Path(__file__).parents[1] / "cycles").glob("*/__init__.py")}
COMMANDS = {"scc", "cuts", "why", "entries", "definitions", "draw", "fix", "startup", "check", "contract"}
HEAVY = {
    "pydantic",
    "networkx",
    "graphviz",
    "graphviz_pure",
    "importlinter",
    "grimp",
    "rich.console",
    "asyncio",
    "unittest",
}
CODE = """\
import json, sys
from cycles.cli import run_command
status = run_command(sys.argv[1:])
sys.stderr.write(json.dumps([status, sorted(sys.modules)]))
"""


@pytest.mark.parametrize(
    ("arguments", "needed"),
    [
        ("--help", "cli"),
        ("scc shop", "cli cuts graph report source"),
        ("scc shop --format json", "cli fixes graph report source"),
        ("cuts shop", "cli cuts fixes graph report simulate source"),
        ("entries shop", "children cli graph report simulate source"),
        ("why shop.app shop.orders", "cli cuts graph report source"),
        ("startup shop.app", "cli fixes graph report simulate source startup"),
    ],
)
def test_a_command_loads_the_packages_that_it_needs(arguments, needed):
    finished = subprocess.run(
        [sys.executable, "-c", CODE, *arguments.split()], cwd=SHOP, capture_output=True, text=True, check=False
    )
    status, loaded = json.loads(finished.stderr.splitlines()[-1])

    assert status == 0
    assert {name.split(".")[1] for name in loaded if name.startswith("cycles.")} & PACKAGES == set(needed.split())
    assert {name.rpartition(".")[2] for name in loaded if name.startswith("cycles.cli.")} & COMMANDS == (
        COMMANDS if arguments == "--help" else {arguments.split()[0]}
    )
    assert HEAVY.isdisjoint(loaded)
