"""What `cycles draw` is asked to draw, and the files that it writes."""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from cycles.check.findings import Change
from cycles.cli.command_flow import deliver, named_file, say_later, say_remarks, text_style
from cycles.cli.options import DrawingFormat, LookOptions
from cycles.cli.output import remark, write_atomically
from cycles.enums import View
from cycles.errors import CyclesError
from cycles.fixes.definition_values import Move
from cycles.model import Analysis, CutPlan
from cycles.render.change_diagram import change_picture
from cycles.render.choose_view import MATRIX_SIZES, DrawOptions, Picture, dot_picture, mermaid_picture, svg_picture
from cycles.render.html_page import as_page
from cycles.render.layout_program import find_engine
from cycles.render.markdown import as_markdown, image, mermaid_block
from cycles.render.scene import Scene, check_template, scene_of
from cycles.report.terminal import folded, join_lines, paragraph, shell_lines
from cycles.report.wording import clean, command_line, counted, no_cycles

# An engine that took too long once gets this many seconds for each further layout.
_SECONDS_AFTER_FAILURE = 2.0
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
    """What is to be drawn, how, and where to: `output` is None for stdout.

    Without a format nothing is drawn: a terminal shows no picture. `typed` are the options that say what is planned.
    """

    output: Path | None
    drawing_format: DrawingFormat | None
    options: DrawOptions
    url_template: str | None
    typed: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class _File:
    """A file to be written, and what of the component it shows."""

    path: Path
    text: str
    shown: str
    engine_failed: bool = False

    @classmethod
    def of(cls, path: Path, picture: Picture) -> "_File":
        """Return the file of a picture."""
        return cls(path, picture.text, picture.extent, picture.engine_failed)


def wanted_drawing(output: Path | None, drawing_format: DrawingFormat | None, looks: LookOptions) -> Wanted:
    """Return what the options ask for; raises CyclesError, before any work is done, where that makes no sense."""
    if looks.url_template is not None:
        check_template(looks.url_template)
    file = named_file(output)
    if file is not None and not file.name:
        raise CyclesError(f'"{file}" names no file; name one, such as -o cycles.svg')
    if drawing_format is None:
        drawing_format = _format_of(file)
    if looks.view is View.MATRIX and drawing_format in (DrawingFormat.DOT, DrawingFormat.MERMAID):
        raise CyclesError(f"a matrix cannot be written as {drawing_format}; name a file that ends in .svg")
    options = DrawOptions(view=looks.view, all_imports=looks.all_imports, engine=find_engine(looks.engine))
    return Wanted(file, drawing_format, options, looks.url_template)


def deliver_drawings(analysis: Analysis, plans: Sequence[CutPlan], wanted: Wanted, moves: Sequence[Move] = ()) -> None:
    """Write the files, a line on stdout for each, or the one text to stdout; what was not possible, to stderr."""
    if not plans:
        remark(f"{clean(analysis.package)} has {no_cycles(analysis)}: nothing is drawn")
        say_remarks()
        return
    if wanted.drawing_format is None:
        deliver(_what_could_be_written(analysis, plans, wanted.typed), None)
        return
    scenes = [scene_of(analysis, plan, url_template=wanted.url_template, moves=moves) for plan in plans]
    if wanted.drawing_format is DrawingFormat.MARKDOWN:
        files = list(_markdown(analysis, scenes, wanted))
    elif wanted.drawing_format is DrawingFormat.HTML:
        text, shown = as_page(analysis, scenes, wanted.options), counted(len(scenes), "component")
        files = [_File(wanted.output or Path("-"), text, f"{shown} to explore in a browser")]
    else:
        if wanted.output is None and len(scenes) > 1:
            first = f"cycles {command_line(analysis, 'draw', 1, *wanted.typed)}"
            raise CyclesError(f"there are {len(scenes):,} components; choose one (`{first}`), or name a file with -o")
        paths = _paths(wanted, len(scenes))
        files = []
        for found, path in zip(scenes, paths, strict=True):
            files += _files(found, path, wanted)
            wanted = _with_less_time(wanted, files)
    _remark_missing_engine(files, wanted)
    _deliver_files(files, wanted)


def deliver_text(text: str, extent: str, wanted: Wanted) -> None:
    """Write a drawing that is one text, and say how much it shows."""
    _deliver_files([_File(wanted.output or Path("-"), text, extent)], wanted)


def _deliver_files(files: Sequence[_File], wanted: Wanted) -> None:
    if wanted.output is None:
        deliver(files[0].text, None)
        return
    for file in files:
        write_atomically(file.path, file.text)
    said = "".join(f"wrote {clean(str(file.path))}  {file.shown}\n" for file in files)
    # A script that reads this gets a line for each file, however long its path is.
    deliver(folded(said, text_style(None)) if sys.stdout.isatty() else said, None)


def deliver_change(change: Change, wanted: Wanted) -> None:
    """Write the picture of what a change does to the cycles of one graph; where it does nothing, say so."""
    (found,) = change.graphs
    if wanted.drawing_format is DrawingFormat.HTML or wanted.options.view is not View.AUTO:
        raise CyclesError(
            "what changed since a revision is drawn in one way; leave out --view, or end FILE in .svg, .md or .mmd"
        )
    picture = change_picture(change, found, wanted.options, wanted.drawing_format or DrawingFormat.SVG)
    if picture is None:
        since = clean(change.before.name)
        remark(f"no import on a cycle was added or removed since {since} ({found.graph}): nothing is drawn")
        say_remarks()
        return
    say_later(*picture.remarks)
    deliver_text(picture.text, picture.extent, wanted)


