"""Bind, unbind and look up names in the scopes of running code; find the `except` that catches an exception."""

import builtins
from dataclasses import replace

from cycles.simulate.compile.instructions import Handler, Joined, Names, Operand, Path, Registered
from cycles.simulate.vm.memory import Memory
from cycles.simulate.vm.values import (
    ABSENT,
    POSSIBLE_CRASH,
    STANDARD,
    Absent,
    Class,
    Failure,
    Frame,
    Function,
    Guard,
    Instance,
    Module,
    Raised,
    Value,
)

_MOST_BASES = 100
"""Classes in which a method is looked for: more than any hierarchy has, and an end where bases go in a circle."""


class Scopes(Memory):
    """A simulated interpreter that knows the scopes of the code it runs."""

    def bind(self, frame: Frame, name: str, value: Value) -> None:
        """Bind a name in a frame's scope; a second binding that is uncertain leaves its value unknown."""
        if frame.is_body or name in frame.shared:
            self.set_name(frame.module, name, value)
            return
        if self.uncertainty > frame.uncertainty and frame.names.get(name, value) != value:
            value = None
        frame.names[name] = value

    def unbind(self, frame: Frame, name: str) -> None:
        """Delete a name in a frame's scope; where that is uncertain, its value is unknown from then on."""
        uncertain = self.uncertainty > frame.uncertainty
        if frame.is_body or name in frame.shared:
            if self.read(frame.module, name) is not ABSENT:
                self.set_name(frame.module, name, None if uncertain else ABSENT)
        elif name in frame.names:
            if uncertain:
                frame.names[name] = None
            else:
                del frame.names[name]

    def look_up(self, name: str, frame: Frame) -> Value:
        """Return the value of a name in the scopes of a frame; None also for a name that is not bound."""
        scope: Frame | None = frame
        while scope is not None:
            if name in scope.names:
                return scope.names[name]
            scope = scope.outer
        module = frame.module
        found = self.read(module, name)
        if not isinstance(found, Absent):
            return found
        if name == "__name__":
            return module.name
        if name == "__package__":
            return module.name if module.is_package else module.name.rpartition(".")[0]
        return None

    def known(self, operand: Operand, frame: Frame) -> Value:
        """Return what an operand is worth, without a side effect."""
        if isinstance(operand, Path):
            if frame.asked is not None and frame.asked[0] is operand:
                return frame.asked[1]
            if not operand.root:
                return frame.result
            value = self.look_up(operand.root, frame)
            for name in operand.attributes:
                value = self._member_of(value, name)
            return value
        if isinstance(operand, Registered):
            registered = self.known(operand.name, frame)
            found = self.read(self.modules, registered) if isinstance(registered, str) else None
            return None if isinstance(found, Absent) else found
        if isinstance(operand, Joined):
            parts = [self.known(part, frame) for part in operand.operands]
            lists = [part.names for part in parts if isinstance(part, Names)]
            return Names(tuple(name for names in lists for name in names)) if len(lists) == len(parts) else None
        return operand

    def _member_of(self, value: Value, name: str) -> Value:
        if not isinstance(value, Module):
            return member(value, name)
        if name == "__name__":
            return value.name
        found = self.read(value, name)
        return None if isinstance(found, Absent) else found

    def raised(self, failure: Failure) -> Raised:
        """Return an exception that is raised by the code that runs, with the imports under way."""
        top = self.frames[-1] if self.frames else None
        path, line_number = (top.module.path, top.line_number) if top else (None, None)
        return Raised(replace(failure, path=path, line_number=line_number, chain=self.load.chain))

    def note(self, failure: Failure, why: str = "that depends on what happens") -> None:
        """Remember the first failure of a cycle that may happen or not."""
        if failure.of_cycle:
            place = f"{failure.path}:{failure.line_number}"
            self.add(self.reasons, POSSIBLE_CRASH, f"it may fail at {place} ({failure.line}): {why}")

    def is_guarded(self, failure: Failure) -> bool:
        """Whether some `try` under way catches a failure, or may."""
        return self._guard_of(failure) is not None

    def may_raise(self, failure: Failure) -> None:
        """Take all that comes in the innermost `try` that would catch a failure, or may, to be uncertain."""
        guard = self._guard_of(failure)
        if guard is not None and not guard.may_have_raised:
            self.questions += 1
            self.make_uncertain(guard)

    def make_uncertain(self, guard: Guard) -> None:
        """Take all that comes in a `try` to be uncertain."""
        guard.may_have_raised = True
        self.uncertainty += 1

    def catches(self, handler: Handler, failure: Failure, frame: Frame) -> bool | None:
        """Whether an `except` clause catches a failure; None where that is not known."""
        if handler.catches is None:
            return True
        found = [self._is_caught(failure, path, frame) for path in handler.catches]
        return True if True in found else None if None in found else False

    def is_builtin(self, name: str, frame: Frame) -> bool:
        """Whether a name stands for an exception that is built in."""
        return self.read(frame.module, name) is ABSENT and _builtin_error(name) is not None

    def _is_caught(self, failure: Failure, path: Path | None, frame: Frame) -> bool | None:
        if path is None:
            return None
        value = frame.names[path.root] if path.root in frame.names else self.read(frame.module, path.root)
        if value is not ABSENT and not path.attributes:
            if not isinstance(value, Class):
                return None
            if failure.made_by is value:
                return True
            return None if failure.kind is None or value.bases else False
        wanted = _builtin_error(path.last) if not path.attributes or path.root == "builtins" else None
        if wanted is None:
            return None
        if failure.kind is None:
            return True if wanted in {Exception, BaseException} else None
        raised = _builtin_error(failure.kind)
        return raised is not None and issubclass(raised, wanted)

    def _guard_of(self, failure: Failure) -> Guard | None:
        """Return the innermost `try` that catches a failure, or may; which it is makes a difference."""
        for place in reversed(range(len(self.guards))):
            guard = self.guards[place]
            self.load.asked = min(self.load.asked, place)
            if any(self.catches(handler, failure, guard.frame) is not False for handler in guard.handlers):
                return guard
        self.load.asked = -1
        return None


def member(value: Value, name: str) -> Value:
    """Return an attribute of what is no module, where it is a method that can be followed."""
    if isinstance(value, Class):
        return method(value, name)
    if value is STANDARD:
        return STANDARD
    if isinstance(value, Instance):
        found = method(value.made_by, name)
        return replace(found, bound=True) if isinstance(found, Function) else None
    return None


def method(owner: Class, name: str) -> Value:
    """Return what a class has under a name, or the first of its bases that has it."""
    waiting: list[Value] = [owner]
    for _ in range(_MOST_BASES):
        found = waiting.pop(0) if waiting else None
        if not isinstance(found, Class):
            break
        if name in found.names:
            return found.names[name]
        waiting.extend(found.bases)
    return None


def _builtin_error(name: str) -> type[BaseException] | None:
    found = getattr(builtins, name, None)
    return found if isinstance(found, type) and issubclass(found, BaseException) else None
