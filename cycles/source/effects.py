"""What the body of a module does besides defining names, by its syntax tree."""

import ast
from collections.abc import Callable, Iterable

_QUIET_DECORATORS = frozenset(
    [
        "abstractmethod",
        "cache",
        "cached_property",
        "classmethod",
        "contextmanager",
        "final",
        "lru_cache",
        "overload",
        "override",
        "property",
        "setter",
        "staticmethod",
        "wraps",
    ]
)
_QUIET_BASES = frozenset(["ABC", "BaseException", "Exception", "Generic", "Protocol", "object"])
_HARMLESS_CALLS = frozenset(
    [
        "ContextVar",
        "Lock",
        "NewType",
        "ParamSpec",
        "RLock",
        "TypeVar",
        "compile",
        "dict",
        "frozenset",
        "getLogger",
        "get_logger",
        "list",
        "namedtuple",
        "object",
        "set",
        "tuple",
    ]
)
_DEFINING = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.AsyncFunctionDef, ast.Pass)


def exported_names(tree: ast.Module) -> tuple[frozenset[str] | None, bool]:
    """The names in `__all__`, None where it is computed, and whether there is one."""
    found: set[str] = set()
    computed = lists = False
    for node in tree.body:
        if not isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign | ast.Expr):
            continue
        if not any(isinstance(part, ast.Name) and part.id == "__all__" for part in ast.walk(node)):
            continue
        lists = True
        value = getattr(node, "value", None)
        strings = [part.value for part in ast.walk(node) if isinstance(part, ast.Constant)]
        found.update(text for text in strings if isinstance(text, str))
        computed |= not isinstance(value, ast.List | ast.Tuple | ast.Set)
    return (None if computed else frozenset(found)), lists


def first_act(body: Iterable[ast.stmt], is_plain: Callable[[ast.expr], bool] | None = None) -> int | None:
    """The first line at which a module's body may do more than define names.

    `is_plain` says of a base class that it does nothing about new subclasses; without it, only some are known not to.
    """
    for node in body:
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            continue
        if isinstance(node, ast.ClassDef) and not (node.decorator_list or node.keywords):
            if all(map(is_plain or is_plain_base, node.bases)):
                continue
        elif isinstance(node, _DEFINING):
            if all(map(is_quiet, getattr(node, "decorator_list", ()))):
                continue
        elif isinstance(node, ast.Assign | ast.AnnAssign) and all(
            last_name(part) in _HARMLESS_CALLS for part in ast.walk(node) if isinstance(part, ast.Call)
        ):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            if all(isinstance(target, ast.Name) for target in targets):
                continue
        return node.lineno
    return None


def last_name(node: ast.expr) -> str:
    """The last part of a dotted name, or of the name that is called; "" for anything else."""
    if isinstance(node, ast.Call):
        node = node.func
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def is_quiet(decorator: ast.expr) -> bool:
    """Whether a decorator is known not to look at annotations."""
    return last_name(decorator) in _QUIET_DECORATORS


def is_mark(node: ast.stmt) -> bool:
    """Whether a statement defines a decorator that only marks what it decorates: in a set, or by attributes.

    In which order things are marked so makes no difference.
    """
    if not isinstance(node, ast.FunctionDef) or len(node.args.args) != 1 or node.decorator_list:
        return False
    name = node.args.args[0].arg
    last = node.body[-1]
    gives_back = isinstance(last, ast.Return) and isinstance(last.value, ast.Name) and last.value.id == name
    return gives_back and all(_marks(one, name) for one in node.body[:-1])


def _marks(node: ast.stmt, name: str) -> bool:
    """Whether a statement sets an attribute of what a name stands for, adds that to a set, or only refuses it."""
    match node:
        case ast.Expr(value=ast.Constant()):
            return True
        case ast.Expr(value=ast.Call(func=ast.Attribute(attr="add"), args=[ast.Name(id=added)])):
            return added == name
        case ast.Assign(targets=[ast.Attribute(value=ast.Name(id=changed))]):
            return changed == name
        case ast.If(orelse=[]):
            return all(isinstance(one, ast.Raise) for one in node.body)
    return False


def is_plain_base(base: ast.expr) -> bool:
    """Whether a base class is known not to look at annotations, nor to act on a new subclass."""
    return last_name(base.value if isinstance(base, ast.Subscript) else base) in _QUIET_BASES
