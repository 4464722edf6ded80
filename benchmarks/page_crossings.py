"""How many lines of the HTML page cross, compared with the first edition: `python page_crossings.py GRAPH PACKAGE...`.

Both pages are opened in a browser, show all modules of each component, and the lines that are seen are counted there:
nothing of the code that has laid them out has a say in it.
"""

import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from cycles.enums import GraphName
from editions import FIRST, first_edition
from pinned import PROJECT, entries

if TYPE_CHECKING:
    from browser import Tab

SAMPLES = {"agent_core": "ee.hogai", "shop": "shop"}
PACKAGES = (
    *SAMPLES,
    *(
        "aiohttp",
        "dagster",
        "dask",
        "django",
        "prefect",
        "scrapy",
        "sqlalchemy",
        "superset",
        "trio",
        "werkzeug",
        "xarray",
    ),
)
_COMPONENTS = "(({ version, components }) => [version, components.length])(JSON.parse(document.getElementById('data').textContent))"
_CROSSINGS = """(() => {
  const side = (a, b, c) => (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x);
  const cross = (a, b, c, d) => side(a, b, c) * side(a, b, d) < 0 && side(c, d, a) * side(c, d, b) < 0;
  const cells = new Map(), crossing = new Set();
  document.querySelectorAll(".line:not(.hidden) .stroke").forEach((stroke, line) => {
    const length = stroke.getTotalLength(), count = Math.max(4, Math.ceil(length / 4));
    let start = stroke.getPointAtLength(0);
    for (let at = 1; at <= count; at++) {
      const end = stroke.getPointAtLength((length * at) / count);
      const touched = new Set([start, end].flatMap((x) => [start, end].map((y) => `${x.x >> 4} ${y.y >> 4}`)));
      for (const cell of touched) {
        const pieces = cells.get(cell) ?? cells.set(cell, []).get(cell);
        for (const piece of pieces) if (piece.line !== line && cross(start, end, piece.start, piece.end)) crossing.add(`${piece.line} ${line}`);
        pieces.push({ line, start, end });
      }
      start = end;
    }
  });
  return crossing.size;
})()"""


def report(graph: GraphName = GraphName.IMPORT_TIME, packages: Sequence[str] = PACKAGES) -> Iterator[str]:
    """The table, with a last line for all packages together."""
    sys.path.append(str(PROJECT / "tests"))
    from browser import browser, find_program

    program = find_program()
    if program is None:
        yield "No browser was found."
        return
    editions = [first_edition(), [sys.executable, "-m", "cycles"]]
    folders = {entry.package: (entry.package, entry.folder) for entry in entries()}
    folders |= {sample: (package, PROJECT / "sample_projects" / sample) for sample, package in SAMPLES.items()}
    yield "## The HTML page: lines that cross"
    yield ""
    yield f"In the picture of all modules (`{graph}`, all components), counted in a headless Chromium; the first edition is {FIRST}."
    yield ""
    yield "| package | first edition | now | ratio |"
    yield "|---|--:|--:|--:|"
    sums = [0, 0]
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as made, browser(program, Path(made)) as tab:
        tab.size(1280, 800)
        for name in packages:
            package, folder = folders[name]
            found = []
            for edition in editions:
                page = Path(made) / "page.html"
                command = [*edition, "draw", package, "--graph", graph, "-o", str(page)]
                subprocess.run(command, cwd=folder, check=True, capture_output=True)
                found.append(_crossings(tab, page))
            sums = [total + count for total, count in zip(sums, found, strict=True)]
            yield _row(name, found)
    yield _row("together", sums)


def _crossings(tab: "Tab", page: Path) -> int:
    tab.open(page)
    version, components = tab.ask(_COMPONENTS)
    found = 0
    for number in range(1, components + 1):
        tab.open(page, f"#v={version}&n={number}&view=modules")
        found += tab.ask(_CROSSINGS)
    return found


def _row(name: str, found: Sequence[int]) -> str:
    first, now = found
    return f"| {name} | {first} | {now} | {now / first if first else 1:.2f} |"


if __name__ == "__main__":
    for line in report(*map(GraphName, sys.argv[1:2]), *([sys.argv[2:]] if sys.argv[2:] else [])):
        print(line, flush=True)
