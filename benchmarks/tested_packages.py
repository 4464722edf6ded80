"""Packages whose tests run here: their source distributions, unpacked, and what their tests say."""

import os
import re
import shutil
import subprocess
import tarfile
from collections.abc import Iterator, Sequence
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
BUILD = PROJECT / "build" / "fixes"
TEST_SECONDS = 300
"""How long the tests of a package may take, once."""
_FAILED = re.compile(r"^(?:FAILED|ERROR) +(.+?)(?: - .*)?$", re.MULTILINE)
_PASSED = re.compile(r"(\d+) passed")
_PYTEST = [
    "-q",
    "-p",
    "no:cacheprovider",
    "-p",
    "no:randomly",
    "--no-header",
    "-rfE",
    "-W",
    "ignore",
    "-o",
    "addopts=",
    "-o",
    "filterwarnings=",
]


def listed() -> Iterator[tuple[str, str, list[str]]]:
    """The distributions, their packages, and what pytest is given."""
    for line in (PROJECT / "benchmarks" / "whole_fixes.txt").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            distribution, package, *tests = line.split()
            yield distribution, package, tests


def tree(distribution: str, package: str, python: str) -> Path:
    """The unpacked source distribution; where there is none, the installed package."""
    name = distribution.replace("==", "-")
    found = BUILD / "trees" / name
    if found.is_dir():
        return found
    sdist = BUILD / "sdist"
    words = ["-m", "pip", "download", "--quiet", "--no-deps", "--no-binary", ":all:", "-d"]
    subprocess.run([python, *words, str(sdist), distribution], check=False, capture_output=True)
    archive = sdist / f"{name}.tar.gz"
    (site,) = Path(python).parent.parent.glob("lib/python*/site-packages")
    if archive.is_file():
        with tarfile.open(archive) as packed:
            packed.extractall(found.parent, filter="data")
        if found.is_dir():
            # What is compiled is a module too.
            for made in (site / package).rglob("*.so"):
                shutil.copy(made, source(found, package) / made.relative_to(site))
            return found
    shutil.copytree(site / package, found / package, ignore=shutil.ignore_patterns("__pycache__"))
    (found / "pyproject.toml").write_text("", encoding="utf-8")
    return found


def source(folder: Path, package: str) -> Path:
    """The folder in which the package lies."""
    return next(one for name in ("", "src", "lib") if (one := folder / name / package).is_dir()).parent


def tested(folder: Path, package: str, tests: Sequence[str], python: str) -> tuple[int, set[str]] | None:
    """How many tests pass, and the names of those that fail; None where they take too long, or none runs."""
    environment = {
        **os.environ,
        "PYTHONPATH": str(source(folder, package)),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONHASHSEED": "0",
    }
    environment.pop("PYTEST_ADDOPTS", None)
    try:
        done = subprocess.run(
            [python, "-m", "pytest", *_PYTEST, *tests],
            cwd=folder,
            env=environment,
            capture_output=True,
            text=True,
            timeout=TEST_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return None
    passed = _PASSED.findall(done.stdout)
    failed = {name.replace(str(folder), "") for name in _FAILED.findall(done.stdout)}
    return (int(passed[-1]), failed) if passed else None
