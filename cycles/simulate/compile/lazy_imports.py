"""Move the PEP 810 `lazy` imports of a module to where they take effect."""

import ast
from collections.abc import Iterator


def placed(tree: ast.Module, lines: frozenset[int]) -> ast.Module:
    """Move each lazy import to the first statement of the module that uses a name of it while the module runs.

    Where there is none, its names are bound to anything.
    """
    body: list[ast.stmt] = []
    waiting: dict[str, ast.Import | ast.ImportFrom] = {}
    for statement in tree.body:
        if isinstance(statement, ast.Import | ast.ImportFrom) and statement.lineno in lines:
            for alias in statement.names:
                name = alias.asname or alias.name.partition(".")[0]
                waiting[name] = _only(statement, alias)
                body.append(ast.Assign([ast.Name(name, ast.Store())], ast.Constant(...), lineno=statement.lineno))
            continue
        for name in sorted(set(_used(statement)) & waiting.keys()):
            moved = waiting.pop(name)
            moved.lineno = statement.lineno
            body.append(moved)
        body.append(statement)
    return ast.Module(body, [])


def _only(statement: ast.Import | ast.ImportFrom, alias: ast.alias) -> ast.Import | ast.ImportFrom:
    """The part of an import that is about one name."""
    if isinstance(statement, ast.Import):
        return ast.Import([alias], lineno=statement.lineno)
    return ast.ImportFrom(statement.module, [alias], statement.level, lineno=statement.lineno)


def _used(statement: ast.stmt) -> Iterator[str]:
    """The names that a statement loads, but for the bodies of functions."""
    waiting: list[ast.AST] = [statement]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            yield node.id
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            waiting.extend([*node.decorator_list, *node.args.defaults, *filter(None, node.args.kw_defaults)])
        elif isinstance(node, ast.Lambda):
            waiting.extend([*node.args.defaults, *filter(None, node.args.kw_defaults)])
        else:
            waiting.extend(ast.iter_child_nodes(node))
