"""How a module uses and binds each of its names: one walk over its syntax tree."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from copy import copy
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import NamedTuple

from cycles.source.body_effects import exported_names, first_act, last_name
from cycles.source.conditions import Truth, Version, truth_of
from cycles.source.file_text import UnreadableError, parse
from cycles.source.import_statements import ImportNode, bound_name, futures_of
from cycles.source.import_values import FunctionPlace, lambda_path
from cycles.source.source_file import SourceFile
from cycles.source.tree_nodes import (
    BLOCKS,
    FIELDS,
    Comprehension,
    Function,
    annotations_of,
    arguments_of,
    chain_of,
    children_of,
    dotted_name,
    nodes_in,
    type_parameters_of,
)

_EXECUTING = frozenset(["eval", "exec"])
_OF_MODULES = ("__dict__", "__globals__", "import_module", "modules", "vars")
"""What the names of modules are asked of."""
_HERE = frozenset(["dir", "locals", "vars"])
"""Calls that ask for the names of the scope that they stand in."""
_TYPING = ("typing", "typing_extensions")
_TYPE_TEXTS = frozenset(["cast", "TypeVar", "NewType", "ForwardRef", "assert_type", "TypeAliasType"])
"""Calls whose texts are types, which nothing evaluates."""
_TYPE_TABLES = frozenset(["NamedTuple", "TypedDict", "make_dataclass"])
"""Calls whose lists and tables have texts that are types."""
_MAPPERS = ("sqlalchemy.orm", "sqlmodel")
_RELATIONS = frozenset(["relationship", "Relationship", "backref", "dynamic_loader"])
"""Calls that make an attribute whose quoted type is looked up among the mapped classes, and only when it is used."""
_TYPE_COMMENT = re.compile(r"# type:(?!\s*ignore\b)\s*(?:(\(.*\))\s*->\s*)?([^#]+)")
# Unions that are spelled out are made anew each time that they are met.
_OF_ONE_LINE = ast.Assign | ast.Expr
_ASKING = ast.Call | ast.Subscript


MODULE = "*"
"""Stands for the module where a function or class is named."""


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
    """Never when the program runs."""


class Place(NamedTuple):
    """One use of a name: `function` is the dotted name of the innermost function or class.

    `column` is where the name stands in the bytes of its line, -1 in a string; `attributes` are those read of it there.
    `outermost` is the outermost function around it, None where there is none; a lambda of the module's body is one, and
    what it uses is used in a function, where it could be one. `annotates` is the dotted name of the function or class
    whose annotation it stands in, MODULE for that of a variable, "" in others.
    """

    use: Use
    line_number: int
    function: str
    column: int
    attributes: tuple[str, ...]
    outermost: FunctionPlace | None
    annotates: str


class _Load(NamedTuple):
    """A use of a name before its scope is known."""

    name: str
    line_number: int
    column: int
    attributes: tuple[str, ...]
    context: "Context"


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
    where that is computed and may hold any; `lookup` is the line of a `globals()` or the like, which may use any name,
    `asked` are the outermost functions that ask for all of their local names;
    `texts` are its strings; `acts` is the first line at which the body does more than define names. `future` says
    that annotations are not evaluated where they stand; `body` are the statements that run with the module, functions
    without their bodies.
    """

    loads: dict[str, list[_Load]]
    bindings: dict[str, list[Binding]]
    imports: dict[int, list[Statement]]
    exported: frozenset[str] | None
    lists_exports: bool
    lookup: int | None
    asked: frozenset[FunctionPlace]
    texts: tuple[str, ...]
    acts: int | None
    future: bool
    body: tuple[ast.stmt, ...]

    def places(self, name: str) -> list[Place]:
        """The uses of a name, by line."""
        found = sorted(self.loads.get(name, ()), key=lambda load: load[1:3])
        return [
            Place(
                Use.FUNCTION if context.use is Use.LAMBDA and context.outermost else context.use,
                *(line_number, context.function, column, attributes, context.outermost, context.annotates),
            )
            for _, line_number, column, attributes, context in found
        ]


