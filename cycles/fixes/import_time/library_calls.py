"""What Python and libraries do with what they are given."""

from collections.abc import Callable, Iterable

from cycles.enums import DoubtReason
from cycles.fixes.import_time.attributes import ANY_NAME, Attributes
from cycles.fixes.import_time.evidence import SHOWN, Mark, Site
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
from cycles.fixes.known_libraries import ASKERS, CALLS, FORGETTING, KEEPERS, READS, Role, effect_of, is_of_python

WRAPPERS = {
    "property": "property",
    "functools.cached_property": "property",
    "abc.abstractproperty": "property",
    "staticmethod": "staticmethod",
    "classmethod": "classmethod",
}
"""What makes something else of a function, and what that is."""
SEEN = ("__iter__", "__next__", "__len__", "__getitem__", "__bool__", "__contains__", "__hash__", "__eq__", "__lt__")
"""Special methods by which objects are looked into and compared."""
_CONVERTED = (
    *(
        "__int__",
        "__index__",
        "__float__",
        "__abs__",
        "__round__",
        "__bytes__",
        "__fspath__",
        "__reversed__",
        "__add__",
    ),
    *("__radd__", "__copy__", "__deepcopy__", "__reduce__", "__reduce_ex__", "__getstate__", "__enter__", "__exit__"),
)
"""Special methods by which builtins and modules such as `copy`, `pickle` and `contextlib` work."""
_BLIND = frozenset(
    [
        *("callable", "delattr", "dir", "hasattr", "id", "issubclass", "next", "object", "super", "super()", "type"),
        *("abc", "contextlib", "dataclasses", "functools", "threading", "types", "typing", "warnings", "weakref"),
    ]
)
"""What does not look into the objects that it is given."""
_OF_NO_METHOD = ("typing.get_type_hints", "typing_extensions.get_type_hints", "inspect.get_annotations")
"""What evaluates the annotations of a class, but not those of its methods."""
_FINDING = ("sys.meta_path", "sys.path_hooks")
"""Lists of what is asked for each module that is imported."""
_FINDERS = ("find_spec", "find_module", "__call__")
_CALLED = ("decorator", "default_factory", "factory", "field_transformer", "wrapper")
"""Arguments that are called for what the result decorates, or describes."""
_REASONS = {
    Role.CALL: DoubtReason.GIVEN,
    Role.DECORATOR: DoubtReason.DECORATED,
    Role.BASE: DoubtReason.DERIVED,
    Role.META: DoubtReason.DERIVED,
}


