"""What evaluating an expression comes to: instructions, and what is known of its value."""

import ast
from collections.abc import Generator, Iterable, Sequence
from dataclasses import dataclass

from cycles.simulate.compile.instructions import (
    RESULT,
    Bind,
    Body,
    Branch,
    Call,
    Code,
    Extend,
    Fixed,
    GiveUnknownNames,
    ImportCall,
    Instruction,
    Joined,
    Names,
    Operand,
    Path,
    Register,
    Registered,
    SetAttribute,
    Use,
)
from cycles.simulate.trampoline import Eventual, Step, drive
from cycles.source.conditions import SpecialNames, World, dotted, holds

_OWN_NAMES = {"globals", "vars", "locals", "exec", "execfile"}
_REGISTERED = "_(registered)"
"""Where an entry of `sys.modules` waits for its attributes to be looked up; no name of Python's, and private."""
_REPLACERS = {"recreate_module", "attach", "attach_stub", "lazy_import", "deprecate_module"}
LEAVES = (ast.Constant, ast.Name, ast.expr_context, ast.operator, ast.cmpop, ast.boolop, ast.unaryop)
"""Nodes that do nothing when they are evaluated."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Where code stands: its module, the Python it is for, and the names that mean something special in it."""

    module: str
    is_package: bool
    world: World
    special: SpecialNames
    annotations: bool


