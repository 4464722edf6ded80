"""An operand in; what is known of its value where code stands, out."""

from cycles.simulate.compile.instructions import (
    Fixed,
    Joined,
    Names,
    Operand,
    Path,
    Registered,
    Text,
)
from cycles.simulate.vm.calls import method
from cycles.simulate.vm.state import Frame, State
from cycles.simulate.vm.values import STANDARD, Class, Function, Instance, Module, Value


def look_up(state: State, name: str, frame: Frame) -> Value:
    """The value of a name where a frame's code stands; None also for a name that is not bound."""
    scope: Frame | None = frame
    while scope is not None:
        if name in scope.names:
            return scope.names[name]
        scope = scope.outer
    names = frame.module.names
    state.saw_name(frame.module, name)
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
            if frame.asked is not None and frame.asked[0] is operand:
                return frame.asked[1]
            value = look_up(state, root, frame) if root else frame.result
            for name in attributes if root else ():
                if isinstance(value, Module):
                    state.saw_name(value, name)
                    value = Text(value.name) if name == "__name__" else value.names.get(name)
                else:
                    value = member(value, name)
            return value
        case Text() | Names() | Fixed():
            return operand
        case Registered(name=name):
            found = known(state, name, frame)
            if not isinstance(found, Text):
                return None
            state.saw_module(found.text)
            return state.modules.get(found.text)
        case Joined(operands=operands):
            parts = [known(state, part, frame) for part in operands]
            names = [part.names for part in parts if isinstance(part, Names)]
            return Names(tuple(name for part in names for name in part)) if len(names) == len(parts) else None
    return None


def member(value: Value, name: str) -> Value:
    """An attribute of what is no module, where it is a method that can be followed."""
    if isinstance(value, Class):
        return method(value, name)
    if value is STANDARD:
        return STANDARD
    if isinstance(value, Instance):
        found = method(value.made_by, name)
        return Function(found.body, found.home, bound=True) if isinstance(found, Function) else None
    return None
