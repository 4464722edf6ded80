"""Lower expressions: from syntax trees to the trees that the simulated interpreter evaluates."""

import ast
from collections.abc import Generator, Iterable, Sequence
from dataclasses import dataclass, field

from cycles.simulate.compile.instructions import (
    NONE,
    SOMETHING,
    Attribute,
    Await,
    Body,
    Call,
    Choice,
    Code,
    Collection,
    Compare,
    Comprehension,
    Expression,
    Fixed,
    FunctionCode,
    MakeFunction,
    Named,
    Operation,
    Outside,
    Path,
    Return,
    Shortcut,
    Starred,
    Subscript,
    Table,
    Text,
    Yield,
)
from cycles.simulate.trampoline import Eventual, Step
from cycles.source.conditions import SpecialNames, Truth, Version, World, holds, truth_of
from cycles.source.tree_nodes import dotted, nodes_in

LEAVES = (ast.Constant, ast.Name)
"""Expressions that do nothing when they are evaluated."""
_OPERATORS: dict[type[ast.AST], str] = {
    ast.Add: "add",
    ast.Sub: "sub",
    ast.Mult: "mul",
    ast.MatMult: "matmul",
    ast.Div: "truediv",
    ast.Mod: "mod",
    ast.FloorDiv: "floordiv",
    ast.Pow: "pow",
    ast.LShift: "lshift",
    ast.RShift: "rshift",
    ast.BitAnd: "and",
    ast.BitOr: "or",
    ast.BitXor: "xor",
    ast.Not: "not_",
    ast.USub: "neg",
    ast.UAdd: "pos",
    ast.Invert: "invert",
    ast.Eq: "eq",
    ast.NotEq: "ne",
    ast.Lt: "lt",
    ast.LtE: "le",
    ast.Gt: "gt",
    ast.GtE: "ge",
    ast.Is: "is",
    ast.IsNot: "not_is",
    ast.In: "in",
    ast.NotIn: "not_in",
}
"""The method of each operator, without its underscores."""
_COMPREHENSIONS: dict[type[ast.AST], str] = {
    ast.ListComp: "list",
    ast.SetComp: "set",
    ast.DictComp: "dict",
    ast.GeneratorExp: "generator",
}
_CONVERSIONS = {ord("r"): "repr", ord("a"): "ascii", ord("s"): "str"}

Lowered = Eventual[Expression]
_Several = Generator[Lowered, Expression, tuple[Expression, ...]]


@dataclass(frozen=True, slots=True)
class Scope:
    """Where code stands: its module, the Python it is for, and the names that mean something special in it.

    `lambdas` are those that were met in the module so far, `parameters` the type parameters that the functions which
    were met may use: their own, and those of what is around them (PEP 695). `versions` are the releases for all of
    which conditions are judged, on any platform; None where only that of the `world` counts, and the platform at hand.
    """

    module: str
    is_package: bool
    world: World
    special: SpecialNames
    annotations: bool
    versions: tuple[Version, ...] | None = None
    lambdas: dict[Body, FunctionCode] = field(default_factory=dict)
    parameters: dict[Body, frozenset[str]] = field(default_factory=dict)


def operator(node: ast.AST) -> str:
    """Return the name of an operator's method, without its underscores."""
    return _OPERATORS[type(node)]


