"""The source text of a module in; how it uses and binds each of its names, out: by one walk over its syntax tree."""

import ast
from collections import defaultdict
from dataclasses import dataclass, field
from enum import Enum, auto
from operator import attrgetter
from typing import NamedTuple

from cycles.source.conditions import SpecialNames, Truth, Version, all_versions, truth_of
from cycles.source.effects import exported_names, first_act, is_plain_base, is_quiet
from cycles.source.text import UnreadableError, parse

_LOOKUPS = frozenset(["dir", "eval", "exec", "globals", "locals", "vars"])
_NO_NODES = frozenset(["attr", "ctx", "op", "ops"])
_DATA = (ast.Dict, ast.List, ast.Tuple, ast.Set, ast.Starred, ast.Name)
_RUN_ON_SUBCLASSING = frozenset(
    ["__init_subclass__", "__class_getitem__", "__mro_entries__", "__new__", "__init__", "__call__"]
)


class Use(Enum):
    """When a use of a name takes place."""

    RUNS = auto()
    """While the module's body runs."""
    EVALUATED = auto()
    """In an annotation that is evaluated while the module's body runs."""
    INSPECTED = auto()
    """In an annotation that a decorator, a base class or metaclass may evaluate."""
    FUNCTION = auto()
    """In the body of a function."""
    TYPING = auto()
    """Never when the program runs."""


@dataclass(frozen=True, slots=True)
class Place:
    """One use of a name: `function` is the dotted name of the innermost function, `unit` what holds it at the top."""

    use: Use
    line_number: int
    function: str
    unit: str


@dataclass(frozen=True, slots=True)
class Binding:
    """One place that binds a name of the module, and whether that is sure to happen once."""

    line_number: int
    sure: bool


@dataclass(frozen=True, slots=True)
class Statement:
    """An import statement, whether the module's body runs it for sure, whether it stands there at all, or in what."""

    node: ast.Import | ast.ImportFrom
    sure: bool
    in_module: bool
    function: str


@dataclass(frozen=True, slots=True)
class Uses:
    """All uses and bindings of a module's names.

    `exported` are the names in `__all__`, None where that is computed and may hold any; `lookup` is
    the line of a `globals()` or the like, which may use any name; `texts` are its strings; `running` maps
    each function or class that runs while the module's body does to the line of what calls it; `acts` is
    the first line at which the body does more than define names.
    """

    places: dict[str, list[Place]]
    bindings: dict[str, list[Binding]]
    imports: dict[int, list[Statement]]
    exported: frozenset[str] | None
    lists_exports: bool
    lookup: int | None
    texts: tuple[str, ...]
    running: dict[str, int]
    acts: int | None


def uses_of(tree: ast.Module, text: str, names: SpecialNames, versions: tuple[Version, ...] | None = None) -> Uses:
    """How the module with that syntax tree and text uses its names.

    A list of open nodes stands for recursion, so that deep code costs no stack. Names resolve as in "Naming
    and binding" of the Python reference, 4.2; a name read in a class body counts as the module's.
    """
    hinted, future = "get_type_hints" in text, "annotations" in text and "__future__" in text
    walk = _Walk(names, versions or all_versions(), future=future, hinted=hinted)
    return walk.over(tree)


@dataclass(slots=True, eq=False)
class _Scope:
    parent: "_Scope | None"
    is_function: bool = False
    is_comprehension: bool = False
    bound: set[str] = field(default_factory=set)
    declared: set[str] = field(default_factory=set)


class _Context(NamedTuple):
    """What is known of a node from above."""

    scope: _Scope
    use: Use = Use.RUNS
    sure: bool = True
    function: str = ""
    unit: str = ""
    inspected: bool = False
    touches: bool = True
    alias: str = ""
    in_annotation: bool = False


