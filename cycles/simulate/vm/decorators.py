"""Calls that decorate: what they are given, or a wrapper of it, comes back; caches, descriptors, dataclasses, enums."""

from cycles.limits import MOST_ITEMS
from cycles.simulate.compile.instructions import NONE, SOMETHING, Fixed, Outside
from cycles.simulate.trampoline import Eventual, Step
from cycles.simulate.vm.classes_and_instances import DATACLASS, Objects
from cycles.simulate.vm.containers import cache_key, plain_of
from cycles.simulate.vm.control import FALSE
from cycles.simulate.vm.natives import (
    NATIVES,
    Given,
    Named,
    Native,
    call_given,
    first_given,
    native,
    stream,
    unsure,
    words_of,
)
from cycles.simulate.vm.values import (
    ABSENT,
    Bound,
    Class,
    Consumer,
    Container,
    Failure,
    Function,
    Instance,
    Made,
    Module,
    Stream,
    Value,
)

# What gives back what it is given, or a wrapper that does the same.


@native(
    "first() functools.wraps() typing.final typing.override typing.overload "
    "typing.no_type_check typing.runtime_checkable typing_extensions.override typing_extensions.final "
    "typing_extensions.runtime_checkable typing_extensions.deprecated() abc.abstractmethod "
    "warnings.deprecated() contextlib.asynccontextmanager contextlib.contextmanager "
    "builtins.reversed types.coroutine atexit.register "
    "functools.update_wrapper enum.member enum.nonmember enum.verify() weakref.proxy unittest.skip() "
    "unittest.skipIf() unittest.skipUnless() dataclasses.dataclass_transform() typing.dataclass_transform() "
    "types.MappingProxyType typing_extensions.dataclass_transform()"
)
def _same(vm: Objects, given: Given, _: Named) -> Eventual[Value]:
    value = given[-1] if given and isinstance(given[0], Made) and len(given) > 1 else first_given(given)
    if isinstance(value, Instance) and vm.method(value, "__iter__") is not None:
        return vm.items(value)
    return value


@native("builtins.iter")
def _iter(vm: Objects, given: Given, named: Named) -> Eventual[Value]:
    """With a second argument, a function is called until it gives that."""
    if len(given) < 2:
        return _same(vm, given, named)

    def start(consumer: Consumer) -> Step[Value]:
        for _ in range(MOST_ITEMS):
            found = yield vm.call(given[0])
            if not isinstance(found, str | Fixed) or not isinstance(given[1], str | Fixed):
                yield unsure(vm, consumer)
                return NONE
            if found == given[1]:
                return NONE
            yield consumer(found)
        return NONE

    return stream(start, vm, given)


_ORDERING = ("__lt__", "__gt__", "__le__", "__ge__")


@native("functools.total_ordering")
def _total_ordering(vm: Objects, given: Given, _: Named) -> Value:
    """The comparisons that a class has not itself call the one that it has."""
    cls = first_given(given)
    if isinstance(cls, Class):
        own = [found for name in _ORDERING if isinstance(found := vm.lookup(cls, name), Function)]
        for name in _ORDERING if own else ():
            if vm.lookup(cls, name) is ABSENT:
                vm.set_value(cls, name, Made("functools.total_ordering", (own[0],)))
    return cls


@native("functools.total_ordering()")
def _by_other_comparison(vm: Objects, given: Given, _: Named) -> Step[Value]:
    made = given[0]
    if isinstance(made, Made):
        yield vm.call(made.arguments[0], given[1:])
    return None


@native("builtins.staticmethod()")
def _call_static(vm: Objects, given: Given, named: Named) -> Eventual[Value]:
    made = given[0]
    return (
        vm.call(made.arguments[0], given[1:], [*named.items()]) if isinstance(made, Made) and made.arguments else None
    )


@native("with()")
def _call_in_with(vm: Objects, given: Given, named: Named) -> Step[Value]:
    """What a context manager decorates runs in a `with` of it, or of another one that is made likewise."""
    made, *arguments = given
    manager, function = made.arguments if isinstance(made, Made) else (None, None)
    if isinstance(manager, Stream):
        again = yield vm.call(manager.seeds[0], manager.seeds[1:])
        if isinstance(again, Stream) and again.start is not None:
            yield again.start(lambda _: vm.call(function, arguments, [*named.items()]))
            return None
    for name in ("__enter__", "__exit__"):
        if name == "__exit__":
            yield vm.call(function, arguments, [*named.items()])
        if (hook := vm.method(manager, name)) is not None:
            yield vm.call(hook, (NONE, NONE, NONE) if name == "__exit__" else ())
    return None


