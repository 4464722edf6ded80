"""An exception in; which `except` catches it, or may, out."""

import builtins

from cycles.simulate.compile.instructions import Handler, Path
from cycles.simulate.vm.state import Frame, Guard, State
from cycles.simulate.vm.values import Class, Raised


def is_guarded(state: State, error: Raised) -> bool:
    """Whether some `try` under way catches an error, or may."""
    return _guard_of(state, error) is not None


def may_raise(state: State, error: Raised) -> None:
    """Doubt all that comes in the innermost `try` that would catch an error, or may."""
    guard = _guard_of(state, error)
    if guard is not None and not guard.doubts:
        guard.doubts = 1
        state.doubt += 1
        state.questions += 1


def catches(state: State, handler: Handler, error: Raised, frame: Frame) -> bool | None:
    """Whether an `except` clause catches an error; None where that is not known."""
    if handler.catches is None:
        return True
    found = [_is_caught(state, error, path, frame) for path in handler.catches]
    return True if True in found else None if None in found else False


def _is_caught(state: State, error: Raised, path: Path | None, frame: Frame) -> bool | None:
    if path is None:
        return None
    scope = frame.names
    if path.root not in scope:
        state.saw_name(frame.module, path.root)
        scope = frame.module.names
    if path.root in scope and not path.attributes:
        value = scope[path.root]
        if isinstance(value, Class):
            if error.made_by is value:
                return True
            return None if error.kind is None or value.bases else False
        return None
    name = path.attributes[-1] if path.attributes else path.root
    wanted = getattr(builtins, name, None) if not path.attributes or path.root == "builtins" else None
    if not (isinstance(wanted, type) and issubclass(wanted, BaseException)):
        return None
    if error.kind is None:
        return True if wanted in {Exception, BaseException} else None
    raised = getattr(builtins, error.kind, None)
    return isinstance(raised, type) and issubclass(raised, wanted)


def _guard_of(state: State, error: Raised) -> Guard | None:
    for place in reversed(range(len(state.guards))):
        guard = state.guards[place]
        state.saw_guard(place)
        if any(catches(state, handler, error, guard.frame) is not False for handler in guard.handlers):
            return guard
    state.saw_guard(-1)
    return None