class _Walk:
    """The open nodes, and what was found."""

    def __init__(self, names: SpecialNames, versions: tuple[Version, ...], *, future: bool, hinted: bool) -> None:
        self.names, self.versions = names, versions
        self.maybe_future, self.future, self.hinted = future, False, hinted
        self.module = _Scope(None)
        self.waiting: list[tuple[ast.AST, _Context]] = []
        self.loads: list[tuple[str, int, _Context]] = []
        self.stores: list[tuple[str, int, _Context]] = []
        self.imports: dict[int, list[Statement]] = defaultdict(list)
        self.strings: list[str] = []
        self.lookup: int | None = None
        self.inherits: dict[str, set[str]] = defaultdict(set)
        self.special: set[str] = set()

    def over(self, tree: ast.Module) -> Uses:
        self.future = self.maybe_future and any(
            isinstance(node, ast.ImportFrom) and node.module == "__future__" and _takes(node, "annotations")
            for node in tree.body
        )
        self.push(tree.body, _Context(self.module))
        while self.waiting:
            node, context = self.waiting.pop()
            self.visit(node, context)
        places, bindings = self.resolved()
        exported, lists = exported_names(tree)
        if any(not binding.sure for binding in bindings.get("__all__", ())):
            exported, lists = None, True
        return Uses(
            places=places,
            bindings=bindings,
            imports=dict(self.imports),
            exported=exported,
            lists_exports=lists,
            lookup=self.lookup,
            texts=tuple(self.strings),
            running=self.running(places),
            acts=first_act(tree),
        )

    def push(self, found: object, context: _Context) -> None:
        if isinstance(found, list):
            self.waiting += [(node, context) for node in found if isinstance(node, ast.AST)]
        elif isinstance(found, ast.AST):
            self.waiting.append((found, context))

    def visit(self, node: ast.AST, context: _Context) -> None:  # noqa: C901, PLR0912  one line for each kind of node
        match node:
            case ast.Name():
                (self.loads if isinstance(node.ctx, ast.Load) else self.stores).append((node.id, node.lineno, context))
            case ast.Constant():
                self.constant(node, context)
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                self.function(node, context)
            case ast.Lambda():
                self.arguments(node.args, context)
                self.push(node.body, context._replace(scope=self.inner(node.args, context), alias=""))
            case ast.ClassDef():
                self.class_(node, context)
            case ast.AnnAssign():
                self.annotated(node, context)
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                self.push(node.targets, context)
                self.push(value, context._replace(alias=name))
            case ast.If():
                self.branch(node, context)
            case ast.Import() | ast.ImportFrom():
                self.import_(node, context)
            case ast.Global():
                context.scope.declared.update(node.names)
            case ast.ListComp() | ast.SetComp() | ast.GeneratorExp() | ast.DictComp():
                self.comprehension(node, context)
            case ast.NamedExpr(target=target):
                outer = context.scope
                while outer.is_comprehension and outer.parent:
                    outer = outer.parent
                self.push(target, context._replace(scope=outer, sure=False))
                self.push(node.value, context)
            case _:
                self.other(node, context)

    def other(self, node: ast.AST, context: _Context) -> None:
        if isinstance(node, ast.ExceptHandler | ast.MatchAs | ast.MatchStar) and node.name:
            self.stores.append((node.name, node.lineno, context._replace(sure=False)))
        elif isinstance(node, ast.MatchMapping) and node.rest:
            self.stores.append((node.rest, node.lineno, context._replace(sure=False)))
        elif isinstance(node, ast.Call | ast.Subscript) and _looks_up(node):
            self.lookup = min(node.lineno, self.lookup or node.lineno)
        if context.alias and not isinstance(node, _DATA):
            context = context._replace(alias="")
        if context.sure and isinstance(node, ast.stmt) and not isinstance(node, ast.Assign | ast.Expr):
            context = context._replace(sure=False)
        for name in node._fields:
            if name not in _NO_NODES:
                self.push(getattr(node, name, None), context)

    def constant(self, node: ast.Constant, context: _Context) -> None:
        if not isinstance(node.value, str):
            return
        self.strings.append(node.value)
        if context.in_annotation:
            use = Use.INSPECTED if context.use is Use.INSPECTED else Use.TYPING
            for name in ast.walk(_parsed(node.value)):
                if isinstance(name, ast.Name):
                    self.loads.append((name.id, node.lineno, context._replace(use=use)))

    def function(self, node: ast.FunctionDef | ast.AsyncFunctionDef, context: _Context) -> None:
        self.stores.append((node.name, node.lineno, context))
        self.push(node.decorator_list, context)
        self.arguments(node.args, context)
        # Not by the class around it: what inspects fields leaves plain methods alone.
        inspecting = context._replace(inspected=self.hinted or not all(map(is_quiet, node.decorator_list)))
        for argument in _all_arguments(node.args):
            self.annotation(argument.annotation, inspecting)
        self.annotation(node.returns, inspecting)
        function = f"{context.function}.{node.name}" if context.function else node.name
        if not context.scope.is_function and node.name in _RUN_ON_SUBCLASSING and context.unit:
            self.special.add(context.unit)
        self.push(
            node.body,
            context._replace(
                scope=self.inner(node.args, context),
                use=Use.TYPING if context.use is Use.TYPING else Use.FUNCTION,
                function=function,
                unit=context.unit or node.name,
                sure=False,
                inspected=False,
                alias="",
            ),
        )

    def arguments(self, arguments: ast.arguments, context: _Context) -> None:
        """The defaults."""
        self.push([*arguments.defaults, *arguments.kw_defaults], context._replace(alias=""))

    def inner(self, arguments: ast.arguments, context: _Context) -> _Scope:
        return _Scope(context.scope, is_function=True, bound={found.arg for found in _all_arguments(arguments)})

    def annotation(self, annotation: ast.expr | None, context: _Context) -> None:
        use = context.use
        if use is Use.RUNS:
            use = Use.INSPECTED if context.inspected else Use.TYPING if self.future else Use.EVALUATED
        elif use is Use.FUNCTION and self.future:
            use = Use.TYPING
        self.push(annotation, context._replace(use=use, in_annotation=True, touches=False, alias=""))

    def class_(self, node: ast.ClassDef, context: _Context) -> None:
        self.stores.append((node.name, node.lineno, context))
        self.push(node.decorator_list, context)
        self.push(node.bases, context._replace(touches=False))
        self.push(node.keywords, context)
        unit = context.unit or node.name
        self.inherits[unit].update(base.id for base in node.bases if isinstance(base, ast.Name))
        inspected = bool(node.decorator_list or node.keywords) or not all(map(is_plain_base, node.bases))
        self.push(
            node.body,
            context._replace(
                scope=_Scope(context.scope),
                function=f"{context.function}.{node.name}" if context.function else node.name,
                unit=unit,
                inspected=inspected or self.hinted,
                alias="",
            ),
        )

    def annotated(self, node: ast.AnnAssign, context: _Context) -> None:
        self.push(node.target, context)
        alias = node.target.id if isinstance(node.target, ast.Name) else ""
        self.push(node.value, context._replace(alias=alias))
        local = context.use is Use.FUNCTION
        self.annotation(node.annotation, context._replace(use=Use.TYPING) if local else context)

    def branch(self, node: ast.If, context: _Context) -> None:
        inner = context._replace(sure=False)
        never = inner._replace(use=Use.TYPING, touches=False)
        as_main = inner._replace(touches=False)
        self.push(node.test, context)
        match truth_of(node.test, self.names, self.versions):
            case Truth.NEVER:
                body, otherwise = never, inner
            case Truth.ALWAYS:
                body, otherwise = inner, never
            case Truth.AS_MAIN:
                body, otherwise = as_main, inner
            case Truth.AS_MODULE:
                body, otherwise = inner, as_main
            case Truth.UNKNOWN:
                body, otherwise = inner, inner
        self.push(node.orelse, otherwise)
        self.push(node.body, body)

    def import_(self, node: ast.Import | ast.ImportFrom, context: _Context) -> None:
        in_module = context.scope is self.module
        self.imports[node.lineno].append(Statement(node, context.sure and in_module, in_module, context.function))
        for alias in node.names:
            self.stores.append((bound_name(node, alias), node.lineno, context))

    def comprehension(
        self, node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp, context: _Context
    ) -> None:
        context = context._replace(alias="")
        inner = context._replace(scope=_Scope(context.scope, is_function=True, is_comprehension=True))
        for name in node._fields:
            if name != "generators":
                self.push(getattr(node, name), inner)
        for number, generator in enumerate(node.generators):
            self.push(generator.iter, inner if number else context)
            self.push(generator.target, inner)
            self.push(generator.ifs, inner)

    def resolved(self) -> tuple[dict[str, list[Place]], dict[str, list[Binding]]]:
        """The uses and bindings of the module's own names, by line."""
        bindings: dict[str, list[Binding]] = defaultdict(list)
        for name, line_number, context in self.stores:
            scope = context.scope
            if scope is self.module:
                sure = context.sure and context.use is Use.RUNS
                bindings[name].append(Binding(line_number, sure))
            elif name in scope.declared:
                bindings[name].append(Binding(line_number, sure=False))
            else:
                scope.bound.add(name)
        places: dict[str, list[Place]] = defaultdict(list)
        for name, line_number, context in self.loads:
            if not _is_local(name, context.scope):
                places[name].append(Place(context.use, line_number, context.function, context.unit))
        for bound in bindings.values():
            bound.sort(key=attrgetter("line_number"))
        for used in places.values():
            used.sort(key=attrgetter("line_number"))
        return dict(places), dict(bindings)

    def running(self, places: dict[str, list[Place]]) -> dict[str, int]:
        """What runs while the module's body runs, and all that this refers to."""
        refers: dict[str, set[str]] = defaultdict(set)
        for unit, bases in self.inherits.items():
            refers[unit] |= bases
        roots: dict[str, int] = {}
        for name, line_number, context in self.loads:
            if context.use is Use.FUNCTION:
                refers[context.unit].add(name)
            elif context.use is Use.RUNS and context.alias:
                refers[context.alias].add(name)
            elif context.use is Use.RUNS and (context.touches or name in self.special) and name in places:
                roots[name] = min(line_number, roots.get(name, line_number))
        waiting = sorted(roots, key=lambda name: (roots[name], name))
        for name in waiting:
            for other in sorted(refers.get(name, ())):
                if other not in roots:
                    roots[other] = roots[name]
                    waiting.append(other)
        return roots


def bound_name(node: ast.Import | ast.ImportFrom, alias: ast.alias) -> str:
    """The name that one part of an import statement binds."""
    return alias.asname or (alias.name.partition(".")[0] if isinstance(node, ast.Import) else alias.name)


def _looks_up(node: ast.Call | ast.Subscript) -> bool:
    """Whether a node may use names of the module that nothing spells out."""
    match node:
        case ast.Call(func=ast.Name(id=name)):
            return name in _LOOKUPS
        case ast.Subscript(slice=ast.Name(id="__name__")):
            return True
    return False


def _is_local(name: str, scope: _Scope) -> bool:
    current: _Scope | None = scope
    while current is not None and current.parent is not None:
        if name in current.declared:
            return False
        if current.is_function and name in current.bound:
            return True
        current = current.parent
    return False


def _takes(node: ast.ImportFrom, name: str) -> bool:
    return any(alias.name == name for alias in node.names)


def _all_arguments(arguments: ast.arguments) -> list[ast.arg]:
    found = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, arguments.vararg, arguments.kwarg]
    return [argument for argument in found if argument is not None]


def _parsed(text: str) -> ast.AST:
    try:
        return parse(f"({text.strip()})")
    except UnreadableError:
        return ast.Pass()
