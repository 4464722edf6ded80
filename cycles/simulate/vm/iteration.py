"""Calls that go through what they are given, item by item: `map`, `sorted`, `itertools`, generators and the like."""

from collections.abc import Callable, Sequence
from functools import partial, reduce

from cycles.limits import MOST_ITEMS
from cycles.simulate.compile.instructions import NONE, Fixed
from cycles.simulate.trampoline import Eventual, Step
from cycles.simulate.vm.classes_and_instances import Objects
from cycles.simulate.vm.containers import ITEMS, plain_of
from cycles.simulate.vm.control import FALSE, TRUE
from cycles.simulate.vm.natives import NATIVES, Given, Named, Native, first_given, native, stream, unsure, unsure_call
from cycles.simulate.vm.numbers_and_texts import BUILTIN
from cycles.simulate.vm.values import (
    SUSPENDED,
    Closed,
    Consumer,
    Container,
    Failure,
    Instance,
    Made,
    Stream,
    Value,
    either,
)


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
            yield vm.items(first_given(given))
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
    several = given if len(given) > 1 and not isinstance(given[-1], Container) else (yield vm.items(first_given(given)))
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
    first = [
        first_given(vm.items_of(key)) if isinstance(key, Container) and key.kind == "tuple" else None for key in keys
    ]
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
        found = yield vm.items(first_given(given))
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

        value, before = first_given(given), vm.uncertainty
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
    found = yield vm.items(first_given(given))
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
        yield handed_on(vm, first_given(given), lambda value: handed_on(vm, value, consumer))
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
    found = yield vm.items(first_given(given))
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
    value = first_given(given)
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
