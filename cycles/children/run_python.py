"""Run code in a fresh interpreter, a process group of its own without input or output, and say how it ended."""

import subprocess
import threading
from collections.abc import Mapping
from dataclasses import dataclass

from cycles.errors import CyclesError
from cycles.processes import Process, end, finish, start, wait_for_end


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
    """The interpreters under way, so that all can be ended when the user has seen enough."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._running: set[Process] = set()
        self._stopped = False

    def run(self, code: str, interpreter: Interpreter) -> Ended:
        """Run code to its end, or to the limit; whatever it started in its session ends with it.

        Raises CyclesError where the interpreter cannot be started.
        """
        try:
            process = self._start(code, interpreter)
        except OSError as error:
            raise CyclesError(
                f'"{interpreter.python}" cannot be started ({error.strerror}); name a Python with --python'
            ) from error
        if process is None:
            return Ended(status=0, timed_out=True)
        too_long = threading.Event()

        def stop() -> None:
            too_long.set()
            end(process)

        timer = threading.Timer(interpreter.timeout, stop)
        timer.start()
        try:
            # Before it is reaped: until then no other process can have its number.
            wait_for_end(process)
        finally:
            timer.cancel()
            timer.join()
            with self._lock:
                self._running.discard(process)
        return Ended(status=finish(process), timed_out=too_long.is_set())

    def end_all(self) -> None:
        """End what runs, and start nothing any more."""
        with self._lock:
            self._stopped = True
            for process in self._running:
                end(process)

    def _start(self, code: str, interpreter: Interpreter) -> Process | None:
        """Start an interpreter that runs the user's code, which is what it is for; None where all was ended."""
        with self._lock:
            if self._stopped:
                return None
            nothing = subprocess.DEVNULL
            process = start(
                [interpreter.python, "-c", code],
                stdin=nothing,
                stdout=nothing,
                stderr=nothing,
                folder=interpreter.folder,
                environment=interpreter.environment,
            )
            if process:
                self._running.add(process)
            return process
