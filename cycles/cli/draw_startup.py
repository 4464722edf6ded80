"""`cycles draw --startup`: the picture of what holds what while an application is imported."""

import shlex
from collections.abc import Mapping
from pathlib import Path

from cycles.cli.common import deliver
from cycles.cli.draw_output import wanted_drawing
from cycles.cli.options import DrawingFormat, LookOptions, Selection, StartOptions
from cycles.cli.output import write_atomically
from cycles.cli.startup import examined, words_of
from cycles.errors import CyclesError
from cycles.render.startup_diagram import holding_extent, holding_markdown, holding_svg
from cycles.report.wording import clean, joined
from cycles.startup.dominators import held_tree


def draw_startup(
    start: StartOptions,
    selection: Selection,
    output: Path | None,
    drawing_format: DrawingFormat | None,
    *,
    idle: Mapping[str, object],
) -> None:
    """Write the picture, and a line on stdout; or print it.

    Raises CyclesError where options are given that are `idle`, for they say nothing about a start-up.
    """
    if names := [name for name, value in idle.items() if value]:
        raise CyclesError(f"--startup draws what importing ENTRY loads, not cycles: leave out {joined(names)}")
    entry, django, python = start.startup or "", start.django, start.python
    wanted = wanted_drawing(output, drawing_format, LookOptions())
    match wanted.drawing_format:
        case DrawingFormat.SVG:
            draw = holding_svg
        case DrawingFormat.MARKDOWN:
            draw = holding_markdown
        case None:
            given = words_of(entry, django=django, python=python, selection=selection)
            words = " ".join(clean(shlex.quote(word)) for word in given)
            deliver(f"nothing is written yet; name a file:\n  cycles draw --startup {words} -o startup.svg\n", None)
            return
        case DrawingFormat.DOT | DrawingFormat.MERMAID | DrawingFormat.HTML:
            raise CyclesError(
                f"what holds what of a start-up is not drawn as {wanted.drawing_format}; end FILE in .svg or .md"
            )
    found = examined(entry, selection, django=django, python=python)
    tree = held_tree(found)
    text = draw(found, tree)
    if wanted.output is None:
        deliver(text, None)
    else:
        write_atomically(wanted.output, text)
        deliver(f"wrote {clean(str(wanted.output))}  {holding_extent(found)}\n", None)
