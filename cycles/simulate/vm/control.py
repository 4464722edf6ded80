"""Where the code at hand goes: branches, loops, `with`, `try` and `raise`."""

from abc import abstractmethod
from collections.abc import Sequence

from cycles.limits import LOOP_PASSES, MOST_ITEMS
from cycles.simulate.compile.instructions import (
    NONE,
    Branch,
    Call,
    Code,
    Delete,
    Expression,
    Fixed,
    For,
    Handler,
    Outside,
    Path,
    Raise,
    Try,
    While,
    With,
)
from cycles.simulate.trampoline import Eventual, Step
from cycles.simulate.vm.numbers_and_texts import BUILTIN
from cycles.simulate.vm.scopes import Scopes, builtin_error
from cycles.simulate.vm.values import (
    Absent,
    Class,
    Closed,
    Failure,
    Frame,
    Guard,
    Instance,
    Left,
    Made,
    Raised,
    Returned,
    Stream,
    Value,
    either,
)

TRUE, FALSE = Fixed(value=True), Fixed(value=False)
_LETS_PASS = {
    "lock",
    "_lock",
    "Lock",
    "RLock",
    "errstate",
    "NamedTemporaryFile",
    "TemporaryDirectory",
    "option_context",
}
"""Context managers of other libraries, by what they are called, that swallow no exception."""
_HANDING_ON = {"contextlib.nullcontext", "contextlib.closing", "contextlib.aclosing"}
"""Context managers that give what they were given."""
_LEFT = {"contextlib.ExitStack", "contextlib.closing", "contextlib.aclosing"}
"""Context managers that call what they were given when they are left."""
_ANYTHING = Handler((None,), None, ())


