"""The top-level statements of a module: what each binds, and every name that it reads, calls or imports.

Whose the names are is not asked here: `usage` knows that.
"""

import ast
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from cycles.source.conditions import SpecialNames, Truth, Version, truth_of
from cycles.source.import_statements import ImportNode
from cycles.source.source_file import SourceFile
from cycles.source.tree_nodes import Function, chain_of, children_of, dotted, first_line


class Reading(NamedTuple):
    """A name that is read, with the attributes read of it.

    `body` is the dotted name of the function whose body reads it, "" for what runs with the module; of a function
    in a function it is "outer.inner". `called`: whether the whole chain is called, or decorates something; `again`:
    whether what that gives is called, too.
    """

    name: str
    attributes: tuple[str, ...]
    line_number: int
    column: int
    body: str
    called: bool
    again: bool = False


class Imported(NamedTuple):
    """An import statement: in the body of which function ("" for none), whether only type checkers follow it."""

    node: ImportNode
    body: str
    typing: bool


@dataclass(frozen=True, slots=True)
class TopLevel:
    """A top-level statement.

    Attributes:
        node: where a decorator stands above it, its first line is that one's.
        names: those that it binds in the module other than by imports, sorted.
        readings: the names that it reads, in no order.
        imports: those in it, also in its functions.
        bases: what a class inherits from.
        metaclass: that of a class, where it is given.
        methods: by function, the attributes that it calls of locals and of values: perhaps methods of its own class.
        returned: by function, the names that it returns: perhaps functions in it.
        as_main: whether it runs in a script only.
    """

    node: ast.stmt
    line_number: int
    names: tuple[str, ...]
    readings: tuple[Reading, ...]
    imports: tuple[Imported, ...]
    bases: tuple[tuple[str, ...], ...]
    metaclass: tuple[str, ...]
    methods: dict[str, set[str]]
    returned: dict[str, set[str]]
    as_main: bool

    @property
    def end_line_number(self) -> int:
        """Its last line."""
        return self.node.end_lineno or self.node.lineno


class Statements:
    """The top-level statements of a module, in order."""

    def __init__(self, file: SourceFile, versions: tuple[Version, ...] | None = None, *, inside: bool = True) -> None:
        """Read them, functions too unless not `inside`; raises UnreadableError."""
        self.found: list[TopLevel] = []
        for node in file.tree.body:
            walk = _Walk(file.special_names, versions, inside)
            walk.over(node)
            self.found.append(
                TopLevel(
                    node=node,
                    line_number=first_line(node),
                    names=tuple(sorted(walk.names)),
                    readings=tuple(walk.readings),
                    imports=tuple(walk.imports),
                    bases=tuple(filter(None, map(_dotted, node.bases))) if isinstance(node, ast.ClassDef) else (),
                    metaclass=_metaclass(node),
                    methods=walk.methods,
                    returned=walk.returned,
                    as_main=isinstance(node, ast.If) and walk.truth(node) is Truth.AS_MAIN,
                )
            )
        self._starts = [found.line_number for found in self.found]

    def at(self, line_number: int) -> int:
        """The place of the statement that holds a line; of several the last."""
        return bisect_right(self._starts, line_number) - 1


class _Where(NamedTuple):
    """What is known of a node from above: the body that it runs with, the names of functions and classes around it."""

    body: str = ""
    path: str = ""
    in_function: bool = False
    typing: bool = False


