"""What commands cost, compared with the first edition: `python editions.py RUNS PACKAGE...` prints it for some packages.

The first edition is the commit FIRST, installed into `build/first` with the dependencies that it asks for.
"""

import compileall
import statistics
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator, Sequence
from io import BytesIO
from pathlib import Path

import scale
from measure import Measured, bare, measure_side_by_side
from pinned import PROJECT, entries

FIRST = "2a35f47"
SMALL = "small"
"""Stands for the generated package of many small modules."""
COMMANDS = {
    "scc": (["scc", "{package}"], 1.0),
    "scc --format json": (["scc", "{package}", "--format", "json"], None),
    "cuts": (["cuts", "{package}"], 0.8),
    "entries": (["entries", "{package}"], 0.8),
}
"""Each command, and the limit of the median ratio; JSON has a limit of its own, by a bare grimp build."""
TIME_FACTOR, TIME_SLACK = 1.5, 0.25
PACKAGES = ("click", "werkzeug", "celery", "trio", "scrapy", "networkx", "django", "pandas", SMALL)
_OWN = [sys.executable, "-m", "cycles"]


def first_edition() -> list[str]:
    """Return the command that starts the first edition; it is installed where it is not there."""
    folder = PROJECT / "build" / "first"
    python = folder / ".venv" / "bin" / "python"
    if not python.exists():
        archive = subprocess.run(["git", "archive", FIRST], cwd=PROJECT, capture_output=True, check=True).stdout  # noqa: S607  that of the system
        with tarfile.open(fileobj=BytesIO(archive)) as packed:
            packed.extractall(folder, filter="data")
        subprocess.run([sys.executable, "-m", "venv", folder / ".venv"], check=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", "--editable", "."], cwd=folder, check=True)
    subprocess.run([python, "-m", "compileall", "-q", folder / "cycles"], check=True)
    return [str(python), "-m", "cycles"]


def compared(package: str, folder: Path, first: list[str], runs: int) -> Iterator[tuple[str, Sequence[Measured]]]:
    """Measure each command in turns with the first edition, JSON with a bare grimp build as well."""
    for name, (arguments, limit) in COMMANDS.items():
        filled = [part.format(package=package) for part in arguments]
        commands = [[*first, *filled], [*_OWN, *filled]]
        if limit is None:
            commands.append(bare(package))
        yield name, measure_side_by_side(commands, folder, runs=runs)


def row(package: str, name: str, found: Sequence[Measured]) -> str:
    """A line of the table."""
    first, now, *grimp = found
    ratio = now.processor / first.processor
    grimp_limit = TIME_FACTOR * grimp[0].processor + TIME_SLACK if grimp else None
    shown = f"{grimp_limit:.2f}{' **over**' if now.processor > grimp_limit else ''}" if grimp_limit else ""
    return (
        f"| `{name}` | {package} | {first.processor:.2f} | {now.processor:.2f} | {ratio:.2f} "
        f"| {shown} | {first.megabytes:.0f} | {now.megabytes:.0f} |"
    )


def report(runs: int = 3, packages: Sequence[str] = PACKAGES) -> Iterator[str]:
    """The table, and the median ratio of each command, with its limit."""
    compileall.compile_dir(str(PROJECT / "cycles"), quiet=1)
    first = first_edition()
    folders = {entry.package: entry.folder for entry in entries()}
    ratios: dict[str, list[float]] = {name: [] for name in COMMANDS}
    yield (
        f"The first edition is commit {FIRST} (2026-11-24); processor seconds, children included, medians of {runs} runs "
        f"that take turns; memory is the peak of the largest process. JSON has to take at most {TIME_FACTOR} × a bare "
        f"grimp build + {TIME_SLACK} s."
    )
    yield ""
    yield "| command | package | first s | now s | ratio | limit s | first MB | now MB |"
    yield "|---|---|--:|--:|--:|--:|--:|--:|"
    with tempfile.TemporaryDirectory() as made:
        scale.write_small_modules(Path(made))
        for package in packages:
            name, folder = ("big", Path(made)) if package == SMALL else (package, folders[package])
            label = f"{scale.SMALL_MODULES:,} small modules" if package == SMALL else package
            for command, found in compared(name, folder, first, runs):
                ratios[command].append(found[1].processor / found[0].processor)
                yield row(label, command, found)
    yield ""
    for command, (_, limit) in COMMANDS.items():
        middle = statistics.median(ratios[command])
        said = "" if limit is None else f" (limit {limit}{', **over**' if middle > limit else ''})"
        yield f"- `{command}`: median ratio {middle:.2f}{said}"


if __name__ == "__main__":
    for line in report(int(sys.argv[1]), sys.argv[2:] or PACKAGES):
        print(line, flush=True)
