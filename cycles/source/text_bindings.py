"""What the text of a module says of its names: what imports bind them to, and which lines bind or change them."""

import ast
import os
from collections.abc import Iterator, Mapping, Sequence
from enum import Enum, auto
from functools import lru_cache
from typing import NamedTuple

from cycles.source.file_text import UnreadableError, parse_with_lazy, read_text
from cycles.source.module_names import absolute_name, package_of

_DYNAMIC = {"globals", "vars", "setattr", "exec", "eval", "locals"}
_MODULES = ("sys", "modules")
"""Names whose use may give a module names that its text does not show."""
_CHANGING = {"add", "append", "clear", "extend", "insert", "pop", "register", "setdefault", "update"}
"""Methods that change a container, whatever it is called."""
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
_INNER = (ast.ClassDef, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_NAMED = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.ExceptHandler, ast.MatchAs, ast.MatchStar)
_MOST_TEXTS = 200
"""Files whose syntax trees are kept: the failures of a package mostly share theirs."""


class _Scope(Enum):
    """Where a node stands: in the module's own scope, in an inner one that runs with it, or in a function."""

    MODULE = auto()
    INNER = auto()
    FUNCTION = auto()


class ModuleText(NamedTuple):
    """What a file says: its statements, what its imports bind, and what changes each name (0: a function, at any time).

    What an import binds stands with its line. `anything` is where names may be bound that the text does not show.
    """

    tree: ast.Module
    taken: Mapping[str, Sequence[tuple[int, str, str | None]]]
    changes: Mapping[str, Sequence[int]]
    anything: Sequence[int]


def forget_texts() -> None:
    """Give up the files that were read: they may change."""
    text_of.cache_clear()


@lru_cache(maxsize=_MOST_TEXTS)
def text_of(path: str, module: str) -> ModuleText | None:
    """Read a file; None where there is none, or no Python in it."""
    try:
        tree = parse_with_lazy(read_text(path))[0]
    except UnreadableError:
        return None
    return names_in_text(tree, module, is_package=os.path.basename(path) == "__init__.py")


def names_in_text(tree: ast.Module, module: str, *, is_package: bool) -> ModuleText:
    """Return what the text of a module says of its names."""
    package = package_of(module, is_package=is_package)
    taken: dict[str, list[tuple[int, str, str | None]]] = {}
    changes: dict[str, list[int]] = {}
    anything = []
    waiting: list[tuple[ast.AST, _Scope]] = [(tree, _Scope.MODULE)]
    while waiting:
        node, scope = waiting.pop()
        line = 0 if scope is _Scope.FUNCTION else getattr(node, "lineno", 0)
        for name, source in _imported(node, package):
            taken.setdefault(name, []).append((getattr(node, "lineno", 0), *source))
        for name in (*_bound(node, scope, package), *_changed(node, scope), *_submodules(node, module, package)):
            changes.setdefault(name, []).append(line)
        if _may_bind_anything(node):
            anything.append(line)
        if isinstance(node, FUNCTIONS):
            scope = _Scope.FUNCTION
        elif scope is _Scope.MODULE and isinstance(node, _INNER):
            scope = _Scope.INNER
        waiting += [(child, scope) for child in ast.iter_child_nodes(node)]
    return ModuleText(tree, taken, changes, anything)


def _imported(node: ast.AST, package: str) -> Iterator[tuple[str, tuple[str, str | None]]]:
    """Yield each name that an import binds, with the module, and the name that is taken from it if one is."""
    if isinstance(node, ast.Import):
        for alias in node.names:
            name = alias.asname or alias.name.partition(".")[0]
            yield name, (alias.name if alias.asname else name, None)
    elif isinstance(node, ast.ImportFrom):
        source = absolute_name("." * node.level + (node.module or ""), package)
        if source:
            yield from ((alias.asname or alias.name, (source, alias.name)) for alias in node.names)


def _bound(node: ast.AST, scope: _Scope, package: str) -> Iterator[str]:
    """Yield the names of the module that a node binds."""
    if isinstance(node, ast.Global):
        yield from node.names
    if scope is not _Scope.MODULE:
        return
    yield from (name for name, _ in _imported(node, package))
    if isinstance(node, ast.Name) and is_bound(node):
        yield node.id
    elif isinstance(node, _NAMED) and node.name:
        yield node.name


def _changed(node: ast.AST, scope: _Scope) -> Iterator[str]:
    """Yield the name whose value a node changes; of what a function calls on it only what changes a container."""
    inner: ast.expr | None = None
    if isinstance(node, ast.Attribute | ast.Subscript) and isinstance(node.ctx, ast.Store | ast.Del):
        inner = node
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        inner = node.func if scope is not _Scope.FUNCTION or node.func.attr in _CHANGING else None
    while isinstance(inner, ast.Attribute | ast.Subscript):
        inner = inner.value
    if isinstance(inner, ast.Name):
        yield inner.id


def _submodules(node: ast.AST, module: str, package: str) -> Iterator[str]:
    """Yield the attribute that importing a module below this one sets on this one."""
    names: list[str] = []
    if isinstance(node, ast.Import):
        names = [alias.name for alias in node.names]
    for _, (source, taken) in _imported(node, package):
        names += [source, f"{source}.{taken}"]
    for name in names:
        if name.startswith(f"{module}."):
            yield name.removeprefix(f"{module}.").partition(".")[0]


def is_bound(node: ast.Name) -> bool:
    """Whether a name is bound where it stands, or deleted."""
    return isinstance(node.ctx, ast.Store | ast.Del)


def _may_bind_anything(node: ast.AST) -> bool:
    """Whether a node may give the module names that its text does not show."""
    if isinstance(node, ast.ImportFrom):
        return any(alias.name == "*" for alias in node.names)
    if isinstance(node, ast.Attribute):
        return node.attr == "__dict__" or (isinstance(node.value, ast.Name) and (node.value.id, node.attr) == _MODULES)
    return isinstance(node, ast.Name) and node.id in _DYNAMIC