class Libraries(Attributes):
    """Calls of what is not analysed."""

    def foreign(self, name: str, site: Site) -> None:
        """Something of Python or of a library is called."""
        if self.is_news("foreign", name, site) and not self._of_python(name, site):
            self._library(name, site)

    def _of_python(self, name: str, site: Site) -> bool:  # noqa: C901, PLR0912  one case for each
        """What Python itself does; returns False where that is no more than to keep what it is given."""
        match name:
            case "getattr" if site.given:
                self._getattr(site)
            case "hasattr" if site.given:
                self.flows.each(site.given[0], lambda value: self.take_of(value, site.text, None, site.place))
            case "delattr" if site.given:
                self.special(site.given[:1], ["__delattr__"], site)
            case "iter" if len(site.given) > 1:
                self.call(site.given[0], Site(site.place, site.result))
            case "setattr" if len(site.given) > 2:  # noqa: PLR2004
                owner, _, source, *_ = site.given
                self.flows.each(owner, lambda value: self.set(value, site.text or ANY_NAME, source, site.place))
            case "vars":
                self._give_back(site, _members)
            case "inspect.getmembers" | "inspect.getmembers_static":
                self._give_back(site, _members)
                for predicate in (*site.given[1:], *(variable for _, variable in site.named)):
                    self.call(predicate, Site(site.place, None, (site.result,)))
            case "globals" | "locals":
                self._give_back(site, lambda value: value)
            case "isinstance" | "issubclass":
                self.hook(site.all_given, site.place)
            case "type":
                self._give_back(site, lambda value: value.of if isinstance(value, Instance) else value)
            case "operator.methodcaller" | "operator.attrgetter" if site.text:
                self.flows.add(site.result, Foreign(f"{name}:{site.text}"))
            case "functools.wraps":
                self.add_foreign(site.result, f"{name}()")
            case "functools.update_wrapper" if site.given:
                self.add_foreign(site.result, f"{name}()")
                self.flows.lead(site.given[0], site.result)
            case _ if name in WRAPPERS:
                kind = WRAPPERS[name]
                self._give_back(site, lambda value: Wrapped(value, kind) if isinstance(value, Function) else value)
            case _ if name.startswith("operator.") and ":" in name:
                attr = name.rpartition(":")[2].partition(".")[0]
                for variable in site.all_given:
                    taken = self.flows.temporary()
                    self.take(variable, attr, taken, site.place)
                    self.call(taken, Site(site.place, site.result))
            case _ if name.endswith(".__new__"):
                self._give_back(site, lambda value: Instance(value) if isinstance(value, Class) else None)
            case _:
                return False
        return True

    def _give_back(self, site: Site, made: Callable[[Value], Value | None]) -> None:
        """Let the result hold what is made of each value that is given."""

        def give(value: Value) -> None:
            if (result := made(value)) is not None:
                self.flows.add(site.result, result)

        for variable in site.all_given:
            self.flows.each(variable, give)

    def _getattr(self, site: Site) -> None:
        """An attribute is taken by its name: by any, where that is computed."""

        def take(value: Value) -> None:
            if site.text:
                self.take_of(value, site.text, site.result, site.place)
            elif isinstance(value, Instance | Class | ModuleObject):
                self.flows.add(site.result, Any(value))

        self.flows.each(site.given[0], take)
        for variable in site.given[2:]:
            self.flows.lead(variable, site.result)

    def _library(self, name: str, site: Site) -> None:
        """A library does with what it is given what it is known to do."""
        effect = effect_of(site.role, name, [*(key for key, _ in site.named), *("eval_str" for _ in site.spread)])
        if site.role is Role.DECORATOR and plain(name) in self.configured.decorators:
            effect = (effect or 0) | READS
        doubt = site.place._replace(by=plain(name), reason=_REASONS[site.role])
        for variable in site.all_given:
            self.flows.each(variable, lambda value: self._given_to(value, effect, site, doubt))
            if site.role is Role.DECORATOR and not is_of_python(name):
                self.flows.each(variable, self._keep_for_objects)
            if name.partition(".")[0] not in _BLIND:
                self.special([variable], (*SEEN, *SHOWN, *_CONVERTED), Site(site.place))
        for key, variable in site.named:
            if key == "key":
                self.call(variable, Site(site.place, site.result, site.all_given))
        self._keep_given(name, site)
        self.add_foreign(site.result, f"{name}()")

    def _keep_given(self, name: str, site: Site) -> None:
        """What is made holds what it is made of; what is given by name, a library of others does not call for it."""
        if name not in FORGETTING:
            given = [variable for key, variable in site.named if is_of_python(name) or key in _CALLED]
            for variable in (*site.given, *given, *site.spread):
                self.keep_ours(variable, site.result)
        if name in KEEPERS:
            for variable in site.all_given:
                self.flows.lead(variable, ("kept", KEEPERS[name]))
        if name in ASKERS:
            self.call(("kept", ASKERS[name]), Site(site.place, site.result))

    def _keep_for_objects(self, value: Value) -> None:
        """A library decorates a method, such as a validator: it may call that where an object of its class is made."""
        if isinstance(value, Function) and (owner := value.path.rpartition(".")[0]):
            made = Class(value.module, owner)
            self.flows.add(("decorated", made), Bound(value, Instance(made)))

    def keep_ours(self, source: Variable, to: Variable) -> None:
        """Let a variable hold what another one holds, but for what is of libraries of others: that has other names."""

        def give(value: Value) -> None:
            if not isinstance(value, Foreign) or is_of_python(value.name):
                self.flows.add(to, value)

        self.flows.each(source, give)

    def _given_to(self, value: Value, effect: int | None, site: Site, doubt: Mark) -> None:
        """One value is given to a library."""
        if effect is None:
            if not isinstance(value, Instance | ModuleObject | Foreign | Name):
                self.read(value, doubt, methods=True)
            self.doubt(value, Site(doubt, site.result, site.all_given))
            return
        if isinstance(value, Instance | Class):
            self._given_hooks(value, doubt, site)
        if effect & READS:
            self.read(value, site.place, methods=site.role is not Role.BASE and doubt.by not in _OF_NO_METHOD)
        if effect & CALLS and isinstance(value, Function | Bound | Class | Instance):
            self.invoke(value, Site(site.place, site.result, site.all_given))

    def doubt(self, value: Value, site: Site) -> None:
        """Something may be called by what is not known."""
        if self.doubted is not None or not self.is_news("doubt", value, site.place):
            return
        match value:
            case Function() | Bound() | Class() | Wrapped():
                self.doubts.append((value, site))
            case Instance(of=of):
                for name in self.all_names(of):
                    held = self.flows.temporary()
                    self.lookup(of, name, held)
                    self.flows.each(
                        held,
                        lambda found: (
                            self.doubts.append((Bound(found, value), site)) if isinstance(found, Function) else None
                        ),
                    )

    def _given_hooks(self, value: Instance | Class, doubt: Mark, site: Site) -> None:
        """A library is given something that is derived from what is its own: it may call the methods of that."""
        top = doubt.by.partition(".")[0]
        of = value.of if isinstance(value, Instance) else value
        if doubt.by.startswith(_FINDING):
            for name in _FINDERS:
                self.method(of, name, value, Site(site.place))
        if site.role is Role.CALL and top not in _BLIND:
            self.flows.each(
                ("bases", of, ""), lambda base: self._may_call(base, top, Instance(of), Site(doubt, site.result))
            )

    def _may_call(self, base: Value, top: str, value: Instance, site: Site) -> None:
        if isinstance(base, Foreign) and base.name.partition(".")[0] == top:
            self.doubt(value, site)

    def inherited(self, value: Value, attr: str, site: Site) -> None:
        """A method is called that an object of ours has from a library: that may call methods of ours."""
        if not isinstance(value, Instance) or self.defines(value.of, attr):
            return

        def call(base: Value) -> None:
            if isinstance(base, Foreign) and base.name.partition(".")[0] not in _BLIND and "." in base.name:
                by = f"{plain(base.name)}.{attr}"
                self.doubt(value, Site(site.place._replace(by=by, reason=DoubtReason.GIVEN)))

        self.flows.each(("bases", value.of, ""), call)

    def set_on_library(self, owner: Foreign, attr: str, value: Value, place: Mark) -> None:
        """Something of a library gets an attribute: it may call that, but for a plain object."""
        unknown = effect_of(Role.CALL, owner.name) is None
        if unknown or (is_of_python(owner.name) and "(" not in owner.name):
            self.doubt(value, Site(place._replace(by=f"{plain(owner.name)}.{attr}", reason=DoubtReason.GIVEN)))

    def hook(self, matched: Iterable[Variable], place: Mark) -> None:
        """Something is asked whether it is a class of something."""

        def ask(value: Value) -> None:
            if isinstance(value, Class):
                self.method(value, "__subclasshook__", value, Site(place))
                self.special_of(value, ["__instancecheck__", "__subclasscheck__"], Site(place))

        for variable in matched:
            self.flows.each(variable, ask)


def _members(value: Value) -> Value:
    """Any attribute of something that has some, in place of it."""
    return Any(value) if isinstance(value, Instance | Class | ModuleObject) else value


def plain(name: str) -> str:
    """The name of something foreign as people write it."""
    return name.replace("()", "").removesuffix(".…")
