"""Predict which modules can be imported first, and where and why the others fail: simulated, nothing is run."""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product, starmap

from cycles.enums import Verdict
from cycles.model import FirstImport, Swallowed
from cycles.simulate.compile.module import Library
from cycles.simulate.vm.checkpoints import Checkpoint, World
from cycles.simulate.vm.import_record import Record
from cycles.simulate.vm.machine import Machine
from cycles.simulate.vm.values import ABSENT, POSSIBLE_CRASH, UNKNOWN_IMPORTS, Failure, links

__all__ = ["Library", "Prediction", "Predictor", "predict"]

_FEW = 4
"""Open questions of which every combination of answers is tried: 16 worlds at most."""
_PATTERNS = ("1", "0", "10", "01", "01101100")
"""The answers to more questions, again and again: all yes, all no, in turn, and one pattern without an order."""


@dataclass(frozen=True, slots=True)
class Prediction:
    """A module as the first import, and the modules whose bodies ran or began on the way, sorted."""

    entry: FirstImport
    ran: tuple[str, ...]


class Predictor:
    """Simulated interpreters over the same modules: each remembers what imports came to."""

    def __init__(self, library: Library, record: Record | None = None) -> None:
        """Nothing is imported yet; what is executed goes into a `record`, but for what was remembered."""
        self._library = library
        # One for all worlds at once, and one for each world in turn.
        self._machine, self._other = Machine(library), Machine(library)
        self._machine.record = record
        self._settles = True
        self._bare: frozenset[str] = frozenset()
        self._settled: dict[tuple[str, frozenset[str]], list[tuple[frozenset[str], frozenset[str], bool]]] = {}
        self._recorded: list[str] = []

    def predict(
        self, entries: Sequence[str], *, after: Sequence[str] = (), bare: Collection[str] = (), settled: bool = True
    ) -> tuple[Prediction, ...]:
        """Return what becomes of each entry as the first import of a fresh interpreter, in their order.

        `after` is imported before, in order; where one of it fails, every verdict is `unknown`. The packages in `bare`
        are taken to have a blank `__init__`. A crash is only said where it is certain; where it is not `settled`
        whether one that is possible ever happens, which takes as long again, what may be `ok` stays `unknown`.
        """
        self._settles, self._bare = settled, frozenset(bare)
        self._machine.begin_in((), self._bare)
        for module in after:
            failed = self._machine.import_first(module)
            if failed is not None:
                reason = f"{module} is to be imported before, and fails itself"
                if failed.line:
                    reason = f"{reason}: {failed.line}"
                return tuple(Prediction(FirstImport(entry, Verdict.UNKNOWN, reason=reason), ()) for entry in entries)
        return self._all(after, entries)

    def recorded(self, entries: Sequence[str], *, further: bool = False) -> tuple[tuple[Prediction, ...], Record]:
        """Import modules one after the other in one fresh interpreter; what becomes of each, and all that is executed.

        One that fails does not keep the next one from being imported. `further`: in the interpreter that this was asked
        of before, after what was imported then.
        """
        machine = self._machine
        if not further:
            machine.begin_in((), ())
            self._recorded.clear()
        machine.record = record = Record()
        found: list[Prediction] = []
        for entry in entries:
            self._recorded.append(entry)
            failed: Failure | None = None
            parts = entry.split(".")
            for length in range(1, len(parts) + 1):
                if failed is None:
                    # Whether a cycle may fail is not the question here: it takes as long again.
                    failed = machine.import_first(".".join(parts[:length]))
            if failed is not None and not self._is_certain(self._recorded, failed):
                record.is_whole = False
                failed = None
            found.append(self._judge(entry, failed))
        machine.record = None
        return tuple(found), record

    def forget(self) -> None:
        """Give up what is remembered, which takes memory; predictions after that begin anew."""
        for machine in (self._machine, self._other):
            machine.begin_in((), ())
            machine.forget()

    def _all(self, after: Sequence[str], entries: Sequence[str]) -> tuple[Prediction, ...]:
        """Predict entries in the order of their names: what they share, their packages, is imported once."""
        machine = self._machine
        found: dict[str, Prediction] = {}
        points: list[tuple[str, Checkpoint, Failure | None]] = []
        for entry in sorted(set(entries), key=lambda name: name.split(".")):
            while points and not entry.startswith(f"{points[-1][0]}."):
                _, point, _ = points.pop()
                machine.go_back(point)
            name, _, failed = points[-1] if points else ("", None, None)
            for part in entry.removeprefix(name).removeprefix(".").split("."):
                name = f"{name}.{part}" if name else part
                point = machine.checkpoint()
                if failed is None:
                    failed = self._import(name, after)
                points.append((name, point, failed))
            found[entry] = self._judge(entry, failed)
        return tuple(found[entry] for entry in entries)

    def _import(self, name: str, after: Sequence[str]) -> Failure | None:
        """Import a module; what is uncertain of that is settled by looking at some of all worlds, as far as it can."""
        machine = self._machine
        before = machine.reason(POSSIBLE_CRASH)
        failed = machine.import_first(name)
        if failed is None:
            reason = machine.reason(POSSIBLE_CRASH)
            if before is not None or reason is None or not self._settles:
                return None
            if self._is_settled(reason, (*after, name)):
                machine.write(machine.reasons, POSSIBLE_CRASH, ABSENT)
        elif not self._is_certain((*after, name), failed):
            place = f"{failed.path}:{failed.line_number} ({failed.line or 'an exception'})"
            reason = f"it fails at {place}, or not: that depends on what cannot be read"
            machine.add(machine.reasons, UNKNOWN_IMPORTS, reason)
        return failed

    def _is_certain(self, names: Sequence[str], failed: Failure) -> bool:
        """Whether an import fails whatever the answers to open questions are; of a cycle, in the same way.

        All answers are tried where there are few questions, else some of very different kinds.
        """
        if not self._machine.questions:
            return True
        for machine in self._worlds():
            failure: Failure | None = None
            for name in names:
                failure = machine.import_first(name)
            if failure is None:
                return False
            # A world in which a module refuses to be imported says nothing of the others.
            if not failure.explicit and (failed.of_cycle or failure.of_cycle) and _facts(failure) != _facts(failed):
                return False
        return True

    def _is_settled(self, reason: str, names: Sequence[str]) -> bool:
        """Whether a possible crash never happens.

        It is looked at once for those of the modules under way that others import then: these alone make a difference.
        """
        under_way = self._machine.doubts.get(reason, frozenset())
        found = self._settled.setdefault((reason, self._bare), [])
        for before, imported, settled in found:
            if before & imported == under_way & imported:
                return settled
        settled, imported = self._never_fails(names)
        found.append((under_way, imported, settled))
        return settled

    def _never_fails(self, names: Sequence[str]) -> tuple[bool, frozenset[str]]:
        """Whether no answers that are tried make a cycle fail, or leave it open; and what is imported on the way."""
        imported: set[str] = set()
        fails = False
        for machine in self._worlds():
            for name in names:
                failure = machine.import_first(name)
                fails = bool(machine.reason(POSSIBLE_CRASH) or (failure is not None and failure.of_cycle))
                imported.update(module.name for module in machine.made)
                if fails:
                    return False, frozenset(imported.difference(names))
        return True, frozenset(imported.difference(names))

    def _worlds(self) -> Iterator[Machine]:
        """A fresh interpreter in each of the worlds to try; what it remembers serves them all.

        An answer may be what leads to more questions than were open without it: then there are more worlds.
        """
        tried: set[World] = set()
        most, questions = self._machine.questions, -1
        while questions < min(most, _FEW + 1):
            questions = most
            for world in _tried(questions):
                if world not in tried:
                    tried.add(world)
                    self._other.begin_in(world, self._bare)
                    yield self._other
                    most = max(most, self._other.questions)

    def _judge(self, entry: str, failed: Failure | None) -> Prediction:
        machine, library = self._machine, self._library
        ran = tuple(sorted({module.name for module in machine.made} & library.files.keys()))
        unknown: str | None = None
        if entry in library.compiled:
            unknown = "it is compiled, and cannot be read"
        elif entry not in library.files and entry not in library.namespaces:
            unknown = "no module of that name is known"
        else:
            unknown = machine.reason(UNKNOWN_IMPORTS if failed else POSSIBLE_CRASH)
        if unknown is not None:
            return Prediction(FirstImport(entry, Verdict.UNKNOWN, reason=unknown), ran)
        swallowed = tuple(starmap(_swallowed, sorted(machine.swallowed.values.items())))
        if failed is None:
            return Prediction(FirstImport(entry, Verdict.OK, swallowed=swallowed), ran)
        verdict = Verdict.CRASH if failed.of_cycle else Verdict.OTHER
        reason = None if failed.of_cycle else _why(failed, library)
        chain = links(failed.chain)
        found = FirstImport(entry, verdict, failed.line, failed.path, failed.line_number, chain, reason)
        return Prediction(replace(found, swallowed=swallowed), ran)


