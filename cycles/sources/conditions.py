"""The condition of an `if` in; what is known of it before the program runs, out."""

import ast
import re
from enum import Enum
from functools import lru_cache

_LONGEST = 2_000
_ALIAS = re.compile(r"[ \t]+as[ \t]+(\w+)[ \t]*(?:[,)#]|$)", re.MULTILINE)
_IMPORTED = re.compile(
    r"[ \t]*(?:from[ \t]+[\w.]+[ \t]+import[ \t]+)?(?:\([ \t]*)?(?:\w+(?:[ \t]+as[ \t]+\w+)?[ \t]*,[ \t]*)*$"
)
_NOTHING_MORE = re.compile(r"[ \t]*(?:#|$)", re.MULTILINE)
_ASSIGNED = re.compile(r"(\w+)\s*(?::[^=\n]+)?=\s*(?:\w+\.)*$")


class Truth(Enum):
    """When a condition holds."""

    NEVER = "never when the program runs"
    ALWAYS = "always when the program runs"
    AS_MAIN = "only when the module runs as a script"
    AS_MODULE = "only when the module is imported"
    UNKNOWN = "not known before the program runs"


_OPPOSITE = {
    Truth.NEVER: Truth.ALWAYS,
    Truth.ALWAYS: Truth.NEVER,
    Truth.AS_MAIN: Truth.AS_MODULE,
    Truth.AS_MODULE: Truth.AS_MAIN,
    Truth.UNKNOWN: Truth.UNKNOWN,
}


def typing_names(text: str) -> frozenset[str]:
    """The names that mean TYPE_CHECKING in a module: its own, mypy's `MYPY`, and aliases.

    >>> sorted(typing_names("from typing import TYPE_CHECKING as TC"))
    ['MYPY', 'TC', 'TYPE_CHECKING']
    """
    names = {"TYPE_CHECKING", "MYPY"}
    at = text.find("TYPE_CHECKING")
    while at >= 0:
        end = at + len("TYPE_CHECKING")
        start = text.rfind("\n", 0, at) + 1
        assigned = _ASSIGNED.match(text, start, at)
        if assigned and _NOTHING_MORE.match(text, end):
            names.add(assigned[1])
        elif (alias := _ALIAS.match(text, end)) and _IMPORTED.match(text, start, at):
            names.add(alias[1])
        at = text.find("TYPE_CHECKING", end)
    return frozenset(names)


@lru_cache(maxsize=4096)
def truth(condition: str, names: frozenset[str]) -> Truth:
    """Judge a condition, given the names that mean TYPE_CHECKING; what cannot be parsed is UNKNOWN.

    >>> truth("typing.TYPE_CHECKING and fast", frozenset())
    <Truth.NEVER: 'never when the program runs'>
    """
    if len(condition) > _LONGEST:
        return Truth.UNKNOWN
    try:
        return _judge(ast.parse(f"(\n{condition}\n)", mode="eval").body, names)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return Truth.UNKNOWN


def _judge(node: ast.expr, names: frozenset[str]) -> Truth:
    verdict = Truth.UNKNOWN
    match node:
        case ast.Name(id=name) if name in names:
            verdict = Truth.NEVER
        case ast.Attribute(attr="TYPE_CHECKING"):
            verdict = Truth.NEVER
        case ast.Constant(value=value):
            verdict = Truth.ALWAYS if value else Truth.NEVER
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            verdict = _OPPOSITE[_judge(operand, names)]
        case ast.BoolOp(op=ast.And(), values=values):
            verdict = _both([_judge(value, names) for value in values])
        case ast.BoolOp(op=ast.Or(), values=values):
            verdict = _OPPOSITE[_both([_OPPOSITE[_judge(value, names)] for value in values])]
        case ast.Compare(left=left, ops=[operator], comparators=[right]):
            verdict = _compare(left, operator, right)
    return verdict


def _both(values: list[Truth]) -> Truth:
    """The truth of `a and b and …`."""
    if Truth.NEVER in values or {Truth.AS_MAIN, Truth.AS_MODULE} <= set(values):
        return Truth.NEVER
    for narrow in (Truth.AS_MAIN, Truth.UNKNOWN, Truth.AS_MODULE):
        if narrow in values:
            return narrow
    return Truth.ALWAYS


def _compare(left: ast.expr, operator: ast.cmpop, right: ast.expr) -> Truth:
    """The truth of `__name__ == "__main__"`, either way round."""
    match (left, right):
        case (ast.Name(id="__name__"), ast.Constant(value="__main__")) | (
            ast.Constant(value="__main__"),
            ast.Name(id="__name__"),
        ):
            if isinstance(operator, ast.Eq):
                return Truth.AS_MAIN
            if isinstance(operator, ast.NotEq):
                return Truth.AS_MODULE
    return Truth.UNKNOWN
