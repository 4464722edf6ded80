"""What calls of the standard library do that make a difference to imports, by the dotted names of what is called.

Whatever calls what it is given, or gives something back that is called later, is here. `QUIET` are those that call
nothing of what they are given; all others may.
"""

import builtins
import re
from collections.abc import Callable, Sequence
from functools import partial, reduce
from itertools import count
from string import Formatter
from typing import TypeAlias

from cycles.limits import MOST_ITEMS
from cycles.simulate.compile.instructions import NONE, SOMETHING, Fixed, Outside
from cycles.simulate.trampoline import Eventual, Step
from cycles.simulate.vm.classes_and_instances import DATACLASS, STRUCTURAL, Objects
from cycles.simulate.vm.containers import FACTORY, ITEMS, MORE, TABLES, cache_key, plain_of
from cycles.simulate.vm.control import FALSE, TRUE
from cycles.simulate.vm.numbers_and_texts import (
    BUILTIN,
    class_of_plain,
    has_attribute,
    inherits,
    is_instance,
    kind_of,
    made,
    some,
)
from cycles.simulate.vm.values import (
    ABSENT,
    SUSPENDED,
    Absent,
    Bound,
    Class,
    Closed,
    Consumer,
    Container,
    Either,
    Failure,
    Function,
    Instance,
    Made,
    Module,
    Raised,
    Stream,
    Value,
    either,
)

Given: TypeAlias = tuple[Value, ...]
Named: TypeAlias = dict[str, Value]
Native: TypeAlias = Callable[[Objects, Given, Named], Eventual[Value]]


def _words(*texts: str) -> list[str]:
    """Return the words of texts: names, as many in a line as there is room for."""
    return " ".join(texts).split()


NATIVES: dict[str, Native] = {}
QUIET = frozenset(
    _words(
        "abc typing typing_extensions logging warnings re os sys time datetime math string struct json pathlib "
        "collections types inspect weakref copyreg atexit signal io decimal fractions random uuid hashlib base64 "
        "textwrap ast dis locale gettext platform socket ssl zlib errno itertools contextvars enum dataclasses "
        "numbers urllib http email html xml queue tempfile shutil glob subprocess select argparse optparse "
        "getpass csv sqlite3 zoneinfo calendar linecache tokenize keyword token traceback functools operator "
        "contextlib ctypes gc site sysconfig zipfile tarfile gzip bz2 lzma mimetypes configparser tomllib secrets "
        "statistics bisect heapq array codecs unicodedata stat fnmatch threading multiprocessing asyncio "
        "concurrent first()"
    )
)
"""Parts of the standard library that call nothing of what they are given while they are given it."""


def native(*names: str) -> Callable[[Native], Native]:
    """Make a function what calls of these names do; several may be in one text."""

    def register(function: Native) -> Native:
        NATIVES.update(dict.fromkeys(_words(*names), function))
        return function

    return register


def _first(given: Given) -> Value:
    return given[0] if given else None


# What gives back what it is given, or a wrapper that does the same.


@native(
    "first() functools.wraps() typing.final typing.override typing.overload "
    "typing.no_type_check typing.runtime_checkable typing_extensions.override typing_extensions.final "
    "typing_extensions.runtime_checkable typing_extensions.deprecated() abc.abstractmethod "
    "warnings.deprecated() contextlib.asynccontextmanager contextlib.contextmanager "
    "builtins.reversed copy.copy copy.deepcopy types.coroutine atexit.register "
    "functools.update_wrapper enum.member enum.nonmember enum.verify() weakref.proxy unittest.skip() "
    "unittest.skipIf() unittest.skipUnless() dataclasses.dataclass_transform() typing.dataclass_transform() "
    "types.MappingProxyType typing_extensions.dataclass_transform()"
)
def _same(vm: Objects, given: Given, _: Named) -> Eventual[Value]:
    value = given[-1] if given and isinstance(given[0], Made) and len(given) > 1 else _first(given)
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
    cls = _first(given)
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
    size = named.get("maxsize", _first(given))
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
    getter = named.get("fget", _first(given))
    return Made("builtins.property", (getter, *(given[1:] or (named.get("fset"),))))


def _kept(name: str) -> Native:
    def keep(_vm: Objects, given: Given, named: Named) -> Value:
        return Made(name, given, tuple(named.items()))

    return keep


