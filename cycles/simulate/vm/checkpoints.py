"""What lasts in a simulated interpreter: its modules; how to go back, and how to do again what was done before.

Every import of a module is recorded: what it found in namespaces that were there before, and what it left in them. One
log has both for a first import with all that it causes. An import within it is a part of that log, from one place to
another, so that a record takes no room of its own however deep imports nest. Where all that an import depends on is as
it was, what it left is put in place, and no code is run again.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import TypeAlias, TypeVar

from cycles.model import ImportLink
from cycles.simulate.compile.instructions import NONE, Body, Fixed
from cycles.simulate.compile.module import Library
from cycles.simulate.vm.import_record import Record
from cycles.simulate.vm.values import (
    ABSENT,
    POSSIBLE_CRASH,
    RUNNING,
    UNCERTAINTY,
    UNKNOWN_CODE,
    UNKNOWN_NAMES,
    Absent,
    Chain,
    Failure,
    Frame,
    Guard,
    Habit,
    Module,
    Namespace,
    Raised,
    Value,
    either,
    links,
    perhaps,
)

_MOST_RECORDS = 16
"""Records of one module that are kept, the last ones.

Two in three imports that a record spares are spared by the very last, and one in forty by none of the last 16. In a
cycle of hundreds of modules none ever fits, and all would be looked at each time.
"""
_MOST_KEPT = 2_000_000
"""Entries in the logs of all records of an interpreter, several times what the largest package measured needs.

Beyond, all records are dropped, and imports are run anew: memory stays bounded, whatever a package does.
"""
FINDERS, NEW_BUILTINS = "<finders>", "<new builtins>"
"""Stand for finders of modules, and for names added to the built-in ones, among the modules that are there."""
_ALL = "<all>"
"""Stands for all that a namespace holds."""
_WORLD = "<world>"
"""Stands for there being one answer to each open question."""
_NEVER = 1 << 60
"""More than anything that is counted."""

_Object = TypeVar("_Object", bound=Namespace)
_Held: TypeAlias = "Value | Absent | dict[str, Value]"


World: TypeAlias = tuple[bool, ...]
"""One answer to every question that a text leaves open, by its number: from the end, it begins anew."""

# Plain tuples, of which there are many; logs that say the same share them.
_Read: TypeAlias = tuple[Namespace, str, _Held]
"""What a namespace held under a key."""
_Effect: TypeAlias = tuple[Namespace, str, _Held, bool]
"""What a namespace holds under a key from there on, and whether only where it held nothing."""


@dataclass(slots=True, eq=False)
class _Log:
    """All that a first import does, in order, and, while it is under way, when a key was last touched or added.

    `before` says of each read when its key was last touched before, or when its namespace was made.
    """

    reads: list[_Read] = field(default_factory=list)
    before: list[int] = field(default_factory=list)
    effects: list[_Effect] = field(default_factory=list)
    touched: dict[tuple[Namespace, str], int] = field(default_factory=dict)
    added: dict[tuple[Namespace, str], int] = field(default_factory=dict)


@dataclass(slots=True, unsafe_hash=True)
class Call:
    """A call under way: of which function, what is known of its parameters, and how uncertain it was to be made."""

    body: Body
    given: tuple[Value, ...]
    uncertainty: int


@dataclass(slots=True, eq=False)
class Load:
    """The import of a module: under way, or a record of it once it has ended.

    It began at the time `start`; `reads` and `effects` are its part of the log, `questions` is how many had been asked
    before, and in a record how many it asked, with the `answers` of the world; `guards` is the number of those that
    were under way before. `asked` is the outermost guard that it made a difference to know, -1 where it was that there
    is no further one. `calls` are those under way in its code, and `counts` says how often it has called each function.
    `suspect` is the read that was found to differ the last time, which it mostly does again.
    """

    start: int = -_NEVER
    log: _Log = field(default_factory=_Log)
    outer: "Load | None" = None
    chain: Chain | None = None
    reads: range = range(0)
    effects: range = range(0)
    questions: int = 0
    answers: list[bool] = field(default_factory=list)
    guards: int = 0
    uncertainty: int = 0
    steps: int = 0
    asked: int = _NEVER
    module: Module | None = None
    runs_unknown_code: bool = False
    calls: list[Call] = field(default_factory=list)
    counts: dict[Body, int] = field(default_factory=dict)
    failure: Failure | None = None
    suspect: _Read | None = None


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A point between two first imports to go back to."""

    undo: int
    made: int
    questions: int
    removed: bool