def _what_could_be_written(analysis: Analysis, plans: Sequence[CutPlan], typed: Sequence[str]) -> str:
    """Return which files there would be, in the working directory, and by which commands."""
    style = text_style(None)
    number = [plans[0].component.number] if len(plans) == 1 < len(analysis.components) else []
    pictures = "a picture" if len(plans) == 1 else f"{len(plans):,} pictures, cycles-1.svg to cycles-{len(plans)}.svg"
    lines = [*paragraph(f"nothing is written yet; name a file, for {clean(str(Path.cwd()))}:", style, "")]
    for suffix, what in (
        ("svg", pictures),
        ("html", "a page to explore, and to try cuts in"),
        ("md", "a summary, pictures and the plan, for a pull request"),
    ):
        command = command_line(analysis, "draw", *number, "-o", f"cycles.{suffix}", *typed)
        lines += [*shell_lines(f"  cycles {command}", style), *paragraph(what, style, "      ", "dim")]
    return join_lines(lines, style)


def _paths(wanted: Wanted, count: int) -> list[Path]:
    """A file for each component: numbered where there are several."""
    base = wanted.output or Path("cycles")
    return [base] if count == 1 else [base.with_stem(f"{base.stem}-{number}") for number in range(1, count + 1)]


def _files(found: Scene, path: Path, wanted: Wanted) -> Iterator[_File]:
    """Yield the file of one component, and those that come with it."""
    match wanted.drawing_format:
        case DrawingFormat.DOT:
            yield _dot(found, path, wanted)
        case DrawingFormat.MERMAID:
            chart = mermaid_picture(found, wanted.options)
            if chart is None:
                raise CyclesError(_no_chart(found, wanted))
            yield _File.of(path, chart)
        case DrawingFormat.SVG | DrawingFormat.MARKDOWN | DrawingFormat.HTML:
            yield from _svg(found, path, wanted)


def _no_chart(found: Scene, wanted: Wanted) -> str:
    if wanted.options.view is View.PACKAGES and dot_picture(found, wanted.options).view is not View.PACKAGES:
        return f"component {found.number} has no sub-packages to draw; leave out --view"
    return f"component {found.number} is too large for Mermaid; write it to a file that ends in .svg"


def _remark_missing_engine(files: Sequence[_File], wanted: Wanted) -> None:
    """One sentence for all components that would be diagrams if there were a layout engine."""
    dots = [file.path.name for file in files if file.path.suffix == ".dot"]
    if wanted.options.engine or wanted.drawing_format is DrawingFormat.DOT or not dots:
        return
    drawn = "a matrix is drawn" if len(dots) == 1 else f"{len(dots):,} matrices are drawn"
    last = "" if len(dots) == 1 else f" to {clean(dots[-1])}"
    beside = f"; for Graphviz the diagram{'s are' if last else ' is'} {clean(dots[0])}{last}" if wanted.output else ""
    say_later(f"no layout engine for diagrams (pip install graphviz-pure, or install Graphviz): {drawn}{beside}")


def _dot(found: Scene, path: Path, wanted: Wanted) -> _File:
    picture = dot_picture(found, wanted.options)
    say_later(*picture.remarks)
    return _File.of(path, picture)


def _svg(found: Scene, path: Path, wanted: Wanted) -> Iterator[_File]:
    options = wanted.options
    picture = svg_picture(found, options)
    say_later(*picture.remarks)
    yield _File.of(path, picture)
    if options.engine is None and options.view is not View.MATRIX:
        yield _dot(found, path.with_suffix(".dot"), wanted)
    if picture.view is not View.MATRIX and len(found.modules) in MATRIX_SIZES:
        matrix = svg_picture(found, replace(options, view=View.MATRIX))
        yield _File.of(path.with_stem(f"{path.stem}-matrix"), matrix)


def _markdown(analysis: Analysis, scenes: Sequence[Scene], wanted: Wanted) -> Iterator[_File]:
    """Yield the document, and a picture file for every component that is too large for Mermaid."""
    paths = [path.with_suffix(".svg") for path in _paths(wanted, len(scenes))]
    pictures: list[str] = []
    beside: list[_File] = []
    for found, path in zip(scenes, paths, strict=True):
        chart = None if wanted.options.view is View.MATRIX else mermaid_picture(found, wanted.options)
        if chart:
            pictures.append(mermaid_block(chart.text, chart.caption))
        elif wanted.output is None:
            command = f"cycles {command_line(analysis, 'draw', found.number, *wanted.typed)} -o FILE.svg"
            pictures.append(f"Too large for Mermaid: `{command}` draws it.")
        else:
            files = list(_svg(found, path, wanted))
            pictures.append("\n\n".join(image(file.path.name, found) for file in files if file.path.suffix == ".svg"))
            beside += files
            wanted = _with_less_time(wanted, files)
    text = as_markdown(analysis, scenes, pictures)
    yield _File(wanted.output or Path("-"), text, counted(len(scenes), "component"))
    yield from beside


def _with_less_time(wanted: Wanted, files: Sequence[_File]) -> Wanted:
    """Return options with less time for the engine where it failed: an engine that hung once may hang each time."""
    failed = any(file.engine_failed for file in files)
    return replace(wanted, options=replace(wanted.options, seconds=_SECONDS_AFTER_FAILURE)) if failed else wanted


def _format_of(output: Path | None) -> DrawingFormat | None:
    if output is None:
        return None if sys.stdout.isatty() else DrawingFormat.SVG
    found = _SUFFIXES.get(output.suffix.lower())
    if found is None:
        raise CyclesError(
            f'cannot tell the format from "{output}"; end it in .svg, .html, .dot, .mmd or .md, or add --format'
        )
    return found
