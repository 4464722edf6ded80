"""What is known of a condition before the program runs: the one evaluator, for kinds, fixes and the simulation."""

import ast
import operator
import re
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

from cycles.source.file_text import UnreadableError, parse
from cycles.source.tree_nodes import dotted, nodes_in

Version = tuple[int, int]
"""Major and minor number of a release of Python."""

_DEEPEST = 50
"""Nested operators that are followed: more than anybody writes, and little enough for the stack."""
_LONGEST = 2_000
"""Characters of a condition that is looked at: longer ones are data, and parsing them costs time."""
_REMEMBERED = 4_096
"""Conditions whose meaning is kept: packages repeat few of them, thousands of times."""
_LATEST_MINOR = 40
"""Minor releases that `requires-python` is asked about; each year brings one."""
_PARTS = 5
"""Parts of `sys.version_info`: a shorter tuple never equals it."""
_OPEN = 1 << 20
"""Stands for the micro release, which a version of two numbers leaves open: larger than any."""

_ALIAS = re.compile(r"[ \t]+as[ \t]+(\w+)[ \t]*(?:[,)#]|$)", re.MULTILINE)
_IMPORTED = re.compile(
    r"[ \t]*(?:from[ \t]+[\w.]+[ \t]+import[ \t]+)?(?:\([ \t]*)?(?:\w+(?:[ \t]+as[ \t]+\w+)?[ \t]*,[ \t]*)*$"
)
_NOTHING_MORE = re.compile(r"[ \t]*(?:#|$)", re.MULTILINE)
_ASSIGNED = re.compile(r"(\w+)\s*(?::[^=\n]+)?=\s*(?:\w+\.)*$")
_SYS_ALIAS = re.compile(r"import[ \t]+(?:[\w., \t]*,[ \t]*)?sys[ \t]+as[ \t]+(\w+)")

_EQUALITY: dict[type[ast.cmpop], Callable[[object, object], bool]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Is: operator.is_,
    ast.IsNot: operator.is_not,
}
_ORDER: dict[type[ast.cmpop], Callable[[tuple[int, ...], tuple[int, ...]], bool]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}
_MIRRORED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.Gt,
    ast.LtE: ast.GtE,
    ast.Gt: ast.Lt,
    ast.GtE: ast.LtE,
}
_SYSTEMS = {"linux": "Linux", "darwin": "Darwin", "win32": "Windows"}
_PLATFORM_FACTS: dict[tuple[str, ...], str] = {
    ("sys", "platform"): sys.platform,
    ("os", "name"): "nt" if sys.platform == "win32" else "posix",
    ("platform", "system", "()"): _SYSTEMS.get(sys.platform, ""),
    ("sys", "implementation", "name"): "cpython",
    ("platform", "python_implementation", "()"): "CPython",
}


class Truth(Enum):
    """When a condition holds."""

    NEVER = "never when the program runs"
    ALWAYS = "always when the program runs"
    AS_MAIN = "only when the module runs as a script"
    AS_MODULE = "only when the module is imported"
    UNKNOWN = "not known before the program runs"


@dataclass(frozen=True, slots=True)
class SpecialNames:
    """The names by which a module knows what conditions are made of, and `contextlib.suppress`."""

    typing: frozenset[str] = frozenset({"TYPE_CHECKING", "MYPY"})
    sys: frozenset[str] = frozenset({"sys"})
    version_info: frozenset[str] = frozenset({"version_info"})
    suppress: frozenset[str] = frozenset({"suppress"})


@dataclass(frozen=True, slots=True)
class World:
    """Where a condition is evaluated: a release of Python, this machine's platform or any, as a script or imported."""

    version: Version
    any_platform: bool = False
    as_main: bool = False


def special_names(text: str) -> SpecialNames:
    """Find the names of TYPE_CHECKING (and mypy's MYPY), `sys`, its `version_info` and `suppress` in a module.

    >>> sorted(special_names("from typing import TYPE_CHECKING as TC").typing)
    ['MYPY', 'TC', 'TYPE_CHECKING']
    """
    if not any(word in text for word in ("version_info", "TYPE_CHECKING", "suppress")):
        return SpecialNames()
    return SpecialNames(
        typing=frozenset({"MYPY", *_names_for("TYPE_CHECKING", text)}),
        sys=frozenset({"sys", *_SYS_ALIAS.findall(text)}),
        version_info=frozenset(_names_for("version_info", text)),
        suppress=frozenset(_names_for("suppress", text)),
    )