class Expressions:
    """A compiler of expressions. Every method that meets the user's code is a step of `drive`, or returns at once."""

    def __init__(self, scope: Scope) -> None:
        """Nothing is compiled yet; `yields` will say whether code at hand is that of a generator."""
        self.scope = scope
        self.yields = False
        self.parameters = frozenset[str]()

    def lower(self, node: ast.expr | None) -> Lowered:  # noqa: C901, PLR0912  a list of rules
        """Return what an expression comes to."""
        match node:
            case None:
                return NONE
            case ast.Constant(value=value):
                return literal(value)
            case ast.Name(id=name, ctx=ast.Load()) if name in self.parameters:
                return SOMETHING
            case ast.Name(id=name):
                return Path(name)
            case ast.Attribute():
                return self._attribute(node)
            case ast.Call():
                return self._call(node)
            case ast.List(elts=elements):
                return self._collection("list", elements)
            case ast.Tuple(elts=elements):
                return self._collection("tuple", elements)
            case ast.Set(elts=elements):
                return self._collection("set", elements)
            case ast.Dict():
                return self._table(node)
            case ast.BinOp(left=left, op=op, right=right):
                return self._operation(node.lineno, operator(op), left, right)
            case ast.UnaryOp(op=op, operand=operand):
                return self._operation(node.lineno, operator(op), operand)
            case ast.Compare():
                return self._compare(node)
            case ast.Subscript():
                return self._subscript(node)
            case ast.BoolOp():
                return self._shortcut(node)
            case ast.IfExp():
                return self._choice(node)
            case ast.NamedExpr():
                return self._named(node)
            case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
                return self._comprehension(node)
            case ast.Lambda():
                return self._lambda(node)
            case ast.JoinedStr():
                return self._text(node)
            case ast.Starred(value=value):
                return self._wrapped(value)
            case ast.Yield(value=value) | ast.YieldFrom(value=value):
                return self._yield(value, each=isinstance(node, ast.YieldFrom))
            case ast.Await(value=value):
                return self._await(value)
            case ast.Slice(lower=lower, upper=upper, step=step):
                return self._slice([lower, upper, step])
        return SOMETHING

    def several(self, nodes: Iterable[ast.expr]) -> _Several:
        """Return what several expressions come to."""
        found = []
        for node in nodes:
            found.append((yield self.lower(node)))
        return tuple(found)

    def holds(self, test: ast.expr) -> bool | None:
        """Whether a condition holds in every program; None where that is not known."""
        if self.scope.versions is None:
            return holds(test, self.scope.special, self.scope.world)
        found = truth_of(test, self.scope.special, self.scope.versions)
        return None if found is Truth.UNKNOWN else found in (Truth.ALWAYS, Truth.AS_MODULE)

    def _attribute(self, node: ast.Attribute) -> Step[Expression]:
        attributes: list[ast.Attribute] = []
        base: ast.expr = node
        while isinstance(base, ast.Attribute):
            attributes.insert(0, base)
            base = base.value
        # Python blames the line of the attribute's name.
        lines = tuple(one.end_lineno or one.lineno for one in attributes)
        if isinstance(base, ast.Name) and base.id not in self.parameters:
            return Path(base.id, tuple(one.attr for one in attributes), lines)
        found = yield self.lower(base)
        for one, line in zip(attributes, lines, strict=True):
            found = Attribute(found, one.attr, line)
        return found

    def _collection(self, kind: str, elements: Sequence[ast.expr]) -> Step[Expression]:
        return Collection(kind, (yield from self.several(elements)))

    def _table(self, node: ast.Dict) -> Step[Expression]:
        keys: list[Expression | None] = []
        for key in node.keys:
            keys.append((yield self.lower(key)) if key else None)
        return Table(tuple(keys), (yield from self.several(node.values)))

    def _operation(self, line_number: int, name: str, *operands: ast.expr) -> Step[Expression]:
        return Operation(line_number, name, (yield from self.several(operands)))

    def _compare(self, node: ast.Compare) -> Step[Expression]:
        left = yield self.lower(node.left)
        others = yield from self.several(node.comparators)
        return Compare(node.lineno, left, tuple(map(operator, node.ops)), others)

    def _subscript(self, node: ast.Subscript) -> Step[Expression]:
        value = yield self.lower(node.value)
        return Subscript(node.lineno, value, (yield self.lower(node.slice)))

    def _slice(self, parts: Sequence[ast.expr | None]) -> Step[Expression]:
        found = yield from self.several([part or ast.Constant(None) for part in parts])
        return Call(0, Outside("builtins.slice"), found)

    def _shortcut(self, node: ast.BoolOp) -> Step[Expression]:
        """`and`, `or`: what comes after a value that settles it is not evaluated."""
        either = isinstance(node.op, ast.Or)
        values: list[Expression] = []
        for value in node.values:
            truth = self.holds(value)
            if truth is not None and not isinstance(value, ast.Constant) and not binds_names(value):
                values.append(Fixed(truth))
            else:
                values.append((yield self.lower(value)))
            if truth is either:
                break
        return Shortcut(either, tuple(values)) if len(values) > 1 else values[0]

    def _choice(self, node: ast.IfExp) -> Step[Expression]:
        truth = self.holds(node.test)
        if truth is not None and not binds_names(node.test):
            return (yield self.lower(node.body if truth else node.orelse))
        test, body, otherwise = yield from self.several([node.test, node.body, node.orelse])
        return Choice(test, body, otherwise)

    def _named(self, node: ast.NamedExpr) -> Step[Expression]:
        return Named(node.target.id, (yield self.lower(node.value)))

    def _comprehension(self, node: ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp) -> Step[Expression]:
        loops = []
        for generator in node.generators:
            target, iterable = yield from self.several([generator.target, generator.iter])
            loops.append((target, iterable, (yield from self.several(generator.ifs))))
        results = [node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt]
        return Comprehension(_COMPREHENSIONS[type(node)], tuple(loops), (yield from self.several(results)))

    def _lambda(self, node: ast.Lambda) -> Step[Expression]:
        before, self.yields = self.yields, False
        value = yield self.lower(node.body)
        yields, self.yields = self.yields, before
        body = Body(self.scope.module, "<lambda>", node.lineno, node.end_lineno or node.lineno, node.col_offset)
        self.scope.lambdas[body] = function_code(node.args, (Return(value),), yields=yields)
        return MakeFunction(body, (yield from self.defaults(node.args)))

    def defaults(self, arguments: ast.arguments) -> Generator[Lowered, Expression, tuple[tuple[str, Expression], ...]]:
        """Return the defaults of parameters that are no literals."""
        found: list[tuple[str, Expression]] = []
        for name, default in _defaults(arguments):
            if not isinstance(default, ast.Constant):
                found.append((name, (yield self.lower(default))))
        return tuple(found)

    def _text(self, node: ast.JoinedStr) -> Step[Expression]:
        parts: list[Expression] = []
        for part in node.values:
            if isinstance(part, ast.FormattedValue):
                value = yield self.lower(part.value)
                how = (yield self.lower(part.format_spec)) if part.format_spec else ""
                name = _CONVERSIONS.get(part.conversion, "")
                value = Call(part.lineno, Outside(f"builtins.{name}"), (value,)) if name else value
                parts.append(Call(part.lineno, Outside("builtins.format"), (value, how)))
            else:
                parts.append((yield self.lower(part)))
        return Text(node.lineno, tuple(parts))

    def _wrapped(self, node: ast.expr) -> Step[Expression]:
        return Starred((yield self.lower(node)))

    def _yield(self, node: ast.expr | None, *, each: bool) -> Step[Expression]:
        self.yields = True
        return Yield((yield self.lower(node)), each)

    def _await(self, node: ast.expr) -> Step[Expression]:
        return Await((yield self.lower(node)))

    def _call(self, node: ast.Call) -> Step[Expression]:
        function = yield self.lower(node.func)
        arguments = yield from self.several(node.args)
        values = yield from self.several([keyword.value for keyword in node.keywords])
        keywords = tuple((keyword.arg or "", value) for keyword, value in zip(node.keywords, values, strict=True))
        return Call(node.lineno, function, arguments, keywords)


