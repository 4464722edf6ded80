"""Really import each module as the first of a fresh interpreter, and say what becomes of it.

This runs the code of the modules, each in a process of its own. What became of one arrives in a file that it alone
knows, never on its output.
"""

import ast
import os
import re
import signal
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path

from cycles.children.failure_cause import BODY, Frame, Raised, is_cycle
from cycles.children.run_python import Ended, Interpreter, Processes
from cycles.enums import Verdict
from cycles.errors import CyclesError
from cycles.model import FirstImport, ImportLink
from cycles.processes import temporary_folder
from cycles.source.text_bindings import forget_texts

_CHILD = Path(__file__).with_name("first_import_child.py")
_REHEARSAL_SECONDS = 60.0
_MOST_BYTES = 4_000_000
"""What is read of a child's result: many times what it writes, as its code may write there too."""
_Place = tuple[str, int, str, str, tuple[int, int, int, int] | None]
_Failure = tuple[Sequence[tuple[str, Sequence[_Place]]], Mapping[str, Sequence[str]]]
_MISSING = re.compile(r"ModuleNotFoundError: No module named '([^']+)'")


@dataclass(frozen=True, slots=True)
class ChildResult:
    """How far a child came (None: it wrote no result), how it ended, and what it says of the failure.

    `loaded` is whether the last module had been loaded before its turn, `chain` the exception and those behind it.
    """

    done: int | None
    ended: Ended
    loaded: bool = False
    chain: tuple[Raised, ...] = ()
    settled: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @property
    def error(self) -> str | None:
        """The last line that Python would print."""
        return self.chain[0].line if self.chain else None


def probe(
    modules: Sequence[str],
    interpreter: Interpreter,
    *,
    jobs: int,
    progress: Callable[[int], None] = lambda _: None,
) -> tuple[FirstImport, ...]:
    """Import each module first in a process of its own, `jobs` at a time; the entries come in the order of the modules.

    A failure is a `crash` where an import cycle causes it, by the rule of `cycles.children.failure_cause`. `unknown` is
    what takes longer than the limit, `other` every other failure: also an exit or a death by a signal.
    `progress` is told how many are done. Raises CyclesError where what comes before the first import fails already.
    """
    text = _CHILD.read_text(encoding="utf-8")
    processes = Processes()
    with temporary_folder() as folder, ThreadPoolExecutor(max_workers=jobs) as executor:
        try:
            patient = replace(interpreter, timeout=max(interpreter.timeout, _REHEARSAL_SECONDS))
            path = os.path.join(folder, "rehearsal")
            rehearsal = executor.submit(_import, text, (), path, patient, processes)
            waiting = [
                executor.submit(_import, text, (module,), os.path.join(folder, str(number)), interpreter, processes)
                for number, module in enumerate(modules)
            ]
            _check(rehearsal.result(), patient)
            found = []
            for module, future in zip(modules, waiting, strict=True):
                found.append(first_import(module, future.result(), interpreter))
                progress(len(found))
        except BaseException:
            executor.shutdown(wait=False, cancel_futures=True)
            processes.end_all()
            raise
        finally:
            forget_texts()
    return tuple(found)


def _import(
    text: str, modules: Sequence[str], path: str, interpreter: Interpreter, processes: Processes
) -> ChildResult:
    """Import modules in a new process, after all that comes before them."""
    arguments = (list(interpreter.source_folders), interpreter.setup, [*interpreter.after, *modules], path)
    ended = processes.run(f"{text}\nimport_first{arguments!a}\n", interpreter)
    return read_outcome(path, ended)


def _check(rehearsal: ChildResult, interpreter: Interpreter) -> None:
    """Raise CyclesError where what comes before the first import fails."""
    if rehearsal.done == len(interpreter.after):
        return
    if rehearsal.done is None:
        what, next_step = f'"{interpreter.python}"', "it must be Python 3; name another with --python"
        if interpreter.setup or interpreter.after:
            what, next_step = "what comes before the first import", "correct --setup or --after"
    elif rehearsal.done < 0:
        what, next_step = "the code of --setup", "correct it"
    else:
        what, next_step = f"import {interpreter.after[rehearsal.done]} (--after)", "name a module that can be imported"
    raise CyclesError(f"{what} fails ({rehearsal.error or _ending_of(rehearsal, interpreter)}); {next_step}")


def read_outcome(path: str, ended: Ended) -> ChildResult:
    """Return what a child wrote; only where it wrote nothing, how it ended says what happened."""
    try:
        with open(path, encoding="utf-8") as file:
            return outcome_of(ast.literal_eval(file.read(_MOST_BYTES)), ended)
    except (OSError, ValueError, SyntaxError, TypeError):
        return ChildResult(None, ended)


def outcome_of(written: tuple[int, bool, _Failure | None], ended: Ended) -> ChildResult:
    """Return what `first_import_child.py` wrote as a value."""
    done, loaded, failure = written
    if failure is None:
        return ChildResult(done, ended, loaded)
    chain, settled = failure
    raised = tuple(Raised(line, tuple(Frame(*frame) for frame in frames)) for line, frames in chain)
    return ChildResult(done, ended, loaded, raised, settled)


def first_import(module: str, outcome: ChildResult, interpreter: Interpreter) -> FirstImport:
    """What became of a module."""
    if outcome.done is None:
        verdict = Verdict.UNKNOWN if outcome.ended.timed_out else Verdict.OTHER
        return FirstImport(module, verdict, reason=_ending_of(outcome, interpreter))
    if not outcome.chain:
        return FirstImport(module, Verdict.OK, loaded=outcome.loaded)
    frames = outcome.chain[0].frames
    missing = [found[1] for raised in outcome.chain if (found := _MISSING.match(raised.line))]
    cycle = is_cycle(outcome.chain, outcome.settled)
    return FirstImport(
        module,
        Verdict.CRASH if cycle else Verdict.OTHER,
        error=outcome.error,
        path=_relative(frames[-1].path, interpreter.project) if frames else None,
        line_number=frames[-1].line_number if frames else None,
        chain=_chain(frames, interpreter.project),
        missing=missing[0] if missing and not cycle else None,
    )


def _ending_of(outcome: ChildResult, interpreter: Interpreter) -> str:
    """Describe the end of a process that wrote no result."""
    if outcome.ended.timed_out:
        return f"not done within {interpreter.timeout:g} s"
    if outcome.ended.status >= 0:
        return f"it ends the process with status {outcome.ended.status}"
    try:
        name = signal.Signals(-outcome.ended.status).name
    except ValueError:
        name = f"signal {-outcome.ended.status}"
    return f"the process died of {name}"


def _chain(frames: Sequence[Frame], project: str) -> tuple[ImportLink, ...]:
    """The imports under way: each from the frame directly above the body of the imported module."""
    links = []
    above: Frame | None = None
    body = ""
    for frame in frames:
        if frame.code == BODY and frame.module != body:
            if above is not None:
                path = _relative(above.path, project)
                links.append(ImportLink(above.module, frame.module, path, above.line_number))
            body = frame.module
        if not frame.module.startswith("importlib"):
            above = frame
    return tuple(links)


def _relative(path: str, project: str) -> str:
    """A path as the imports of an analysis have it; whole where it lies outside the project."""
    below = os.path.join(project, "")
    return path.removeprefix(below).replace(os.sep, "/") if path.startswith(below) else path
