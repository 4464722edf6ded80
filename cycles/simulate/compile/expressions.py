"""An expression as a syntax tree in; the instructions it comes to, and what is known of its value, out."""

import ast
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from cycles.simulate.compile.instructions import (
    RESULT,
    Assign,
    Blur,
    Call,
    Extend,
    Fixed,
    ImportCall,
    Instruction,
    Joined,
    Maybe,
    Names,
    Open,
    Operand,
    Path,
    Register,
    Registered,
    SetAttribute,
    Text,
    Use,
)
from cycles.simulate.trampoline import Step
from cycles.source.conditions import SpecialNames, World, dotted, holds

_OWN_NAMES = {"globals", "vars", "locals", "exec", "execfile"}
_REGISTERED = Path("_(registered)")
"""Where an entry of `sys.modules` waits for its attributes to be looked up; no name of Python's, and private."""
_REPLACERS = ("recreate_module", "attach", "attach_stub", "lazy_import", "deprecate_module")
_LEAVES = (ast.Constant, ast.Name, ast.expr_context, ast.operator, ast.cmpop, ast.boolop, ast.unaryop)


@dataclass(frozen=True, slots=True)
class Scope:
    """Where code stands: its module, the Python it is for, and the names that mean something special in it."""

    module: str
    is_package: bool
    world: World
    special: SpecialNames
    annotations: bool
    in_function: bool = False
    hidden: frozenset[str] = field(default_factory=frozenset)


def evaluate(node: ast.expr | None, scope: Scope, out: list[Instruction]) -> Step[Operand]:  # noqa: C901, PLR0912
    """Append what evaluating an expression does, in its order, and return what is known of its value."""
    match node:
        case None:
            return None
        case ast.Constant(value=value):
            return _literal(value)
        case ast.Name(id=name):
            return None if name in scope.hidden else Path(name)
        case ast.Attribute():
            return (yield _attribute(node, scope, out))
        case ast.Call():
            return (yield _call(node, scope, out))
        case ast.Lambda(args=arguments):
            for default in (*arguments.defaults, *arguments.kw_defaults):
                yield evaluate(default, scope, out)
        case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
            yield _comprehension(node, scope, out)
        case ast.NamedExpr(target=target, value=value):
            out.append(Assign(target.id, (yield evaluate(value, scope, out))))
            return Path(target.id)
        case ast.BoolOp(op=joining, values=values):
            yield _shortcut(values, isinstance(joining, ast.Or), scope, out)
        case ast.IfExp(test=test, body=body, orelse=otherwise):
            yield evaluate(test, scope, out)
            truth = holds(test, scope.special, scope.world)
            if truth is not None:
                return (yield evaluate(body if truth else otherwise, scope, out))
            yield _either(body, otherwise, scope, out)
        case ast.List(elts=elements) | ast.Tuple(elts=elements) | ast.Set(elts=elements):
            return (yield _collection(elements, scope, out))
        case ast.Dict(keys=keys, values=values):
            for value in (*keys, *values):
                if not isinstance(value, _LEAVES):
                    yield evaluate(value, scope, out)
            return Names(_texts([key for key in keys if key]))
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            first = yield evaluate(left, scope, out)
            second = yield evaluate(right, scope, out)
            return _joined(first, second)
        case ast.Subscript(value=value, slice=index):
            yield evaluate(value, scope, out)
            key = yield evaluate(index, scope, out)
            return Registered(key) if dotted(value) == ("sys", "modules") else None
        case ast.Starred(value=value):
            yield evaluate(value, scope, out)
        case _:
            for child in ast.iter_child_nodes(node):
                if isinstance(child, ast.expr) and not isinstance(child, _LEAVES):
                    yield evaluate(child, scope, out)
    return None


def perhaps(nodes: Sequence[ast.expr], scope: Scope, out: list[Instruction]) -> Step[Operand]:
    """Append expressions that may be evaluated or not."""
    inner: list[Instruction] = []
    for node in nodes:
        yield evaluate(node, scope, inner)
    if inner:
        out.append(Maybe(tuple(inner)))
    return None


def _literal(value: object) -> Operand:
    if isinstance(value, str):
        return Text(value)
    return Fixed(value) if value is None or isinstance(value, int | float | complex) else None


def _either(body: ast.expr, otherwise: ast.expr, scope: Scope, out: list[Instruction]) -> Step[Operand]:
    """One of two expressions is evaluated."""
    first: list[Instruction] = []
    second: list[Instruction] = []
    yield evaluate(body, scope, first)
    yield evaluate(otherwise, scope, second)
    if first or second:
        out.append(Maybe(tuple(first), tuple(second)))
    return None


def bound_names(target: ast.expr) -> tuple[str, ...]:
    """The names that an assignment to a target binds."""
    return tuple(node.id for node in ast.walk(target) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store))


def _attribute(node: ast.Attribute, scope: Scope, out: list[Instruction]) -> Step[Operand]:
    attributes, lines = [node.attr], [_line_of(node)]
    base = node.value
    while isinstance(base, ast.Attribute):
        attributes.append(base.attr)
        lines.append(_line_of(base))
        base = base.value
    root: Operand = yield evaluate(base, scope, out)
    if isinstance(root, Registered):
        out.append(Assign(_REGISTERED.root, root))
        root = _REGISTERED
    if not isinstance(root, Path) or root.attributes:
        return None
    path = Path(root.root, tuple(reversed(attributes)), tuple(reversed(lines)))
    out.append(Use(path))
    return RESULT if root == RESULT else path


