"""What the command line needs of the system: standard streams, files written whole or not at all, progress."""

import codecs
import os
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from cycles.errors import CyclesError
from cycles.processes import undisturbed, write_next_to

if TYPE_CHECKING:  # `--help` must not load what a run needs
    from cycles.children.run_python import Interpreter
    from cycles.model import Analysis

# As the user set it: a run of `cycles` adds to its own.
_ENVIRONMENT = dict(os.environ)
_SECONDS = 60.0


_QUIET_SECONDS = 1.0
_READABLE = "cycles.readable"


def open_standard_streams() -> None:
    """Open what is closed of stdin, stdout and stderr on nothing: a file opened later must not take their numbers."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)
    if sys.stdout is None:
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115  open until the end
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors=_READABLE)


def _readable(error: UnicodeError) -> tuple[str | bytes, int]:
    """Replace what an encoding lacks: the signs of our texts by ASCII, what else there may be by escapes."""
    from cycles.report.wording import SIGNS

    if isinstance(error, UnicodeEncodeError) and (sign := error.object[error.start]) in SIGNS:
        return SIGNS[sign], error.start + 1
    return codecs.backslashreplace_errors(error)


codecs.register_error(_READABLE, _readable)


def print_result(result: str) -> None:
    """Print to stdout, whatever its encoding; raises CyclesError where it is closed, OSError where it is full."""
    if sys.__stdout__ is None:
        raise CyclesError("stdout is closed; open it, or name a file with -o")
    sys.stdout.write(result)
    sys.stdout.flush()


def print_bytes(result: bytes) -> None:
    """Print bytes to stdout; raises CyclesError where it is closed, OSError where it is full."""
    if sys.__stdout__ is None:
        raise CyclesError("stdout is closed; open it, or name a file with -o")
    sys.stdout.flush()
    sys.stdout.buffer.write(result)
    sys.stdout.buffer.flush()


def say(text: str) -> None:
    """Print a text to stderr, if anybody listens."""
    with suppress(OSError, ValueError):
        sys.stderr.write(text)
        sys.stderr.flush()


def remark(sentence: str) -> None:
    """Print a sentence to stderr, on one line that no name in it can garble, if anybody listens."""
    from cycles.report.wording import clean

    with suppress(OSError, ValueError):
        sys.stderr.write(f"cycles: {clean(sentence)}\n")
        sys.stderr.flush()


def write_atomically(path: Path, text: str | bytes) -> None:
    """Write a file whole or not at all, through a link if it is one; a pipe or device is simply written to.

    Raises CyclesError, which names it, where that is impossible.
    """
    data = text.encode("utf-8") if isinstance(text, str) else text
    try:
        target = Path(os.path.realpath(path))
        if target.exists() and not target.is_file() and not target.is_dir():
            target.write_bytes(data)
        else:
            _replace(target, data)
    except OSError as error:
        raise _not_written(path, error) from error


def _not_written(path: Path, error: OSError) -> CyclesError:
    return CyclesError(
        f"cannot write {path} ({error.strerror}); name a file in a folder that exists and is yours to write"
    )


def need_writable(output: Path | None) -> None:
    """Raise CyclesError where a result could not be written to a file, before anything else is done."""
    if output is None or str(output) == "-":
        return
    target = Path(os.path.realpath(output))
    try:
        if not target.exists() or target.is_file():
            os.unlink(write_next_to(target, b""))
    except OSError as error:
        raise _not_written(output, error) from error


def _replace(target: Path, data: bytes) -> None:
    """Put a new file in the place of the target; nothing is left behind when that fails."""
    with undisturbed():
        path = write_next_to(target, data)
        try:
            os.replace(path, target)
        except BaseException:
            os.unlink(path)
            raise


@contextmanager
def progress_display(stream: TextIO) -> Iterator[Callable[[str], None]]:
    """Yield a function that shows what is being done, once that takes over a second, if stderr is a terminal."""
    if not stream.isatty():
        yield lambda _: None
        return
    current = [""]

    def show() -> None:
        _write(f"\r\x1b[K{current[0]} …")

    def _write(text: str) -> None:
        # A terminal that is gone, or that knows no "…", must not stop the work.
        with suppress(OSError, ValueError):
            stream.write(text)
            stream.flush()

    def step(text: str) -> None:
        current[0] = text
        if not timer.is_alive():
            show()

    timer = threading.Timer(_QUIET_SECONDS, show)
    timer.daemon = True
    timer.start()
    try:
        yield step
    finally:
        timer.cancel()
        timer.join()
        _write("\r\x1b[K")


def need_process_groups(option: str) -> None:
    """Raise CyclesError where processes that the user's code starts could not be ended with it."""
    if not hasattr(os, "killpg"):
        raise CyclesError(
            f"{option} needs process groups, which this system lacks; leave it out, or use Linux or macOS"
        )


def interpreter_for(
    analysis: "Analysis",
    *,
    python: str,
    setup: str,
    after: tuple[str, ...] = (),
    timeout: float | None = None,
) -> "Interpreter":
    """Return how to start an interpreter that finds the modules of an analysis where they were read."""
    from cycles.children.run_python import Interpreter

    return Interpreter(
        python=python,
        folder=os.getcwd(),
        environment=_ENVIRONMENT,
        project=analysis.project,
        source_folders=tuple(dict.fromkeys(os.path.dirname(file.folder) for file in analysis.files)),
        setup=setup,
        after=after,
        timeout=timeout or _SECONDS,
    )