def inner_imports(uses: Uses, module: str) -> Iterator[tuple[int, str]]:
    """Yield the lines of imports that bind a package to its own name and import modules inside of one, and these."""
    for line_number, statements in uses.imports.items():
        for one in statements:
            for alias in one.node.names if one.sure and isinstance(one.node, ast.Import) else ():
                if alias.asname is None and alias.name.startswith(f"{module}."):
                    yield line_number, alias.name


def uses_in(file: SourceFile, versions: tuple[Version, ...] | None = None) -> Uses:
    """Return how the module of a file uses its names; raises UnreadableError, RecursionError.

    A list of open nodes stands for recursion, so that deep code costs no stack. Names resolve as in "Naming
    and binding" of the Python reference, 4.2; a name read in a class body counts as the module's.
    """
    found = _Walk(file, versions).over(file.tree)
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
    is_generic: bool = False
    bound: set[str] = field(default_factory=set)
    declared: set[str] = field(default_factory=set)
    local: dict[str, bool] = field(default_factory=dict)
    """What was found out of names that are used in it."""


class Context(NamedTuple):
    """What is known of a node from above."""

    scope: _Scope
    use: Use = Use.RUNS
    sure: bool = True
    function: str = ""
    in_annotation: bool = False
    outermost: FunctionPlace | None = None
    annotates: str = ""


