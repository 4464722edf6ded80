"""Classes, instances and their attributes: how they are made, looked up, and set."""

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterable, Sequence
from types import FunctionType

from cycles.simulate.compile.instructions import NONE, Body, Code, Expression, Fixed, Outside
from cycles.simulate.trampoline import Eventual, Step
from cycles.simulate.vm.containers import ITEMS, MORE, Containers, plain_of
from cycles.simulate.vm.control import FALSE, TRUE, Control
from cycles.simulate.vm.numbers_and_texts import BUILTIN, built_in_class, has_attribute, kind_of
from cycles.simulate.vm.scopes import builtin_error
from cycles.simulate.vm.values import (
    ABSENT,
    Absent,
    Bound,
    Cells,
    Class,
    Container,
    Either,
    Failure,
    Frame,
    Function,
    Instance,
    Made,
    Module,
    Stream,
    Value,
    either,
)

DATACLASS, STRUCTURAL, BLURRED, DECORATED = "<dataclass>", "<structural>", "<blurred>", "<decorated>"
"""Keys under which a class says that it is a dataclass, or a protocol, which asks for methods alone; an instance
that code which was left out may have set any of its attributes; and a class what of a library decorates it."""
_TEXTS = {"__doc__", "__module__", "__name__", "__qualname__"}
"""Attributes that are texts: whoever changes one calls nothing that it describes."""
_MOST_LETTERS = 120
"""Characters of the name of what a library gives: longer ones say no more."""
PLAIN_TYPES = {"builtins.type", "abc.ABCMeta", "builtins.object"}
"""Bases that add no attribute but those of every class."""
_NOT_MEMBERS = {
    *("builtins.property", "builtins.classmethod", "builtins.staticmethod", "functools.cached_property"),
    *("enum.nonmember", "functools.partialmethod", "functools.singledispatchmethod"),
}
"""What calling these gives is no member of an enumeration that binds it."""
_WRAPPED = {"__func__", "__wrapped__"}
_ON_ERRORS = {"excepthook", "unraisablehook", "displayhook", "breakpointhook"}
"""What `sys` and `threading` call where something fails, or somebody looks."""
_WITH = {"contextlib.ContextDecorator", "contextlib.AsyncContextDecorator"}
_OF_FUNCTIONS = frozenset(dir(FunctionType))
_NO_MEMBERS = {"_ignore_", "_order_", "_value_", "_missing_", "_name_"}
_TUPLES = {"typing.NamedTuple", "typing_extensions.NamedTuple"}
_PLAIN_BASES = {"builtins.object", "typing.Generic", "typing.Protocol", "abc.ABC", "typing_extensions.Protocol"}
"""Bases that leave everything as it is."""

_NAMING = ("__getattr__", "__getattribute__")
"""What a class has whose other names are not all bound in its body."""


