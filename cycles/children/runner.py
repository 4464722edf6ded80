"""Really import each module as the first of a fresh interpreter, and say what becomes of it.

This runs the code of the modules, each in a process of its own. What became of one arrives in a file that it alone
knows, never on its output.
"""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

from cycles.children.bindings import forget_texts
from cycles.children.interpreter import Interpreter, Processes
from cycles.children.outcome import Outcome, ending_of, first_import, read_outcome
from cycles.errors import CyclesError
from cycles.model import FirstImport
from cycles.processes import temporary_folder

_CHILD = Path(__file__).with_name("child.py")
_REHEARSAL_SECONDS = 60.0


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


def _import(text: str, modules: Sequence[str], path: str, interpreter: Interpreter, processes: Processes) -> Outcome:
    """Import modules in a new process, after all that comes before them."""
    arguments = (list(interpreter.source_folders), interpreter.setup, [*interpreter.after, *modules], path)
    ended = processes.run(f"{text}\nimport_first{arguments!a}\n", interpreter)
    return read_outcome(path, ended)


def _check(rehearsal: Outcome, interpreter: Interpreter) -> None:
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
    message = f"{what} fails ({rehearsal.error or ending_of(rehearsal, interpreter)}); {next_step}"
    raise CyclesError(message)
