"""A value and its arguments in; what calling it does to the interpreter, and what it gives, out."""

from collections.abc import Sequence

from cycles.simulate.compile.instructions import Fixed, Names, Text
from cycles.simulate.compile.module import FunctionCode
from cycles.simulate.trampoline import Step
from cycles.simulate.vm.cells import Range
from cycles.simulate.vm.state import Followed, Frame, State
from cycles.simulate.vm.values import SOMETHING, Class, Function, Raised, Returned, Value

_DEEPEST = 8
_OFTEN = 6
"""What a function does to imports, it has done after so many calls."""
_AGAIN = 2
"""A call that is under way so often with the same arguments, and no doubt in between, never ends."""
_OFTEN_ASKED = 100
"""A module's `__getattr__` answers each question anew."""


def call(
    state: State, called: Value, arguments: Sequence[Value] = (), keywords: Sequence[tuple[str, Value]] = ()
) -> Step[Value]:
    """Follow a call as far as its function can be read; None where it is not certain that it returns."""
    if isinstance(called, Class):
        made = state.instance(called)
        maker = method(called, "__init__")
        if isinstance(maker, Function):
            yield _follow(state, maker, (made, *arguments), keywords)
        return made
    if isinstance(called, Function):
        return (yield _follow(state, called, (None, *arguments) if called.bound else arguments, keywords))
    return None


def method(owner: Class, name: str) -> Value:
    """What a class has under a name, or the first of its bases that has it."""
    waiting: list[Value] = [owner]
    for _ in range(100):
        if not waiting:
            break
        found = waiting.pop(0)
        if not isinstance(found, Class):
            break
        if name in found.names:
            return found.names[name]
        waiting.extend(found.bases)
    return None


def _follow(
    state: State, function: Function, arguments: Sequence[Value], keywords: Sequence[tuple[str, Value]]
) -> Step[Value]:
    code = state.library.function(function.body)
    if code is None:
        return None
    if not code.code:
        return SOMETHING
    names = _bound(code, arguments, dict(keywords))
    this = Followed(function.body, tuple(names.values()), state.doubt)
    state.saw_calls()
    again = state.followed.count(this)
    if again >= _AGAIN and not state.is_opaque():
        raise state.place(Raised("RecursionError", None))
    often = state.calls.get(function.body, 0)
    most = _OFTEN_ASKED if function.body.name == "__getattr__" else _OFTEN
    if len(state.followed) >= _DEEPEST:
        return None
    if again:
        state.called(function.body, Range(more=1))
    elif often < most:
        state.called(function.body, Range(high=most - 1, more=1))
    else:
        state.called(function.body, Range(low=most))
        return None
    frame = Frame(function.home, names, state.doubt, line_number=function.body.first_line)
    state.frames.append(frame)
    state.followed.append(this)
    value: Value = SOMETHING
    try:
        yield state.execute(state, code.code, frame)
    except Returned as returned:
        value = returned.value or SOMETHING
    except Raised as error:
        if not frame.left:
            raise
        state.note(error)
    finally:
        state.frames.pop()
        state.followed.pop()
        state.doubt -= frame.left
    return None if frame.left else value


def _bound(code: FunctionCode, arguments: Sequence[Value], keywords: dict[str, Value]) -> dict[str, Value]:
    """What is known of a function's parameters; with `*` or `**` in the call, of those that are given by position."""
    names: dict[str, Value] = {}
    for name, default in code.parameters:
        names[name] = default if isinstance(default, Fixed | Text | Names) and "" not in keywords else None
    for (name, _), value in zip(code.parameters[: code.positions], arguments, strict=False):
        names[name] = value
    names.update((name, value) for name, value in keywords.items() if name in names)
    return names
