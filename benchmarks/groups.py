"""What `--by package` costs, into GROUPS.md: `scc` beside the same of modules, and `cuts` in each of the three graphs.

Times are processor time, of the process and its children; the commands take turns.
`python groups.py PACKAGE...` measures only some packages.
"""

import json
import os
import platform
import shlex
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from measure import measure_side_by_side
from pinned import Entry, entries

RUNS, CUTS_RUNS = 3, 1
FACTOR, SECONDS = 1.1, 5.0
GRAPHS = ("import-time", "runtime", "all")
RESULT = Path(__file__).with_name("GROUPS.md")
_CYCLES = [sys.executable, "-m", "cycles"]
_BY = ("--by", "package")


def row(entry: Entry) -> str:
    """A line of the table."""
    commands = [[*_CYCLES, "scc", entry.package], [*_CYCLES, "scc", entry.package, *_BY]]
    plain, grouped = measure_side_by_side(commands, entry.folder, runs=RUNS)
    cuts = [[*_CYCLES, "cuts", entry.package, *_BY, "--graph", graph] for graph in GRAPHS]
    found = measure_side_by_side(cuts, entry.folder, runs=CUTS_RUNS)
    cells = [
        f"{_marked(one.processor, SECONDS)} | {_proof(entry, command)}"
        for one, command in zip(found, cuts, strict=True)
    ]
    ratio = grouped.processor / plain.processor
    return (
        f"| {entry.package} | {plain.processor:.2f} | {grouped.processor:.2f} | {_marked(ratio, FACTOR)} "
        f"| {' | '.join(cells)} |"
    )


def _marked(number: float, limit: float) -> str:
    bold = "**" if number > limit else ""
    return f"{bold}{number:.2f}{bold}"


def _proof(entry: Entry, command: list[str]) -> str:
    """How many cuts the plans need together; and no fewer than how many, where that is not the same."""
    finished = subprocess.run(
        [*command, "--format", "json"], cwd=entry.folder, capture_output=True, check=True, timeout=600
    )
    components = json.loads(finished.stdout)["components"]
    needed, least = (
        sum(len(one["plan"]) for one in components),
        sum(one["cut_set"]["lower_bound"] for one in components),
    )
    return f"{needed:,}" if needed == least else f"{least:,} to {needed:,}"


def rows(wanted: list[str]) -> Iterator[str]:
    """The rows of the corpus, or of some packages of it."""
    for entry in entries():
        if not wanted or entry.package in wanted:
            line = row(entry)
            print(line, flush=True)
            yield line


def main() -> None:
    """Measure, and write the page."""
    wanted = sys.argv[1:]
    head = (
        "# What `--by package` costs",
        "",
        (
            f"`{shlex.join(['python', 'benchmarks/groups.py', *wanted])}` on {time.strftime('%Y-%m-%d')}, {platform.machine()}, {os.cpu_count()} cores, "
            f"Python {platform.python_version()}, load {os.getloadavg()[0]:.0f}; processor seconds of whole processes, "
            f"children included, that take turns: medians of {RUNS} runs of `cycles scc P` and `cycles scc P --by package` "
            f"(limit {FACTOR} ×), and of {CUTS_RUNS} of `cycles cuts P --by package --graph G` (limit {SECONDS:g} s), each "
            "with the cuts of the plans, which are proven to be the fewest where one number stands. "
            "What is over a limit is bold."
        ),
        "",
        f"| package | scc | by package | × | {' | '.join(f'{graph} | cuts' for graph in GRAPHS)} |",
        f"| --- | ---: | ---: | ---: {'| ---: | ---: ' * len(GRAPHS)}|",
    )
    RESULT.write_text("\n".join((*head, *rows(wanted), "")), encoding="utf-8")


if __name__ == "__main__":
    main()
