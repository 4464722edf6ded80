"""What every command does: analyse what the options ask for, and deliver the result."""

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import TextIOWrapper
from pathlib import Path

from cycles.analysis import analyse
from cycles.model import Analysis
from cycles.rim import environment_folders, progress_display, write_atomically
from cycles.settings import read_settings
from cycles.words import CyclesError, GraphName


@dataclass(frozen=True, slots=True)
class Terminal:
    """How wide text may be, and whether it may be coloured."""

    width: int
    color: bool


@contextmanager
def analysed(
    package: str,
    *,
    graph: GraphName | None,
    roots: list[str] | None,
    source_roots: list[Path] | None,
    count_cuts: bool = False,
) -> Iterator[Analysis]:
    """The analysis that the command line and the configuration ask for; progress is shown until the block ends."""
    working_directory = Path.cwd()
    settings = read_settings(working_directory)
    with progress_display(sys.stderr) as progress:
        analysis = analyse(
            package,
            folders=_folders(working_directory, (*settings.source_roots, *(source_roots or ()))),
            roots=(*settings.roots, *(roots or ())),
            graph=graph or settings.graph,
            count_cuts=count_cuts,
            progress=progress,
        )
        progress("looking at its cycles")
        yield analysis
    local = (working_directory, *settings.source_roots, *(working_directory / root for root in source_roots or ()))
    if os.sep not in package and not any(Path(analysis.folder).is_relative_to(folder) for folder in local):
        sys.stderr.write(f"cycles: {package} found in {analysis.folder}\n")
    if analysis.skipped:
        files = "1 file" if len(analysis.skipped) == 1 else f"{len(analysis.skipped):,} files"
        sys.stderr.write(f"cycles: {files} not read, the rest analysed; `cycles scc {package} --all` lists them\n")


def check_number(analysis: Analysis, number: int | None) -> None:
    """Raise CyclesError where there is no component of that number."""
    count = len(analysis.components)
    if number is not None and not 1 <= number <= count:
        have = f"components 1 to {count}" if count else "no component"
        message = f"{analysis.package} has no component {number}: {analysis.graph} has {have}"
        raise CyclesError(message)


def terminal(output: Path | None) -> Terminal:
    """What stdout can show; a file gets no colour."""
    color = output is None and sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    return Terminal(width=shutil.get_terminal_size().columns, color=color)


def deliver(result: str, output: Path | None) -> None:
    """Print a result, or write it to a file, whole or not at all."""
    if output is not None:
        write_atomically(output, result)
    else:
        if isinstance(sys.stdout, TextIOWrapper):
            sys.stdout.reconfigure(errors="backslashreplace")
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
