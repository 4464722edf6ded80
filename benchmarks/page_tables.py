"""What the HTML page costs: to make it, to open it in a real browser, and to make a cut in it."""

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from cycles.api import analyze
from cycles.cuts import plan_cuts
from cycles.enums import GraphName
from cycles.model import Analysis
from cycles.render.choose_view import DrawOptions
from cycles.render.html_page import as_page
from cycles.render.layout_program import find_engine
from cycles.render.scene import scene_of
from draw_tables import timed
from pinned import PROJECT, entries

LEAST = 100
LOAD_MODULES, LOAD_SECONDS = 500, 2.0
RUNS = 5
CUTS = 5

_PAINT = "new Promise(done => requestAnimationFrame(() => setTimeout(() => done(performance.now()))))"
_CUT = """(async () => {
  const started = performance.now();
  document.getElementById("next").click();
  await new Promise(done => requestAnimationFrame(() => setTimeout(done)));
  return performance.now() - started;
})()"""


def report() -> Iterator[str]:
    """The section of the report."""
    sys.path.append(str(PROJECT / "tests"))
    from browser import browser, find_program
    from pages import many_modules

    yield f"## The HTML page: packages with a component of {LEAST} modules or more"
    yield ""
    program = find_program()
    if program is None:
        yield "No browser was found."
        return
    yield (
        f"Seconds to make the page from the finished plan; in a headless Chromium, median of {RUNS} loads, seconds until everything "
        f"is drawn (limit {LOAD_SECONDS:g} s up to {LOAD_MODULES} modules; one more load with every module in the picture), and "
        "milliseconds from the click on “Next cut” to the new picture."
    )
    yield ""
    yield "| package | graph | modules / dependencies of the largest | MB | make s | load s | with all modules s | cut ms |"
    yield "|---|---|--:|--:|--:|--:|--:|--:|"
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder, browser(program, Path(folder)) as tab:
        tab.size(1280, 800)
        for name, analysis in _analyses(many_modules(LOAD_MODULES)):
            scenes = [scene_of(analysis, plan) for plan in plan_cuts(analysis.components)]
            engine = find_engine()
            text, made = timed(lambda: as_page(analysis, scenes, DrawOptions(engine=engine)))  # noqa: B023  called at once
            file = Path(folder) / "page.html"
            file.write_text(text, encoding="utf-8")
            loads = []
            for _ in range(RUNS):
                tab.open(file)
                loads.append(float(tab.ask(_PAINT)) / 1000)
            whole = ""
            if len(analysis.components[0].modules) <= LOAD_MODULES:
                tab.open(file, "#view=modules")
                whole = f"{float(tab.ask(_PAINT)) / 1000:.2f}"
                tab.open(file)
            cuts = [float(tab.ask(_CUT)) for _ in range(CUTS)]
            largest = analysis.components[0]
            size = len(largest.modules)
            over = " **over**" if size <= LOAD_MODULES and median(loads) > LOAD_SECONDS else ""
            yield (
                f"| {name} | {analysis.graph_name} | {size:,} / {len(largest.dependencies):,} | {len(text) / 1e6:.1f} | {made:.2f} "
                f"| {median(loads):.2f}{over} | {whole} | {median(cuts):.0f} |"
            )


def _analyses(generated: Analysis) -> Iterator[tuple[str, Analysis]]:
    yield "(generated)", generated
    for entry in entries():
        for graph in GraphName:
            analysis = analyze(entry.package, folders=[entry.folder], graph=graph)
            if analysis.components and len(analysis.components[0].modules) >= LEAST:
                yield entry.package, analysis


if __name__ == "__main__":
    for line in report():
        print(line, flush=True)
