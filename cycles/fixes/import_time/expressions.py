"""Expressions: what value they may have, and what runs while they are evaluated."""

import ast
from collections.abc import Iterable

from cycles.fixes.import_time.attributes import ANY_NAME, COMPARING
from cycles.fixes.import_time.calls import Calls
from cycles.fixes.import_time.evidence import SHOWN, Def, Site, Unit, last_part
from cycles.fixes.import_time.flow import Any, Bound, Class, Foreign, Function, Instance, ModuleObject, Value, Variable
from cycles.fixes.import_time.library_calls import SEEN
from cycles.fixes.known_libraries import FACTORIES
from cycles.source.import_values import lambda_path
from cycles.source.tree_nodes import children_of

_FILLING = frozenset(["add", "append", "appendleft", "extend", "extendleft", "insert", "set", "setdefault", "update"])
"""Methods that put what they are given in a list, set, table or context variable, and call nothing."""
_EMPTYING = frozenset(["popleft"])
"""Methods by which what is no builtin gives what was put in it."""
OF_BUILTINS = frozenset(name for kind in (dict, list, set, str, bytes, tuple) for name in vars(kind))
_OPERATORS = {
    "Add": "add",
    "Sub": "sub",
    "Mult": "mul",
    "Div": "truediv",
    "FloorDiv": "floordiv",
    "Mod": "mod",
    "Pow": "pow",
    "MatMult": "matmul",
    "LShift": "lshift",
    "RShift": "rshift",
    "BitOr": "or",
    "BitXor": "xor",
    "BitAnd": "and",
    "USub": "neg",
    "UAdd": "pos",
    "Invert": "invert",
}
_MAPPED = ("__getitem__", "__missing__")
_SHOWING = {"format": SHOWN, "join": SHOWN, "format_map": _MAPPED}
"""Methods of texts, and which special methods of what they are given run."""
_REFERENCES = (Foreign("weakref.ref()"), Foreign("weakref.WeakMethod()"))
"""Objects that give what they were made of when they are called."""
_TRUE = ("__bool__", "__len__")
_KEYS = ("__hash__", "__eq__")
_LOOPS = ("__iter__", "__next__", "__getitem__", "__len__", "__aiter__", "__anext__")


