"""Find a layout program such as Graphviz' `dot`, and run it within limits of time and size."""

import os
import shutil
import subprocess
import tempfile
import threading
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, files
from pathlib import Path

from cycles import limits
from cycles.errors import CyclesError
from cycles.processes import Process, end, finish, start

_BUNDLE = "graphviz-pure"
_BEGINNINGS = {"svg": (b"<?xml", b"<svg"), "plain": (b"graph ",), "json": (b"{",)}


@dataclass(frozen=True, slots=True)
class Engine:
    """A program that understands the options of Graphviz' `dot`; `name` is "given", "bundled" or "system"."""

    name: str
    program: str


def find_engine(wanted: str | None = None) -> Engine | None:
    """Return the program that was asked for, else the one installed with `cycles`, else the system's `dot`, else None.

    Raises CyclesError where the wanted one cannot be run.
    """
    if wanted:
        program = shutil.which(wanted)
        if program is None:
            raise CyclesError(
                f"the layout engine {wanted} is not a program that can be run; name Graphviz' dot by its path"
            )
        return Engine(name="given", program=program)
    if bundled := _bundled():
        return Engine(name="bundled", program=bundled)
    system = shutil.which("dot")
    return Engine(name="system", program=system) if system else None


def run_engine(engine: Engine, dot: str, *, output: str, seconds: float = limits.LAYOUT_SECONDS) -> str | None:
    """Return what the engine makes of a DOT text, as "svg", "plain" or "json"; None where it fails or is too slow."""
    with tempfile.TemporaryFile() as source:
        source.write(dot.encode("utf-8", "backslashreplace"))
        source.seek(0)
        try:
            command = [engine.program, "-Kdot", f"-T{output}"]
            process = start(command, stdin=source, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        except OSError:
            return None
        if process is None:
            return None
        written = _read(process, seconds)
    if process.returncode or not written.startswith(_BEGINNINGS[output]) or len(written) > limits.LAYOUT_BYTES:
        return None
    return written.decode("utf-8", "replace")


def _bundled() -> str | None:
    """Return the program of the graphviz-pure distribution: it is found by its files, not by PATH."""
    try:
        installed = files(_BUNDLE) or ()
    except PackageNotFoundError:
        return None
    for file in installed:
        program = Path(str(file.locate()))
        if program.stem == _BUNDLE and os.access(program, os.X_OK) and program.is_file():
            return str(program.resolve())
    return None


def _read(process: Process, seconds: float) -> bytes:
    """Return all that a process writes, until it ends, or is ended because it takes too long or writes too much."""
    clock = threading.Timer(seconds, end, (process,))
    clock.start()
    try:
        return process.stdout.read(limits.LAYOUT_BYTES + 1) if process.stdout else b""
    finally:
        # It has ended, writes too much, or nobody waits for it any more.
        end(process)
        # The clock must not run out on a process that is reaped: another may have its number by then.
        clock.cancel()
        clock.join()
        finish(process)
        if process.stdout:
            process.stdout.close()