for _name in _words(
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
    made = _first(given)
    if isinstance(made, Instance):
        function = given[1] if len(given) > 1 else named.get("fget", named.get("func"))
        vm.set_value(made, "func", function)
        vm.set_value(made, "fget", function)
    return NONE


@native("functools.cached_property.__get__", "builtins.property.__get__")
def _own_getter(vm: Objects, given: Given, _: Named) -> Eventual[Value]:
    made = _first(given)
    if not isinstance(made, Instance) or len(given) < 2 or given[1] == NONE:
        return made
    function = vm.read(made, "func")
    return vm.call(function, given[1:2]) if isinstance(function, Function | Bound) else None


@native("operator.call", "contextvars.copy_context().run")
def _call(vm: Objects, given: Given, named: Named) -> Eventual[Value]:
    return vm.call(given[0], given[1:], [*named.items()]) if given else None


NATIVES["concurrent.futures.ThreadPoolExecutor().submit"] = lambda vm, given, named: _call(vm, given[1:], named)


def stream(start: Callable[[Consumer], Eventual[Value]], vm: Objects, seeds: Given) -> Stream:
    """Return what hands out values when it is asked for them."""
    return Stream(made=vm.load.start, start=start, seeds=seeds)


def _each(vm: Objects, values: Sequence[Value]) -> Step[Value]:
    """Return the items of iterables in step; None where those of one are not known."""
    several: list[tuple[Value, ...]] = []
    for value in values:
        # The others are asked for no more than there is of the first ones.
        found = yield (taken(vm, value, min(map(len, several))) if several else vm.items(value))
        if not isinstance(found, tuple):
            return None
        several.append(found)
    return tuple(zip(*several, strict=False))


def taken(vm: Objects, value: Value, most: int) -> Step[Value]:
    """Return the first items of a value; a generator waits from there on. None where they are not known."""
    if not isinstance(value, Stream) or value.start is None or value.made < vm.load.start:
        items = yield vm.items(value)
        return items[:most] if isinstance(items, tuple) else None
    if not most:
        return ()
    found: list[Value] = []
    unsure, before = False, vm.uncertainty

    def keep(item: Value) -> Value:
        nonlocal unsure
        unsure = unsure or vm.uncertainty > before
        found.append(item)
        if len(found) >= most and not unsure:
            raise Closed(suspended=True)
        return NONE

    start, value.start = value.start, None
    try:
        yield start(keep)
    except Closed:
        vm.set_value(value, SUSPENDED, TRUE)
    return None if unsure else tuple(found)


@native("itertools.islice")
def _islice(vm: Objects, given: Given, _: Named) -> Value:
    """Up to a number, or from one to another; steps are not known."""
    numbers = [one.value for one in given[1:] if isinstance(one, Fixed)]
    first, last = (0, *numbers)[-2:] if len(numbers) == len(given) - 1 < 3 else (None, None)

    def start(consumer: Consumer) -> Step[Value]:
        if not isinstance(first, int) or not isinstance(last, int):
            yield vm.items(_first(given))
            yield unsure(vm, consumer)
            return NONE
        found = yield taken(vm, given[0], last)
        for item in found[first:] if isinstance(found, tuple) else ():
            yield consumer(item)
        if not isinstance(found, tuple):
            yield unsure(vm, consumer)
        return NONE

    return stream(start, vm, given[:1])


@native("queue.Queue", "queue.SimpleQueue")
def _queue(vm: Objects, _given: Given, _: Named) -> Value:
    return Made("queue.Queue", (vm.collection("list", ()),))


def _through_queue(method: str, most: int) -> Native:
    """Return what puts something in a queue, or takes out what was put in first."""

    def call(vm: Objects, given: Given, _: Named) -> Eventual[Value]:
        held = given[0].arguments[:1] if isinstance(given[0], Made) else (None,)
        return NATIVES[method](vm, (*held, *given[1:most]), {})

    return call


NATIVES["queue.Queue().put"] = NATIVES["queue.Queue().put_nowait"] = _through_queue("list.append", 2)
NATIVES["queue.Queue().get"] = NATIVES["queue.Queue().get_nowait"] = _through_queue("list.popleft", 1)


@native("builtins.map", "itertools.starmap", "concurrent.futures.ThreadPoolExecutor().map")
def _map(vm: Objects, given: Given, _: Named) -> Value:
    if given and isinstance(given[0], Made):
        given = given[1:]

    def start(consumer: Consumer) -> Step[Value]:
        rows = yield from _each(vm, given[1:])
        if not isinstance(rows, tuple):
            yield from unsure_call(vm, given[0], (None,) * (len(given) - 1))
            yield unsure(vm, consumer)
            return NONE
        for row in rows:
            yield consumer((yield vm.call(given[0], row if isinstance(row, tuple) else ())))
        return NONE

    return stream(start, vm, given) if len(given) > 1 else None


@native("builtins.filter", "itertools.filterfalse", "itertools.dropwhile")
def _filter(vm: Objects, given: Given, _: Named) -> Value:
    def start(consumer: Consumer) -> Step[Value]:
        found = yield vm.items(given[1])
        if not isinstance(found, tuple):
            yield from unsure_call(vm, given[0], (None,))
            yield unsure(vm, consumer)
            return NONE
        for item in found:
            kept = yield vm.truth(item if given[0] == NONE else (yield vm.call(given[0], (item,))))
            if kept is None:
                yield unsure(vm, consumer)
            elif kept == TRUE:
                yield consumer(item)
        return NONE

    return stream(start, vm, given) if len(given) > 1 else None


def unsure(vm: Objects, consumer: Consumer) -> Step[Value]:
    """Hand out a value, or none, nobody knows."""
    vm.uncertainty += 1
    try:
        yield consumer(None)
    finally:
        vm.uncertainty -= 1
    return NONE


def unsure_call(vm: Objects, function: Value, arguments: Given) -> Step[Value]:
    """Call a function with what is not known, or not at all."""
    decided = vm.decide()
    if decided is None:
        vm.uncertainty += 1
        try:
            yield vm.call(function, arguments)
        except Raised as error:
            vm.note(error.failure)
            vm.may_raise(error.failure)
        finally:
            vm.uncertainty -= 1
    elif decided:
        yield vm.call(function, arguments)
    return None


@native("functools.reduce")
def _reduce(vm: Objects, given: Given, _: Named) -> Step[Value]:
    if len(given) < 2:
        return None
    found = yield vm.items(given[1])
    if not isinstance(found, tuple):
        yield from unsure_call(vm, given[0], (None, None))
        return None
    values = [*given[2:3], *found]
    result = values[0] if values else None
    for value in values[1:]:
        result = yield vm.call(given[0], (result, value))
    return result


def _by_key(vm: Objects, given: Given, named: Named, result: Callable[[Given, Given], Value]) -> Step[Value]:
    """Compare items by what a key gives for each: the result is made of both; nothing where items are not known."""
    key = named.get("key")
    several = given if len(given) > 1 and not isinstance(given[-1], Container) else (yield vm.items(_first(given)))
    if not isinstance(several, tuple):
        if key is not None:
            yield from unsure_call(vm, key, (None,))
        return None
    keys = list(several)
    if key is not None and key != NONE:
        for at, item in enumerate(several):
            keys[at] = yield vm.call(key, (item,))
    elif len(several) > 1 and isinstance(several[0], Instance):
        hook = vm.method(several[0], "__lt__") or vm.method(several[0], "__gt__")
        if hook is not None:
            yield vm.call(hook, (several[1],))
    return result(several, tuple(keys))


def _in_order(vm: Objects, items: Given, keys: Given, *, reverse: bool) -> Given | None:
    """Return items in the order of their keys, or of what these begin with; None where that is not known."""
    first = [_first(vm.items_of(key)) if isinstance(key, Container) and key.kind == "tuple" else None for key in keys]
    for values in (keys, first):
        known = [plain_of(value) for value in values]
        if None not in known and (values is keys or len(set(known)) == len(known)):
            try:
                order = sorted(range(len(items)), key=known.__getitem__, reverse=reverse)  # type: ignore[arg-type]
            except TypeError:
                continue
            return tuple(items[at] for at in order)
    return None


@native("builtins.sorted")
def _sorted(vm: Objects, given: Given, named: Named) -> Step[Value]:
    reverse = named.get("reverse") == TRUE
    return _by_key(
        vm,
        given,
        named,
        lambda items, keys: vm.collection("list", _in_order(vm, items, keys, reverse=reverse) or items),
    )


@native("list.sort")
def _sort(vm: Objects, given: Given, named: Named) -> Step[Value]:
    made = yield _sorted(vm, given, named)
    if isinstance(given[0], Container) and isinstance(made, Container) and not vm.uncertainty:
        vm.set_value(given[0], ITEMS, vm.items_of(made))
    return NONE


def _extreme(vm: Objects, given: Given, named: Named, *, largest: bool) -> Step[Value]:
    """Return the first item in order; one of all where that is not known."""

    def first(items: Given, keys: Given) -> Value:
        order = _in_order(vm, items, keys, reverse=largest)
        return (
            (order or items)[0]
            if order or len(items) == 1
            else reduce(either, items)
            if items
            else named.get("default")
        )

    return _by_key(vm, given, named, first)


NATIVES["builtins.max"] = partial(_extreme, largest=True)
NATIVES["builtins.min"] = partial(_extreme, largest=False)


@native("functools.cmp_to_key()")
def _compared(vm: Objects, given: Given, _: Named) -> Eventual[Value]:
    """What is sorted by a comparison compares items, of which there may be one alone."""
    made = given[0]
    return unsure_call(vm, made.arguments[0], (None, None)) if isinstance(made, Made) and made.arguments else None


@native("heapq.nlargest", "heapq.nsmallest")
def _by_key_of_few(vm: Objects, given: Given, named: Named) -> Eventual[Value]:
    return _sorted(vm, given[1:2], {"key": given[2]} if len(given) > 2 else named)


@native("itertools.groupby")
def _grouped(vm: Objects, given: Given, named: Named) -> Value:
    key = given[1] if len(given) > 1 else named.get("key", NONE)

    def start(consumer: Consumer) -> Step[Value]:
        found = yield vm.items(_first(given))
        if not isinstance(found, tuple):
            yield from unsure_call(vm, key, (None,))
            yield unsure(vm, consumer)
            return NONE
        groups: list[tuple[Value, list[Value]]] = []
        for item in found:
            held = item if key == NONE else (yield vm.call(key, (item,)))
            if not groups or plain_of(held) is None or groups[-1][0] != held:
                groups.append((held, []))
            groups[-1][1].append(item)
        for held, items in groups:
            yield consumer(vm.collection("tuple", (held, vm.collection("list", items))))
        return NONE

    return stream(start, vm, given)


def _among(wanted: Value, other: Value) -> Native:
    """Return what tells whether the truth of an item is as wanted, or else the other one."""

    def among(vm: Objects, given: Given, _: Named) -> Step[Value]:
        truths: list[Value] = []

        def look(item: Value) -> Step[Value]:
            truths.append((yield vm.truth(item)))
            if truths[-1] == wanted and vm.uncertainty == before:
                raise Closed
            return NONE

        value, before = _first(given), vm.uncertainty
        if isinstance(value, Stream) and value.start is not None and value.made >= vm.load.start:
            start, value.start = value.start, None
            try:
                yield start(look)
            except Closed:
                return wanted
            return None if None in truths or wanted in truths else other
        found = yield vm.items(value)
        if not isinstance(found, tuple):
            return None
        for item in found:
            truths.append((yield vm.truth(item)))
        return wanted if wanted in truths else None if None in truths else other

    return among


NATIVES["builtins.any"] = _among(TRUE, FALSE)
NATIVES["builtins.all"] = _among(FALSE, TRUE)


@native("builtins.sum")
def _sum(vm: Objects, given: Given, named: Named) -> Step[Value]:
    found = yield vm.items(_first(given))
    result = given[1] if len(given) > 1 else named.get("start", Fixed(0))
    for item in found if isinstance(found, tuple) else ():
        result = yield vm.operate("add", (result, item))
    return result if isinstance(found, tuple) else None


def collected(vm: Objects, kind: str, given: Given) -> Step[Value]:
    """Return a new collection of what iterables give."""
    items: list[Value] = []
    sure = True
    for value in given:
        found = yield vm.items(value)
        sure = sure and isinstance(found, tuple)
        if isinstance(found, tuple):
            items += found
        elif isinstance(value, Container):
            items += vm.items_of(value)
    return vm.collection(kind, items, more=not sure)


def _collecting(kind: str) -> Native:
    return lambda vm, given, _: collected(vm, kind, given[:1])


for _kind in ("list", "tuple", "set", "frozenset"):
    NATIVES[BUILTIN + _kind] = _collecting(_kind)
NATIVES["collections.deque"] = _collecting("list")


def handed_on(vm: Objects, value: Value, consumer: Consumer) -> Step[Value]:
    """Hand out what a value does, one by one: a generator runs no further than it is asked for."""
    if isinstance(value, Stream) and value.start is not None and value.made >= vm.load.start:
        start, value.start = value.start, None
        yield start(consumer)
        return NONE
    found = yield vm.items(value)
    for item in found if isinstance(found, tuple) else ():
        yield consumer(item)
    if not isinstance(found, tuple):
        yield unsure(vm, consumer)
    return NONE


@native("itertools.chain")
def _chain(vm: Objects, given: Given, _: Named) -> Value:
    def start(consumer: Consumer) -> Step[Value]:
        for value in given:
            yield handed_on(vm, value, consumer)
        return NONE

    return stream(start, vm, given)


@native("itertools.chain.from_iterable")
def _chain_all(vm: Objects, given: Given, _: Named) -> Value:
    def start(consumer: Consumer) -> Step[Value]:
        yield handed_on(vm, _first(given), lambda value: handed_on(vm, value, consumer))
        return NONE

    return stream(start, vm, given)


@native("itertools.takewhile")
def _takewhile(vm: Objects, given: Given, _: Named) -> Value:
    end = Closed()

    def start(consumer: Consumer) -> Step[Value]:
        def look(item: Value) -> Step[Value]:
            kept = yield vm.truth((yield vm.call(given[0], (item,))))
            if kept == FALSE and not vm.uncertainty:
                raise end
            return (yield consumer(item) if kept == TRUE else unsure(vm, consumer))

        try:
            yield handed_on(vm, given[1], look)
        except Closed as closed:
            if closed is not end:
                raise
        return NONE

    return stream(start, vm, given) if len(given) > 1 else None


@native("builtins.zip")
def _zip(vm: Objects, given: Given, _: Named) -> Step[Value]:
    rows = yield from _each(vm, given)
    if not isinstance(rows, tuple):
        return None
    return vm.collection("list", [vm.collection("tuple", row) for row in rows if isinstance(row, tuple)])


@native("builtins.enumerate")
def _enumerate(vm: Objects, given: Given, named: Named) -> Step[Value]:
    found = yield vm.items(_first(given))
    start = named.get("start", given[1] if len(given) > 1 else Fixed(0))
    if not isinstance(found, tuple) or not isinstance(start, Fixed) or start.value is None:
        return None
    pairs = [vm.collection("tuple", (Fixed(start.value + at), item)) for at, item in enumerate(found)]
    return vm.collection("list", pairs)


@native("builtins.range")
def _range(vm: Objects, given: Given, _: Named) -> Value:
    numbers: list[int] = []
    for value in given:
        number = value.value if isinstance(value, Fixed) else None
        if isinstance(number, int):
            numbers.append(number)
    if len(numbers) < len(given) or not 1 <= len(numbers) <= 3 or (len(numbers) == 3 and not numbers[2]):
        return None
    found = range(*numbers)
    return vm.collection("tuple", [Fixed(number) for number in found[: MOST_ITEMS + 1]])


@native("builtins.next", "generator.__next__")
def _next(vm: Objects, given: Given, _: Named) -> Step[Value]:
    value = _first(given)
    if isinstance(value, Instance) and (hook := vm.method(value, "__next__")) is not None:
        return (yield vm.call(hook))
    if isinstance(value, Stream) and value.start is not None and value.made >= vm.load.start:
        return (yield _first_of(vm, value, given[1:]))
    found = yield vm.items(value)
    if isinstance(found, tuple) and isinstance(value, Stream):
        value.values[ITEMS] = found[1:]
        if not found and len(given) < 2:
            raise vm.raised(Failure("StopIteration", "", explicit=True))
        return found[0] if found else given[1]
    return found[0] if isinstance(found, tuple) and found else None


def _first_of(vm: Objects, value: Stream, default: Given) -> Step[Value]:
    """Run a generator up to the first value that it hands out; it waits from there on."""
    found = yield taken(vm, value, 1)
    if found == () and not default:
        raise vm.raised(Failure("StopIteration", "", explicit=True))
    return (*found, *default)[0] if isinstance(found, tuple) else None


@native("coroutine.send", "coroutine.__await__")
def _send(vm: Objects, given: Given, _: Named) -> Step[Value]:
    yield vm.items_awaited(_first(given))
    raise vm.raised(Failure("StopIteration", "", explicit=True))


@native(
    "asyncio.run asyncio.run_coroutine_threadsafe asyncio.new_event_loop().run_until_complete "
    "asyncio.get_event_loop().run_until_complete asyncio.gather asyncio.wait_for asyncio.create_task"
)
def _run(vm: Objects, given: Given, _: Named) -> Step[Value]:
    result: Value = None
    for value in given:
        result = yield vm.items_awaited(value)
    return result


@native("threading.Thread().run", "threading.Timer().run")
def _run_target(vm: Objects, given: Given, _: Named) -> Step[Value]:
    made = given[0]
    if isinstance(made, Made):
        options = dict(made.keywords)
        target = options.get("target", options.get("function", (*made.arguments, None, None)[1]))
        found = yield vm.items(options.get("args", vm.collection("tuple", ())))
        yield vm.call(target, found if isinstance(found, tuple) else (None,))
    return NONE


@native("threading.Thread().start", "threading.Timer().start")
def _start(vm: Objects, given: Given, _: Named) -> Eventual[Value]:
    made = given[0]
    target = dict(made.keywords).get("target") if isinstance(made, Made) else None
    return vm.escape((target, *(made.arguments if isinstance(made, Made) else ())), NONE, "a thread")


@native("contextlib.ExitStack", "contextlib.AsyncExitStack")
def _exit_stack(vm: Objects, _given: Given, _: Named) -> Value:
    return Made("contextlib.ExitStack", (vm.collection("list", ()),))


@native("contextlib.ExitStack().callback", "contextlib.ExitStack().push", "contextlib.ExitStack().enter_context")
def _callback(vm: Objects, given: Given, named: Named) -> Eventual[Value]:
    stack = given[0].arguments[0] if isinstance(given[0], Made) else None
    if isinstance(stack, Container) and len(given) > 1:
        value = given[1]
        if isinstance(value, Instance) and (hook := vm.method(value, "__enter__")) is not None:
            leave = vm.method(value, "__exit__")
            vm.add_items(stack, (Made("functools.partial", (leave, NONE, NONE, NONE)),))
            return vm.call(hook)
        if isinstance(value, Stream):
            return vm.items(value)
        vm.add_items(stack, (Made("functools.partial", given[1:], tuple(named.items())),))
    return given[1] if len(given) > 1 else None


@native("contextlib.ExitStack().pop_all")
def _pop_all(vm: Objects, given: Given, _: Named) -> Value:
    stack = given[0].arguments[0] if isinstance(given[0], Made) else None
    if not isinstance(stack, Container):
        return None
    items = vm.items_of(stack)
    vm.set_value(stack, ITEMS, ())
    return Made("contextlib.ExitStack", (vm.collection("list", items),))


@native("contextlib.ExitStack().close", "contextlib.ExitStack().__exit__")
def _close(vm: Objects, given: Given, _: Named) -> Step[Value]:
    stack = given[0].arguments[0] if isinstance(given[0], Made) else None
    if isinstance(stack, Container):
        for callback in reversed(vm.items_of(stack)):
            yield vm.call(callback)
    return NONE


@native("contextlib.closing().__exit__", "contextlib.aclosing().__exit__")
def _close_what_is_given(vm: Objects, given: Given, _: Named) -> Step[Value]:
    made = given[0]
    if isinstance(made, Made) and made.arguments:
        name = "aclose" if made.of == "contextlib.aclosing" else "close"
        yield vm.items_awaited((yield vm.call(vm.method(made.arguments[0], name))))
    return NONE


@native("weakref.finalize", "weakref.ref", "weakref.WeakMethod")
def _when_it_is_gone(vm: Objects, given: Given, _: Named) -> Step[Value]:
    """Nobody knows when the last that holds an object lets it go."""
    if len(given) > 1:
        yield from unsure_call(vm, given[1], given[2:])
    return SOMETHING


# Operators, and built-in functions that ask objects.


def _applied(name: str, *, compares: bool) -> Native:
    """Return what a function of the module `operator` does."""

    def apply(vm: Objects, given: Given, _: Named) -> Eventual[Value]:
        if compares and len(given) == 2:
            # `contains` has what is looked for second.
            return vm.compare(name, *given) if name != "contains" else vm.compare("in", given[1], given[0])
        return vm.operate(name, given) if 1 <= len(given) <= 2 else None

    return apply


for _name in _words("add sub mul truediv floordiv mod pow matmul lshift rshift and_ or_ xor neg pos invert not_"):
    NATIVES[f"operator.{_name}"] = _applied(_name if _name == "not_" else _name.rstrip("_"), compares=False)
for _name in _words("eq ne lt le gt ge contains is_"):
    NATIVES[f"operator.{_name}"] = _applied(_name.rstrip("_"), compares=True)
NATIVES["operator.getitem"] = lambda vm, given, _: vm.item_of(*given) if len(given) == 2 else None
NATIVES["operator.setitem"] = lambda vm, given, _: vm.set_item_of(*given) if len(given) == 3 else None


def _asking(*methods: str) -> Native:
    def ask(vm: Objects, given: Given, _: Named) -> Eventual[Value]:
        for method in methods:
            hook = vm.method(_first(given), method)
            if hook is not None:
                return vm.call(hook, given[1:] if method == "__format__" else ())
        return None

    return ask


for _name, _methods in {
    "str": ("__str__", "__repr__"),
    "repr": ("__repr__",),
    "ascii": ("__repr__",),
    "format": ("__format__", "__str__", "__repr__"),
    "hash": ("__hash__",),
    "abs": ("__abs__",),
    "round": ("__round__",),
    "complex": ("__complex__",),
    "bytes": ("__bytes__", "__iter__"),
    "divmod": ("__divmod__",),
    "pow": ("__pow__",),
    "bin": ("__index__",),
    "hex": ("__index__",),
    "oct": ("__index__",),
}.items():
    NATIVES[BUILTIN + _name] = _asking(*_methods)
for _name in ("ceil", "floor", "trunc"):
    NATIVES[f"math.{_name}"] = _asking(f"__{_name}__")


def _number(kind: str, *methods: str) -> Native:
    def call(vm: Objects, given: Given, _: Named) -> Step[Value]:
        for method in methods:
            hook = vm.method(_first(given), method)
            if hook is not None:
                yield vm.call(hook)
                return some(kind)
        found = made(kind, given[0], given[1] if len(given) > 1 else None) if given else Fixed(0)
        if given and isinstance(given[0], str) and len(given) == 1 and isinstance(found, Outside):
            vm.raise_unless_doubtful(Failure("ValueError"))
        return found

    return call


NATIVES["builtins.int"] = _number("int", "__int__", "__index__", "__trunc__")
NATIVES["builtins.float"] = _number("float", "__float__", "__index__")
NATIVES["copy.copy"] = _asking("__copy__")
NATIVES["os.fspath"] = _asking("__fspath__")


@native("copy.deepcopy")
def _deepcopy(vm: Objects, given: Given, _: Named) -> Step[Value]:
    """What is in containers is copied too."""
    value = _first(given)
    if isinstance(value, Container):
        for held in (*vm.items_of(value), *(one for _, one in vm.pairs_of(value))):
            yield _deepcopy(vm, (held,), {})
        return value
    hook = vm.method(value, "__deepcopy__")
    return (yield vm.call(hook, (None,))) if hook is not None else None


@native("builtins.str", "builtins.format")
def _str(vm: Objects, given: Given, _: Named) -> Eventual[Value]:
    value = _first(given)
    if isinstance(value, str) and given[1:] in {(), ("",)}:
        return value
    if isinstance(value, Fixed) and given[1:] in {(), ("",)}:
        return str(value.value)
    return (
        _asking("__format__", "__str__", "__repr__")(vm, given, {})
        if len(given) > 1
        else _asking("__str__", "__repr__")(vm, given, {})
    )


@native("builtins.print")
def _print(vm: Objects, given: Given, _: Named) -> Step[Value]:
    for value in given:
        yield _asking("__str__", "__repr__")(vm, (value,), {})
    return NONE


@native("builtins.len")
def _len(vm: Objects, given: Given, _: Named) -> Eventual[Value]:
    value = _first(given)
    if isinstance(value, Container) and vm.is_whole(value):
        return Fixed(len(vm.items_of(value)))
    return Fixed(len(value)) if isinstance(value, str) else _asking("__len__")(vm, given, {})


@native("builtins.bool")
def _bool(vm: Objects, given: Given, _: Named) -> Eventual[Value]:
    return vm.truth(given[0]) if given else FALSE


@native("builtins.callable")
def _callable(vm: Objects, given: Given, _: Named) -> Value:
    value = _first(given)
    if isinstance(value, Instance):
        return TRUE if vm.method(value, "__call__") is not None else None
    if isinstance(value, Function | Bound | Class):
        return TRUE
    return FALSE if isinstance(value, str | Fixed | Container | Module) else None


@native("builtins.isinstance")
def _isinstance(vm: Objects, given: Given, _: Named) -> Eventual[Value]:
    return _is_of(vm, given, by_class=False)


@native("builtins.issubclass")
def _issubclass(vm: Objects, given: Given, _: Named) -> Eventual[Value]:
    return _is_of(vm, given, by_class=True)


def _is_of(vm: Objects, given: Given, *, by_class: bool) -> Step[Value]:
    """Return whether a value is of a class, or, `by_class`, a class of another."""
    if len(given) < 2:
        return None
    value, kind = given[:2]
    if isinstance(kind, Container):
        found: list[Value] = []
        for one in vm.items_of(kind):
            found.append((yield _is_of(vm, (value, one), by_class=by_class)))
        return TRUE if TRUE in found else None if None in found or not vm.is_whole(kind) else FALSE
    if isinstance(value, Either) or isinstance(kind, Either):
        return (yield _is_any_of(vm, value, kind, by_class=by_class))
    if isinstance(kind, Class):
        return (yield _is_of_class(vm, value, kind, by_class=by_class))
    if isinstance(kind, Outside):
        own = value if by_class else value.made_by if isinstance(value, Instance) else None
        found_here = inherits(own, kind) if isinstance(own, Class) else None if by_class else is_instance(value, kind)
        if found_here is not None:
            return TRUE if found_here else FALSE
    return _is_builtin(value, kind)


def _is_any_of(vm: Objects, value: Value, kind: Value, *, by_class: bool) -> Step[Value]:
    """Return what is the same of all that a value, or a class, may be."""
    answers: list[Value] = []
    for one in value.values if isinstance(value, Either) else (value,):
        for other in kind.values if isinstance(kind, Either) else (kind,):
            answers.append((yield _is_of(vm, (one, other), by_class=by_class)))
    return answers[0] if all(answer == answers[0] for answer in answers) else None


def _is_of_class(vm: Objects, value: Value, kind: Class, *, by_class: bool) -> Step[Value]:
    for hook in ("__instancecheck__", "__subclasscheck__", "__subclasshook__"):
        check = vm.method(kind, hook)
        if check is None and hook == "__subclasshook__":
            held = vm.lookup(kind, hook)
            check = Bound(held.arguments[0], kind) if isinstance(held, Made) and held.arguments else None
        if check is not None:
            answer = yield vm.truth((yield vm.call(check, (value,))))
            if answer is not None and hook != "__subclasshook__":
                return answer
    cls: Value = value
    if not by_class and isinstance(value, Instance | Class):
        cls = value.made_by if isinstance(value, Instance) else value.metaclass
    if isinstance(cls, Class):
        if kind in (cls, *cls.order):
            return TRUE
        if vm.read(kind, STRUCTURAL) is not ABSENT:
            return (yield _ask_properties(vm, value, cls, (*kind.fields, *vm.read_all(kind)))) if not by_class else None
        # A class may say that it is another, as proxies do.
        proxy = {"__class__", "__getattribute__"}
        disguised = not by_class and any(proxy & one.values.keys() for one in (cls, *cls.order))
        return None if cls.foreign or disguised else FALSE
    wraps = isinstance(cls, Made) and cls.of in _WRAPPERS
    plain = isinstance(cls, Fixed | str | Container | Function) or kind_of(cls) or wraps
    return FALSE if plain else None


def _ask_properties(vm: Objects, value: Value, cls: Class, names: Sequence[str]) -> Step[Value]:
    """Whether an object has what a protocol names: up to Python 3.11, properties are asked for their values."""
    for name in names:
        asked = vm.lookup(cls, name)
        if isinstance(asked, Made) and asked.of == "builtins.property":
            yield from unsure_call(vm, asked.arguments[0], (value,))
    return None


_WRAPPERS = frozenset(
    _words(
        "builtins.property builtins.classmethod builtins.staticmethod functools.cached_property functools.partial "
        "functools.partialmethod functools.singledispatchmethod"
    )
)
"""What calling these gives is an instance of no other class."""


def _is_builtin(value: Value, kind: Value) -> Value:
    """Return whether a value is of a built-in class."""
    name = kind.name.removeprefix(BUILTIN) if isinstance(kind, Outside) else ""
    if isinstance(value, Instance) and name in dir(builtins) and not value.made_by.foreign and name != "object":
        return FALSE
    if name == "type" and isinstance(value, Class | Function | str | Fixed | Container | Module):
        return TRUE if isinstance(value, Class) else FALSE
    if isinstance(value, Container) and name in {"list", "tuple", "set", "dict", "str", "int", "frozenset"}:
        return TRUE if value.kind == name or (name == "dict" and value.kind in TABLES) else FALSE
    if isinstance(value, Function) and name in {"str", "list", "tuple", "dict", "int", "property", "classmethod"}:
        return FALSE
    if isinstance(value, Function) and isinstance(kind, Outside) and kind.name == "types.FunctionType":
        return TRUE
    if isinstance(value, Made) and value.of == f"{BUILTIN}{name}":
        return TRUE
    return None


@native("builtins.getattr")
def _getattr(vm: Objects, given: Given, _: Named) -> Step[Value]:
    if len(given) < 2:
        return None
    owner, asked = given[:2]
    name = asked if isinstance(asked, str) else ""
    if not name:
        if isinstance(owner, Module) and isinstance(hook := vm.read(owner, "__getattr__"), Function):
            yield from unsure_call(vm, hook, (None,))
        return _any_method(vm, owner)
    try:
        found = yield vm.get(owner, name)
    except Raised as error:
        if len(given) > 2 and error.failure.kind == "AttributeError":
            return given[2]
        raise
    if len(given) > 2 and has_attribute(owner, name) is False:
        return given[2]
    if len(given) > 2 and (found is None or isinstance(found, Bound)) and _may_lack(vm, owner, name):
        return given[2] if vm.lacks(owner, name) else either(found, given[2])
    return found


def _any_method(vm: Objects, owner: Value) -> Value:
    """Return what an attribute of any name may be, as far as it makes a difference: a method that imports, or not."""
    if not isinstance(owner, Instance | Class):
        return None
    cls = owner.made_by if isinstance(owner, Instance) else owner
    held = {name: value for one in reversed((cls, *cls.order)) for name, value in vm.read_all(one).items()}
    importing = [one for one in held.values() if isinstance(one, Function) and vm.library.own_reach(one.body).imports]
    bound = [Bound(one, owner) for one in importing] if isinstance(owner, Instance) else importing
    return Either((*bound, None)) if bound else None


def _may_lack(vm: Objects, owner: Value, name: str) -> bool:
    """Whether an object may not have an attribute, as far as that is known."""
    if isinstance(owner, Instance):
        return vm.read(owner, name) is ABSENT and vm.lookup(owner.made_by, name) is ABSENT
    if isinstance(owner, Class):
        return vm.lookup(owner, name) is ABSENT
    return True


@native("builtins.hasattr")
def _hasattr(vm: Objects, given: Given, _: Named) -> Step[Value]:
    name = given[1] if len(given) > 1 else None
    if not isinstance(name, str):
        return None
    owner = given[0]
    try:
        found = yield vm.get(owner, name)
    except Raised as error:
        if error.failure.kind == "AttributeError":
            return FALSE
        raise
    has = has_attribute(owner, name)
    if has is not None:
        return TRUE if has else FALSE
    if found is None and vm.lacks(owner, name):
        return FALSE
    known = isinstance(owner, Instance | Class) and not _may_lack(vm, owner, name)
    return TRUE if known or (isinstance(owner, Module) and found is not None) else None


@native("builtins.setattr", "builtins.type.__setattr__")
def _setattr(vm: Objects, given: Given, _: Named) -> Eventual[Value]:
    if len(given) < 3:
        return NONE
    owner, name, value = given[:3]
    if isinstance(name, str):
        return vm.set_attribute(owner, name, value)
    if isinstance(owner, Module):
        vm.give_unknown_names(owner)
    elif isinstance(owner, Either):
        for one in owner.values:
            if isinstance(one, Module):
                vm.give_unknown_names(one)
    return NONE


@native("builtins.object.__setattr__", "types.ModuleType.__setattr__")
def _plain_setattr(vm: Objects, given: Given, _: Named) -> Value:
    if len(given) == 3 and isinstance(given[0], Module) and isinstance(given[1], str):
        vm.set_name(given[0], given[1], given[2])
    if len(given) == 3 and isinstance(given[0], Instance) and isinstance(given[1], str):
        vm.set_value(given[0], given[1], given[2])
    return NONE


@native("builtins.delattr")
def _delattr(vm: Objects, given: Given, _: Named) -> Value:
    if len(given) == 2 and isinstance(given[0], Module) and isinstance(given[1], str):
        vm.set_name(given[0], given[1], None if vm.uncertainty else ABSENT)
    return NONE


@native("builtins.object.__getattribute__")
def _plain_getattr(vm: Objects, given: Given, _: Named) -> Value:
    if len(given) == 2 and isinstance(given[0], Instance) and isinstance(given[1], str):
        for found in (vm.read(given[0], given[1]), vm.lookup(given[0].made_by, given[1])):
            if not isinstance(found, Absent):
                return Bound(found, given[0]) if isinstance(found, Function) else found
    return None


@native(
    "builtins.object.__new__ builtins.object builtins.tuple.__new__ builtins.str.__new__ builtins.int.__new__ "
    "builtins.dict.__new__ builtins.list.__new__ builtins.float.__new__ builtins.bytes.__new__"
)
def _new(vm: Objects, given: Given, _: Named) -> Value:
    return vm.allocate(Instance(made_by=given[0])) if given and isinstance(given[0], Class) else SOMETHING


@native("builtins.type")
def _type(vm: Objects, given: Given, _: Named) -> Eventual[Value]:
    if len(given) >= 3:
        return _class_of_parts(vm, given)
    value = _first(given)
    if isinstance(value, Instance):
        return value.made_by
    if isinstance(value, Class):
        return value.metaclass or Outside("builtins.type")
    if isinstance(value, Either):
        found = [class_of_plain(one) for one in value.values]
        return Either(tuple(dict.fromkeys(found))) if len({*found}) > 1 else found[0]
    return class_of_plain(value)


@native("types.new_class")
def _new_class(vm: Objects, given: Given, named: Named) -> Step[Value]:
    space = vm.table(())
    body = named.get("exec_body", given[3] if len(given) > 3 else None)
    if body is not None:
        yield vm.call(body, (space,))
    bases = given[1] if len(given) > 1 else vm.collection("tuple", ())
    return (yield from _class_of_parts(vm, (_first(given), bases, space)))


def _class_of_parts(vm: Objects, given: Given) -> Step[Value]:
    """Do what `type(name, bases, names)` does."""
    name, bases, names = given[:3]
    if not isinstance(bases, Container) or not isinstance(name, str):
        return None
    values: dict[str, Value] = {}
    if isinstance(names, Container) and names.kind in TABLES:
        values = {key: value for key, value in vm.pairs_of(names) if isinstance(key, str)}
    made = vm.new_class(name, vm.frames[-1].module.name, vm.items_of(bases), values)
    yield from vm.finish_class(made, ())
    return made


@native("builtins.type.__new__", "abc.ABCMeta.__new__", "enum.EnumMeta.__new__", "enum.EnumType.__new__")
def _type_new(vm: Objects, given: Given, named: Named) -> Step[Value]:
    """The class whose body has just run, or one of other parts."""
    if vm.pending and vm.pending[-1] is not None:
        made = vm.pending[-1]
        vm.pending[-1] = None
        yield from vm.finish_class(made, [*named.items()])
        return made
    if len(given) < 4:
        return None
    return (yield from _class_of_parts(vm, given[1:]))


@native("builtins.type.__call__", "abc.ABCMeta.__call__", "enum.EnumMeta.__call__")
def _type_call(vm: Objects, given: Given, named: Named) -> Eventual[Value]:
    cls = _first(given)
    return vm.make_instance(cls, given[1:], [*named.items()]) if isinstance(cls, Class) else None


@native("builtins.type.__prepare__", "abc.ABCMeta.__prepare__", "enum.EnumMeta.__prepare__")
def _prepare(vm: Objects, _given: Given, _: Named) -> Value:
    return vm.table(())


@native("builtins.super")
def _super(vm: Objects, given: Given, _: Named) -> Value:
    frame = vm.frames[-1]
    while frame.inline and frame.outer is not None:
        frame = frame.outer
    within = given[0] if given else vm.class_of(frame)
    owner = given[1] if len(given) > 1 else frame.first
    return Made("builtins.super", (within, owner)) if isinstance(within, Class) else None


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
    hook = vm.method(_first(given), "__setitem__")
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
    vm.remove(made, _first(given))
    return None if isinstance(found, Absent) else found


@native("list.remove")
@_of_container
def _remove(vm: Objects, made: Container, given: Given) -> Value:
    item = _first(given)
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


_OF_TEXTS = frozenset(
    _words(
        "join lower upper strip lstrip rstrip split rsplit partition rpartition replace startswith "
        "endswith title capitalize removeprefix removesuffix casefold isidentifier find rfind count index isupper "
        "islower splitlines isdigit isalpha"
    )
)
_LONGEST = 2_000


def known_text(vm: Objects, result: object) -> Value:
    """Return what a method of a text gave as a value."""
    if isinstance(result, str):
        return result if len(result) <= _LONGEST else None
    if isinstance(result, bool | int):
        return Fixed(result)
    if isinstance(result, list | tuple):
        return vm.collection("list" if isinstance(result, list) else "tuple", [str(one) for one in result])
    return None


def _of_text(name: str) -> Native:
    def call(vm: Objects, given: Given, named: Named) -> Step[Value]:
        plain: list[object] = []
        for value in given:
            if name == "join" and value is not given[0]:
                items = yield vm.items(value)
                if not isinstance(items, tuple) or not all(isinstance(one, str) for one in items):
                    return None
                plain.append(items)
            elif isinstance(value, Container):
                plain.append(tuple(one for one in vm.items_of(value) if isinstance(one, str)))
            else:
                plain.append(plain_of(value))
        options = {key: plain_of(value) for key, value in named.items()}
        if any(one is None for one in (*plain, *options.values())) or "" in options:
            return None
        try:
            return known_text(vm, getattr(str, name)(*plain, **options))
        except (TypeError, ValueError, LookupError, AttributeError):
            return None

    return call


for _name in _OF_TEXTS:
    NATIVES[f"str.{_name}"] = _of_text(_name)


_PART_OF_FIELD = re.compile(r"\.([^.\[]+)|\[([^\]]*)\]")


@native("str.format")
def _format(vm: Objects, given: Given, named: Named) -> Step[Value]:
    """Objects that a text names are asked for attributes, items and their own text."""
    try:
        fields = list(Formatter().parse(given[0])) if isinstance(given[0], str) else []
    except ValueError:
        return None
    values: Named = {str(at): value for at, value in enumerate(given[1:])} | named
    texts: list[Value] = [] if isinstance(given[0], str) else [None]
    numbers = count()
    for before, field, form, conversion in fields:
        texts.append(before)
        if field is not None:
            root = re.split(r"[.\[]", field, maxsplit=1)[0]
            value = values.get(root or str(next(numbers)))
            for name, key in _PART_OF_FIELD.findall(field[len(root) :]):
                yet = vm.get(value, name) if name else vm.item_of(value, Fixed(int(key)) if key.isdecimal() else key)
                value = yield yet
            shown = _asking("__repr__") if conversion in {"r", "a"} else _str
            texts.append((yield shown(vm, (value, form or ""), {})))
    known = [text for text in texts if isinstance(text, str)]
    return known_text(vm, "".join(known)) if len(known) == len(texts) else None


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
    cls = _first(given)
    if isinstance(cls, Class):
        members = [vm.read_name(cls, name) for name in vm.member_names(cls)]
        values = [plain_of(one.values.get("_value_")) for one in members if isinstance(one, Instance)]
        if any(value is not None and value in values[:at] for at, value in enumerate(values)):
            vm.raise_unless_doubtful(Failure("ValueError"))
    return cls


@native("enum.global_enum")
def _global_enum(vm: Objects, given: Given, _: Named) -> Value:
    cls = _first(given)
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
