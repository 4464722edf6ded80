"""What the simulated interpreter works with: modules as they fill, functions, classes, and failures under way."""

from dataclasses import dataclass, field
from enum import Enum
from typing import NamedTuple, TypeAlias

from cycles.model import ImportLink
from cycles.simulate.compile.instructions import Body, Fixed, Handler, Names, Path

RUNNING, UNKNOWN_NAMES, UNCERTAINTY = "<running>", "<unknown names>", "<uncertainty>"
"""What is known of a module besides its names, kept with them under keys that no name in a program can be: whether its
body runs, whether it may have names that nobody can read, and how uncertain it was that it is made at all."""

POSSIBLE_CRASH, UNKNOWN_IMPORTS, UNKNOWN_CODE = "possible crash", "unknown imports", "unknown code"
"""What makes a prediction uncertain: a cycle that may fail, modules that are imported but cannot be named, and code
that ran but cannot be followed. The first reason of each is kept."""


def importing(child: str) -> str:
    """Return the key under which a package says that a submodule is being imported."""
    return f"<importing {child}>"


class Absent(Enum):
    """What a namespace holds under a key that it does not have."""

    ABSENT = 0


ABSENT = Absent.ABSENT


@dataclass(slots=True, eq=False)
class Namespace:
    """Values by key, which last from one import to the next.

    `made` is the time at which it was, -1 where it was always there. `shared`: a record has the same `values`, which
    must not change any more.
    """

    values: "dict[str, Value]" = field(default_factory=dict)
    made: int = -1
    shared: bool = False


@dataclass(slots=True, eq=False, kw_only=True)
class Module(Namespace):
    """A module object; `live`: something of the world as it is may know it."""

    name: str
    path: str
    is_package: bool
    is_namespace: bool
    live: bool = True


@dataclass(slots=True)
class Function:
    """A function of a module; `bound`: called with its first argument filled in."""

    body: Body
    home: Module
    bound: bool = False


@dataclass(slots=True, eq=False)
class Class:
    """A class with its own names and what is known of its bases."""

    names: "dict[str, Value]"
    bases: "tuple[Value, ...]"


@dataclass(slots=True)
class Instance:
    """What calling a class gives."""

    made_by: Class


Value: TypeAlias = Module | Function | Class | Instance | str | Names | Fixed | None
"""None is a value of which nothing is known."""

SOMETHING = Instance(Class({}, ()))
"""A value of which no more is known than that there is one."""

STANDARD = Instance(Class({}, ()))
"""A part of the standard library, or what it gives: it imports nothing of the roots."""


class Chain(NamedTuple):
    """The imports under way, the last one first: each shares those before it with all that go on from there."""

    link: ImportLink
    before: "Chain | None"


def links(chain: Chain | None, start: Chain | None = None) -> tuple[ImportLink, ...]:
    """Return the imports of a chain in the order in which they began, those after `start` alone."""
    found: list[ImportLink] = []
    while chain is not None and chain is not start:
        found.append(chain.link)
        chain = chain.before
    return tuple(reversed(found))


@dataclass(frozen=True, slots=True, eq=False)
class Failure:
    """An exception of the simulated program.

    `kind` is the name of its built-in class, None where it has another; `of_cycle`: an import cycle
    made it; `explicit`: a `raise` did; `missing` is the module that a ModuleNotFoundError is about.
    """

    kind: str | None = None
    text: str | None = None
    of_cycle: bool = False
    missing: str | None = None
    made_by: Class | None = None
    name: str = ""
    explicit: bool = False
    path: str | None = None
    line_number: int | None = None
    chain: Chain | None = None

    @property
    def shown(self) -> str:
        """The name of its class as Python prints it, empty where it is not known."""
        return self.name or self.kind or ""

    @property
    def line(self) -> str | None:
        """The line that Python prints last; None where the message is not known."""
        if not self.shown or self.text is None:
            return None
        return f"{self.shown}: {self.text}" if self.text else self.shown


@dataclass(slots=True, eq=False)
class Frame:
    """Code that runs: of a module (`is_body`), or of a class or function in it.

    `uncertainty` is how uncertain it was to run, and `left` how many `return`s may have left it. `asked`: what a
    module's `__getattr__` gave last, and for which path.
    """

    module: Module
    names: dict[str, Value]
    uncertainty: int
    is_body: bool = False
    line_number: int = 1
    result: Value = None
    shared: frozenset[str] = frozenset()
    handling: Failure | None = None
    outer: "Frame | None" = None
    left: int = 0
    asked: tuple[Path, Value] | None = None


@dataclass(slots=True, eq=False)
class Guard:
    """A `try` whose body runs; `may_have_raised`: what comes in it may not run any more."""

    handlers: tuple[Handler, ...]
    frame: Frame
    may_have_raised: bool = False


class Raised(Exception):  # noqa: N818  no error of this program
    """A failure on its way to whatever catches it."""

    def __init__(self, failure: Failure) -> None:
        super().__init__()
        self.failure = failure


class Returned(Exception):  # noqa: N818  no error
    """A function is left."""

    def __init__(self, value: Value) -> None:
        super().__init__()
        self.value = value


class Exhausted(Exception):  # noqa: N818  no error of the simulated program
    """The budget of steps is used up."""
