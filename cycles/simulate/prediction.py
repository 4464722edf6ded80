"""Predict which modules can be imported first, and where and why the others fail: simulated, nothing is run."""

import sys
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from cycles.enums import Verdict
from cycles.model import Entry
from cycles.simulate.compile.module import Library
from cycles.simulate.trampoline import drive
from cycles.simulate.vm.imports import import_module
from cycles.simulate.vm.machine import execute
from cycles.simulate.vm.state import Checkpoint, State, World
from cycles.simulate.vm.values import Exhausted, Raised
from cycles.source.module import sources_of
from cycles.source.values import ModuleFile

__all__ = ["Library", "Prediction", "Predictor", "predict"]

_FEW = 4
"""Open questions of which every combination of answers is tried."""
_PATTERN_LENGTH = 8
_PATTERNS = (0b11111111, 0b00000000, 0b01010101, 0b10101010, 0b00110110)


@dataclass(frozen=True, slots=True)
class Prediction:
    """A module as the first import, and the modules whose bodies ran or began on the way, sorted."""

    entry: Entry
    ran: tuple[str, ...]


class Predictor:
    """Simulated interpreters over the same modules: each remembers what imports came to."""

    def __init__(self, library: Library, *, bare: Collection[str] = ()) -> None:
        """Nothing is imported yet; the packages in `bare` are taken to have a blank `__init__`."""
        self._library = library
        self._bare = frozenset(bare)
        self._state = State(library, execute, self._bare)
        self._start = self._state.checkpoint()
        self._others: dict[World, tuple[State, Checkpoint]] = {}

    def predict(self, entries: Sequence[str], *, after: Sequence[str] = ()) -> tuple[Prediction, ...]:
        """What becomes of each entry as the first import of a fresh interpreter, in their order.

        `after` is imported before, in order; where one of it fails, every verdict is `unknown`.
        """
        state = self._state
        state.go_back(self._start)
        for module in after:
            failed = _import(state, module)
            if failed is not None:
                reason = f"{module} is to be imported before, and fails itself"
                if failed.line:
                    reason = f"{reason}: {failed.line}"
                return tuple(Prediction(Entry(entry, Verdict.UNKNOWN, reason=reason), ()) for entry in entries)
        return self._all(after, entries)

    def forget(self) -> None:
        """Give up what is remembered, which takes memory; predictions after that begin anew."""
        for state, start in ((self._state, self._start), *self._others.values()):
            state.go_back(start)
            state.forget_all()
        self._others.clear()

    def _all(self, after: Sequence[str], entries: Sequence[str]) -> tuple[Prediction, ...]:
        """Entries in the order of their names: what they share, their packages, is imported once."""
        state = self._state
        found: dict[str, Prediction] = {}
        points: list[tuple[str, Checkpoint, Raised | None]] = []
        for entry in sorted(set(entries), key=lambda name: name.split(".")):
            while points and not entry.startswith(f"{points[-1][0]}."):
                _, point, _ = points.pop()
                state.go_back(point)
                state.forget(point)
            name, _, failed = points[-1] if points else ("", None, None)
            for part in entry.removeprefix(name).removeprefix(".").split("."):
                name = f"{name}.{part}" if name else part
                points.append((name, state.checkpoint(), None))
                if failed is None:
                    before = state.possible
                    failed = _import(state, name)
                    if failed is None and before is None and state.possible and self._never_fails((*after, name)):
                        state.possible = None
                    if failed is not None and not self._is_certain((*after, name), failed):
                        state.blurred = state.blurred or f"{_told(failed)}, or not: that depends on what cannot be read"
                points[-1] = (*points[-1][:2], failed)
            found[entry] = _verdict(state, entry, failed)
        return tuple(found[entry] for entry in entries)

    def _is_certain(self, names: Sequence[str], failed: Raised) -> bool:
        """Whether an import fails whatever the answers to open questions are; of a cycle, in the same way.

        All answers are tried where there are few questions, else some of very different kinds.
        """
        if not self._state.questions:
            return True
        for state in self._worlds():
            error: Raised | None = None
            for name in names:
                error = _import(state, name)
            if error is None:
                return False
            # A world in which a module refuses to be imported says nothing of the others.
            if not error.explicit and (failed.of_cycle or error.of_cycle) and _facts(error) != _facts(failed):
                return False
        return True

    def _never_fails(self, names: Sequence[str]) -> bool:
        """Whether no answers that are tried make a cycle fail, or leave it open whether one does."""
        for state in self._worlds():
            for name in names:
                error = _import(state, name)
                if state.possible or (error is not None and error.of_cycle):
                    return False
        return True

    def _worlds(self) -> Iterator[State]:
        """A fresh interpreter in each of the worlds to try; what one remembers serves all that are tried in it."""
        for world in _tried(self._state.questions):
            if world not in self._others:
                state = State(self._library, execute, self._bare, world=world)
                self._others[world] = (state, state.checkpoint())
            state, start = self._others[world]
            state.go_back(start)
            yield state


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
    predictor = Predictor(Library(sources_of(files), compiled, project, version), bare=bare)
    found = predictor.predict(entries, after=after)
    predictor.forget()
    return found


def _tried(questions: int) -> Iterator[World]:
    """The worlds to try where so many questions are open: every pattern of answers as short as it can be written."""
    few = questions <= _FEW
    length = max(questions, 1) if few else _PATTERN_LENGTH
    for pattern in range(1 << questions) if few else _PATTERNS:
        yield _shortest(pattern, length)


def _shortest(pattern: int, length: int) -> World:
    """The world of a pattern that repeats: 0101 is 01, so that different numbers of questions share worlds.

    >>> _shortest(0b0101, 4)
    World(pattern=1, length=2)
    """
    for short in range(1, length):
        if length % short == 0:
            part = pattern & ((1 << short) - 1)
            if pattern == sum(part << start for start in range(0, length, short)):
                return World(part, short)
    return World(pattern, length)


def _facts(error: Raised) -> tuple[object, ...]:
    return error.line, error.path, error.line_number, error.chain


def _told(failed: Raised) -> str:
    return f"it fails at {failed.path}:{failed.line_number} ({failed.line or 'an exception'})"


def _import(state: State, name: str) -> Raised | None:
    """Import a module; what it fails with, None where it does not."""
    state.steps = 0
    try:
        if name.partition(".")[0] in state.library.tops:
            drive(import_module(state, name))
    except Raised as raised:
        return raised.with_traceback(None)
    except Exhausted:
        state.possible = state.blurred = "it runs more code than is followed"
    return None


def _verdict(state: State, entry: str, failed: Raised | None) -> Prediction:
    library = state.library
    ran = tuple(sorted({module.name for module in state.made} & library.files.keys()))
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
    return Prediction(Entry(entry, verdict, failed.line, failed.path, failed.line_number, failed.chain, reason), ran)


def _why(failed: Raised) -> str:
    if failed.kind == "SyntaxError":
        return "the file is no valid Python"
    return f"it raises {failed.shown or 'an exception'}, and no cycle is to blame"
