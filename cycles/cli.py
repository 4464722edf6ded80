"""Words in; words and an exit status out."""

import gc
import os
import shutil
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from cycles import __version__
from cycles.model import CyclesError, GraphName
from cycles.rim import environment_folders, progress_display, write_atomically

_COULD_NOT = 2

app = typer.Typer(
    name="cycles",
    help="Find the import cycles of a Python package, and what holds them together.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


class Format(StrEnum):
    """How results are printed."""

    TEXT = "text"
    JSON = "json"


def run() -> None:
    """Run the command line; the process ends with 0 (done) or 2 (could not do the job)."""
    # A run lives for a second or so and makes no reference cycles worth collecting: this saves a fifth of it.
    gc.disable()
    try:
        app()
    except CyclesError as error:
        sys.stderr.write(f"cycles: {error}\n")
        sys.exit(_COULD_NOT)
    except BrokenPipeError:
        # The reader went away (`cycles … | head`); point stdout elsewhere, so that the exit does not complain.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except KeyboardInterrupt:
        sys.exit(130)


def _print_version(wanted: bool) -> None:  # noqa: FBT001  typer calls it with one positional value
    if wanted:
        typer.echo(f"cycles {__version__}")
        raise typer.Exit


@app.callback()
def _main(
    _version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    pass


@app.command(epilog="Example: cycles scc ee.hogai --graph all")
def scc(
    package: Annotated[str, typer.Argument(metavar="PACKAGE", help="A dotted name (a sub-package too) or a path.")],
    number: Annotated[
        int | None, typer.Argument(metavar="[N]", help="The number of one component, to see it in detail.")
    ] = None,
    graph: Annotated[
        GraphName | None, typer.Option("--graph", help="Which imports count (default: import-time).")
    ] = None,
    output_format: Annotated[Format, typer.Option("--format", help="How to print the result.")] = Format.TEXT,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write the result to a file.")
    ] = None,
    root: Annotated[
        list[str] | None, typer.Option("--root", metavar="PACKAGE", help="A further root package (repeatable).")
    ] = None,
    source_root: Annotated[
        list[Path] | None,
        typer.Option("--source-root", metavar="FOLDER", help="A folder that holds packages (repeatable)."),
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="Show what is otherwise cut off.")] = False,
) -> None:
    """Show the components of a package's import graph: which modules import each other in circles.

    Three graphs are counted: what runs on import (import-time), what is coupled when the program
    runs (runtime), and every import as written (all). Nothing of the package is executed.
    """
    from cycles.analysis import analyse
    from cycles.settings import read_settings

    working_directory = Path.cwd()
    settings = read_settings(working_directory)
    with progress_display(sys.stderr) as progress:
        analysis = analyse(
            package,
            folders=_folders(working_directory, (*settings.source_roots, *(source_root or ()))),
            roots=(*settings.roots, *(root or ())),
            graph=graph or settings.graph,
            progress=progress,
        )
    if number is not None and not 1 <= number <= len(analysis.components):
        counted = f"components 1 to {len(analysis.components)}" if analysis.components else "no component"
        message = f"{analysis.package} has no component {number}: {analysis.graph} has {counted}"
        raise CyclesError(message)
    if output_format is Format.JSON:
        from cycles.reports.document import as_json

        result = as_json(analysis, number=number)
    else:
        from cycles.reports.text import as_text

        color = output is None and sys.stdout.isatty() and not os.environ.get("NO_COLOR")
        width = shutil.get_terminal_size().columns
        result = as_text(analysis, number=number, everything=everything, width=width, color=color)
    if output is not None:
        write_atomically(output, result)
    else:
        sys.stdout.write(result)
        sys.stdout.flush()


def _folders(working_directory: Path, source_roots: tuple[Path, ...]) -> tuple[Path, ...]:
    """Where packages are looked for, in order."""
    for folder in source_roots:
        if not (working_directory / folder).is_dir():
            message = (
                f'source root "{folder}" is no folder under {working_directory}; correct --source-root or source-roots'
            )
            raise CyclesError(message)
    local = (working_directory, working_directory / "src", *(working_directory / folder for folder in source_roots))
    return (*(folder for folder in local if folder.is_dir()), *environment_folders(os.environ.get("VIRTUAL_ENV")))
