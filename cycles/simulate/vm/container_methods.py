"""Calls that fill, ask and empty lists, tuples, sets and dicts, as far as it is known what these hold."""

from collections.abc import Callable

from cycles.simulate.compile.instructions import NONE, Fixed, Outside
from cycles.simulate.trampoline import Step
from cycles.simulate.vm.classes_and_instances import Objects
from cycles.simulate.vm.containers import FACTORY, ITEMS, MORE, TABLES
from cycles.simulate.vm.control import FALSE, TRUE
from cycles.simulate.vm.natives import NATIVES, Given, Named, Native, first_given, native
from cycles.simulate.vm.values import ABSENT, Absent, Container, Function, Instance, Made, Value

# Dicts, lists, sets and texts.


@native("builtins.dict", "collections.OrderedDict")
def _dict(vm: Objects, given: Given, named: Named) -> Step[Value]:
    made = vm.table(())
    yield NATIVES["dict.update"](vm, (made, *given), named)
    return made


@native("collections.ChainMap")
def _chain_map(vm: Objects, given: Given, _: Named) -> Step[Value]:
    """The first map that has a key counts; they may change later."""
    made = vm.table(())
    yield NATIVES["dict.update"](vm, (made, *reversed(given)), {})
    vm.set_value(made, MORE, None)
    return made


@native("collections.Counter")
def _counter(vm: Objects, given: Given, named: Named) -> Step[Value]:
    """What is in these is not told by the keys that were given, and what is not in them does not fail."""
    made = yield _dict(vm, given, named)
    if isinstance(made, Container):
        vm.set_value(made, MORE, None)
    return made


@native("collections.defaultdict")
def _defaultdict(vm: Objects, given: Given, named: Named) -> Step[Value]:
    made = vm.table((), kind="defaultdict")
    yield NATIVES["dict.update"](vm, (made, *given[1:]), named)
    if given:
        vm.set_value(made, FACTORY, given[0])
    return made


def pairs_given(vm: Objects, source: Value, pairs: list[tuple[Value, Value]]) -> Step[Value]:
    """Add what a dict would take of a value: a mapping, or pairs. Returns whether that is all."""
    if isinstance(source, Container) and source.kind in TABLES:
        pairs += vm.pairs_of(source)
        return TRUE if vm.is_whole(source) else FALSE
    if isinstance(source, Instance) and (keys := vm.method(source, "keys")) is not None:
        found = yield vm.items((yield vm.call(keys)))
        for key in found if isinstance(found, tuple) else ():
            pairs.append((key, (yield vm.item_of(source, key))))
        return TRUE if isinstance(found, tuple) else FALSE
    if isinstance(source, Made) and source.of in {"globals", "attributes"}:
        source = yield vm.call(Outside(f"{source.of}().items"), (source,))
    found = yield vm.items(source)
    for item in found if isinstance(found, tuple) else ():
        pair = yield vm.items(item)
        if not isinstance(pair, tuple) or len(pair) != 2:
            return FALSE
        pairs.append((pair[0], pair[1]))
    return TRUE if isinstance(found, tuple) else FALSE


@native("dict.update", "defaultdict.update", "dict.__ior__")
def _update(vm: Objects, given: Given, named: Named) -> Step[Value]:
    made = given[0]
    if not isinstance(made, Container):
        return None
    for source in given[1:]:
        pairs: list[tuple[Value, Value]] = []
        sure = yield pairs_given(vm, source, pairs)
        for key, value in pairs:
            vm.put(made, key, value)
        if sure != TRUE:
            vm.set_value(made, MORE, None)
    for name, value in named.items():
        vm.put(made, name, value)
    return NONE


@native("collections.UserDict.update", "collections.abc.MutableMapping.update", "collections.UserDict.__init__")
def _mapping_update(vm: Objects, given: Given, named: Named) -> Step[Value]:
    """What is written in Python sets each item by the method that a class may have of its own."""
    made = vm.table(())
    yield NATIVES["dict.update"](vm, (made, *given[1:]), named)
    hook = vm.method(first_given(given), "__setitem__")
    for key, value in vm.pairs_of(made) if hook is not None else ():
        yield vm.call(hook, (key, value))
    return NONE


def _of_container(method: Callable[[Objects, Container, Given], Value]) -> Native:
    """Return what calls of a method of containers do: nothing is known where it is called on something else."""

    def call(vm: Objects, given: Given, _: Named) -> Value:
        return method(vm, given[0], given[1:]) if isinstance(given[0], Container) else None

    return call


@native("dict.get", "defaultdict.get")
@_of_container
def _dict_get(vm: Objects, made: Container, given: Given) -> Value:
    found = vm.item(made, given[0]) if given else None
    return (given[1] if len(given) > 1 else NONE) if isinstance(found, Absent) else found