class _Walk:
    """The open nodes, and what was found."""

    def __init__(self, file: SourceFile, versions: tuple[Version, ...] | None) -> None:
        self.source = text = file.text
        self.names, self.versions = file.special_names, versions
        self.future = "annotations" in text and "__future__" in text
        self.lists_exports = "__all__" in text
        self.module = _Scope(None)
        # Nodes that share a context: most nodes are no more than parts of an expression.
        self.waiting: list[tuple[list[ast.AST | None], Context]] = []
        self.loads: list[_Load] = []
        self.stores: list[tuple[str, int, Context]] = []
        self.imports: dict[int, list[Statement]] = defaultdict(list)
        self.strings: list[str] = []
        self.lookup: int | None = None
        self.asked: set[FunctionPlace] = set()
        self.type_texts: frozenset[str] = frozenset()
        self.aliases: frozenset[str] = frozenset()
        self.relations: frozenset[str] = frozenset()

    def over(self, tree: ast.Module) -> Uses:
        self.future = self.future and "annotations" in futures_of(tree)
        self.type_texts = _names_of(tree, (*_TYPING, "dataclasses"), _TYPE_TEXTS | _TYPE_TABLES)
        self.aliases = _names_of(tree, _TYPING, {"TypeAlias"})
        self.relations = _names_of(tree, _MAPPERS, _RELATIONS)
        self.push(tree.body, Context(self.module))
        self.type_comments()
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
            asked=frozenset(self.asked),
            texts=tuple(self.strings),
            acts=first_act(tree.body),
            future=self.future,
            body=_without_functions(tree),
        )

    def type_comments(self) -> None:
        """The names in comments that tell types (PEP 484): what looks like one in a string does no harm."""
        if "# type:" not in self.source:
            return
        for number, line in enumerate(self.source.split("\n"), 1):
            found = _TYPE_COMMENT.search(line)
            for text in (found[1] or "", found[2]) if found else ():
                self.text(text, number, Context(self.module, Use.TYPING, in_annotation=True))

    def push(self, found: Iterable[ast.AST | None], context: Context) -> None:
        nodes = list(found)
        if nodes:
            self.waiting.append((nodes, context))

    def visit(  # noqa: C901, PLR0912  the hottest loop of `cycles cuts`: no calls for the most frequent kinds of node
        self, nodes: list[ast.AST | None], context: Context
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
            elif isinstance(node, ast.Attribute):
                base, attributes = chain_of(node)
                if isinstance(base, ast.Name):
                    loads.append(_Load(base.id, base.lineno, base.col_offset, attributes, context))
                else:
                    nodes.append(base)
            elif node is None:
                continue
            elif type(node) in _SPECIAL:
                self.special_node(node, context)
            elif context.sure and isinstance(node, ast.stmt) and not isinstance(node, _OF_ONE_LINE):
                self.push(children_of(node), context._replace(sure=False))
            else:
                if isinstance(node, _ASKING):
                    if isinstance(node, ast.Call) and self.type_texts and self.typed(node, nodes, context):
                        continue
                    if (name := _named_global(node)) is not None:
                        # It must be one of the module, whenever the code runs.
                        loads.append(_Load(name, node.lineno, -1, (), context._replace(use=Use.RUNS)))
                        continue
                    if _looks_up(node):
                        self.looked_up(node, context)
                for name in FIELDS.get(type(node), ()):
                    value = getattr(node, name)
                    if isinstance(value, list):
                        nodes += value
                    elif value is not None:
                        nodes.append(value)

    def looked_up(self, node: ast.Call | ast.Subscript, context: Context) -> None:
        """Note names that nothing spells out: those of a function where a call asks for what is local, else any."""
        scope: _Scope | None = context.scope
        while scope and scope.is_comprehension:
            scope = scope.parent
        named = node.func.id if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) else ""
        if named not in _HERE or scope is self.module:
            self.lookup = min(node.lineno, self.lookup or node.lineno)
        elif scope and scope.is_function and context.outermost:
            self.asked.add(context.outermost)

    def typed(self, node: ast.Call, nodes: list[ast.AST | None], context: Context) -> bool:
        """Look at a call whose texts are types, if it is one."""
        function = node.func
        last = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
        if last not in (_TYPE_TEXTS | _TYPE_TABLES) or dotted_name(function) not in self.type_texts:
            return False
        given = [*node.args, *(found.value for found in node.keywords)]
        if last in _TYPE_TABLES:
            self.push(_texts_in(given), context._replace(use=Use.TYPING, in_annotation=True))
            return False
        texts = [part for part in given if _is_text(part)]
        nodes += [function, *(part for part in node.args if part not in texts)]
        nodes += [found.value for found in node.keywords if found.value not in texts]
        self.push(texts, context._replace(use=Use.TYPING, in_annotation=True))
        return True

    def special_node(  # noqa: C901, PLR0912  one case for each kind of node
        self, node: ast.AST, context: Context
    ) -> None:
        """Look at a node that binds names, or holds parts with a context of their own."""
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                self.function(node, context)
            case ast.Lambda():
                self.lambda_(node, context)
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
            case ast.stmt():
                self.alias(node, context)

    def bind(self, name: str | None, node: ast.ExceptHandler | ast.pattern, context: Context) -> None:
        inner = context._replace(sure=False)
        if name:
            self.stores.append((name, node.lineno, inner))
        self.push(children_of(node), inner)

    def text(self, text: str, line_number: int, context: Context) -> None:
        self.strings.append(text)
        if context.in_annotation:
            context = context._replace(use=Use.TYPING)
            waiting = [_parsed(text)]
            for node in waiting:
                base, attributes = chain_of(node) if isinstance(node, ast.Attribute) else (node, ())
                if isinstance(base, ast.Name):
                    self.loads.append(_Load(base.id, line_number, -1, attributes, context))
                else:
                    waiting += children_of(base)

    def function(self, node: Function, context: Context) -> None:
        # What `@overload` decorates is never called: the function behind it takes its name.
        if context.scope is not self.module or not any(last_name(one) == "overload" for one in node.decorator_list):
            self.stores.append((node.name, node.lineno, context))
        function = f"{context.function}.{node.name}" if context.function else node.name
        self.push(node.decorator_list, context)
        self.defaults(node.args, context)
        generic = self.generic(node, context, function)
        self.annotations(annotations_of(node), generic, function)
        self.push(
            node.body,
            context._replace(
                scope=self.inner(node.args, generic),
                use=Use.TYPING if context.use is Use.TYPING else Use.FUNCTION,
                function=function,
                outermost=context.outermost or FunctionPlace(function, node.lineno),
                sure=False,
                annotates="",
            ),
        )

    def defaults(self, arguments: ast.arguments, context: Context) -> None:
        self.push([*arguments.defaults, *arguments.kw_defaults], context)

    def inner(self, arguments: ast.arguments, context: Context) -> _Scope:
        return _Scope(context.scope, is_function=True, bound={found.arg for found in arguments_of(arguments)})

    def generic(self, node: ast.stmt, context: Context, path: str) -> Context:
        """Type parameters (PEP 695) are names of their own; what bounds them is evaluated when somebody asks."""
        parameters = type_parameters_of(node)
        if not parameters:
            return context
        inner = context._replace(scope=_Scope(context.scope, is_function=True, is_generic=True, bound=set(parameters)))
        bounds = (bound for parameter in parameters.values() for bound in children_of(parameter))
        self.push(bounds, inner._replace(use=Use.TYPING, in_annotation=True, annotates=path) if path else inner)
        return inner

    def alias(self, node: ast.stmt, context: Context) -> None:
        """A type alias (PEP 695): nobody knows who asks for its value, and when."""
        name, *_, value = children_of(node)
        self.push([name], context)
        self.push([value], self.generic(node, context, ""))

    def lambda_(self, node: ast.Lambda, context: Context) -> None:
        self.defaults(node.args, context)
        inner = context._replace(scope=self.inner(node.args, context))
        if context.use is Use.RUNS:
            place = FunctionPlace(lambda_path(context.function, node.lineno, node.col_offset), node.lineno)
            may_be_function = not context.scope.is_comprehension and _may_be_function(node)
            inner = inner._replace(use=Use.LAMBDA, outermost=place if may_be_function else None)
        self.push([node.body], inner)

    def annotations(self, found: Iterable[ast.expr], context: Context, path: str) -> None:
        use = context.use
        if use is Use.RUNS:
            use = Use.TYPING if self.future else Use.EVALUATED
        elif use is Use.FUNCTION and self.future:
            use = Use.TYPING
        self.push(found, context._replace(use=use, in_annotation=True, annotates=path))

    def class_(self, node: ast.ClassDef, context: Context) -> None:
        self.stores.append((node.name, node.lineno, context))
        path = f"{context.function}.{node.name}" if context.function else node.name
        self.push(node.decorator_list, context)
        generic = self.generic(node, context, path)
        self.push([*node.bases, *node.keywords], generic)
        # Texts in the brackets of a base are types: whatever takes them may only keep them.
        types = [base.slice for base in node.bases if isinstance(base, ast.Subscript)]
        self.push(_texts_in(types), generic._replace(use=Use.TYPING, in_annotation=True))
        self.push(node.body, context._replace(scope=_Scope(generic.scope), function=path, annotates=""))

    def annotated(self, node: ast.AnnAssign, context: Context) -> None:
        self.push([node.target], context)
        name = dotted_name(node.annotation)
        if name in self.aliases and node.value is not None and _is_text(node.value):
            self.push([node.value], context._replace(in_annotation=True))
        else:
            self.push([node.value], context)
        path = context.function or MODULE
        if context.use is Use.FUNCTION and context.scope.is_function:
            context, path = context._replace(use=Use.TYPING), ""
        elif self.relations and isinstance(node.value, ast.Call) and dotted_name(node.value.func) in self.relations:
            path = ""
        self.annotations([node.annotation], context, path)

    def branch(self, node: ast.If, context: Context) -> None:
        body = otherwise = context._replace(sure=False) if context.sure else context
        match truth_of(node.test, self.names, self.versions):
            case Truth.NEVER:
                body = body._replace(use=Use.TYPING)
            case Truth.ALWAYS:
                otherwise = otherwise._replace(use=Use.TYPING)
            case Truth.UNKNOWN:
                self.push([node.test, *node.body, *node.orelse], body)
                return
        self.push([node.test], context)
        self.push(node.orelse, otherwise)
        self.push(node.body, body)

    def import_(self, node: ImportNode, context: Context) -> None:
        in_module = context.scope is self.module
        self.imports[node.lineno].append(Statement(node, context.sure and in_module, in_module, context.function))
        for alias in node.names:
            self.stores.append((bound_name(node, alias), node.lineno, context))

    def comprehension(self, node: Comprehension, context: Context) -> None:
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