def predict(
    library: Library,
    entries: Sequence[str],
    *,
    after: Sequence[str] = (),
    bare: Collection[str] = (),
    settled: bool = True,
) -> tuple[Prediction, ...]:
    """Return what `Predictor.predict` does, where nothing else is to be predicted."""
    predictor = Predictor(library)
    found = predictor.predict(entries, after=after, bare=bare, settled=settled)
    predictor.forget()
    return found


def _tried(questions: int) -> Iterator[World]:
    """Yield the worlds to try for a number of open questions: what repeats is short, so that they share worlds.

    >>> list(_tried(1)), len(list(_tried(3))), len(list(_tried(100)))
    ([(False,), (True,)], 8, 5)
    """
    worlds: Iterable[World] = [(False,)] if not questions else product((False, True), repeat=questions)
    if questions > _FEW:
        worlds = (tuple(answer == "1" for answer in pattern) for pattern in _PATTERNS)
    for world in worlds:
        lengths = (length for length in range(1, len(world)) if world == world[:length] * (len(world) // length))
        yield world[: next(lengths, len(world))]


def _facts(failure: Failure) -> tuple[object, ...]:
    return failure.line, failure.path, failure.line_number, links(failure.chain)


def _swallowed(place: str, error: object) -> Swallowed:
    path, _, line_number = place.rpartition(":")
    return Swallowed(path, int(line_number), str(error))


def _why(failed: Failure, library: Library) -> str:
    """Return why a first import fails, and no cycle is to blame."""
    if failed.kind == "SyntaxError":
        return "the file is not valid Python"
    if failed.missing is not None:
        return f"no file provides {failed.missing}"
    if failed.hides is not None:
        return f"its package binds the same name, which hides the module {failed.hides}: take names from that by `from`"
    if failed.asked is not None:
        module, name = failed.asked
        if f"{module}.{name}" in library.files:
            return f"{module}.{name} is not imported by then: whether {module} has it depends on the order of imports"
        if module in library.files and not re.search(rf"\b{re.escape(name)}\b", library.sources.file(module).text):
            return f"nothing in {module} provides {name}, and there is no module {module}.{name}"
    return f"it raises {failed.shown or 'an exception'}, and no cycle is to blame"
