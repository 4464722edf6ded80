"""Code in; how a fresh interpreter ended that ran it, out: a process group of its own, without input or output."""

import os
import signal
import subprocess
import threading
from collections.abc import Mapping
from dataclasses import dataclass

from cycles.words import CyclesError


@dataclass(frozen=True, slots=True)
class Interpreter:
    """How to start a fresh interpreter: its command, the folders of the sources, and what runs before the first import.

    `environment` is that of the process, and `folder` where it works; paths are reported relative to `project`.
    """

    python: str
    folder: str
    environment: Mapping[str, str]
    project: str
    source_folders: tuple[str, ...] = ()
    setup: str = ""
    after: tuple[str, ...] = ()
    timeout: float = 60.0


@dataclass(frozen=True, slots=True)
class Ended:
    """How a process ended: its status, negative where a signal ended it, and whether it took too long."""

    status: int
    timed_out: bool


class Processes:
    """The processes under way, so that all can be ended when the user has seen enough."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._running: set[subprocess.Popen[bytes]] = set()
        self._stopped = False

    def run(self, code: str, interpreter: Interpreter) -> Ended:
        """Run code to its end, or to the limit; whatever it started in its group ends with it.

        Raises CyclesError where the interpreter cannot be started.
        """
        try:
            process = self._start(code, interpreter)
        except OSError as error:
            message = f'"{interpreter.python}" cannot be started ({error.strerror}); name a Python with --python'
            raise CyclesError(message) from error
        if process is None:
            return Ended(status=0, timed_out=True)
        too_long = threading.Event()

        def stop() -> None:
            too_long.set()
            _end_group(process.pid)

        timer = threading.Timer(interpreter.timeout, stop)
        timer.start()
        # It is reaped last: until then no other process group can have its number.
        os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
        timer.cancel()
        timer.join()
        _end_group(process.pid)
        with self._lock:
            status = process.wait()
            self._running.discard(process)
        return Ended(status=status, timed_out=too_long.is_set())

    def end_all(self) -> None:
        """End what runs, and start nothing any more."""
        with self._lock:
            self._stopped = True
            for process in self._running:
                _end_group(process.pid)

    def _start(self, code: str, interpreter: Interpreter) -> subprocess.Popen[bytes] | None:
        """A new process, or None where all was ended meanwhile."""
        with self._lock:
            if self._stopped:
                return None
            process = subprocess.Popen(  # noqa: S603  no shell; that it runs the user's code is what it is for
                [interpreter.python, "-c", code],
                cwd=interpreter.folder,
                env=dict(interpreter.environment),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
            self._running.add(process)
            return process


def _end_group(group: int) -> None:
    try:
        os.killpg(group, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        # Nothing of it is left, or only what has ended already.
        return
