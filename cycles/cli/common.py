"""What every command does: analyze what the options ask for, and deliver the result."""

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from cycles.api import analyze
from cycles.cli.system import print_result, progress_display, remark, write_atomically
from cycles.config import read_config
from cycles.enums import GraphName
from cycles.errors import CyclesError
from cycles.model import Analysis
from cycles.source.locate import search_folders

_NARROWEST, _WIDEST = 20, 500
# Sentences for stderr once the job is done. A job that cannot be done says only why.
_waiting: list[str] = []


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
    """Make the analysis that the command line and the configuration ask for; show progress until the block ends."""
    working_directory = Path.cwd()
    settings = read_config(working_directory)
    with progress_display(sys.stderr) as progress:
        analysis = analyze(
            package,
            folders=_folders(working_directory, (*settings.source_roots, *(source_roots or ()))),
            roots=(*settings.roots, *(roots or ())),
            graph=graph or settings.graph,
            count_cuts=count_cuts,
            progress=progress,
        )
        progress("looking at its cycles")
        yield analysis
    _waiting.clear()
    local = (working_directory, *settings.source_roots, *(working_directory / root for root in source_roots or ()))
    if os.sep not in package and not any(Path(analysis.folder).is_relative_to(folder) for folder in local):
        _waiting.append(f"{package} found in {analysis.folder}")
    if analysis.skipped:
        files = "1 file" if len(analysis.skipped) == 1 else f"{len(analysis.skipped):,} files"
        _waiting.append(f"{files} not read, the rest analysed; `cycles scc {package} --all` lists them")


def check_number(analysis: Analysis, number: int | None) -> None:
    """Raise CyclesError where there is no component of that number."""
    count = len(analysis.components)
    if number is not None and not 1 <= number <= count:
        have = f"components 1 to {count}" if count else "no component"
        message = f"{analysis.package} has no component {number}: {analysis.graph_name} has {have}"
        raise CyclesError(message)


def terminal(output: Path | None) -> Terminal:
    """Return what stdout can show; a file gets no colour.

    Below 20 columns text is laid out as for 20, and above 500 as for 500: COLUMNS may say anything.
    """
    color = named_file(output) is None and sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    width = min(max(shutil.get_terminal_size().columns, _NARROWEST), _WIDEST)
    return Terminal(width=width, color=color)


def named_file(output: Path | None) -> Path | None:
    """Return the file that `-o` names; None for stdout, which `-` means too."""
    return None if output is None or str(output) == "-" else output


def deliver(result: str, output: Path | None) -> None:
    """Print a result, or write it to a file, whole or not at all."""
    file = named_file(output)
    if file is not None:
        write_atomically(file, result)
    else:
        print_result(result)
    say_remarks()


def say_later(sentence: str) -> None:
    """Keep a sentence for stderr until the job is done."""
    _waiting.append(sentence)


def say_remarks() -> None:
    """Write the kept sentences to stderr."""
    for sentence in _waiting:
        remark(sentence)
    _waiting.clear()


def _folders(working_directory: Path, source_roots: tuple[Path, ...]) -> tuple[Path, ...]:
    """Return where packages are looked for, in order."""
    for folder in source_roots:
        if not (working_directory / folder).is_dir():
            message = (
                f'source root "{folder}" is no folder under {working_directory}; correct --source-root or source-roots'
            )
            raise CyclesError(message)
    return search_folders(working_directory, source_roots, os.environ.get("VIRTUAL_ENV"))
