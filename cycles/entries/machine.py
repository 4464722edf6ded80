"""The instructions of a module or function in; their effect on the simulated interpreter, out."""

import builtins
from collections.abc import Callable
from typing import TypeAlias

from cycles.entries.attributes import attribute, is_open
from cycles.entries.calls import call, method
from cycles.entries.guards import catches, is_guarded, may_raise
from cycles.entries.imports import from_elsewhere, import_from, import_module, import_statement
from cycles.entries.instructions import (
    RESULT,
    Assign,
    Blur,
    Body,
    Call,
    Choose,
    Code,
    Define,
    Delete,
    Extend,
    Fixed,
    Globals,
    Handler,
    Import,
    ImportCall,
    ImportFrom,
    Instruction,
    Joined,
    MakeClass,
    Maybe,
    Names,
    Open,
    Operand,
    Path,
    Raise,
    Register,
    Registered,
    Return,
    SetAttribute,
    Text,
    Try,
    Use,
)
from cycles.entries.state import Frame, Guard, State
from cycles.entries.trampoline import Step
from cycles.entries.values import STANDARD, Class, Function, Instance, Module, Raised, Returned, Value

_OF_IMPORTS = frozenset({Path("ImportError"), Path("ModuleNotFoundError")})
_BUILTINS = frozenset(dir(builtins)) - {"__import__", "exec", "eval", "compile"}
_HARMLESS = frozenset({"suppress", "getattr", "hasattr", "isinstance", "print", "repr", "str", "id", "type", "dir", "issubclass"})


def execute(state: State, code: Code, frame: Frame) -> Step[Value]:
    """Run instructions in a frame; raises Raised or Returned where they end early."""
    state.count(len(code))
    for instruction in code:
        step = _DO[type(instruction)](state, instruction, frame)
        if step is not None:
            yield step
    return None


def _define(state: State, instruction: Define, frame: Frame) -> None:
    home, names = frame.module, frame.names
    if names is home.names:
        direct = home.serial > state.mark and state.doubt <= home.doubt
    else:
        direct = state.doubt <= frame.doubt and not frame.shared
    for name, literal in instruction.items:
        value = Function(literal, home) if isinstance(literal, Body) else literal
        if direct:
            names[name] = value
        else:
            state.bind(frame, name, value)


def _assign(state: State, instruction: Assign, frame: Frame) -> None:
    state.bind(frame, instruction.name, known(state, instruction.operand, frame))


def _extend(state: State, instruction: Extend, frame: Frame) -> None:
    if instruction.name not in frame.names:
        return
    before = frame.names[instruction.name]
    if not isinstance(before, Names):
        if not isinstance(before, Module):
            state.bind(frame, instruction.name, None)
        return
    more = known(state, instruction.operand, frame)
    joined = Names((*before.names, *more.names)) if isinstance(more, Names) else None
    state.bind(frame, instruction.name, joined)


def _make_class(state: State, instruction: MakeClass, frame: Frame) -> Step[Value] | None:
    bases = tuple([known(state, base, frame) for base in instruction.bases])
    if any([isinstance(base, Module) for base in bases]):
        raise state.place(Raised("TypeError", None))
    inner = Frame(frame.module, {}, state.doubt, line_number=frame.line_number, outer=frame)
    made = Class(inner.names, bases) if instruction.plain else None
    if not instruction.code or (len(instruction.code) == 1 and isinstance(instruction.code[0], Define)):
        for simple in instruction.code:
            _define(state, simple, inner)
        state.bind(frame, instruction.name, made)
        return None
    return _run_class(state, instruction, frame, inner, made)


def _run_class(state: State, instruction: MakeClass, frame: Frame, inner: Frame, made: Value) -> Step[Value]:
    state.frames.append(inner)
    try:
        yield execute(state, instruction.code, inner)
    finally:
        state.frames.pop()
    state.bind(frame, instruction.name, made)
    return None


def _import(state: State, instruction: Import, frame: Frame) -> Step[Value] | None:
    frame.line_number = instruction.line_number
    return import_statement(state, instruction, frame)


def _import_from(state: State, instruction: ImportFrom, frame: Frame) -> Step[Value] | None:
    frame.line_number = instruction.line_number
    return import_from(state, instruction, frame)


def _import_call(state: State, instruction: ImportCall, frame: Frame) -> Step[Value]:
    frame.line_number = instruction.line_number
    function = known(state, instruction.function, frame)
    name = known(state, instruction.name, frame)
    if isinstance(function, Function):
        frame.result = yield call(state, function, (name, known(state, instruction.package, frame)))
        return None
    frame.result = None
    package = known(state, instruction.package, frame)
    full = _absolute(name, package)
    if full is None:
        _blur(state, instruction, frame)
        return None
    top = full.partition(".")[0]
    if top not in state.library.tops:
        from_elsewhere(state, full)
        return None
    found = yield import_module(state, full)
    frame.result = state.modules.get(top) if instruction.top else found
    return None


