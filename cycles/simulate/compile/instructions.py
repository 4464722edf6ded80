"""What a module's text comes to: the instructions that matter to its import, as frozen values.

An operand is what is known of a value: a `Path` to look up, a `Text`, a `Fixed` value, the `Names` in a literal
collection, a `Joined` of several, `Registered` in `sys.modules`, the `RESULT` of the call or import before, or None.
"""

from typing import NamedTuple, TypeAlias


class Path(NamedTuple):
    """A name, and attributes of it; without a name, attributes of the last result. Each has its line number."""

    root: str
    attributes: tuple[str, ...] = ()
    line_numbers: tuple[int, ...] = ()


class Text(NamedTuple):
    """A string."""

    text: str


class Names(NamedTuple):
    """The strings of a literal collection, in order; `literal`: it holds nothing else."""

    names: tuple[str, ...]


class Fixed(NamedTuple):
    """None, True, False or a number."""

    value: complex | None


class Joined(NamedTuple):
    """Collections added to one another."""

    operands: tuple["Operand", ...]


class Registered(NamedTuple):
    """`sys.modules[name]`."""

    name: "Operand"


Literal: TypeAlias = Text | Names | Fixed | None
Operand: TypeAlias = Path | Text | Names | Fixed | Joined | Registered | None
RESULT = Path("")
"""What the last call or import gave."""


class Body(NamedTuple):
    """A function that can be followed: where its text stands, to be read when it is called."""

    module: str
    name: str
    first_line: int
    last_line: int


class Assign(NamedTuple):
    """A name bound to a value of which something is known."""

    name: str
    operand: Operand


class Extend(NamedTuple):
    """`name += operand`, `name.extend(operand)`."""

    name: str
    operand: Operand


class Define(NamedTuple):
    """Names bound in their order, each to a function, a literal or anything."""

    items: tuple[tuple[str, "Body | Literal"], ...]


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
    """`import_module(name, package)` or, with `top`, `__import__(name)`; `function` is what is called."""

    line_number: int
    function: Path
    name: Operand
    package: Operand
    top: bool


class Use(NamedTuple):
    """A path looked up."""

    path: Path


class Call(NamedTuple):
    """A path called; `keywords` are the operands of keyword arguments; "" stands for `*` and `**`."""

    line_number: int
    path: Path
    arguments: tuple[Operand, ...]
    keywords: tuple[tuple[str, Operand], ...]


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


class Open(NamedTuple):
    """The module changes its own names in ways that cannot be read."""


class Blur(NamedTuple):
    """From here on modules may be imported that cannot be named."""

    line_number: int


class Maybe(NamedTuple):
    """Code that may run or not; if not, the other code does."""

    code: "Code"
    otherwise: "Code" = ()


class Choose(NamedTuple):
    """`if operand in values`, `if operand is None` or, for `Fixed(True)`, `if operand`: decided when it runs."""

    operand: Operand
    values: Operand
    equal: bool
    body: "Code"
    otherwise: "Code"


class Handler(NamedTuple):
    """An `except` clause: the paths of what it catches, None for all."""

    catches: tuple[Path | None, ...] | None
    name: str | None
    code: "Code"


class Try(NamedTuple):
    """A `try` with its handlers, `else` and `finally`."""

    body: "Code"
    handlers: tuple[Handler, ...]
    otherwise: "Code"
    final: "Code"


class Raise(NamedTuple):
    """An exception raised: by the path of its class, with a message; without a path, the one being handled."""

    line_number: int
    path: Path | None
    text: "Operand"


class Globals(NamedTuple):
    """Names of a function that are its module's."""

    names: tuple[str, ...]


class Return(NamedTuple):
    """A function left with a value."""

    operand: Operand


Instruction: TypeAlias = (
    Assign
    | Blur
    | Call
    | Choose
    | Define
    | Delete
    | Extend
    | Globals
    | Import
    | ImportCall
    | ImportFrom
    | MakeClass
    | Maybe
    | Open
    | Raise
    | Register
    | Return
    | SetAttribute
    | Try
    | Use
)
Code: TypeAlias = tuple[Instruction, ...]
