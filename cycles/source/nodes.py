"""The nodes of syntax trees, found in half the time that `ast.walk` takes."""

import ast
from collections.abc import Iterable, Iterator

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
