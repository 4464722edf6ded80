"""What the body of a module does besides defining names, by its syntax tree."""

import ast
import builtins
from collections.abc import Callable, Iterable

from cycles.source.tree_nodes import nodes_in

_QUIET_DECORATORS = frozenset(
    [
        *("abstractmethod", "cache", "cached_property", "classmethod", "contextmanager", "final", "lru_cache"),
        *("overload", "override", "property", "setter", "staticmethod", "wraps"),
    ]
)
_QUIET_BASES = frozenset(["ABC", "BaseException", "Exception", "Generic", "Protocol", "object"])
_LIBRARY_BASES = frozenset(["Enum", "Flag", "IntEnum", "IntFlag", "NamedTuple", "StrEnum", "TypedDict"]) | {
    name for name, value in vars(builtins).items() if isinstance(value, type)
}
"""Classes of which nobody else hears that they have a new subclass, though some look at annotations."""
_HARMLESS_CALLS = frozenset(
    [
        *("ContextVar", "Lock", "MappingProxyType", "NewType", "ParamSpec", "Path", "RLock", "TypeVar"),
        *("TypeVarTuple", "compile", "dict", "frozenset", "getLogger", "get_logger", "list", "namedtuple", "object"),
        *("set", "tuple", "uuid4"),
    ]
)
_HARMLESS_DECORATORS = frozenset(
    ["dataclass", "define", "deprecated", "final", "frozen", "mutable", "runtime_checkable", "total_ordering", "unique"]
)
_DEFINING = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.AsyncFunctionDef, ast.Pass)


def exported_names(tree: ast.Module) -> tuple[frozenset[str] | None, bool]:
    """The names in `__all__`, None where it is computed, and whether there is one."""
    found: set[str] = set()
    computed = lists = False
    for node in tree.body:
        if not isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign | ast.Expr):
            continue
        if not any(isinstance(part, ast.Name) and part.id == "__all__" for part in nodes_in(node)):
            continue
        lists = True
        value = getattr(node, "value", None)
        strings = [part.value for part in nodes_in(node) if isinstance(part, ast.Constant)]
        found.update(text for text in strings if isinstance(text, str))
        computed |= not isinstance(value, ast.List | ast.Tuple | ast.Set)
    return (None if computed else frozenset(found)), lists


def first_act(body: Iterable[ast.stmt], is_plain: Callable[[ast.expr], bool] | None = None) -> int | None:
    """The first line at which a module's body may do more than define names, in blocks too.

    `is_plain` says of a base class that it does nothing about new subclasses; without it, only some are known not to.
    """
    waiting = [*body]
    acts: list[int] = []
    for node in waiting:
        if isinstance(node, ast.If | ast.Try) and not _calls(getattr(node, "test", None)):
            handlers = getattr(node, "handlers", [])
            waiting += [*node.body, *node.orelse, *getattr(node, "finalbody", [])]
            waiting += [inner for handler in handlers for inner in handler.body]
        elif not _defines_only(node, is_plain or is_plain_base):
            acts.append(node.lineno)
    return min(acts, default=None)


def _defines_only(node: ast.stmt, is_plain: Callable[[ast.expr], bool]) -> bool:
    """Whether a statement that is no block does no more than define names."""
    match node:
        case ast.Expr(value=value):
            return isinstance(value, ast.Constant)
        case ast.ClassDef(keywords=[], decorator_list=decorators, bases=bases):
            plain = (last_name(base) in _LIBRARY_BASES or is_plain(base) for base in bases)
            return all(map(is_harmless, decorators)) and all(plain)
        case ast.Assign() | ast.AnnAssign():
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            return not _calls(node) and all(isinstance(target, ast.Name) for target in targets)
    return isinstance(node, _DEFINING) and all(map(is_quiet, getattr(node, "decorator_list", ())))


def _calls(node: ast.AST | None) -> bool:
    """Whether an expression, if it is one, calls something that may do more than make a value."""
    calls = (part for part in nodes_in(node) if isinstance(part, ast.Call)) if node else ()
    return not all(last_name(call) in _HARMLESS_CALLS for call in calls)


def last_name(node: ast.expr) -> str:
    """The last part of a dotted name, or of the name that is called; "" for anything else."""
    if isinstance(node, ast.Call):
        node = node.func
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def is_quiet(decorator: ast.expr) -> bool:
    """Whether a decorator is known not to look at annotations."""
    return last_name(decorator) in _QUIET_DECORATORS


def is_harmless(decorator: ast.expr) -> bool:
    """Whether a decorator is known to keep what it decorates to itself."""
    return is_quiet(decorator) or last_name(decorator) in _HARMLESS_DECORATORS


def is_plain_base(base: ast.expr) -> bool:
    """Whether a base class is known not to look at annotations, nor to act on a new subclass."""
    return last_name(base.value if isinstance(base, ast.Subscript) else base) in _QUIET_BASES