class Expressions:
    """A compiler of expressions: what they do is appended to `out`, in its order.

    Every method that meets the user's code is a step of `drive`, or returns at once what is known of a value.
    """

    def __init__(self, scope: Scope, *, in_function: bool = False) -> None:
        """Nothing is compiled yet."""
        self.scope = scope
        self.in_function = in_function
        self.out: list[Instruction] = []
        self._hidden: frozenset[str] = frozenset()

    def evaluate(self, node: ast.expr | None) -> Eventual[Operand]:  # noqa: C901, PLR0912  a list of rules
        """Append what evaluating an expression does, and return what is known of its value."""
        match node:
            case None:
                return None
            case ast.Constant(value=value):
                return _literal(value)
            case ast.Name(id=name):
                return None if name in self._hidden else Path(name)
            case ast.Attribute():
                return self._attribute(node)
            case ast.Call():
                return self._call(node)
            case ast.List(elts=elements) | ast.Tuple(elts=elements) | ast.Set(elts=elements):
                return self._collection(elements)
            case ast.Dict(keys=keys, values=values):
                texts = Names(_texts([key for key in keys if key]))
                return self._each([*filter(None, keys), *values], texts)
            case ast.BinOp(left=left, op=ast.Add(), right=right):
                return self._sum(left, right)
            case ast.Subscript(value=value, slice=index):
                return self._subscript(value, index)
            case ast.BoolOp():
                return self._shortcut(node)
            case ast.IfExp():
                return self._either(node)
            case ast.NamedExpr(target=target, value=value):
                return self._named(target, value)
            case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
                return self._comprehension(node)
            case ast.Lambda(args=arguments):
                return self._each([*arguments.defaults, *filter(None, arguments.kw_defaults)])
            case _:
                return self._each([child for child in ast.iter_child_nodes(node) if isinstance(child, ast.expr)])

    def known(self, node: ast.expr) -> Operand:
        """Return what is known of the value of an expression that has been evaluated before."""
        before, self.out = self.out, []
        operand = drive(self.evaluate(node))
        self.out = before
        return _lasting(operand)

    def bind(self, names: Iterable[str], operand: "Body | Operand" = None) -> None:
        """Append the binding of names."""
        self.out.append(Bind(tuple((name, operand) for name in names)))

    def operands(self, nodes: Sequence[ast.expr]) -> Generator[Eventual[Operand], Operand, list[Operand]]:
        """Append expressions that are evaluated in turn, and return what is known of their values."""
        found: list[Operand] = []
        for node in nodes:
            found.append((yield self.evaluate(node)))
        return found

    def maybe(self, nodes: Sequence[ast.expr]) -> Generator[Eventual[Operand], Operand, Code]:
        """Return the code of expressions that may be evaluated or not."""
        before, self.out = self.out, []
        for node in nodes:
            yield self.evaluate(node)
        code, self.out = tuple(self.out), before
        return code

    def _each(self, nodes: Iterable[ast.expr], operand: Operand = None) -> Eventual[Operand]:
        """Append expressions that are evaluated in turn, for a value of which something is known or nothing."""
        active = [node for node in nodes if not isinstance(node, LEAVES)]
        return self._in_turn(active, operand) if active else operand

    def _in_turn(self, nodes: Sequence[ast.expr], operand: Operand) -> Step[Operand]:
        for node in nodes:
            yield self.evaluate(node)
        return operand

    def _attribute(self, node: ast.Attribute) -> Step[Operand]:
        attributes, lines = [], []
        base: ast.expr = node
        while isinstance(base, ast.Attribute):
            attributes.append(base.attr)
            # Python blames the line of the attribute's name.
            lines.append(base.end_lineno or base.lineno)
            base = base.value
        root = yield self.evaluate(base)
        if isinstance(root, Registered):
            self.bind([_REGISTERED], root)
            root = Path(_REGISTERED)
        if not isinstance(root, Path) or root.attributes:
            return None
        path = Path(root.root, tuple(reversed(attributes)), tuple(reversed(lines)))
        self.out.append(Use(path))
        return path if path.root else RESULT

    def _collection(self, elements: Sequence[ast.expr]) -> Eventual[Operand]:
        texts = _texts(elements)
        starred = [element.value for element in elements if isinstance(element, ast.Starred)]
        operand: Operand = None
        if len(texts) == len(elements):
            operand = Names(texts)
        elif len(texts) + len(starred) == len(elements):
            operand = Joined((Names(texts), *(path_of(value) for value in starred)))
        return self._each(elements, operand)

    def _sum(self, left: ast.expr, right: ast.expr) -> Step[Operand]:
        first = yield self.evaluate(left)
        second = yield self.evaluate(right)
        parts = [*_parts(first), *_parts(second)]
        return None if None in parts else Joined(tuple(parts))

    def _subscript(self, value: ast.expr, index: ast.expr) -> Step[Operand]:
        yield self.evaluate(value)
        key = yield self.evaluate(index)
        return Registered(key) if is_registry(value) else None

    def _shortcut(self, node: ast.BoolOp) -> Step[Operand]:
        """`and`, `or`: what comes after the first may not be evaluated."""
        for number, value in enumerate(node.values):
            yield self.evaluate(value)
            truth = self.holds(value)
            if truth is isinstance(node.op, ast.Or):
                return None
            if truth is None:
                code = yield from self.maybe(node.values[number + 1 :])
                self._branch(code)
                return None
        return None

    def _either(self, node: ast.IfExp) -> Step[Operand]:
        yield self.evaluate(node.test)
        truth = self.holds(node.test)
        if truth is not None:
            return (yield self.evaluate(node.body if truth else node.orelse))
        body = yield from self.maybe([node.body])
        otherwise = yield from self.maybe([node.orelse])
        self._branch(body, otherwise)
        return None

    def _branch(self, code: Code, otherwise: Code = ()) -> None:
        if code or otherwise:
            self.out.append(Branch(None, code, otherwise))

    def holds(self, test: ast.expr) -> bool | None:
        """Whether a condition holds in every program; None where that is not known."""
        return holds(test, self.scope.special, self.scope.world)

    def _named(self, target: ast.Name, value: ast.expr) -> Step[Operand]:
        self.bind([target.id], (yield self.evaluate(value)))
        return Path(target.id)

    def _comprehension(self, node: ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp) -> Step[Operand]:
        """Only the first iterable is certain to be evaluated."""
        yield self.evaluate(node.generators[0].iter)
        names = {name for generator in node.generators for name in bound_names(generator.target)}
        inner = [condition for generator in node.generators for condition in generator.ifs]
        inner.extend(generator.iter for generator in node.generators[1:])
        inner.extend([node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt])
        before, self._hidden = self._hidden, self._hidden | names
        code = yield from self.maybe(inner)
        self._hidden = before
        self._branch(code)
        return None

    def _call(self, node: ast.Call) -> Step[Operand]:
        function = yield self.evaluate(node.func)
        before = len(self.out)
        arguments = [_lasting(found) for found in (yield from self.operands(node.args))]
        values = yield from self.operands([keyword.value for keyword in node.keywords])
        keywords = [(keyword.arg or "", _lasting(found)) for keyword, found in zip(node.keywords, values, strict=True)]
        starred = next((at for at, argument in enumerate(node.args) if isinstance(argument, ast.Starred)), None)
        if starred is not None:
            del arguments[starred:]
            keywords.insert(0, ("", None))
        if function == RESULT and len(self.out) > before:
            function = None
        parts = dotted(node.func)
        if parts and _changes_own_names(node, parts):
            self.out.append(GiveUnknownNames())
        if not isinstance(function, Path):
            return None
        special = _special(node, parts, function, arguments, dict(keywords))
        self.out.append(special or Call(node.lineno, function, tuple(arguments), tuple(keywords)))
        return RESULT if special is None or isinstance(special, ImportCall) else None


