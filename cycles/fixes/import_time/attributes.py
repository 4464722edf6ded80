"""Attributes: taken, set, and the special methods that run when something is done to an object."""

from abc import abstractmethod
from collections.abc import Callable, Iterable, Sequence

from cycles.fixes.import_time.evidence import DEEPEST, SHOWN, Mark, Site
from cycles.fixes.import_time.flow import (
    Any,
    Bound,
    Class,
    Foreign,
    Function,
    Instance,
    ModuleObject,
    Name,
    Value,
    Variable,
    Wrapped,
)
from cycles.fixes.import_time.names import Names
from cycles.fixes.known_libraries import PROXIES, is_of_python

_HOLDERS = ("collections.namedtuple", "types.SimpleNamespace", "argparse.Namespace", "dataclasses.make_dataclass")
"""They make objects whose attributes are what they were given."""
ANY_NAME = "*"
"""The name of an attribute that is set by a computed name."""
_OF_MEMBERS = ("value", "_value_")
"""Attributes by which members of an Enum give what they were made of."""
_EVALUATORS = ("eval(", "ForwardRef", "_eval_type")
"""What evaluates annotations that are texts stands in a module with one of these."""
_GIVING = ("fget", "func", "__func__", "__wrapped__")
"""Attributes by which what wraps a function gives it."""
_TYPE_PARAMETERS = ("__type_params__", "__parameters__")
"""Attributes that give type parameters (PEP 695), whose bounds and defaults whoever has them may evaluate."""
COMPARING = ("__eq__", "__ne__", "__lt__", "__le__", "__gt__", "__ge__", "__contains__", "__iter__", "__getitem__")


