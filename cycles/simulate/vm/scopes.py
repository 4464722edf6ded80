"""Bind, unbind and look up names in the scopes of running code; find the `except` that catches an exception."""

import builtins
from dataclasses import replace

from cycles.limits import MOST_GUESSES
from cycles.simulate.compile.instructions import LINES_OF_TEXT, NONE, Handler, Outside, Path
from cycles.simulate.vm.checkpoints import NEW_BUILTINS, Memory
from cycles.simulate.vm.numbers_and_texts import BUILTIN
from cycles.simulate.vm.values import (
    ABSENT,
    UNKNOWN_CODE,
    UNKNOWN_NAMES,
    Absent,
    Cells,
    Class,
    Container,
    Failure,
    Frame,
    Guard,
    Made,
    Module,
    Raised,
    Value,
    either,
    perhaps,
)

_BUILTINS = frozenset(dir(builtins)) - {"__name__", "__package__", "__spec__"}
_ALWAYS_THERE = frozenset(
    {"_", "__annotations__", "__builtins__", "__cached__", "__class__", "__file__", "__module__", "__qualname__"}
)
"""Names that nobody binds and that are there all the same; `_` is what `gettext.install` makes built in."""


class Scopes(Memory):
    """A simulated interpreter that knows the scopes of the code it runs."""

    def bind(self, frame: Frame, name: str, value: Value) -> None:
        """Bind a name in a frame's scope; a second binding that is uncertain leaves both values possible."""
        if frame.is_body or (frame.code is not None and name in frame.code.shared):
            self.set_name(frame.module, name, value)
            return
        if frame.code is not None and name in frame.code.outer:
            cells = frame.cells
            while cells is not None and name not in cells.values:
                cells = cells.outer
            if cells is not None:
                self.set_value(cells, name, value)
            return
        if self.uncertainty > frame.uncertainty and name in frame.names:
            value = either(frame.names[name], value)
        frame.names[name] = value

    def unbind(self, frame: Frame, name: str) -> None:
        """Delete a name in a frame's scope; where that is uncertain, its value is unknown from then on."""
        uncertain = self.uncertainty > frame.uncertainty
        if frame.is_body or (frame.code is not None and name in frame.code.shared):
            if self.read(frame.module, name) is not ABSENT:
                self.set_name(frame.module, name, None if uncertain else ABSENT)
                if uncertain:
                    self._set_name(frame.module, perhaps(name), NONE)
        elif name in frame.names:
            if uncertain:
                frame.names[name] = None
            else:
                del frame.names[name]

    def look_up(self, name: str, frame: Frame) -> Value:
        """Return the value of a name in the scopes of a frame; None also for a name that is not bound."""
        scope: Frame | None = frame
        while scope is not None:
            if name in scope.names and (not scope.is_body or scope.module is self.load.module):
                return scope.names[name]
            cells = scope.cells
            while cells is not None:
                found = self.read(cells, name)
                if not isinstance(found, Absent):
                    return found
                cells = cells.outer
            scope = scope.outer
        module = frame.module
        found = self.read(module, name)
        if not isinstance(found, Absent):
            return found
        return Outside(BUILTIN + name) if name in _BUILTINS else self._unbound(name, frame)

    def _unbound(self, name: str, frame: Frame) -> Value:
        """Return what no code binds, and the import system does."""
        module = frame.module
        match name:
            case "__name__":
                return module.name
            case "__package__":
                return module.name if module.is_package else module.name.rpartition(".")[0]
            case "__spec__":
                return Made("__spec__", (module,))
            case "__path__" if module.is_package:
                return Made("__path__", (module,))
        known = self.read(module, UNKNOWN_NAMES) is ABSENT and self.read(self.available, NEW_BUILTINS) is ABSENT
        if known and frame.is_body and name not in _ALWAYS_THERE:
            self.raise_unless_doubtful(Failure("NameError", f"name {name!r} is not defined"))
        return None

    def own_cells(self, frame: Frame) -> Cells | None:
        """Return the names that functions made in a frame may use besides those of their module."""
        scope: Frame | None = frame
        while scope is not None and scope.code is None and not scope.inline:
            scope = scope.outer
        if scope is None:
            return None
        if scope.own is None:
            outer = scope.cells if scope.code is not None or scope.outer is None else self.own_cells(scope.outer)
            scope.own = self.allocate(Cells(scope.names, outer=outer))
        return scope.own

    def raised(self, failure: Failure) -> Raised:
        """Return an exception that is raised by the code that runs, with the imports under way."""
        top = self._shown()
        path, line_number = (top.module.path, top.line_number) if top else (None, None)
        return Raised(replace(failure, path=path, line_number=line_number, chain=self.load.chain))

    def note(self, failure: Failure, why: str = "that depends on what happens") -> None:
        """Remember the first failure of a cycle that may happen or not."""
        guessed = self.uncertainty > MOST_GUESSES and any(frame.body for frame in self.frames)
        if failure.of_cycle and not guessed:
            place = f"{failure.path}:{failure.line_number}"
            self.doubt(f"it may fail at {place} ({failure.line}): {why}")

    def place(self) -> str:
        """Return where the code at hand is."""
        top = self._shown()
        return f"{top.module.path}:{top.line_number}" if top else ""

    def _shown(self) -> Frame | None:
        """The innermost frame whose code is in a file, not in a text that is run as code."""
        frames = (frame for frame in reversed(self.frames) if frame.line_number < LINES_OF_TEXT)
        return next(frames, None)

    def is_guarded(self, failure: Failure) -> bool:
        """Whether some `try` under way catches a failure, or may."""
        return self._guard_of(failure) is not None

    def raise_unless_doubtful(self, failure: Failure) -> None:
        """Raise a failure that some `try` under way is about, or that nothing which was not followed may prevent."""
        guarded = bool(self.guards) and self.is_guarded(failure)
        if guarded or not (self.uncertainty or self.ran_unknown_code()):
            raise self.raised(failure)

    def ran_unknown_code(self) -> bool:
        """Whether code ran that cannot be followed: its doings are unknown."""
        return self.read(self.reasons, UNKNOWN_CODE) is not ABSENT

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

    def _is_caught(self, failure: Failure, path: Path | None, frame: Frame) -> bool | None:
        if path is None:
            return None
        value = self.look_up(path.root, frame)
        for name in path.attributes:
            if isinstance(value, Outside):
                value = Outside(f"{value.name}.{name}")
            else:
                found = self.read(value, name) if isinstance(value, Module) else None
                value = None if isinstance(found, Absent) else found
        return self.is_kind(failure, value)

    def is_kind(self, failure: Failure, value: Value) -> bool | None:
        """Whether a failure is of a class, or of one of several; None where that is not known."""
        if isinstance(value, Container) and value.kind == "tuple":
            items = self.read(value, "<items>")
            found = [self.is_kind(failure, one) for one in items] if isinstance(items, tuple) else [None]
            return True if True in found else None if None in found else False
        if isinstance(value, Class):
            if isinstance(failure.made_by, Class):
                if value is failure.made_by or value in failure.made_by.order:
                    return True
                return None if None in failure.made_by.foreign else False
            return None if failure.kind is None else False
        if failure.made_by is not None and value == failure.made_by:
            return True
        wanted = builtin_error(value.name) if isinstance(value, Outside) else None
        if wanted is None:
            return None
        if isinstance(failure.made_by, Class):
            kinds = [builtin_error(base.name) for base in failure.made_by.foreign if isinstance(base, Outside)]
            if any(kind is not None and issubclass(kind, wanted) for kind in kinds):
                return True
            return True if wanted in {Exception, BaseException} else None if None in kinds or not kinds else False
        if failure.kind is None:
            return True if wanted in {Exception, BaseException} else None
        raised = builtin_error(BUILTIN + failure.kind)
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


def builtin_error(name: str) -> type[BaseException] | None:
    """Return the exception that is built in under a dotted name."""
    found = getattr(builtins, name.removeprefix(BUILTIN), None) if name.startswith(BUILTIN) else None
    return found if isinstance(found, type) and issubclass(found, BaseException) else None
