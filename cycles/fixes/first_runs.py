"""What runs while modules are imported, and whose annotations are evaluated: found by following values.

The bodies of the modules run, and every function that a value of a call may be. Which values reach a call is found by
going through the code that runs, and only that: nothing is executed. A list, set or table is taken for what it holds.
"""

import ast
import builtins
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from cycles.enums import DoubtReason
from cycles.fixes.flow import (
    Any,
    Bound,
    Class,
    Flows,
    Foreign,
    Function,
    Instance,
    ModuleObject,
    Name,
    Value,
    Variable,
    Wrapped,
)
from cycles.fixes.modules import Modules
from cycles.limits import Steps
from cycles.source.conditions import Truth, all_versions, truth_of
from cycles.source.import_statements import named_by
from cycles.source.known_calls import (
    CALLS,
    EVALUATING,
    FORGETTING,
    READS,
    Role,
    RuntimeEvaluated,
    effect_of,
    shortened,
)
from cycles.source.text import UnreadableError, parse
from cycles.source.usage import MODULE, Uses, annotations_of

_Def = ast.FunctionDef | ast.AsyncFunctionDef
_BUILTINS = frozenset(vars(builtins))
_DEEPEST = 3
"""Attributes and calls that are followed from a name of a module that is not read."""
_FILLING = frozenset(["add", "append", "appendleft", "extend", "insert", "setdefault", "update"])
"""Methods that put what they are given in a list, set or table, and call nothing."""
_OF_BUILTINS = frozenset(name for kind in (dict, list, set, str, bytes, tuple) for name in vars(kind))
_FIELDS = frozenset(["field", "Field", "Factory", "ib", "attrib", "attr"])
_HOLDERS = ("collections.namedtuple", "types.SimpleNamespace", "argparse.Namespace", "dataclasses.make_dataclass")
"""They make objects whose attributes are what they were given."""
_BLIND = frozenset(
    [
        *(
            "callable",
            "dir",
            "functools",
            "hasattr",
            "id",
            "issubclass",
            "object",
            "super",
            "super()",
            "type",
            "weakref",
        ),
        *("contextlib", "dataclasses", "abc", "typing", "threading", "types", "warnings", "delattr", "next"),
    ]
)
"""What does not look into the objects that it is given."""
_KINDS = {
    "property": "property",
    "functools.cached_property": "property",
    "abc.abstractproperty": "property",
    "staticmethod": "staticmethod",
    "classmethod": "classmethod",
}
_MADE = ("__new__", "__init__", "__post_init__", "__attrs_post_init__")
_SEEN = ("__iter__", "__next__", "__len__", "__getitem__", "__bool__", "__contains__", "__hash__", "__eq__", "__lt__")
_SHOWN = ("__str__", "__repr__", "__format__")
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
_COMPARING = ("__eq__", "__ne__", "__lt__", "__le__", "__gt__", "__ge__", "__contains__", "__iter__", "__getitem__")
_REASONS = {
    Role.CALL: DoubtReason.GIVEN,
    Role.DECORATOR: DoubtReason.DECORATED,
    Role.BASE: DoubtReason.DERIVED,
    Role.META: DoubtReason.DERIVED,
}


class Mark(NamedTuple):
    """Where it shows that something runs or is evaluated.

    Where `reason` is not None it is not sure: `by` is not known to leave it alone.
    """

    module: str
    line_number: int
    by: str = ""
    reason: DoubtReason | None = None


@dataclass(eq=False, slots=True)
class _Unit:
    """Code that runs together: the body of a module or class, or of a function."""

    module: str
    path: str
    around: "_Unit | None" = None
    function: Function | None = None
    owner: Class | None = None
    names: frozenset[str] = frozenset()
    offset: int = 0
    result: Variable = None
    """The variable that has what the function returns."""

    @property
    def decorating(self) -> str:
        """What is decorated, where this is the code of a decorator."""
        around: _Unit | None = self
        while around is not None and around.function is None:
            around = around.around
        return around.function.decorating if around and around.function else ""


@dataclass(eq=False, slots=True)
class _Made:
    """What is known of a class: what it binds and is derived from, and who waits to hear of that."""

    names: frozenset[str]
    parents: list[Class] = field(default_factory=list)
    metaclass: Variable = None
    asked: list[tuple[str, Variable]] = field(default_factory=list)
    fields: set[str] = field(default_factory=set)
    annotated: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Site:
    """A call: what is given, where the result goes, and where it stands."""

    given: tuple[Variable, ...]
    named: tuple[tuple[str, Variable], ...]
    spread: tuple[Variable, ...]
    result: Variable
    place: Mark
    role: Role = Role.CALL
    text: str = ""

    @property
    def all_given(self) -> tuple[Variable, ...]:
        return (*self.given, *(variable for _, variable in self.named), *self.spread)