_SPECIAL = frozenset[type[ast.AST]](
    [
        *(ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef, ast.AnnAssign, ast.If),
        *(ast.Import, ast.ImportFrom, ast.Global, ast.ListComp, ast.SetComp, ast.GeneratorExp, ast.DictComp),
        *(ast.NamedExpr, ast.ExceptHandler, ast.MatchAs, ast.MatchStar, ast.MatchMapping),
        *(kind for kind in FIELDS if kind.__name__ == "TypeAlias"),
    ]
)
"""What `special_node` knows; a set of types is asked faster than `isinstance`."""


def _named_global(node: ast.Call | ast.Subscript) -> str | None:
    """The name in `globals()["name"]`, where that is read; None for anything else."""
    match node:
        case ast.Subscript(
            value=ast.Call(func=ast.Name(id="globals"), args=[], keywords=[]),
            slice=ast.Constant(value=str() as name),
            ctx=ast.Load(),
        ):
            return name
    return None


def _looks_up(node: ast.Call | ast.Subscript) -> bool:
    """Whether a node may use names of the module that nothing spells out."""
    match node:
        case ast.Call(func=ast.Name(id=("dir" | "vars")), args=[ast.expr(), *_]):
            # The names of what they are given.
            return False
        case ast.Call(func=ast.Name(id=name), args=[_, names, *_]) if name in _EXECUTING:
            # Those that they are given; where these are the module's, something else here asks for all of them.
            shown = ast.dump(names)
            return any(f"'{word}'" in shown for word in _OF_MODULES) or (
                isinstance(names, ast.Constant) and names.value is None
            )
        case ast.Call(func=ast.Name(id=name)):
            return name in _HERE or name in _EXECUTING or name == "globals"
        case ast.Subscript(slice=ast.Name(id="__name__")):
            return True
    return False


