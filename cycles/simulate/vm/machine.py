"""The instructions of a module or function in; their effect on the simulated interpreter, out."""

import builtins
from typing import assert_never

from cycles.simulate.compile.instructions import (
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
    Import,
    ImportCall,
    ImportFrom,
    Instruction,
    MakeClass,
    Maybe,
    Names,
    Open,
    Path,
    Raise,
    Register,
    Return,
    SetAttribute,
    Text,
    Try,
    Use,
)
from cycles.simulate.trampoline import Step
from cycles.simulate.vm.attributes import attribute
from cycles.simulate.vm.calls import call
from cycles.simulate.vm.control import choose, maybe, raise_error, try_statement
from cycles.simulate.vm.imports import from_elsewhere, import_from, import_module, import_statement
from cycles.simulate.vm.lookup import known, look_up, member
from cycles.simulate.vm.state import Frame, State
from cycles.simulate.vm.values import STANDARD, Class, Function, Module, Raised, Returned, Value
from cycles.source.names import absolute_name

_OF_IMPORTS = frozenset({Path("ImportError"), Path("ModuleNotFoundError")})
_BUILTINS = frozenset(dir(builtins)) - {"__import__", "exec", "eval", "compile"}
_HARMLESS = frozenset(
    {"suppress", "getattr", "hasattr", "isinstance", "print", "repr", "str", "id", "type", "dir", "issubclass"}
)


def execute(state: State, code: Code, frame: Frame) -> Step[Value]:
    """Run instructions in a frame; raises Raised or Returned where they end early."""
    state.count(len(code))
    for instruction in code:
        step = _effect(state, instruction, frame)
        if step is not None:
            yield step
    return None


def _effect(state: State, instruction: Instruction, frame: Frame) -> Step[Value] | None:  # noqa: C901, PLR0912
    """What an instruction does, the most frequent first: at once, or in the steps that come back."""
    match instruction:
        case Define():
            _define(state, instruction, frame)
        case Call():
            return _call(state, instruction, frame)
        case ImportFrom():
            return _import_from(state, instruction, frame)
        case Assign():
            _assign(state, instruction, frame)
        case Use():
            return _use(state, instruction, frame)
        case MakeClass():
            return _make_class(state, instruction, frame)
        case Import():
            return _import(state, instruction, frame)
        case Try():
            return try_statement(state, instruction, frame)
        case Maybe():
            return maybe(state, instruction, frame)
        case Choose():
            return choose(state, instruction, frame)
        case SetAttribute():
            _set_attribute(state, instruction, frame)
        case ImportCall():
            return _import_call(state, instruction, frame)
        case Extend():
            _extend(state, instruction, frame)
        case Return():
            _return(state, instruction, frame)
        case Raise():
            raise_error(state, instruction, frame)
        case Delete():
            _delete(state, instruction, frame)
        case Globals():
            _globals(state, instruction, frame)
        case Open():
            _open(state, instruction, frame)
        case Register():
            _register(state, instruction, frame)
        case Blur():
            _blur(state, instruction, frame)
        case _:
            assert_never(instruction)
    return None


def _define(state: State, instruction: Define, frame: Frame) -> None:
    home, names = frame.module, frame.names
    if names is home.names:
        direct = home.serial > state.mark and state.doubt <= home.doubt
    else:
        direct = state.doubt <= frame.doubt and not frame.shared
    for name, literal in instruction.items:
        value = state.function(literal, home) if isinstance(literal, Body) else literal
        if direct:
            names[name] = value
        else:
            state.bind(frame, name, value)


def _assign(state: State, instruction: Assign, frame: Frame) -> None:
    state.bind(frame, instruction.name, known(state, instruction.operand, frame))


def _extend(state: State, instruction: Extend, frame: Frame) -> None:
    names = frame.module.names if instruction.name in frame.shared else frame.names
    if names is frame.module.names:
        state.saw_name(frame.module, instruction.name)
    if instruction.name not in names:
        return
    before = names[instruction.name]
    if not isinstance(before, Names):
        if not isinstance(before, Module):
            state.bind(frame, instruction.name, None)
        return
    more = known(state, instruction.operand, frame)
    joined = Names((*before.names, *more.names)) if isinstance(more, Names) else None
    state.bind(frame, instruction.name, joined)