class FirstRuns:
    """What runs while some modules are imported; found out when it is first asked about."""

    def __init__(self, modules: Modules, names: Iterable[str], configured: RuntimeEvaluated, steps: Steps) -> None:
        """`names` are the modules whose bodies run."""
        self.modules, self.configured, self.steps = modules, configured, steps
        self.names = sorted(name for name in names if name in modules.files)
        self.tops = {name.partition(".")[0] for name in modules.files}
        self.flows = Flows(steps)
        self._state, self._followed = 0, True
        self._runs: dict[tuple[str, str], Mark] = {}
        self._reads: dict[tuple[str, str], Mark] = {}
        self._waiting: list[tuple[ast.stmt | ast.expr, Variable, _Unit]] = []
        self._loaded: dict[str, _Unit] = {}
        self._put_off: dict[str, list[Callable[[], None]]] = defaultdict(list)
        self._forced: dict[Name, Variable] = {}
        self._code: dict[Function, tuple[ast.AST, _Unit]] = {}
        self._optionals: dict[Function, str] = {}
        self._entered: dict[Function, _Unit | None] = {}
        self._classes: dict[Class, _Made] = {}
        self._found: set[tuple[Class, str, Variable]] = set()
        self._once: set[tuple[object, ...]] = set()
        self._doubts: list[tuple[Value, _Site]] = []
        self._open: list[tuple[Variable, str, _Site]] = []
        self._by: Mark | None = None
        self._reading = False

    def runs(self, module: str, path: str) -> Mark | None:
        """Where it shows that a function may run on import; None where it does not."""
        self._find()
        return self._or_limit(self._runs.get((module, path)), module, complete=self._followed)

    def reads(self, module: str, path: str) -> Mark | None:
        """Where it shows that annotations of a function, class or module (MODULE) may be evaluated."""
        self._find()
        self._find_readers()
        owner = path.rpartition(".")[0]
        found = [self._reads.get((module, path)), self._reads.get((module, f"{owner}.*") if owner else ("", ""))]
        return self._or_limit(
            min(filter(None, found), key=lambda mark: bool(mark.reason), default=None),
            module,
            complete=self.steps.left >= 0,
        )

    def _or_limit(self, mark: Mark | None, module: str, *, complete: bool) -> Mark | None:
        """What was found; where not all was gone through, that this may not be all."""
        return mark if mark or complete else Mark(module, 1, reason=DoubtReason.LIMIT)

    # How it is found out, in order.

    def _find(self) -> None:
        if self._state:
            return
        self._state = 1
        if self.steps.left < 0:
            self._followed = False
            return
        for name in self.names:
            self._load(name)
        self._settle()
        while self.steps.left >= 0 and self._give_to_unknown():
            self._settle()
        while self._doubts and self.steps.left >= 0:
            value, site = self._doubts.pop(0)
            self._by = site.place
            self._invoke(value, site)
            self._settle()
        self._by = None
        self._followed = self.steps.left >= 0

    def _find_readers(self) -> None:
        """Go through functions that do not run on import but hand something to what evaluates annotations."""
        if self._state > 1 or self.steps.left < 0:
            return
        self._state, self._reading = 2, True
        words = [word.encode() for word in EVALUATING]
        for name in sorted(self.modules.files):
            try:
                data = self.modules.sources.file(name).data
            except UnreadableError:
                continue
            if any(word in data for word in words):
                self._read_in(name, EVALUATING)

    def _read_in(self, module: str, words: Sequence[str]) -> None:
        """Go through the functions of a module in which one of some words stands."""
        unit = self._load(module)
        uses = self._uses(module)
        if unit is None or uses is None:
            return
        self._settle()
        lines = self.modules.sources.file(module).text.split("\n")
        for function in [function for function in self._code if function.module == module]:
            node, _ = self._code[function]
            end = getattr(node, "end_lineno", None) or function.line_number
            text = "\n".join(lines[function.line_number - 1 : end + 1])
            if any(word in text for word in words):
                self._enter(function, Mark(module, function.line_number))
        self._settle()

    def _settle(self) -> None:
        """Go through all code that runs, and let values flow, until nothing is new."""
        while self.steps.left >= 0:
            while self._waiting:
                self.steps.take(1)
                node, result, unit = self._waiting.pop()
                if isinstance(node, ast.stmt):
                    self._statement(node, unit)
                else:
                    self._expression(node, result, unit)
            self.flows.settle()
            if not self._waiting:
                return

    def _give_to_unknown(self) -> bool:
        """Let what nothing is known of do anything to what it is given; returns whether that is news."""
        news = False
        for called, name, site in self._open:
            if self.flows.values.get(called) or name in _OF_BUILTINS or name.startswith("_"):
                continue
            for value in [value for given in site.all_given for value in self.flows.values.get(given, ())]:
                key = ("unknown", value, site.place)
                if isinstance(value, Function | Class | Bound) and key not in self._once:
                    self._once.add(key)
                    self._read(value, site.place, methods=True)
                    self._invoke(value, _Site((), (), (), site.result, site.place))
                    news = True
        return news

    # Modules and names.

    def _uses(self, module: str) -> Uses | None:
        found = self.modules.uses(module)
        return None if isinstance(found, str) else found

    def _load(self, module: str) -> _Unit | None:
        """Run the body of a module."""
        if module in self._loaded:
            return self._loaded[module]
        uses = self._uses(module)
        if uses is None:
            return None
        unit = self._loaded[module] = _Unit(module, "")
        self._waiting += [(node, None, unit) for node in reversed(uses.body)]
        for action in self._put_off.pop(module, ()):
            action()
        return unit

    def _force(self, name: Name) -> Variable:
        """The variable that has what a name of another module stands for."""
        if name not in self._forced:
            parts = name.name.split(".")
            variable = self._forced[name] = self.flows.temporary()
            first, calls = parts[0].partition("(")[0], parts[0].count("(")
            self._load(name.module)
            held: Variable = self.flows.temporary()
            self._module_attribute(name.module, first, held, Mark(name.module, 1))
            for part, count in [("", calls), *((part.partition("(")[0], part.count("(")) for part in parts[1:])]:
                if part:
                    taken = self.flows.temporary()
                    self._take(held, part, taken, Mark(name.module, 1))
                    held = taken
                for _ in range(count):
                    result = self.flows.temporary()
                    self._call(held, _Site((), (), (), result, Mark(name.module, 1)))
                    held = result
            self.flows.lead(held, variable)
        return self._forced[name]

    def _module_attribute(  # noqa: C901
        self, module: str, name: str, result: Variable, place: Mark
    ) -> None:
        """Take a name of a module."""
        if not name.startswith("__"):
            self.flows.lead(("variable", module, name), result)
        if module not in self._loaded and module not in self.names:
            if f"{module}.{name}" in self.modules.files:
                self.flows.add(result, ModuleObject(f"{module}.{name}"))
            if not name.startswith("__"):
                self.flows.add(result, Name(module, name))
            return
        uses = self._uses(module)
        if uses is None or name == "*":
            return
        bound = name in uses.bindings
        if bound or name in ("__name__", "__file__", "__doc__"):
            self.flows.lead(("variable", module, name), result)
        if f"{module}.{name}" in self.modules.files:
            self.flows.add(result, ModuleObject(f"{module}.{name}"))
        elif not bound:
            for star in self._stars(module, uses):
                self._module_attribute(star, name, result, place)
            if "__getattr__" in uses.bindings and not name.startswith("__"):
                self._load(module)
                self._call(("variable", module, "__getattr__"), _Site((), (), (), result, place))

    def _stars(self, module: str, uses: Uses) -> Iterator[str]:
        """The modules of ours that a module takes all names of."""
        is_package = self.modules.files[module].is_package
        for binding in uses.bindings.get("*", ()):
            for statement in uses.imports.get(binding.line_number, ()):
                for item in named_by(statement.node, module, is_package=is_package):
                    if item.name == "*" and item.module in self.modules.files and item.module != module:
                        yield item.module

    def _named(self, name: str, unit: _Unit) -> Variable:
        """The variable that a name means where it is read."""
        around: _Unit | None = unit
        while around is not None and (around.function or around.owner):
            if name in around.names and (around.function or around is unit):
                return self._variable(name, around)
            around = around.around
        module = unit.module
        variable = ("variable", module, name)
        uses = self._uses(module)
        if uses and name not in uses.bindings and ("named", variable) not in self._once:
            self._once.add(("named", variable))
            if name == "__name__":
                self.flows.add(variable, ModuleObject(module))
            for star in self._stars(module, uses):
                self._module_attribute(star, name, variable, Mark(module, 1))
            if name in _BUILTINS:
                self.flows.add(variable, Foreign(name))
        return variable

    def _variable(self, name: str, unit: _Unit) -> Variable:
        """The variable that a name means where it is bound."""
        if unit.owner is not None:
            return ("attribute", unit.owner, name)
        if unit.function is not None and name in unit.names:
            return ("local", unit.function, name)
        return self._named(name, unit) if unit.function is not None else ("variable", unit.module, name)

    # Statements.

    def _statement(self, node: ast.stmt, unit: _Unit) -> None:  # noqa: C901, PLR0912, PLR0915  one case for each kind
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                self._define(node, unit)
            case ast.ClassDef():
                self._make_class(node, unit)
            case ast.Import() | ast.ImportFrom():
                self._import(node, unit)
            case ast.Assign(targets=targets, value=value):
                source = self._value(value, unit)
                for target in targets:
                    self._store(target, source, unit)
                if unit.owner and _last(value) in _FIELDS:
                    self._classes[unit.owner].fields.update(one.id for one in targets if isinstance(one, ast.Name))
            case ast.AnnAssign(target=target, value=value):
                self._store(target, self._value(value, unit), unit)
                if unit.owner and isinstance(target, ast.Name) and isinstance(value, ast.Call):
                    self._classes[unit.owner].fields.add(target.id)
                if not unit.function and not self._has_future(unit.module):
                    self._value(node.annotation, unit)
            case ast.AugAssign(target=target, value=value, op=op):
                source = self._value(value, unit)
                self._store(target, source, unit)
                name = _OPERATORS.get(type(op).__name__, "")
                held = self._value(_loaded(target), unit)
                self._special([held], [f"__i{name}__", f"__{name}__"], unit, node, held)
            case ast.Return(value=value):
                self.flows.lead(self._value(value, unit), unit.result)
            case ast.If(test=test, body=body, orelse=otherwise):
                uses = self._uses(unit.module)
                names = self.modules.sources.file(unit.module).special_names
                truth = (
                    truth_of(test, names, self.modules.sources.versions or all_versions()) if uses else Truth.UNKNOWN
                )
                self._special([self._value(test, unit)], ["__bool__", "__len__"], unit, node)
                if truth not in (Truth.NEVER, Truth.AS_MAIN):
                    self._run(body, unit)
                if truth not in (Truth.ALWAYS, Truth.AS_MODULE):
                    self._run(otherwise, unit)
            case ast.For(target=target, iter=iterated) | ast.AsyncFor(target=target, iter=iterated):
                self._store(target, self._iterated(iterated, unit), unit)
                self._run([*node.body, *node.orelse], unit)
            case ast.With(items=items) | ast.AsyncWith(items=items):
                for item in items:
                    held = self._value(item.context_expr, unit)
                    result = self.flows.temporary()
                    self.flows.lead(held, result)
                    names_ = ["__enter__", "__exit__", "__aenter__", "__aexit__"]
                    self._special([held], names_, unit, node, result)
                    if item.optional_vars is not None:
                        self._store(item.optional_vars, result, unit)
                self._run(node.body, unit)
            case ast.Match(subject=subject, cases=cases):
                held = self._value(subject, unit)
                for case in cases:
                    self._pattern(case.pattern, held, unit)
                    self._value(case.guard, unit)
                    self._run(case.body, unit)
            case ast.Raise(exc=exc, cause=cause):
                for part in (exc, cause):
                    site = _Site((), (), (), None, self._place(node, unit))
                    self.flows.each(
                        self._value(part, unit),
                        lambda value, site=site: (  # type: ignore[misc]
                            self._instantiate(value, site) if isinstance(value, Class) else None
                        ),
                    )
            case ast.Global() | ast.Nonlocal() | ast.Pass() | ast.Break() | ast.Continue():
                return
            case _:
                for child in ast.iter_child_nodes(node):
                    if isinstance(child, ast.expr):
                        self._value(child, unit)
                    elif isinstance(child, ast.stmt):
                        self._run([child], unit)
                    elif isinstance(child, ast.ExceptHandler):
                        self._value(child.type, unit)
                        self._run(child.body, unit)

    def _run(self, body: Iterable[ast.stmt], unit: _Unit) -> None:
        self._waiting += [(node, None, unit) for node in body]

    def _pattern(self, pattern: ast.pattern, held: Variable, unit: _Unit) -> None:
        for part in ast.walk(pattern):
            match part:
                case ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)) | ast.MatchMapping(rest=str(name)):
                    self.flows.lead(held, self._variable(name, unit))
                case ast.MatchClass(cls=cls):
                    matched = self._value(cls, unit)
                    place = self._place(part, unit)
                    self.flows.each(held, lambda value, place=place: self._take_all(value, place))  # type: ignore[misc]
                    self._special([held], ["__eq__"], unit, part)
                    self._hook([matched], unit, part)
                case ast.MatchValue(value=value):
                    self._value(value, unit)
                    self._special([held], ["__eq__"], unit, part)

    def _take_all(self, value: Value, place: Mark) -> None:
        """A match may take any attribute of an object."""
        if isinstance(value, Instance):
            for name in self._all_names(value.of):
                self._take_of(value, name, self.flows.temporary(), place)

    def _all_names(self, of: Class) -> set[str]:
        found: set[str] = set()
        for one in self._ancestors(of):
            found |= {name for name in self._classes[one].names if not name.startswith("__")}
        return found

    def _ancestors(self, of: Class) -> list[Class]:
        found = {of: None}
        for one in (waiting := [of]):
            for parent in self._classes[one].parents if one in self._classes else ():
                if parent not in found:
                    found[parent] = None
                    waiting.append(parent)
        return [one for one in found if one in self._classes]

    def _define(self, node: _Def, unit: _Unit) -> None:
        path = f"{unit.path}.{node.name}" if unit.path else node.name
        function = Function(unit.module, path, node.lineno + unit.offset, unit.decorating)
        self._code[function] = node, unit
        held = self.flows.temporary()
        self.flows.add(held, function)
        self._defaults(node.args, function, unit)
        if not self._has_future(unit.module):
            for annotation in annotations_of(node):
                self._value(annotation, unit)
        self.flows.lead(self._decorated(node, held, unit), self._variable(node.name, unit))

    def _has_future(self, module: str) -> bool:
        uses = self._uses(module)
        return uses is None or uses.future

    def _defaults(self, arguments: ast.arguments, function: Function, unit: _Unit) -> None:
        positional = [*arguments.posonlyargs, *arguments.args]
        named = zip(positional[len(positional) - len(arguments.defaults) :], arguments.defaults, strict=False)
        for argument, default in (*named, *zip(arguments.kwonlyargs, arguments.kw_defaults, strict=False)):
            if default is not None:
                self.flows.lead(self._value(default, unit), ("local", function, argument.arg))

    def _decorated(self, node: _Def | ast.ClassDef, held: Variable, unit: _Unit) -> Variable:
        for decorator in reversed(node.decorator_list):
            result = self.flows.temporary()
            place = self._place(decorator, unit)
            called = self._value(decorator, unit)
            site = _Site((held,), (), (), result, place, Role.DECORATOR)
            self._read_by_configured(decorator, site, unit)
            self._call(called, site)
            self._open.append((called, _last(decorator), site))
            held = result
        return held

    def _read_by_configured(self, decorator: ast.expr, site: _Site, unit: _Unit) -> None:
        """The configuration may name decorators of the project's own that evaluate annotations."""
        if not self.configured.decorators:
            return

        def read(value: Value) -> None:
            if isinstance(value, Function | Class) and f"{value.module}.{value.path}" in self.configured.decorators:
                for given in site.given:
                    self.flows.each(given, lambda held: self._read(held, site.place, methods=True))

        self.flows.each(self._value(decorator.func if isinstance(decorator, ast.Call) else decorator, unit), read)

    def _make_class(self, node: ast.ClassDef, unit: _Unit) -> None:
        path = f"{unit.path}.{node.name}" if unit.path else node.name
        made = Class(unit.module, path)
        held = self.flows.temporary()
        names = frozenset(_bound_in(node.body))
        known = self._classes.setdefault(made, _Made(names, metaclass=self.flows.temporary()))
        known.annotated = tuple(
            one.target.id for one in node.body if isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name)
        )
        self.flows.add(held, made)
        place = self._place(node, unit)
        self._waiting += [
            (inner, None, _Unit(unit.module, path, unit, None, made, names, unit.offset))
            for inner in reversed(node.body)
        ]
        given = tuple(self._value(key.value, unit) for key in node.keywords if key.arg != "metaclass")
        self.flows.each(
            ("bases", made, ""),
            lambda value: (
                self._foreign_base(made, value.name, Role.BASE, place) if isinstance(value, Foreign) else None
            ),
        )
        for base in node.bases:
            variable = self._value(base, unit)
            self.flows.each(variable, lambda value: self._derive(made, value, given, place))
        for keyword in node.keywords:
            if keyword.arg == "metaclass":
                variable = self._value(keyword.value, unit)
                self.flows.lead(variable, known.metaclass)
        self.flows.each(known.metaclass, lambda value: self._made_by(made, value, place))
        for name in names:
            self.flows.each(("attribute", made, name), lambda value: self._owned(made, value, place))
        self.flows.lead(self._decorated(node, held, unit), self._variable(node.name, unit))

    def _derive(self, made: Class, base: Value, given: tuple[Variable, ...], place: Mark) -> None:
        """A class is derived from something: hooks of that run."""
        match base:
            case Class():
                known = self._classes[made]
                if base in known.parents or base == made:
                    return
                known.parents.append(base)
                # What a base above is known to do, it does to all that inherits from it.
                self.flows.lead(("bases", base, ""), ("bases", made, ""))
                if (whole := f"{base.module}.{base.path}") in self.configured.bases:
                    self.flows.add(("bases", made, ""), Foreign(whole))
                for name, result in known.asked:
                    self._lookup(base, name, result)
                if base in self._classes:
                    self.flows.lead(self._classes[base].metaclass, known.metaclass)
                site = _Site((), tuple(("", one) for one in given), (), self.flows.temporary(), place)
                self._method(made, "__init_subclass__", made, site, above=base)
            case Name() if self._is_news("derive", made, base, given, place):
                self.flows.each(self._force(base), lambda value: self._derive(made, value, given, place))
            case Foreign():
                self.flows.add(("bases", made, ""), base)

    def _foreign_base(self, made: Class, name: str, role: Role, place: Mark) -> None:
        effect = READS if name.replace("()", "") in self.configured.bases else effect_of(role, name)
        if effect is None:
            doubt = place._replace(by=_plain(name), reason=DoubtReason.DERIVED)
            self._note(self._reads, (made.module, made.path), doubt)
            for inner in self._classes[made].names:
                self.flows.each(
                    ("attribute", made, inner),
                    lambda value: (
                        self._doubt(value, _Site((), (), (), self.flows.temporary(), doubt))
                        if isinstance(value, Wrapped) and value.kind != "property"
                        else None
                    ),
                )
            return
        if effect & READS:
            self._note(self._reads, (made.module, made.path), place)
        if effect & CALLS:
            site = _Site((), (), (), self.flows.temporary(), place)
            self._invoke(made, site)
            self._method(made, "_generate_next_value_", made, site)

    def _made_by(self, made: Class, metaclass: Value, place: Mark) -> None:
        match metaclass:
            case Class():
                site = _Site((), (), (), self.flows.temporary(), place)
                for name in ("__new__", "__init__", "__prepare__"):
                    # The first argument is the metaclass for some of them: the class stands for both.
                    self._method(metaclass, name, made, site)
            case Name() if self._is_news("made by", made, metaclass, place):
                self.flows.each(self._force(metaclass), lambda value: self._made_by(made, value, place))
            case Foreign(name=name):
                self._foreign_base(made, name, Role.META, place)

    def _owned(self, made: Class, value: Value, place: Mark) -> None:
        """Something is an attribute of a new class: it may have a hook for that."""
        if isinstance(value, Instance):
            owner = self.flows.temporary()
            self.flows.add(owner, made)
            for name in ("__set_name__", "contribute_to_class"):
                self._method(value.of, name, value, _Site((owner,), (), (), self.flows.temporary(), place))

    def _import(self, node: ast.Import | ast.ImportFrom, unit: _Unit) -> None:
        is_package = self.modules.files[unit.module].is_package
        place = self._place(node, unit)
        for item in named_by(node, unit.module, is_package=is_package):
            if item.name == "*":
                continue
            variable = self._variable(item.bound, unit)
            if not item.name:
                whole = isinstance(node, ast.Import) and item.bound == item.module.partition(".")[0]
                self._add_module(variable, item.bound if whole else item.module)
            elif item.module in self.modules.files:
                self._module_attribute(item.module, item.name, variable, place)
            else:
                self._add_module(variable, f"{item.module}.{item.name}")

    def _add_module(self, variable: Variable, name: str) -> None:
        if name in self.modules.files:
            self.flows.add(variable, ModuleObject(name))
        elif name.partition(".")[0] not in self.tops:
            self._add_foreign(variable, name)

    # Expressions.

    def _place(self, node: ast.AST, unit: _Unit) -> Mark:
        return Mark(unit.module, getattr(node, "lineno", 1) + unit.offset)

    def _value(self, node: ast.expr | None, unit: _Unit) -> Variable:
        """The variable that has the value of an expression."""
        match node:
            case None | ast.Constant():
                return None
            case ast.Name(id=name):
                return self._named(name, unit)
        variable = self.flows.temporary()
        self._waiting.append((node, variable, unit))
        return variable

    def _expression(  # noqa: C901, PLR0912, PLR0915  one case for each kind
        self, node: ast.expr, result: Variable, unit: _Unit
    ) -> None:
        flows = self.flows
        match node:
            case ast.Attribute(value=value, attr=attr):
                self._take(self._value(value, unit), attr, result, self._place(node, unit))
            case ast.Call():
                self._called(node, result, unit)
            case ast.Lambda(args=arguments):
                path = f"{unit.path}.<lambda {node.lineno}:{node.col_offset}>"
                function = Function(unit.module, path, node.lineno, unit.decorating)
                self._code[function] = node, unit
                self._defaults(arguments, function, unit)
                flows.add(result, function)
            case ast.ListComp() | ast.SetComp() | ast.GeneratorExp() | ast.DictComp():
                for generator in node.generators:
                    self._store(generator.target, self._iterated(generator.iter, unit), unit)
                    for test in generator.ifs:
                        self._special([self._value(test, unit)], ["__bool__"], unit, node)
                parts = [node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt]
                for part in parts:
                    flows.lead(self._value(part, unit), result)
            case ast.BinOp(left=left, right=right, op=op):
                held = [self._value(left, unit), self._value(right, unit)]
                name = _OPERATORS.get(type(op).__name__, "")
                self._special(held, [f"__{name}__", f"__r{name}__"], unit, node, result)
                if name == "mod":
                    self._special(held, _SHOWN, unit, node)
                for one in held:
                    flows.lead(one, result)
            case ast.UnaryOp(operand=operand, op=op):
                held_ = self._value(operand, unit)
                name = _OPERATORS.get(type(op).__name__, "")
                self._special([held_], [f"__{name}__"] if name else ["__bool__", "__len__"], unit, node, result)
            case ast.Compare(left=left, comparators=comparators):
                self._special([self._value(one, unit) for one in (left, *comparators)], _COMPARING, unit, node, result)
            case ast.JoinedStr() | ast.FormattedValue():
                held = [self._value(child, unit) for child in ast.iter_child_nodes(node) if isinstance(child, ast.expr)]
                self._special(held, _SHOWN, unit, node)
            case ast.Subscript(value=value, slice=key):
                whole, index = self._value(value, unit), self._value(key, unit)
                flows.lead(whole, result)
                self._special([whole], ["__getitem__", "__missing__"], unit, node, result, (index,))
                self._special([index], ["__hash__", "__eq__", "__index__"], unit, node)
                place = self._place(node, unit)
                flows.each(whole, lambda held: self._item(held, index, result, place))
            case ast.NamedExpr(target=target, value=value):
                source = self._value(value, unit)
                self._store(target, source, unit)
                flows.lead(source, result)
            case ast.Yield(value=value) | ast.YieldFrom(value=value):
                source = self._value(value, unit)
                flows.lead(source, unit.result)
                flows.lead(source, result)
            case ast.Dict(keys=keys, values=values):
                self._special([self._value(key, unit) for key in keys], ["__hash__", "__eq__"], unit, node)
                for value in (*keys, *values):
                    flows.lead(self._value(value, unit), result)
            case _:
                if isinstance(node, ast.Starred | ast.Set | ast.BoolOp | ast.IfExp):
                    parts = [child for child in ast.iter_child_nodes(node) if isinstance(child, ast.expr)]
                    self._special([self._value(part, unit) for part in parts], _SEEN[:7], unit, node)
                for child in ast.iter_child_nodes(node):
                    if isinstance(child, ast.expr):
                        flows.lead(self._value(child, unit), result)

    def _item(self, held: Value, index: Variable, result: Variable, place: Mark) -> None:
        """An item is asked for: of a class, or of what holds the names of a module."""
        match held:
            case Class():
                self._method(held, "__class_getitem__", held, _Site((), (), (), result, place))
            case ModuleObject():
                self.flows.add(result, Any(held))
            case Foreign(name="sys.modules"):
                self.flows.lead(index, result)

    def _iterated(self, node: ast.expr, unit: _Unit) -> Variable:
        held, result = self._value(node, unit), self.flows.temporary()
        self.flows.lead(held, result)
        self._special(
            [held], ("__iter__", "__next__", "__getitem__", "__len__", "__aiter__", "__anext__"), unit, node, result
        )
        return result

    def _special(
        self,
        held: Iterable[Variable],
        names: Sequence[str],
        unit: _Unit,
        node: ast.AST,
        result: Variable = None,
        given: tuple[Variable, ...] = (),
    ) -> None:
        """Special methods of objects run."""
        place = self._place(node, unit)
        for variable in held:
            if variable is not None:
                self.flows.each(variable, lambda value: self._special_of(value, names, given, result, place))

    def _special_of(
        self, value: Value, names: Sequence[str], given: tuple[Variable, ...], result: Variable, place: Mark
    ) -> None:
        if isinstance(value, Instance):
            for name in names:
                self._method(value.of, name, value, _Site(given, (), (), result, place))
        elif isinstance(value, Class) and value in self._classes and names is not _COMPARING and "__str__" not in names:
            self.flows.each(
                self._classes[value].metaclass,
                lambda meta: self._special_of_class(value, meta, names, given, result, place),
            )

    def _special_of_class(
        self,
        value: Class,
        meta: Value,
        names: Sequence[str],
        given: tuple[Variable, ...],
        result: Variable,
        place: Mark,
    ) -> None:
        if isinstance(meta, Class):
            for name in names:
                self._method(meta, name, value, _Site(given, (), (), result, place))

    def _store(self, target: ast.expr, source: Variable, unit: _Unit) -> None:
        """Let a target hold a value."""
        waiting = [target]
        for one in waiting:
            match one:
                case ast.Name(id=name):
                    self.flows.lead(source, self._variable(name, unit))
                case ast.Tuple(elts=elements) | ast.List(elts=elements):
                    waiting += elements
                    self._special([source], ["__iter__", "__next__"], unit, one, source)
                case ast.Starred(value=value):
                    waiting.append(value)
                case ast.Attribute(value=value, attr=attr):
                    place = self._place(one, unit)
                    held = self._value(value, unit)
                    self.flows.each(held, lambda owner, attr=attr, place=place: self._set(owner, attr, source, place))  # type: ignore[misc]
                case ast.Subscript(value=value, slice=key):
                    held, index = self._value(value, unit), self._value(key, unit)
                    self._special([held], ["__setitem__"], unit, one, None, (index, source))
                    self._special([index], ["__hash__", "__eq__"], unit, one)
                    self._put_in(value, source, unit)
                    self._put_in(value, index, unit)

    def _put_in(self, container: ast.expr, source: Variable, unit: _Unit) -> None:
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
            self.flows.lead(source, self._named(container.id, unit))
        else:
            place, attr = self._place(container, unit), container.attr
            self.flows.each(self._value(container.value, unit), lambda owner: self._keep(owner, attr, source, place))

    def _keep(self, owner: Value, attr: str, source: Variable, place: Mark) -> None:
        """Let what is an attribute of something hold a value."""
        match owner:
            case Instance(of=of) | (Class() as of):
                self.flows.lead(source, ("attribute", of, attr))
                for one in self._ancestors(of):
                    if attr in self._classes[one].names:
                        self.flows.lead(source, ("attribute", one, attr))
            case ModuleObject(name=module):
                self.flows.lead(source, ("variable", module, attr))
            case Function():
                self.flows.lead(source, ("attribute", owner, attr))
            case Name() if self._is_news("keep", owner, attr, source, place):
                self._when_forced(owner, lambda value: self._keep(value, attr, source, place), [source])

    def _set(self, owner: Value, attr: str, source: Variable, place: Mark) -> None:
        """An attribute of something is set."""
        match owner:
            case Instance(of=of):
                self.flows.lead(source, ("attribute", of, attr))
                held = self.flows.temporary()
                self._lookup(of, attr, held)
                self.flows.each(held, lambda value: self._set_by(owner, value, source, place))
                self._method(of, "__setattr__", owner, _Site((None, source), (), (), None, place))
            case Class():
                self.flows.lead(source, ("attribute", owner, attr))
                if owner in self._classes:
                    self.flows.each(
                        self._classes[owner].metaclass,
                        lambda meta: self._special_of_class(owner, meta, ["__setattr__"], (None, source), None, place),
                    )
            case _:
                self._keep(owner, attr, source, place)

    def _set_by(self, owner: Instance, value: Value, source: Variable, place: Mark) -> None:
        match value:
            case Wrapped(function=function, kind="property"):
                self._invoke(Bound(function, owner), _Site((source,), (), (), None, place))
            case Instance(of=of):
                self._method(of, "__set__", value, _Site((None, source), (), (), None, place))

    def _take(self, held: Variable, attr: str, result: Variable, place: Mark) -> None:
        """An attribute of a value is taken: of what holds what it was made of, maybe that."""
        self.flows.each(held, lambda value: self._take_of(value, attr, result, place))
        self.flows.each(
            held,
            lambda value: (
                self.flows.lead(held, result)
                if isinstance(value, Foreign) and value.name.startswith(_HOLDERS) and value.name not in _HOLDERS
                else None
            ),
        )

    def _take_of(  # noqa: C901, PLR0912  one case for each kind of value
        self, value: Value, attr: str, result: Variable, place: Mark
    ) -> None:
        key = ("take", value, attr, result)
        if key in self._once:
            return
        self._once.add(key)
        flows = self.flows
        match value:
            case ModuleObject(name=module):
                self._module_attribute(module, attr, result, place)
            case Instance(of=of) | (Class() as of):
                if attr == "__class__":
                    flows.add(result, of)
                    return
                if attr == "__dict__":
                    flows.add(result, Any(value))
                    return
                held = flows.temporary()
                self._lookup(of, attr, held)
                flows.each(held, lambda found: self._bind(value, found, result, place))
                if isinstance(value, Instance):
                    site = _Site((), (), (), result, place)
                    self._method(of, "__getattribute__", value, site)
                    if not any(attr in self._classes[one].names for one in self._ancestors(of)):
                        self._method(of, "__getattr__", value, site)
                elif of in self._classes:
                    flows.each(
                        self._classes[of].metaclass, lambda meta: self._take_of_meta(of, meta, attr, result, place)
                    )
            case Function():
                flows.lead(("attribute", value, attr), result)
                if attr == "__wrapped__":
                    flows.add(result, value)
            case Bound(to=to, function=function) if attr in ("__func__", "__self__"):
                flows.add(result, function)
                flows.add(result, to)
            case Wrapped(kind=kind, function=function):
                flows.add(result, Foreign(kind))
                if attr in ("fget", "func", "__func__", "__wrapped__"):
                    flows.add(result, function)
            case Foreign(name=name):
                self._add_foreign(result, f"{name}.{attr}")
            case Name(module=module, name=name):
                if name.count(".") + name.count("(") < _DEEPEST:
                    flows.add(result, Name(module, f"{name}.{attr}"))
                self._when_loaded(value, lambda: self._take(self._force(value), attr, result, place))

    def _take_of_meta(self, of: Class, meta: Value, attr: str, result: Variable, place: Mark) -> None:
        if isinstance(meta, Class):
            held = self.flows.temporary()
            self._lookup(meta, attr, held)
            self.flows.each(held, lambda found: self._bind(of, found, result, place, by_meta=True))
            site = _Site((), (), (), result, place)
            if not any(attr in self._classes[one].names for one in self._ancestors(of)):
                self._method(meta, "__getattr__", of, site)
            self._method(meta, "__getattribute__", of, site)

    def _take_any(self, value: Value, result: Variable) -> None:
        """Any attribute of a value may be taken."""
        if isinstance(value, Instance | Class | ModuleObject):
            self.flows.add(result, Any(value))

    def _names_of(self, of: Instance | Class | ModuleObject) -> list[str]:
        if isinstance(of, ModuleObject):
            uses = self._uses(of.name)
            return sorted(uses.bindings) if uses and of.name in self._loaded else []
        return sorted(self._all_names(of.of if isinstance(of, Instance) else of))

    def _bind(self, value: Value, found: Value, result: Variable, place: Mark, *, by_meta: bool = False) -> None:
        """What was found in a class is taken of it, or of an object."""
        is_object = isinstance(value, Instance) or by_meta
        match found:
            case Function() if is_object and isinstance(value, Instance | Class):
                self.flows.add(result, Bound(found, value))
                # A function may be an attribute of the object, not of its class.
                self.flows.add(result, found)
            case Wrapped(function=function, kind="classmethod"):
                of = value.of if isinstance(value, Instance) else value
                if isinstance(of, Class):
                    self.flows.add(result, Bound(function, of))
            case Wrapped(function=function, kind="staticmethod"):
                self.flows.add(result, function)
            case Wrapped(function=function) if is_object and isinstance(value, Instance | Class):
                self._invoke(Bound(function, value), _Site((), (), (), result, place))
            case Instance(of=of):
                self.flows.add(result, found)
                self._method(of, "__get__", found, _Site((), (), (), result, place))
            case _:
                self.flows.add(result, found)

    def _lookup(self, of: Class, name: str, result: Variable) -> None:
        """Look a name up in a class and what that is derived from, as far as that is known now and later."""
        waiting = [of]
        while waiting:
            one = waiting.pop()
            if (one, name, result) in self._found:
                continue
            self._found.add((one, name, result))
            self.flows.lead(("attribute", one, name), result)
            known = self._classes.get(one)
            if known is not None and name not in known.names:
                known.asked.append((name, result))
                waiting += known.parents

    def _method(self, of: Class, name: str, to: Instance | Class, site: _Site, above: Class | None = None) -> None:
        """Run a method of a class, where it has one."""
        key = ("method", of, name, to, site.result, site.given, site.named, above)
        if key in self._once:
            return
        self._once.add(key)
        held = self.flows.temporary()
        self._lookup(above or of, name, held)
        self.flows.each(held, lambda found: self._run_method(found, to, site))

    def _run_method(self, found: Value, to: Instance | Class, site: _Site) -> None:
        match found:
            case Function():
                self._invoke(Bound(found, to), site)
            case Wrapped(function=function):
                self._invoke(Bound(function, to), site)
            case Instance() | Class() | Bound():
                self._invoke(found, site)

    # Calls.

    def _called(self, node: ast.Call, result: Variable, unit: _Unit) -> None:  # noqa: C901
        function = node.func
        place = self._place(node, unit)
        if isinstance(function, ast.Name) and function.id == "super" and unit.function is not None:
            self._super(unit, result)
            return
        given = tuple(self._value(one, unit) for one in node.args if not isinstance(one, ast.Starred))
        spread = tuple(self._value(one.value, unit) for one in node.args if isinstance(one, ast.Starred))
        spread += tuple(self._value(key.value, unit) for key in node.keywords if key.arg is None)
        named = tuple((key.arg, self._value(key.value, unit)) for key in node.keywords if key.arg)
        first = node.args[1] if _last(function) in ("getattr", "setattr") and len(node.args) > 1 else None
        first = first or next(iter(node.args), None)
        text = first.value if isinstance(first, ast.Constant) and isinstance(first.value, str) else ""
        site = _Site(given, named, spread, result, place, Role.CALL, text)
        called = self._value(function, unit)
        if isinstance(function, ast.Attribute):
            if function.attr in _FILLING:
                for one in site.all_given:
                    self._put_in(function.value, one, unit)
            if function.attr in _OF_BUILTINS:
                self.flows.lead(self._value(function.value, unit), result)
            if function.attr in ("format", "join"):
                self._special(site.all_given, _SHOWN, unit, node)
            if function.attr == "sort":
                for key, variable in named:
                    if key == "key":
                        self._call(variable, _Site((), (), (), result, place))
        if unit.function is None and site.all_given:
            self._open.append((called, _last(function), site))
        if isinstance(function, ast.Name) and function.id in ("globals", "vars", "locals") and not node.args:
            self.flows.add(result, ModuleObject(unit.module))
        self._call(called, site)

    def _super(self, unit: _Unit, result: Variable) -> None:
        """What `super()` is: the object, as one of what its class is derived from."""
        inside: _Unit | None = unit
        while inside is not None and not (inside.function and inside.around and inside.around.owner):
            inside = inside.around
        if inside is None or inside.around is None or inside.around.owner is None or inside.function is None:
            return
        self.flows.add(result, Foreign("super()"))
        node, owner = self._code[inside.function][0], inside.around.owner
        arguments = node.args if isinstance(node, _Def) else None
        first = next(iter([*arguments.posonlyargs, *arguments.args]), None) if arguments else None
        if first is not None:
            held = ("local", inside.function, first.arg)
            self.flows.each(held, lambda value: self._as_parent(value, owner, result))

    def _as_parent(self, value: Value, owner: Class, result: Variable) -> None:
        of = value.of if isinstance(value, Instance) else value
        if not isinstance(of, Class):
            return
        for parent in self._ancestors(of):
            if parent != owner and owner not in self._ancestors(parent):
                self.flows.add(result, Instance(parent) if isinstance(value, Instance) else parent)

    def _call(self, called: Variable, site: _Site) -> None:
        self.flows.each(called, lambda value: self._invoke(value, site))

    def _invoke(self, value: Value, site: _Site) -> None:  # noqa: C901, PLR0912  one case for each kind
        match value:
            case Function():
                value = self._apart(value, site)
                self._enter(value, site.place)
                self._pass(value, site, None)
            case Bound(function=function, to=to):
                function = self._apart(function, site)
                self._enter(function, site.place)
                self._pass(function, site, to)
            case Wrapped(function=function):
                self._enter(function, site.place)
            case Class():
                self._instantiate(value, site)
            case Instance(of=of):
                self._method(of, "__call__", value, site)
            case Any(of=of):
                for name in self._names_of(of):
                    taken = self.flows.temporary()
                    self._take_of(of, name, taken, site.place)
                    self._call(taken, site)
            case Name(module=module, name=name):
                if name.count(".") + name.count("(") < _DEEPEST:
                    self.flows.add(site.result, Name(module, f"{name}()"))
                if not self._is_news("invoke", value, site):
                    return
                if site.role is Role.DECORATOR:
                    self._call(self._force(value), site)
                else:
                    self._when_forced(value, lambda found: self._invoke(found, site), site.all_given)
            case Foreign(name=name):
                self._foreign(name, site)

    def _apart(self, function: Function, site: _Site) -> Function:
        """A decorator as one of its own for what it decorates."""
        if site.role is not Role.DECORATOR or function.decorating or function not in self._code:
            return function
        apart = function._replace(decorating=f"{site.place.module}:{site.place.line_number}")
        if apart not in self._code:
            node, _ = self._code[apart] = self._code[function]
            if isinstance(node, _Def):
                for argument in (*node.args.args, *node.args.kwonlyargs):
                    self.flows.lead(("local", function, argument.arg), ("local", apart, argument.arg))
        return apart

    def _when_loaded(self, name: Name, action: Callable[[], None]) -> None:
        """Do something once the module of a name is read for another reason."""
        if name.module in self._loaded:
            action()
        else:
            self._put_off[name.module].append(action)

    def _is_news(self, *key: object) -> bool:
        """Whether something is done for the first time.

        What names of other modules stand for may be each other: done again and again, it would never end.
        """
        if key in self._once:
            return False
        self._once.add(key)
        return True

    def _when_forced(self, name: Name, action: Callable[[Value], None], given: Sequence[Variable]) -> None:
        """Do something with what a name stands for once something of ours is given to it, or its module is read."""
        done: list[bool] = []

        def force() -> None:
            if not done:
                done.append(True)
                self.flows.each(self._force(name), action)

        self._when_loaded(name, force)
        for variable in given:
            self.flows.each(
                variable, lambda value: force() if isinstance(value, Function | Class | Instance | Bound) else None
            )

    def _instantiate(self, made: Class, site: _Site) -> None:
        instance = Instance(made)
        if not any("__new__" in self._classes[one].names for one in self._ancestors(made)):
            self.flows.add(site.result, instance)
        for name in _MADE:
            to: Instance | Class = made if name == "__new__" else instance
            self._method(made, name, to, site)
        if not any("__init__" in self._classes[one].names for one in self._ancestors(made)):
            for one in self._ancestors(made):
                for name in self._classes[one].annotated:
                    for variable in (*site.given, *(held for key, held in site.named if key == name), *site.spread):
                        self.flows.lead(variable, ("attribute", one, name))
        for one in self._ancestors(made):
            for name in sorted(self._classes[one].fields):
                self._call(("attribute", one, name), _Site((), (), (), ("attribute", one, name), site.place))
        # What is derived from a property does with a function what that does.
        self.flows.each(
            ("bases", made, ""),
            lambda base: self._foreign(base.name, site) if isinstance(base, Foreign) and base.name in _KINDS else None,
        )
        if made in self._classes:
            self.flows.each(self._classes[made].metaclass, lambda meta: self._call_of_meta(made, meta, site))

    def _call_of_meta(self, made: Class, meta: Value, site: _Site) -> None:
        if isinstance(meta, Class):
            self._method(meta, "__call__", made, site)

    def _pass(  # noqa: C901, PLR0912  how Python binds arguments
        self, function: Function, site: _Site, to: Instance | Class | None
    ) -> None:
        """Give arguments to a function, and its result back."""
        node = self._code[function][0] if function in self._code else None
        if not isinstance(node, _Def | ast.Lambda):
            return
        lead, arguments = self.flows.lead, node.args
        positional = [argument.arg for argument in (*arguments.posonlyargs, *arguments.args)]
        keywords = {*positional, *(argument.arg for argument in arguments.kwonlyargs)}
        if to is not None and positional:
            self.flows.add(("local", function, positional[0]), to)
            positional = positional[1:]
        elif to is not None and arguments.vararg:
            self.flows.add(("local", function, arguments.vararg.arg), to)
        more = ("local", function, arguments.vararg.arg) if arguments.vararg else None
        for place, variable in enumerate(site.given):
            if place < len(positional):
                lead(variable, ("local", function, positional[place]))
            elif more:
                lead(variable, more)
        for name, variable in site.named:
            if name in keywords:
                lead(variable, ("local", function, name))
            elif arguments.kwarg:
                lead(variable, ("local", function, arguments.kwarg.arg))
        for variable in site.spread:
            for name in (*keywords, *([arguments.vararg.arg] if arguments.vararg else [])):
                if to is None or name in positional or name not in keywords:
                    lead(variable, ("local", function, name))
            if arguments.kwarg:
                lead(variable, ("local", function, arguments.kwarg.arg))
        if site.result is not None:
            asked = self._optional(function)
            early = asked is not None and not (
                site.spread or asked in dict(site.named) or asked in positional[: len(site.given)]
            )
            lead(("early" if early else "return", function), site.result)

    def _enter(self, function: Function, place: Mark) -> None:
        """The code of a function runs."""
        if not self._reading:
            mark = self._by or place
            self._note(self._runs, (function.module, function.path), mark)
        if function in self._entered:
            return
        self._entered[function] = None
        if function not in self._code:
            return
        node, around = self._code[function]
        if isinstance(node, ast.Lambda):
            names = _names_in([node.body], node.args)
            unit = _Unit(function.module, function.path, around, function, None, names, around.offset)
            self.flows.lead(self._value(node.body, unit), ("return", function))
            return
        if not isinstance(node, _Def):
            return
        body, offset = self._body(node, around)
        names, result = _names_in(body, node.args), ("return", function)
        unit = _Unit(function.module, function.path, around, function, None, names, offset, result)
        asked = _asked_first(body)
        if asked is not None:
            early = _Unit(function.module, function.path, around, function, None, names, offset, ("early", function))
            self._optionals[function] = asked[0]
            self._run([asked[1]], early)
            body = [one for one in body if one is not asked[1]]
        self._run(body, unit)

    def _optional(self, function: Function) -> str | None:
        """The argument without which a function returns something else, as a decorator that may be called first."""
        return self._optionals.get(function)

    def _body(self, node: _Def, unit: _Unit) -> tuple[list[ast.stmt], int]:
        """The body of a function, read from its lines where that was not kept, and what to add to line numbers."""
        if node.body:
            return node.body, unit.offset
        lines = self._lines(unit.module)
        start = node.lineno - 1
        text = "\n".join(lines[start : node.end_lineno])
        text = " " * node.col_offset + text[len(text) - len(text.lstrip()) :] if node.col_offset else text
        try:
            tree: Sequence[ast.stmt] = parse(f"if 1:\n{text}" if node.col_offset else text).body
        except UnreadableError:
            return [], 0
        offset = start
        if node.col_offset and tree and isinstance(tree[0], ast.If):
            tree, offset = tree[0].body, start - 1
        if tree and isinstance(tree[0], _Def):
            return tree[0].body, offset
        return [], 0

    def _lines(self, module: str) -> Sequence[str]:
        return self.modules.sources.file(module).text.split("\n")

    def _foreign(self, name: str, site: _Site) -> None:  # noqa: C901, PLR0911, PLR0912  what Python and libraries do
        key = ("foreign", name, site)
        if key in self._once:
            return
        self._once.add(key)
        flows, given = self.flows, site.all_given
        if name in _KINDS:
            for variable in given:
                flows.each(
                    variable,
                    lambda value: (
                        flows.add(site.result, Wrapped(value, _KINDS[name]))
                        if isinstance(value, Function)
                        else flows.add(site.result, value)
                    ),
                )
            return
        if name == "getattr" and site.given:
            flows.each(
                site.given[0],
                lambda value: (
                    self._take_of(value, site.text, site.result, site.place)
                    if site.text
                    else self._take_any(value, site.result)
                ),
            )
            for variable in site.given[2:]:
                flows.lead(variable, site.result)
            return
        if name == "setattr" and len(site.given) > 2:  # noqa: PLR2004
            source = site.given[2]
            names = [site.text] if site.text else []
            for attr in names:
                flows.each(site.given[0], lambda value, attr=attr: self._set(value, attr, source, site.place))  # type: ignore[misc]
            return
        if name in ("vars", "globals", "locals"):
            for variable in given:
                flows.lead(variable, site.result)
            return
        if name in ("isinstance", "issubclass"):
            for variable in given:
                flows.each(variable, lambda value: self._hooked(value, site.place))
            return
        if name == "type":
            for variable in given:
                flows.each(
                    variable, lambda value: flows.add(site.result, value.of if isinstance(value, Instance) else value)
                )
            return
        if name in ("operator.methodcaller", "operator.attrgetter") and site.text:
            flows.add(site.result, Foreign(f"{name}:{site.text}"))
            return
        if name.startswith("operator.") and ":" in name:
            attr = name.rpartition(":")[2].partition(".")[0]
            for variable in given:
                taken = flows.temporary()
                self._take(variable, attr, taken, site.place)
                self._call(taken, _Site((), (), (), site.result, site.place))
            return
        if name == "functools.wraps" or (name == "functools.update_wrapper" and site.given):
            self._add_foreign(site.result, f"{name}()")
            if name == "functools.update_wrapper":
                flows.lead(site.given[0], site.result)
            return
        if name.endswith(".__new__"):
            for variable in given:
                flows.each(
                    variable,
                    lambda value: flows.add(site.result, Instance(value)) if isinstance(value, Class) else None,
                )
            return
        self._library(name, site)

    def _library(self, name: str, site: _Site) -> None:
        """A library does with what it is given what it is known to do."""
        flows = self.flows
        configured = site.role is Role.DECORATOR and name.replace("()", "") in self.configured.decorators
        effect = effect_of(site.role, name)
        if configured:
            effect = (effect or 0) | READS
        keys = [variable for key, variable in site.named if key == "key"]
        doubt = site.place._replace(by=_plain(name), reason=_REASONS[site.role])
        for variable in site.all_given:
            flows.each(variable, lambda value: self._given_to(value, effect, site, doubt))
            if name.partition(".")[0] not in _BLIND:
                flows.each(variable, lambda value: self._special_of(value, (*_SEEN, *_SHOWN), (), None, site.place))
            if name not in FORGETTING:
                flows.lead(variable, site.result)
        for variable in keys:
            self._call(variable, _Site(site.all_given, (), (), site.result, site.place))
        if site.result is not None:
            self._add_foreign(site.result, f"{name}()")

    def _add_foreign(self, result: Variable, name: str) -> None:
        if short := shortened(name):
            self.flows.add(result, Foreign(short))

    def _given_to(self, value: Value, effect: int | None, site: _Site, doubt: Mark) -> None:
        if effect is None:
            if not isinstance(value, Instance | ModuleObject | Foreign | Name):
                self._read(value, doubt, methods=True)
            self._doubt(value, _Site(site.all_given, (), (), site.result, doubt))
            return
        if effect & READS:
            self._read(value, site.place, methods=site.role is not Role.BASE)
        if effect & CALLS and isinstance(value, Function | Bound | Class | Instance):
            self._invoke(value, _Site(site.all_given, (), (), site.result, site.place))

    def _doubt(self, value: Value, site: _Site) -> None:
        """Something may be called by what is not known."""
        key = ("doubt", value, site.place)
        if key in self._once or self._by is not None:
            return
        self._once.add(key)
        match value:
            case Function() | Bound() | Class() | Wrapped():
                self._doubts.append((value, site))
            case Instance(of=of):
                for name in self._all_names(of):
                    held = self.flows.temporary()
                    self._lookup(of, name, held)
                    self.flows.each(
                        held,
                        lambda found: (
                            self._doubts.append((Bound(found, value), site)) if isinstance(found, Function) else None
                        ),
                    )

    def _hook(self, matched: Iterable[Variable], unit: _Unit, node: ast.AST) -> None:
        place = self._place(node, unit)
        for variable in matched:
            self.flows.each(variable, lambda value: self._hooked(value, place))

    def _hooked(self, value: Value, place: Mark) -> None:
        """Something is asked whether it is a class of something."""
        if isinstance(value, Class):
            site = _Site((), (), (), None, place)
            self._method(value, "__subclasshook__", value, site)
            self._special_of(value, ["__instancecheck__", "__subclasscheck__"], (), None, place)

    def _read(self, value: Value, mark: Mark, *, methods: bool) -> None:
        """Annotations of something are evaluated."""
        match value:
            case Function(module=module, path=path):
                self._note(self._reads, (module, path), mark)
            case Bound(function=function) | Wrapped(function=function):
                self._read(function, mark, methods=methods)
            case Instance(of=of):
                self._read(of, mark, methods=methods)
            case Class(module=module, path=path):
                self._note(self._reads, (module, path), mark)
                if methods:
                    self._note(self._reads, (module, f"{path}.*"), mark)
            case ModuleObject(name=module):
                self._note(self._reads, (module, MODULE), mark)

    def _note(self, marks: dict[tuple[str, str], Mark], key: tuple[str, str], mark: Mark) -> None:
        before = marks.get(key)
        if before is None or (before.reason and not mark.reason):
            marks[key] = mark