@dataclass(slots=True)
class _Walk:
    special: SpecialNames
    versions: tuple[Version, ...] | None
    inside: bool
    names: set[str] = field(default_factory=set)
    readings: list[Reading] = field(default_factory=list)
    imports: list[Imported] = field(default_factory=list)
    methods: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    returned: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    waiting: list[tuple[ast.AST, _Where]] = field(default_factory=list)

    def over(self, top: ast.stmt) -> None:
        """Look at a statement; a list of open nodes stands for recursion."""
        self.waiting.append((top, _Where()))
        while self.waiting:
            node, where = self.waiting.pop()
            self.visit(node, where)

    def push(self, nodes: Iterable[ast.AST | None], where: _Where) -> None:
        self.waiting += ((node, where) for node in nodes if node is not None)

    def visit(self, node: ast.AST, where: _Where) -> None:  # noqa: C901, PLR0912  one case for each kind of node
        match node:
            case ast.Name(ctx=ast.Load()) | ast.Attribute():
                self.read(node, where, called=False)
            case ast.Name(id=name):
                self.bind(name, where)
            case ast.Call():
                self.call(node, where)
            case ast.Return(value=ast.Name(id=name)):
                self.returned[where.body].add(name)
                self.push([node.value], where)
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                self.function(node, where)
            case ast.Lambda():
                self.push([node.args], where)
                self.push([node.body], where if where.in_function else where._replace(body="<lambda>"))
            case ast.ClassDef():
                self.bind(node.name, where)
                self.decorators(node, where)
                self.push([*node.bases, *node.keywords], where)
                self.push(node.body, where._replace(path=_inner(where, node.name)))
            case ast.Import() | ast.ImportFrom():
                self.imports.append(Imported(node, where.body, where.typing))
            case ast.If():
                self.branch(node, where)
            case ast.comprehension(iter=found, ifs=tests):
                # Its variables are its own.
                self.push([found, *tests], where)
            case _:
                for name in ("name", "rest"):
                    if isinstance(bound := getattr(node, name, None), str):
                        self.bind(bound, where)
                self.push(children_of(node), where)

    def bind(self, name: str, where: _Where) -> None:
        if not where.path:
            self.names.add(name)

    def call(self, node: ast.Call, where: _Where, *, again: bool = False) -> None:
        self.push([*node.args, *node.keywords], where)
        function = node.func
        while isinstance(function, ast.Call):
            self.push([*function.args, *function.keywords], where)
            function, again = function.func, True
        self.read(function, where, called=True, again=again)

    def read(self, node: ast.expr, where: _Where, *, called: bool, again: bool = False) -> None:
        """Look at a name with its attributes, or at whatever else has attributes or is called."""
        base, attributes = chain_of(node) if isinstance(node, ast.Attribute) else (node, ())
        if isinstance(base, ast.Name) and isinstance(base.ctx, ast.Load):
            self.readings.append(Reading(base.id, attributes, base.lineno, base.col_offset, where.body, called, again))
        else:
            self.push([base], where)
        if called and attributes:
            self.methods[where.body].add(attributes[-1])

    def decorators(self, node: Function | ast.ClassDef, where: _Where) -> None:
        for decorator in node.decorator_list:
            if isinstance(decorator, ast.Name | ast.Attribute):
                self.read(decorator, where, called=True)
            elif isinstance(decorator, ast.Call):
                self.call(decorator, where, again=True)
            else:
                self.push([decorator], where)

    def function(self, node: Function, where: _Where) -> None:
        self.bind(node.name, where)
        self.decorators(node, where)
        self.push([node.args, node.returns], where)
        path = _inner(where, node.name)
        if self.inside:
            self.push(node.body, where._replace(body=path, path=path, in_function=True))

    def truth(self, node: ast.If) -> Truth:
        return truth_of(node.test, self.special, self.versions)

    def branch(self, node: ast.If, where: _Where) -> None:
        truth = self.truth(node)
        self.push([node.test], where)
        for body, never in ((node.body, Truth.NEVER), (node.orelse, Truth.ALWAYS)):
            self.push(body, where._replace(typing=where.typing or truth is never))


def _inner(where: _Where, name: str) -> str:
    return f"{where.path}.{name}" if where.path else name


def _metaclass(node: ast.stmt) -> tuple[str, ...]:
    keywords = node.keywords if isinstance(node, ast.ClassDef) else []
    return next((_dotted(keyword.value) for keyword in keywords if keyword.arg == "metaclass"), ())


def _dotted(node: ast.expr) -> tuple[str, ...]:
    """The parts of a dotted name, also where it has a subscript; none for anything else."""
    return dotted(node.value if isinstance(node, ast.Subscript) else node)
