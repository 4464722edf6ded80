"""What the simulated interpreter works with: modules as they fill, functions, classes, and failures under way."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import NamedTuple, TypeAlias

from cycles.model import ImportLink
from cycles.simulate.compile.instructions import Body, Fixed, FunctionCode, Handler, Outside
from cycles.simulate.trampoline import Eventual

RUNNING, UNKNOWN_NAMES, UNCERTAINTY = "<running>", "<unknown names>", "<uncertainty>"
"""What is known of a module besides its names, kept with them under keys that no name in a program can be: whether its
body runs, whether it may have names that nobody can read, and how uncertain it was that it is made at all."""

HANDED = "<handed>"
"""The key under which a module says that a library was given something of it, by which that finds the module."""
SUSPENDED = "<suspended>"
"""The key under which a generator says that it waits: what comes next of it is not known."""
POSSIBLE_CRASH, UNKNOWN_IMPORTS, UNKNOWN_CODE = "possible crash", "unknown imports", "unknown code"
"""What makes a prediction uncertain: a cycle that may fail, modules that are imported but cannot be named, and code
that ran but cannot be followed. The first reason of each is kept."""


def importing(child: str) -> str:
    """Return the key under which a package says that a submodule is being imported."""
    return f"<importing {child}>"


def perhaps(name: str) -> str:
    """Return the key under which a module says that it may not have a name: nobody knows whether it was bound."""
    return f"<perhaps {name}>"


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

    def facts(self) -> tuple[object, ...]:
        """Return what never changes of an object."""
        return ()


@dataclass(slots=True, eq=False, kw_only=True)
class Module(Namespace):
    """A module object; `live`: something of the world as it is may know it.

    `allocated` are the objects with a state that were made in its import, `used` of them this time: the next time, the
    same objects are used in the same order, so that records which know them still fit.
    """

    name: str
    path: str
    is_package: bool
    is_namespace: bool
    live: bool = True
    allocated: "list[Namespace]" = field(default_factory=list)
    used: int = 0


@dataclass(slots=True, eq=False)
class Cells(Namespace):
    """The names of a function's frame that functions in it may use."""

    outer: "Cells | None" = None

    def facts(self) -> tuple[object, ...]:
        """Return what never changes."""
        return (self.outer,)


# Nobody changes functions and what else has a hash here. They are not frozen: that takes four times as long to make
# each, and a prediction makes them by the hundred thousand.
@dataclass(slots=True, unsafe_hash=True)
class Function:
    """A function, with what its defaults are, and the names of the functions around it."""

    body: Body
    home: Module
    cells: Cells | None = None
    defaults: "tuple[tuple[str, Value], ...]" = ()


@dataclass(slots=True, unsafe_hash=True)
class Bound:
    """A method: called with its first argument filled in."""

    function: "Value"
    owner: "Value"


@dataclass(slots=True, eq=False)
class Class(Namespace):
    """A class, its attributes its values.

    `order` are the classes in which methods are looked for, up to the first base that is not known. `line_numbers`
    are those of its text, `metaclass` None for `type`.
    """

    name: str = ""
    home: str = ""
    line_numbers: range = range(0)
    bases: "tuple[Value, ...]" = ()
    order: "tuple[Class, ...]" = ()
    foreign: "tuple[Value, ...]" = ()
    metaclass: "Value" = None
    fields: tuple[str, ...] = ()
    hooks: frozenset[str] = frozenset()

    def facts(self) -> tuple[object, ...]:
        """Return what never changes."""
        return self.name, self.home, self.line_numbers, self.bases, self.metaclass, self.fields, self.hooks


@dataclass(slots=True, eq=False)
class Instance(Namespace):
    """What calling a class gives."""

    made_by: Class = field(default_factory=Class)

    def facts(self) -> tuple[object, ...]:
        """Return what never changes."""
        return (self.made_by,)


@dataclass(slots=True, eq=False)
class Container(Namespace):
    """A list, tuple, set or dict: see `containers`; `fields` name the items of a named tuple."""

    kind: str = "list"
    fields: tuple[str, ...] = ()

    def facts(self) -> tuple[object, ...]:
        """Return what never changes."""
        return self.kind, self.fields


@dataclass(slots=True, eq=False)
class Stream(Namespace):
    """A generator, coroutine, or the like: code that runs where its values are asked for.

    It is run at once then, and what it hands out is kept. `start` runs it, calling what it is given with each value;
    `seeds` is all that it knows.
    """

    start: "Callable[[Consumer], Eventual[Value]] | None" = None
    kind: str = "generator"
    seeds: "tuple[Value, ...]" = ()


@dataclass(slots=True, unsafe_hash=True)
class Made:
    """What calling something of a library gave, by its dotted name: a property, a partial, an exception."""

    of: str
    arguments: "tuple[Value, ...]" = ()
    keywords: "tuple[tuple[str, Value], ...]" = ()


