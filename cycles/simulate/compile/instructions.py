"""What a module's text comes to: the instructions and expressions that matter to its import, as frozen values.

Expressions are trees; the target of an assignment is an expression too: a `Path`, an `Attribute`, a `Subscript`, or a
`Collection` of targets.
"""

from dataclasses import dataclass
from typing import NamedTuple, TypeAlias


@dataclass(frozen=True, slots=True)
class Fixed:
    """None, True, False or a number."""

    value: float | None


@dataclass(frozen=True, slots=True)
class Outside:
    """Something that is not analysed, by its dotted name: of the standard library, built in, or of another library.

    What calling it gives has the name with `()` after it, and so on.
    """

    name: str


class Path(NamedTuple):
    """A name, and attributes of it, each with its line number."""

    root: str
    attributes: tuple[str, ...] = ()
    line_numbers: tuple[int, ...] = ()

    @property
    def last(self) -> str:
        """The name that comes last."""
        return self.attributes[-1] if self.attributes else self.root


class Attribute(NamedTuple):
    """An attribute of what an expression gives."""

    value: "Expression"
    name: str
    line_number: int


class Subscript(NamedTuple):
    """`value[index]`."""

    line_number: int
    value: "Expression"
    key: "Expression"


class Call(NamedTuple):
    """A call; "" stands for `**` among the keywords; `decorates`: it is written as a decorator."""

    line_number: int
    function: "Expression"
    arguments: tuple["Expression", ...] = ()
    keywords: tuple[tuple[str, "Expression"], ...] = ()
    decorates: bool = False


class Collection(NamedTuple):
    """A display of a list, tuple or set."""

    kind: str
    items: tuple["Expression", ...]


class Table(NamedTuple):
    """A display of a dict; None stands for `**`."""

    keys: tuple["Expression | None", ...]
    values: tuple["Expression", ...]


class Starred(NamedTuple):
    """`*value`."""

    value: "Expression"


class Operation(NamedTuple):
    """An operator, by the name of its method without underscores, and its operands: one or two."""

    line_number: int
    name: str
    operands: tuple["Expression", ...]


class Compare(NamedTuple):
    """A chain of comparisons: `lt`, `eq`, `is`, `in` and so on; `not_` before those that are the contrary."""

    line_number: int
    left: "Expression"
    names: tuple[str, ...]
    others: tuple["Expression", ...]


class Shortcut(NamedTuple):
    """`and`, or `or` where `either`."""

    either: bool
    values: tuple["Expression", ...]


class Choice(NamedTuple):
    """`body if test else otherwise`."""

    test: "Expression"
    body: "Expression"
    otherwise: "Expression"


class Named(NamedTuple):
    """`name := value`."""

    name: str
    value: "Expression"


class Comprehension(NamedTuple):
    """A comprehension or generator expression: `loops` are targets with iterables and conditions."""

    kind: str
    loops: tuple[tuple["Expression", "Expression", tuple["Expression", ...]], ...]
    results: tuple["Expression", ...]


class Text(NamedTuple):
    """An f-string: its parts in turn."""

    line_number: int
    parts: tuple["Expression", ...]


class Yield(NamedTuple):
    """`yield value`, or `yield from value`."""

    value: "Expression"
    each: bool


class Await(NamedTuple):
    """`await value`."""

    value: "Expression"


class Body(NamedTuple):
    """A function that can be followed: where its text is, to be read when it is called; `column` of a lambda."""

    module: str
    name: str
    first_line: int
    last_line: int
    column: int = -1


class MakeFunction(NamedTuple):
    """A function, and what its defaults are where they are no literals."""

    body: Body
    defaults: tuple[tuple[str, "Expression"], ...] = ()


class MakeClass(NamedTuple):
    """A class body run, and a class made of it; `shared` are the names that it binds in its module by `global`."""

    line_number: int
    last_line: int
    name: str
    code: "Code"
    bases: tuple["Expression", ...]
    keywords: tuple[tuple[str, "Expression"], ...]
    shared: tuple[str, ...] = ()