class Objects(Containers, Control):
    """A simulated interpreter that has classes and instances."""

    pending: "list[Class | None]"
    """The classes whose bodies have run and whose metaclass is about to make them, the last one first asked for."""

    @abstractmethod
    def import_module(self, name: str) -> Eventual[Value]:
        """Return the module of that name, imported with its packages where it is not there yet."""

    @abstractmethod
    def escape(self, values: Sequence[Value], result: Value, name: str) -> Eventual[Value]:
        """Let code that is not followed call what it was given, or not; return a result."""

    @abstractmethod
    def hand_over(self, given: Iterable[Value], name: str) -> None:
        """Say that a library is given what tells it the modules of the roots: it may put names there."""

    @abstractmethod
    def has_unknown_names(self, module: Module) -> bool:
        """Whether a module may have names that cannot be read off its text."""

    @abstractmethod
    def fits(self, called: Value, given: Sequence[Value], keywords: Sequence[tuple[str, Value]]) -> bool:
        """Whether what is called takes its arguments, as far as that is known."""

    @abstractmethod
    def may_raise_here(self, failure: Failure) -> None:
        """Doubt the rest of a `try` around a call that may raise a failure, where its handlers import."""

    @abstractmethod
    def doubt_attribute(self, value: Outside, name: str) -> None:
        """Doubt the rest of a `try` that is about an attribute which something of a library may not have."""

    @abstractmethod
    def any_held(self, container: Container) -> Value:
        """Return what a container may hold under a key or number that is not known: a function that imports."""

    @abstractmethod
    def perhaps_call(self, called: Value, arguments: Sequence[Value]) -> Step[Value]:
        """Make a call that may be made or not."""

    @abstractmethod
    def item_of(self, value: Value, index: Value) -> Eventual[Value]:
        """Return `value[index]`."""

    @abstractmethod
    def set_item_of(self, value: Value, index: Value, item: Value) -> Eventual[Value]:
        """`value[index] = item`."""

    @abstractmethod
    def operate(self, name: str, operands: Sequence[Value]) -> Eventual[Value]:
        """Apply an operator to one or two operands."""

    @abstractmethod
    def compare(self, name: str, left: Value, right: Value) -> Eventual[Value]:
        """Compare two values."""

    @abstractmethod
    def attribute(self, module: Module, name: str, *, silent: bool = False) -> Eventual[Value]:
        """Return `module.name`."""

    def get(self, value: Value, name: str) -> Eventual[Value]:  # noqa: C901, PLR0912  a list of kinds
        """Return an attribute of a value."""
        match value:
            case Module():
                return self._of_module(value, name)
            case Instance():
                return self._of_instance(value, name)
            case Class():
                return self._of_class(value, name)
            case Outside(name=owner):
                if self.guards and self.guards[-1].frame is self.frames[-1]:
                    self.doubt_attribute(value, name)
                if name in {"__name__", "__qualname__"} and (plain := built_in_class(value)) is not None:
                    return plain.__name__
                return Outside(f"{owner}.{name}" if len(owner) < _MOST_LETTERS else "")
            case Made(of="builtins.super", arguments=(Class() as within, owner)):
                return self._above(within, owner, name)
            case Made(of="frame", arguments=(Module() as module, Fixed() as at)):
                return self._of_frame(module, int(at.value or 0), name)
            case Made(of="moduleinfo", arguments=arguments):
                return arguments[("module_finder", "name", "ispkg").index(name)] if name in {"name", "ispkg"} else None
            case Made(of="builtins.staticmethod" | "builtins.classmethod", arguments=(function, *_)) if (
                name in _WRAPPED
            ):
                return function
            case Made(of="inspect.signature" | "inspect.Parameter", keywords=keywords):
                return dict(keywords).get(name)
            case Made(of="__spec__", arguments=(Module() as module, *_)):
                package = module.name if module.is_package else module.name.rpartition(".")[0]
                return {"name": module.name, "parent": package}.get(name)
            case Made(of="builtins.slice") | None:
                return None
            case Made() if name in _TEXTS:
                return None
            case Made(of=of):
                return Bound(Outside(f"{of}().{name}"), value)
            case Function() | Bound():
                return self._of_function(value, name)
            case Container(kind=kind, fields=fields):
                if name in fields:
                    items = self.items_of(value)
                    return items[fields.index(name)] if len(items) == len(fields) else None
                return Bound(Outside(f"{kind}.{name}"), value)
            case str():
                return Bound(Outside(f"str.{name}"), value)
            case Fixed() if has_attribute(value, name) is False:
                text = f"{kind_of(value)!r} object has no attribute {name!r}"
                self.raise_unless_doubtful(Failure("AttributeError", text))
            case Stream(kind=kind):
                return Bound(Outside(f"{kind}.{name}"), value)
            case Either(values=values):
                return self._of_either(values, name)
        return None

    def _of_either(self, values: Sequence[Value], name: str) -> Step[Value]:
        found: Value = yield self.get(values[0], name)
        for value in values[1:]:
            found = either(found, (yield self.get(value, name)))
        return found

    def _of_module(self, module: Module, name: str) -> Eventual[Value]:
        if name == "__dict__":
            return Made("globals", (module,))
        if name == "__path__" and module.is_package and self.read(module, name) is ABSENT:
            return Made("__path__", (module,))
        return self.attribute(module, name)

    def _of_frame(self, module: Module, at: int, name: str) -> Value:
        """Return an attribute of the frame at a place of the stack."""
        frames = [frame for frame in self.frames if not frame.inline]
        is_there = at < len(frames) and frames[at].module is module
        match name:
            case "frame":
                return Made("frame", (module, Fixed(at)))
            case "f_globals":
                return Made("globals", (module,))
            case "f_locals" if is_there and frames[at].is_body:
                return Made("globals", (module,))
            case "f_back" if is_there:
                return Made("frame", (frames[at - 1].module, Fixed(at - 1))) if at else NONE
        return None

    def _of_function(self, value: Function | Bound, name: str) -> Value:
        function = value.function if isinstance(value, Bound) else value
        if isinstance(function, Function):
            match name:
                case "__name__" | "__qualname__":
                    return function.body.name
                case "__module__":
                    return function.home.name
                case "__globals__":
                    return Made("globals", (function.home,))
                case "__call__" | "__wrapped__":
                    return value
                case _ if name not in _OF_FUNCTIONS:
                    own = self.read(function.home, _key_of(function, name))
                    if not isinstance(own, Absent):
                        return own
        if isinstance(value, Bound) and name in {"__self__", "__func__"}:
            return value.owner if name == "__self__" else value.function
        if isinstance(value, Function) and name not in _OF_FUNCTIONS:
            self._hidden(value.home, value.body.name, name, f"'function' object has no attribute {name!r}")
        return None if name in _TEXTS else Bound(Outside(f"function.{name}"), value)

    def _hidden(self, home: Value | Absent, own: str, name: str, text: str) -> None:
        """Raise AttributeError where a function or class is asked for a name of the module that it hides.

        A package that binds what has the name of the submodule in which it is defined hides that.
        """
        if isinstance(home, Module) and home.name.rpartition(".")[2] == own and self.read(home, name) is not ABSENT:
            raise self.raised(Failure("AttributeError", text, hides=home.name))

    def lookup(self, owner: Class, name: str) -> Value | Absent:
        """Return what a class has under a name, or the first in its order that has it."""
        # What `read` does, without a call for each class: every second read is one of these.
        start, note = self.load.start, self.note_read
        for cls in (owner, *owner.order):
            found = cls.values.get(name, ABSENT)
            if cls.made < start:
                note(cls, name, found)
            if found is not ABSENT:
                return found
        return ABSENT

    def method(self, value: Value, name: str) -> Value:
        """Return a method that the class of a value has, bound; None where none of the analysed packages has it."""
        cls = value.made_by if isinstance(value, Instance) else value.metaclass if isinstance(value, Class) else None
        if not isinstance(cls, Class):
            return None
        found = self.lookup(cls, name)
        match found:
            case Made(of="builtins.staticmethod", arguments=(function,)):
                return function
            case Made(of="builtins.classmethod", arguments=(function,)):
                return Bound(function, cls)
            case Absent() | None | Fixed() | str():
                return None
            case Instance() | Class():
                return found
        return Bound(found, value)

    def _of_instance(self, value: Instance, name: str) -> Eventual[Value]:  # noqa: C901  a list of rules
        cls = value.made_by
        hook = self.lookup(cls, "__getattribute__")
        if isinstance(hook, Function):
            return self.call(hook, (value, name))
        found = self.lookup(cls, name)
        own = self.read(value, name)
        if not isinstance(own, Absent) and not (isinstance(found, Made) and found.of == "builtins.property"):
            if isinstance(own, str | Fixed | Container) and self.read(value, BLURRED) is not ABSENT:
                if not isinstance(own, Container):
                    return None
                # It is most likely still the same, with other items.
                if own.kind not in {"tuple", "frozenset"} and MORE not in own.values:
                    self.set_value(own, MORE, None)
            return own
        if not isinstance(found, Absent):
            return self._bound(found, value, cls)
        match name:
            case "__class__":
                return cls
            case "__dict__":
                return Made("attributes", (value,))
            case "__module__":
                return cls.home
        hook = self.lookup(cls, "__getattr__")
        if isinstance(hook, Function):
            return self.call(hook, (value, name))
        return self._foreign(cls, value, name)

    def _foreign(self, cls: Class, value: Value, name: str) -> Value:
        """Return what the bases that are not analysed have under a name."""
        known = [base for base in cls.foreign if isinstance(base, Outside)]
        if len(known) < len(cls.foreign):
            return None
        if self.lacks(value, name):
            self.raise_unless_doubtful(Failure("AttributeError"))
        return Bound(Outside(f"{known[0].name}.{name}"), value) if known else None

    def _bound(self, found: Value, owner: Value, cls: Class) -> Eventual[Value]:
        """Return what an attribute of a class is for an instance of it, or for the class itself."""
        is_instance = owner is not cls
        match found:
            case Function():
                return Bound(found, owner) if is_instance else found
            case Made(of="builtins.property" | "functools.cached_property", arguments=(function, *_)) if is_instance:
                return self.call(function, (owner,))
            case Made(of="builtins.classmethod", arguments=(function, *_)):
                return Bound(function, cls)
            case Made(of="builtins.staticmethod", arguments=(function, *_)):
                return function
            case Made(of="functools.partialmethod", arguments=(function, *given), keywords=keywords) if is_instance:
                return Made("functools.partial", (Bound(function, owner), *given), keywords)
            case Made(of="functools.singledispatchmethod") if is_instance:
                return Bound(found, owner)
            case Instance() if (get := self.method(found, "__get__")) is not None:
                return self.call(get, (owner if is_instance else NONE, cls))
        return found

    def _of_class(self, value: Class, name: str) -> Eventual[Value]:
        found = self.lookup(value, name)
        if not isinstance(found, Absent):
            return self._bound(found, value, value)
        match name:
            case "__name__" | "__qualname__":
                return value.name
            case "__module__":
                return value.home
            case "__dict__":
                return Made("attributes", (value,))
            case "__mro__":
                return self.collection("tuple", (value, *value.order, *value.foreign, Outside("builtins.object")))
            case "__bases__":
                return self.collection("tuple", value.bases)
            case "__subclasses__":
                return Bound(Outside("builtins.type.__subclasses__"), value)
            case "__class__":
                return value.metaclass or Outside("builtins.type")
            case "__members__" if self.is_enum(value):
                return self.table([(one, self.read_name(value, one)) for one in self.member_names(value)])
        return self._of_metaclass(value, name)

    def _of_metaclass(self, value: Class, name: str) -> Eventual[Value]:
        """Return what a class has from its metaclass, or from bases that are not analysed."""
        if isinstance(value.metaclass, Class):
            found = self.lookup(value.metaclass, name)
            if not isinstance(found, Absent):
                return self._bound(found, value, value.metaclass)
            hook = self.lookup(value.metaclass, "__getattr__")
            if isinstance(hook, Function):
                return self.call(hook, (value, name))
        if value.home.rpartition(".")[2] == value.name and self.lacks(value, name):
            home = self.read(self.modules, value.home)
            self._hidden(home, value.name, name, f"type object {value.name!r} has no attribute {name!r}")
        return self._foreign(value, value, name)

    def lacks(self, owner: Value, name: str) -> bool:
        """Whether an object or class certainly has no attribute: all its classes are known, and none finds it."""
        if not isinstance(owner, Instance | Class) or self.read(owner, BLURRED) is not ABSENT:
            return False
        cls = owner.made_by if isinstance(owner, Instance) else owner
        classes = [cls] if isinstance(owner, Instance) else [cls, *([cls.metaclass] if cls.metaclass else [])]
        for one in classes:
            if not isinstance(one, Class):
                return False
            plain = all(isinstance(base, Outside) and base.name in PLAIN_TYPES for base in one.foreign)
            hooked = any(self.lookup(one, hook) is not ABSENT for hook in _NAMING)
            above = (one, *one.order)
            blurred = any(self.read(each, BLURRED) is not ABSENT or self._may_have_slot(each, name) for each in above)
            if not plain or hooked or blurred or self.lookup(one, name) is not ABSENT:
                return False
        return not name.startswith("__") and self.read(owner, name) is ABSENT and not hasattr(ABC, name)

    def _may_have_slot(self, cls: Class, name: str) -> bool:
        """Whether a class may make an attribute of that name for its `__slots__`."""
        slots = self.read(cls, "__slots__")
        if isinstance(slots, Container) and self.is_whole(slots):
            return not all(isinstance(slot, str) and slot != name for slot in self.items_of(slots))
        return slots is not ABSENT and (not isinstance(slots, str) or slots == name)

    def read_name(self, owner: Class, name: str) -> Value:
        """Return an attribute of a class itself."""
        found = self.read(owner, name)
        return None if isinstance(found, Absent) else found

    def _above(self, within: Class, owner: Value, name: str) -> Eventual[Value]:
        """Return what `super()` gives."""
        cls = owner.made_by if isinstance(owner, Instance) else owner if isinstance(owner, Class) else within
        if isinstance(owner, Class) and isinstance(owner.metaclass, Class) and within not in (owner, *owner.order):
            cls = owner.metaclass
        every = (cls, *cls.order)
        rest = every[every.index(within) + 1 :] if within in every else within.order
        for base in rest:
            found = self.read(base, name)
            if not isinstance(found, Absent):
                if isinstance(found, Function) and name not in {"__new__", "__init_subclass__", "__class_getitem__"}:
                    return Bound(found, owner)
                if isinstance(found, Function) and name != "__new__":
                    return Bound(found, owner if isinstance(owner, Class) else cls)
                return self._bound(found, owner, cls)
        foreign = next(iter(cls.foreign), Outside("builtins.object"))
        if not isinstance(foreign, Outside):
            return None
        found = Outside(f"{foreign.name}.{name}")
        return found if name == "__new__" else Bound(found, owner)

    def set_attribute(  # noqa: C901, PLR0912  a list of kinds
        self, owner: Value, name: str, value: Value
    ) -> Eventual[Value]:
        """Set an attribute of a value."""
        match owner:
            case Module():
                if name == "__class__":
                    self._reclass(owner, value)
                else:
                    self.set_name(owner, name, value)
            case Instance():
                hook = self.method(owner, "__setattr__")
                if hook is not None:
                    return self.call(hook, (name, value))
                return self._set_on_instance(owner, name, value)
            case Class():
                hook = self.method(owner, "__setattr__")
                if hook is not None:
                    return self.call(hook, (name, value))
                self.set_value(owner, name, value)
            case Either(values=values):
                return self._set_on_each(values, name, value)
            case Function():
                # Functions that are made of one text again and again are not told apart.
                key = _key_of(owner, name)
                before = self.read(owner.home, key) if owner.cells else ABSENT
                self.set_value(owner.home, key, value if isinstance(before, Absent) else either(before, value))
            case Outside(name="sys") if name in {"meta_path", "path_hooks"}:
                self.add_finder()
            case Outside(name="builtins"):
                self.add_builtin()
            case Outside() if isinstance(value, Function | Bound) and name not in _ON_ERRORS:
                if self.is_standard(owner.name):
                    return self.escape((value,), None, f"{owner.name}.{name}")
        return None

    def wraps(self, value: Value) -> bool:
        """Whether what a value decorates runs in a `with` of it."""
        if isinstance(value, Stream):
            return value.kind == "generator" and bool(value.seeds) and isinstance(value.seeds[0], Function)
        foreign = value.made_by.foreign if isinstance(value, Instance) else ()
        return any(isinstance(base, Outside) and base.name in _WITH for base in foreign)

    def _set_on_each(self, owners: Sequence[Value], name: str, value: Value) -> Step[Value]:
        self.uncertainty += 1
        try:
            for owner in owners:
                yield self.set_attribute(owner, name, value)
        finally:
            self.uncertainty -= 1
        return None

    def _reclass(self, module: Module, value: Value) -> None:
        """`module.__class__ = value`: what its new class has is looked up in it too."""
        if isinstance(value, Class) and all(isinstance(base, Outside) for base in value.foreign):
            for cls in (*reversed(value.order), value):
                for name, held in self.read_all(cls).items():
                    if name.startswith(("<", "__")) and name != "__getattr__":
                        continue
                    if isinstance(held, Function if name == "__getattr__" else Made):
                        self.set_name(module, "__getattr__", Made("module_class", (module, value)))
                    elif self.read(module, name) is ABSENT:
                        self.set_name(module, name, None if isinstance(held, Function) else held)
        else:
            self.give_unknown_names(module)

    def _set_on_instance(self, owner: Instance, name: str, value: Value) -> Eventual[Value]:
        found = self.lookup(owner.made_by, name)
        match found:
            case Made(of="builtins.property", arguments=(_, setter, *_)):
                return self.call(setter, (owner, value))
            case Instance() if (hook := self.method(found, "__set__")) is not None:
                return self.call(hook, (owner, value))
        if self.lookup(owner.made_by, DATACLASS) == TRUE:
            self.raise_unless_doubtful(Failure("AttributeError"))
        self.set_value(owner, name, value)
        return None

    def is_enum(self, cls: Class) -> bool:
        """Whether a class is an enumeration."""
        return any(isinstance(base, Outside) and base.name.startswith("enum.") for base in cls.foreign)

    def _has_members(self, base: Value) -> bool:
        """Whether nothing can be derived from a class: it is an enumeration with members."""
        return isinstance(base, Class) and self.is_enum(base) and bool(self.member_names(base))

    def member_names(self, cls: Class) -> list[str]:
        """Return the names of the members of an enumeration."""
        return [
            name for name, value in self.read_all(cls).items() if isinstance(value, Instance) and value.made_by is cls
        ]

    def new_class(  # noqa: PLR0913
        self,
        name: str,
        home: str,
        bases: tuple[Value, ...],
        names: dict[str, Value],
        *,
        metaclass: Value = None,
        fields: tuple[str, ...] = (),
        line_numbers: range = range(0),
    ) -> Class:
        """Return a new class."""
        linear = _linear(bases)
        metaclasses = [metaclass, *(base.metaclass for base in bases if isinstance(base, Class))]
        above = [one for one in metaclasses if isinstance(one, Class)]
        metaclass = next((one for one in above if all(other in (one, *one.order) for other in above)), None)
        if linear is None or (above and metaclass is None) or any(map(self._has_members, bases)):
            self.raise_unless_doubtful(Failure("TypeError", f"{name} cannot have these bases"))
        order, foreign = linear or ((), ())
        if any(isinstance(base, Outside) and base.name.endswith(".Protocol") for base in bases):
            names[STRUCTURAL] = NONE
        is_type = any(isinstance(base, Outside) and base.name == "builtins.type" for base in foreign)
        return self.allocate(
            Class(
                names,
                name=name,
                home=home,
                line_numbers=line_numbers,
                bases=bases,
                order=order,
                foreign=foreign if foreign or not is_type else (Outside("builtins.type"),),
                metaclass=metaclass,
                fields=fields,
            )
        )

    def finish_class(self, cls: Class, keywords: Sequence[tuple[str, Value]]) -> Step[Value]:
        """Do what `type.__new__` does once a class is made: `__set_name__` and `__init_subclass__`."""
        for name, value in list(cls.values.items()):
            if isinstance(value, Instance) and (hook := self.method(value, "__set_name__")) is not None:
                yield self.call(hook, (cls, name))
        for base in cls.foreign:
            if isinstance(base, Outside) and not self.is_standard(base.name):
                self.hand_over((cls,), base.name)
        more = [(key, value) for key, value in keywords if key != "metaclass"]
        for base in cls.order:
            held = self.read(base, "__init_subclass__")
            function = held.arguments[0] if isinstance(held, Made) and held.arguments else held
            if isinstance(function, Function):
                if not self.fits(function, (cls,), more):
                    self.raise_unless_doubtful(Failure("TypeError"))
                yield self.call(function, (cls,), more)
                break
        else:
            if more and not cls.foreign and cls.metaclass is None:
                self.raise_unless_doubtful(Failure("TypeError"))
        if self.is_enum(cls):
            yield self._make_members(cls)
        return None

    def _make_members(self, cls: Class) -> Step[Value]:
        """Make the members of an enumeration of what its body bound."""
        count = 0
        for name, bound in list(cls.values.items()):
            if name.startswith(("__", "<")) or name in _NO_MEMBERS:
                continue
            if isinstance(bound, Function | Bound | Class) or (isinstance(bound, Made) and bound.of in _NOT_MEMBERS):
                continue
            is_next = isinstance(bound, Made) and bound.of == "enum.auto"
            value = (yield self._next_value(cls, name, count)) if is_next else bound
            count += 1
            arguments = self.items_of(value) if isinstance(value, Container) and value.kind == "tuple" else (value,)
            member: Value = None
            maker = self.lookup(cls, "__new__")
            if isinstance(maker, Function):
                member = yield self.call(maker, (cls, *arguments))
            elif (same := self._member_of(cls, value)) is not None:
                self.set_value(cls, name, same)
                continue
            if not isinstance(member, Instance):
                member = self.allocate(Instance(made_by=cls))
            if self.read(member, "_value_") is ABSENT:
                self.set_value(member, "_value_", value)
            self.set_value(member, "value", self.read(member, "_value_"))
            self.set_value(member, "name", name)
            self.set_value(cls, name, member)
            maker = self.lookup(cls, "__init__")
            if isinstance(maker, Function):
                yield self.call(maker, (member, *arguments))
        return None

    def _member_of(self, cls: Class, value: Value) -> Value:
        """Return the member that a value stands for already: another name of it is an alias."""
        if plain_of(value) is None:
            return None
        members = [self.read_name(cls, name) for name in self.member_names(cls)]
        same = [one for one in members if isinstance(one, Instance) and self.read(one, "_value_") == value]
        return same[0] if same else None

    def _next_value(self, cls: Class, name: str, count: int) -> Eventual[Value]:
        found = self.lookup(cls, "_generate_next_value_")
        if isinstance(found, Made) and found.arguments:
            found = found.arguments[0]
        if isinstance(found, Function):
            return self.call(found, (name, Fixed(1), Fixed(count), None))
        text = any(isinstance(base, Outside) and base.name == "enum.StrEnum" for base in cls.foreign)
        return name.lower() if text else Fixed(count + 1)

    def construct(self, cls: Class, arguments: Sequence[Value], keywords: Sequence[tuple[str, Value]]) -> Step[Value]:
        """Call a class."""
        if isinstance(cls.metaclass, Class):
            hook = self.lookup(cls.metaclass, "__call__")
            if isinstance(hook, Function):
                return (yield self.call(hook, (cls, *arguments), keywords))
        return (yield from self.make_instance(cls, arguments, keywords))

    def make_instance(
        self, cls: Class, arguments: Sequence[Value], keywords: Sequence[tuple[str, Value]]
    ) -> Step[Value]:
        """Do what `type.__call__` does."""
        if self.is_enum(cls) and self.member_names(cls):
            return (yield from self._member(cls, arguments))
        maker = self.lookup(cls, "__new__")
        if isinstance(maker, Made) and maker.arguments:
            maker = maker.arguments[0]
        made: Value
        if isinstance(maker, Function):
            made = yield self.call(maker, (cls, *arguments), keywords)
            if not isinstance(made, Instance) or cls not in (made.made_by, *made.made_by.order):
                return made
        else:
            made = self.allocate(Instance(made_by=cls))
        maker = self.lookup(cls, "__init__")
        if isinstance(maker, Function) or not isinstance(maker, Absent):
            yield self.call(maker, (made, *arguments), keywords)
        elif (
            self.read(cls, DATACLASS) is not ABSENT
            or any(self.read(base, DATACLASS) is not ABSENT for base in cls.order)
            or any(isinstance(base, Outside) and base.name in _TUPLES for base in cls.foreign)
        ):
            yield self._fill_fields(cls, made, arguments, keywords)
        elif cls.foreign:
            yield self.call(self._foreign(cls, made, "__init__"), arguments, keywords)
        elif isinstance(by := self.lookup(cls, DECORATED), str):
            yield self.call(Outside(f"{by}.__init__"), (made, *arguments), keywords)
        if isinstance(hook := self.lookup(cls, "__del__"), Function):
            # Nobody knows when the last that holds it lets it go.
            yield self.perhaps_call(hook, (made,))
        return made

    def _member(self, cls: Class, arguments: Sequence[Value]) -> Step[Value]:
        for name in self.member_names(cls):
            member = self.read_name(cls, name)
            if isinstance(member, Instance) and arguments and self.read(member, "_value_") == arguments[0]:
                return member
        missing = self.lookup(cls, "_missing_")
        if arguments and isinstance(missing, Made) and missing.arguments:
            return (yield self.call(missing.arguments[0], (cls, *arguments)))
        if (
            missing is ABSENT
            and len(arguments) == 1
            and self._has_plain_members(cls)
            and plain_of(arguments[0]) is not None
        ):
            self.raise_unless_doubtful(Failure("ValueError"))
        return None

    def _has_plain_members(self, cls: Class) -> bool:
        """Whether all members of an enumeration are made of texts and numbers that are known."""
        members = [self.read_name(cls, name) for name in self.member_names(cls)]
        values = [self.read(one, "_value_") if isinstance(one, Instance) else None for one in members]
        flags = any(isinstance(base, Outside) and "Flag" in base.name for base in cls.foreign)
        return not flags and all(not isinstance(one, Absent) and plain_of(one) is not None for one in values)

    def _fill_fields(
        self, cls: Class, made: Instance, arguments: Sequence[Value], keywords: Sequence[tuple[str, Value]]
    ) -> Step[Value]:
        """Do what the `__init__` of a dataclass or named tuple does."""
        fields = fields_of(cls)
        given = dict(zip(fields, arguments, strict=False)) | dict(keywords)
        for name in fields:
            value: Value = given.get(name)
            if name not in given:
                default = self.lookup(cls, name)
                if isinstance(default, Made) and default.of == "dataclasses.field":
                    options = dict(default.keywords)
                    value = options.get("default")
                    if "default_factory" in options:
                        value = yield self.call(options["default_factory"])
                elif not isinstance(default, Absent):
                    value = default
            self.set_value(made, name, value)
        hook = self.method(made, "__post_init__")
        if hook is not None:
            yield self.call(hook)
        return None

    def truth(self, value: Value) -> Eventual[Value]:
        """Return whether a value is true, None where that is not known."""
        match value:
            case Fixed(value=number):
                return TRUE if number else FALSE
            case str():
                return TRUE if value else FALSE
            case Container():
                if not self.is_whole(value):
                    return None
                return TRUE if self.items_of(value) else FALSE
            case Instance():
                hook = self.method(value, "__bool__") or self.method(value, "__len__")
                if hook is not None:
                    return self._truth_of_call(hook)
                return TRUE if all(map(_is_always_true, value.made_by.foreign)) else None
            case Function() | Bound() | Class() | Module():
                return None if isinstance(value, Bound) and isinstance(value.function, Outside) else TRUE
        return None

    def _truth_of_call(self, hook: Value) -> Step[Value]:
        return (yield self.truth((yield self.call(hook))))

    def items(self, value: Value) -> Eventual[Value]:
        """Return what iterating over a value gives, as a tuple; None where that is not known."""
        match value:
            case Container():
                return self.items_of(value) if self.is_whole(value) else None
            case str():
                return tuple(value)
            case Made(of="moduleinfo", arguments=arguments):
                return arguments
            case Made(of="globals" | "attributes" as space):
                return self._items_of_space(space, value)
            case Made(of="__path__"):
                return None
            case Stream():
                return self.drain(value)
            case Class() if self.is_enum(value):
                return tuple(dict.fromkeys(self.read_name(value, name) for name in self.member_names(value)))
            case Instance() | Class():
                return self._items_of_object(value)
        return None

    def _items_of_space(self, space: str, value: Made) -> Step[Value]:
        """The names of a module, a class or an object, as far as they are known."""
        return (yield self.items((yield self.call(Outside(f"{space}().keys"), (value,)))))

    def _items_of_object(self, value: Instance | Class) -> Step[Value]:
        hook = self.method(value, "__iter__")
        if hook is None:
            fields = value.made_by.fields if isinstance(value, Instance) else ()
            if isinstance(value, Instance) and any(
                isinstance(base, Outside) and base.name in _TUPLES for base in value.made_by.foreign
            ):
                return tuple(found for name in fields if not isinstance(found := self.read(value, name), Absent))
            getter = self.method(value, "__getitem__")
            if getter is not None:
                yield self.call(getter, (Fixed(0),))
            return None
        iterator = yield self.call(hook)
        if isinstance(iterator, Instance) and (step := self.method(iterator, "__next__")) is not None:
            return (yield self._stepped(step))
        if iterator is value:
            return None
        return (yield self.items(iterator))

    @abstractmethod
    def _stepped(self, step: Value) -> Step[Value]:
        """Return what `__next__` gives until it raises StopIteration."""

    @abstractmethod
    def drain(self, stream: Stream) -> Eventual[Value]:
        """Return all that a stream hands out, and has not yet, as a tuple; None where that is not known."""

    def class_of(self, frame: Frame) -> Value:
        """Return the class in whose text the function at hand stands, as `super()` needs it."""
        first, body = frame.first, frame.body
        cls = first.made_by if isinstance(first, Instance) else first
        if not isinstance(cls, Class) or body is None:
            return None
        every = [cls, *cls.order]
        if isinstance(cls.metaclass, Class):
            every += [cls.metaclass, *cls.metaclass.order]
        for one in every:
            if one.home == body.module and body.first_line in one.line_numbers:
                return one
        return None


