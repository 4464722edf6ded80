"""What is followed: places that show that something runs, code that runs together, classes, and calls."""

import ast
from dataclasses import dataclass, field
from typing import NamedTuple

from cycles.enums import DoubtReason
from cycles.fixes.import_time.flow import Class, Function, Variable
from cycles.fixes.known_libraries import Role

Def = ast.FunctionDef | ast.AsyncFunctionDef
DEEPEST = 3
"""Attributes and calls that are followed from a name of a module that is not read."""
SHOWN = ("__str__", "__repr__", "__format__")
"""Special methods that make a text of an object."""


class Mark(NamedTuple):
    """Where it shows that something runs or is evaluated.

    Where `reason` is not None it is not sure: `by` is not known to leave it alone.
    """

    module: str
    line_number: int
    by: str = ""
    reason: DoubtReason | None = None


@dataclass(eq=False, slots=True)
class Unit:
    """Code that runs together: the body of a module or class, or of a function."""

    module: str
    path: str
    around: "Unit | None" = None
    function: Function | None = None
    owner: Class | None = None
    names: frozenset[str] = frozenset()
    offset: int = 0
    result: Variable = None
    """The variable that has what the function returns."""

    @property
    def decorating(self) -> str:
        """What is decorated, where this is the code of a decorator."""
        around: Unit | None = self
        while around is not None and around.function is None:
            around = around.around
        return around.function.decorating if around and around.function else ""

    def place(self, node: ast.AST) -> Mark:
        """Where a node of this code stands."""
        return Mark(self.module, getattr(node, "lineno", 1) + self.offset)

    def inner(self, name: str) -> str:
        """The path of a function or class that is defined here."""
        return f"{self.path}.{name}" if self.path else name


@dataclass(eq=False, slots=True)
class Made:
    """What is known of a class: what it binds and is derived from, and who waits to hear of that."""

    names: frozenset[str]
    metaclass: Variable
    annotated: tuple[str, ...] = ()
    parents: list[Class] = field(default_factory=list)
    asked: list[tuple[str, Variable]] = field(default_factory=list)
    fields: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Site:
    """A call: where it stands, where the result goes, and what is given."""

    place: Mark
    result: Variable = None
    given: tuple[Variable, ...] = ()
    named: tuple[tuple[str, Variable], ...] = ()
    spread: tuple[Variable, ...] = ()
    role: Role = Role.CALL
    text: str = ""

    @property
    def all_given(self) -> tuple[Variable, ...]:
        """All arguments, however they are given."""
        return (*self.given, *(variable for _, variable in self.named), *self.spread)


def last_part(node: ast.expr) -> str:
    """The last part of a dotted name, or of the name that is called; "" for anything else."""
    if isinstance(node, ast.Call):
        node = node.func
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
