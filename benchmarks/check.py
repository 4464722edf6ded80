"""What `cycles check` costs beside `cycles scc`, into CHECK.md: on the corpus, and on a generated tree.

Times are processor time, of the process and its children; the commands take turns. With `--since`, one file in a
hundred has changed. `python check.py PACKAGE...` measures only some packages.
"""

import os
import platform
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from measure import Measured, measure_side_by_side
from pinned import entries
from scale import generated

RUNS = 3
LIMITS = {"check": 1.1, "since": 1.6}
GENERATED = 20_000
SECONDS = 30
RESULT = Path(__file__).with_name("CHECK.md")
_ENVIRONMENT = {**os.environ, "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull}
_WHO = ("-c", "user.name=a", "-c", "user.email=a@example.org")


def commit(folder: Path) -> None:
    """Make a repository of a folder, with all of it in one commit."""
    for arguments in (("init", "-q"), ("add", "-A", "-f"), (*_WHO, "commit", "-q", "-m", "x")):
        subprocess.run(["git", *arguments], cwd=folder, env=_ENVIRONMENT, check=True)  # noqa: S607  that of the system


def change(folder: Path) -> int:
    """Change one module in a hundred; returns how many modules there are."""
    files = sorted(folder.rglob("*.py"))
    for path in random.Random(1).sample(files, max(len(files) // 100, 1)):  # noqa: S311  a benchmark, no secret
        path.write_bytes(path.read_bytes() + b"\n# changed\n")
    return len(files)


def measured(package: str, folder: Path, runs: int) -> tuple[Measured, ...]:
    """`scc`, `check` and `check --since` on a package in a repository."""
    cycles = [sys.executable, "-m", "cycles"]
    commands = (
        [*cycles, "scc", package],
        [*cycles, "check", package],
        [*cycles, "check", package, "--since", "HEAD", "--no-merge-base"],
    )
    return measure_side_by_side(commands, folder, runs=runs)


def row(name: str, modules: int, found: tuple[Measured, ...]) -> str:
    """A line of the table."""
    scc, check, since = found
    ratios = (check.processor / scc.processor, since.processor / scc.processor)
    over = ["**" if ratio > limit else "" for ratio, limit in zip(ratios, LIMITS.values(), strict=True)]
    return (
        f"| {name} | {modules:,} | {scc.processor:.2f} | {check.processor:.2f} | {over[0]}{ratios[0]:.2f}{over[0]} "
        f"| {since.processor:.2f} | {over[1]}{ratios[1]:.2f}{over[1]} |"
    )


def corpus(wanted: list[str]) -> Iterator[str]:
    """The rows of the packages of the corpus."""
    for entry in entries():
        if wanted and entry.package not in wanted:
            continue
        with tempfile.TemporaryDirectory() as made:
            folder = Path(made)
            shutil.copytree(entry.folder / entry.package, folder / entry.package)
            commit(folder)
            modules = change(folder)
            line = row(entry.package, modules, measured(entry.package, folder, RUNS))
            print(line, flush=True)
            yield line


def write_generated(folder: Path) -> None:
    """Write the modules of `scale.generated` as files."""
    names, statements = generated(GENERATED)
    lines: dict[str, list[str]] = {name: [] for name in names}
    for made in statements:
        lines[made.importer].append(f"import {made.imported}\n")
    for name, imports in lines.items():
        path = folder / f"{name.replace('.', '/')}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("".join(imports), encoding="utf-8")
    for package in (folder / "big", *(folder / "big").iterdir()):
        (package / "__init__.py").touch()


def tree() -> Iterator[str]:
    """The row of the generated tree, and how long the slower command takes."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        write_generated(folder)
        commit(folder)
        modules = change(folder)
        found = measured("big", folder, 1)
        yield row("generated", modules, found)
        seconds = max(one.seconds for one in found[1:])
        yield ""
        yield f"The generated tree takes {seconds:.0f} s by the clock (limit {SECONDS} s, load {os.getloadavg()[0]:.0f})."


def main() -> None:
    """Measure, and write the page where all was measured."""
    wanted = sys.argv[1:]
    head = (
        "# What `cycles check` costs",
        "",
        (
            f"`python benchmarks/check.py` on {time.strftime('%Y-%m-%d')}, {platform.machine()}, {os.cpu_count()} cores, "
            f"Python {platform.python_version()}, medians of {RUNS} runs in seconds of processor time; limits: "
            f"`check` {LIMITS['check']} × `scc`, `--since` with 1 % of the files changed {LIMITS['since']} ×. "
            "What is over a limit is bold."
        ),
        "",
        "| package | modules | scc | check | × | --since | × |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: |",
    )
    rows = [*corpus(wanted), *(() if wanted else tree())]
    if not wanted:
        RESULT.write_text("\n".join((*head, *rows, "")), encoding="utf-8")


if __name__ == "__main__":
    main()
