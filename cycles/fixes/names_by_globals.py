"""Which names a module may get from code that is handed all of its names, as by `globals()`."""

import ast
from collections.abc import Callable, Iterator

from cycles.source.tree_nodes import Function, children_of, nodes_in

_OWN = frozenset(["globals", "locals", "vars"])
_LOOKING = frozenset(
    ["__import__", "all", "any", "dict", "enumerate", "frozenset", "id", "iter", "len", "list", "print", "repr", "set"]
) | {"sorted", "tuple"}
"""Builtins that only look at a dict that they are given."""
_READING = frozenset(["copy", "get", "items", "keys", "values"])
"""Its methods that leave it as it is."""
Find = Callable[[str, str, int | None], tuple[str, Function] | None]
"""Finds the function that a name of a module stands for, at a line of its body if given, and the module defining it."""


def names_bound(tree: ast.Module, module: str, find: Find) -> frozenset[str] | None:
    """Return the names that a module may get in ways that no statement of it spells out; None for any name."""
    if any(map(_may_do_anything, nodes_in(tree))):
        return None
    found: set[str] = set()
    seen: set[tuple[str, str, str]] = set()
    waiting: list[tuple[str, ast.AST, str]] = [(module, tree, "")]
    # What runs in order may use a name that is deleted further down.
    calls = [node.value for node in tree.body if isinstance(node, ast.Expr | ast.Assign)]
    while waiting:
        module, root, parameter = waiting.pop()
        for parent, node in _namespaces(root, parameter):
            if isinstance(parent, ast.Subscript) and isinstance(parent.slice, ast.Constant):
                if not isinstance(parent.ctx, ast.Load):
                    found.add(str(parent.slice.value))
            elif not _only_looks(parent, node):
                at = parent.lineno if isinstance(parent, ast.Call) and parent in calls else None
                after = _function_given(parent, node, find, (module, at))
                if after is None:
                    return None
                home, function, name = after
                if (home, function.name, name) not in seen:
                    seen.add((home, function.name, name))
                    waiting.append((home, function, name))
    return frozenset(found)


def _may_do_anything(node: ast.AST) -> bool:
    """Whether a node executes a text, or gets the module itself as an object."""
    match node:
        case ast.Call(func=ast.Name(id=("eval" | "exec"))) | ast.Subscript(slice=ast.Name(id="__name__")):
            return True
    return False


def _namespaces(root: ast.AST, parameter: str) -> Iterator[tuple[ast.AST, ast.AST]]:
    """Yield each expression that stands for all names, with what it is a part of.

    In a function that is given them these are its parameter; in a module, calls.
    """
    for parent in nodes_in(root):
        for node in children_of(parent):
            match node:
                case ast.Name(id=name) | ast.arg(arg=name) if parameter and name == parameter:
                    if not (isinstance(node, ast.arg) and parent is getattr(root, "args", None)):
                        yield parent, node
                case ast.Call(func=ast.Name(id=name), args=[]) if not parameter and name in _OWN:
                    yield parent, node


def _only_looks(parent: ast.AST, node: ast.AST) -> bool:
    """Whether nothing is done to a dict but to read it."""
    match parent:
        case ast.Subscript(ctx=ast.Load()) | ast.Compare() | ast.comprehension() | ast.Starred() | ast.Dict():
            return True
        case ast.For(iter=over):
            return over is node
        case ast.Attribute(attr=name):
            return name in _READING
        case ast.Call(func=ast.Name(id=name)) if name in _LOOKING:
            return True
        case ast.keyword(arg=None) | ast.BinOp(op=ast.Mod()):
            return True
    return False


def _function_given(
    parent: ast.AST, node: ast.AST, find: Find, where: tuple[str, int | None]
) -> tuple[str, Function, str] | None:
    """The function that is given a dict, its module, and its name there; None where that is not certain."""
    if not isinstance(parent, ast.Call) or not isinstance(parent.func, ast.Name) or node not in parent.args:
        return None
    place = parent.args.index(node)
    called = find(where[0], parent.func.id, where[1])
    if called is None or any(isinstance(one, ast.Starred) for one in parent.args[:place]):
        return None
    home, function = called
    arguments = [*function.args.posonlyargs, *function.args.args]
    if function.decorator_list or place >= len(arguments):
        return None
    return home, function, arguments[place].arg