def _plain(name: str) -> str:
    """The name of something foreign as people write it."""
    return name.replace("()", "").removesuffix(".…")


def _last(node: ast.expr) -> str:
    """The last part of a dotted name, or of the name that is called; "" for anything else."""
    if isinstance(node, ast.Call):
        node = node.func
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


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


def _bound_in(body: Iterable[ast.AST]) -> Iterator[str]:
    """The names that code binds, without that of functions in it."""
    waiting = list(body)
    while waiting:
        node = waiting.pop()
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                yield name
                continue
            case ast.Lambda():
                continue
            case ast.Name(id=name, ctx=ast.Store() | ast.Del()):
                yield name
            case ast.Import() | ast.ImportFrom():
                yield from (alias.asname or alias.name.partition(".")[0] for alias in node.names)
            case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
                yield name
            case ast.MatchMapping(rest=str(name)):
                yield name
        waiting += ast.iter_child_nodes(node)


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


def _names_in(body: Sequence[ast.AST], arguments: ast.arguments) -> frozenset[str]:
    """The names that a function binds, without those that it declares as another's."""
    every = (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, arguments.vararg, arguments.kwarg)
    declared = {
        name
        for node in body
        for part in ast.walk(node)
        if isinstance(part, ast.Global | ast.Nonlocal)
        for name in part.names
    }
    return (frozenset(one.arg for one in every if one is not None) | frozenset(_bound_in(body))) - declared