def truth(condition: str, names: SpecialNames, versions: tuple[Version, ...] | None = None) -> Truth:
    """Judge the text of a condition for all `versions` that a project supports (None: every Python 3), on any platform.

    What cannot be parsed is UNKNOWN.

    >>> truth("typing.TYPE_CHECKING and fast", SpecialNames())
    <Truth.NEVER: 'never when the program runs'>
    >>> truth("sys.version_info < (3, 8)", SpecialNames(), ((3, 9), (3, 10)))
    <Truth.NEVER: 'never when the program runs'>
    """
    if len(condition) > _LONGEST:
        return Truth.UNKNOWN
    every = versions or all_versions()
    by_version = any(name in condition for name in names.version_info)
    return _truth(condition, names, every if by_version else every[:1])


@lru_cache(maxsize=_REMEMBERED)
def _truth(condition: str, names: SpecialNames, versions: tuple[Version, ...]) -> Truth:
    try:
        (statement,) = parse(f"(\n{condition}\n)").body
    except (UnreadableError, ValueError):
        return Truth.UNKNOWN
    return truth_of(statement.value, names, versions) if isinstance(statement, ast.Expr) else Truth.UNKNOWN


def truth_of(node: ast.expr, names: SpecialNames, versions: tuple[Version, ...] | None = None) -> Truth:
    """Judge a condition for all `versions` that a project supports (None: every Python 3), on any platform."""
    versions = versions or all_versions()
    # Most conditions are not known in any world, so that the first one settles them.
    if holds(node, names, World(versions[0], any_platform=True)) is None:
        return Truth.UNKNOWN
    # Few of the others ask for the release, or for the name of the module: they are the same in every world.
    mentioned = {part.attr if isinstance(part, ast.Attribute) else getattr(part, "id", "") for part in nodes_in(node)}
    if mentioned.isdisjoint({"version_info", *names.version_info}):
        versions = versions[:1]
    as_module = _agreed(holds(node, names, World(version, any_platform=True)) for version in versions)
    as_main = as_module
    if "__name__" in mentioned:
        as_main = _agreed(holds(node, names, World(version, any_platform=True, as_main=True)) for version in versions)
    match (as_module, as_main):
        case (False, False):
            return Truth.NEVER
        case (True, True):
            return Truth.ALWAYS
        case (False, _):
            return Truth.AS_MAIN
        case (True, _):
            return Truth.AS_MODULE
    return Truth.UNKNOWN


def holds(  # noqa: PLR0911  the rules of a language are a list of cases
    node: ast.expr, names: SpecialNames, world: World, depth: int = 0
) -> bool | None:
    """Whether a condition holds in a world; None where that is not known (Kleene's three-valued logic).

    >>> test = ast.parse("TYPE_CHECKING or sys.version_info >= (3, 8)", mode="eval").body
    >>> holds(test, SpecialNames(), World((3, 11)))
    True
    """
    if depth > _DEEPEST:
        return None
    match node:
        case ast.Constant(value=value):
            return bool(value)
        case ast.Name(id=name):
            return False if name in names.typing else True if name == "__debug__" else None
        case ast.Attribute(attr="TYPE_CHECKING"):
            return False
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            inner = holds(operand, names, world, depth + 1)
            return None if inner is None else not inner
        case ast.BoolOp(op=joining, values=values):
            deciding = isinstance(joining, ast.Or)
            found = [holds(value, names, world, depth + 1) for value in values]
            return deciding if deciding in found else None if None in found else not deciding
        case ast.NamedExpr(value=value):
            return holds(value, names, world, depth + 1)
        case ast.Compare(left=left, ops=[compared], comparators=[right]):
            return _compared(left, type(compared), right, names, world)
        case ast.Call(func=ast.Attribute(value=subject, attr="startswith"), args=[ast.Constant(value=str(start))]):
            fact = _fact(subject, names, world)
            return None if fact is None else fact.startswith(start)
    return None


@lru_cache(maxsize=1)
def all_versions() -> tuple[Version, ...]:
    """Return every release of Python 3, those to come included, and the first of a Python 4."""
    return (*((3, minor) for minor in range(_LATEST_MINOR)), (4, 0))


def _agreed(found: Iterable[bool | None]) -> bool | None:
    """Return what all say, None where they differ or one does not know."""
    every = set(found)
    return every.pop() if len(every) == 1 else None