Expression: TypeAlias = (
    str
    | Attribute
    | Await
    | Call
    | Choice
    | Collection
    | Compare
    | Comprehension
    | Fixed
    | MakeClass
    | MakeFunction
    | Named
    | Operation
    | Outside
    | Path
    | Shortcut
    | Starred
    | Subscript
    | Table
    | Text
    | Yield
)
NONE = Fixed(None)
LINES_OF_TEXT = 1 << 24
"""More lines than a file has: those of a text that is run as code begin at a multiple of it."""
FIRST = Outside("first()")
REGISTERING = Outside("cycles.registering")
"""Gives the first of its arguments, after all are evaluated: no name of Python's."""
SOMETHING = Outside("builtins.something")
"""A value of which no more is known than that it is plain data."""


class FunctionCode(NamedTuple):
    """A function's parameters and instructions.

    `names` are all parameters in their order, of which `positions` take positions, the first ones of these `only` them;
    `rest` and `keywords` are those with `*` and `**`. `shared` are the names that it takes from its module by `global`,
    `outer` by `nonlocal`.
    """

    names: tuple[str, ...]
    positions: int
    rest: str | None
    keywords: str | None
    literals: tuple[tuple[str, "str | Fixed | Outside"], ...]
    code: "Code"
    shared: frozenset[str] = frozenset()
    outer: frozenset[str] = frozenset()
    yields: bool = False
    waits: bool = False
    only: int = 0


class Bind(NamedTuple):
    """Names bound in their order, to literals or functions."""

    items: tuple[tuple[str, "str | Fixed | Outside | Body"], ...]


class Assign(NamedTuple):
    """A value bound to targets."""

    targets: tuple[Expression, ...]
    value: Expression


class Augment(NamedTuple):
    """`target += value`, with the name of the operator's method."""

    line_number: int
    target: Expression
    name: str
    value: Expression


class Annotate(NamedTuple):
    """A name of a class annotated: a field of it, if it turns out to be a dataclass or the like."""

    name: str


class Delete(NamedTuple):
    """A name, attribute or item deleted."""

    target: Expression


class Evaluate(NamedTuple):
    """An expression evaluated for what it does."""

    value: Expression


class Assert(NamedTuple):
    """An expression that is to be true."""

    line_number: int
    value: Expression


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


class Branch(NamedTuple):
    """One of two codes is run; without a test nobody knows which."""

    test: Expression | None
    code: "Code"
    otherwise: "Code" = ()


class For(NamedTuple):
    """A loop over an iterable."""

    line_number: int
    target: Expression
    iterable: Expression
    code: "Code"
    otherwise: "Code" = ()


class While(NamedTuple):
    """A loop as long as a test holds; None: always."""

    test: Expression | None
    code: "Code"
    otherwise: "Code" = ()


class Leave(NamedTuple):
    """`break`, or `continue` where `again`."""

    again: bool


class Handler(NamedTuple):
    """An `except` clause: what it catches, None for all."""

    catches: tuple[Path | None, ...] | None
    name: str | None
    code: "Code"


class Try(NamedTuple):
    """A `try` with its handlers, `else` and `finally`."""

    code: "Code"
    handlers: tuple[Handler, ...]
    otherwise: "Code" = ()
    final: "Code" = ()


class With(NamedTuple):
    """A `with` of one item, or one of several that stand in one another."""

    line_number: int
    manager: Expression
    target: Expression | None
    code: "Code"


class Pattern(NamedTuple):
    """A pattern of a `case`: "value", "class", "sequence", "mapping", "or", "star", or "as"; what it compares or names.

    `names` are attributes of a class, for the last of its `parts`.
    """

    kind: str
    values: tuple[Expression, ...] = ()
    parts: tuple["Pattern", ...] = ()
    names: tuple[str, ...] = ()
    name: str | None = None


class Match(NamedTuple):
    """A `match`: patterns, each with its guard and code."""

    subject: Expression
    cases: tuple[tuple[Pattern, Expression | None, "Code"], ...]


class Raise(NamedTuple):
    """An exception raised; None: the one being handled."""

    line_number: int
    value: Expression | None


class Return(NamedTuple):
    """A function left with a value."""

    value: Expression


Instruction: TypeAlias = (
    Annotate
    | Assign
    | Augment
    | Bind
    | Branch
    | Delete
    | Assert
    | Evaluate
    | For
    | Import
    | ImportFrom
    | Leave
    | Match
    | Raise
    | Return
    | Try
    | While
    | With
)
Code: TypeAlias = tuple[Instruction, ...]
