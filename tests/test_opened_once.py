"""Every command opens each source file once; the scanner, a child, opens it once more."""

import json
import os
import subprocess
import sys

import pytest

import golden

AUDITED = """
import json, os, sys
from collections import Counter
opened = Counter()
folder, report = sys.argv[1], sys.argv[2]
def hook(event, arguments):
    if event == "open" and isinstance(arguments[0], str) and arguments[0].endswith(".py") and arguments[0].startswith(folder):
        opened[os.path.relpath(arguments[0], folder)] += 1
sys.addaudithook(hook)
sys.argv[:] = ["cycles", *sys.argv[3:]]
from cycles.__main__ import run
try:
    run()
finally:
    with open(report, "w") as file:
        json.dump(opened, file)
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
]


@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
def test_a_command_opens_each_source_file_once(tmp_path, arguments):
    sample = golden.SAMPLES / "shop"

    finished = subprocess.run(
        [sys.executable, "-c", AUDITED, str(sample), str(tmp_path / "opened"), *arguments],
        cwd=sample,
        capture_output=True,
        text=True,
        check=False,
    )

    opened = json.loads((tmp_path / "opened").read_text(encoding="utf-8"))
    assert (finished.returncode, finished.stderr.count("Traceback")) == (0, 0)
    assert set(opened) == {os.path.relpath(path, sample) for path in sample.rglob("*.py")}
    assert set(opened.values()) == {1}