class Control(Scopes):
    """A simulated interpreter that knows where its code goes next."""

    @abstractmethod
    def execute(self, code: Code, frame: Frame) -> Step[Value]:
        """Run instructions in a frame; raises Raised, Returned or Left where they end early."""

    @abstractmethod
    def evaluate(self, node: Expression, frame: Frame) -> Eventual[Value]:
        """Evaluate an expression in a frame."""

    @abstractmethod
    def assign(self, target: Expression, value: Value, frame: Frame) -> Eventual[Value]:
        """Bind a target to a value."""

    @abstractmethod
    def truth(self, value: Value) -> Eventual[Value]:
        """Return whether a value is true, None where that is not known."""

    @abstractmethod
    def items(self, value: Value) -> Eventual[Value]:
        """Return what iterating over a value gives, as a tuple; None where that is not known."""

    @abstractmethod
    def method(self, value: Value, name: str) -> Value:
        """Return a method that the class of a value has, bound; None where none of the analysed packages has it."""

    @abstractmethod
    def call(
        self, called: Value, arguments: Sequence[Value] = (), keywords: Sequence[tuple[str, Value]] = ()
    ) -> Eventual[Value]:
        """Call a value."""

    def branch(self, instruction: Branch, frame: Frame) -> Step[Value]:
        """Run the code that a test chooses; where nobody knows which it is, both may run, or what a world says."""
        found: Value = None
        if instruction.test is not None:
            found = yield self.truth((yield self.evaluate(instruction.test, frame)))
        if found is not None:
            yield self.execute(instruction.code if found == TRUE else instruction.otherwise, frame)
            return None
        yield self.fork(instruction.code, instruction.otherwise, frame)
        return None

    def fork(self, code: Code, otherwise: Code, frame: Frame) -> Step[Value]:
        """Run one of two codes, nobody knows which: both perhaps, or what a world says."""
        if not code and not otherwise:
            return None
        decided = self.decide()
        if decided is None:
            before = frame.broken
            first = (yield self.perhaps(code, frame)) if code else TRUE
            second = (yield self.perhaps(otherwise, frame)) if otherwise else TRUE
            left = first is None and second is None and frame.broken == before
            if left and not isinstance(frame.returned, Absent):
                # Whichever is run, what comes after is not.
                raise Returned(frame.returned)
            return None
        yield self._possibly(code if decided else otherwise, frame)
        return None

    def perhaps(self, code: Code, frame: Frame) -> Step[Value]:
        """Run code that may run or not; what it raises may be raised or not. None where it is left before its end."""
        if not code:
            return TRUE
        self.uncertainty += 1
        try:
            yield self.execute(code, frame)
        except Raised as error:
            self.note(error.failure)
            self.may_raise(error.failure)
        except Returned as returned:
            before = frame.returned
            frame.returned = returned.value if isinstance(before, Absent) else either(before, returned.value)
            frame.left += 1
            self.uncertainty += 1
        except Left:
            frame.broken += 1
            self.uncertainty += 1
        else:
            return TRUE
        finally:
            self.uncertainty -= 1
        return None

    def perhaps_value(self, node: Expression, frame: Frame) -> Step[Value]:
        """Evaluate an expression that may be evaluated or not."""
        self.uncertainty += 1
        try:
            return (yield self.evaluate(node, frame))
        except Raised as error:
            self.note(error.failure)
            self.may_raise(error.failure)
        finally:
            self.uncertainty -= 1
        return None

    def one_of(self, nodes: Sequence[Expression], frame: Frame) -> Step[Value]:
        """Evaluate one of two expressions, nobody knows which: both perhaps, or what a world says."""
        decided = self.decide()
        if decided is not None:
            return (yield self.evaluate(nodes[not decided], frame))
        first = yield self.perhaps_value(nodes[0], frame)
        return either(first, (yield self.perhaps_value(nodes[1], frame)))

    def for_loop(self, instruction: For, frame: Frame) -> Step[Value]:
        """Run a loop as often as its iterable says; where that is not known, its body runs once, or not at all."""
        iterable = yield self.evaluate(instruction.iterable, frame)
        frame.line_number = instruction.line_number
        found = yield self.items(iterable)
        before = frame.broken
        try:
            if not isinstance(found, tuple) or len(found) > MOST_ITEMS:
                yield self.assign(instruction.target, self.any_item(iterable), frame)
                if (yield self._loop_once(instruction.code, frame)) is not None:
                    yield self._possibly(instruction.otherwise, frame)
                return None
            for item in found:
                yield self.assign(instruction.target, item, frame)
                if (yield self._runs_on(instruction.code, frame)) is None:
                    return None
            yield self.execute(instruction.otherwise, frame)
        except Raised as error:
            self._after_break(error, frame, before)
        finally:
            self.uncertainty -= frame.broken - before
            frame.broken = before
        return None

    def while_loop(self, instruction: While, frame: Frame) -> Step[Value]:
        """Run a loop as long as its test holds, as far as that is known."""
        before = frame.broken
        try:
            for _ in range(LOOP_PASSES):
                found: Value = TRUE
                if instruction.test is not None:
                    found = yield self.truth((yield self.evaluate(instruction.test, frame)))
                if found is None:
                    if (yield self._loop_once(instruction.code, frame)) is not None:
                        yield self._possibly(instruction.otherwise, frame)
                    return None
                if found != TRUE:
                    yield self.execute(instruction.otherwise, frame)
                    return None
                if (yield self._runs_on(instruction.code, frame)) is None or frame.broken > before:
                    return None
        except Raised as error:
            self._after_break(error, frame, before)
        finally:
            self.uncertainty -= frame.broken - before
            frame.broken = before
        return None

    def _runs_on(self, code: Code, frame: Frame) -> Step[Value]:
        """Run the body of a loop once; None where it is left."""
        try:
            yield self.execute(code, frame)
        except Left as left:
            return TRUE if left.again else None
        return TRUE

    def _loop_once(self, code: Code, frame: Frame) -> Step[Value]:
        """Run the body of a loop of which nobody knows whether it runs; None where it is left."""
        try:
            yield self.fork(code, (), frame)
        except Left as left:
            return TRUE if left.again else None
        return TRUE

    def _possibly(self, code: Code, frame: Frame) -> Step[Value]:
        """Run code that may run or not, and does in a world."""
        if not self.is_one_world():
            yield self.perhaps(code, frame)
            return None
        try:
            yield self.execute(code, frame)
        except Raised as error:
            # If it fails whatever the order of imports is, there is no such world.
            if error.failure.of_cycle or self.is_guarded(error.failure):
                raise
        return None

    def _after_break(self, error: Raised, frame: Frame, before: int) -> None:
        """Raise what a loop raised, unless it may have been left before."""
        if frame.broken == before:
            raise error
        self.note(error.failure)
        self.may_raise(error.failure)

    def raised_by(self, instruction: Raise, frame: Frame) -> Step[Value]:
        """Raise what a `raise` raises, as far as it can be named."""
        if instruction.value is None:
            raise Raised(frame.handling) if frame.handling else self.raised(Failure(explicit=True))
        value = yield self.evaluate(instruction.value, frame)
        if isinstance(value, Class):
            # It is made without arguments.
            value = yield self.call(value)
        frame.line_number = instruction.line_number
        if isinstance(value, Instance):
            raise self.raised(Failure(made_by=value.made_by, name=value.made_by.name, explicit=True, value=value))
        text: Value = ""
        of = value.name if isinstance(value, Outside) else ""
        if isinstance(value, Made):
            of = value.of
            if value.arguments or value.keywords:
                text = value.arguments[0] if len(value.arguments) == 1 else None
        if builtin_error(of) is not None:
            shown = text if isinstance(text, str) else None
            raise self.raised(Failure(of.removeprefix(BUILTIN), shown, explicit=True))
        name = of.removesuffix("()").rpartition(".")[2]
        raise self.raised(Failure(name=name or _last(instruction.value), explicit=True))

    def with_statement(self, instruction: With, frame: Frame) -> Step[Value]:
        """Enter a context manager, run what is in it, and leave it again, which may swallow what that raised."""
        manager = yield self.evaluate(instruction.manager, frame)
        frame.line_number = instruction.line_number
        if isinstance(manager, Stream):
            yield self._with_generator(manager, instruction, frame)
            return None
        enter = self.method(manager, "__enter__") or self.method(manager, "__aenter__")
        leave = self.method(manager, "__exit__") or self.method(manager, "__aexit__")
        entered: Value = manager if isinstance(manager, Made | Outside) else None
        if enter is not None:
            entered = yield self.items_awaited((yield self.call(enter)))
        elif isinstance(manager, Made) and manager.of in _HANDING_ON:
            entered = manager.arguments[0] if manager.arguments else NONE
        if instruction.target is not None:
            yield self.assign(instruction.target, entered, frame)
        if leave is not None:
            yield self._with_exit(leave, instruction, frame)
            return None
        handlers = self._swallows(manager, instruction)
        if isinstance(manager, Made) and manager.of == "contextlib.suppress":
            handlers = self._suppressing(manager)
        if handlers:
            yield self.try_statement(Try(instruction.code, handlers), frame)
        else:
            yield self.execute(instruction.code, frame)
        if isinstance(manager, Made) and manager.of in _LEFT:
            yield self.call(Outside(f"{manager.of}().__exit__"), (manager,))
        return None

    @abstractmethod
    def any_item(self, value: Value) -> Value:
        """Return what one of the items of a value may be, not all of which are known, as far as it may be called."""

    @abstractmethod
    def items_awaited(self, value: Value) -> Eventual[Value]:
        """Return what a coroutine returns, any other value as it is."""

    def _with_exit(self, leave: Value, instruction: With, frame: Frame) -> Step[Value]:
        leaving: Raised | Returned | Left | Closed | None = None
        try:
            yield self.execute(instruction.code, frame)
        except (Raised, Returned, Left, Closed) as left:
            if isinstance(left, Closed) and left.suspended:
                raise
            leaving = left.with_traceback(None)
        given = (None, None, None) if isinstance(leaving, Raised) else (NONE, NONE, NONE)
        swallows = yield self.truth((yield self.items_awaited((yield self.call(leave, given)))))
        if isinstance(leaving, Raised) and swallows is not None:
            leaving = None if swallows == TRUE else leaving
        elif isinstance(leaving, Raised):
            self.note(leaving.failure)
            self.may_raise(leaving.failure)
            leaving = None
        if leaving is not None:
            raise leaving
        return None

    def _with_generator(self, manager: Stream, instruction: With, frame: Frame) -> Step[Value]:
        """What is in the `with` runs where the generator hands out its value."""
        leaving: list[Returned | Left] = []

        def body(value: Value) -> Step[Value]:
            self.frames.append(frame)
            try:
                if instruction.target is not None:
                    yield self.assign(instruction.target, value, frame)
                yield self.execute(instruction.code, frame)
            except (Returned, Left) as left:
                leaving.append(left.with_traceback(None))
            finally:
                self.frames.pop()
            return NONE

        if manager.start is None or manager.made < self.load.start:
            yield self.execute(instruction.code, frame)
            return None
        yield manager.start(body)
        if leaving:
            raise leaving[0]
        return None

    def _swallows(self, manager: Value, instruction: With) -> tuple[Handler, ...]:
        """Return what catches what a context manager may swallow: those of the standard library swallow nothing."""
        if isinstance(manager, Outside | Made):
            name = manager.name if isinstance(manager, Outside) else manager.of
            if self.is_standard(name):
                return ()
        called = instruction.manager.function if isinstance(instruction.manager, Call) else instruction.manager
        return () if _last(called) in _LETS_PASS else (_ANYTHING,)

    def _suppressing(self, manager: Made) -> tuple[Handler, ...]:
        paths = [
            Path(value.name.removeprefix(BUILTIN)) if isinstance(value, Outside) else None
            for value in manager.arguments
        ]
        return (Handler(tuple(paths), None, ()),)

    @abstractmethod
    def is_standard(self, name: str) -> bool:
        """Whether a dotted name is built in, or of the standard library."""

    def try_statement(self, instruction: Try, frame: Frame) -> Step[Value]:
        """Run a `try` with what belongs to it."""
        leaving: Raised | Returned | Left | Closed | None = None
        try:
            if instruction.handlers:
                yield self._try_except(instruction, frame)
            else:
                yield self.execute(instruction.code, frame)
                yield self.execute(instruction.otherwise, frame)
        except (Raised, Returned, Left, Closed) as left:
            if not instruction.final or (isinstance(left, Closed) and left.suspended):
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
                if failure.of_cycle and failure.line and not self.uncertainty:
                    self.add(self.swallowed, f"{failure.path}:{failure.line_number}", failure.line)
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
            held = failure.value if failure and failure.value else Outside("builtins.BaseException()")
            self.assign(Path(handler.name), held, frame)
            code = (*code, Delete(Path(handler.name)))
        before, frame.handling = frame.handling, failure
        try:
            yield self.perhaps(code, frame) if perhaps else self.execute(code, frame)
        finally:
            frame.handling = before
        return None


def _last(node: Expression) -> str:
    """Return the name by which something goes, or what is called."""
    if isinstance(node, Call):
        node = node.function
    return node.last if isinstance(node, Path) else getattr(node, "name", "")
