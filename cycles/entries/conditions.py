"""The condition of an `if` as a syntax tree in; whether it holds under a version of Python, out."""

import ast
import operator
import sys
from collections.abc import Callable, Collection

_DEEPEST = 20
_COMPARED: dict[type[ast.cmpop], Callable[[object, object], bool]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Is: operator.is_,
    ast.IsNot: operator.is_not,
}
_ORDERED: dict[type[ast.cmpop], Callable[[tuple[int, ...], tuple[int, ...]], bool]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}
_SYSTEMS = {"linux": "Linux", "darwin": "Darwin", "win32": "Windows"}
_OS_NAME = "nt" if sys.platform == "win32" else "posix"
_FACTS: dict[tuple[str, ...], str] = {
    ("sys", "platform"): sys.platform,
    ("os", "name"): _OS_NAME,
    ("sys", "implementation", "name"): "cpython",
}
_CALLED_FACTS: dict[tuple[str, ...], str] = {
    ("platform", "system"): _SYSTEMS.get(sys.platform, ""),
    ("platform", "python_implementation"): "CPython",
}


def holds(condition: ast.expr, typing_names: Collection[str], version: tuple[int, int], depth: int = 0) -> bool | None:
    """Whether a condition holds when a module is imported; None where that is not known.

    >>> holds(ast.parse("TYPE_CHECKING or sys.version_info >= (3, 8)", mode="eval").body, {"TYPE_CHECKING"}, (3, 11))
    True
    """
    if depth > _DEEPEST:
        return None
    match condition:
        case ast.Constant(value=value):
            return bool(value)
        case ast.Name(id=name):
            return {"__debug__": True}.get(name) if name not in typing_names else False
        case ast.Attribute(attr="TYPE_CHECKING"):
            return False
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            inner = holds(operand, typing_names, version, depth + 1)
            return None if inner is None else not inner
        case ast.BoolOp(op=joining, values=values):
            deciding = isinstance(joining, ast.Or)
            found = [holds(value, typing_names, version, depth + 1) for value in values]
            return deciding if deciding in found else None if None in found else not deciding
        case ast.Compare(left=left, ops=[compared], comparators=[right]):
            return _compared(left, compared, right, version)
        case ast.Call(func=ast.Attribute(value=subject, attr="startswith"), args=[ast.Constant(value=str(start))]):
            fact = _fact(subject)
            return None if fact is None else fact.startswith(start)
    return None


def dotted(node: ast.expr) -> tuple[str, ...]:
    """The parts of a dotted name; empty where the expression is none."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return (node.id, *reversed(parts)) if isinstance(node, ast.Name) else ()


def _compared(left: ast.expr, compared: ast.cmpop, right: ast.expr, version: tuple[int, int]) -> bool | None:
    kind = type(compared)
    ours = _version(left, version)
    if ours is not None:
        theirs = _numbers(right)
        return _ORDERED[kind](*ours, *theirs) if theirs and kind in _ORDERED and _told(ours[0], theirs[0]) else None
    fact = _fact(left)
    if fact is not None:
        if isinstance(right, ast.Constant) and kind in _COMPARED:
            return _COMPARED[kind](fact, right.value)
        if isinstance(right, ast.Tuple | ast.List | ast.Set) and isinstance(compared, ast.In | ast.NotIn):
            among = fact in [element.value for element in right.elts if isinstance(element, ast.Constant)]
            return among == isinstance(compared, ast.In)
        return None
    for one, other in ((left, right), (right, left)):
        # Whoever imports the module sees another name.
        by_name = isinstance(one, ast.Name) and one.id == "__name__" and kind in {ast.Eq, ast.NotEq}
        if by_name and isinstance(other, ast.Constant) and other.value == "__main__":
            return kind is ast.NotEq
    return None


def _version(node: ast.expr, version: tuple[int, int]) -> tuple[tuple[int, ...]] | None:
    """What an expression of `sys.version_info` is worth, as far as a version of two numbers tells."""
    match node:
        case ast.Subscript(value=value, slice=ast.Constant(value=int(at))) if _is_version(value) and 0 <= at <= 1:
            return ((version[at],),)
        case ast.Subscript(value=value, slice=ast.Slice(lower=None, step=None, upper=ast.Constant(value=int(end)))):
            return (version[:end],) if _is_version(value) and 1 <= end <= 2 else None  # noqa: PLR2004
        case ast.Attribute(value=value, attr="major" | "minor" as part) if _is_version(value):
            return ((version[part == "minor"],),)
    return ((*version, _MICRO),) if _is_version(node) else None


_MICRO = 1 << 20
"""Stands for the parts of `sys.version_info` that a version of two numbers leaves open: larger than any."""


def _told(ours: tuple[int, ...], theirs: tuple[int, ...]) -> bool:
    """Whether a comparison does not turn on the parts that are left open."""
    return _MICRO not in ours or len(theirs) <= 2  # noqa: PLR2004


def _numbers(node: ast.expr) -> tuple[tuple[int, ...]] | None:
    if isinstance(node, ast.Constant) and isinstance(node.value, int):
        return ((node.value,),)
    if isinstance(node, ast.Tuple):
        numbers = [element.value for element in node.elts if isinstance(element, ast.Constant)]
        whole = tuple(number for number in numbers if isinstance(number, int))
        return (whole,) if len(whole) == len(node.elts) else None
    return None


def _is_version(node: ast.expr) -> bool:
    return dotted(node) in {("sys", "version_info"), ("version_info",)}


def _fact(node: ast.expr) -> str | None:
    if isinstance(node, ast.Call):
        return _CALLED_FACTS.get(dotted(node.func))
    return _FACTS.get(dotted(node))
