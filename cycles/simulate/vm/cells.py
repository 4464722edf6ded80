"""What one import reads and changes of a simulated interpreter, cell by cell, so that it need not be run twice."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Generic, Protocol, TypeVar

from cycles.model import ImportLink
from cycles.simulate.compile.instructions import Body, Names, Text
from cycles.simulate.vm.values import SNAPSHOT, Class, Module, Outcome, Raised, Value

_Key = TypeVar("_Key")
_Held = TypeVar("_Held")

NEVER = 1 << 60
"""More than anything that is counted."""


class Absent(Enum):
    """What a mapping holds under a key that it does not have."""

    ABSENT = 0


class Fact(Protocol):
    """A cell, a key of a mapping, and a value of it; `owner` is the module whose cell it is, if it is one's."""

    @property
    def owner(self) -> Module | None:
        """The module, None where the cell is the interpreter's own."""

    @property
    def identity(self) -> "Identity":
        """Which cell it is."""

    def holds(self) -> bool:
        """Whether the cell has the value now."""

    def restore(self) -> None:
        """Give the cell the value."""

    def now(self) -> "Fact":
        """The same cell, and what it holds now."""


class Cell(Generic[_Key, _Held]):
    """A key of a mapping that lasts, and a value of it."""

    __slots__ = ("key", "mapping", "owner", "value")

    def __init__(
        self, mapping: dict[_Key, _Held], key: _Key, value: _Held | Absent, owner: Module | None = None
    ) -> None:
        self.mapping = mapping
        self.key = key
        self.value = value
        self.owner = owner

    @property
    def identity(self) -> "Identity":
        """Which cell it is."""
        return id(self.mapping), self.key

    def holds(self) -> bool:
        """Whether the cell has the same value now; texts are the same where they say the same."""
        found, value = self.mapping.get(self.key, Absent.ABSENT), self.value
        return found is value or (
            isinstance(value, Text | Names | int) and type(found) is type(value) and found == value
        )

    def restore(self) -> None:
        """Give the cell the value; what was known of its module as a whole is known no more."""
        if isinstance(self.value, Absent):
            self.mapping.pop(self.key, None)
        else:
            self.mapping[self.key] = self.value
        if self.owner is not None:
            self.owner.marks.pop(SNAPSHOT, None)

    def now(self) -> Fact:
        """The same cell, and what it holds now."""
        return Cell(self.mapping, self.key, self.mapping.get(self.key, Absent.ABSENT), self.owner)


Identity = tuple[int, object]
"""Which cell it is: the `id` of the mapping, which lasts, and the key."""


@dataclass(slots=True)
class Range:
    """How often a function may have been called before for the same to happen, and how often it is called then."""

    low: int = 0
    high: int = NEVER
    more: int = 0

    def then(self, other: "Range") -> None:
        """What comes after is counted on."""
        self.low = max(self.low, other.low - self.more)
        self.high = min(self.high, other.high - self.more)
        self.more += other.more


@dataclass(frozen=True, slots=True)
class Before:
    """What an import starts from, besides cells."""

    doubt: int
    possible: str | None
    blurred: str | None
    questions: int
    steps: int


@dataclass(slots=True, eq=False)
class Recording:
    """The import of a module under way: what it read that was there before, and which cells it wrote.

    Modules up to `serial` were there before, and so were `guards` guards and `followed` calls. `reached`: the
    outermost guard that was asked, -1 where all were; `consulted`: calls under way were. `spoilt`: the serial of the
    oldest module of which something made a difference that no cell tells. `links` of every chain were there before.
    `opaque`: what the interpreter was found to be, None where nobody looked.
    """

    module: Module | None
    number: int
    outer: "Recording | None"
    mark: int
    serial: int
    made: int
    guards: int
    followed: int
    links: int
    before: Before
    reads: dict[Identity, Fact] = field(default_factory=dict)
    written: dict[Identity, Fact] = field(default_factory=dict)
    calls: dict[Body, Range] = field(default_factory=dict)
    reached: int = NEVER
    consulted: bool = False
    spoilt: int = NEVER
    sought: dict[str, bool] = field(default_factory=dict)
    available: dict[str, Value] = field(default_factory=dict)
    opaque: bool | None = None
    makes_opaque: bool = False
    instances: dict[Class, int] = field(default_factory=dict)

    def count(self, body: Body, calls: Range) -> None:
        """Note calls of a function."""
        found = self.calls.get(body)
        if found is None:
            found = self.calls[body] = Range()
        found.then(calls)

    def read(self, facts: Iterable[Fact]) -> None:
        """Note what cells of something older held, unless this import has read or written them before."""
        reads, written, serial = self.reads, self.written, self.serial
        for fact in facts:
            owner = fact.owner
            if owner is None or owner.serial <= serial:
                identity = fact.identity
                if identity not in written and identity not in reads:
                    reads[identity] = fact

    def absorb(self, inner: "Recording") -> None:
        """Note all of an import that this one caused."""
        self.read(inner.reads.values())
        for identity, fact in inner.written.items():
            if fact.owner is None or fact.owner.serial <= self.serial:
                self.written.setdefault(identity, fact)
        for body, calls in inner.calls.items():
            self.count(body, calls)
        self.reached = min(self.reached, inner.reached)
        self.consulted = self.consulted or inner.consulted
        self.spoilt = min(self.spoilt, inner.spoilt)
        self.take(inner.sought, inner.available)
        self.see_opaque(inner.opaque)
        self.makes_opaque = self.makes_opaque or inner.makes_opaque

    def take(self, sought: Mapping[str, bool], available: Mapping[str, Value]) -> None:
        """Note which modules outside the roots it made a difference to know, and which are known from here on."""
        for name, there in sought.items():
            if name not in self.available:
                self.sought.setdefault(name, there)
        self.available.update(available)

    def see_opaque(self, opaque: bool | None) -> None:  # noqa: FBT001
        """Note what the interpreter was found to be, unless this import made it so."""
        if self.opaque is None and not self.makes_opaque:
            self.opaque = opaque


@dataclass(frozen=True, slots=True)
class Record:
    """An import that ended: what it depends on, and what it leaves behind, and the error where it failed.

    `modules` are those it made, in order, none of which was there before. `free`: no guard may be under way; `alone`:
    no call may be. `phase` is where in the answers of its world it starts, None where it asks none.
    """

    before: Before
    opaque: bool | None
    reads: tuple[Fact, ...]
    calls: tuple[tuple[Body, Range], ...]
    free: bool
    alone: bool
    phase: int | None
    modules: tuple[Outcome, ...]
    writes: tuple[Fact, ...]
    possible: str | None
    blurred: str | None
    sought: Mapping[str, bool]
    available: Mapping[str, Value]
    makes_opaque: bool
    removes: bool
    questions: int
    steps: int
    error: Raised | None
    chain: tuple[ImportLink, ...]