class Attributes(Names):
    """Objects whose attributes are taken and set."""

    @abstractmethod
    def set_on_library(self, owner: Foreign, attr: str, value: Value, place: Mark) -> None:
        """Something of a library gets an attribute."""

    def ancestors(self, of: Class) -> list[Class]:
        """A class and what it is derived from, as far as that is known."""
        found = {of: None}
        for one in (waiting := [of]):
            for parent in self.classes[one].parents if one in self.classes else ():
                if parent not in found:
                    found[parent] = None
                    waiting.append(parent)
        return [one for one in found if one in self.classes]

    def all_names(self, of: Class) -> list[str]:
        """The names that a class and what it is derived from bind, but for special ones."""
        found = {name for one in self.ancestors(of) for name in self.classes[one].names}
        return sorted(name for name in found if not name.startswith("__"))

    def defines(self, of: Class, name: str) -> bool:
        """Whether a class, or what it is derived from, binds a name."""
        return any(name in self.classes[one].names for one in self.ancestors(of))

    def each_metaclass(self, of: Class, action: Callable[[Class], None]) -> None:
        """Do something with the metaclasses of a class that are ours."""
        if of in self.classes:
            self.flows.each(self.classes[of].metaclass, lambda meta: action(meta) if isinstance(meta, Class) else None)

    def lookup(self, of: Class, name: str, result: Variable) -> None:
        """Look a name up in a class and what that is derived from, as far as that is known now and later."""
        waiting = [of]
        while waiting:
            one = waiting.pop()
            if not self.is_news("lookup", one, name, result):
                continue
            self.flows.lead(("attribute", one, name), result)
            if one in self.set_by_any:
                self.flows.lead(("attribute", one, ANY_NAME), result)
            else:
                self.asked_of[one].append(result)
            known = self.classes.get(one)
            if known is not None and name not in known.names:
                known.asked.append((name, result))
                waiting += known.parents

    def set_any(self, of: Class, source: Variable) -> None:
        """An attribute of objects of a class is set by a computed name: each that is asked for may be that."""
        self.flows.lead(source, ("attribute", of, ANY_NAME))
        self.set_by_any.add(of)
        for result in self.asked_of.pop(of, ()):
            self.flows.lead(("attribute", of, ANY_NAME), result)

    def subclasses(self, of: Class, result: Variable) -> None:
        """Let a variable hold all that is derived from a class, now and later."""
        self.asked_derived.add(of)
        for made in list(self.classes):
            if made != of and of in self.ancestors(made):
                self.flows.add(("subclasses", of), made)
        self.flows.lead(("subclasses", of), result)

    def method(self, of: Class, name: str, to: Instance | Class, site: Site, above: Class | None = None) -> None:
        """Run a method of a class, where it has one."""
        if not self.is_news("method", of, name, to, site.result, site.given, site.named, above):
            return
        held = self.flows.temporary()
        self.lookup(above or of, name, held)
        self.flows.each(held, lambda found: self._run_method(found, to, site))

    def _methods(self, of: Class, names: Iterable[str], to: Instance | Class, site: Site) -> None:
        for name in names:
            self.method(of, name, to, site)

    def _run_method(self, found: Value, to: Instance | Class, site: Site) -> None:
        match found:
            case Function():
                self.invoke(Bound(found, to), site)
            case Wrapped(function=function):
                self.invoke(Bound(function, to), site)
            case Instance() | Class() | Bound():
                self.invoke(found, site)

    def take(self, held: Variable, attr: str, result: Variable, place: Mark) -> None:
        """An attribute of a value is taken: of what holds what it was made of, maybe that."""
        self.flows.each(held, lambda value: self.take_of(value, attr, result, place))
        self.flows.each(held, lambda value: self._take_of_holder(value, held, Site(place, result)))

    def _take_of_holder(self, value: Value, held: Variable, site: Site) -> None:
        """Something is taken of an object that holds what it was made of, or calls that."""
        if isinstance(value, Foreign) and value.name.startswith(_HOLDERS) and value.name not in _HOLDERS:
            self.flows.lead(held, site.result)
        if isinstance(value, Foreign) and value.name in PROXIES:
            self.flows.each(held, lambda made_of: self.invoke(made_of, site) if made_of != value else None)

    def take_of(  # noqa: C901, PLR0912  one case for each kind of value
        self, value: Value, attr: str, result: Variable, place: Mark
    ) -> None:
        """An attribute of one value is taken."""
        if not self.is_news("take", value, attr, result):
            return
        flows = self.flows
        if attr == "__annotations__" and self._evaluates_texts(place.module):
            self.read(value, place, methods=False)
        if attr in _OF_MEMBERS and isinstance(value, Function | Bound):
            flows.add(result, value)
        if attr in _TYPE_PARAMETERS:
            self.read(value, place, methods=False)
        match value:
            case ModuleObject(name=module):
                self.module_attribute(module, attr, result, place)
            case Instance(of=of) | (Class() as of):
                if attr == "__class__":
                    flows.add(result, of)
                    return
                if attr == "__dict__":
                    flows.add(result, Any(value))
                    return
                held = flows.temporary()
                self.lookup(of, attr, held)
                flows.each(held, lambda found: self._bind(value, found, result, place))
                if isinstance(value, Instance):
                    site = Site(place, result)
                    self.method(of, "__getattribute__", value, site)
                    if not self.defines(of, attr):
                        self.method(of, "__getattr__", value, site)
                else:
                    self.each_metaclass(of, lambda meta: self._take_of_meta(of, meta, attr, result, place))
                    self._take_of_python(of, attr, result)
            case Function():
                flows.lead(("attribute", value, attr), result)
                if attr in ("__wrapped__", "__call__"):
                    flows.add(result, value)
            case Bound(to=to, function=function) if attr in ("__func__", "__self__"):
                flows.add(result, function)
                flows.add(result, to)
            case Wrapped(kind=kind, function=function):
                flows.add(result, Foreign(kind))
                if attr in _GIVING:
                    flows.add(result, function)
            case Any() if attr in _GIVING:
                flows.add(result, value)
            case Foreign(name=name):
                flows.lead(("attribute", value, attr), result)
                self.add_foreign(result, f"{name}.{attr}")
            case Name(module=module, name=name):
                if name.count(".") + name.count("(") < DEEPEST:
                    flows.add(result, Name(module, f"{name}.{attr}"))
                self.when_loaded(value, lambda: self.take(self.force(value), attr, result, place))

    def _take_of_python(self, of: Class, attr: str, result: Variable) -> None:
        """A class may have an attribute from what it is derived from of Python, such as `ABC.register`."""

        def take(base: Value) -> None:
            if isinstance(base, Foreign) and is_of_python(base.name):
                self.add_foreign(result, f"{base.name}.{attr}")

        if not self.defines(of, attr):
            self.flows.each(("bases", of, ""), take)

    def _evaluates_texts(self, module: str) -> bool:
        """Whether a module evaluates texts, such as annotations that it looks at."""
        return any(word in self.modules.sources.file(module).text for word in _EVALUATORS)

    def _take_of_meta(self, of: Class, meta: Class, attr: str, result: Variable, place: Mark) -> None:
        held = self.flows.temporary()
        self.lookup(meta, attr, held)
        self.flows.each(held, lambda found: self._bind(of, found, result, place, by_meta=True))
        site = Site(place, result)
        if not self.defines(of, attr):
            self.method(meta, "__getattr__", of, site)
        self.method(meta, "__getattribute__", of, site)

    def names_of(self, of: Instance | Class | ModuleObject) -> list[str]:
        """The names by which an attribute of something can be taken."""
        if isinstance(of, ModuleObject):
            uses = self.uses(of.name)
            return sorted(uses.bindings) if uses and of.name in self.loaded else []
        return self.all_names(of.of if isinstance(of, Instance) else of)

    def _bind(self, value: Value, found: Value, result: Variable, place: Mark, *, by_meta: bool = False) -> None:
        """What was found in a class is taken of it, or of an object."""
        is_object = isinstance(value, Instance) or by_meta
        match found:
            case Function() if is_object and isinstance(value, Instance | Class):
                self.flows.add(result, Bound(found, value))
                if Class(found.module, found.path.rpartition(".")[0]) not in self.classes:
                    # It is not written as a method: it may be an attribute of the object, not of its class.
                    self.flows.add(result, found)
            case Wrapped(function=function, kind="classmethod"):
                of = value.of if isinstance(value, Instance) else value
                if isinstance(of, Class):
                    self.flows.add(result, Bound(function, of))
            case Wrapped(function=function, kind="staticmethod"):
                self.flows.add(result, function)
            case Wrapped(function=function) if is_object and isinstance(value, Instance | Class):
                self.invoke(Bound(function, value), Site(place, result))
            case Instance(of=of):
                self.flows.add(result, found)
                self.method(of, "__get__", found, Site(place, result))
            case _:
                self.flows.add(result, found)

    def keep(self, owner: Value, attr: str, source: Variable, place: Mark) -> None:
        """Let what is an attribute of something hold a value."""
        match owner:
            case Instance(of=of) | (Class() as of) if attr == ANY_NAME:
                self.set_any(of, source)
            case Instance(of=of) | (Class() as of):
                self.flows.lead(source, ("attribute", of, attr))
                for one in self.ancestors(of):
                    if attr in self.classes[one].names:
                        self.flows.lead(source, ("attribute", one, attr))
            case ModuleObject(name=module):
                self.flows.lead(source, ("variable", module, attr))
            case Function() | Foreign():
                self.flows.lead(source, ("attribute", owner, attr))
                if isinstance(owner, Foreign):
                    self.flows.each(source, lambda value: self.set_on_library(owner, attr, value, place))
            case Name() if self.is_news("keep", owner, attr, source, place):
                self.when_forced(owner, lambda value: self.keep(value, attr, source, place), [source])

    def set(self, owner: Value, attr: str, source: Variable, place: Mark) -> None:
        """An attribute of something is set."""
        match owner:
            case Instance(of=of) | (Class() as of) if attr == ANY_NAME:
                self.set_any(of, source)
            case Instance(of=of):
                self.flows.lead(source, ("attribute", of, attr))
                held = self.flows.temporary()
                self.lookup(of, attr, held)
                self.flows.each(held, lambda value: self._set_by(owner, value, source, place))
                self.method(of, "__setattr__", owner, Site(place, given=(None, source)))
            case Class():
                self.flows.lead(source, ("attribute", owner, attr))
                site = Site(place, given=(None, source))
                self.each_metaclass(owner, lambda meta: self.method(meta, "__setattr__", owner, site))
            case _:
                self.keep(owner, attr, source, place)

    def _set_by(self, owner: Instance, value: Value, source: Variable, place: Mark) -> None:
        match value:
            case Wrapped(function=function, kind="property"):
                self.invoke(Bound(function, owner), Site(place, given=(source,)))
            case Instance(of=of):
                self.method(of, "__set__", value, Site(place, given=(None, source)))

    def special(self, held: Iterable[Variable], names: Sequence[str], site: Site) -> None:
        """Special methods of objects run."""
        for variable in held:
            self.flows.each(variable, lambda value: self.special_of(value, names, site))

    def special_of(self, value: Value, names: Sequence[str], site: Site) -> None:
        """Special methods of one object run: of a class, those of its metaclass."""
        if isinstance(value, Instance):
            self._methods(value.of, names, value, site)
        elif isinstance(value, Class) and names != COMPARING and not set(SHOWN) <= set(names):
            self.each_metaclass(value, lambda meta: self._methods(meta, names, value, site))
