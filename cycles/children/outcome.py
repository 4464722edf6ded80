"""What becomes of a child that imports modules: how far it came, how it ended, and the failure that it wrote down."""

import ast
import os
import re
import signal
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from cycles.children.failure_cause import BODY, Frame, Raised, is_cycle
from cycles.children.interpreter import Ended, Interpreter
from cycles.enums import Verdict
from cycles.model import FirstImport, ImportLink

_MOST_BYTES = 4_000_000
"""What is read of a child's result: many times what it writes, as its code may write there too."""
_Place = tuple[str, int, str, str, tuple[int, int, int, int] | None]
_Failure = tuple[Sequence[tuple[str, Sequence[_Place]]], Mapping[str, Sequence[str]]]
_MISSING = re.compile(r"ModuleNotFoundError: No module named '([^']+)'")


@dataclass(frozen=True, slots=True)
class Outcome:
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


def read_outcome(path: str, ended: Ended) -> Outcome:
    """Return what a child wrote; only where it wrote nothing, how it ended says what happened."""
    try:
        with open(path, encoding="utf-8") as file:
            return outcome_of(ast.literal_eval(file.read(_MOST_BYTES)), ended)
    except (OSError, ValueError, SyntaxError, TypeError):
        return Outcome(None, ended)


def outcome_of(written: tuple[int, bool, _Failure | None], ended: Ended) -> Outcome:
    """Return what `child.py` wrote as a value."""
    done, loaded, failure = written
    if failure is None:
        return Outcome(done, ended, loaded)
    chain, settled = failure
    raised = tuple(Raised(line, tuple(Frame(*frame) for frame in frames)) for line, frames in chain)
    return Outcome(done, ended, loaded, raised, settled)


def first_import(module: str, outcome: Outcome, interpreter: Interpreter) -> FirstImport:
    """What became of a module."""
    if outcome.done is None:
        verdict = Verdict.UNKNOWN if outcome.ended.timed_out else Verdict.OTHER
        return FirstImport(module, verdict, reason=ending_of(outcome, interpreter))
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


def ending_of(outcome: Outcome, interpreter: Interpreter) -> str:
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
