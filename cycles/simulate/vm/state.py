"""A simulated interpreter: its modules, what is under way, what is doubtful; and how to go back."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from cycles.model import ImportLink
from cycles.simulate.compile.instructions import Body, Code, Handler, Path
from cycles.simulate.compile.module import Library
from cycles.simulate.trampoline import Step
from cycles.simulate.vm.cells import Absent, Before, Cell, Fact, Range, Record, Recording
from cycles.simulate.vm.values import (
    DOUBT,
    SNAPSHOT,
    Class,
    Exhausted,
    Function,
    Instance,
    Module,
    Outcome,
    Raised,
    Store,
    Value,
)

STEPS = 3_000_000
"""Instructions that one import may run: some fifty times what the largest package measured needs."""

_Key = TypeVar("_Key")
_Held = TypeVar("_Held")


@dataclass(slots=True, eq=False)
class Frame:
    """Code that runs: of a module (`is_body`), or of a class or function in it. `doubt`: how doubtful it was to run.

    `asked`: what a module's `__getattr__` gave last, and for which path.
    """

    module: Module
    names: dict[str, Value]
    doubt: int
    is_body: bool = False
    line_number: int = 1
    result: Value = None
    shared: frozenset[str] = frozenset()
    handling: Raised | None = None
    outer: "Frame | None" = None
    left: int = 0
    asked: "tuple[Path, Value] | None" = None


@dataclass(slots=True, eq=False)
class Guard:
    """A `try` whose body runs. `doubts` is 1 from where an exception that it catches may have been raised."""

    handlers: tuple[Handler, ...]
    frame: Frame
    doubts: int = 0


@dataclass(frozen=True, slots=True)
class Followed:
    """A call under way: of which function, what is known of its parameters, and how doubtful it was to be made."""

    body: Body
    given: tuple[Value, ...]
    doubt: int


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A point between two imports to go back to."""

    length: int
    made: int
    available: int
    serial: int
    mark: int
    possible: str | None
    blurred: str | None
    opaque: bool
    questions: int
    removed: bool


@dataclass(frozen=True, slots=True)
class World:
    """One answer to every question that a text leaves open, by its number: a pattern of bits that repeats.

    >>> [World(0b01, 2).answer(question) for question in range(3)]
    [True, False, True]
    """

    pattern: int
    length: int

    def answer(self, question: int) -> bool:
        """The answer to a question."""
        return bool(self.pattern >> question % self.length & 1)


