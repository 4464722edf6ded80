"""Calls: what they enter, how arguments are bound, and what comes back."""

import ast
from collections.abc import Iterable, Iterator, Sequence

from cycles.fixes.import_time.evidence import DEEPEST, Def, Mark, Site, Unit
from cycles.fixes.import_time.flow import Any, Bound, Class, Foreign, Function, Instance, Name, Value, Wrapped
from cycles.fixes.import_time.library_calls import WRAPPERS, Libraries
from cycles.fixes.known_libraries import Role
from cycles.source.file_text import UnreadableError, parse
from cycles.source.import_statements import bound_names
from cycles.source.tree_nodes import arguments_of, children_of, statements_in

_DECORATING = (Foreign("contextlib.ContextDecorator"), Foreign("contextlib.AsyncContextDecorator"))
_MADE = ("__new__", "__init__", "__post_init__", "__attrs_post_init__")


class Calls(Libraries):
    """Functions and classes that are called."""

    def invoke(self, value: Value, site: Site) -> None:  # noqa: C901, PLR0912  one case for each kind
        """Call a value."""
        match value:
            case Function():
                self._invoke_function(value, site, None)
            case Bound(function=function, to=to):
                self._invoke_function(function, site, to)
            case Wrapped(function=function):
                self.enter(function, site.place)
            case Class():
                self.instantiate(value, site)
                # An Enum is asked for a member, which may be none of those that it has.
                self.method(value, "_missing_", value, site)
            case Instance(of=of):
                self.method(of, "__call__", value, site)
                self.flows.each(("bases", of, ""), lambda base: self._called_as(base, value, site))
            case Any(of=of):
                for name in self.names_of(of):
                    taken = self.flows.temporary()
                    self.take_of(of, name, taken, site.place)
                    self.call(taken, site)
            case Name(module=module, name=name):
                if name.count(".") + name.count("(") < DEEPEST:
                    self.flows.add(site.result, Name(module, f"{name}()"))
                if not self.is_news("invoke", value, site):
                    return
                if site.role is Role.DECORATOR:
                    self.call(self.force(value), site)
                else:
                    self.when_forced(value, lambda found: self.invoke(found, site), site.all_given)
            case Foreign(name=name):
                self.foreign(name, site)

    def _called_as(self, base: Value, value: Instance, site: Site) -> None:
        """An object is called that is derived from something of a library: what it decorates runs in its `with`."""
        if base in _DECORATING:
            for name in ("__enter__", "__exit__", "__aenter__", "__aexit__"):
                self.method(value.of, name, value, Site(site.place))
            for given in site.given:
                self.flows.lead(given, site.result)

    def _invoke_function(self, function: Function, site: Site, to: Instance | Class | None) -> None:
        function = self._apart(function, site)
        self.enter(function, site.place)
        node = self.code[function][0] if function in self.code else None
        if isinstance(node, Def | ast.Lambda):
            bound = self._pass(function, node.args, site, to)
            asked = self.optionals.get(function)
            early = asked is not None and not site.spread and asked not in bound
            self.flows.lead(("early" if early else "return", function), site.result)

    def _apart(self, function: Function, site: Site) -> Function:
        """A decorator as one of its own for what it decorates."""
        if site.role is not Role.DECORATOR or function.decorating or function not in self.code:
            return function
        apart = function._replace(decorating=f"{site.place.module}:{site.place.line_number}")
        if apart not in self.code:
            node, _ = self.code[apart] = self.code[function]
            if isinstance(node, Def):
                for argument in (*node.args.args, *node.args.kwonlyargs):
                    self.flows.lead(("local", function, argument.arg), ("local", apart, argument.arg))
        return apart

    def _pass(
        self, function: Function, arguments: ast.arguments, site: Site, to: Instance | Class | None
    ) -> frozenset[str]:
        """Give arguments to a function, as Python binds them; returns those that are given by name or place."""
        positional = [argument.arg for argument in (*arguments.posonlyargs, *arguments.args)]
        keywords = {*positional, *(argument.arg for argument in arguments.kwonlyargs)}
        rest = [arguments.vararg.arg] if arguments.vararg else []
        more = [arguments.kwarg.arg] if arguments.kwarg else []
        if to is not None:
            for name in (positional or rest)[:1]:
                self.flows.add(("local", function, name), to)
            positional, first = positional[1:], set(positional[:1])
        else:
            first = set()
        bound = [(name, variable) for name, variable in zip(positional, site.given, strict=False)]
        bound += [(name, variable) for variable in site.given[len(positional) :] for name in rest]
        bound += [(into, held) for name, held in site.named for into in ([name] if name in keywords else more)]
        bound += [(name, held) for held in site.spread for name in (*sorted(keywords - first), *rest, *more)]
        for name, variable in bound:
            self.flows.lead(variable, ("local", function, name))
        return frozenset([*positional[: len(site.given)], *(name for name, _ in site.named)])

    def instantiate(self, made: Class, site: Site) -> None:
        """Make an instance of a class."""
        instance = Instance(made)
        if not self.defines(made, "__new__"):
            self.flows.add(site.result, instance)
        for name in _MADE:
            self.method(made, name, made if name == "__new__" else instance, site)
        if not self.defines(made, "__init__"):
            for one in self.ancestors(made):
                for name in self.classes[one].annotated:
                    for variable in (*site.given, *(held for key, held in site.named if key == name), *site.spread):
                        self.flows.lead(variable, ("attribute", one, name))
        for one in self.ancestors(made):
            self.call(("decorated", one), Site(site.place))
            for name in sorted(self.classes[one].fields):
                self.call(("attribute", one, name), Site(site.place, ("attribute", one, name)))
        # What is derived from a property does with a function what that does.
        self.flows.each(
            ("bases", made, ""),
            lambda base: self.foreign(base.name, site) if isinstance(base, Foreign) and base.name in WRAPPERS else None,
        )
        self.each_metaclass(made, lambda meta: self.method(meta, "__call__", made, site))

    def enter(self, function: Function, place: Mark) -> None:
        """The code of a function runs."""
        if not self.reading:
            key = function.module, function.path
            self.note(self.run_marks, key, self.doubted or place)
            if self.doubted:
                self.note(self.given_marks, key, self.doubted)
        if function in self.entered:
            return
        self.entered.add(function)
        node, around = self.code.get(function, (None, None))
        if isinstance(node, ast.Lambda) and around is not None:
            names = names_in([node.body], node.args)
            unit = Unit(function.module, function.path, around, function, None, names, around.offset)
            self.flows.lead(self.value(node.body, unit), ("return", function))
        elif isinstance(node, Def) and around is not None:
            self._enter_body(function, node, around)

    def _enter_body(self, function: Function, node: Def, around: Unit) -> None:
        body, offset = self._body(node, around)
        names = names_in(body, node.args)

        def unit(result: str) -> Unit:
            return Unit(function.module, function.path, around, function, None, names, offset, (result, function))

        if (asked := _asked_first(body)) is not None:
            self.optionals[function], early = asked
            self.later([early], unit("early"))
            body = [one for one in body if one is not early]
        self.later(body, unit("return"))

    def _body(self, node: Def, unit: Unit) -> tuple[Sequence[ast.stmt], int]:
        """The body of a function, read from its lines where that was not kept, and what to add to line numbers."""
        if node.body:
            return node.body, unit.offset
        start = node.lineno - 1
        lines = self.modules.sources.file(unit.module).lines_between(node.lineno, node.end_lineno or node.lineno)
        text = "\n".join(lines)
        text = " " * node.col_offset + text[len(text) - len(text.lstrip()) :] if node.col_offset else text
        try:
            tree: Sequence[ast.stmt] = parse(f"if 1:\n{text}" if node.col_offset else text).body
        except UnreadableError:
            return [], 0
        if node.col_offset and tree and isinstance(tree[0], ast.If):
            tree, start = tree[0].body, start - 1
        return (tree[0].body, start) if tree and isinstance(tree[0], Def) else ([], 0)

    def defaults(self, arguments: ast.arguments, function: Function, unit: Unit) -> None:
        """Let the arguments of a function hold their defaults."""
        positional = [*arguments.posonlyargs, *arguments.args]
        named = zip(positional[len(positional) - len(arguments.defaults) :], arguments.defaults, strict=False)
        for argument, default in (*named, *zip(arguments.kwonlyargs, arguments.kw_defaults, strict=False)):
            if default is not None:
                self.flows.lead(self.value(default, unit), ("local", function, argument.arg))