def _absolute(name: Value, package: Value) -> str | None:
    """The module that `import_module(name, package)` is about."""
    if not isinstance(name, Text) or not name.text:
        return None
    if not name.text.startswith("."):
        return name.text
    if not isinstance(package, Text):
        return None
    rest = name.text.lstrip(".")
    parts = package.text.split(".")
    kept = len(parts) - (len(name.text) - len(rest)) + 1
    return ".".join([*parts[:kept], *([rest] if rest else [])]) if kept > 0 else None


def _blur(state: State, instruction: Blur | ImportCall, frame: Frame) -> None:
    frame.line_number = instruction.line_number
    if state.blurred is None and (frame.is_body or not state.doubt):
        state.blurred = f"{frame.module.path}:{frame.line_number} imports modules whose names are computed"


def _use(state: State, instruction: Use, frame: Frame) -> Step[Value] | None:
    path = instruction.path
    value = frame.result if path == RESULT or not path.root else look_up(state, path.root, frame)
    for number, name in enumerate(path.attributes):
        if isinstance(value, Module):
            if name not in value.names:
                return _use_slowly(state, value, path, number, frame)
            value = value.names[name]
        else:
            value = _member(value, name)
    if not path.root:
        frame.result = value
    return None


def _use_slowly(state: State, value: Value, path: Path, start: int, frame: Frame) -> Step[Value]:
    for name, line_number in list(zip(path.attributes, path.line_numbers, strict=True))[start:]:
        if isinstance(value, Module):
            frame.line_number = line_number
            value = yield attribute(state, value, name)
        else:
            value = _member(value, name)
    if not path.root:
        frame.result = value
    return None


def _call(state: State, instruction: Call, frame: Frame) -> Step[Value] | None:
    frame.line_number = instruction.line_number
    called = known(state, instruction.path, frame)
    frame.result = None
    if isinstance(called, Function | Class):
        return _follow(state, called, instruction, frame)
    if isinstance(called, Module):
        raise state.place(Raised("TypeError", "'module' object is not callable"))
    name = instruction.path.attributes[-1] if instruction.path.attributes else instruction.path.root
    if name not in _HARMLESS:
        _may_fail(state, frame)
    if called is not STANDARD and not (name in _BUILTINS and not instruction.path.attributes):
        state.opaque = True
        for operand in (*instruction.arguments, *(operand for _, operand in instruction.keywords)):
            value = known(state, operand, frame)
            if isinstance(value, Module):
                state.open(value)
    return None


def _may_fail(state: State, frame: Frame) -> None:
    """Doubt the rest of a `try` around a call that may raise anything: not where it catches failed imports alone."""
    if not state.guards or state.guards[-1].frame is not frame or state.guards[-1].doubts:
        return
    guard = state.guards[-1]
    if all(_OF_IMPORTS.issuperset(handler.catches or (None,)) for handler in guard.handlers):
        return
    decided = state.decide()
    if decided is False:
        raise state.place(Raised(None, None, explicit=True))
    if decided is None:
        guard.doubts = 1
        state.doubt += 1


def _follow(state: State, called: Value, instruction: Call, frame: Frame) -> Step[Value]:
    arguments = tuple(known(state, operand, frame) for operand in instruction.arguments)
    keywords = tuple((name, known(state, operand, frame)) for name, operand in instruction.keywords)
    frame.result = yield call(state, called, arguments, keywords)
    return None


def _delete(state: State, instruction: Delete, frame: Frame) -> None:
    state.unbind(frame, instruction.name)


def _set_attribute(state: State, instruction: SetAttribute, frame: Frame) -> None:
    owner = known(state, instruction.owner, frame)
    if isinstance(owner, Module):
        state.set_name(owner, instruction.name, known(state, instruction.operand, frame))


def _register(state: State, instruction: Register, frame: Frame) -> None:
    name = known(state, instruction.name, frame)
    if not isinstance(name, Text):
        state.opaque = True
        if state.blurred is None:
            state.blurred = f"{frame.module.path} changes sys.modules in a way that cannot be read"
        return
    found = state.modules.get(name.text)
    if isinstance(found, Module):
        state.open(found)
    elif name.text not in state.modules:
        state.write(state.modules, name.text, None)


def _open(state: State, _: Open, frame: Frame) -> None:
    state.open(frame.module)


def _globals(_: State, instruction: Globals, frame: Frame) -> None:
    frame.shared |= frozenset(instruction.names)


def _maybe(state: State, instruction: Maybe, frame: Frame) -> Step[Value]:
    return _either(state, instruction.code, instruction.otherwise, frame)


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
    """Run code in the world where it runs; if it cannot run whatever the order of imports is, there is no such world."""
    try:
        yield execute(state, code, frame)
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
        yield execute(state, code, frame)
    except Raised as error:
        state.note(error)
        may_raise(state, error)
    except Returned:
        frame.left += 1
        state.doubt += 1
    finally:
        state.doubt -= 1
    return None


