"""Where the code at hand goes: calls and attributes that are computed, branches, `try` and `raise`."""

from abc import abstractmethod
from collections.abc import Iterable, Sequence
from types import ModuleType

from cycles.simulate.compile.instructions import (
    Bind,
    Branch,
    Code,
    Delete,
    Fixed,
    Handler,
    Names,
    Raise,
    Test,
    Try,
)
from cycles.simulate.compile.module import FunctionCode, ModuleCode
from cycles.simulate.trampoline import Eventual, Step
from cycles.simulate.vm.memory import Call
from cycles.simulate.vm.scopes import Scopes, method
from cycles.simulate.vm.values import (
    ABSENT,
    RUNNING,
    SOMETHING,
    UNKNOWN_CODE,
    UNKNOWN_NAMES,
    Class,
    Failure,
    Frame,
    Function,
    Guard,
    Instance,
    Module,
    Raised,
    Returned,
    Value,
    importing,
)

_DEEPEST = 8
"""Calls within calls that are followed: what imports do is hardly ever further from a module's body."""
_OFTEN = 6
"""Calls of one function from one module's body that are followed: by then it has done what it does to imports."""
_OFTEN_ASKED = 100
"""A module's `__getattr__` answers each question anew."""
_AGAIN = 2
"""A call that is under way so often with the same arguments, as certain as before, never ends."""
_SET_BY_IMPORT = {"__builtins__", "__cached__", "__file__", "__loader__", "__name__", "__package__", "__spec__"}
_OF_EVERY_MODULE = frozenset({*dir(ModuleType), *_SET_BY_IMPORT})
CIRCULAR = "(most likely due to a circular import)"


