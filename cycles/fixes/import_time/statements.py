"""Statements: where values go, and what runs on the way."""

import ast

from cycles.fixes.import_time.classes import Classes
from cycles.fixes.import_time.evidence import Def, Mark, Site, Unit, last_part
from cycles.fixes.import_time.expressions import operator_name
from cycles.fixes.import_time.flow import Class, Function, Instance, ModuleObject, Value, Variable
from cycles.source.conditions import Truth, truth_of
from cycles.source.import_statements import named_by
from cycles.source.tree_nodes import annotations_of, children_of, nodes_in

_FIELDS = frozenset(["field", "Field", "Factory", "ib", "attrib", "attr"])
"""Calls that describe a field of a class: what they are given may be called for its value."""
_ENTERED = ("__enter__", "__exit__", "__aenter__", "__aexit__")


class Statements(Classes):
    """Statements that are executed."""

    def statement(self, node: ast.stmt, unit: Unit) -> None:  # noqa: C901, PLR0912, PLR0915  one case for each kind
        """Go through a statement."""
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                self._define(node, unit)
            case ast.ClassDef():
                self.make_class(node, unit)
            case ast.Import() | ast.ImportFrom():
                self._import(node, unit)
            case ast.Assign(targets=targets, value=value):
                source = self.value(value, unit)
                for target in targets:
                    self.store(target, source, unit)
                if unit.owner and last_part(value) in _FIELDS:
                    self.classes[unit.owner].fields.update(one.id for one in targets if isinstance(one, ast.Name))
            case ast.AnnAssign(target=target, value=value):
                self.store(target, self.value(value, unit), unit)
                if unit.owner and isinstance(target, ast.Name) and isinstance(value, ast.Call):
                    self.classes[unit.owner].fields.add(target.id)
                if not unit.function and not self._has_future(unit.module):
                    self.value(node.annotation, unit)
            case ast.AugAssign(target=target, value=value, op=op):
                source = self.value(value, unit)
                self.store(target, source, unit)
                name, held = operator_name(op), self.value(_loaded(target), unit)
                self.special([held], [f"__i{name}__", f"__{name}__"], Site(unit.place(node), held, (source,)))
            case ast.Return(value=value):
                self.flows.lead(self.value(value, unit), unit.result)
            case ast.If(test=test, body=body, orelse=otherwise):
                names = self.modules.sources.file(unit.module).special_names
                truth = truth_of(test, names, self.modules.sources.versions)
                self.special([self.value(test, unit)], ["__bool__", "__len__"], Site(unit.place(node)))
                if truth not in (Truth.NEVER, Truth.AS_MAIN):
                    self.later(body, unit)
                if truth not in (Truth.ALWAYS, Truth.AS_MODULE):
                    self.later(otherwise, unit)
            case ast.For(target=target, iter=iterated) | ast.AsyncFor(target=target, iter=iterated):
                self.store(target, self.iterated(iterated, unit), unit)
                self.later([*node.body, *node.orelse], unit)
            case ast.With(items=items) | ast.AsyncWith(items=items):
                for item in items:
                    held, result = self.value(item.context_expr, unit), self.flows.temporary()
                    self.flows.lead(held, result)
                    self.special([held], _ENTERED, Site(unit.place(node), result))
                    if item.optional_vars is not None:
                        self.store(item.optional_vars, result, unit)
                self.later(node.body, unit)
            case ast.Match(subject=subject, cases=cases):
                held = self.value(subject, unit)
                for case in cases:
                    self._pattern(case.pattern, held, unit)
                    self.value(case.guard, unit)
                    self.later(case.body, unit)
            case ast.Raise(exc=exc, cause=cause):
                site = Site(unit.place(node))
                for part in (exc, cause):
                    self.flows.each(
                        self.value(part, unit),
                        lambda value: self.instantiate(value, site) if isinstance(value, Class) else None,
                    )
            case ast.Delete(targets=targets):
                for target in targets:
                    self._delete(target, unit)
            case ast.Global() | ast.Nonlocal() | ast.Pass() | ast.Break() | ast.Continue():
                return
            case _:
                for child in children_of(node):
                    if isinstance(child, ast.expr):
                        self.value(child, unit)
                    elif isinstance(child, ast.stmt):
                        self.later([child], unit)
                    elif isinstance(child, ast.ExceptHandler):
                        self.value(child.type, unit)
                        self.later(child.body, unit)

    def _delete(self, target: ast.expr, unit: Unit) -> None:
        """Something is deleted: an object may have a hook for that."""
        site = Site(unit.place(target))
        match target:
            case ast.Attribute(value=value, attr=attr):
                held = self.value(value, unit)
                self.special([held], ["__delattr__"], site)
                self.flows.each(held, lambda owner: self.take_of(owner, attr, None, site.place))
            case ast.Subscript(value=value, slice=key):
                self.special([self.value(value, unit)], ["__delitem__"], site)
                self.value(key, unit)
            case ast.Tuple(elts=elements) | ast.List(elts=elements):
                for element in elements:
                    self._delete(element, unit)

    def _pattern(self, pattern: ast.pattern, held: Variable, unit: Unit) -> None:
        for part in nodes_in(pattern):
            place = unit.place(part)
            match part:
                case ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)) | ast.MatchMapping(rest=str(name)):
                    self.flows.lead(held, self.variable(name, unit))
                case ast.MatchClass(cls=cls):
                    self.flows.each(held, lambda value, place=place: self._take_all(value, place))  # type: ignore[misc]
                    self.special([held], ["__eq__"], Site(place))
                    self.hook([self.value(cls, unit)], place)
                case ast.MatchValue(value=value):
                    self.value(value, unit)
                    self.special([held], ["__eq__"], Site(place))

    def _take_all(self, value: Value, place: Mark) -> None:
        """A match may take any attribute of an object."""
        if isinstance(value, Instance):
            for name in self.all_names(value.of):
                self.take_of(value, name, self.flows.temporary(), place)

    def _define(self, node: Def, unit: Unit) -> None:
        function = Function(unit.module, unit.inner(node.name), node.lineno + unit.offset, unit.decorating)
        self.code[function] = node, unit
        held = self.flows.temporary()
        self.flows.add(held, function)
        self.defaults(node.args, function, unit)
        if not self._has_future(unit.module):
            for annotation in annotations_of(node):
                self.value(annotation, unit)
        self.flows.lead(self.decorated(node, held, unit), self.variable(node.name, unit))

    def _import(self, node: ast.Import | ast.ImportFrom, unit: Unit) -> None:
        is_package = self.modules.files[unit.module].is_package
        place = unit.place(node)
        for item in named_by(node, unit.module, is_package=is_package):
            if item.name == "*":
                continue
            variable = self.variable(item.bound, unit)
            if not item.name:
                whole = isinstance(node, ast.Import) and item.bound == item.module.partition(".")[0]
                self._add_module(variable, item.bound if whole else item.module)
            elif item.module in self.modules.files:
                self.module_attribute(item.module, item.name, variable, place)
            else:
                self._add_module(variable, f"{item.module}.{item.name}")

    def _add_module(self, variable: Variable, name: str) -> None:
        if name in self.modules.files:
            self.flows.add(variable, ModuleObject(name))
        elif name.partition(".")[0] not in self.tops:
            self.add_foreign(variable, name)

    def _has_future(self, module: str) -> bool:
        uses = self.uses(module)
        return uses is None or uses.future


def _loaded(target: ast.expr) -> ast.expr:
    """A target as an expression that reads it."""
    match target:
        case ast.Attribute(value=value, attr=attr):
            made: ast.expr = ast.Attribute(value, attr, ast.Load())
        case ast.Subscript(value=value, slice=key):
            made = ast.Subscript(value, key, ast.Load())
        case _:
            return target
    return ast.copy_location(made, target)
