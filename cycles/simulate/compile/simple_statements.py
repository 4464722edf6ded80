"""A statement that holds no others in; the instructions that running it comes to, out."""

import ast
from collections.abc import Iterable, Sequence

from cycles.simulate.compile.expressions import Scope, evaluate
from cycles.simulate.compile.instructions import (
    RESULT,
    Assign,
    Body,
    Call,
    Define,
    Delete,
    Fixed,
    ImportFrom,
    Instruction,
    Names,
    Open,
    Operand,
    Path,
    Raise,
    Register,
    SetAttribute,
    Text,
)
from cycles.simulate.trampoline import Step
from cycles.source.conditions import dotted
from cycles.source.names import absolute_name, package_of

_TRANSPARENT = {
    ("staticmethod",),
    ("classmethod",),
    ("lru_cache",),
    ("cache",),
    ("functools", "cache"),
    ("functools", "lru_cache"),
    ("override",),
    ("typing", "override"),
    ("final",),
    ("typing", "final"),
    ("dataclass",),
    ("dataclasses", "dataclass"),
}
"""Decorators that leave what a call does."""


def import_from(node: ast.ImportFrom, scope: Scope, out: list[Instruction]) -> None:
    """Append a from-import, a relative one with its module's full name."""
    names = tuple((alias.name, alias.asname or alias.name) for alias in node.names)
    if node.module == "__future__":
        out.append(bind(alias for _, alias in names))
        return
    package = package_of(scope.module, is_package=scope.is_package)
    module = absolute_name("." * node.level + (node.module or ""), package)
    out.append(ImportFrom(node.lineno, module, names))


def define_function(
    node: ast.FunctionDef | ast.AsyncFunctionDef, scope: Scope, out: list[Instruction]
) -> Step[Operand]:
    """Append a function definition: decorators, defaults and annotations run; the body waits for a call."""
    decorators: list[Operand] = []
    for decorator in node.decorator_list:
        decorators.append((yield evaluate(decorator, scope, out)))
    arguments = node.args
    for default in (*arguments.defaults, *arguments.kw_defaults):
        yield evaluate(default, scope, out)
    if scope.annotations:
        every = (*arguments.posonlyargs, *arguments.args, arguments.vararg, *arguments.kwonlyargs, arguments.kwarg)
        for argument in every:
            if argument is not None:
                yield evaluate(argument.annotation, scope, out)
        yield evaluate(node.returns, scope, out)
    plain = isinstance(node, ast.FunctionDef) and all(is_transparent(found) for found in node.decorator_list)
    body = Body(scope.module, node.name, node.lineno, node.end_lineno or node.lineno)
    out.append(Define(((node.name, body if plain else None),)))
    apply_decorators(node.decorator_list, decorators, out)
    return None


def is_transparent(decorator: ast.expr) -> bool:
    """Whether a decorator leaves what a call does."""
    return dotted(decorator.func if isinstance(decorator, ast.Call) else decorator) in _TRANSPARENT


def apply_decorators(nodes: Sequence[ast.expr], decorators: Sequence[Operand], out: list[Instruction]) -> None:
    """Append the calls of decorators, the last one first."""
    for node, decorator in reversed(list(zip(nodes, decorators, strict=True))):
        if isinstance(decorator, Path) and decorator != RESULT:
            out.append(Call(node.lineno, decorator, (None,), ()))


def assign(target: ast.expr, operand: Operand, scope: Scope, out: list[Instruction]) -> Step[Operand]:
    """Append the binding of a target to what is known of a value."""
    match target:
        case ast.Name(id=name):
            if operand is None or isinstance(operand, Text | Names | Fixed):
                out.append(Define(((name, operand),)))
            else:
                out.append(Assign(name, operand))
        case ast.Tuple(elts=elements) | ast.List(elts=elements):
            for element in elements:
                yield assign(element, None, scope, out)
        case ast.Starred(value=value):
            yield assign(value, None, scope, out)
        case ast.Attribute(value=value, attr=attribute):
            owner = yield evaluate(value, scope, out)
            out.append(Open() if attribute == "__class__" else SetAttribute(owner, attribute, operand))
        case ast.Subscript(value=value, slice=index):
            yield evaluate(value, scope, out)
            key = yield evaluate(index, scope, out)
            if dotted(value) == ("sys", "modules"):
                out.append(Register(key))
            elif isinstance(value, ast.Attribute) and value.attr == "__dict__":
                out.append(Open())
    return None


def delete(target: ast.expr, scope: Scope, out: list[Instruction]) -> Step[Operand]:
    """Append the deletion of a target."""
    match target:
        case ast.Name(id=name):
            out.append(Delete(name))
        case ast.Tuple(elts=elements) | ast.List(elts=elements):
            for element in elements:
                yield delete(element, scope, out)
        case ast.Subscript(value=value, slice=index):
            yield evaluate(value, scope, out)
            key = yield evaluate(index, scope, out)
            if dotted(value) == ("sys", "modules"):
                out.append(Register(key))
        case ast.Attribute(value=value):
            yield evaluate(value, scope, out)
    return None


def raise_error(node: ast.Raise, scope: Scope, out: list[Instruction]) -> Step[Operand]:
    """Append a `raise`."""
    if node.exc is None:
        out.append(Raise(node.lineno, None, None))
        return None
    called = node.exc
    text: Operand = Text("")
    yield evaluate(called, scope, out)
    if isinstance(called, ast.Call):
        if called.args or called.keywords:
            text = (yield evaluate(called.args[0], scope, [])) if len(called.args) == 1 else None
        called = called.func
    parts = dotted(called)
    out.append(
        Raise(node.lineno, Path(parts[0], parts[1:], (node.lineno,) * (len(parts) - 1)) if parts else Path("?"), text)
    )
    return None


def bind(names: Iterable[str]) -> Define:
    """The definition of names of which nothing more is known."""
    return Define(tuple((name, None) for name in names))