class Expressions(Calls):
    """Expressions that are evaluated."""

    def expression(  # noqa: C901, PLR0912, PLR0915  one case for each kind
        self, node: ast.expr, result: Variable, unit: Unit
    ) -> None:
        """Go through an expression; `result` is to hold its value."""
        flows, place = self.flows, unit.place(node)
        match node:
            case ast.Attribute(value=value, attr=attr):
                self.take(self.value(value, unit), attr, result, place)
            case ast.Call(func=ast.Name("super")) if unit.function is not None:
                self._super(unit, result)
            case ast.Call():
                self._called(node, result, unit)
            case ast.Lambda(args=arguments):
                path = lambda_path(unit.path, node.lineno, node.col_offset)
                function = Function(unit.module, path, node.lineno, unit.decorating)
                self.code[function] = node, unit
                self.defaults(arguments, function, unit)
                flows.add(result, function)
            case ast.ListComp() | ast.SetComp() | ast.GeneratorExp() | ast.DictComp():
                for generator in node.generators:
                    self.store(generator.target, self.iterated(generator.iter, unit), unit)
                    for test in generator.ifs:
                        self.special([self.value(test, unit)], ["__bool__"], Site(place))
                for part in [node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt]:
                    flows.lead(self.value(part, unit), result)
            case ast.BinOp(left=left, right=right, op=op):
                held = [self.value(left, unit), self.value(right, unit)]
                name = operator_name(op)
                self.special(held[:1], [f"__{name}__"], Site(place, result, (held[1],)))
                self.special(held[1:], [f"__r{name}__"], Site(place, result, (held[0],)))
                if name == "mod":
                    self.special(held, (*SHOWN, *_MAPPED), Site(place))
                for one in held:
                    flows.lead(one, result)
            case ast.UnaryOp(operand=operand, op=op):
                name = operator_name(op)
                names = [f"__{name}__"] if name else _TRUE
                self.special([self.value(operand, unit)], names, Site(place, result))
            case ast.Compare(left=left, comparators=comparators):
                every, either = [self.value(one, unit) for one in (left, *comparators)], flows.temporary()
                for one in every:
                    flows.lead(one, either)
                self.special(every, COMPARING, Site(place, result, (either,)))
            case ast.JoinedStr() | ast.FormattedValue():
                self.special([self.value(part, unit) for part in _parts(node)], SHOWN, Site(place))
            case ast.Subscript(value=value, slice=key):
                whole, index = self.value(value, unit), self.value(key, unit)
                flows.lead(whole, result)
                self.special([whole], _MAPPED, Site(place, result, (index,)))
                self.special([index], [*_KEYS, "__index__"], Site(place))
                flows.each(whole, lambda held: self._item(held, whole, index, Site(place, result)))
            case ast.NamedExpr(target=target, value=value):
                source = self.value(value, unit)
                self.store(target, source, unit)
                flows.lead(source, result)
            case ast.Yield(value=value) | ast.YieldFrom(value=value):
                source = self.value(value, unit)
                flows.lead(source, unit.result)
                flows.lead(source, result)
            case _:
                parts = {part: self.value(part, unit) for part in _parts(node)}
                if isinstance(node, ast.Dict):
                    self.special([parts[key] for key in node.keys if key], _KEYS, Site(place))
                elif isinstance(node, ast.Starred | ast.Set | ast.BoolOp | ast.IfExp):
                    self.special(parts.values(), SEEN[:7], Site(place))
                for variable in parts.values():
                    flows.lead(variable, result)

    def _item(self, held: Value, whole: Variable, index: Variable, site: Site) -> None:
        """An item is asked for: of a class, of what holds the names of a module, or of a table that makes its items."""
        match held:
            case Class():
                self.method(held, "__class_getitem__", held, site)
            case ModuleObject():
                self.flows.add(site.result, Any(held))
            case Foreign(name="sys.modules"):
                self.flows.lead(index, site.result)
            case Foreign(name=name) if name in FACTORIES:
                self.flows.each(whole, lambda made: self.invoke(made, site) if made != held else None)

    def iterated(self, node: ast.expr, unit: Unit) -> Variable:
        """The variable that has what a loop over an expression gives."""
        held, result = self.value(node, unit), self.flows.temporary()
        self.flows.lead(held, result)
        self.special([held], _LOOPS, Site(unit.place(node), result))
        return result

    def store(self, target: ast.expr, source: Variable, unit: Unit) -> None:
        """Let a target hold a value."""
        waiting = [target]
        for one in waiting:
            place = unit.place(one)
            match one:
                case ast.Name(id=name):
                    self.flows.lead(source, self.variable(name, unit))
                case ast.Tuple(elts=elements) | ast.List(elts=elements):
                    waiting += elements
                    self.special([source], ["__iter__", "__next__"], Site(place, source))
                case ast.Starred(value=value):
                    waiting.append(value)
                case ast.Attribute(value=value, attr=attr):
                    held = self.value(value, unit)
                    self.flows.each(held, lambda owner, attr=attr, place=place: self.set(owner, attr, source, place))  # type: ignore[misc]
                case ast.Subscript(value=value, slice=key):
                    index = self.value(key, unit)
                    self.special([self.value(value, unit)], ["__setitem__"], Site(place, None, (index, source)))
                    self.special([index], _KEYS, Site(place))
                    self._put_in(value, source, unit)
                    self._put_in(value, index, unit)
                    self._put_in_names(value, key, source, unit)

    def _called(self, node: ast.Call, result: Variable, unit: Unit) -> None:
        place, function = unit.place(node), node.func
        given = tuple(self.value(one, unit) for one in node.args if not isinstance(one, ast.Starred))
        spread = tuple(self.value(one.value, unit) for one in node.args if isinstance(one, ast.Starred))
        spread += tuple(self.value(key.value, unit) for key in node.keywords if key.arg is None)
        named = tuple((key.arg, self.value(key.value, unit)) for key in node.keywords if key.arg)
        site = Site(place, result, given, named, spread, text=_text_given(node))
        called = self.value(function, unit)
        if isinstance(function, ast.Attribute):
            self.called_on(function, site, unit)
        if unit.function is None and site.all_given:
            self.unanswered.append((called, last_part(function), site))
        if isinstance(function, ast.Name) and function.id in ("globals", "vars", "locals") and not node.args:
            in_class = unit.owner is not None and function.id != "globals"
            self.flows.add(result, Any(unit.owner) if unit.owner and in_class else ModuleObject(unit.module))
        self.call(called, site)
        self.flows.each(called, lambda value: self.flows.lead(called, result) if value in _REFERENCES else None)

    def called_on(self, function: ast.Attribute, site: Site, unit: Unit) -> None:
        """A method is called that may be one of a list, a table, a text or a class."""
        attr, owner = function.attr, function.value
        if attr in _FILLING:
            for one in site.all_given:
                self._put_in(owner, one, unit)
                self._put_in_names(owner, None, one, unit)
        held = self.value(owner, unit)
        if attr in OF_BUILTINS or attr in _EMPTYING:
            # `get`, `pop` and `setdefault` give back a default, too.
            for variable in (held, *site.given[1:]):
                self.keep_ours(variable, site.result)
        self.flows.each(held, lambda value: self.inherited(value, attr, site))
        if attr in _SHOWING:
            self.special(site.all_given, _SHOWING[attr], Site(site.place))
        self.registered(function, site.all_given, unit)
        if attr == "__subclasses__":
            self.flows.each(
                held,
                lambda value: self.subclasses(value, site.result) if isinstance(value, Class) else None,
            )
        for key, variable in site.named:
            if attr == "sort" and key == "key":
                self.call(variable, Site(site.place, site.result))

    def registered(self, function: ast.expr, given: Iterable[Variable], unit: Unit) -> None:
        """Let what has a method `register`, such as a function of `singledispatch`, hold the functions it is given."""
        function = function.func if isinstance(function, ast.Call) else function
        if not isinstance(function, ast.Attribute) or function.attr != "register":
            return
        held = self.flows.temporary()
        for variable in given:
            self.flows.each(
                variable, lambda value: self.flows.add(held, value) if isinstance(value, Function | Bound) else None
            )
        self._put_in(function.value, held, unit)

    def _put_in(self, container: ast.expr, source: Variable, unit: Unit) -> None:
        """Let what an expression stands for hold a value, too."""
        while True:
            match container:
                case ast.Subscript(value=value) | ast.Call(func=ast.Attribute(value=value)) | ast.Starred(value=value):
                    container = value
                case ast.Name() | ast.Attribute():
                    break
                case _:
                    return
        if isinstance(container, ast.Name):
            own = unit.owner is not None and container.id in unit.names
            self.flows.lead(source, self.variable(container.id, unit) if own else self.named(container.id, unit))
        else:
            place, attr = unit.place(container), container.attr
            self.flows.each(self.value(container.value, unit), lambda owner: self.keep(owner, attr, source, place))

    def _put_in_names(self, container: ast.expr, key: ast.expr | None, source: Variable, unit: Unit) -> None:
        """Let an attribute of an object hold a value, where it is put in its `__dict__`: any one without a key."""
        match container:
            case ast.Attribute(value=value, attr="__dict__") | ast.Call(func=ast.Name(id="vars"), args=[value]):
                name = key.value if isinstance(key, ast.Constant) and isinstance(key.value, str) else ANY_NAME
                place = unit.place(container)
                self.flows.each(self.value(value, unit), lambda owner: self.keep(owner, name, source, place))

    def _super(self, unit: Unit, result: Variable) -> None:
        """What `super()` is: the object, as one of what its class is derived from."""
        inside: Unit | None = unit
        while inside is not None and not (inside.function and inside.around and inside.around.owner):
            inside = inside.around
        if inside is None or inside.around is None or inside.around.owner is None or inside.function is None:
            return
        self.flows.add(result, Foreign("super()"))
        node, owner = self.code[inside.function][0], inside.around.owner
        arguments = [*node.args.posonlyargs, *node.args.args] if isinstance(node, Def) else []
        for first in arguments[:1]:
            held = ("local", inside.function, first.arg)
            self.flows.each(held, lambda value: self._as_parent(value, owner, result))

    def _as_parent(self, value: Value, owner: Class, result: Variable) -> None:
        of = value.of if isinstance(value, Instance) else value
        if not isinstance(of, Class):
            return
        for parent in self.ancestors(of):
            if parent != owner and owner not in self.ancestors(parent):
                self.flows.add(result, Instance(parent) if isinstance(value, Instance) else parent)


def operator_name(op: ast.operator | ast.unaryop) -> str:
    """The name that the special methods of an operator have, "" where there is none."""
    return _OPERATORS.get(type(op).__name__, "")


def _parts(node: ast.expr) -> list[ast.expr]:
    return [child for child in children_of(node) if isinstance(child, ast.expr)]


def _text_given(node: ast.Call) -> str:
    """The text that a call is given first, or as the name of an attribute; "" where it is none."""
    second = last_part(node.func) in ("getattr", "setattr", "hasattr", "delattr") and len(node.args) > 1
    first = node.args[1] if second else next(iter(node.args), None)
    return first.value if isinstance(first, ast.Constant) and isinstance(first.value, str) else ""
