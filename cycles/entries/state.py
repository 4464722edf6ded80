"""A simulated interpreter: its modules, what is under way, what is doubtful; and how to go back."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from cycles.entries.instructions import Body, Code, Handler, Path
from cycles.entries.reading import Library
from cycles.entries.trampoline import Step
from cycles.entries.values import Exhausted, Module, Raised, Value
from cycles.model import Link

_STEPS = 3_000_000
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
    serial: int
    mark: int
    possible: str | None
    blurred: str | None
    opaque: bool
    questions: int


@dataclass(slots=True, eq=False)
class State:
    """A simulated interpreter. `doubt` counts what makes it uncertain that the code at hand runs at all."""

    library: Library
    execute: "Callable[[State, Code, Frame], Step[Value]]"
    modules: dict[str, Module | None] = field(default_factory=dict)
    opened: dict[Module, Value] = field(default_factory=dict)
    ran: dict[str, Value] = field(default_factory=dict)
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
    journal: list[Callable[[], None]] = field(default_factory=list)
    world: Callable[[int], bool] | None = None
    questions: int = 0
    answers: dict[str, bool] = field(default_factory=dict)

    def decide(self) -> bool | None:
        """The answer to a question that the text leaves open: None where both are pursued."""
        self.questions += 1
        return None if self.world is None else self.world(self.questions - 1)

    def count(self, steps: int) -> None:
        """Count instructions; raises Exhausted where they are too many."""
        self.steps += steps
        if self.steps > _STEPS:
            raise Exhausted

    def write(self, mapping: dict[_Key, _Held], key: _Key, value: _Held) -> None:
        """Set a key of a mapping that outlives the next checkpoint."""
        self.journal.append(_restoring(mapping, key))
        mapping[key] = value

    def remove(self, mapping: dict[_Key, _Held], key: _Key) -> None:
        """Remove a key, where it is there, of a mapping that outlives the next checkpoint."""
        if key in mapping:
            self.journal.append(_restoring(mapping, key))
            del mapping[key]

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
        if self.doubt > module.doubt and name in names and names[name] is not value:
            value = None
        if module.serial <= self.mark:
            self.write(names, name, value)
        else:
            names[name] = value

    def unbind(self, frame: Frame, name: str) -> None:
        """Delete a name in a frame's scope; where that is doubtful, its value is open from then on."""
        owner = frame.module.names if name in frame.shared else frame.names
        if name not in owner:
            return
        if self.doubt > frame.doubt:
            self.bind(frame, name, None)
        elif owner is frame.module.names and frame.module.serial <= self.mark:
            self.remove(owner, name)
        else:
            del owner[name]

    def open(self, module: Module) -> None:
        """From here on a module may have any name."""
        if module not in self.opened:
            self.write(self.opened, module, None)

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

    def chain(self) -> tuple[Link, ...]:
        """The imports under way, the first one's own module first."""
        return tuple(
            Link(before.module.name, frame.module.name, before.module.path, before.line_number)
            for before, frame in zip(self.frames, self.frames[1:], strict=False)
            if frame.is_body
        )

    def checkpoint(self) -> Checkpoint:
        """A point to go back to; no import may be under way."""
        found = Checkpoint(
            len(self.journal), self.serial, self.mark, self.possible, self.blurred, self.opaque, self.questions
        )
        self.mark = self.serial
        return found

    def go_back(self, point: Checkpoint) -> None:
        """Undo all that happened since a checkpoint, which stays one."""
        while len(self.journal) > point.length:
            self.journal.pop()()
        self.mark = self.serial = point.serial
        self.possible, self.blurred, self.opaque = point.possible, point.blurred, point.opaque
        self.questions = point.questions
        self.frames.clear()
        self.guards.clear()
        self.doubt = 0

    def forget(self, point: Checkpoint) -> None:
        """Give up a checkpoint after going back to it."""
        self.mark = point.mark


def _restoring(mapping: dict[_Key, _Held], key: _Key) -> Callable[[], None]:
    """What sets a key back to what it is now, its place in the order included where it has one."""
    if key in mapping:
        value = mapping[key]
        return lambda: mapping.__setitem__(key, value)
    return lambda: mapping.__delitem__(key)
