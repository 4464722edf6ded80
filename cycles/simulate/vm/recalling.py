"""Imports that ended are recorded; where one would come to the same again, its record stands for it."""

from collections.abc import Mapping

from cycles.model import ImportLink
from cycles.simulate.vm.cells import Record, Recording
from cycles.simulate.vm.state import STEPS, State
from cycles.simulate.vm.values import DOUBT, SNAPSHOT, Outcome, Raised, Value

_MOST_RECORDS = 200
"""Records of one module that are kept: more ways to come to it that make a difference are hardly ever met again."""
_MOST_KEPT = 1_000_000
"""Modules and cells in all records of an interpreter: more than the largest package measured needs, which is 600,000.

Beyond, all records are dropped, and imports are run anew: memory stays bounded, whatever a package does.
"""
_NONE_SOUGHT: Mapping[str, bool] = {}
_NONE_AVAILABLE: Mapping[str, Value] = {}
"""Shared by the many records that have none of either."""


def begin(state: State) -> Recording:
    """Record the import of a module from here."""
    state.loads += 1
    recording = state.recording = Recording(
        module=None,
        number=state.loads,
        outer=state.recording,
        mark=state.mark,
        serial=state.serial,
        made=len(state.made),
        guards=len(state.guards),
        followed=len(state.followed),
        links=sum(frame.is_body for frame in state.frames),
        before=state.before(),
    )
    state.mark = state.serial
    return recording


def abandon(state: State, recording: Recording) -> None:
    """End a recording that came to no end; so do those outside it."""
    state.recording, state.mark = recording.outer, recording.mark


def keep(state: State, recording: Recording, name: str, error: Raised | None) -> None:
    """End a recording, and keep its record where it can fit again.

    The import that is under way outside it depends on the same, so far as that was there before.
    """
    if not (
        (recording.reached < recording.guards and recording.guards)
        or (recording.consulted and recording.followed)
        or recording.spoilt <= recording.serial
    ):
        record = _record(state, recording, error)
        state.kept += len(record.modules) + len(record.reads) + len(record.writes) + len(record.calls)
        if state.kept > _MOST_KEPT:
            state.records.clear()
            state.kept = 0
        records = state.records.setdefault(name, [])
        records.append(record)
        if len(records) > _MOST_RECORDS:
            del records[0]
    state.recording, state.mark = recording.outer, recording.mark
    if recording.outer is not None:
        recording.outer.absorb(recording)


def _record(state: State, recording: Recording, error: Raised | None) -> Record:
    before = recording.before
    asked = state.questions - before.questions
    made = state.made[recording.made :]
    # That they were not there before goes without saying.
    registry, names = id(state.modules), {module.name for module in made}
    period = state.world.length if state.world else 1
    return Record(
        before=before,
        opaque=recording.opaque,
        reads=tuple(
            fact for identity, fact in recording.reads.items() if identity[0] != registry or identity[1] not in names
        ),
        calls=tuple(recording.calls.items()),
        free=recording.reached < 0,
        alone=recording.consulted,
        phase=before.questions % period if asked else None,
        modules=tuple(state.outcome(module) for module in made),
        writes=tuple(
            fact.now()
            for fact in recording.written.values()
            if fact.owner is None or fact.owner.serial <= recording.serial
        ),
        possible=state.possible,
        blurred=state.blurred,
        sought=recording.sought or _NONE_SOUGHT,
        available=recording.available or _NONE_AVAILABLE,
        makes_opaque=recording.makes_opaque,
        removes=state.removed,
        questions=asked,
        steps=state.steps - before.steps,
        error=error.bare() if error else None,
        chain=error.chain[recording.links :] if error else (),
    )


def recall(state: State, name: str) -> bool:
    """Import a module as a record says, if there is one that fits; whether there is. Raises what it raised."""
    for record in state.records.get(name, ()):
        if _fits(state, record):
            _repeat(state, record)
            if record.error is not None:
                raise _again(state, record.error, name, record.chain)
            return True
    return False


def _fits(state: State, record: Record) -> bool:
    """Whether an import would do what is recorded."""
    return (
        _starts_alike(state, record)
        and all(fact.holds() for fact in record.reads)
        and not any(made.module.name in state.modules for made in record.modules)
        # A module that failed may be known to others, and must not change.
        and not (state.removed and any(made.module.live for made in record.modules))
        and all((name in state.available) is there for name, there in record.sought.items())
        and all(calls.low <= state.calls.get(body, 0) <= calls.high for body, calls in record.calls)
    )


def _starts_alike(state: State, record: Record) -> bool:
    before, world = record.before, state.world
    return (
        before.doubt == state.doubt
        and record.opaque in {None, state.opaque}
        and (before.possible is None) is (state.possible is None)
        and (before.blurred is None) is (state.blurred is None)
        and not (record.free and state.guards)
        and not (record.alone and state.followed)
        and (record.phase is None or world is None or state.questions % world.length == record.phase)
        and state.steps + record.steps <= STEPS
    )


def _repeat(state: State, record: Record) -> None:
    """Do what is recorded."""
    recording = state.recording
    if recording is not None:
        _depend(recording, record)
    for made in record.modules:
        _put(state, made)
    for fact in record.writes:
        before = fact.now()
        state.journal.append(before)
        if recording is not None:
            recording.written.setdefault(fact.identity, before)
        fact.restore()
    for body, calls in record.calls:
        state.called(body, calls)
    state.available.update(record.available)
    state.possible = record.possible if state.possible is None else state.possible
    state.blurred = record.blurred if state.blurred is None else state.blurred
    state.opaque = state.opaque or record.makes_opaque
    state.removed = state.removed or record.removes
    state.questions += record.questions
    state.steps += record.steps


def _depend(recording: Recording, record: Record) -> None:
    """Note in the recording under way all that a record depends on."""
    recording.read(record.reads)
    if record.free:
        recording.reached = -1
    recording.consulted = recording.consulted or record.alone
    recording.take(record.sought, record.available)
    recording.see_opaque(record.opaque)
    recording.makes_opaque = recording.makes_opaque or record.makes_opaque


def _put(state: State, made: Outcome) -> None:
    """Let a module be what it came to; it is the same object, which nothing of the world as it is can know yet."""
    module = made.module
    state.serial += 1
    module.serial, module.doubt, module.live = state.serial, made.doubt, True
    if module.marks.get(SNAPSHOT) is not made:
        module.names.clear()
        module.names.update(made.names)
        module.marks.clear()
        module.marks[SNAPSHOT] = made
        if made.doubt:
            module.marks[DOUBT] = made.doubt
    if made.stays:
        state.modules[module.name] = module
    state.made.append(module)


def _again(state: State, error: Raised, name: str, chain: tuple[ImportLink, ...]) -> Raised:
    """An error as it is raised by an import from where the code at hand stands."""
    again = error.bare()
    before = state.chain()
    if state.frames:
        top = state.frames[-1]
        before = (*before, ImportLink(top.module.name, name, top.module.path, top.line_number))
    again.chain = (*before, *chain)
    return again