def _names_for(word: str, text: str) -> set[str]:
    """Return the names that a text binds to what is called `word` elsewhere, by an import or an assignment."""
    names = {word}
    at = text.find(word)
    while at >= 0:
        end = at + len(word)
        start = text.rfind("\n", 0, at) + 1
        assigned = _ASSIGNED.match(text, start, at)
        if assigned and _NOTHING_MORE.match(text, end):
            names.add(assigned[1])
        elif (alias := _ALIAS.match(text, end)) and _IMPORTED.match(text, start, at):
            names.add(alias[1])
        at = text.find(word, end)
    return names


def _compared(left: ast.expr, kind: type[ast.cmpop], right: ast.expr, names: SpecialNames, world: World) -> bool | None:
    if _version(left, names, world) is None and _version(right, names, world) is not None:
        left, right, kind = right, left, _MIRRORED.get(kind, kind)
    ours = _version(left, names, world)
    if ours is not None:
        return _compared_version(ours, kind, right)
    fact = _fact(left, names, world)
    if fact is not None:
        if isinstance(right, ast.Constant) and kind in _EQUALITY:
            return _EQUALITY[kind](fact, right.value)
        if isinstance(right, ast.Tuple | ast.List | ast.Set) and kind in (ast.In, ast.NotIn):
            among = fact in [element.value for element in right.elts if isinstance(element, ast.Constant)]
            return among is (kind is ast.In)
        return None
    for one, other in ((left, right), (right, left)):
        by_name = isinstance(one, ast.Name) and one.id == "__name__" and kind in (ast.Eq, ast.NotEq)
        if by_name and isinstance(other, ast.Constant) and other.value == "__main__":
            return world.as_main is (kind is ast.Eq)
    return None


def _compared_version(ours: tuple[int, ...], kind: type[ast.cmpop], right: ast.expr) -> bool | None:
    if kind in (ast.In, ast.NotIn) and isinstance(right, ast.Tuple | ast.List | ast.Set) and len(ours) == 1:
        among = [_numbers(element) for element in right.elts]
        return None if None in among else (ours in among) is (kind is ast.In)
    theirs = _numbers(right)
    if theirs is None or kind not in _ORDER:
        return None
    if _OPEN in ours and kind in (ast.Eq, ast.NotEq) and len(theirs) < _PARTS:
        return kind is ast.NotEq
    # The micro release is left open: only a comparison that does not turn on it is known.
    turns_on_it = _OPEN in ours and len(theirs) >= len(ours) and theirs[: len(ours) - 1] == ours[:-1]
    return None if turns_on_it else _ORDER[kind](ours, theirs)


def _version(node: ast.expr, names: SpecialNames, world: World) -> tuple[int, ...] | None:
    """Return what an expression of `sys.version_info` is worth, as far as two numbers tell; one number as a 1-tuple."""
    match node:
        case ast.Subscript(value=value, slice=ast.Constant(value=int(at))) if _is_version(value, names):
            return (world.version[at],) if 0 <= at <= 1 else None
        case ast.Subscript(value=value, slice=ast.Slice(lower=None, step=None, upper=ast.Constant(value=int(end)))):
            return world.version[:end] if _is_version(value, names) and 1 <= end <= 2 else None  # noqa: PLR2004
        case ast.Attribute(value=value, attr="major" | "minor" as part) if _is_version(value, names):
            return (world.version[part == "minor"],)
    return (*world.version, _OPEN) if _is_version(node, names) else None


def _is_version(node: ast.expr, names: SpecialNames) -> bool:
    match dotted(node):
        case (name,):
            return name in names.version_info
        case (name, "version_info"):
            return name in names.sys
    return False


def _numbers(node: ast.expr) -> tuple[int, ...] | None:
    if isinstance(node, ast.Constant) and isinstance(node.value, int):
        return (node.value,)
    if isinstance(node, ast.Tuple):
        numbers = [element.value for element in node.elts if isinstance(element, ast.Constant)]
        whole = tuple(number for number in numbers if isinstance(number, int))
        return whole if len(whole) == len(node.elts) else None
    return None


def _fact(node: ast.expr, names: SpecialNames, world: World) -> str | None:
    """Return what an expression of the platform or the implementation is worth, unless it may be any."""
    if world.any_platform:
        return None
    if isinstance(node, ast.Call) and node.args:
        return None
    parts = (*dotted(node.func), "()") if isinstance(node, ast.Call) else dotted(node)
    if parts and parts[0] in names.sys:
        parts = ("sys", *parts[1:])
    return _PLATFORM_FACTS.get(parts)
