"""Files that Black and Ruff had nothing to say of stay so when cuts are made in them, and a second run changes nothing."""

import json
import random
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

import fixable
from conftest import program, write_files

PACKAGES = 24
RULES = "F,I001,E9,TC"


def ruff_says(folder: Path) -> Counter:
    """How often each rule is broken in each file."""
    command = [program("ruff"), "check", "--no-cache", "--exit-zero", "--select", RULES, "--output-format", "json", "g"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)
    return Counter((one["filename"], one["code"]) for one in json.loads(done.stdout))


@pytest.mark.parametrize("seed", [1, 2])
def test_files_stay_formatted_and_without_new_findings(tmp_path, seed):
    pytest.importorskip("black")
    choose = random.Random(seed)
    files = {"g/__init__.py": b"", "pyproject.toml": b'[project]\nname = "g"\nversion = "1"\n[tool.black]\n'}
    for number in range(PACKAGES):
        files |= {path: data.replace(b"\x0c", b"") for path, data in fixable.package(choose, f"g.k{number}").items()}
    write_files(tmp_path, files)
    black = [sys.executable, "-m", "black", "-q"]
    subprocess.run([*black, "g"], cwd=tmp_path, check=True)
    sorting = [program("ruff"), "check", "--no-cache", "-q", "--exit-zero", "--fix", "--select", "I001", "g"]
    subprocess.run(sorting, cwd=tmp_path, check=True)
    subprocess.run([*black, "g"], cwd=tmp_path, check=True)
    before = {path: (tmp_path / path).read_bytes() for path in files}
    said = ruff_says(tmp_path)

    first = subprocess.run([program("cycles"), "fix", "g", "--write"], cwd=tmp_path, capture_output=True, check=False)
    after = {path: (tmp_path / path).read_bytes() for path in files}
    formatted = subprocess.run([*black, "--check", "g"], cwd=tmp_path, check=False).returncode
    again = subprocess.run([program("cycles"), "fix", "g", "--write"], cwd=tmp_path, capture_output=True, check=False)

    changed = [path for path in files if before[path] != after[path]]
    assert first.returncode in (0, 1)
    assert len(changed) > PACKAGES // 2
    assert formatted == 0
    assert ruff_says(tmp_path) - said == Counter()
    assert again.stdout.count(b"wrote") == 0
    assert {path: (tmp_path / path).read_bytes() for path in files} == after