@dataclass(slots=True, unsafe_hash=True)
class Either:
    """One of several values, nobody knows which."""

    values: "tuple[Value, ...]"


Value: TypeAlias = (
    Module
    | Function
    | Bound
    | Class
    | Instance
    | Container
    | Stream
    | Made
    | Outside
    | Either
    | Cells
    | str
    | Fixed
    | tuple["Value", ...]
    | None
)
"""None is a value of which nothing is known. Tuples are kept in containers, and are no values of a program."""
Arguments: TypeAlias = Sequence[Value]
Keywords: TypeAlias = Sequence[tuple[str, Value]]
Consumer: TypeAlias = Callable[[Value], "Eventual[Value]"]


_MOST_ALTERNATIVES = 4
"""Values that a name may have before nothing is known of it."""


def either(one: Value, other: Value) -> Value:
    """Return what is known of what is one of two values."""
    if one == other:
        return one
    every = [part for value in (one, other) for part in (value.values if isinstance(value, Either) else (value,))]
    numbers = {type(part.value) for part in every if isinstance(part, Fixed) and part.value is not None}
    if len(numbers) == 1:
        # Which number it is makes no difference, that it is one does.
        kind = Outside(f"builtins.{next(iter(numbers)).__name__}()")
        every = [kind if isinstance(part, Fixed) and part.value is not None else part for part in every]
    apart = tuple(part for at, part in enumerate(every) if part not in every[:at])
    plain = all(part is None or isinstance(part, str | Fixed | Outside) for part in apart)
    if len(apart) > _MOST_ALTERNATIVES or (plain and not all(isinstance(part, Outside) for part in apart)):
        return None
    return Either(apart) if len(apart) > 1 else apart[0]


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
    made it; `explicit`: a `raise` did; `missing` is the module that a ModuleNotFoundError is about, `asked` the module
    and its name that an ImportError or AttributeError is about, `hides` the module that was meant where a name of its
    package hides it. `value` is the object itself where it is of a class of ours, `made_by`.
    """

    kind: str | None = None
    text: str | None = None
    of_cycle: bool = False
    missing: str | None = None
    asked: tuple[str, str] | None = None
    hides: str | None = None
    made_by: "Value" = None
    value: "Value" = None
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
    """Code that runs: of a module (`is_body`), or of a class, function or comprehension in it.

    `uncertainty` is how uncertain it was to run; `left` and `broken` are how many `return`s and `break`s may have been
    met. `outer` is the code around a class body or comprehension, `cells` the names around a function, `own` those of
    the frame once functions in it may use them.
    """

    module: Module
    names: "dict[str, Value]"
    uncertainty: int
    is_body: bool = False
    line_number: int = 1
    code: FunctionCode | None = None
    body: Body | None = None
    first: "Value" = None
    cells: Cells | None = None
    own: Cells | None = None
    outer: "Frame | None" = None
    inline: bool = False
    handling: Failure | None = None
    left: int = 0
    returned: "Value | Absent" = ABSENT
    broken: int = 0
    consumer: "Consumer | None" = None


@dataclass(slots=True, eq=False)
class Habit:
    """What following the calls of a function has shown: how many of them made no difference to imports so far.

    `wild`: one imported or bound a name of a module; `asks` are the modules that they asked for; `handed`: one was
    given a function that imports modules, and did not call it. `gives` is what they gave, `sets` what they left their
    first argument's attributes, `stores` the names, with their modules, of what else they changed, and `names` those of
    the attributes that they set on classes which they were given.
    """

    calls: int = 0
    steps: int = 0
    wild: bool = False
    handed: bool = False
    asks: set[str] = field(default_factory=set)
    gives: "Shape | None" = None
    sets: "Shape | None" = None
    stores: "set[tuple[str, str]]" = field(default_factory=set)
    names: set[str] = field(default_factory=set)


class Shape(NamedTuple):
    """What all calls of a function gave: a value, the parameter at a place, or a new object with such attributes."""

    value: "Value" = None
    place: int | None = None
    made_by: "Class | str" = ""
    attributes: "tuple[tuple[str, Shape], ...]" = ()


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


class Left(Exception):  # noqa: N818  no error
    """A loop is left, or gone on with where `again`."""

    def __init__(self, *, again: bool) -> None:
        super().__init__()
        self.again = again


class Closed(Exception):  # noqa: N818  no error
    """A generator is asked for no more; `suspended`: it waits, and nothing of it is left."""

    def __init__(self, *, suspended: bool = False) -> None:
        super().__init__()
        self.suspended = suspended


class Exhausted(Exception):  # noqa: N818  no error of the simulated program
    """The budget of steps is used up."""
