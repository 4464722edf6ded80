"""Modules in; which of them can be imported first, and where and why the others fail, out: by simulation, nothing is run."""

import sys
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from cycles.entries.imports import import_module
from cycles.entries.machine import execute
from cycles.entries.reading import Library
from cycles.entries.state import Checkpoint, State
from cycles.entries.trampoline import drive
from cycles.entries.values import Exhausted, Raised
from cycles.model import Entry, ModuleFile
from cycles.words import Verdict

__all__ = ["Prediction", "predict"]


@dataclass(frozen=True, slots=True)
class Prediction:
    """A module as the first import, and the modules whose bodies ran or began on the way, sorted."""

    entry: Entry
    ran: tuple[str, ...]


def predict(  # noqa: PLR0913
    files: Sequence[ModuleFile],
    entries: Sequence[str],
    *,
    compiled: Collection[str] = (),
    project: str,
    after: Sequence[str] = (),
    bare: Collection[str] = (),
    version: tuple[int, int] = sys.version_info[:2],
) -> tuple[Prediction, ...]:
    """What becomes of each entry as the first import of a fresh interpreter, in their order.

    `files` are all modules of the roots, `compiled` those that have no text; `after` is imported
    before, in order; the packages in `bare` are taken to have a blank `__init__`. Paths in the
    result are relative to `project`; error texts and rules are those of a version of CPython. A crash is
    only said where it is certain. Where one of `after` fails, every verdict is `unknown`.
    """
    library = Library(files, compiled, bare, project, version)
    state = State(library, execute)
    for module in after:
        failed = _import(state, module)
        if failed is not None:
            reason = f"{module} is to be imported before, and fails itself"
            if failed.line:
                reason = f"{reason}: {failed.line}"
            return tuple(Prediction(Entry(entry, Verdict.UNKNOWN, reason=reason), ()) for entry in entries)
    return _all(state, entries)


def _all(state: State, entries: Sequence[str]) -> tuple[Prediction, ...]:
    """Entries in the order of their names: what they share, their packages, is imported once."""
    found: dict[str, Prediction] = {}
    points: list[tuple[str, Checkpoint, Raised | None]] = []
    for entry in sorted(set(entries)):
        while points and not entry.startswith(f"{points[-1][0]}."):
            _, point, _ = points.pop()
            state.go_back(point)
            state.forget(point)
        if points:
            # Later siblings start from here again.
            pass
        name = points[-1][0] if points else ""
        failed = points[-1][2] if points else None
        for part in entry[len(name) + bool(name) :].split("."):
            name = f"{name}.{part}" if name else part
            point = state.checkpoint()
            if failed is None:
                failed = _import(state, name)
            points.append((name, point, failed))
        found[entry] = _verdict(state, entry, failed)
    return tuple(found[entry] for entry in entries)


def _import(state: State, name: str) -> Raised | None:
    state.steps = 0
    try:
        if name.partition(".")[0] not in state.library.tops:
            return None
        drive(import_module(state, name))
    except Raised as raised:
        return raised
    except Exhausted:
        state.possible = "it runs more code than is followed"
        state.blurred = state.possible
    return None


def _verdict(state: State, entry: str, failed: Raised | None) -> Prediction:
    ran = tuple(sorted(state.ran))
    library = state.library
    if entry in library.compiled:
        return Prediction(Entry(entry, Verdict.UNKNOWN, reason="it is compiled, and cannot be read"), ran)
    if entry not in library.files and entry not in library.namespaces:
        return Prediction(Entry(entry, Verdict.UNKNOWN, reason="no module of that name is known"), ran)
    if failed is None:
        if state.possible is not None:
            return Prediction(Entry(entry, Verdict.UNKNOWN, reason=state.possible), ran)
        return Prediction(Entry(entry, Verdict.OK), ran)
    if state.blurred is not None:
        return Prediction(Entry(entry, Verdict.UNKNOWN, reason=state.blurred), ran)
    verdict = Verdict.CRASH if failed.of_cycle else Verdict.OTHER
    reason = None if failed.of_cycle else _why(failed)
    return Prediction(
        Entry(entry, verdict, failed.line, failed.path, failed.line_number, failed.chain, reason), ran
    )


def _why(failed: Raised) -> str:
    return "the file is no valid Python" if failed.kind == "SyntaxError" else "it raises an error that no cycle makes"
