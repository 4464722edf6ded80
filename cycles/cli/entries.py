"""`cycles entries`."""

import os
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from cycles.cli.options import (
    Everything,
    Format,
    Number,
    Output,
    OutputFormat,
    Package,
    Roots,
    SourceRoots,
)
from cycles.enums import GraphName
from cycles.errors import CyclesError

if TYPE_CHECKING:  # `--help` must not load what a run needs
    from cycles.children.interpreter import Interpreter
    from cycles.model import Analysis, FirstImport

# As the user set it: a run of `cycles` adds to its own.
_ENVIRONMENT = dict(os.environ)
_SECONDS = 60.0


def entries(
    package: Package,
    number: Number = None,
    after: Annotated[
        list[str] | None, typer.Option("--after", metavar="MODULE", help="Imported before each (repeatable).")
    ] = None,
    bare_root: Annotated[
        bool, typer.Option("--bare-root", help="As if the __init__ of PACKAGE and of those above it were empty.")
    ] = False,
    run: Annotated[
        bool, typer.Option("--run", help="Also really import each module, which EXECUTES the code of PACKAGE.")
    ] = False,
    python: Annotated[
        str | None,
        typer.Option("--python", metavar="PATH", help="The interpreter for --run (default: VIRTUAL_ENV's, or this)."),
    ] = None,
    setup: Annotated[
        str | None,
        typer.Option("--setup", metavar="CODE", help='With --run: what runs first: "import django; django.setup()".'),
    ] = None,
    timeout: Annotated[
        float | None,
        typer.Option("--timeout", metavar="SECONDS", min=0.1, help="With --run: limit a module (default: 60)."),
    ] = None,
    jobs: Annotated[
        int | None, typer.Option("--jobs", metavar="N", min=1, help="With --run: imports at a time (default: cores).")
    ] = None,
    output_format: OutputFormat = Format.TEXT,
    output: Output = None,
    root: Roots = None,
    source_root: SourceRoots = None,
    everything: Everything = False,
) -> None:
    """Say which modules can be imported first, and why others crash.

    Predicted without executing anything, for the modules whose import runs a component of the import-time graph.
    --run also imports every module for real, each in a process of its own that starts in the working directory with
    the environment as it is; the folder that holds PACKAGE joins its path behind the working directory.
    """
    import sys

    from cycles.cli.common import analysed, check_number, deliver, terminal
    from cycles.cli.system import progress_display, remark

    chosen = {"--python": python, "--setup": setup, "--timeout": timeout, "--jobs": jobs}
    _check(run=run, bare_root=bare_root, needing_run=[name for name, value in chosen.items() if value is not None])
    with analysed(package, graph=GraphName.IMPORT_TIME, roots=root, source_roots=source_root) as analysis:
        check_number(analysis, number)
    from cycles.simulate.first_imports import entrances

    command = python or _environment_python() or sys.executable
    if run:
        remark(f"--run executes code of {package}: each module is imported first by {command}")
    with progress_display(sys.stderr) as progress:
        interpreter = _interpreter_for(
            analysis,
            python=command,
            environment=_ENVIRONMENT,
            setup=setup or "",
            after=tuple(after or ()),
            timeout=timeout or _SECONDS,
        )
        found = entrances(
            analysis,
            number=number,
            after=after or (),
            bare_root=bare_root,
            run=_importing(interpreter, jobs or os.cpu_count() or 1, progress) if run else None,
            progress=progress,
        )
    if output_format is Format.JSON:
        from cycles.report.json import entries_as_json

        result = entries_as_json(analysis, found)
    else:
        from cycles.report.entries import entries_as_text
        from cycles.report.text import TextStyle

        shown = terminal(output)
        style = TextStyle(shown.width, everything=everything, color=shown.color)
        result = entries_as_text(analysis, found, style)
    deliver(result, output)


def _check(*, run: bool, bare_root: bool, needing_run: list[str]) -> None:
    """Raise CyclesError where options contradict each other."""
    if needing_run and not run:
        message = f"{needing_run[0]} says how modules are really imported; add --run"
        raise CyclesError(message)
    if run and not hasattr(os, "killpg"):
        message = "--run needs process groups, which this system lacks; leave it out, or run cycles on Linux or macOS"
        raise CyclesError(message)
    if bare_root and run:
        message = "--bare-root can only be predicted: leave out --run, or empty the __init__ in a copy"
        raise CyclesError(message)


def _environment_python() -> str | None:
    """The interpreter of the active virtual environment."""
    folder = _ENVIRONMENT.get("VIRTUAL_ENV")
    names = ("bin/python", "Scripts/python.exe")
    found = [path for name in names if folder and os.path.isfile(path := os.path.join(folder, name))]
    return found[0] if found else None


def _interpreter_for(
    analysis: "Analysis",
    *,
    python: str,
    environment: Mapping[str, str],
    setup: str,
    after: tuple[str, ...],
    timeout: float,
) -> "Interpreter":
    """Return how to start an interpreter that finds the modules of an analysis where they were read."""
    from cycles.children.interpreter import Interpreter

    return Interpreter(
        python=python,
        folder=os.getcwd(),
        environment=environment,
        project=analysis.project,
        source_folders=tuple(dict.fromkeys(os.path.dirname(file.folder) for file in analysis.files)),
        setup=setup,
        after=after,
        timeout=timeout,
    )


def _importing(
    interpreter: "Interpreter", jobs: int, progress: Callable[[str], None]
) -> "Callable[[Sequence[str]], Sequence[FirstImport]]":
    """Return a function that imports modules, each first, and tells progress how many are done."""
    from cycles.children.runner import probe

    def run(modules: Sequence[str]) -> "Sequence[FirstImport]":
        def show(done: int) -> None:
            progress(f"imported {done:,} of {len(modules):,}")

        return probe(modules, interpreter, jobs=jobs, progress=show)

    return run