def _make_class(state: State, instruction: MakeClass, frame: Frame) -> Step[Value] | None:
    bases = tuple(known(state, base, frame) for base in instruction.bases)
    if any(isinstance(base, Module) or _is_plain(state, base) for base in bases):
        raise state.place(Raised("TypeError", None))
    inner = Frame(frame.module, {}, state.doubt, line_number=frame.line_number, outer=frame)
    if not instruction.code or (len(instruction.code) == 1 and isinstance(instruction.code[0], Define)):
        for simple in instruction.code:
            _effect(state, simple, inner)
        _bind_class(state, instruction, frame, inner, bases)
        return None
    return _run_class(state, instruction, frame, inner, bases)


def _run_class(
    state: State, instruction: MakeClass, frame: Frame, inner: Frame, bases: tuple[Value, ...]
) -> Step[Value]:
    state.frames.append(inner)
    try:
        yield execute(state, instruction.code, inner)
    finally:
        state.frames.pop()
    _bind_class(state, instruction, frame, inner, bases)
    return None


def _bind_class(state: State, instruction: MakeClass, frame: Frame, inner: Frame, bases: tuple[Value, ...]) -> None:
    made = state.make_class(id(instruction), inner.names, bases) if instruction.plain else None
    state.bind(frame, instruction.name, made)


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
    state.saw_module(top)
    frame.result = state.modules.get(top) if instruction.top else found
    return None


def _absolute(name: Value, package: Value) -> str | None:
    """The module that `import_module(name, package)` is about."""
    if not isinstance(name, Text) or not name.text:
        return None
    if name.text.startswith(".") and not isinstance(package, Text):
        return None
    return absolute_name(name.text, package.text if isinstance(package, Text) else "")


def _blur(state: State, instruction: Blur | ImportCall, frame: Frame) -> None:
    frame.line_number = instruction.line_number
    if state.blurred is None and (frame.is_body or not state.doubt):
        state.blurred = f"{frame.module.path}:{frame.line_number} imports modules whose names are computed"


def _use(state: State, instruction: Use, frame: Frame) -> Step[Value] | None:
    path = instruction.path
    value = frame.result if path == RESULT or not path.root else look_up(state, path.root, frame)
    for number, name in enumerate(path.attributes):
        if isinstance(value, Module):
            state.saw_name(value, name)
            if name not in value.names:
                return _use_slowly(state, value, path, number, frame)
            value = value.names[name]
        else:
            value = member(value, name)
    if not path.root:
        frame.result = value
    return None


def _use_slowly(state: State, value: Value, path: Path, start: int, frame: Frame) -> Step[Value]:
    for name, line_number in list(zip(path.attributes, path.line_numbers, strict=True))[start:]:
        if isinstance(value, Module):
            frame.line_number = line_number
            value = yield attribute(state, value, name)
        else:
            value = member(value, name)
    if not path.root:
        frame.result = value
    else:
        frame.asked = path, value
    return None


def _call(state: State, instruction: Call, frame: Frame) -> Step[Value] | None:
    frame.line_number = instruction.line_number
    called = known(state, instruction.path, frame)
    frame.result = None
    if isinstance(called, Function | Class):
        return _follow(state, called, instruction, frame)
    if isinstance(called, Module):
        raise state.place(Raised("TypeError", "'module' object is not callable"))
    if _is_plain(state, called):
        raise state.place(Raised("TypeError", None))
    name = instruction.path.attributes[-1] if instruction.path.attributes else instruction.path.root
    if name not in _HARMLESS:
        _may_fail(state, frame)
    if called is not STANDARD and not (name in _BUILTINS and not instruction.path.attributes):
        state.make_opaque()
        for operand in (*instruction.arguments, *(operand for _, operand in instruction.keywords)):
            value = known(state, operand, frame)
            if isinstance(value, Module):
                state.open(value)
    return None


def _is_plain(state: State, value: Value) -> bool:
    """Whether a value is certain to be a number, a text or the like, which nobody can call or inherit from."""
    return isinstance(value, Text | Names | Fixed) and not state.is_opaque()


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
        state.make_opaque()
        if state.blurred is None:
            state.blurred = f"{frame.module.path} changes sys.modules in a way that cannot be read"
        return
    state.saw_module(name.text)
    found = state.modules.get(name.text)
    if isinstance(found, Module):
        state.open(found)
    elif name.text not in state.modules:
        state.write(state.modules, name.text, None)


def _open(state: State, _: Open, frame: Frame) -> None:
    state.open(frame.module)


def _globals(_: State, instruction: Globals, frame: Frame) -> None:
    frame.shared |= frozenset(instruction.names)


def _return(state: State, instruction: Return, frame: Frame) -> None:
    raise Returned(known(state, instruction.operand, frame))
