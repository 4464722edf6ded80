"""Imports that ended are recorded; where one would come to the same again, its record stands for it."""

from cycles.entries.cells import Record, Recording
from cycles.entries.state import STEPS, State
from cycles.entries.values import DOUBT, SNAPSHOT, Raised
from cycles.model import Link

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
        records = state.records.setdefault(name, [])
        records.append(_record(state, recording, error))
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
            (identity, fact)
            for identity, fact in recording.reads.items()
            if identity[0] != registry or identity[1] not in names
        ),
        calls=tuple(recording.calls.items()),
        free=recording.reached < 0,
        alone=recording.consulted,
        phase=before.questions % period if asked else None,
        modules=tuple(state.outcome(module) for module in made),
        writes=tuple(
            (identity, fact.now())
            for identity, fact in recording.written.items()
            if fact.owner is None or fact.owner.serial <= recording.serial
        ),
        possible=state.possible,
        blurred=state.blurred,
        sought=recording.sought,
        available=recording.available,
        makes_opaque=recording.makes_opaque,
        removes=state.removed,
        questions=asked,
        steps=state.steps - before.steps,
        error=error,
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
    before = record.before
    if (
        before.doubt != state.doubt
        or (record.opaque is not None and record.opaque is not state.opaque)
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
    for made in record.modules:
        if made.module.name in state.modules:
            return False
    # A module that failed may be known to others, and must not change.
    if state.removed and any(made.module.live for made in record.modules):
        return False
    for name, there in record.sought.items():
        if (name in state.available) is not there:
            return False
    counts = state.calls
    for body, calls in record.calls:
        if not calls.low <= counts.get(body, 0) <= calls.high:
            return False
    return True


def _repeat(state: State, record: Record) -> None:
    """Do what is recorded; the modules are the same objects, which nothing of the world as it is can know yet."""
    recording = state.recording
    if recording is not None:
        for identity, fact in record.reads:
            recording.read(identity, fact)
        if record.free:
            recording.reached = -1
        recording.consulted = recording.consulted or record.alone
        recording.take(record.sought, record.available)
        recording.see_opaque(record.opaque)
        recording.makes_opaque = recording.makes_opaque or record.makes_opaque
    for made in record.modules:
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
    for identity, fact in record.writes:
        before = fact.now()
        state.journal.append(before)
        if recording is not None:
            recording.written.setdefault(identity, before)
        fact.restore()
    for body, calls in record.calls:
        state.called(body, calls)
    state.available.update(record.available)
    if record.before.possible is None:
        state.possible = record.possible
    if record.before.blurred is None:
        state.blurred = record.blurred
    state.opaque = state.opaque or record.makes_opaque
    state.removed = state.removed or record.removes
    state.questions += record.questions
    state.steps += record.steps


def _again(state: State, error: Raised, name: str, chain: tuple[Link, ...]) -> Raised:
    """An error as it is raised by an import from where the code at hand stands."""
    again = Raised(
        error.kind,
        error.text,
        of_cycle=error.of_cycle,
        missing=error.missing,
        made_by=error.made_by,
        shown=error.shown,
        explicit=error.explicit,
    )
    again.path, again.line_number = error.path, error.line_number
    before = state.chain()
    if state.frames:
        top = state.frames[-1]
        before = (*before, Link(top.module.name, name, top.module.path, top.line_number))
    again.chain = (*before, *chain)
    return again
