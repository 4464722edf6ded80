"""What a picture costs: the layout of large components, each view next to the other.

`python draw_tables.py PACKAGE...` prints the table for some packages of the corpus, or for all.
"""

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from cycles.api import analyze
from cycles.cuts import plan_cuts
from cycles.enums import GraphName, View
from cycles.render.choose_view import DrawOptions, svg_picture
from cycles.render.layout_program import Engine, find_engine
from cycles.render.matrix import as_matrix
from cycles.render.scene import Scene, scene_of
from pinned import entries

LEAST = 25
DIAGRAM_MODULES, DIAGRAM_SECONDS = 150, 2.0
MATRIX_MODULES, MATRIX_SECONDS = 500, 0.5
ONLY_WANTED = 300
"""Above so many modules nobody gets a diagram but by asking for it."""

_Result = TypeVar("_Result")


def report(packages: Sequence[str] = ()) -> Iterator[str]:
    """The section of the report."""
    engine = find_engine()
    yield "## Drawing: seconds for each component of 25 modules or more"
    yield ""
    if engine is None:
        yield "No layout engine was found."
        return
    yield (
        f"From the finished plan to the SVG text, {engine.name} engine, one run. Limits: diagram {DIAGRAM_SECONDS:g} s "
        f"up to {DIAGRAM_MODULES} modules, matrix {MATRIX_SECONDS:g} s up to {MATRIX_MODULES}."
    )
    yield ""
    yield "| package | graph | modules / imports | by itself | diagram s | of it drawn | packages s | matrix s | matrix MB |"
    yield "|---|---|--:|---|--:|--:|--:|--:|--:|"
    for entry in (entry for entry in entries() if not packages or entry.package in packages):
        for graph in GraphName:
            analysis = analyze(entry.package, folders=[entry.folder], graph=graph)
            for plan in plan_cuts([found for found in analysis.components if len(found.modules) >= LEAST]):
                yield f"| {entry.package} | {graph} | {_row(scene_of(analysis, plan), engine)} |"


def _row(scene: Scene, engine: Engine) -> str:
    size = len(scene.modules)
    auto, _ = timed(lambda: svg_picture(scene, DrawOptions(engine=engine)))
    drawn, diagram = "", ""
    if size <= ONLY_WANTED:
        picture, seconds = timed(lambda: svg_picture(scene, DrawOptions(View.DIAGRAM, engine=engine)))
        over = " **over**" if size <= DIAGRAM_MODULES and seconds > DIAGRAM_SECONDS else ""
        drawn, diagram = f"{sum(dependency.skeleton for dependency in scene.dependencies):,}", f"{seconds:.2f}{over}"
        diagram += "" if picture.view is View.DIAGRAM else f" ({picture.view})"
    _, packages = timed(lambda: svg_picture(scene, DrawOptions(View.PACKAGES, engine=engine)))
    matrix, seconds = timed(lambda: as_matrix(scene))
    over = " **over**" if size <= MATRIX_MODULES and seconds > MATRIX_SECONDS else ""
    return (
        f"{size:,} / {len(scene.dependencies):,} | {auto.view} | {diagram} | {drawn} | {packages:.2f} "
        f"| {seconds:.2f}{over} | {len(matrix) / 1e6:.1f}"
    )


def timed(function: Callable[[], _Result]) -> tuple[_Result, float]:
    """A result, and the seconds that it took."""
    started = time.perf_counter()
    result = function()
    return result, time.perf_counter() - started


if __name__ == "__main__":
    for line in report(sys.argv[1:]):
        print(line, flush=True)