@dataclass(slots=True, eq=False)
class State:
    """A simulated interpreter. `doubt` counts what makes it uncertain that the code at hand runs at all.

    Whatever reads a mapping that lasts, or a module, says so before (`saw`, `saw_name`, …): an import that ended is
    recorded with all that it depended on, and where that is the same again, it is not run again.
    `mark`: modules up to that serial are older than the import at hand, or than the last checkpoint. `objects`: the
    first module of each name, which is the same object whenever it is made anew; `removed`: a module failed that
    others may know yet.
    """

    library: Library
    execute: "Callable[[State, Code, Frame], Step[Value]]"
    bare: frozenset[str] = frozenset()
    modules: dict[str, Module | None] = field(default_factory=dict)
    opened: dict[Module, Value] = field(default_factory=dict)
    available: dict[str, Value] = field(default_factory=dict)
    calls: dict[Body, int] = field(default_factory=dict)
    frames: list[Frame] = field(default_factory=list)
    guards: list[Guard] = field(default_factory=list)
    doubt: int = 0
    steps: int = 0
    possible: str | None = None
    blurred: str | None = None
    opaque: bool = False
    followed: list[Followed] = field(default_factory=list)
    serial: int = 0
    mark: int = 0
    journal: list[Fact] = field(default_factory=list)
    world: World | None = None
    questions: int = 0
    answers: dict[str, bool] = field(default_factory=dict)
    made: list[Module] = field(default_factory=list)
    recording: Recording | None = None
    records: dict[str, list[Record]] = field(default_factory=dict)
    objects: dict[str, Module] = field(default_factory=dict)
    kept: int = 0
    removed: bool = False
    loads: int = 0

    def decide(self) -> bool | None:
        """The answer to a question that the text leaves open: None where both are pursued."""
        self.questions += 1
        return None if self.world is None else self.world.answer(self.questions - 1)

    def count(self, steps: int) -> None:
        """Count instructions; raises Exhausted where they are too many."""
        self.steps += steps
        if self.steps > STEPS:
            raise Exhausted

    def saw(self, mapping: dict[_Key, _Held], key: _Key, owner: Module | None = None) -> None:
        """Say that what a mapping that lasts holds under a key makes a difference to the import at hand."""
        recording = self.recording
        if recording is None:
            return
        identity = (id(mapping), key)
        if identity not in recording.reads and identity not in recording.written:
            recording.reads[identity] = Cell(mapping, key, mapping.get(key, Absent.ABSENT), owner)

    def saw_module(self, name: str) -> None:
        """Say that it makes a difference which module has a name; of those that are made, it was noted before."""
        if self.recording is not None:
            found = self.modules.get(name)
            if found is None or found.serial <= self.recording.serial:
                self.saw(self.modules, name)

    def saw_name(self, module: Module, name: str) -> None:
        """Say that what a name of a module is bound to, or that it is not bound, makes a difference."""
        if module.serial <= self.mark:
            self.saw(module.names, name, module)

    def saw_names(self, module: Module) -> None:
        """Say that all names of a module make a difference."""
        if module.serial <= self.mark:
            if module.running:
                self.spoil(module)
                return
            self.outcome(module)
            self.saw(module.marks, SNAPSHOT, module)

    def spoil(self, module: Module) -> None:
        """Say that something of a module makes a difference that no cell tells."""
        if self.recording is not None and module.serial < self.recording.spoilt:
            self.recording.spoilt = module.serial

    def make(self, name: str, *, is_package: bool, is_namespace: bool) -> Module:
        """A module of that name: the object that former imports know, unless something of today knows it."""
        self.serial += 1
        found = self.objects.get(name)
        if found is None or found.live or found.is_namespace is not is_namespace:
            found = Module(name, self.library.paths.get(name, ""), is_package, is_namespace, self.serial, self.doubt)
            self.objects.setdefault(name, found)
        else:
            found.live = True
            found.serial, found.doubt = self.serial, self.doubt
            found.names.clear()
            found.marks.clear()
        if self.doubt:
            found.marks[DOUBT] = self.doubt
        self.made.append(found)
        self.modules[name] = found
        return found

    def unmake(self, name: str) -> None:
        """Take a module that failed out of `sys.modules`: others may know it yet."""
        del self.modules[name]
        self.removed = True

    def function(self, body: Body, home: Module) -> Function:
        """A function, as a definition makes it."""
        recording = self.recording
        if recording is None or recording.module is None:
            return Function(body, home)
        return recording.module.store.function(body, home, recording.number)

    def make_class(self, instruction: int, names: dict[str, Value], bases: tuple[Value, ...]) -> Class:
        """A class, as the instruction with that `id` makes it."""
        recording = self.recording
        if recording is None or recording.module is None:
            return Class(names, bases)
        return recording.module.store.made_class(instruction, names, bases, recording.number)

    def instance(self, owner: Class) -> Instance:
        """What calling a class gives."""
        recording = self.recording
        if recording is None or recording.module is None:
            return Instance(owner)
        number = recording.instances[owner] = recording.instances.get(owner, -1) + 1
        return recording.module.store.instance(owner, number)

    def saw_mark(self, module: Module, mark: str) -> None:
        """Say that it makes a difference whether a module has a mark."""
        if module.serial <= self.mark:
            self.saw(module.marks, mark, module)

    def saw_open(self, module: Module) -> None:
        """Say that it makes a difference whether a module may have any name."""
        if module.serial <= self.mark:
            self.saw(self.opened, module, module)

    def saw_guard(self, place: int) -> None:
        """Say that it makes a difference what a guard under way catches, -1 for that there is no further one."""
        if self.recording is not None and place < self.recording.reached:
            self.recording.reached = place

    def is_opaque(self) -> bool:
        """Whether code ran that cannot be followed: its doings are unknown."""
        if self.recording is not None:
            self.recording.see_opaque(self.opaque)
        return self.opaque

    def make_opaque(self) -> None:
        """Remember that code ran that cannot be followed."""
        self.opaque = True
        if self.recording is not None:
            self.recording.makes_opaque = True

    def saw_available(self, name: str) -> None:
        """Say that it makes a difference whether a module outside the roots is known to be there."""
        if self.recording is not None:
            self.recording.take({name: name in self.available}, {})

    def take_available(self, name: str) -> None:
        """Take a module outside the roots to be there from here on."""
        self.available[name] = None
        if self.recording is not None:
            self.recording.available[name] = None

    def saw_calls(self) -> None:
        """Say that it makes a difference which calls are under way."""
        if self.recording is not None:
            self.recording.consulted = True

    def outcome(self, module: Module) -> Outcome:
        """What a module came to, the same object as long as that does not change."""
        stays = self.modules.get(module.name) is module
        found = module.marks.get(SNAPSHOT)
        if isinstance(found, Outcome) and found.stays is stays:
            return found
        found = module.former
        if found is None or (found.doubt, found.stays) != (module.doubt, stays) or found.names != module.names:
            found = module.former = Outcome(module, module.doubt, dict(module.names), stays)
        module.marks[SNAPSHOT] = found
        return found

    def called(self, body: Body, calls: Range) -> None:
        """Note calls of a function, and how often it may have been called before for them to be the same."""
        if calls.more:
            before = self.calls.get(body, 0)
            self.journal.append(Cell(self.calls, body, before or Absent.ABSENT))
            self.calls[body] = before + calls.more
        if self.recording is not None:
            self.recording.count(body, calls)

    def write(self, mapping: dict[_Key, _Held], key: _Key, value: _Held, owner: Module | None = None) -> None:
        """Set a key of a mapping that outlives the next checkpoint."""
        self._note(mapping, key, owner)
        mapping[key] = value

    def leave(self, mapping: dict[_Key, _Held], key: _Key, value: _Held) -> None:
        """Set a key, which only ever gets this value, whether it is there or not."""
        recording = self.recording
        if recording is None or (id(mapping), key) not in recording.written:
            self.write(mapping, key, value)

    def remove(self, mapping: dict[_Key, _Held], key: _Key, owner: Module | None = None) -> None:
        """Remove a key, where it is there, of a mapping that outlives the next checkpoint."""
        if key in mapping:
            self._note(mapping, key, owner)
            del mapping[key]

    def _note(self, mapping: dict[_Key, _Held], key: _Key, owner: Module | None) -> None:
        """Remember what a key is to be set back to."""
        before = Cell(mapping, key, mapping.get(key, Absent.ABSENT), owner)
        self.journal.append(before)
        if self.recording is not None:
            self.recording.written.setdefault((id(mapping), key), before)
        if owner is not None:
            owner.marks.pop(SNAPSHOT, None)

    def mark_module(self, module: Module, mark: str) -> None:
        """Give a module a mark until `unmark_module`, before the next checkpoint."""
        if module.serial <= self.mark:
            self.write(module.marks, mark, 1, module)
        else:
            module.marks[mark] = 1

    def unmark_module(self, module: Module, mark: str) -> None:
        """Take a mark from a module that may have it."""
        module.marks.pop(mark, None)

    def bind(self, frame: Frame, name: str, value: Value) -> None:
        """Bind a name in a frame's scope; a doubtful second binding leaves the value open."""
        if frame.names is frame.module.names or name in frame.shared:
            self.set_name(frame.module, name, value)
            return
        if self.doubt > frame.doubt and name in frame.names and frame.names[name] is not value:
            value = None
        frame.names[name] = value

    def set_name(self, module: Module, name: str, value: Value) -> None:
        """Bind a name of a module, from wherever."""
        names = module.names
        if self.doubt:
            self.saw_mark(module, DOUBT)
        if self.doubt > module.doubt:
            self.saw_name(module, name)
            if name in names and names[name] is not value:
                value = None
        if module.serial <= self.mark:
            self.write(names, name, value, module)
        else:
            names[name] = value
            module.marks.pop(SNAPSHOT, None)

    def unbind(self, frame: Frame, name: str) -> None:
        """Delete a name in a frame's scope; where that is doubtful, its value is open from then on."""
        module = frame.module
        owner = module.names if name in frame.shared else frame.names
        if owner is module.names:
            self.saw_name(module, name)
        if name not in owner:
            return
        if self.doubt > frame.doubt:
            self.bind(frame, name, None)
        elif owner is module.names and module.serial <= self.mark:
            self.remove(owner, name, module)
        else:
            del owner[name]
            if owner is module.names:
                module.marks.pop(SNAPSHOT, None)

    def open(self, module: Module) -> None:
        """From here on a module may have any name."""
        self.leave(self.opened, module, None)

    def note(self, error: Raised) -> None:
        """Remember the first error of a cycle that may happen or not."""
        if error.of_cycle and self.possible is None:
            self.possible = (
                f"it may fail at {error.path}:{error.line_number} ({error.line}): that depends on what happens"
            )

    def place(self, error: Raised) -> Raised:
        """Say where an error is raised: here, with the imports under way."""
        top = self.frames[-1] if self.frames else None
        if top is not None:
            error.path, error.line_number = top.module.path, top.line_number
        error.chain = self.chain()
        return error

    def chain(self) -> tuple[ImportLink, ...]:
        """The imports under way, the first one's own module first."""
        return tuple(
            ImportLink(before.module.name, frame.module.name, before.module.path, before.line_number)
            for before, frame in zip(self.frames, self.frames[1:], strict=False)
            if frame.is_body
        )

    def before(self) -> Before:
        """What the next import starts from, besides cells."""
        return Before(self.doubt, self.possible, self.blurred, self.questions, self.steps)

    def checkpoint(self) -> Checkpoint:
        """A point to go back to; no import may be under way."""
        found = Checkpoint(
            len(self.journal),
            len(self.made),
            len(self.available),
            self.serial,
            self.mark,
            self.possible,
            self.blurred,
            self.opaque,
            self.questions,
            self.removed,
        )
        self.mark = self.serial
        return found

    def go_back(self, point: Checkpoint) -> None:
        """Undo all that happened since a checkpoint, which stays one."""
        for module in self.made[point.made :]:
            module.live = False
            if self.modules.get(module.name) is module:
                del self.modules[module.name]
        while len(self.journal) > point.length:
            self.journal.pop().restore()
        while len(self.available) > point.available:
            self.available.popitem()
        del self.made[point.made :]
        self.mark = self.serial = point.serial
        self.possible, self.blurred, self.opaque = point.possible, point.blurred, point.opaque
        self.questions, self.removed = point.questions, point.removed
        self.frames.clear()
        self.guards.clear()
        self.doubt = 0

    def forget_all(self) -> None:
        """Give up what is remembered of former imports: modules and functions lead to one another, and need help."""
        self.records.clear()
        self.kept = 0
        for module in self.objects.values():
            module.names.clear()
            module.marks.clear()
            module.former = None
            module.store = Store()

    def forget(self, point: Checkpoint) -> None:
        """Give up a checkpoint after going back to it."""
        self.mark = point.mark