@native("dict.setdefault", "defaultdict.setdefault")
@_of_container
def _dict_setdefault(vm: Objects, made: Container, given: Given) -> Value:
    found = vm.item(made, given[0]) if given else None
    if isinstance(found, Absent):
        found = given[1] if len(given) > 1 else NONE
        vm.put(made, given[0], found)
    return found


@native("list.clear", "set.clear", "dict.clear", "defaultdict.clear")
@_of_container
def _clear(vm: Objects, made: Container, _: Given) -> Value:
    if vm.uncertainty:
        vm.set_value(made, MORE, None)
        return NONE
    for key in list(vm.read_all(made)):
        vm.set_value(made, key, ABSENT)
    return NONE


@native("list.reverse")
@_of_container
def _reverse(vm: Objects, made: Container, _: Given) -> Value:
    vm.set_value(made, *((MORE, None) if vm.uncertainty else (ITEMS, vm.items_of(made)[::-1])))
    return NONE


@native("dict.pop defaultdict.pop set.remove set.discard dict.popitem")
@_of_container
def _removed(vm: Objects, made: Container, given: Given) -> Value:
    found = vm.item(made, given[0]) if given else None
    if isinstance(found, Absent) and made.kind in TABLES:
        return given[1] if len(given) > 1 else None
    vm.remove(made, first_given(given))
    return None if isinstance(found, Absent) else found


@native("list.remove")
@_of_container
def _remove(vm: Objects, made: Container, given: Given) -> Value:
    item = first_given(given)
    items = list(vm.items_of(made))
    if vm.uncertainty or not vm.is_whole(made) or not isinstance(item, str | Fixed | Function) or item not in items:
        vm.set_value(made, MORE, None)
    else:
        items.remove(item)
        vm.set_value(made, ITEMS, tuple(items))
    return NONE


@_of_container
def _pop(vm: Objects, made: Container, given: Given) -> Value:
    items = list(vm.items_of(made))
    at = given[0].value if given and isinstance(given[0], Fixed) else -1
    if not isinstance(at, int) or not -len(items) <= at < len(items) or vm.uncertainty or not vm.is_whole(made):
        vm.set_value(made, MORE, None)
        return None
    found = items.pop(at)
    vm.set_value(made, ITEMS, tuple(items))
    return found


NATIVES["list.pop"] = NATIVES["set.pop"] = _pop
NATIVES["list.popleft"] = lambda vm, given, _: _pop(vm, (given[0], Fixed(0)), {})


@native("dict.items", "defaultdict.items")
@_of_container
def _items(vm: Objects, made: Container, _: Given) -> Value:
    pairs = [vm.collection("tuple", pair) for pair in vm.pairs_of(made)]
    return vm.collection("tuple", pairs, more=not vm.is_whole(made))


@native("dict.keys", "defaultdict.keys")
@_of_container
def _keys(vm: Objects, made: Container, _: Given) -> Value:
    return vm.collection("tuple", vm.items_of(made), more=not vm.is_whole(made))


@native("dict.values", "defaultdict.values")
@_of_container
def _values(vm: Objects, made: Container, _: Given) -> Value:
    return vm.collection("tuple", [pair[1] for pair in vm.pairs_of(made)], more=not vm.is_whole(made))


@native("dict.copy", "list.copy", "set.copy", "defaultdict.copy")
@_of_container
def _copy(vm: Objects, made: Container, _: Given) -> Value:
    more = not vm.is_whole(made)
    if made.kind in TABLES:
        return vm.table(vm.pairs_of(made), more=more)
    return vm.collection(made.kind, vm.items_of(made), more=more)


@native("list.insert", "list.appendleft")
def _insert(vm: Objects, given: Given, _: Named) -> Value:
    made, at = given[0], given[1] if len(given) > 2 else Fixed(0)
    if not isinstance(made, Container) or len(given) == 1:
        return NONE
    if isinstance(at, Fixed) and isinstance(at.value, int) and vm.is_whole(made) and not vm.uncertainty:
        items = [*vm.items_of(made)]
        items.insert(at.value, given[-1])
        vm.set_value(made, ITEMS, tuple(items))
    else:
        vm.add_items(made, given[-1:], more=True)
    return NONE


@native("list.append", "set.add")
def _append(vm: Objects, given: Given, _: Named) -> Value:
    if isinstance(given[0], Container) and len(given) > 1:
        vm.add_items(given[0], given[-1:])
    return NONE


@native("list.extend", "set.update", "list.extendleft", "list.__iadd__", "set.__ior__")
def _extend(vm: Objects, given: Given, _: Named) -> Step[Value]:
    if isinstance(given[0], Container) and len(given) > 1:
        found = yield vm.items(given[1])
        vm.add_items(given[0], found if isinstance(found, tuple) else (), more=not isinstance(found, tuple))
    return NONE
