"""How a module uses and binds each of its names: one walk over its syntax tree."""

import ast
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import NamedTuple

from cycles.source.conditions import Truth, Version, all_versions, dotted, truth_of
from cycles.source.effects import exported_names, first_act, is_facade
from cycles.source.import_statements import ImportNode, bound_name
from cycles.source.known_calls import (
    ANYTHING,
    FORGETTING,
    HOOK,
    ITEM,
    MAPPING,
    NOTHING,
    RELATIONS,
    SORTING,
    SPECIAL,
    TAKEN,
    TYPE_TEXTS,
    USED,
    Role,
    effect_of,
)
from cycles.source.meanings import Meanings, meanings_of
from cycles.source.module import SourceFile
from cycles.source.text import UnreadableError, parse
from cycles.source.values import FunctionPlace

_LOOKUPS = frozenset(["dir", "eval", "exec", "globals", "locals", "vars"])
_ASKING = frozenset(["isinstance", "issubclass"])
_EVALUATING = ("get_type_hints", "get_annotations", "resolve_types", "eval_str")
"""Words of a module that may evaluate the annotations of what it holds itself."""
_TABLES = (ast.Dict, ast.List, ast.Tuple, ast.Set)
_OF_PROPERTIES = ("deleter", "getter", "setter")
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
    FUNCTION = auto()
    """In the body of a function."""
    TYPING = auto()
    """Never when the program runs, unless something evaluates annotations."""


Giver = tuple[Role, str]
"""Whom something is given to: how, and by which dotted name."""


class Place(NamedTuple):
    """One use of a name, and what becomes of the value there.

    `function` is the dotted name of the innermost function or class, `unit` what holds it at the top of the module.
    `column` is where the name stands in the bytes of its line, -1 in a string; `attributes` are those read of it there.
    `outermost` is the outermost function around it, None where there is none.
    `reach` is what certainly happens to the value on import, `givers` are those that may do more to it; it flows on
    into the name `alias`. `does` is what a function does with it there when that runs. `annotates`
    is the dotted name of the function or class whose annotation it is part of.
    """

    use: Use
    line_number: int
    function: str
    unit: str
    column: int
    attributes: tuple[str, ...]
    outermost: FunctionPlace | None
    alias: str
    reach: int
    givers: tuple[Giver, ...]
    touches: bool
    in_annotation: bool
    annotates: str
    in_table: bool
    does: int


class _Load(NamedTuple):
    """A use of a name before its scope is known."""

    name: str
    line_number: int
    column: int
    attributes: tuple[str, ...]
    context: "_Context"
    does: int = ANYTHING


