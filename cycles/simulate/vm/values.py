"""What the simulated interpreter works with: modules as they fill, functions, classes, and exceptions under way."""

from dataclasses import dataclass, field
from typing import TypeAlias

from cycles.model import ImportLink
from cycles.simulate.compile.instructions import Body, Fixed, Names, Text

RUNNING, SNAPSHOT, DOUBT = "", "*", "?"
"""Marks of a module that no submodule's name can be mistaken for."""


def _store() -> "Store":
    return Store()


@dataclass(slots=True, eq=False)
class Module:
    """A module object; modules that are made later have higher serials.

    `marks` has RUNNING while its body runs, the name of each submodule that is being imported now, DOUBT where it was
    doubtful to be made, and under SNAPSHOT what it came to where that has not changed since; `former` is what a former
    run came to. `live`: something of the world as it is may know it.
    """

    name: str
    path: str
    is_package: bool
    is_namespace: bool
    serial: int
    doubt: int
    names: "dict[str, Value]" = field(default_factory=dict)
    marks: "dict[str, int | Outcome]" = field(default_factory=dict)
    live: bool = True
    former: "Outcome | None" = None
    store: "Store" = field(default_factory=_store)

    @property
    def running(self) -> bool:
        """Whether its body runs."""
        return RUNNING in self.marks


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """What a module came to: the doubt it was made in, a copy of its names, and whether it is in `sys.modules`."""

    module: Module
    doubt: int
    names: "dict[str, Value]"
    stays: bool


@dataclass(slots=True, eq=False)
class Function:
    """A function of a module; `bound`: called with its first argument filled in."""

    body: Body
    home: Module
    bound: bool = False
    load: int = 0


@dataclass(slots=True, eq=False)
class Class:
    """A class with its own names and what is known of its bases."""

    names: "dict[str, Value]"
    bases: "tuple[Value, ...]"
    load: int = 0


@dataclass(slots=True, eq=False)
class Instance:
    """What calling a class gives."""

    made_by: Class


@dataclass(slots=True, eq=False)
class Store:
    """What former runs of a module's body made: the next run takes the same objects where it makes the same.

    So what other imports have found does not change its identity. One run never takes an object twice: its number is
    the object's `load`. Classes go by the `id` of their instruction, which lasts as long as its module's code.
    """

    functions: dict[Body, Function] = field(default_factory=dict)
    classes: dict[int, list[Class]] = field(default_factory=dict)
    instances: dict[Class, list[Instance]] = field(default_factory=dict)

    def function(self, body: Body, home: Module, load: int) -> Function:
        """A function defined in a run."""
        found = self.functions.get(body)
        if found is None or found.load == load or found.home is not home:
            found = self.functions[body] = Function(body, home)
        found.load = load
        return found

    def made_class(self, instruction: int, names: "dict[str, Value]", bases: "tuple[Value, ...]", load: int) -> Class:
        """A class made in a run."""
        variants = self.classes.setdefault(instruction, [])
        for found in variants:
            if found.load != load and found.bases == bases and found.names == names:
                found.load = load
                return found
        made = Class(names, bases, load)
        variants.append(made)
        del variants[:-_MOST_VARIANTS]
        return made

    def instance(self, owner: Class, number: int) -> Instance:
        """What a class gives when it is called for the nth time in a run."""
        found = self.instances.setdefault(owner, [])
        while len(found) <= number:
            found.append(Instance(owner))
        return found[number]


_MOST_VARIANTS = 16
"""Classes of one instruction that are remembered: most of them always come to the same."""

Value: TypeAlias = Module | Function | Class | Instance | Text | Names | Fixed | None
"""None is a value of which nothing is known."""

SOMETHING = Instance(Class({}, ()))
"""A value of which no more is known than that there is one."""

STANDARD = Instance(Class({}, ()))
"""A part of the standard library, or what it gives: it imports nothing of the roots."""


class Raised(Exception):  # noqa: N818  no error of this program
    """An exception of the simulated program.

    `kind` is the name of its built-in class, None where it has another; `of_cycle`: an import cycle
    made it; `explicit`: a `raise` did; `missing` is the module that a ModuleNotFoundError is about.
    """

    def __init__(  # noqa: PLR0913
        self,
        kind: str | None,
        text: str | None,
        *,
        of_cycle: bool = False,
        missing: str | None = None,
        made_by: Class | None = None,
        shown: str = "",
        explicit: bool = False,
    ) -> None:
        super().__init__(kind, text)
        self.kind = kind
        self.text = text
        self.of_cycle = of_cycle
        self.missing = missing
        self.explicit = explicit
        self.made_by = made_by
        self.shown = shown or kind or ""
        self.path: str | None = None
        self.line_number: int | None = None
        self.chain: tuple[ImportLink, ...] = ()

    def bare(self) -> "Raised":
        """The same error without where it was raised: no frame of this program hangs on it."""
        bare = Raised(
            self.kind,
            self.text,
            of_cycle=self.of_cycle,
            missing=self.missing,
            made_by=self.made_by,
            shown=self.shown,
            explicit=self.explicit,
        )
        bare.path, bare.line_number = self.path, self.line_number
        return bare

    @property
    def line(self) -> str | None:
        """The line that Python prints last; None where the message is not known."""
        if not self.shown or self.text is None:
            return None
        return f"{self.shown}: {self.text}" if self.text else self.shown


class Returned(Exception):  # noqa: N818  no error
    """A function is left."""

    def __init__(self, value: Value) -> None:
        super().__init__()
        self.value = value


class Exhausted(Exception):  # noqa: N818  no error of the simulated program
    """The budget of steps is used up."""