def _line_of(node: ast.Attribute) -> int:
    """The line that Python blames: where the attribute's name stands."""
    return node.end_lineno or node.lineno


def _shortcut(values: Sequence[ast.expr], decides: bool, scope: Scope, out: list[Instruction]) -> Step[Operand]:  # noqa: FBT001
    """`and`, `or`: what comes after the first may not be evaluated."""
    for number, value in enumerate(values):
        yield evaluate(value, scope, out)
        truth = holds(value, scope.special, scope.world)
        if truth is decides:
            return None
        if truth is None:
            yield perhaps(values[number + 1 :], scope, out)
            return None
    return None


def _comprehension(
    node: ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp, scope: Scope, out: list[Instruction]
) -> Step[Operand]:
    """Only the first iterable is certain to be evaluated."""
    yield evaluate(node.generators[0].iter, scope, out)
    names = {name for generator in node.generators for name in bound_names(generator.target)}
    inside = replace(scope, hidden=scope.hidden | names)
    inner: list[ast.expr] = [condition for generator in node.generators for condition in generator.ifs]
    inner.extend(generator.iter for generator in node.generators[1:])
    inner.extend([node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt])
    yield perhaps(inner, inside, out)
    return None


def _collection(elements: Sequence[ast.expr], scope: Scope, out: list[Instruction]) -> Step[Operand]:
    for element in elements:
        if not isinstance(element, _LEAVES):
            yield evaluate(element, scope, out)
    texts = _texts(elements)
    if len(texts) == len(elements):
        return Names(texts)
    starred = [element.value for element in elements if isinstance(element, ast.Starred)]
    if len(texts) + len(starred) == len(elements):
        return Joined((Names(texts), *(_as_path(value) for value in starred)))
    return None


def _as_path(node: ast.expr) -> Operand:
    parts = dotted(node)
    return Path(parts[0], parts[1:], (node.lineno,) * (len(parts) - 1)) if parts else None


def _texts(nodes: Sequence[ast.expr]) -> tuple[str, ...]:
    return tuple(node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str))


def _joined(first: Operand, second: Operand) -> Operand:
    parts = [*_parts(first), *_parts(second)]
    return None if None in parts else Joined(tuple(parts))


def _parts(operand: Operand) -> tuple[Operand, ...]:
    return operand.operands if isinstance(operand, Joined) else (operand,)


def _call(node: ast.Call, scope: Scope, out: list[Instruction]) -> Step[Operand]:
    function = yield evaluate(node.func, scope, out)
    before = len(out)
    arguments: list[Operand] = []
    for argument in node.args:
        arguments.append(_lasting((yield evaluate(argument, scope, out))))
    keywords: list[tuple[str, Operand]] = []
    starred = next((at for at, argument in enumerate(node.args) if isinstance(argument, ast.Starred)), None)
    if starred is not None:
        del arguments[starred:]
        keywords.append(("", None))
    for keyword in node.keywords:
        keywords.append((keyword.arg or "", _lasting((yield evaluate(keyword.value, scope, out)))))
    if function == RESULT and len(out) > before:
        function = None
    parts = dotted(node.func)
    if _changes_own_names(node, parts):
        out.append(Open())
    if not isinstance(function, Path):
        return None
    special = _special(node, parts, function, arguments, dict(keywords))
    if special is not None:
        out.append(special)
        return RESULT if isinstance(special, ImportCall) else None
    out.append(Call(node.lineno, function, tuple(arguments), tuple(keywords)))
    return RESULT


def _lasting(operand: Operand) -> Operand:
    """An operand that still means the same once others are evaluated."""
    return None if operand == RESULT else operand


def _special(
    node: ast.Call, parts: tuple[str, ...], function: Path, arguments: Sequence[Operand], keywords: dict[str, Operand]
) -> Instruction | None:
    """The calls that mean something to imports, by the names that they go by."""
    given = [*arguments, None, None, None]
    match parts:
        case (*_, "import_module"):
            name = keywords.get("name", given[0])
            return ImportCall(node.lineno, function, name, keywords.get("package", given[1]), top=False)
        case ("__import__",):
            if len(arguments) > 1 or keywords:
                return Blur(node.lineno)
            return ImportCall(node.lineno, function, given[0], None, top=True)
        case ("setattr",):
            if isinstance(given[1], Text):
                return SetAttribute(given[0], given[1].text, given[2])
            return Open() if isinstance(given[0], Registered) else None
        case ("sys", "modules", "setdefault" | "pop" | "__setitem__"):
            return Register(given[0])
        case ("sys", "modules", "update"):
            return Register(None)
        case (name, "extend") if isinstance(arguments, list) and arguments:
            return Extend(name, arguments[0])
        case (name, "append") if len(arguments) == 1 and isinstance(arguments[0], Text):
            return Extend(name, Names((arguments[0].text,)))
    return None


def _changes_own_names(node: ast.Call, parts: tuple[str, ...]) -> bool:
    """Whether a call may add to its module's names or replace the module."""
    if not parts:
        return False
    if parts[0] in _OWN_NAMES and len(parts) == 1:
        return not (node.args and parts[0] == "vars")
    about_itself = any(isinstance(argument, ast.Name) and argument.id == "__name__" for argument in node.args)
    if about_itself and (parts[-1] in _REPLACERS or any(isinstance(key.value, ast.Dict) for key in node.keywords)):
        return True
    return any(
        isinstance(argument, ast.Subscript)
        and dotted(argument.value) == ("sys", "modules")
        and parts[-1] not in {"getattr", "hasattr", "setattr"}
        for argument in node.args
    )