def function_code(
    arguments: ast.arguments,
    code: Code,
    *,
    shared: Iterable[str] = (),
    outer: Iterable[str] = (),
    yields: bool = False,
    waits: bool = False,
) -> FunctionCode:
    """Return a function's code with what its parameters are."""
    positional = [argument.arg for argument in (*arguments.posonlyargs, *arguments.args)]
    literals = [
        (name, literal(default.value)) for name, default in _defaults(arguments) if isinstance(default, ast.Constant)
    ]
    return FunctionCode(
        names=(*positional, *(argument.arg for argument in arguments.kwonlyargs)),
        positions=len(positional),
        rest=arguments.vararg.arg if arguments.vararg else None,
        keywords=arguments.kwarg.arg if arguments.kwarg else None,
        literals=tuple(literals),
        code=code,
        shared=frozenset(shared),
        outer=frozenset(outer),
        yields=yields,
        waits=waits,
        only=len(arguments.posonlyargs),
    )


def binds_names(node: ast.expr) -> bool:
    """Whether an expression has `:=` in it, so that it is evaluated even where its value is known."""
    return any(isinstance(one, ast.NamedExpr) for one in nodes_in(node))


def path_of(node: ast.expr) -> Path | None:
    """Return a dotted name as an expression, None where it is none."""
    parts = dotted(node)
    return Path(parts[0], parts[1:], (node.lineno,) * (len(parts) - 1)) if parts else None


def literal(value: object) -> str | Fixed | Outside:
    """Return what is known of a literal."""
    if isinstance(value, str):
        return value
    return Fixed(value) if value is None or isinstance(value, int | float) else SOMETHING


def _defaults(arguments: ast.arguments) -> list[tuple[str, ast.expr]]:
    """Return the parameters that have defaults, with these."""
    positional = [*arguments.posonlyargs, *arguments.args]
    pairs = [*zip(reversed(positional), reversed(arguments.defaults), strict=False)][::-1]
    others = zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
    return [(argument.arg, default) for argument, default in (*pairs, *others) if default is not None]
