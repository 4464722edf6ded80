"""Options of `cycles draw` in; what is to be drawn, or one sentence why that makes no sense, out."""

import sys
from dataclasses import dataclass
from pathlib import Path

from cycles.cli.job import named_file
from cycles.cli.options import DrawingFormat
from cycles.enums import View
from cycles.errors import CyclesError
from cycles.render.choose_view import DrawOptions
from cycles.render.engine import find_engine
from cycles.render.source_links import check_template

_SUFFIXES = {
    ".svg": DrawingFormat.SVG,
    ".dot": DrawingFormat.DOT,
    ".gv": DrawingFormat.DOT,
    ".mmd": DrawingFormat.MERMAID,
    ".mermaid": DrawingFormat.MERMAID,
    ".md": DrawingFormat.MARKDOWN,
    ".markdown": DrawingFormat.MARKDOWN,
    ".html": DrawingFormat.HTML,
    ".htm": DrawingFormat.HTML,
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be drawn, how, and where to: `output` is None for stdout."""

    output: Path | None
    drawing_format: DrawingFormat
    options: DrawOptions
    url_template: str | None


def wanted_drawing(
    output: Path | None,
    drawing_format: DrawingFormat | None,
    *,
    view: View,
    all_imports: bool,
    url_template: str | None,
    engine: str | None,
) -> Wanted:
    """What the options ask for; raises CyclesError, before any work is done, where that makes no sense."""
    if url_template is not None:
        check_template(url_template)
    file = named_file(output)
    if file is not None and not file.name:
        message = f'"{file}" names no file; name one, such as -o cycles.svg'
        raise CyclesError(message)
    if drawing_format is None:
        drawing_format = _format_of(file)
    if view is View.MATRIX and drawing_format in (DrawingFormat.DOT, DrawingFormat.MERMAID):
        message = f"a matrix cannot be written as {drawing_format}; name a file that ends in .svg"
        raise CyclesError(message)
    options = DrawOptions(view=view, all_imports=all_imports, engine=find_engine(engine))
    return Wanted(file, drawing_format, options, url_template)


def _format_of(output: Path | None) -> DrawingFormat:
    if output is None:
        if sys.stdout.isatty():
            message = "name a file with -o, such as -o cycles.svg (.html, .dot, .mmd, .md), or add --format"
            raise CyclesError(message)
        return DrawingFormat.SVG
    found = _SUFFIXES.get(output.suffix.lower())
    if found is None:
        message = f'"{output}" says nothing of how to draw; end it in .svg, .html, .dot, .mmd or .md, or add --format'
        raise CyclesError(message)
    return found
