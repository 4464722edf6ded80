"""Print the benchmark, and keep it in `benchmarks/RESULTS.md`."""

import datetime as dt
import json
import os
import platform
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import cases
import contract_costs
import cut_tables
import draw_tables
import editions
import first_imports
import page_crossings
import page_tables
import scale
from editions import TIME_FACTOR, TIME_SLACK
from measure import Measured, bare, measure_side_by_side
from pinned import PROJECT, entries

BIN = Path(sys.executable).parent
RUNS = 5
PEER_LIMIT = 30.0
MEMORY_FACTOR, HELP_FACTOR = 2.0, 1.3
PEERS = {
    "uncycle": [str(BIN / "uncycle"), "{package}"],
    "pylint": [str(BIN / "pylint"), "--disable=all", "--enable=cyclic-import", "{package}"],
    "pydeps": [str(BIN / "pydeps"), "--show-cycles", "--no-output", "--no-config", "{package}"],
}


def table() -> Iterator[str]:
    """What `cycles scc` costs besides a bare grimp build and other tools, on real packages and on a generated one."""
    yield (
        "| package | grimp s | `cycles scc` s | ratio | limit s | grimp MB | cycles MB | ratio | "
        + " | ".join(PEERS)
        + " |"
    )
    yield "|---|--:|--:|--:|--:|--:|--:|--:|" + "--:|" * len(PEERS)
    for entry in entries():
        yield row(entry.package, entry.package, entry.folder)
    with tempfile.TemporaryDirectory() as folder:
        scale.write_small_modules(Path(folder))
        yield row(f"{scale.SMALL_MODULES:,} small modules", "big", Path(folder))


def row(label: str, package: str, folder: Path) -> str:
    """The row of one package."""
    commands = [bare(package), [str(BIN / "cycles"), "scc", package, "--format", "json"]]
    grimp, ours = measure_side_by_side(commands, folder, runs=RUNS)
    peers = measure_side_by_side(
        [[part.format(package=package) for part in command] for command in PEERS.values()],
        folder,
        runs=1,
        limit=PEER_LIMIT,
    )
    limit = grimp.processor * TIME_FACTOR + TIME_SLACK
    slow = "" if ours.processor <= limit else " **over**"
    large = "" if ours.megabytes <= grimp.megabytes * MEMORY_FACTOR else " **over**"
    return (
        f"| {label} | {grimp.processor:.2f} | {ours.processor:.2f}{slow} | {ours.processor / grimp.processor:.1f} "
        f"| {limit:.2f} | {grimp.megabytes:.0f} | {ours.megabytes:.0f}{large} "
        f"| {ours.megabytes / grimp.megabytes:.1f} | {' | '.join(map(_seconds, peers))} |"
    )


def _seconds(measured: Measured) -> str:
    return f"{measured.seconds:.1f} s" if measured.finished else f"> {PEER_LIMIT:.0f} s"


def figures() -> Iterator[str]:
    """The three graphs of every package."""
    yield "| package | modules | imports | import-time | runtime | all |"
    yield "|---|--:|--:|--:|--:|--:|"
    for entry in entries():
        command = [str(BIN / "cycles"), "scc", entry.package, "--format", "json"]
        result = json.loads(subprocess.run(command, cwd=entry.folder, capture_output=True, check=True).stdout)
        graphs = (f"{graph['components']}:{graph['modules']}:{graph['largest']}" for graph in result["graphs"].values())
        yield f"| {entry.package} | {result['modules']:,} | {result['imports']:,} | {' | '.join(graphs)} |"


def start_up() -> Iterator[str]:
    """What `cycles --help` costs beside the library that prints it."""
    commands = [[sys.executable, "-c", "import typer"], [str(BIN / "cycles"), "--help"]]
    typer, ours = measure_side_by_side(commands, PROJECT, runs=21)
    yield (
        f"`cycles --help`: {ours.seconds * 1000:.0f} ms; `import typer` alone: {typer.seconds * 1000:.0f} ms; "
        f"ratio {ours.seconds / typer.seconds:.2f} (limit {HELP_FACTOR})"
    )


def report() -> Iterator[str]:
    """The whole report, line by line."""
    yield "# Benchmark"
    yield ""
    yield (
        f"Measured {dt.datetime.now(tz=dt.UTC).date()} by `make bench` on {os.cpu_count()} cores, "
        f"Python {platform.python_version()}, {platform.system()}; whole processes, median of {RUNS} runs that take turns; "
        "times of grimp and cycles are processor seconds, children included; memory is the peak of the largest process. "
        f"Limits: time {TIME_FACTOR} × grimp + {TIME_SLACK} s, memory {MEMORY_FACTOR:.0f} × grimp."
    )
    yield ""
    yield f"grimp: `{shlex.join(bare('P')[1:])}` · cycles: `cycles scc P --format json`"
    yield ""
    for name, command in PEERS.items():
        yield f"{name}: `{shlex.join([name, *command[1:]]).replace('{package}', 'P')}` (one run, at most {PEER_LIMIT:.0f} s)  "
    yield ""
    yield from table()
    yield ""
    yield from start_up()
    yield ""
    yield from cut_tables.report()
    yield ""
    yield from draw_tables.report()
    yield ""
    yield "## The contract type beside acyclic_siblings: one check of the same graph"
    yield ""
    yield from contract_costs.table()
    yield ""
    yield from page_tables.report()
    yield ""
    yield from page_crossings.report()
    yield ""
    yield from first_imports.report()
    yield ""
    yield "## The first edition and now"
    yield ""
    yield from editions.report()
    yield ""
    yield "## A generated graph: everything behind the reading of files"
    yield ""
    yield from scale.table()
    yield ""
    yield "## Counting cuts never makes `cycles scc` slow"
    yield ""
    yield from scale.cut_table()
    yield ""
    yield "## The three graphs (components : modules in them : largest)"
    yield ""
    yield from figures()
    yield ""
    yield "## Who sees which cycle"
    yield ""
    yield from cases.table()


if __name__ == "__main__":
    written = []
    for line in report():
        print(line, flush=True)
        written.append(line)
    (PROJECT / "benchmarks" / "RESULTS.md").write_text("\n".join(written) + "\n", encoding="utf-8")
