"""What predicting first imports costs, and what `--run` costs beside plain imports, as Markdown."""

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from cycles.api import analyze
from cycles.children.first_import_runs import probe
from cycles.children.run_python import Interpreter
from cycles.enums import Verdict
from cycles.simulate.simulate_first_imports import Library, predict
from cycles.source.source_file import sources_of
from pinned import entries

PREDICTED = ("django", "networkx")
LIMIT = 5.0
REALLY_IMPORTED = ("click", "networkx")
MOST_MODULES = 60
RUNS = 3
FACTOR = 1.2


def report() -> Iterator[str]:
    """Both tables, line by line."""
    yield "## First imports"
    yield ""
    yield (
        f"Predicted: every module of the package, in processor time (limit {LIMIT:.0f} s); the whole command also finds "
        "components, and looks for what masks and what hides crashes."
    )
    yield ""
    yield "| package | modules | crash | unknown | predicted CPU s | `cycles entries P` s |"
    yield "|---|--:|--:|--:|--:|--:|"
    yield from _predicted()
    yield ""
    yield (
        f"Really imported: plain is the sum of `python -c 'import M'`, one after the other, over {os.cpu_count()} cores; "
        f"ours `--run`; median of {RUNS} runs that take turns, limit {FACTOR} × plain."
    )
    yield ""
    yield "| package | modules | plain s | `--run` s | ratio |"
    yield "|---|--:|--:|--:|--:|"
    yield from _really_imported()


def _predicted() -> Iterator[str]:
    for entry in entries():
        if entry.package not in PREDICTED:
            continue
        analysis = analyze(entry.package, folders=[entry.folder])
        modules = [file.name for file in analysis.files]
        started = time.process_time()
        library = Library(sources_of(analysis.files), analysis.compiled, analysis.project, sys.version_info[:2])
        found = predict(library, modules)
        seconds = time.process_time() - started
        command = [str(Path(sys.executable).with_name("cycles")), "entries", entry.package]
        whole = statistics.median(_whole(command, entry.folder) for _ in range(RUNS))
        crash, unknown = (
            sum(prediction.entry.verdict is verdict for prediction in found)
            for verdict in (Verdict.CRASH, Verdict.UNKNOWN)
        )
        slow = "" if seconds <= LIMIT else " **over**"
        yield (f"| {entry.package} | {len(modules):,} | {crash:,} | {unknown:,} | {seconds:.2f}{slow} | {whole:.2f} |")


def _whole(command: Sequence[str], folder: Path) -> float:
    started = time.perf_counter()
    subprocess.run(command, cwd=folder, capture_output=True, check=True)
    return time.perf_counter() - started


def _really_imported() -> Iterator[str]:
    for entry in entries():
        if entry.package not in REALLY_IMPORTED:
            continue
        analysis = analyze(entry.package, folders=[entry.folder])
        own = [file.name for file in analysis.files if not {"tests", "__main__"} & set(file.name.split("."))]
        modules = own[:: -(-len(own) // MOST_MODULES)]
        times = [(_plain(modules, entry.folder), _ours(modules, entry.folder)) for _ in range(RUNS)]
        plain, ours = (statistics.median(column) for column in zip(*times, strict=True))
        share = plain / (os.cpu_count() or 1)
        slow = "" if ours <= FACTOR * share else " **over**"
        yield f"| {entry.package} | {len(modules)} | {share:.2f} | {ours:.2f} | {ours / share:.2f}{slow} |"


def _plain(modules: Sequence[str], folder: Path) -> float:
    started = time.perf_counter()
    for module in modules:
        command = [sys.executable, "-c", f"import {module}"]
        nothing = subprocess.DEVNULL
        subprocess.run(command, cwd=folder, stdin=nothing, stdout=nothing, stderr=nothing, check=False)
    return time.perf_counter() - started


def _ours(modules: Sequence[str], folder: Path) -> float:
    interpreter = Interpreter(sys.executable, str(folder), os.environ, str(folder))
    started = time.perf_counter()
    probe(modules, interpreter, jobs=os.cpu_count() or 1)
    return time.perf_counter() - started
