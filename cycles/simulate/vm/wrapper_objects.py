"""Objects of the standard library that keep what they are given, and give it back or call it later."""

import re
from collections.abc import Sequence

from cycles.simulate.compile.instructions import NONE, REGISTERING, Outside
from cycles.simulate.trampoline import Eventual, Step
from cycles.simulate.vm.classes_and_instances import BLURRED, Objects, fields_of
from cycles.simulate.vm.control import FALSE, TRUE
from cycles.simulate.vm.natives import NATIVES, Given, Named, native, unsure_call
from cycles.simulate.vm.values import (
    ABSENT,
    SUSPENDED,
    Absent,
    Bound,
    Container,
    Either,
    Failure,
    Function,
    Instance,
    Made,
    Stream,
    Value,
)

_BY_TYPE, _METHOD_BY_TYPE = "functools.singledispatch", "functools.singledispatchmethod"
_REGISTERS = (Outside(f"{_BY_TYPE}().register"), Outside(f"{_METHOD_BY_TYPE}().register"))
_VARIABLE = "contextvars.ContextVar"
_VALUE = "value"


@native(_BY_TYPE)
def _by_type(vm: Objects, given: Given, _: Named) -> Value:
    """A function that calls another by the class of an argument: it keeps (class, function) for each, in order."""
    return Made(_BY_TYPE, (given[0] if given else None, vm.collection("list", ())))


@native(_METHOD_BY_TYPE)
def _method_by_type(vm: Objects, given: Given, _: Named) -> Value:
    return Made(_METHOD_BY_TYPE, (given[0] if given else None, vm.collection("list", ())))


@native(f"{_BY_TYPE}().register", f"{_METHOD_BY_TYPE}().register")
def _register(vm: Objects, given: Given, named: Named) -> Value:
    function = given[2] if len(given) > 2 else named.get("func")
    if len(given) > 1 and function is None and isinstance(given[1], Function | Bound):
        # Its class is in an annotation, which is not kept.
        return _keep(vm, given[0], None, given[1])
    kind = given[1] if len(given) > 1 else named.get("cls")
    return Made(f"{_BY_TYPE}.register", (given[0], kind)) if function is None else _keep(vm, given[0], kind, function)


@native(REGISTERING.name)
def _registering_by_annotation(_vm: Objects, given: Given, _: Named) -> Value:
    """A decorator `register`: one of a function that calls others by class takes the class from an annotation."""
    called, kind = given
    if isinstance(called, Bound) and called.function in _REGISTERS:
        return Made(f"{_BY_TYPE}.register", (called.owner, kind))
    return called


@native(f"{_BY_TYPE}.register()")
def _registering(vm: Objects, given: Given, _: Named) -> Value:
    made = given[0]
    if not isinstance(made, Made) or len(given) != 2:
        return None
    return _keep(vm, made.arguments[0], made.arguments[1], given[1])


def _keep(vm: Objects, made: Value, kind: Value, function: Value) -> Value:
    others = made.arguments[1] if isinstance(made, Made) else None
    if isinstance(others, Container):
        vm.add_items(others, (vm.collection("tuple", (kind, function)),))
    return function


@native(f"{_BY_TYPE}()", f"{_BY_TYPE}().__call__")
def _call_by_type(vm: Objects, given: Given, named: Named) -> Step[Value]:
    made, *arguments = given
    chosen = yield _chosen(vm, made, arguments[:1])
    return (yield vm.call(chosen, arguments, [*named.items()]))


@native(f"{_METHOD_BY_TYPE}()")
def _call_method_by_type(vm: Objects, given: Given, named: Named) -> Step[Value]:
    made, *arguments = given
    chosen = yield _chosen(vm, made, arguments[1:2])
    return (yield vm.call(chosen, arguments, [*named.items()]))


def _chosen(vm: Objects, made: Value, argument: Sequence[Value]) -> Step[Value]:
    """Return the function for the class of an argument, or all that it may be."""
    if not isinstance(made, Made):
        return None
    function, others = made.arguments
    certain: list[tuple[Value, Value]] = []
    possible: list[Value] = []
    for pair in vm.items_of(others) if isinstance(others, Container) else ():
        kind, other = vm.items_of(pair) if isinstance(pair, Container) else (None, None)
        found: Value = None
        if kind is not None and argument:
            found = yield NATIVES["builtins.isinstance"](vm, (argument[0], kind), {})
        if found == TRUE:
            certain.append((kind, other))
        elif found is None:
            possible.append(other)
    for kind, other in certain:
        if (yield _is_below(vm, kind, [one for one, _ in certain])) == TRUE:
            certain = [(kind, other)]
            break
    every = tuple(dict.fromkeys([*possible, *([other for _, other in certain] or [function])]))
    return every[0] if len(every) == 1 else Either(every)


def _is_below(vm: Objects, kind: Value, others: Sequence[Value]) -> Step[Value]:
    """Return whether a class is derived from all others, TRUE or FALSE."""
    for other in others:
        if other != kind and (yield NATIVES["builtins.issubclass"](vm, (kind, other), {})) != TRUE:
            return FALSE
    return TRUE


@native(_VARIABLE)
def _variable(vm: Objects, _given: Given, named: Named) -> Value:
    return Made(_VARIABLE, (vm.table(()),), tuple(named.items()))


@native(f"{_VARIABLE}().set")
def _set_variable(vm: Objects, given: Given, _: Named) -> Value:
    held = given[0].arguments[0] if isinstance(given[0], Made) else None
    if isinstance(held, Container) and len(given) > 1:
        vm.put(held, _VALUE, given[1])
    return None


