"""The nodes of syntax trees, found in half the time that `ast.walk` takes."""

import ast
from collections.abc import Iterable, Iterator

Function = ast.FunctionDef | ast.AsyncFunctionDef
Comprehension = ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp
BLOCKS = ("body", "orelse", "finalbody", "handlers", "cases")
"""The fields that hold the statements in a statement."""
_PLAIN_FIELDS = ("arg", "attr", "conversion", "ctx", "id", "kind", "op", "ops")
_OF_TEXTS = (ast.Global, ast.Nonlocal)
FIELDS = {
    kind: tuple(name for name in kind._fields if name not in _PLAIN_FIELDS and not issubclass(kind, _OF_TEXTS))
    for kind in vars(ast).values()
    if isinstance(kind, type) and issubclass(kind, ast.AST)
}
"""The fields of each kind of node that may hold others; contexts and operators are none."""


def children_of(node: ast.AST) -> list[ast.AST]:
    """Return the nodes that a node holds, in order, but contexts and operators."""
    found: list[ast.AST] = []
    for name in FIELDS[type(node)]:
        value = getattr(node, name, None)
        if type(value) is list:
            found += [one for one in value if isinstance(one, ast.AST)]
        elif isinstance(value, ast.AST):
            found.append(value)
    return found


def nodes_in(*nodes: ast.AST) -> Iterator[ast.AST]:
    """Yield nodes and all that they hold, in no particular order, but contexts and operators.

    >>> sorted(type(node).__name__ for node in nodes_in(*ast.parse("a = b + 1").body))
    ['Assign', 'BinOp', 'Constant', 'Name', 'Name']
    """
    waiting = [*nodes]
    while waiting:
        node = waiting.pop()
        yield node
        waiting += children_of(node)


def statements_in(body: Iterable[ast.AST], *, functions: bool = True) -> Iterator[ast.AST]:
    r"""Yield statements and those in them, outer ones first, `except` and `case` too.

    Those in functions and classes are among them unless `functions` is false.

    >>> [type(node).__name__ for node in statements_in(ast.parse("def f():\n  if a: b").body)]
    ['FunctionDef', 'If', 'Expr']
    """
    waiting = [body]
    for block in waiting:
        for node in block:
            yield node
            # Most statements hold no others.
            holds = "body" in node._fields or "cases" in node._fields
            if holds and (functions or not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)):
                waiting += [getattr(node, name) for name in BLOCKS if name in node._fields]


def first_line(node: ast.stmt) -> int:
    """Return the line on which a statement begins, or its first decorator."""
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    return min([node.lineno, *(decorator.lineno for decorator in decorators)])


def arguments_of(arguments: ast.arguments) -> list[ast.arg]:
    """Return the arguments of a function, in the order in which Python evaluates their annotations."""
    found = [*arguments.posonlyargs, *arguments.args, arguments.vararg, *arguments.kwonlyargs, arguments.kwarg]
    return [argument for argument in found if argument is not None]


def annotations_of(node: Function) -> list[ast.expr]:
    """Return the annotations of a function's arguments, and of what it returns."""
    found = [*(argument.annotation for argument in arguments_of(node.args)), node.returns]
    return [annotation for annotation in found if annotation is not None]


def type_parameters_of(node: ast.stmt) -> dict[str, ast.AST]:
    """Return the type parameters of a function, class or alias by their names (PEP 695)."""
    found: list[ast.AST] = getattr(node, "type_params", [])
    return {getattr(parameter, "name", ""): parameter for parameter in found}


def dotted(node: ast.expr) -> tuple[str, ...]:
    """Return the parts of a dotted name, empty where the expression is none.

    >>> dotted(ast.parse("a.b.c", mode="eval").body)
    ('a', 'b', 'c')
    """
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return (node.id, *reversed(parts)) if isinstance(node, ast.Name) else ()


def dotted_name(node: ast.expr) -> str:
    """Return the dotted name that an expression is, "" where it is none."""
    return ".".join(dotted(node))


def chain_of(node: ast.Attribute) -> tuple[ast.expr, tuple[str, ...]]:
    """Return what a chain of attributes begins with, and the attributes that are read of it; one that is set is not."""
    names = [node.attr] if isinstance(node.ctx, ast.Load) else []
    base = node.value
    while isinstance(base, ast.Attribute):
        names.append(base.attr)
        base = base.value
    return base, tuple(reversed(names))