@native(
    "functools.wraps typing_extensions.deprecated warnings.deprecated enum.verify "
    "unittest.skip unittest.skipIf unittest.skipUnless typing.dataclass_transform"
)
def _wraps(_vm: Objects, _given: Given, _: Named) -> Value:
    """A decorator that leaves what a call does."""
    return Made("functools.wraps")


@native("functools.lru_cache")
def _lru_cache(vm: Objects, given: Given, named: Named) -> Value:
    size = named.get("maxsize", first_given(given))
    if given and isinstance(size, Function | Bound | Class):
        return _keep_results(vm, size)
    # A small one forgets.
    small = isinstance(size, Fixed) and size.value is not None and size.value < MOST_ITEMS
    return Made("functools.wraps" if small else "functools.cache")


@native("functools.cache", "functools.cache()")
def _cache(vm: Objects, given: Given, _: Named) -> Value:
    return _keep_results(vm, given[-1] if given else None)


def _keep_results(vm: Objects, value: Value) -> Value:
    if isinstance(value, Function):
        vm.add(vm.cached, cache_key(value.body), NONE)
    return value


@native("builtins.property", "abc.abstractproperty")
def _descriptor(_vm: Objects, given: Given, named: Named) -> Value:
    getter = named.get("fget", first_given(given))
    return Made("builtins.property", (getter, *(given[1:] or (named.get("fset"),))))


def _kept(name: str) -> Native:
    def keep(_vm: Objects, given: Given, named: Named) -> Value:
        return Made(name, given, tuple(named.items()))

    return keep


for _name in words_of(
    "builtins.classmethod builtins.staticmethod functools.cached_property functools.partial enum.auto "
    "functools.partialmethod functools.cmp_to_key operator.methodcaller operator.attrgetter operator.itemgetter "
    "dataclasses.field contextlib.suppress contextlib.nullcontext contextlib.closing contextlib.aclosing "
    "threading.Thread "
    "concurrent.futures.ThreadPoolExecutor builtins.slice threading.Timer"
):
    NATIVES[_name] = _kept(_name)


NATIVES["abc.abstractclassmethod"] = NATIVES["builtins.classmethod"]
NATIVES["abc.abstractstaticmethod"] = NATIVES["builtins.staticmethod"]


@native("builtins.property().setter")
def _setter(_vm: Objects, given: Given, _: Named) -> Value:
    made = given[0]
    return Made(made.of, (made.arguments[0], given[1])) if isinstance(made, Made) and len(given) > 1 else None


@native("builtins.property().getter", "builtins.property().deleter")
def _other_accessor(_vm: Objects, given: Given, _: Named) -> Value:
    return given[0]


@native("function.register", "function.register()")
def _register(_vm: Objects, given: Given, _: Named) -> Value:
    """Of a singledispatch function: what it is given is called by it, depending on arguments."""
    last = given[-1] if len(given) > 1 else None
    return last if isinstance(last, Function | Bound) else Made("functools.wraps")


# What calls at once what it is given.


@native("functools.partial()")
def _partial(vm: Objects, given: Given, named: Named) -> Eventual[Value]:
    made = given[0]
    if not isinstance(made, Made) or not made.arguments:
        return None
    return vm.call(made.arguments[0], (*made.arguments[1:], *given[1:]), [*(dict(made.keywords) | named).items()])


@native("operator.methodcaller()")
def _methodcaller(vm: Objects, given: Given, _: Named) -> Step[Value]:
    made = given[0]
    if not isinstance(made, Made) or not made.arguments or not isinstance(made.arguments[0], str) or len(given) < 2:
        return None
    found = yield vm.get(given[1], made.arguments[0])
    return (yield vm.call(found, made.arguments[1:], made.keywords))


@native("operator.attrgetter()")
def _attrgetter(vm: Objects, given: Given, _: Named) -> Step[Value]:
    made = given[0]
    if not isinstance(made, Made) or not made.arguments or not isinstance(made.arguments[0], str) or len(given) < 2:
        return None
    value = given[1]
    for part in made.arguments[0].split("."):
        value = yield vm.get(value, part)
    return value


@native("functools.cached_property.__init__", "builtins.property.__init__")
def _own_descriptor(vm: Objects, given: Given, named: Named) -> Value:
    """What inherits from a descriptor keeps its function."""
    made = first_given(given)
    if isinstance(made, Instance):
        function = given[1] if len(given) > 1 else named.get("fget", named.get("func"))
        vm.set_value(made, "func", function)
        vm.set_value(made, "fget", function)
    return NONE