@dataclass(frozen=True, slots=True)
class ClassFacts:
    """A class at the top of a module: the dotted names of its bases and metaclasses, and the names it defines."""

    bases: tuple[str, ...]
    metaclasses: tuple[str, ...]
    methods: frozenset[str]


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

    `loads` are the lines that use each name, with what is known of them; `attributes` the same for dotted names;
    `given` are those that each function and class, by its dotted name, is given to as it is defined; `exported` are the
    names in `__all__`, None where that is computed and may hold any; `lookup` is the line of a `globals()` or the like,
    which may use any name; `evaluates`: the module may evaluate its own annotations; `texts` are its strings but
    docstrings; `acts` is the first line at which the body does more than define names.
    """

    loads: dict[str, list[_Load]]
    attributes: dict[str, list[_Load]]
    given: dict[str, list[tuple[int, Giver]]]
    classes: dict[str, ClassFacts]
    meanings: Meanings
    bindings: dict[str, list[Binding]]
    imports: dict[int, list[Statement]]
    exported: frozenset[str] | None
    lists_exports: bool
    lookup: int | None
    evaluates: bool
    texts: tuple[str, ...]
    acts: int | None
    is_facade: bool

    def places(self, name: str) -> list[Place]:
        """The uses of a name, by line; a dotted name is one of an attribute."""
        found = sorted((self.attributes if "." in name else self.loads).get(name, ()), key=lambda load: load[1:3])
        return [
            Place(
                context.use,
                line_number,
                context.function,
                context.unit,
                column,
                attributes,
                context.outermost,
                context.alias,
                context.reach,
                context.givers,
                context.touches,
                context.in_annotation,
                context.annotates,
                context.in_table,
                does,
            )
            for _, line_number, column, attributes, context, does in found
        ]


def uses_in(file: SourceFile, versions: tuple[Version, ...] | None = None, tree: ast.Module | None = None) -> Uses:
    """Return how the module of a file uses its names; raises UnreadableError, RecursionError.

    A list of open nodes stands for recursion, so that deep code costs no stack. Names resolve as in "Naming
    and binding" of the Python reference, 4.2; a name read in a class body counts as the module's. A `tree` stands in
    for that of the file.
    """
    walk = _Walk(file, versions or all_versions())
    found = walk.over(file.tree if tree is None else tree)
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
    alias: str = ""
    reach: int = 0
    givers: tuple[Giver, ...] = ()
    touches: bool = True
    in_annotation: bool = False
    outermost: FunctionPlace | None = None
    annotates: str = ""
    in_table: bool = False


class _Walk:
    """The open nodes, and what was found."""

    def __init__(self, file: SourceFile, versions: tuple[Version, ...]) -> None:
        text = file.text
        self.names, self.versions = file.special_names, versions
        self.future = "annotations" in text and "__future__" in text
        self.file = file
        self.evaluates = any(word in text for word in _EVALUATING)
        self.lists_exports = "__all__" in text
        self.module = _Scope(None)
        # Nodes that share a context: most nodes are no more than parts of an expression.
        self.waiting: list[tuple[list[ast.AST | None], _Context]] = []
        self.loads: list[_Load] = []
        self.stores: list[tuple[str, int, _Context]] = []
        self.imports: dict[int, list[Statement]] = defaultdict(list)
        self.strings: list[str] = []
        self.lookup: int | None = None
        self.attributes: dict[str, list[_Load]] = defaultdict(list)
        self.given: dict[str, list[tuple[int, Giver]]] = defaultdict(list)
        self.classes: dict[str, ClassFacts] = {}
        self.own = file.module.name.partition(".")[0]

    def over(self, tree: ast.Module) -> Uses:
        self.future = self.future and any(
            isinstance(node, ast.ImportFrom)
            and node.module == "__future__"
            and any(alias.name == "annotations" for alias in node.names)
            for node in tree.body
        )
        self.meanings = meanings_of(tree, self.file.module)
        self.push(tree.body, _Context(self.module))
        while self.waiting:
            self.visit(*self.waiting.pop())
        loads, bindings = self.resolved()
        exported, lists = exported_names(tree) if self.lists_exports else (frozenset[str](), False)
        if any(not binding.sure for binding in bindings.get("__all__", ())):
            exported, lists = None, True
        return Uses(
            loads=loads,
            attributes=self.attributes,
            given=dict(self.given),
            classes=self.classes,
            meanings=self.meanings,
            bindings=bindings,
            imports=dict(self.imports),
            exported=exported,
            lists_exports=lists,
            lookup=self.lookup,
            evaluates=self.evaluates,
            texts=tuple(self.strings),
            acts=first_act(tree, self.meanings),
            is_facade=is_facade(tree),
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
            elif isinstance(node, ast.Attribute) and (context.use is not Use.RUNS and context.use is not Use.EVALUATED):
                base, attributes = chain_of(node)
                if isinstance(base, ast.Name):
                    does = ANYTHING if not attributes or attributes[0].startswith("__") else USED
                    loads.append(_Load(base.id, base.lineno, base.col_offset, attributes, context, does))
                else:
                    nodes.append(base)
            elif node is None:
                continue
            elif type(node) in _SPECIAL:
                self.special_node(node, context)
            elif (context.use is Use.RUNS or context.use is Use.EVALUATED) and type(node) in _FLOWS:
                self.flow(node, context)
            elif context.sure and isinstance(node, ast.stmt) and not isinstance(node, ast.Assign | ast.Expr):
                self.push(ast.iter_child_nodes(node), context._replace(sure=False))
            else:
                if isinstance(node, ast.Call | ast.Subscript):
                    self.looks_up(node)
                    if isinstance(node, ast.Call):
                        if self.typed(node, context):
                            continue
                        if isinstance(node.func, ast.Name):
                            nodes += self.call_by_name(node, node.func, context)
                            continue
                elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
                    continue
                for name in _FIELDS.get(type(node), ()):
                    value = getattr(node, name)
                    if isinstance(value, list):
                        nodes += value
                    elif value is not None:
                        nodes.append(value)

    def call_by_name(self, node: ast.Call, name: ast.Name, context: _Context) -> list[ast.AST]:
        """Look at what a function calls by its name, and return what it gives to that; classes asked about are seen."""
        self.loads.append(_Load(name.id, name.lineno, name.col_offset, (), context, USED))
        given: list[ast.AST] = [*node.keywords]
        for value in node.args:
            for each in value.elts if name.id in _ASKING and isinstance(value, ast.Tuple) else [value]:
                if name.id in _ASKING and isinstance(each, ast.Name):
                    # A class may have its say in what its instances are.
                    self.loads.append(_Load(each.id, each.lineno, each.col_offset, (), context, HOOK))
                else:
                    given.append(each)
        return given

    def special_node(  # noqa: C901  one case for each kind of node
        self, node: ast.AST, context: _Context
    ) -> None:
        """Look at a node that binds names, or holds parts with a context of their own."""
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                self.function(node, context)
            case ast.Lambda():
                self.push([*node.args.defaults, *node.args.kw_defaults], context)
                use = Use.LAMBDA if context.use is Use.RUNS else context.use
                self.push([node.body], context._replace(scope=self.inner(node.args, context), use=use))
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
                reach = ANYTHING if context.use is Use.RUNS else context.reach
                self.push([node.value], context._replace(reach=reach))
            case ast.ExceptHandler(name=name) | ast.MatchAs(name=name) | ast.MatchStar(name=name):
                self.bind(name, node, context)
            case ast.MatchMapping(rest=name):
                self.bind(name, node, context)

    def flow(self, node: ast.AST, context: _Context) -> None:
        """Look at a node that does something to the values in it, in code that runs with the module's body."""
        match node:
            case ast.Assign(targets=targets, value=value):
                self.push(targets, context._replace(reach=TAKEN))
                self.assigned(targets, value, context)
            case ast.AugAssign(target=target, value=value):
                self.push([target], context._replace(reach=TAKEN, sure=False))
                self.assigned([target], value, context)
            case ast.Attribute():
                self.attribute(node, context, context)
            case ast.Call():
                self.looks_up(node)
                if not self.typed(node, context):
                    self.call(node, context._replace(in_table=False))
            case ast.Subscript(value=value, slice=key):
                self.looks_up(node)
                # A class that is asked for an item is as one that is derived from: a hook of it runs.
                self.push([value], context._replace(reach=context.reach | HOOK))
                meaning = self.meanings.of(value)
                typed = meaning.startswith(_GENERIC) and not meaning.endswith("Literal")
                self.push([key], context._replace(in_annotation=True, annotates=context.alias) if typed else context)
            case ast.For(iter=iterated) | ast.AsyncFor(iter=iterated):
                self.push([iterated], context._replace(reach=ANYTHING))
                self.push([node.target, *node.body, *node.orelse], context._replace(sure=False))
            case ast.Match(subject=subject, cases=cases):
                self.push([subject], context._replace(reach=ANYTHING))
                self.push(cases, context._replace(sure=False))
            case ast.withitem(context_expr=opened, optional_vars=name):
                reach = SPECIAL | TAKEN if name is None or isinstance(name, ast.Name) else ANYTHING
                alias = name.id if isinstance(name, ast.Name) else ""
                self.push([opened], context._replace(reach=reach, alias=alias))
                self.push([name], context)

    def call(self, node: ast.Call, context: _Context) -> None:
        """Look at a call: what is called, and what is given to that."""
        called = context._replace(reach=context.reach | SPECIAL)
        if isinstance(node.func, ast.Attribute):
            self.attribute(node.func, called, context._replace(reach=context.reach | ITEM))
        else:
            self.push([node.func], called)
        given = self.given_to(Role.CALL, node.func, context)
        meaning = self.meanings.of(node.func)
        if meaning in MAPPING and node.args:
            # The first argument is called with what is in the others.
            self.push(node.args[:1], called)
            forgets = self.meanings.of(node.args[0]) in FORGETTING
            context = context._replace(alias="", reach=NOTHING) if forgets else context
            self.push(node.args[1:], self.given_to(Role.CALL, node.args[0], context))
            return
        if meaning in FORGETTING:
            # A class may have its say in what its instances are.
            reach = HOOK if meaning in _ASKING else NOTHING
            given = context._replace(alias="", reach=reach, givers=())
        self.push(node.args, given)
        self.push(node.keywords, called if meaning in SORTING else given)

    def assigned(self, targets: list[ast.expr], value: ast.expr | None, context: _Context) -> None:
        """Look at a value that flows into a name of the module, into a class, or anywhere."""
        if context.unit:
            if isinstance(value, ast.Call):
                self.given[context.function].append((value.lineno, (Role.FIELD, self.meanings.of(value.func))))
            self.push([value], context)
            return
        match targets:
            case [ast.Name(id=alias)]:
                self.push([value], context._replace(alias=alias, in_table=isinstance(value, _TABLES)))
            case [ast.Subscript(value=ast.Name(id=alias))] if self.meanings.of(targets[0]).startswith(f"{self.own}."):
                # A table of one of our modules: what becomes of that is known.
                self.push([value], context._replace(alias=alias))
            case _:
                self.push([value], context._replace(reach=ANYTHING))

    def attribute(self, node: ast.Attribute, context: _Context, outer: _Context) -> None:
        """Look at an attribute in a context, `outer` being that of what it is taken from."""
        taken = outer._replace(reach=outer.reach | TAKEN)
        parts = dotted(node)
        for length in range(2, len(parts) + 1):
            whole = length == len(parts)
            self.attributes[".".join(parts[:length])].append(
                _Load(parts[0], node.lineno, node.col_offset, (), context if whole else taken)
            )
        if parts:
            base, attributes = chain_of(node)
            self.loads.append(_Load(parts[0], base.lineno, base.col_offset, attributes, taken))
        else:
            self.push([node.value], taken)

    def given_to(self, role: Role, to: ast.expr, context: _Context) -> _Context:
        """The context of what is given to something, by what that is known to do."""
        meaning = self.meanings.of(to)
        # A library's rows do not hold for the library itself.
        known = None if meaning.partition(".")[0] == self.own else effect_of(role, meaning)
        if known is not None:
            return context._replace(reach=context.reach | known)
        return context._replace(givers=(*context.givers, (role, meaning)))

    def typed(self, node: ast.Call, context: _Context) -> bool:
        """Look at a call whose texts are types, such as `cast("Name", value)`, where it is one."""
        if _last_name(node.func) not in _TYPE_TEXTS or self.meanings.of(node.func) not in TYPE_TEXTS:
            return False
        self.push([node.func], context)
        types = context._replace(in_annotation=True, annotates=context.alias)
        if _last_name(node.func) == "cast":
            self.push(node.args[:1], types)
            self.push([*node.args[1:], *node.keywords], context)
        else:
            self.push([*node.args[1:], *node.keywords], types)
        return True

    def looks_up(self, node: ast.Call | ast.Subscript) -> None:
        if _looks_up(node):
            self.lookup = min(node.lineno, self.lookup or node.lineno)

    def bind(self, name: str | None, node: ast.ExceptHandler | ast.pattern, context: _Context) -> None:
        inner = context._replace(sure=False)
        if name:
            self.stores.append((name, node.lineno, inner))
        self.push(ast.iter_child_nodes(node), inner)

    def text(self, text: str, line_number: int, context: _Context) -> None:
        self.strings.append(text)
        if context.in_annotation:
            context = context._replace(use=Use.TYPING)
            waiting = [_parsed(text)]
            for node in waiting:
                base, attributes = chain_of(node) if isinstance(node, ast.Attribute) else (node, ())
                if isinstance(base, ast.Name):
                    self.loads.append(_Load(base.id, line_number, -1, attributes, context))
                else:
                    waiting += ast.iter_child_nodes(base)

    def function(self, node: _Function, context: _Context) -> None:
        self.stores.append((node.name, node.lineno, context))
        function = f"{context.function}.{node.name}" if context.function else node.name
        unit = context.unit or node.name
        self.decorators(node, function, context._replace(alias=unit))
        into = context._replace(alias=unit) if context.use is Use.RUNS else context
        self.push([*node.args.defaults, *node.args.kw_defaults], into)
        annotated = [*(found.annotation for found in _all_arguments(node.args)), node.returns]
        self.annotations(annotated, context._replace(unit=unit), function)
        scope = self.inner(node.args, context)
        self.type_parameters(node, scope, context._replace(unit=unit), function)
        self.push(
            node.body,
            _Context(
                scope=scope,
                use=Use.TYPING if context.use is Use.TYPING else Use.FUNCTION,
                function=function,
                outermost=context.outermost or FunctionPlace(function, node.lineno),
                unit=unit,
                sure=False,
                touches=context.touches,
            ),
        )

    def decorators(self, node: _Function | ast.ClassDef, path: str, context: _Context) -> None:
        for decorator in node.decorator_list:
            if isinstance(decorator, ast.Attribute) and decorator.attr in _OF_PROPERTIES:
                continue
            self.given[path].append((decorator.lineno, (Role.DECORATOR, self.meanings.of(decorator))))
        called = context._replace(reach=SPECIAL) if context.use is Use.RUNS else context
        for decorator in node.decorator_list:
            # A property's decorators do nothing to the class that the property is taken from.
            is_plain = isinstance(decorator, ast.Attribute) and decorator.attr in _OF_PROPERTIES
            self.push([decorator], context._replace(touches=False) if is_plain else called)

    def inner(self, arguments: ast.arguments, context: _Context) -> _Scope:
        return _Scope(context.scope, is_function=True, bound={found.arg for found in _all_arguments(arguments)})

    def type_parameters(self, node: ast.AST, scope: _Scope, context: _Context, path: str) -> None:
        """Type parameters (PEP 695) are names of their own; what bounds them is evaluated when somebody asks."""
        parameters: list[ast.AST] = getattr(node, "type_params", [])
        scope.bound.update(getattr(parameter, "name", "") for parameter in parameters)
        bounds = (bound for parameter in parameters for bound in ast.iter_child_nodes(parameter))
        self.push(bounds, context._replace(use=Use.TYPING, in_annotation=True, annotates=path, alias=""))

    def annotations(self, found: Iterable[ast.expr | None], context: _Context, path: str) -> None:
        use = context.use
        if use is Use.RUNS:
            use = Use.TYPING if self.future else Use.EVALUATED
        elif use is Use.FUNCTION and self.future:
            use = Use.TYPING
        self.push(found, context._replace(use=use, in_annotation=True, annotates=path, alias=""))

    def class_(self, node: ast.ClassDef, context: _Context) -> None:
        self.stores.append((node.name, node.lineno, context))
        path = f"{context.function}.{node.name}" if context.function else node.name
        unit = context.unit or node.name
        inside = context._replace(alias=unit) if context.use is Use.RUNS else context
        self.decorators(node, path, inside)
        bases = tuple(self.meanings.of(base) for base in node.bases)
        metaclasses = tuple(self.meanings.of(found.value) for found in node.keywords if found.arg == "metaclass")
        self.given[path] += [(node.lineno, (Role.BASE, base)) for base in bases]
        self.given[path] += [(node.lineno, (Role.META, metaclass)) for metaclass in metaclasses]
        if path == node.name:
            methods = frozenset(found.name for found in node.body if isinstance(found, _Function))
            before = self.classes.get(path, ClassFacts((), (), frozenset()))
            self.classes[path] = ClassFacts(
                (*before.bases, *bases), (*before.metaclasses, *metaclasses), before.methods | methods
            )
        self.push(node.bases, inside._replace(reach=HOOK) if context.use is Use.RUNS else inside)
        self.push(node.keywords, inside._replace(reach=SPECIAL) if context.use is Use.RUNS else inside)
        scope = _Scope(context.scope)
        self.type_parameters(node, scope, context._replace(unit=unit), path)
        self.push(node.body, inside._replace(scope=scope, function=path, unit=unit, annotates=""))

    def annotated(self, node: ast.AnnAssign, context: _Context) -> None:
        self.push([node.target], context._replace(reach=TAKEN) if context.use is Use.RUNS else context)
        value = node.value
        if context.use is not Use.RUNS:
            self.push([value], context)
        elif self.meanings.of(node.annotation) in _ALIAS_TYPES:
            alias = node.target.id if isinstance(node.target, ast.Name) else ""
            self.push([value], context._replace(alias=alias, in_annotation=True, annotates=alias))
        else:
            self.assigned([node.target], value, context)
        if context.use is Use.FUNCTION:
            self.annotations([node.annotation], context._replace(use=Use.TYPING), "")
            return
        related = isinstance(value, ast.Call) and self.meanings.of(value.func) in RELATIONS
        self.annotations([node.annotation], context, "" if related else context.function or WHOLE_MODULE)

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
        inner = context._replace(scope=_Scope(context.scope, is_function=True, is_comprehension=True))
        self.push((getattr(node, name) for name in node._fields if name != "generators"), inner)
        for number, generator in enumerate(node.generators):
            outer = inner if number else context
            self.push([generator.iter], outer._replace(reach=ANYTHING) if outer.use is Use.RUNS else outer)
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


_SPECIAL = frozenset[type[ast.AST]](
    [
        *(ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef, ast.AnnAssign, ast.If),
        *(ast.Import, ast.ImportFrom, ast.Global, ast.ListComp, ast.SetComp, ast.GeneratorExp, ast.DictComp),
        *(ast.NamedExpr, ast.ExceptHandler, ast.MatchAs, ast.MatchStar, ast.MatchMapping),
    ]
)
"""What `special_node` knows; a set of types is asked faster than `isinstance`."""


_FLOWS = frozenset[type[ast.AST]](
    [
        *(ast.Assign, ast.AugAssign, ast.Attribute, ast.Call, ast.Subscript, ast.For, ast.AsyncFor, ast.Match),
        ast.withitem,
    ]
)
"""What `flow` knows."""

WHOLE_MODULE = "*"
"""Stands for the module where a function or class is named."""
_TYPE_TEXTS = frozenset(name.rpartition(".")[2] for name in TYPE_TEXTS)
_ALIAS_TYPES = ("typing.TypeAlias", "typing_extensions.TypeAlias")
_GENERIC = ("typing.", "typing_extensions.", "collections.abc.", "list", "dict", "tuple", "set", "frozenset", "type")
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


def _last_name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


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
