"""How a module uses and binds each of its names: one walk over its syntax tree."""

import ast
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import NamedTuple

from cycles.source.conditions import Truth, Version, all_versions, truth_of
from cycles.source.effects import exported_names, first_act, is_plain_base, is_quiet
from cycles.source.import_statements import ImportNode, bound_name
from cycles.source.module import SourceFile
from cycles.source.text import UnreadableError, parse
from cycles.source.values import FunctionPlace

_LOOKUPS = frozenset(["dir", "eval", "exec", "globals", "locals", "vars"])
_DATA = (ast.Dict, ast.List, ast.Tuple, ast.Set, ast.Starred, ast.Name)
_RUN_ON_SUBCLASSING = frozenset(
    ["__init_subclass__", "__class_getitem__", "__mro_entries__", "__new__", "__init__", "__call__"]
)
_Comprehension = ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp
_Function = ast.FunctionDef | ast.AsyncFunctionDef


class Use(Enum):
    """When a use of a name takes place."""

    RUNS = auto()
    """While the module's body runs."""
    LAMBDA = auto()
    """In a lambda of the module's body, which may be called while that runs."""
    EVALUATED = auto()
    """In an annotation that is evaluated while the module's body runs."""
    INSPECTED = auto()
    """In an annotation that a decorator, a base class or metaclass may evaluate."""
    FUNCTION = auto()
    """In the body of a function."""
    TYPING = auto()
    """Never when the program runs."""


class Place(NamedTuple):
    """One use of a name: `function` is the dotted name of the innermost function, `unit` what holds it at the top.

    `column` is where the name stands in the bytes of its line, -1 in a string; `attributes` are those read of it there.
    `outermost` is the outermost function around it, None where there is none.
    """

    use: Use
    line_number: int
    function: str
    unit: str
    column: int
    attributes: tuple[str, ...]
    outermost: FunctionPlace | None


class _Load(NamedTuple):
    """A use of a name before its scope is known."""

    name: str
    line_number: int
    column: int
    attributes: tuple[str, ...]
    context: "_Context"


@dataclass(frozen=True, slots=True)
class Binding:
    """One place that binds a name of the module, and whether that is sure to happen once."""

    line_number: int
    sure: bool


@dataclass(frozen=True, slots=True)
class Statement:
    """An import statement, and where it runs: certainly with the module's body, perhaps, or in a function."""

    node: ImportNode
    sure: bool
    in_module: bool
    function: str


@dataclass(frozen=True, slots=True)
class Uses:
    """All uses and bindings of a module's names.

    `loads` are the lines that use each name, with what is known of them; `exported` are the names in `__all__`, None
    where that is computed and may hold any; `lookup` is the line of a `globals()` or the like, which may use any name;
    `texts` are its strings; `running` maps each function or class that runs while the module's body does to the line
    of what calls it; `acts` is the first line at which the body does more than define names.
    """

    loads: dict[str, list[_Load]]
    bindings: dict[str, list[Binding]]
    imports: dict[int, list[Statement]]
    exported: frozenset[str] | None
    lists_exports: bool
    lookup: int | None
    texts: tuple[str, ...]
    running: dict[str, int]
    acts: int | None

    def places(self, name: str) -> list[Place]:
        """The uses of a name, by line."""
        found = sorted(self.loads.get(name, ()), key=lambda load: load[1:3])
        return [
            Place(context.use, line_number, context.function, context.unit, column, attributes, context.outermost)
            for _, line_number, column, attributes, context in found
        ]


def uses_in(file: SourceFile, versions: tuple[Version, ...] | None = None) -> Uses:
    """Return how the module of a file uses its names; raises UnreadableError, RecursionError.

    A list of open nodes stands for recursion, so that deep code costs no stack. Names resolve as in "Naming
    and binding" of the Python reference, 4.2; a name read in a class body counts as the module's.
    """
    walk = _Walk(file, versions or all_versions())
    found = walk.over(file.tree)
    file.forget_tree()
    return found