def bound_names(target: ast.expr) -> list[str]:
    """Return the names that an assignment to a target binds."""
    return [node.id for node in ast.walk(target) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)]


def is_registry(node: ast.expr) -> bool:
    """Whether an expression is `sys.modules`."""
    return dotted(node) == ("sys", "modules")


def path_of(node: ast.expr) -> Path | None:
    """Return a dotted name as an operand, None where the expression is none."""
    parts = dotted(node)
    return Path(parts[0], parts[1:], (node.lineno,) * (len(parts) - 1)) if parts else None


def _lasting(operand: Operand) -> Operand:
    """Return an operand that still means the same once others are evaluated."""
    return None if operand == RESULT else operand


def _literal(value: object) -> Operand:
    if isinstance(value, str):
        return value
    return Fixed(value) if value is None or isinstance(value, int | float) else None


def _texts(nodes: Sequence[ast.expr]) -> tuple[str, ...]:
    return tuple(node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str))


def _parts(operand: Operand) -> tuple[Operand, ...]:
    return operand.operands if isinstance(operand, Joined) else (operand,)


def _special(
    node: ast.Call, parts: tuple[str, ...], function: Path, arguments: list[Operand], keywords: dict[str, Operand]
) -> Instruction | None:
    """Return what a call means that means something to imports, by the name that it goes by."""
    first, second, third, *_ = [*arguments, None, None, None]
    match parts:
        case (*_, "import_module"):
            name, package = keywords.get("name", first), keywords.get("package", second)
            return ImportCall(node.lineno, function, name, package, top=False)
        case ("__import__",):
            plain = len(arguments) <= 1 and not keywords
            return ImportCall(node.lineno, function, first if plain else None, None, top=True)
        case ("setattr",):
            if isinstance(second, str):
                return SetAttribute(first, second, third)
            return GiveUnknownNames() if isinstance(first, Registered) else None
        case ("sys", "modules", "setdefault" | "pop" | "__setitem__"):
            return Register(first)
        case ("sys", "modules", "update"):
            return Register(None)
        case (name, "extend") if arguments:
            return Extend(name, first)
        case (name, "append") if len(arguments) == 1 and isinstance(first, str):
            return Extend(name, Names((first,)))
    return None


def _changes_own_names(node: ast.Call, parts: tuple[str, ...]) -> bool:
    """Whether a call may add to its module's names or replace the module."""
    if len(parts) == 1 and parts[0] in _OWN_NAMES:
        return not (node.args and parts[0] == "vars")
    about_itself = any(isinstance(argument, ast.Name) and argument.id == "__name__" for argument in node.args)
    if about_itself and (parts[-1] in _REPLACERS or any(isinstance(key.value, ast.Dict) for key in node.keywords)):
        return True
    subscripts = [argument for argument in node.args if isinstance(argument, ast.Subscript)]
    return parts[-1] not in {"getattr", "hasattr", "setattr"} and any(is_registry(found.value) for found in subscripts)
