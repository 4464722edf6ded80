"""Move the PEP 810 `lazy` imports of a module to where they take effect."""

import ast
from collections.abc import Iterator
from copy import copy

from cycles.source.import_statements import ImportNode, bound_name
from cycles.source.tree_nodes import Function, children_of


def placed(tree: ast.Module, lines: frozenset[int]) -> ast.Module:
    """Move each lazy import to the first statement of the module that uses a name of it while the module runs.

    Where there is none, its names are bound to anything.
    """
    body: list[ast.stmt] = []
    waiting: dict[str, ImportNode] = {}
    for statement in tree.body:
        if isinstance(statement, ImportNode) and statement.lineno in lines:
            for alias in statement.names:
                name = bound_name(statement, alias)
                waiting[name] = alone = copy(statement)
                alone.names = [alias]
                body.append(ast.Assign([ast.Name(name, ast.Store())], ast.Constant(...), lineno=statement.lineno))
            continue
        for name in sorted(waiting.keys() & _used(statement)):
            moved = waiting.pop(name)
            moved.lineno = statement.lineno
            body.append(moved)
        body.append(statement)
    return ast.Module(body, [])


def _used(statement: ast.stmt) -> Iterator[str]:
    """The names that a statement loads, but for the bodies of functions."""
    waiting: list[ast.AST] = [statement]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            yield node.id
        elif isinstance(node, Function):
            waiting.extend([*node.decorator_list, *node.args.defaults, *filter(None, node.args.kw_defaults)])
        elif isinstance(node, ast.Lambda):
            waiting.extend([*node.args.defaults, *filter(None, node.args.kw_defaults)])
        else:
            waiting.extend(children_of(node))