_BINDING = frozenset(
    [
        *(ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda, ast.Name, ast.Import, ast.ImportFrom),
        *(ast.ExceptHandler, ast.MatchAs, ast.MatchStar, ast.MatchMapping),
    ]
)
"""What may bind a name, and a lambda, in which nothing does: a set of types is asked faster than each in turn."""


def bound_in(body: Iterable[ast.AST]) -> Iterator[str]:
    """The names that code binds, without that of functions in it."""
    waiting = list(body)
    while waiting:
        node = waiting.pop()
        if type(node) not in _BINDING:
            waiting += children_of(node)
            continue
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                yield name
                continue
            case ast.Lambda():
                continue
            case ast.Name(id=name, ctx=ast.Store() | ast.Del()):
                yield name
            case ast.Import() | ast.ImportFrom():
                yield from bound_names(node)
            case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
                yield name
            case ast.MatchMapping(rest=str(name)):
                yield name
        waiting += children_of(node)


def names_in(body: Sequence[ast.AST], arguments: ast.arguments) -> frozenset[str]:
    """The names that a function binds, without those that it declares as another's."""
    declared = {
        name
        for node in statements_in(one for one in body if isinstance(one, ast.stmt))
        if isinstance(node, ast.Global | ast.Nonlocal)
        for name in node.names
    }
    return (frozenset(one.arg for one in arguments_of(arguments)) | frozenset(bound_in(body))) - declared


def _asked_first(body: Sequence[ast.stmt]) -> tuple[str, ast.If] | None:
    """The argument that a function asks first whether it is None, to return something else then."""
    for node in body[:3]:
        match node:
            case ast.Expr(value=ast.Constant()):
                continue
            case ast.If(
                test=ast.Compare(left=ast.Name(id=name), ops=[ast.Is()], comparators=[ast.Constant(value=None)]),
                body=[*_, ast.Return()],
                orelse=[],
            ):
                return name, node
        return None
    return None