class Control(Scopes):
    """A simulated interpreter that knows where its code goes next."""

    @abstractmethod
    def execute(self, code: Code, frame: Frame) -> Step[Value]:
        """Run instructions in a frame; raises Raised or Returned where they end early."""

    def call(
        self, called: Value, arguments: Sequence[Value] = (), keywords: Iterable[tuple[str, Value]] = ()
    ) -> Eventual[Value]:
        """Follow a call as far as its function can be read; None where it is not certain that it returns."""
        if isinstance(called, Class):
            maker = method(called, "__init__")
            return (
                self._construct(called, maker, arguments, keywords) if isinstance(maker, Function) else Instance(called)
            )
        if isinstance(called, Function):
            return self._follow(called, (None, *arguments) if called.bound else arguments, keywords)
        return None

    def _construct(
        self, owner: Class, maker: Function, arguments: Sequence[Value], keywords: Iterable[tuple[str, Value]]
    ) -> Step[Value]:
        made = Instance(owner)
        yield self._follow(maker, (made, *arguments), keywords)
        return made

    def ran_unknown_code(self) -> bool:
        """Whether code ran that cannot be followed: its doings are unknown."""
        return self.read(self.reasons, UNKNOWN_CODE) is not ABSENT

    def attribute(self, module: Module, name: str, *, silent: bool = False) -> Eventual[Value]:
        """Return `module.name`; raises Raised where it certainly has none, and notes where it may have none.

        `silent`: the caller has another way to find it, so that nothing is noted.
        """
        found = self.read(module, name)
        if found is not ABSENT:
            return found
        if self.is_of_every_module(module, name):
            return module.name if name == "__name__" else None
        asked = self.read(module, "__getattr__")
        if isinstance(asked, Function):
            return self.call(asked, (name,))
        failure = self.raised(self._no_attribute(module, name)).failure
        if asked is ABSENT and (silent or not (self.has_unknown_names(module) or self._may_have_come(module, name))):
            raise Raised(failure)
        self.note_unknown_names(failure, module)
        return None

    def is_of_every_module(self, module: Module, name: str) -> bool:
        """Whether a module has an attribute though its code does not bind it."""
        return name in _OF_EVERY_MODULE or (name == "__path__" and module.is_package)

    def has_unknown_names(self, module: Module) -> bool:
        """Whether a module may have names that cannot be read off its text."""
        if self.read(module, UNKNOWN_NAMES) is not ABSENT or module.is_namespace:
            return True
        code = self.library.module(module.name)
        return isinstance(code, ModuleCode) and code.may_add_names

    def note_unknown_names(self, failure: Failure, module: Module) -> None:
        """Remember that a module which still runs may not have a name that is asked for."""
        self.note(failure, f"the names of {module.name} cannot all be read")

    def _may_have_come(self, module: Module, name: str) -> bool:
        """Whether code that was not followed may have imported the submodule that is missed."""
        full = f"{module.name}.{name}"
        absent = full in self.library.files and self.read(self.modules, full) is ABSENT
        return absent and self.ran_unknown_code() and self.read(module, RUNNING) is ABSENT

    def _no_attribute(self, module: Module, name: str) -> Failure:
        """Return the AttributeError of `module.name` in the words of CPython."""
        if self.read(module, RUNNING) is not ABSENT:
            text = f"partially initialized module '{module.name}' has no attribute '{name}' {CIRCULAR}"
            return Failure("AttributeError", text, of_cycle=True)
        if self.read(module, importing(name)) is not ABSENT:
            text = f"cannot access submodule '{name}' of module '{module.name}' {CIRCULAR}"
            return Failure("AttributeError", text, of_cycle=True)
        return Failure("AttributeError", f"module '{module.name}' has no attribute '{name}'")

    def _follow(
        self, function: Function, arguments: Sequence[Value], keywords: Iterable[tuple[str, Value]]
    ) -> Eventual[Value]:
        """Follow a call, unless nothing that it does matters, or it has been followed often enough."""
        body = function.body
        code = self.library.function(body)
        if code is None:
            return None
        if not code.code:
            return SOMETHING
        load = self.load
        names = _parameters(code, arguments, dict(keywords))
        this = Call(body, tuple(names.values()), self.uncertainty)
        again = load.calls.count(this)
        if again >= _AGAIN and not self.ran_unknown_code():
            raise self.raised(Failure("RecursionError"))
        often = load.counts.get(body, 0)
        most = _OFTEN_ASKED if body.name == "__getattr__" else _OFTEN
        if len(load.calls) >= _DEEPEST or (often >= most and not again):
            return None
        load.counts[body] = often + 1
        return self._run_function(code, this, Frame(function.home, names, self.uncertainty, shared=code.shared))

    def _run_function(self, code: FunctionCode, this: Call, frame: Frame) -> Step[Value]:
        frame.line_number = this.body.first_line
        calls = self.load.calls
        self.frames.append(frame)
        calls.append(this)
        value: Value = SOMETHING
        try:
            yield self.execute(code.code, frame)
        except Returned as returned:
            value = returned.value or SOMETHING
        except Raised as error:
            if not frame.left:
                raise
            self.note(error.failure)
        finally:
            self.frames.pop()
            calls.pop()
            self.uncertainty -= frame.left
        return None if frame.left else value

    def branch(self, instruction: Branch, frame: Frame) -> Step[Value]:
        """Run the code that a test chooses; where nobody knows which it is, both may run, or what a world says."""
        found = self._tested(instruction.test, frame)
        if found is not None:
            yield self.execute(instruction.code if found else instruction.otherwise, frame)
            return None
        decided = self.decide()
        if decided is None:
            yield self.perhaps(instruction.code, frame)
            yield self.perhaps(instruction.otherwise, frame)
            return None
        try:
            yield self.execute(instruction.code if decided else instruction.otherwise, frame)
        except Raised as error:
            # If it fails whatever the order of imports is, there is no such world.
            if error.failure.of_cycle or self.is_guarded(error.failure):
                raise
        return None

    def perhaps(self, code: Code, frame: Frame) -> Step[Value]:
        """Run code that may run or not; what it raises may be raised or not."""
        if not code:
            return None
        self.uncertainty += 1
        try:
            yield self.execute(code, frame)
        except Raised as error:
            self.note(error.failure)
            self.may_raise(error.failure)
        except Returned:
            frame.left += 1
            self.uncertainty += 1
        finally:
            self.uncertainty -= 1
        return None

    def raised_by(self, instruction: Raise, frame: Frame) -> Raised:
        """Return what a `raise` raises, as far as it can be named."""
        path = instruction.path
        if path is None:
            return Raised(frame.handling) if frame.handling else self.raised(Failure(explicit=True))
        made_by = self.known(path, frame)
        if isinstance(made_by, Class):
            return self.raised(Failure(made_by=made_by, name=path.last, explicit=True))
        if made_by is not None or path.attributes or not self.is_builtin(path.root, frame):
            return self.raised(Failure(name=path.last, explicit=True))
        text = self.known(instruction.text, frame)
        return self.raised(Failure(path.root, text if isinstance(text, str) else None, explicit=True))

    def try_statement(self, instruction: Try, frame: Frame) -> Step[Value]:
        """Run a `try` with what belongs to it."""
        leaving: Raised | Returned | None = None
        try:
            if instruction.handlers:
                yield self._try_except(instruction, frame)
            else:
                yield self.execute(instruction.code, frame)
                yield self.execute(instruction.otherwise, frame)
        except (Raised, Returned) as left:
            if not instruction.final:
                raise
            leaving = left.with_traceback(None)
        yield self.execute(instruction.final, frame)
        if leaving is not None:
            raise leaving
        return None

    def _try_except(self, instruction: Try, frame: Frame) -> Step[Value]:
        guard = Guard(instruction.handlers, frame)
        self.guards.append(guard)
        caught: Failure | None = None
        try:
            yield self.execute(instruction.code, frame)
        except Raised as error:
            caught = error.failure
        finally:
            self.guards.pop()
            self.uncertainty -= guard.may_have_raised
        if caught is not None:
            yield self._handle(instruction.handlers, frame, caught, certain=not guard.may_have_raised)
        elif guard.may_have_raised:
            for handler in instruction.handlers:
                yield self._run_handler(handler, frame, None, perhaps=True)
            yield self.perhaps(instruction.otherwise, frame)
        else:
            yield self.execute(instruction.otherwise, frame)
        return None

    def _handle(self, handlers: Sequence[Handler], frame: Frame, failure: Failure, *, certain: bool) -> Step[Value]:
        """Run the first handler that catches a failure; where that is not certain, all of which may be run."""
        sole = not certain and len(handlers) == 1
        for handler in handlers:
            caught = self.catches(handler, failure, frame)
            if caught and (certain or sole):
                # Of a body that may have raised something else before, it is not certain which failure it handles.
                yield self._run_handler(handler, frame, failure if certain else Failure())
                return None
            if caught is not False:
                decided = self.decide()
                if decided:
                    yield self._run_handler(handler, frame, Failure())
                    return None
                certain = certain and decided is False
        if certain:
            raise Raised(failure)
        self.note(failure)
        for handler in handlers:
            yield self._run_handler(handler, frame, None, perhaps=True)
        self.may_raise(failure)
        return None

    def _run_handler(
        self, handler: Handler, frame: Frame, failure: Failure | None, *, perhaps: bool = False
    ) -> Step[Value]:
        """Run a handler of a failure, or one that may run or not."""
        code = handler.code
        if handler.name is not None:
            code = (Bind(((handler.name, None),)), *code, Delete(handler.name))
        before, frame.handling = frame.handling, failure
        try:
            yield self.perhaps(code, frame) if perhaps else self.execute(code, frame)
        finally:
            frame.handling = before
        return None

    def _tested(self, test: Test | None, frame: Frame) -> bool | None:
        """Whether a test holds; None where that is not known."""
        if test is None:
            return None
        found = _compared(self.known(test.operand, frame), self.known(test.values, frame))
        return None if found is None else found is test.equal


def _compared(subject: Value, values: Value) -> bool | None:
    """Whether a value is among others, is None, or for `Fixed(True)` is true; None where that is not known."""
    if isinstance(values, Names):
        return subject in values.names if isinstance(subject, str) else None
    if not isinstance(values, Fixed) or subject is None or isinstance(subject, Instance):
        return None
    if values.value is None:
        return subject == values
    if isinstance(subject, Fixed):
        return bool(subject.value)
    if isinstance(subject, Names):
        return bool(subject.names)
    return bool(subject) if isinstance(subject, str) else True


def _parameters(code: FunctionCode, arguments: Sequence[Value], keywords: dict[str, Value]) -> dict[str, Value]:
    """Return what is known of a function's parameters; with `*` or `**` in the call, of those given by position."""
    names: dict[str, Value] = {name: None if "" in keywords else default for name, default in code.parameters}
    names.update(zip(code.positions, arguments, strict=False))
    names.update((name, value) for name, value in keywords.items() if name in names)
    return names