def names_running(file: SourceFile, versions: tuple[Version, ...] | None = None) -> frozenset[str]:
    """The names that the body of a module uses while it runs; raises UnreadableError, RecursionError."""
    loads = uses_in(file, versions).loads
    return frozenset(name for name, found in loads.items() if any(load.context.use is Use.RUNS for load in found))


@dataclass(slots=True, eq=False)
class _Scope:
    parent: "_Scope | None"
    is_function: bool = False
    is_comprehension: bool = False
    bound: set[str] = field(default_factory=set)
    declared: set[str] = field(default_factory=set)
    local: dict[str, bool] = field(default_factory=dict)
    """What was found out of names that are used in it."""


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
    outermost: FunctionPlace | None = None


class _Walk:
    """The open nodes, and what was found."""

    def __init__(self, file: SourceFile, versions: tuple[Version, ...]) -> None:
        text = file.text
        self.names, self.versions = file.special_names, versions
        self.future = "annotations" in text and "__future__" in text
        self.hinted = "get_type_hints" in text
        self.lists_exports = "__all__" in text
        self.module = _Scope(None)
        # Nodes that share a context: most nodes are no more than parts of an expression.
        self.waiting: list[tuple[list[ast.AST | None], _Context]] = []
        self.loads: list[_Load] = []
        self.stores: list[tuple[str, int, _Context]] = []
        self.imports: dict[int, list[Statement]] = defaultdict(list)
        self.strings: list[str] = []
        self.lookup: int | None = None
        self.inherits: dict[str, set[str]] = defaultdict(set)
        self.special: set[str] = set()

    def over(self, tree: ast.Module) -> Uses:
        self.future = self.future and any(
            isinstance(node, ast.ImportFrom)
            and node.module == "__future__"
            and any(alias.name == "annotations" for alias in node.names)
            for node in tree.body
        )
        self.push(tree.body, _Context(self.module))
        while self.waiting:
            self.visit(*self.waiting.pop())
        loads, bindings = self.resolved()
        exported, lists = exported_names(tree) if self.lists_exports else (frozenset[str](), False)
        if any(not binding.sure for binding in bindings.get("__all__", ())):
            exported, lists = None, True
        return Uses(
            loads=loads,
            bindings=bindings,
            imports=dict(self.imports),
            exported=exported,
            lists_exports=lists,
            lookup=self.lookup,
            texts=tuple(self.strings),
            running=self.running(loads),
            acts=first_act(tree),
        )

    def push(self, found: Iterable[ast.AST | None], context: _Context) -> None:
        nodes = list(found)
        if nodes:
            self.waiting.append((nodes, context))

    def visit(  # noqa: C901, PLR0912  the hottest loop of `cycles cuts`: no calls for the most frequent kinds of node
        self, nodes: list[ast.AST | None], context: _Context
    ) -> None:
        """Look at nodes and what is in them; what has a context of its own waits."""
        loads = self.loads
        while nodes:
            node = nodes.pop()
            if isinstance(node, ast.Name):
                if isinstance(node.ctx, ast.Load):
                    loads.append(_Load(node.id, node.lineno, node.col_offset, (), context))
                else:
                    self.stores.append((node.id, node.lineno, context))
            elif isinstance(node, ast.Constant):
                if isinstance(node.value, str):
                    self.text(node.value, node.lineno, context)
            elif isinstance(node, ast.Attribute) and not context.alias:
                base, attributes = chain_of(node)
                if isinstance(base, ast.Name):
                    loads.append(_Load(base.id, base.lineno, base.col_offset, attributes, context))
                else:
                    nodes.append(base)
            elif node is None:
                continue
            elif type(node) in _SPECIAL:
                self.special_node(node, context)
            elif isinstance(node, ast.Assign) and context.use is Use.RUNS:
                self.assigned(node, context)
            elif context.alias and not isinstance(node, _DATA):
                self.push([node], context._replace(alias=""))
            elif context.sure and isinstance(node, ast.stmt) and not isinstance(node, ast.Assign | ast.Expr):
                self.push(ast.iter_child_nodes(node), context._replace(sure=False))
            else:
                if isinstance(node, ast.Call | ast.Subscript) and _looks_up(node):
                    self.lookup = min(node.lineno, self.lookup or node.lineno)
                for name in _FIELDS.get(type(node), ()):
                    value = getattr(node, name)
                    if isinstance(value, list):
                        nodes += value
                    elif value is not None:
                        nodes.append(value)

    def special_node(  # noqa: C901  one case for each kind of node
        self, node: ast.AST, context: _Context
    ) -> None:
        """Look at a node that binds names, or holds parts with a context of their own."""
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                self.function(node, context)
            case ast.Lambda():
                self.defaults(node.args, context)
                use = Use.LAMBDA if context.use is Use.RUNS else context.use
                self.push([node.body], context._replace(scope=self.inner(node.args, context), use=use, alias=""))
            case ast.ClassDef():
                self.class_(node, context)
            case ast.AnnAssign():
                self.annotated(node, context)
            case ast.If():
                self.branch(node, context)
            case ast.Import() | ast.ImportFrom():
                self.import_(node, context)
            case ast.Global():
                context.scope.declared.update(node.names)
                # A local import would not bind such a name, or could not stand before its declaration.
                self.stores += ((name, node.lineno, context) for name in node.names)
            case ast.ListComp() | ast.SetComp() | ast.GeneratorExp() | ast.DictComp():
                self.comprehension(node, context)
            case ast.NamedExpr(target=target):
                outer = context.scope
                while outer.is_comprehension and outer.parent:
                    outer = outer.parent
                self.push([target], context._replace(scope=outer, sure=False))
                self.push([node.value], context)
            case ast.ExceptHandler(name=name) | ast.MatchAs(name=name) | ast.MatchStar(name=name):
                self.bind(name, node, context)
            case ast.MatchMapping(rest=name):
                self.bind(name, node, context)

    def assigned(self, node: ast.Assign, context: _Context) -> None:
        self.push(node.targets, context)
        match node.targets:
            case [ast.Name(id=alias)]:
                self.push([node.value], context._replace(alias=alias))
            case _:
                self.push([node.value], context)

    def bind(self, name: str | None, node: ast.ExceptHandler | ast.pattern, context: _Context) -> None:
        inner = context._replace(sure=False, alias="")
        if name:
            self.stores.append((name, node.lineno, inner))
        self.push(ast.iter_child_nodes(node), inner)

    def text(self, text: str, line_number: int, context: _Context) -> None:
        self.strings.append(text)
        if context.in_annotation:
            use = Use.INSPECTED if context.use is Use.INSPECTED else Use.TYPING
            context = context._replace(use=use)
            waiting = [_parsed(text)]
            for node in waiting:
                base, attributes = chain_of(node) if isinstance(node, ast.Attribute) else (node, ())
                if isinstance(base, ast.Name):
                    self.loads.append(_Load(base.id, line_number, -1, attributes, context))
                else:
                    waiting += ast.iter_child_nodes(base)

    def function(self, node: _Function, context: _Context) -> None:
        self.stores.append((node.name, node.lineno, context))
        self.push(node.decorator_list, context)
        self.defaults(node.args, context)
        # Not by the class around it: what inspects fields leaves plain methods alone.
        inspecting = context._replace(inspected=self.hinted or not all(map(is_quiet, node.decorator_list)))
        self.annotations([*(found.annotation for found in _all_arguments(node.args)), node.returns], inspecting)
        function = f"{context.function}.{node.name}" if context.function else node.name
        if not context.scope.is_function and node.name in _RUN_ON_SUBCLASSING and context.unit:
            self.special.add(context.unit)
        scope = self.inner(node.args, context)
        self.type_parameters(node, scope, context)
        self.push(
            node.body,
            context._replace(
                scope=scope,
                use=Use.TYPING if context.use is Use.TYPING else Use.FUNCTION,
                function=function,
                outermost=context.outermost or FunctionPlace(function, node.lineno),
                unit=context.unit or node.name,
                sure=False,
                inspected=False,
                alias="",
            ),
        )

    def defaults(self, arguments: ast.arguments, context: _Context) -> None:
        self.push([*arguments.defaults, *arguments.kw_defaults], context._replace(alias=""))

    def inner(self, arguments: ast.arguments, context: _Context) -> _Scope:
        return _Scope(context.scope, is_function=True, bound={found.arg for found in _all_arguments(arguments)})

    def type_parameters(self, node: ast.AST, scope: _Scope, context: _Context) -> None:
        """Type parameters (PEP 695) are names of their own; what bounds them is evaluated when somebody asks."""
        parameters: list[ast.AST] = getattr(node, "type_params", [])
        scope.bound.update(getattr(parameter, "name", "") for parameter in parameters)
        bounds = (bound for parameter in parameters for bound in ast.iter_child_nodes(parameter))
        use = context.use if context.use is Use.TYPING else Use.INSPECTED
        self.push(bounds, context._replace(use=use, in_annotation=True, touches=False, alias=""))

    def annotations(self, found: Iterable[ast.expr | None], context: _Context) -> None:
        use = context.use
        if use is Use.RUNS:
            use = Use.INSPECTED if context.inspected else Use.TYPING if self.future else Use.EVALUATED
        elif use is Use.FUNCTION and self.future:
            use = Use.TYPING
        self.push(found, context._replace(use=use, in_annotation=True, touches=False, alias=""))

    def class_(self, node: ast.ClassDef, context: _Context) -> None:
        self.stores.append((node.name, node.lineno, context))
        self.push(node.decorator_list, context)
        self.push(node.bases, context._replace(touches=False))
        self.push(node.keywords, context)
        unit = context.unit or node.name
        self.inherits[unit].update(base.id for base in node.bases if isinstance(base, ast.Name))
        inspected = bool(node.decorator_list or node.keywords) or not all(map(is_plain_base, node.bases))
        scope = _Scope(context.scope)
        self.type_parameters(node, scope, context)
        self.push(
            node.body,
            context._replace(
                scope=scope,
                function=f"{context.function}.{node.name}" if context.function else node.name,
                unit=unit,
                inspected=inspected or self.hinted,
                alias="",
            ),
        )

    def annotated(self, node: ast.AnnAssign, context: _Context) -> None:
        self.push([node.target], context)
        alias = node.target.id if isinstance(node.target, ast.Name) else ""
        self.push([node.value], context._replace(alias=alias))
        local = context.use is Use.FUNCTION
        self.annotations([node.annotation], context._replace(use=Use.TYPING) if local else context)

    def branch(self, node: ast.If, context: _Context) -> None:
        body = otherwise = context._replace(sure=False) if context.sure else context
        match truth_of(node.test, self.names, self.versions):
            case Truth.NEVER:
                body = body._replace(use=Use.TYPING, touches=False)
            case Truth.ALWAYS:
                otherwise = otherwise._replace(use=Use.TYPING, touches=False)
            case Truth.AS_MAIN:
                body = body._replace(touches=False)
            case Truth.AS_MODULE:
                otherwise = otherwise._replace(touches=False)
            case Truth.UNKNOWN:
                self.push([node.test, *node.body, *node.orelse], body)
                return
        self.push([node.test], context)
        self.push(node.orelse, otherwise)
        self.push(node.body, body)

    def import_(self, node: ImportNode, context: _Context) -> None:
        in_module = context.scope is self.module
        self.imports[node.lineno].append(Statement(node, context.sure and in_module, in_module, context.function))
        for alias in node.names:
            self.stores.append((bound_name(node, alias), node.lineno, context))

    def comprehension(self, node: _Comprehension, context: _Context) -> None:
        context = context._replace(alias="")
        inner = context._replace(scope=_Scope(context.scope, is_function=True, is_comprehension=True))
        self.push((getattr(node, name) for name in node._fields if name != "generators"), inner)
        for number, generator in enumerate(node.generators):
            self.push([generator.iter], inner if number else context)
            self.push([generator.target, *generator.ifs], inner)

    def resolved(self) -> tuple[dict[str, list[_Load]], dict[str, list[Binding]]]:
        """The uses of the names that are no locals, and the bindings of the module's own, by line."""
        bindings: dict[str, list[Binding]] = defaultdict(list)
        for name, line_number, context in self.stores:
            scope = context.scope
            if scope is self.module:
                bindings[name].append(Binding(line_number, context.sure and context.use is Use.RUNS))
            elif name in scope.declared:
                bindings[name].append(Binding(line_number, sure=False))
            else:
                scope.bound.add(name)
        loads: dict[str, list[_Load]] = defaultdict(list)
        for load in self.loads:
            name, scope = load.name, load.context.scope
            if load.context.use is Use.FUNCTION and not scope.is_function and name in scope.bound:
                # A class body in a function reads what it has not bound yet from the module, past the function.
                bindings[name].append(Binding(load.line_number, sure=False))
            if scope is not self.module:
                local = scope.local.get(name)
                if local is None:
                    local = scope.local[name] = _is_local(name, scope)
                if local:
                    continue
            loads[name].append(load)
        for bound in bindings.values():
            bound.sort(key=lambda binding: binding.line_number)
        return dict(loads), dict(bindings)

    def running(self, loads: dict[str, list[_Load]]) -> dict[str, int]:
        """What runs while the module's body runs, and all that this refers to."""
        refers: dict[str, set[str]] = defaultdict(set)
        for unit, bases in self.inherits.items():
            refers[unit] |= bases
        roots: dict[str, int] = {}
        for name, line_number, _, _, context in self.loads:
            use = context.use
            if use is Use.FUNCTION:
                refers[context.unit].add(name)
            elif use is Use.RUNS and context.alias:
                refers[context.alias].add(name)
            elif (use is Use.RUNS or use is Use.LAMBDA) and (context.touches or name in self.special) and name in loads:
                roots[name] = min(line_number, roots.get(name, line_number))
        waiting = sorted(roots, key=lambda name: (roots[name], name))
        for name in waiting:
            for other in sorted(refers.get(name, ())):
                if other not in roots:
                    roots[other] = roots[name]
                    waiting.append(other)
        return roots


