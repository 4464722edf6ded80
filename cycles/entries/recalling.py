"""Imports that worked are recorded; where one would come to the same again, its record stands for it."""

from cycles.entries.cells import Record, Recording
from cycles.entries.state import STEPS, State
from cycles.entries.values import SNAPSHOT

_MOST_RECORDS = 200
"""Records of one module that are kept: more ways to come to it that make a difference are hardly ever met again."""


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
        before=state.before(),
    )
    state.mark = state.serial
    return recording


def leave(state: State, recording: Recording) -> None:
    """End a recording; the import that is under way outside it depends on the same, so far as it was there before."""
    state.recording, state.mark = recording.outer, recording.mark
    if recording.outer is not None:
        recording.outer.absorb(recording)


def keep(state: State, recording: Recording, name: str) -> None:
    """Keep the record of an import that worked, where it can ever fit again."""
    before = recording.before
    if recording.reached < recording.guards and recording.guards:
        return
    if recording.consulted and recording.followed:
        return
    if recording.spoilt <= recording.serial:
        return
    modules = tuple((module, module.doubt, state.snapshot(module)) for module in state.made[recording.made :])
    asked = state.questions - before.questions
    period = state.world.length if state.world else 1
    record = Record(
        before=before,
        reads=tuple(recording.reads.items()),
        calls=tuple(recording.calls.items()),
        free=recording.reached < 0,
        alone=recording.consulted,
        phase=before.questions % period if asked else None,
        modules=modules,
        writes=tuple(
            (identity, fact.now())
            for identity, fact in recording.written.items()
            if fact.owner is None or fact.owner.serial <= recording.serial
        ),
        possible=state.possible,
        blurred=state.blurred,
        opaque=state.opaque,
        questions=asked,
        steps=state.steps - before.steps,
    )
    records = state.records.setdefault(name, [])
    records.append(record)
    if len(records) > _MOST_RECORDS:
        del records[0]


def recall(state: State, name: str) -> bool:
    """Import a module as a record says, if there is one that fits; whether there is."""
    for record in state.records.get(name, ()):
        if _fits(state, record):
            _repeat(state, record)
            return True
    return False


def _fits(state: State, record: Record) -> bool:
    """Whether an import would do what is recorded."""
    before = record.before
    if (
        before.doubt != state.doubt
        or before.opaque is not state.opaque
        or (before.possible is None) is not (state.possible is None)
        or (before.blurred is None) is not (state.blurred is None)
        or (record.free and state.guards)
        or (record.alone and state.followed)
        or state.steps + record.steps > STEPS
    ):
        return False
    if record.phase is not None and state.world and state.questions % state.world.length != record.phase:
        return False
    for _, fact in record.reads:
        if not fact.holds():
            return False
    counts = state.calls
    # A module that failed may be known to others, and must not change.
    if state.removed and any(module.live for module, _, _ in record.modules):
        return False
    for body, calls in record.calls:
        if not calls.low <= counts.get(body, 0) <= calls.high:
            return False
    return True


def _repeat(state: State, record: Record) -> None:
    """Do what is recorded; the modules are the same objects, which nothing of today can know yet."""
    recording = state.recording
    if recording is not None:
        for identity, fact in record.reads:
            recording.read(identity, fact)
        if record.free:
            recording.reached = -1
        recording.consulted = recording.consulted or record.alone
    for module, doubt, names in record.modules:
        state.serial += 1
        module.serial, module.doubt, module.live = state.serial, doubt, True
        if module.marks.get(SNAPSHOT) is not names:
            module.names.clear()
            module.names.update(names)
            module.marks.clear()
            module.marks[SNAPSHOT] = names
        state.made.append(module)
    for identity, fact in record.writes:
        before = fact.now()
        state.journal.append(before)
        if recording is not None:
            recording.written.setdefault(identity, before)
        fact.restore()
    for body, calls in record.calls:
        state.called(body, calls)
    if record.before.possible is None:
        state.possible = record.possible
    if record.before.blurred is None:
        state.blurred = record.blurred
    state.opaque = record.opaque
    state.questions += record.questions
    state.steps += record.steps