@native("functools.cached_property.__get__", "builtins.property.__get__")
def _own_getter(vm: Objects, given: Given, _: Named) -> Eventual[Value]:
    made = first_given(given)
    if not isinstance(made, Instance) or len(given) < 2 or given[1] == NONE:
        return made
    function = vm.read(made, "func")
    return vm.call(function, given[1:2]) if isinstance(function, Function | Bound) else None


NATIVES["concurrent.futures.ThreadPoolExecutor().submit"] = lambda vm, given, named: call_given(vm, given[1:], named)


# Classes that the standard library makes.


@native("dataclasses.dataclass", "dataclasses.dataclass()")
def _dataclass(vm: Objects, given: Given, named: Named) -> Value:
    cls = given[-1] if given else None
    if not isinstance(cls, Class):
        return Made("dataclasses.dataclass", keywords=tuple(named.items()))
    options = dict(given[0].keywords) if isinstance(given[0], Made) else named
    # Its value is whether objects are frozen.
    vm.set_value(cls, DATACLASS, options.get("frozen", FALSE))
    return cls


@native("module_class()")
def _of_module_class(vm: Objects, given: Given, _: Named) -> Eventual[Value]:
    """An attribute of a module that has got another class: by a property or the `__getattr__` of that."""
    (module, cls), name = given[0].arguments if isinstance(given[0], Made) else (None, None), given[1]
    if not isinstance(cls, Class) or not isinstance(name, str):
        return None
    found, hook = vm.lookup(cls, name), vm.lookup(cls, "__getattr__")
    if isinstance(found, Made):
        return vm.call(found.arguments[0], (module,)) if found.arguments else None
    if isinstance(hook, Function):
        return vm.call(hook, (module, name))
    raise vm.raised(Failure("AttributeError"))


@native("enum.unique")
def _unique(vm: Objects, given: Given, _: Named) -> Value:
    cls = first_given(given)
    if isinstance(cls, Class):
        members = [vm.read_name(cls, name) for name in vm.member_names(cls)]
        values = [plain_of(one.values.get("_value_")) for one in members if isinstance(one, Instance)]
        if any(value is not None and value in values[:at] for at, value in enumerate(values)):
            vm.raise_unless_doubtful(Failure("ValueError"))
    return cls


@native("enum.global_enum")
def _global_enum(vm: Objects, given: Given, _: Named) -> Value:
    cls = first_given(given)
    if isinstance(cls, Class):
        home = vm.read(vm.modules, cls.home)
        for name in vm.member_names(cls):
            if isinstance(home, Module):
                vm.set_name(home, name, vm.read_name(cls, name))
    return cls


@native(
    "collections.namedtuple typing.NamedTuple enum.Enum enum.IntEnum enum.StrEnum enum.Flag enum.IntFlag "
    "typing.TypedDict dataclasses.make_dataclass"
)
def _functional(vm: Objects, given: Given, _: Named) -> Step[Value]:
    """A class made by a call: what its fields are is taken from a text or a list."""
    if not given or not isinstance(given[0], str):
        return None
    names: Value = given[1] if len(given) > 1 else None
    found = tuple(names.replace(",", " ").split()) if isinstance(names, str) else (yield vm.items(names))
    fields: list[str] = []
    for one in found if isinstance(found, tuple) else ():
        part = vm.items_of(one)[0] if isinstance(one, Container) and vm.items_of(one) else one
        if isinstance(part, str):
            fields.append(part)
    return vm.new_class(given[0], vm.frames[-1].module.name, (Outside("typing.NamedTuple"),), {}, fields=tuple(fields))


@native("typing.cast", "typing.assert_type", "typing_extensions.cast", "typing.NewType")
def _cast(_vm: Objects, given: Given, _: Named) -> Value:
    return given[1] if len(given) > 1 else None


@native(
    "typing.get_type_hints builtins.id builtins.chr builtins.ord builtins.input builtins.open builtins.memoryview "
    "builtins.bytearray"
)
def _nothing(_vm: Objects, _given: Given, _: Named) -> Value:
    return SOMETHING


@native(
    "builtins.type.__init__ builtins.object.__init__ builtins.object.__init_subclass__ "
    "builtins.type.__init_subclass__ abc.ABCMeta.__init__ abc.ABCMeta.register builtins.type.mro"
)
def _no_more(_vm: Objects, _given: Given, _: Named) -> Value:
    return NONE