class Memory:
    """What a simulated interpreter knows, and how to go back.

    Whatever depends on a namespace asks by `read` or `read_all`, and whatever changes one does so by `write`, `add` or
    `set_name`. So an import that ended is recorded, and where all that it depended on is the same, it is not run again.
    """

    def __init__(self, library: Library) -> None:
        """Nothing is imported yet."""
        self.library = library
        self.modules = Namespace()
        # Modules outside the roots that are known to be there; and the world, with what it says of those that may be
        # missing, and which packages have a blank `__init__`.
        self.available, self.answers = Namespace(), Namespace()
        self._world: World = ()
        self.reasons = Namespace()
        # Failures of cycles that were caught, by where they happened.
        self.swallowed = Namespace()
        # What functions gave whose results are kept, by function and arguments.
        self.cached = Namespace()
        self.questions = self.uncertainty = self.steps = 0
        self.frames: list[Frame] = []
        self.guards: list[Guard] = []
        self.load = Load()
        self.made: list[Module] = []
        # How many imports have begun. It never goes back, so that whatever was made before a checkpoint is older.
        self._time = self._checkpoint = 0
        # Whether a module failed that others may know yet.
        self._removed = False
        self._undo: list[tuple[Namespace, str, Value | Absent]] = []
        self._records: dict[str, list[Load]] = {}
        self._kept = 0
        # The first module of each name, which is the same object whenever it is made anew: records know it.
        self._objects: dict[str, Module] = {}
        # What was imported or bound in modules by functions so far, and how often each function did nothing of that.
        self.deeds = 0
        # What modules of the roots were asked for in the import at hand.
        self.asked_for: list[str] = []
        # What objects were changed in the import at hand, in order, and what followed calls have shown.
        self.changed: list[tuple[Namespace, str, Module]] = []
        self.habits: dict[Body, Habit] = {}
        # Where possible crashes were found: while which modules were being imported.
        self.doubts: dict[str, frozenset[str]] = {}
        # Whether what is called decorates: it nearly always keeps what it is given.
        self.decorates = False
        self.idle: dict[Body, int] = {}
        # Objects that others have taken the place of.
        self._dropped: list[Namespace] = []
        # What import statements and calls asked for, where somebody wants to know.
        self.record: Record | None = None
        self._start = self.checkpoint()

    def begin_in(self, world: World, bare: Iterable[str]) -> None:
        """Begin anew in a world, () for all at once; packages in `bare` are taken to have a blank `__init__`.

        Imports that were made in other worlds are remembered: most ask for nothing in which these differ.
        """
        self.go_back(self._start)
        self._world = world
        self.answers.values = {_blank(name): None for name in bare}
        if world:
            self.answers.values[_WORLD] = None

    def is_one_world(self) -> bool:
        """Whether every open question has an answer here; else both are pursued."""
        return self.read(self.answers, _WORLD) is not ABSENT

    def is_blank(self, package: str) -> bool:
        """Whether a package is taken to have a blank `__init__`."""
        return self.read(self.answers, _blank(package)) is not ABSENT

    def decide(self) -> bool | None:
        """Return the answer to a question that the text leaves open: None where both are pursued."""
        self.questions += 1
        return self._answers(range(self.questions - 1, self.questions))[0] if self._world else None

    def _answers(self, questions: range) -> list[bool]:
        """Return what the world says to some questions; nothing where both answers are pursued."""
        world = self._world
        return [world[number % len(world)] for number in questions] if world else []

    def read(self, owner: Namespace, key: str) -> Value | Absent:
        """Return what a namespace holds under a key, which makes a difference to the imports under way."""
        value = owner.values.get(key, ABSENT)
        if owner.made < self.load.start:
            self.note_read(owner, key, value)
        return value

    def read_all(self, owner: Namespace) -> dict[str, Value]:
        """Return all that a namespace holds, which makes a difference; the result never changes."""
        if RUNNING in owner.values:
            values = dict(owner.values)
        else:
            values, owner.shared = owner.values, True
        if owner.made < self.load.start:
            self.note_read(owner, _ALL, values)
        return values

    def write(self, owner: Namespace, key: str, value: Value | Absent) -> None:
        """Set a key of a namespace, or remove it."""
        self._do((owner, key, value, False))

    def add(self, owner: Namespace, key: str, value: Value) -> None:
        """Set a key of a namespace where it is not there yet; whether it is makes no difference to the import."""
        self._do((owner, key, value, True))

    def touch(self, owner: Namespace, key: str, value: Value | Absent) -> None:
        """Set a key until it is set back before the import at hand ends."""
        self.load.log.touched[owner, key] = self._time
        _put(owner, key, value)

    def set_name(self, module: Module, name: str, value: Value | Absent) -> None:
        """Bind a name of a module, or unbind it; a second binding that is uncertain leaves its value unknown."""
        if self.uncertainty:
            level = self.read(module, UNCERTAINTY)
            if self.uncertainty > (level.value or 0 if isinstance(level, Fixed) else 0):
                before = self.read(module, name)
                if before is ABSENT:
                    self._set_name(module, perhaps(name), NONE)
                else:
                    value = either(before, None if isinstance(value, Absent) else value)
        elif perhaps(name) in module.values:
            self._set_name(module, perhaps(name), ABSENT)
        self.deeds += 1
        self._set_name(module, name, value)

    def _set_name(self, module: Module, name: str, value: Value | Absent) -> None:
        if module is self.load.module:
            # Its record has all that its own code binds as it is in the end.
            _put(module, name, value)
        else:
            self.write(module, name, value)

    def run_unknown_code(self) -> None:
        """Say that code runs that cannot be followed, which is said at every turn: once is enough for an import."""
        if not self.load.runs_unknown_code:
            self.load.runs_unknown_code = True
            self.add(self.reasons, UNKNOWN_CODE, None)

    def reason(self, kind: str) -> str | None:
        """Return the first reason of a kind for which a prediction is uncertain, None where there is none."""
        found = self.reasons.values.get(kind)
        return found if isinstance(found, str) else None

    def doubt(self, reason: str) -> None:
        """Say that a cycle may fail."""
        self.doubts[reason] = self._under_way()
        self.add(self.reasons, POSSIBLE_CRASH, reason)

    def _under_way(self) -> frozenset[str]:
        """The modules whose bodies run."""
        return frozenset(frame.module.name for frame in self.frames if frame.is_body)

    def give_unknown_names(self, module: Module) -> None:
        """Say that a module may have any name from here on."""
        self.add(module, UNKNOWN_NAMES, None)

    def add_finder(self) -> None:
        """Say that from here on, modules may be found that no file of the roots shows."""
        self.deeds += 1
        self.add(self.available, FINDERS, None)

    def add_builtin(self) -> None:
        """Say that from here on, any name may be built in."""
        self.add(self.available, NEW_BUILTINS, None)

    def allocate(self, made: _Object) -> _Object:
        """Return a new object with a state: the one that took its place the last time that this import was made.

        Records know that one. What is in it may be another now, which whoever reads it finds out.
        """
        module = self.load.module
        made.made = self._time
        if module is None:
            return made
        at, module.used = module.used, module.used + 1
        if at == len(module.allocated):
            module.allocated.append(made)
            return made
        found = module.allocated[at]
        if type(found) is not type(made) or found.facts() != made.facts():
            self._dropped.append(found)
            module.allocated[at] = made
            return made
        found.values, found.shared, found.made = made.values, False, self._time
        return found

    def set_value(self, owner: Namespace, key: str, value: Value | Absent) -> None:
        """Set a key of an object, or remove it; a second value that is uncertain leaves nobody sure of either."""
        if self.uncertainty:
            before = self.read(owner, key)
            value = value if before is ABSENT else either(before, None if isinstance(value, Absent) else value)
        if self.frames:
            self.changed.append((owner, key, self.frames[-1].module))
        if owner.made >= self.load.start and not isinstance(owner, Module):
            # The record of the import in which it was made has it as it is in the end.
            _put(owner, key, value)
        else:
            self.write(owner, key, value)

    def make(self, name: str, *, is_package: bool, is_namespace: bool) -> Module:
        """Put a new module in `sys.modules`: the object that records know, unless something of today knows it."""
        found = self._objects.get(name)
        if found is None or found.live or found.is_namespace is not is_namespace:
            path = self.library.paths.get(name, "")
            found = Module(name=name, path=path, is_package=is_package, is_namespace=is_namespace)
            self._objects.setdefault(name, found)
        self._revive(found)
        self.write(self.modules, name, found)
        if self.uncertainty:
            self.write(found, UNCERTAINTY, Fixed(self.uncertainty))
        return found

    def begin(self, name: str) -> Load:
        """Record the import of a module from here."""
        self._time += 1
        log = self.load.log if self.load.outer else _Log()
        self.load = Load(
            start=self._time,
            log=log,
            outer=self.load,
            chain=self._chain_to(name),
            reads=range(len(log.reads), _NEVER),
            effects=range(len(log.effects), _NEVER),
            questions=self.questions,
            guards=len(self.guards),
            uncertainty=self.uncertainty,
            steps=self.steps,
        )
        return self.load

    def fill(self, module: Module) -> None:
        """Record what a module has come to once its body has run, and all objects that were made meanwhile."""
        for made in module.allocated[: module.used]:
            self._do((made, _ALL, made.values, False))
        self._do((module, _ALL, module.values, False))

    def end(self, load: Load, name: str, failure: Failure | None) -> None:
        """End the innermost import, and keep it where it can fit again: where it asked for no guard around."""
        outer = self.load = load.outer or self.load
        outer.asked = min(outer.asked, load.asked)
        # What a module imports takes none of the steps that its own calls are worth.
        outer.steps += self.steps - load.steps
        log, load.failure = load.log, failure
        load.reads = range(load.reads.start, len(log.reads))
        load.effects = range(load.effects.start, len(log.effects))
        asked = range(load.questions, self.questions)
        load.questions, load.answers = len(asked), self._answers(asked)
        load.outer = load.module = None
        load.counts.clear()
        if load.asked >= load.guards or not load.guards:
            records = self._records.setdefault(name, [])
            records.append(load)
            del records[:-_MOST_RECORDS]
        if outer.outer is None:
            log.touched.clear()
            log.added.clear()
            self._kept += len(log.reads) + len(log.effects)
            if self._kept > _MOST_KEPT:
                self._records.clear()
                self._kept = 0

    def recall(self, name: str) -> bool:
        """Import a module as a record says, if there is one that fits; whether there is. Raises what it raised."""
        for record in reversed(self._records.get(name, ())):
            if self._fits(record):
                chain = self._chain_to(name)
                self._repeat(record)
                if record.failure is not None:
                    for link in links(record.failure.chain, record.chain):
                        chain = Chain(link, chain)
                    raise Raised(replace(record.failure, chain=chain))
                return True
        return False

    def checkpoint(self) -> Checkpoint:
        """Return a point to go back to; no import may be under way."""
        self._checkpoint = self._time
        self._time += 1
        return Checkpoint(len(self._undo), len(self.made), self.questions, self._removed)

    def go_back(self, point: Checkpoint) -> None:
        """Undo all that happened since a checkpoint, which stays one."""
        for module in self.made[point.made :]:
            module.live = False
        while len(self._undo) > point.undo:
            owner, key, value = self._undo.pop()
            _put(owner, key, value)
        del self.made[point.made :]
        self.questions, self._removed = point.questions, point.removed
        self.load = Load()
        self.frames.clear()
        self.guards.clear()
        self.uncertainty = 0

    def forget(self) -> None:
        """Give up what is remembered of former imports: modules and functions lead to one another, and need help."""
        self._records.clear()
        self._kept = 0
        for module in self._objects.values():
            module.values = {}
            for made in (*module.allocated, *self._dropped):
                made.values = {}
            module.allocated.clear()
            self._dropped.clear()

    def note_read(self, owner: Namespace, key: str, value: _Held) -> None:
        """Log what was read, unless the innermost import has touched it before."""
        log, cell = self.load.log, (owner, key)
        before = log.touched.get(cell, owner.made)
        if before < self.load.start:
            log.reads.append((owner, key, value))
            log.before.append(before)
            log.touched[cell] = self._time

    def _do(self, effect: _Effect) -> None:
        """Change a namespace, and log it for the imports under way."""
        owner, key, value, once = effect
        if self.load.outer is not None:
            log, cell = self.load.log, (owner, key)
            if not once:
                log.effects.append(effect)
                log.touched[cell] = self._time
            elif log.added.get(cell, -1) < self.load.start:
                log.effects.append(effect)
                log.added[cell] = log.touched[cell] = self._time
        if isinstance(value, dict):
            owner.values, owner.shared = value, True
        elif not once or key not in owner.values:
            # What is younger than the last checkpoint is thrown away as a whole.
            if owner.made <= self._checkpoint:
                self._undo.append((owner, key, owner.values.get(key, ABSENT)))
            _put(owner, key, value)
            if value is ABSENT and owner is self.modules:
                self._removed = True

    def _revive(self, module: Module) -> None:
        module.live, module.made = True, self._time
        module.values, module.shared, module.used = {}, False, 0
        self.made.append(module)

    def _chain_to(self, name: str) -> Chain | None:
        """Return the imports under way once a module's begins."""
        if not self.frames:
            return None
        top = self.frames[-1]
        return Chain(ImportLink(top.module.name, name, top.module.path, top.line_number), self.load.chain)

    def _fits(self, record: Load) -> bool:
        """Whether an import would do what is recorded."""
        if record.uncertainty != self.uncertainty or (record.asked < 0 and self.guards):
            return False
        if record.answers != self._answers(range(self.questions, self.questions + record.questions)):
            return False
        if record.suspect and not _holds(record.suspect):
            return False
        reads, before, start = record.log.reads, record.log.before, record.start
        for at in reversed(record.reads):
            # What the import itself had touched before is no condition of it.
            if before[at] < start and not _holds(reads[at]):
                record.suspect = reads[at]
                return False
        # A module that failed may be known to others, and must not change.
        filled = (record.log.effects[at][:2] for at in record.effects if self._removed)
        return not any(key is _ALL and isinstance(owner, Module) and owner.live for owner, key in filled)

    def _repeat(self, record: Load) -> None:
        """Do what is recorded, and log it once more for the imports under way."""
        if self.load.outer is not None:
            for at in record.reads:
                if record.log.before[at] < record.start:
                    self.note_read(*record.log.reads[at])
        if record.asked < 0:
            self.load.asked = -1
        under_way, logged = self.load.outer is not None, self.load.log.effects
        for at in record.effects:
            effect = record.log.effects[at]
            owner = effect[0]
            if owner is self.modules and isinstance(effect[2], Module) and not effect[2].live:
                # A second name for it comes later, when it has names of its own.
                self._revive(effect[2])
            elif effect[1] is _ALL:
                # Whoever reads it finds it made just now, so that nothing else has to be logged.
                owner.made, owner.values, owner.shared = self._time, effect[2], True  # type: ignore[assignment]
                if under_way:
                    logged.append(effect)
                continue
            if owner is self.reasons and isinstance(effect[2], str):
                self.doubts[effect[2]] = self._under_way()
            self._do(effect)
        self.questions += record.questions


def _blank(package: str) -> str:
    """Return the key under which the answers say that a package has a blank `__init__`."""
    return f"<blank {package}>"


def _holds(read: _Read) -> bool:
    owner, key, value = read
    found = owner.values if key is _ALL else owner.values.get(key, ABSENT)
    return found is value or found == value


def _put(owner: Namespace, key: str, value: Value | Absent) -> None:
    if owner.shared:
        owner.values, owner.shared = dict(owner.values), False
    if isinstance(value, Absent):
        owner.values.pop(key, None)
    else:
        owner.values[key] = value
