"""What a module's text comes to: the instructions that matter to its import, as frozen values.

An operand is what is known of a value: a `Path` to look up, a text, a `Fixed` value, the `Names` in a literal
collection, a `Joined` of several, `Registered` in `sys.modules`, the `RESULT` of the call or import before, or None.
"""

from typing import NamedTuple, TypeAlias


class Path(NamedTuple):
    """A name, and attributes of it; without a name, attributes of the last result. Each has its line number."""

    root: str
    attributes: tuple[str, ...] = ()
    line_numbers: tuple[int, ...] = ()

    @property
    def last(self) -> str:
        """The name that comes last."""
        return self.attributes[-1] if self.attributes else self.root


class Names(NamedTuple):
    """The strings of a literal collection, in order."""

    names: tuple[str, ...]


class Fixed(NamedTuple):
    """None, True, False or a number."""

    value: float | None


class Joined(NamedTuple):
    """Collections added to one another."""

    operands: tuple["Operand", ...]


class Registered(NamedTuple):
    """`sys.modules[name]`."""

    name: "Operand"


Literal: TypeAlias = str | Names | Fixed | None
Operand: TypeAlias = Path | Literal | Joined | Registered
RESULT = Path("")
"""What the last call or import gave."""


class Body(NamedTuple):
    """A function that can be followed: where its text is, to be read when it is called."""

    module: str
    name: str
    first_line: int
    last_line: int


class Bind(NamedTuple):
    """Names bound in their order."""

    items: tuple[tuple[str, "Body | Operand"], ...]


class Extend(NamedTuple):
    """`name += operand`, `name.extend(operand)`."""

    name: str
    operand: Operand


class Delete(NamedTuple):
    """A name unbound."""

    name: str


class SetAttribute(NamedTuple):
    """`owner.name = operand`."""

    owner: Operand
    name: str
    operand: Operand


class Register(NamedTuple):
    """`sys.modules[name]` set or deleted, from then on anything."""

    name: Operand


class GiveUnknownNames(NamedTuple):
    """The module changes its own names in ways that cannot be read."""


class Use(NamedTuple):
    """A path looked up."""

    path: Path


class Call(NamedTuple):
    """A path called; `keywords` are the operands of keyword arguments; "" stands for `*` and `**`."""

    line_number: int
    path: Path
    arguments: tuple[Operand, ...]
    keywords: tuple[tuple[str, Operand], ...] = ()


class MakeClass(NamedTuple):
    """A class body run, and its class bound; `plain`: no decorator or metaclass that could replace it."""

    name: str
    code: "Code"
    bases: tuple[Operand, ...]
    plain: bool


class Import(NamedTuple):
    """`import name` or `import name as alias`."""

    line_number: int
    name: str
    alias: str | None


class ImportFrom(NamedTuple):
    """`from module import name as alias, …`; `module` is None where it would lie beyond the top-level package."""

    line_number: int
    module: str | None
    names: tuple[tuple[str, str], ...]


class ImportCall(NamedTuple):
    """`import_module(name, package)` or, with `top`, `__import__(name)`; `function` is what is called.

    Where the name is not known, modules may be imported from here on that nobody can name.
    """

    line_number: int
    function: Path
    name: Operand
    package: Operand
    top: bool


class Test(NamedTuple):
    """`operand in values`, `operand is None` or, for `Fixed(True)`, `operand`; the contrary where not `equal`."""

    operand: Operand
    values: Operand
    equal: bool


class Branch(NamedTuple):
    """One of two codes is run; without a test, or where its operands are not known, nobody knows which."""

    test: Test | None
    code: "Code"
    otherwise: "Code" = ()


class Handler(NamedTuple):
    """An `except` clause: the paths of what it catches, None for all."""

    catches: tuple[Path | None, ...] | None
    name: str | None
    code: "Code"


class Try(NamedTuple):
    """A `try` with its handlers, `else` and `finally`."""

    code: "Code"
    handlers: tuple[Handler, ...]
    otherwise: "Code" = ()
    final: "Code" = ()


class Raise(NamedTuple):
    """An exception raised: by the path of its class, with a message; without a path, the one being handled."""

    line_number: int
    path: Path | None
    text: Operand


class Return(NamedTuple):
    """A function left with a value."""

    operand: Operand


Instruction: TypeAlias = (
    Bind
    | Branch
    | Call
    | Delete
    | Extend
    | GiveUnknownNames
    | Import
    | ImportCall
    | ImportFrom
    | MakeClass
    | Raise
    | Register
    | Return
    | SetAttribute
    | Try
    | Use
)
Code: TypeAlias = tuple[Instruction, ...]