def _choose(state: State, instruction: Choose, frame: Frame) -> Step[Value]:
    subject = known(state, instruction.operand, frame)
    values = known(state, instruction.values, frame)
    found = _compare(subject, values)
    if found is not None:
        holds = found is instruction.equal
        yield execute(state, instruction.body if holds else instruction.otherwise, frame)
        return None
    yield _either(state, instruction.body, instruction.otherwise, frame)
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


def _raise(state: State, instruction: Raise, frame: Frame) -> None:
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
    if made_by is not None or path.attributes or not _is_builtin_error(path.root, frame):
        raise state.place(Raised(None, None, shown=name, explicit=True))
    text = known(state, instruction.text, frame)
    raise state.place(Raised(name, text.text if isinstance(text, Text) else None, explicit=True))


def _is_builtin_error(name: str, frame: Frame) -> bool:
    found = getattr(builtins, name, None)
    return isinstance(found, type) and issubclass(found, BaseException) and name not in frame.module.names


def _return(state: State, instruction: Return, frame: Frame) -> None:
    raise Returned(known(state, instruction.operand, frame))


def _try(state: State, instruction: Try, frame: Frame) -> Step[Value]:
    if not instruction.final:
        return _try_except(state, instruction, frame)
    return _try_finally(state, instruction, frame)


def _try_finally(state: State, instruction: Try, frame: Frame) -> Step[Value]:
    leaving: Raised | Returned | None = None
    try:
        yield _try_except(state, instruction, frame)
    except (Raised, Returned) as left:
        leaving = left
    yield execute(state, instruction.final, frame)
    if leaving is not None:
        raise leaving
    return None


def _try_except(state: State, instruction: Try, frame: Frame) -> Step[Value]:
    if not instruction.handlers:
        yield execute(state, instruction.body, frame)
        yield execute(state, instruction.otherwise, frame)
        return None
    guard = Guard(instruction.handlers, frame)
    state.guards.append(guard)
    caught: Raised | None = None
    try:
        yield execute(state, instruction.body, frame)
    except Raised as error:
        caught = error
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
        yield execute(state, instruction.otherwise, frame)
    return None


def _handle(state: State, instruction: Try, frame: Frame, error: Raised, *, doubtful: bool) -> Step[Value]:
    """Run the first handler that catches an error; where that is not certain, all of which may be run."""
    certain = not doubtful
    for handler in instruction.handlers:
        caught = catches(handler, error, frame)
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
        yield execute(state, _named(handler), frame)
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
            yield execute(state, _named(handler), frame)
    finally:
        frame.handling = before
    return None


def _named(handler: Handler) -> Code:
    if handler.name is None:
        return handler.code
    return (Define(((handler.name, None),)), *handler.code, Delete(handler.name))


def look_up(state: State, name: str, frame: Frame) -> Value:
    """The value of a name where a frame's code stands; None also for a name that is not bound."""
    scope: Frame | None = frame
    while scope is not None:
        if name in scope.names:
            return scope.names[name]
        scope = scope.outer
    names = frame.module.names
    if name in names:
        return names[name]
    if name == "__name__":
        return Text(frame.module.name)
    if name == "__package__":
        return Text(frame.module.name if frame.module.is_package else frame.module.name.rpartition(".")[0])
    return None


def known(state: State, operand: Operand, frame: Frame) -> Value:
    """What an operand is worth, without a side effect."""
    match operand:
        case None:
            return None
        case Path(root=root, attributes=attributes):
            value = look_up(state, root, frame) if root else frame.result
            for name in attributes if root else ():
                if isinstance(value, Module):
                    value = Text(value.name) if name == "__name__" else value.names.get(name)
                else:
                    value = _member(value, name)
            return value
        case Text() | Names() | Fixed():
            return operand
        case Registered(name=name):
            found = known(state, name, frame)
            return state.modules.get(found.text) if isinstance(found, Text) else None
        case Joined(operands=operands):
            parts = [known(state, part, frame) for part in operands]
            names = [part.names for part in parts if isinstance(part, Names)]
            return Names(tuple(name for part in names for name in part)) if len(names) == len(parts) else None
    return None


def _member(value: Value, name: str) -> Value:
    """An attribute of what is no module, where it is a method that can be followed."""
    if isinstance(value, Class):
        return method(value, name)
    if value is STANDARD:
        return STANDARD
    if isinstance(value, Instance):
        found = method(value.made_by, name)
        return Function(found.body, found.home, bound=True) if isinstance(found, Function) else None
    return None


_Effect: TypeAlias = Callable[[State, Instruction, Frame], Step[Value] | None]
_DO = {
    Assign: _assign,
    Blur: _blur,
    Call: _call,
    Choose: _choose,
    Define: _define,
    Delete: _delete,
    Extend: _extend,
    Globals: _globals,
    Import: _import,
    ImportCall: _import_call,
    ImportFrom: _import_from,
    MakeClass: _make_class,
    Maybe: _maybe,
    Open: _open,
    Raise: _raise,
    Register: _register,
    Return: _return,
    SetAttribute: _set_attribute,
    Try: _try,
    Use: _use,
}
