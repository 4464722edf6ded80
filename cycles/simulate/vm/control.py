"""Branches, `try` and `raise` in; which of their code runs in the simulated interpreter, or may run, out."""

import builtins

from cycles.simulate.compile.instructions import (
    Choose,
    Code,
    Define,
    Delete,
    Fixed,
    Handler,
    Maybe,
    Names,
    Raise,
    Text,
    Try,
)
from cycles.simulate.trampoline import Step
from cycles.simulate.vm.guards import catches, is_guarded, may_raise
from cycles.simulate.vm.lookup import known
from cycles.simulate.vm.state import Frame, Guard, State
from cycles.simulate.vm.values import Class, Instance, Raised, Returned, Value


def maybe(state: State, instruction: Maybe, frame: Frame) -> Step[Value]:
    """Run one of two codes, or both, doubtfully, where nothing decides."""
    return _either(state, instruction.code, instruction.otherwise, frame)


def choose(state: State, instruction: Choose, frame: Frame) -> Step[Value]:
    """Run the branch that a condition chooses, where its operands are known."""
    subject = known(state, instruction.operand, frame)
    values = known(state, instruction.values, frame)
    found = _compare(subject, values)
    if found is not None:
        holds = found is instruction.equal
        yield state.execute(state, instruction.body if holds else instruction.otherwise, frame)
        return None
    yield _either(state, instruction.body, instruction.otherwise, frame)
    return None


def raise_error(state: State, instruction: Raise, frame: Frame) -> None:
    """Raise what a `raise` names, as far as it can be named."""
    frame.line_number = instruction.line_number
    path = instruction.path
    if path is None:
        if frame.handling is not None:
            raise frame.handling
        raise state.place(Raised(None, None, explicit=True))
    made_by = known(state, path, frame)
    name = path.attributes[-1] if path.attributes else path.root
    if isinstance(made_by, Class):
        raise state.place(Raised(None, None, made_by=made_by, shown=name, explicit=True))
    if made_by is not None or path.attributes or not _is_builtin_error(state, path.root, frame):
        raise state.place(Raised(None, None, shown=name, explicit=True))
    text = known(state, instruction.text, frame)
    raise state.place(Raised(name, text.text if isinstance(text, Text) else None, explicit=True))


def try_statement(state: State, instruction: Try, frame: Frame) -> Step[Value]:
    """Run a `try` with what belongs to it."""
    if not instruction.final:
        return _try_except(state, instruction, frame)
    return _try_finally(state, instruction, frame)


def _either(state: State, code: Code, otherwise: Code, frame: Frame) -> Step[Value]:
    """Run one of two codes, or both where it is not decided which: then what they raise may be raised or not."""
    decided = state.decide()
    if decided is not None:
        yield _supposed(state, code if decided else otherwise, frame)
        return None
    yield _perhaps(state, code, frame)
    yield _perhaps(state, otherwise, frame)
    return None


def _supposed(state: State, code: Code, frame: Frame) -> Step[Value]:
    """Run code in the world where it runs; if it fails whatever the order of imports is, there is no such world."""
    try:
        yield state.execute(state, code, frame)
    except Raised as error:
        if error.of_cycle or is_guarded(state, error):
            raise
    return None


def _perhaps(state: State, code: Code, frame: Frame) -> Step[Value]:
    """Run code that may run or not; what it raises may be raised or not."""
    if not code:
        return None
    state.doubt += 1
    try:
        yield state.execute(state, code, frame)
    except Raised as error:
        state.note(error)
        may_raise(state, error)
    except Returned:
        frame.left += 1
        state.doubt += 1
    finally:
        state.doubt -= 1
    return None


def _compare(subject: Value, values: Value) -> bool | None:
    """Whether a value is among others, is None, or for `Fixed(True)` is true; None where that is not known."""
    if isinstance(values, Names):
        return subject.text in values.names if isinstance(subject, Text) else None
    if not isinstance(values, Fixed) or subject is None or isinstance(subject, Instance):
        return None
    if isinstance(subject, Fixed):
        return subject.value is None if values.value is None else bool(subject.value)
    if values.value is None:
        return False
    if isinstance(subject, Text):
        return bool(subject.text)
    return bool(subject.names) if isinstance(subject, Names) else True


def _is_builtin_error(state: State, name: str, frame: Frame) -> bool:
    state.saw_name(frame.module, name)
    found = getattr(builtins, name, None)
    return isinstance(found, type) and issubclass(found, BaseException) and name not in frame.module.names


def _try_finally(state: State, instruction: Try, frame: Frame) -> Step[Value]:
    leaving: Raised | Returned | None = None
    try:
        yield _try_except(state, instruction, frame)
    except (Raised, Returned) as left:
        leaving = left.with_traceback(None)
    yield state.execute(state, instruction.final, frame)
    if leaving is not None:
        raise leaving
    return None


def _try_except(state: State, instruction: Try, frame: Frame) -> Step[Value]:
    if not instruction.handlers:
        yield state.execute(state, instruction.body, frame)
        yield state.execute(state, instruction.otherwise, frame)
        return None
    guard = Guard(instruction.handlers, frame)
    state.guards.append(guard)
    caught: Raised | None = None
    try:
        yield state.execute(state, instruction.body, frame)
    except Raised as error:
        # Without it, the error would keep this very frame, and the frame the error.
        caught = error.with_traceback(None)
    finally:
        state.guards.pop()
        state.doubt -= guard.doubts
    if caught is not None:
        yield _handle(state, instruction, frame, caught, doubtful=bool(guard.doubts))
    elif guard.doubts:
        for handler in instruction.handlers:
            yield _run_handler(state, handler, frame, None)
        yield _perhaps(state, instruction.otherwise, frame)
    else:
        yield state.execute(state, instruction.otherwise, frame)
    return None


def _handle(state: State, instruction: Try, frame: Frame, error: Raised, *, doubtful: bool) -> Step[Value]:
    """Run the first handler that catches an error; where that is not certain, all of which may be run."""
    certain = not doubtful
    for handler in instruction.handlers:
        caught = catches(state, handler, error, frame)
        if caught and certain:
            yield _run_handler(state, handler, frame, error)
            return None
        if caught and doubtful and len(instruction.handlers) == 1:
            yield _run_certain(state, handler, frame)
            return None
        if caught is not False:
            decided = state.decide()
            if decided:
                yield _run_certain(state, handler, frame)
                return None
            certain = certain and decided is False
    if certain:
        raise error
    state.note(error)
    for handler in instruction.handlers:
        yield _run_handler(state, handler, frame, None)
    may_raise(state, error)
    return None


def _run_certain(state: State, handler: Handler, frame: Frame) -> Step[Value]:
    """Run a handler that is certain to run, though not which error it handles."""
    before, frame.handling = frame.handling, Raised(None, None)
    try:
        yield state.execute(state, _named(handler), frame)
    finally:
        frame.handling = before
    return None


def _run_handler(state: State, handler: Handler, frame: Frame, error: Raised | None) -> Step[Value]:
    """Run a handler; without an error, it may run or not."""
    before, frame.handling = frame.handling, error
    try:
        if error is None:
            yield _perhaps(state, _named(handler), frame)
        else:
            yield state.execute(state, _named(handler), frame)
    finally:
        frame.handling = before
    return None


def _named(handler: Handler) -> Code:
    if handler.name is None:
        return handler.code
    return (Define(((handler.name, None),)), *handler.code, Delete(handler.name))
