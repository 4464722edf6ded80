"""Compare what the definition graph says is needed at import time with what interpreters evaluate: `DEFINITIONS.md`.

Real packages are imported with every name that their text reads wrapped in a call that notes who reads it.
"""

import argparse
import datetime as dt
import math
import os
import platform
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

import cycles
import fixes
from cycles.fixes.definition_values import DefinitionNeed, Need
from evaluated import seen_by
from sections import write_section

PROJECT = Path(__file__).resolve().parents[1]
FEWEST = 3
"""Modules that a component must have to be looked at."""
_SURE = (Need.IMPORT, Need.ANNOTATION)


@dataclass
class Row:
    """What became of one component."""

    name: str
    modules: int
    definitions: int
    imported: int
    seconds: float
    seen: int = 0
    agreed: int = 0
    missed: list[str] = field(default_factory=list)
    over: Counter[str] = field(default_factory=Counter)
    recursive: int = 0

    def line(self) -> str:
        """Return the row of the table."""
        reasons = ", ".join(f"{number} {reason}" for reason, number in sorted(self.over.items())) or "none"
        cells = (
            *(self.name, self.modules, self.definitions, self.imported, self.seen, self.agreed, len(self.missed)),
            *(reasons, self.recursive, f"{self.seconds:.1f}"),
        )
        return f"| {' | '.join(map(str, cells))} |"


def measure(package: str, python: str, folder: Path, setup: str) -> Iterator[Row]:
    """Compare each component of a package that is installed somewhere."""
    analysis = cycles.analyze(package, folders=[folder])
    for component in analysis.components:
        if len(component.modules) < FEWEST:
            continue
        started = time.process_time()
        graph = cycles.definition_graph(component)
        seconds = time.process_time() - started
        found, done = seen_by(folder, graph, analysis, python, setup)
        row = Row(
            f"{package} {component.number}",
            len(component.modules),
            len(graph.definitions),
            len(done & set(component.modules)),
            seconds,
            seen=len(found),
            recursive=sum(len(one.definitions) for one in graph.at_import),
        )
        needs = {(one.definition.name, one.needed.name): one for one in graph.needs}
        there = {pair for pair, one in needs.items() if one.need in (*_SURE, Need.MAYBE)}
        row.agreed = len(found & there)
        row.missed = sorted(f"{user} → {needed}" for user, needed in found - there)
        for pair, one in needs.items():
            if one.need in _SURE and pair not in found and {one.definition.module, one.needed.module} <= done:
                row.over[reason(one)] += 1
        yield row


def reason(need: DefinitionNeed) -> str:
    """Why a need was not seen, by the place that says it."""
    if need.need is Need.ANNOTATION:
        return "annotation"
    own = need.definition.line_number <= need.line_number < need.definition.line_number + need.definition.lines
    return "branch not taken" if own else "in what is called"


def report(rows: Sequence[Row], missing: Sequence[str]) -> list[str]:
    """Return the lines of the table."""
    seen, agreed = sum(row.seen for row in rows), sum(row.agreed for row in rows)
    over = sum((row.over for row in rows), Counter[str]())
    missed = [f"{row.name}: {one}" for row in rows for one in row.missed]
    how = (
        f"Measured {dt.datetime.now(tz=dt.UTC):%Y-%m-%d} by `benchmarks/definitions.py`, Python "
        f"{platform.python_version()}, {platform.system()}: components of {FEWEST} or more modules of the packages of "
        "`benchmarks/fixes.txt`. The modules are imported with each name that their text reads wrapped in a call; *seen* "
        "are pairs of definitions of which one read the other while its module ran, *found* those of them that "
        "`cycles definitions` has as needs at import time, *missed* the others. *Too many* are needs between modules that "
        "were imported which were not seen, by the place that says them: in an annotation, on a way through the "
        "definition's own text that was not taken, or in the text of a function that it calls. *Recursive* are "
        "definitions that are said to need each other at import time. Seconds are of the processor, and contended."
    )
    result = (
        f"{len(rows)} components: {agreed} of {seen} needs found, {seen - agreed} missed; too many: "
        + ", ".join(f"{number} {reason}" for reason, number in sorted(over.items()))
        + f"; {sum(row.recursive for row in rows)} definitions recursive."
    )
    lines = [
        "# The definition graph beside what interpreters evaluate",
        "",
        how,
        "",
        result,
        "",
        "| component | modules | definitions | imported | seen | found | missed | too many | recursive | seconds |",
        "|---|--:|--:|--:|--:|--:|--:|---|--:|--:|",
        *(row.line() for row in rows),
    ]
    if missed:
        lines += ["", "Missed, of each component the first five:", ""]
        lines += [f"- `{row.name}: {one}`" for row in rows for one in row.missed[:5]]
    if missing:
        lines += ["", f"Not measured: {', '.join(missing)}."]
    return lines


def timed(folder: Path, packages: Sequence[str]) -> Iterator[str]:
    """Yield how long the definition graph of the largest component of some installed packages takes."""
    yield "# How long the definition graph takes"
    yield ""
    yield (
        f"Measured {dt.datetime.now(tz=dt.UTC):%Y-%m-%d} by `benchmarks/definitions.py --time FOLDER PACKAGE…`, Python "
        f"{platform.python_version()}, {platform.system()}, at a load of {os.getloadavg()[0]:.0f} on {os.cpu_count()} "
        "processors: the largest component of each package, in seconds of the processor, the best of three."
    )
    yield ""
    yield "| package | modules | definitions | seconds |"
    yield "|---|--:|--:|--:|"
    for package in packages:
        best = None
        for _ in range(3):
            component = cycles.analyze(package, folders=[folder]).components[0]
            started = time.process_time()
            graph = cycles.definition_graph(component)
            best = min(best or math.inf, time.process_time() - started)
        yield f"| {package} | {len(component.modules)} | {len(graph.definitions)} | {best:.1f} |"


def _too_long(_number: int, _frame: FrameType | None) -> None:
    raise TimeoutError


def main() -> None:
    """Measure the packages that are named, or all that are listed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("packages", nargs="*")
    parser.add_argument("--time", type=Path, metavar="FOLDER", help="only time packages that are installed there")
    parser.add_argument("--seconds", type=int, default=0, help="leave out what takes longer; 0: nothing")
    parser.add_argument("--venv", type=Path, default=PROJECT / "build" / "fixes" / "venv")
    arguments = parser.parse_args()
    if arguments.time:
        lines = list(timed(arguments.time.absolute(), arguments.packages))
        write_section(PROJECT / "benchmarks" / "DEFINITIONS.md", "time", lines)
        return
    (folder,) = (arguments.venv / "lib").glob("python*/site-packages")
    rows: list[Row] = []
    missing: list[str] = []
    signal.signal(signal.SIGALRM, _too_long)
    for _, package, setup in fixes.listed():
        if arguments.packages and package not in arguments.packages:
            continue
        signal.alarm(arguments.seconds)
        try:
            for row in measure(package, str(arguments.venv / "bin" / "python"), folder, setup):
                rows.append(row)
                print("\n".join([row.line(), *(f"    missed {one}" for one in row.missed[:5])]), flush=True)
        except (AssertionError, TimeoutError, cycles.CyclesError, subprocess.TimeoutExpired) as error:
            missing.append(f"{package} ({type(error).__name__})")
            print(missing[-1], str(error)[-200:], flush=True)
        signal.alarm(0)
        if not arguments.packages:
            write_section(PROJECT / "benchmarks" / "DEFINITIONS.md", "definitions", report(rows, missing))


if __name__ == "__main__":
    main()
