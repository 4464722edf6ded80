"""What the simulated interpreter works with: modules as they fill, functions, classes, and exceptions under way."""

from dataclasses import dataclass, field
from typing import TypeAlias

from cycles.entries.instructions import Body, Fixed, Names, Text
from cycles.model import Link


@dataclass(slots=True, eq=False)
class Module:
    """A module object. `running`: its body runs. `loading`: its submodules that are being imported now."""

    name: str
    path: str
    is_package: bool
    is_namespace: bool
    serial: int
    doubt: int
    names: "dict[str, Value]" = field(default_factory=dict)
    running: bool = False
    loading: list[str] = field(default_factory=list)


@dataclass(slots=True, eq=False)
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


@dataclass(slots=True, eq=False)
class Instance:
    """What calling a class gives."""

    made_by: Class


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
        self.chain: tuple[Link, ...] = ()

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