def _without_functions(tree: ast.Module) -> tuple[ast.stmt, ...]:
    """The statements of a module, in copies of which functions have no bodies, so that they take little memory."""
    whole: list[ast.AST] = [*tree.body]
    waiting = [whole]
    for block in waiting:
        for place, node in enumerate(block):
            if isinstance(node, Function):
                block[place] = copied = copy(node)
                copied.body = []
                continue
            inner = {name: getattr(node, name) for name in BLOCKS if isinstance(getattr(node, name, None), list)}
            if inner:
                block[place] = made = copy(node)
                for name, nodes in inner.items():
                    setattr(made, name, list(nodes))
                    waiting.append(getattr(made, name))
    return tuple(node for node in whole if isinstance(node, ast.stmt))


def _may_be_function(node: ast.Lambda) -> bool:
    """Whether a lambda means the same as a function of the module: nothing in it depends on where it stands."""
    return not (node.args.defaults or any(node.args.kw_defaults)) and not any(
        isinstance(part, ast.Yield | ast.YieldFrom | ast.Await)
        or (isinstance(part, ast.Name) and (part.id == "super" or part.id.startswith("__")))
        or (isinstance(part, ast.Attribute) and part.attr.startswith("__") and not part.attr.endswith("__"))
        for part in nodes_in(node.body)
    )


def _texts_in(nodes: Iterable[ast.AST]) -> list[ast.AST]:
    return [part for node in nodes for part in nodes_in(node) if isinstance(part, ast.expr) and _is_text(part)]


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def _names_of(tree: ast.Module, modules: Sequence[str], names: Iterable[str]) -> frozenset[str]:
    """The dotted names by which a module knows names of some other modules."""
    found: set[str] = set()
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and not node.level:
            if node.module in modules:
                found.update(alias.asname or alias.name for alias in node.names if alias.name in names)
            aliases = [a for a in node.names if f"{node.module}.{a.name}" in modules]
            found.update(f"{alias.asname or alias.name}.{name}" for alias in aliases for name in names)
        elif isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name in modules:
                    found.update(f"{alias.asname or alias.name}.{name}" for name in names)
    return frozenset(found)


def _is_local(name: str, scope: _Scope) -> bool:
    reader = scope
    while reader.is_generic and reader.parent:
        reader = reader.parent
    if not reader.is_function and name in reader.bound:
        # What a class body has not bound yet it reads from the module, past all that is around.
        return False
    current: _Scope | None = scope
    while current is not None and current.parent is not None:
        if name in current.declared:
            return False
        if current.is_function and name in current.bound:
            return True
        current = current.parent
    return False


def _parsed(text: str) -> ast.AST:
    try:
        return parse(f"({text.strip()})")
    except UnreadableError:
        return ast.Pass()