@native(f"{_VARIABLE}().reset")
def _reset_variable(vm: Objects, given: Given, _: Named) -> Value:
    held = given[0].arguments[0] if isinstance(given[0], Made) else None
    if isinstance(held, Container):
        vm.put(held, _VALUE, None)
    return NONE


@native(f"{_VARIABLE}().get")
def _get_variable(vm: Objects, given: Given, _: Named) -> Value:
    made = given[0]
    held = made.arguments[0] if isinstance(made, Made) else None
    if not isinstance(made, Made) or not isinstance(held, Container):
        return None
    found = vm.item(held, _VALUE)
    if not isinstance(found, Absent):
        return found
    options = dict(made.keywords)
    if len(given) > 1 or "default" in options:
        return given[1] if len(given) > 1 else options["default"]
    vm.raise_unless_doubtful(Failure("LookupError"))
    return None


@native("weakref.ref", "weakref.WeakMethod")
def _reference(_vm: Objects, given: Given, _: Named) -> Value:
    return Made("weakref.ref", given[:1])


@native("weakref.ref()")
def _referred(_vm: Objects, given: Given, _: Named) -> Value:
    return given[0].arguments[0] if isinstance(given[0], Made) and given[0].arguments else None


@native("types.SimpleNamespace")
def _namespace(vm: Objects, given: Given, named: Named) -> Value:
    made = vm.allocate(Instance(made_by=vm.new_class("SimpleNamespace", "types", (), {})))
    for name, value in named.items():
        vm.set_value(made, name or BLURRED, value if name else NONE)
    if given:
        vm.set_value(made, BLURRED, NONE)
    return made


@native("types.ModuleType")
def _module(vm: Objects, given: Given, _: Named) -> Value:
    """An object whose attributes may be set by code that runs in it, too."""
    made = vm.allocate(Instance(made_by=vm.new_class("module", "types", (Outside("types.ModuleType"),), {})))
    vm.set_value(made, "__name__", given[0] if given else None)
    vm.set_value(made, BLURRED, NONE)
    return made


@native("types.ModuleType.__init__")
def _init_module(vm: Objects, given: Given, named: Named) -> Value:
    """A module of a class of its own knows its name."""
    if isinstance(given[0], Instance):
        vm.set_value(given[0], "__name__", given[1] if len(given) > 1 else named.get("name"))
    return NONE


@native("types.MethodType")
def _method(_vm: Objects, given: Given, _: Named) -> Value:
    return Bound(given[0], given[1]) if len(given) == 2 and isinstance(given[0], Function | Bound) else None


@native("operator.itemgetter()")
def _items(vm: Objects, given: Given, _: Named) -> Step[Value]:
    made = given[0]
    if not isinstance(made, Made) or len(given) != 2:
        return None
    found: list[Value] = []
    for key in made.arguments:
        found.append((yield vm.item_of(given[1], key)))
    return found[0] if len(found) == 1 else vm.collection("tuple", found)


@native("re.sub", "re.subn", "re.compile().sub", "re.compile().subn")
def _substitute(vm: Objects, given: Given, named: Named) -> Step[Value]:
    """Each match calls the function that says what takes its place; whether there is one is not looked at."""
    for value in (*given, *named.values()):
        if isinstance(value, Function | Bound):
            yield from _perhaps_substitute(vm, given, value)
    return None


def _perhaps_substitute(vm: Objects, given: Given, function: Value) -> Step[Value]:
    pattern, text = (given[0], given[2]) if len(given) > 2 else (None, None)
    if isinstance(pattern, str) and isinstance(text, str) and len(text) < _SHORT and pattern == re.escape(pattern):
        if pattern in text:
            yield vm.call(function, (None,))
        return None
    return (yield from unsure_call(vm, function, (None,)))


_SHORT = 1_000


@native("generator.send", "generator.throw", "generator.close")
def _send(vm: Objects, given: Given, _: Named) -> Eventual[Value]:
    """A generator that waits goes on, and may call what it is sent; its handlers may be run."""
    made = given[0]
    seeds = made.seeds if isinstance(made, Stream) and vm.read(made, SUSPENDED) is not ABSENT else ()
    if seeds and isinstance(seeds[0], Function) and vm.may_import(seeds[0]):
        vm.doubt(f"{vm.place()} lets {seeds[0].body.name} go on, which is not followed")
    return vm.escape((*seeds, *given[1:]), None, "")


@native("str.format_map string.Template().substitute string.Template().safe_substitute string.Formatter().vformat")
def _fill_in(vm: Objects, given: Given, _: Named) -> Step[Value]:
    """What is named in a text is looked for in a mapping."""
    for value in given:
        hook = vm.method(value, "__getitem__") or vm.method(value, "__missing__")
        if hook is not None:
            yield from unsure_call(vm, hook, (None,))
    return None


@native("dataclasses.replace", "copy.replace", "typing.NamedTuple._replace")
def _replace(vm: Objects, given: Given, named: Named) -> Eventual[Value]:
    made = given[0] if given else None
    if not isinstance(made, Instance):
        return None
    return vm.construct(made.made_by, (), [*(_held(vm, made) | named).items()])


def _held(vm: Objects, made: Instance) -> Named:
    """Return what is in the fields of a dataclass or named tuple."""
    return {name: found for name in fields_of(made.made_by) if not isinstance(found := vm.read(made, name), Absent)}


@native("dataclasses.asdict", "typing.NamedTuple._asdict")
def _as_dict(vm: Objects, given: Given, _: Named) -> Value:
    made = given[0] if given else None
    return vm.table([*_held(vm, made).items()]) if isinstance(made, Instance) else None
