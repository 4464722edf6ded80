"""Child processes, temporary folders, files and signals: whatever ends this process, nothing of it stays behind.

SIGINT and SIGTERM become an exception, `Interrupted`, so that every `with` and `finally` on the way out does its work.
What must not be torn in two, such as starting a child and remembering it, is done `undisturbed`.
"""

import errno
import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import IO

Process = subprocess.Popen[bytes]
_Stream = IO[bytes] | int | None
_SIGNALS = (signal.SIGINT, signal.SIGTERM)
_NEVER_STARTED = -9


class Interrupted(BaseException):
    """The user, or the system, wants this process to end; no `except Exception` may hold it up."""

    def __init__(self, number: int) -> None:
        """`number` is that of the signal."""
        super().__init__(signal.Signals(number).name)
        self.number = number


class _Signals:
    """The signal that came, and whether it has to wait."""

    def __init__(self) -> None:
        self.number: int | None = None
        self.held = 0

    def arrive(self, number: int, _: FrameType | None) -> None:
        """Note a signal, and raise it unless it has to wait; a second one does not disturb what follows the first."""
        if self.number is not None:
            return
        self.number = number
        if not self.held:
            raise Interrupted(number)


class _Children:
    """The children under way."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.running: set[Process] = set()
        self.stopped = False


_signals = _Signals()
_children = _Children()


@contextmanager
def interruptible() -> Iterator[None]:
    """Let SIGINT and SIGTERM raise Interrupted in the block; afterwards no child is left. For the main thread only."""
    _signals.number, _signals.held, _children.stopped = None, 0, False
    before = [(number, signal.signal(number, _signals.arrive)) for number in _SIGNALS]
    try:
        # Python tries the folder for temporary files out with one, which a signal would leave there.
        with undisturbed(), suppress(OSError):
            tempfile.gettempdir()
        yield
        if _signals.number is not None:
            # It was raised where Python swallows what is raised, such as in a callback of a weak reference.
            raise Interrupted(_signals.number)
    finally:
        _signals.held += 1
        end_all()
        for number, handler in before:
            signal.signal(number, handler)


@contextmanager
def undisturbed() -> Iterator[None]:
    """Let signals wait until the end of the block, which must be short."""
    if threading.current_thread() is not threading.main_thread():
        # Signals are delivered to the main thread only.
        yield
        return
    _signals.held += 1
    try:
        yield
    finally:
        _signals.held -= 1
    if _signals.number is not None and not _signals.held:
        raise Interrupted(_signals.number)


def start(
    command: Sequence[str],
    *,
    stdin: _Stream,
    stdout: _Stream,
    stderr: _Stream,
    folder: Path | str | None = None,
    environment: Mapping[str, str] | None = None,
) -> Process | None:
    """Start a child in a session of its own; None where all were ended meanwhile. Raises OSError.

    A session of its own: what the child starts can be ended with it, and a Ctrl-C meets this process alone.
    """
    with undisturbed(), _children.lock:
        if _children.stopped:
            return None
        process = subprocess.Popen(  # noqa: S603  no shell
            command,
            stdin=stdin,
            stdout=stdout,
            stderr=stderr,
            cwd=folder,
            env=environment,
            start_new_session=True,
        )
        _children.running.add(process)
        return process


def wait_for_end(process: Process) -> None:
    """Wait until a child has ended, and leave it to `finish` to reap it where the system allows that."""
    if hasattr(os, "waitid"):
        os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
    else:
        process.wait()


def finish(process: Process) -> int:
    """Wait for a child, end what it leaves in its session, and return its status: negative where a signal ended it."""
    try:
        wait_for_end(process)
    finally:
        # It is reaped last: until then no other process group can have its number.
        end(process)
        with _children.lock:
            status = process.wait()
            _children.running.discard(process)
    return status


def end(process: Process) -> None:
    """End a child, and all that it started and that has not left its session."""
    if os.name != "posix":
        with suppress(OSError):
            process.kill()
        return
    # Nothing of it is left, or only what has ended already.
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)


def end_all() -> None:
    """End every child, and start none until the next `interruptible` block."""
    with _children.lock:
        _children.stopped = True
        running = [process for process in _children.running if process.returncode is None]
        for process in running:
            end(process)
        for process in running:
            process.wait()
        _children.running.clear()


def run(command: Sequence[str], text: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a child in a folder to its end, with a text as its input; returns its status and what it wrote.

    Raises OSError.
    """
    done = run_bytes(command, text.encode(), folder)
    said = (part.decode("utf-8", "backslashreplace") for part in (done.stdout, done.stderr))
    return subprocess.CompletedProcess(command, done.returncode, *said)


def run_bytes(
    command: Sequence[str], data: bytes, folder: Path, environment: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[bytes]:
    """Run a child in a folder to its end, with some bytes as its input; returns its status and what it wrote.

    Files, not pipes: neither side ever waits for the other to read. Raises OSError.
    """
    with tempfile.TemporaryFile() as question, tempfile.TemporaryFile() as answer, tempfile.TemporaryFile() as errors:
        question.write(data)
        question.seek(0)
        process = start(command, stdin=question, stdout=answer, stderr=errors, folder=folder, environment=environment)
        status = finish(process) if process else _NEVER_STARTED
        said = []
        for file in (answer, errors):
            file.seek(0)
            said.append(file.read())
    return subprocess.CompletedProcess(command, status, *said)


@contextmanager
def temporary_folder() -> Iterator[Path]:
    """Make a folder that is gone after the block, whatever happens in it."""
    with undisturbed():
        folder = Path(tempfile.mkdtemp(prefix="cycles-"))
    try:
        yield folder
    finally:
        with undisturbed():
            shutil.rmtree(folder, ignore_errors=True)


def silence(unraisable: "sys.UnraisableHookArgs") -> None:
    """Print what Python cannot raise, but for our own exception, which is raised later: a `sys.unraisablehook`."""
    if not isinstance(unraisable.exc_value, Interrupted):
        sys.__unraisablehook__(unraisable)


_WRITABLE = stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH


def write_next_to(target: Path, data: bytes) -> str:
    """Write a new file in the folder of another, with its mode; return its path, for `os.replace`.

    Nothing is left behind when that fails. Raises OSError, also where the other file is read-only.
    """
    mode = stat.S_IMODE(target.stat().st_mode) if target.is_file() else 0o666 & ~_umask()
    if not mode & _WRITABLE:
        raise PermissionError(errno.EACCES, "it is read-only", str(target))
    descriptor, path = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    try:
        with open(descriptor, "wb") as file:
            file.write(data)
        os.chmod(path, mode)
    except BaseException:
        os.unlink(path)
        raise
    return path


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