_SPECIAL = frozenset[type[ast.AST]](
    [
        *(ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef, ast.AnnAssign, ast.If),
        *(ast.Import, ast.ImportFrom, ast.Global, ast.ListComp, ast.SetComp, ast.GeneratorExp, ast.DictComp),
        *(ast.NamedExpr, ast.ExceptHandler, ast.MatchAs, ast.MatchStar, ast.MatchMapping),
    ]
)
"""What `special_node` knows; a set of types is asked faster than `isinstance`."""


_PLAIN_FIELDS = ("arg", "attr", "conversion", "ctx", "id", "kind", "op", "ops")
_FIELDS = {
    kind: tuple(name for name in kind._fields if name not in _PLAIN_FIELDS)
    for kind in vars(ast).values()
    if isinstance(kind, type) and issubclass(kind, ast.AST)
}
"""The fields of each kind of node that may hold others."""


def _looks_up(node: ast.Call | ast.Subscript) -> bool:
    """Whether a node may use names of the module that nothing spells out."""
    match node:
        case ast.Call(func=ast.Name(id=name)):
            return name in _LOOKUPS
        case ast.Subscript(slice=ast.Name(id="__name__")):
            return True
    return False


def chain_of(node: ast.Attribute) -> tuple[ast.expr, tuple[str, ...]]:
    """Return what a chain of attributes begins with, and the attributes that are read of it; one that is set is not."""
    names = [node.attr] if isinstance(node.ctx, ast.Load) else []
    base = node.value
    while isinstance(base, ast.Attribute):
        names.append(base.attr)
        base = base.value
    return base, tuple(reversed(names))


def _is_local(name: str, scope: _Scope) -> bool:
    current: _Scope | None = scope
    while current is not None and current.parent is not None:
        if name in current.declared:
            return False
        if current.is_function and name in current.bound:
            return True
        current = current.parent
    return False


def _all_arguments(arguments: ast.arguments) -> list[ast.arg]:
    found = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, arguments.vararg, arguments.kwarg]
    return [argument for argument in found if argument is not None]


def _parsed(text: str) -> ast.AST:
    try:
        return parse(f"({text.strip()})")
    except UnreadableError:
        return ast.Pass()
