"""Calls that call what they are given, now or later: threads, event loops, exit stacks, finalizers, filters."""

from cycles.simulate.compile.instructions import NONE, SOMETHING
from cycles.simulate.trampoline import Eventual, Step
from cycles.simulate.vm.classes_and_instances import Objects
from cycles.simulate.vm.containers import ITEMS
from cycles.simulate.vm.natives import NATIVES, Given, Named, Native, first_given, native, unsure_call, words_of
from cycles.simulate.vm.values import Container, Failure, Instance, Made, Stream, Value


@native("coroutine.send", "coroutine.__await__")
def _send(vm: Objects, given: Given, _: Named) -> Step[Value]:
    yield vm.items_awaited(first_given(given))
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


@native("weakref.finalize")
def _when_it_is_gone(vm: Objects, given: Given, _: Named) -> Step[Value]:
    """Nobody knows when the last that holds an object lets it go."""
    if len(given) > 1:
        yield from unsure_call(vm, given[1], given[2:])
    return SOMETHING


# Operators.


def _applied(name: str, *, compares: bool) -> Native:
    """Return what a function of the module `operator` does."""

    def apply(vm: Objects, given: Given, _: Named) -> Eventual[Value]:
        if compares and len(given) == 2:
            # `contains` has what is looked for second.
            return vm.compare(name, *given) if name != "contains" else vm.compare("in", given[1], given[0])
        return vm.operate(name, given) if 1 <= len(given) <= 2 else None

    return apply


for _name in words_of("add sub mul truediv floordiv mod pow matmul lshift rshift and_ or_ xor neg pos invert not_"):
    NATIVES[f"operator.{_name}"] = _applied(_name if _name == "not_" else _name.rstrip("_"), compares=False)


for _name in words_of("eq ne lt le gt ge contains is_"):
    NATIVES[f"operator.{_name}"] = _applied(_name.rstrip("_"), compares=True)