def fields_of(cls: Class) -> list[str]:
    """Return the fields of a dataclass or named tuple, those of its bases first."""
    return list(dict.fromkeys(name for base in (*reversed(cls.order), cls) for name in base.fields))


def _key_of(function: Function, name: str) -> str:
    """The key under which the module of a function keeps an attribute of it."""
    return f"<{name} of {function.body.name}:{function.body.first_line}:{function.body.column}>"


def _is_always_true(base: Value) -> bool:
    """Whether an instance of a base that is not analysed is true, whatever it holds."""
    name = base.name if isinstance(base, Outside) else ""
    return name in PLAIN_TYPES or name == "types.ModuleType" or builtin_error(name) is not None


def _merged(bases: Sequence[Class]) -> list[Class] | None:
    """Return several classes and those above them in the order of C3, None where there is none."""
    # Each has its first class last, and `behind` counts in how many a class stands behind another.
    sequences = [*([*base.order[::-1], base] for base in bases), [*bases[::-1]]] if bases else []
    behind = Counter(cls for one in sequences for cls in one[:-1])
    order: list[Class] = []
    while sequences:
        head = next((one[-1] for one in sequences if not behind[one[-1]]), None)
        if head is None:
            return None
        order.append(head)
        for one in sequences:
            if one[-1] is head:
                one.pop()
                if one:
                    behind[one[-1]] -= 1
        sequences = [one for one in sequences if one]
    return order


def _linear(bases: Sequence[Value]) -> tuple[tuple[Class, ...], tuple[Value, ...]] | None:
    """Return the classes above, in the order in which methods are looked for (C3), and the bases that are not known.

    None where there is no such order.
    """
    known = [base for base in bases if isinstance(base, Class)]
    order = [*known, *known[0].order] if len(known) == 1 else _merged(known)
    if order is None:
        return None
    foreign: list[Value] = []
    for base in bases:
        if isinstance(base, Class):
            foreign += base.foreign
        elif isinstance(base, Outside):
            name = base.name.removesuffix("[]")
            foreign += [Outside(name)] if name not in _PLAIN_BASES else []
        elif isinstance(base, Either) and isinstance(base.values[0], Outside):
            # The first of several libraries is the one that is wanted: the others stand in for it.
            foreign.append(base.values[0])
        else:
            foreign.append(None)
    return tuple(order), tuple(dict.fromkeys(foreign))


__all__ = ["BUILTIN", "DATACLASS", "ITEMS", "Body", "Cells", "Code", "Expression", "Objects"]
