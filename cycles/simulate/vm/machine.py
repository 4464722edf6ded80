"""A simulated interpreter: what each instruction does to its modules."""

import builtins
from typing import assert_never

from cycles.simulate.compile.instructions import (
    Bind,
    Body,
    Branch,
    Call,
    Code,
    Delete,
    Extend,
    Fixed,
    GiveUnknownNames,
    Import,
    ImportCall,
    ImportFrom,
    MakeClass,
    Names,
    Path,
    Raise,
    Register,
    Return,
    SetAttribute,
    Try,
    Use,
)
from cycles.simulate.trampoline import Step, drive
from cycles.simulate.vm.imports import Imports
from cycles.simulate.vm.memory import Load
from cycles.simulate.vm.scopes import member
from cycles.simulate.vm.values import (
    ABSENT,
    POSSIBLE_CRASH,
    STANDARD,
    UNKNOWN_IMPORTS,
    Absent,
    Class,
    Exhausted,
    Failure,
    Frame,
    Function,
    Module,
    Raised,
    Returned,
    Value,
)

_STEPS = 3_000_000
"""Instructions that one first import may run: some fifty times what the largest package measured needs."""
_OF_IMPORTS = frozenset({Path("ImportError"), Path("ModuleNotFoundError")})
_BUILTINS = frozenset(dir(builtins)) - {"__import__", "exec", "eval", "compile"}
_HARMLESS = frozenset(
    {"suppress", "getattr", "hasattr", "isinstance", "print", "repr", "str", "id", "type", "dir", "issubclass"}
)
"""Functions that no `try` is about."""


class Machine(Imports):
    """A simulated interpreter."""

    _steps = 0

    def import_first(self, name: str) -> Failure | None:
        """Import a module while no other is being imported; return what it fails with, None where it does not."""
        self._steps = 0
        try:
            if name.partition(".")[0] in self.library.tops:
                drive(self.import_module(name))
        except Raised as raised:
            return raised.failure
        except Exhausted:
            self.load = Load()
            for reason in (POSSIBLE_CRASH, UNKNOWN_IMPORTS):
                self.write(self.reasons, reason, "it runs more code than is followed")
        return None

    def execute(self, code: Code, frame: Frame) -> Step[Value]:  # noqa: C901, PLR0912  a list of instructions
        """Run instructions in a frame, the most frequent first; raises Raised or Returned where they end early."""
        self._steps += len(code)
        if self._steps > _STEPS:
            raise Exhausted
        for instruction in code:
            step: Step[Value] | None = None
            match instruction:
                case Bind():
                    self._bind(instruction, frame)
                case Call():
                    step = self._call(instruction, frame)
                case ImportFrom():
                    step = self.import_from(instruction, frame)
                case Use():
                    step = self._use(instruction, frame)
                case MakeClass():
                    step = self._make_class(instruction, frame)
                case Import():
                    step = self.import_statement(instruction, frame)
                case Try():
                    step = self.try_statement(instruction, frame)
                case Branch():
                    step = self.branch(instruction, frame)
                case SetAttribute():
                    self._set_attribute(instruction, frame)
                case ImportCall():
                    step = self.import_call(instruction, frame)
                case Extend():
                    self._extend(instruction, frame)
                case Return(operand=operand):
                    raise Returned(self.known(operand, frame))
                case Raise(line_number=line_number):
                    frame.line_number = line_number
                    raise self.raised_by(instruction, frame)
                case Delete(name=name):
                    self.unbind(frame, name)
                case GiveUnknownNames():
                    self.give_unknown_names(frame.module)
                case Register():
                    self._register(instruction, frame)
                case _:
                    assert_never(instruction)
            if step is not None:
                yield step
        return None

    def _bind(self, instruction: Bind, frame: Frame) -> None:
        module, names = frame.module, frame.names
        certain = self.uncertainty <= frame.uncertainty
        direct = certain and (module is self.load.module if frame.is_body else not frame.shared)
        for name, operand in instruction.items:
            value = Function(operand, module) if isinstance(operand, Body) else self.known(operand, frame)
            if direct:
                names[name] = value
            else:
                self.bind(frame, name, value)

    def _extend(self, instruction: Extend, frame: Frame) -> None:
        name = instruction.name
        of_module = frame.is_body or name in frame.shared
        before = self.read(frame.module, name) if of_module else frame.names.get(name, ABSENT)
        if isinstance(before, Absent | Module):
            return
        more = self.known(instruction.operand, frame)
        both = Names((*before.names, *more.names)) if isinstance(before, Names) and isinstance(more, Names) else None
        self.bind(frame, name, both)

    def _make_class(self, instruction: MakeClass, frame: Frame) -> Step[Value] | None:
        bases = tuple(self.known(base, frame) for base in instruction.bases)
        if any(isinstance(base, Module) or self._is_plain(base) for base in bases):
            raise self.raised(Failure("TypeError"))
        inner = Frame(frame.module, {}, self.uncertainty, line_number=frame.line_number, outer=frame)
        # Most classes do nothing but bind names, for which no step is needed.
        simple = [one for one in instruction.code if isinstance(one, Bind)]
        if len(simple) < len(instruction.code):
            return self._run_class(instruction, frame, inner, bases)
        for binding in simple:
            self._bind(binding, inner)
        self._bind_class(instruction, frame, inner, bases)
        return None

    def _run_class(self, instruction: MakeClass, frame: Frame, inner: Frame, bases: tuple[Value, ...]) -> Step[Value]:
        self.frames.append(inner)
        try:
            yield self.execute(instruction.code, inner)
        finally:
            self.frames.pop()
        self._bind_class(instruction, frame, inner, bases)
        return None

    def _bind_class(self, instruction: MakeClass, frame: Frame, inner: Frame, bases: tuple[Value, ...]) -> None:
        made = self.make_class(id(instruction), inner.names, bases) if instruction.plain else None
        self.bind(frame, instruction.name, made)

    def _use(self, instruction: Use, frame: Frame) -> Step[Value] | None:
        path = instruction.path
        value = self.look_up(path.root, frame) if path.root else frame.result
        for number, name in enumerate(path.attributes):
            if isinstance(value, Module):
                found = self.read(value, name)
                if isinstance(found, Absent):
                    return self._use_slowly(value, path, number, frame)
                value = found
            else:
                value = member(value, name)
        if not path.root:
            frame.result = value
        return None

    def _use_slowly(self, value: Value, path: Path, start: int, frame: Frame) -> Step[Value]:
        """Look up the rest of a path, of which a module has to be asked."""
        for name, line_number in list(zip(path.attributes, path.line_numbers, strict=True))[start:]:
            if isinstance(value, Module):
                frame.line_number = line_number
                value = yield self.attribute(value, name)
            else:
                value = member(value, name)
        if path.root:
            frame.asked = path, value
        else:
            frame.result = value
        return None

    def _call(self, instruction: Call, frame: Frame) -> Step[Value] | None:
        frame.line_number = instruction.line_number
        path = instruction.path
        called = self.known(path, frame)
        frame.result = None
        if isinstance(called, Function | Class):
            return self._follow_call(called, instruction, frame)
        if isinstance(called, Module):
            raise self.raised(Failure("TypeError", "'module' object is not callable"))
        if self._is_plain(called):
            raise self.raised(Failure("TypeError"))
        if self.guards and path.last not in _HARMLESS:
            self._may_fail(frame)
        if called is not STANDARD and (path.attributes or path.root not in _BUILTINS):
            self.run_unknown_code()
            for operand in (*instruction.arguments, *(operand for _, operand in instruction.keywords)):
                value = self.known(operand, frame)
                if isinstance(value, Module):
                    self.give_unknown_names(value)
        return None

    def _follow_call(self, called: Value, instruction: Call, frame: Frame) -> Step[Value]:
        arguments = [self.known(operand, frame) for operand in instruction.arguments]
        keywords = [(name, self.known(operand, frame)) for name, operand in instruction.keywords]
        frame.result = yield self.call(called, arguments, keywords)
        return None

    def _is_plain(self, value: Value) -> bool:
        """Whether a value is certain to be a number, a text or the like, which nobody can call or inherit from."""
        return isinstance(value, str | Names | Fixed) and not self.ran_unknown_code()

    def _may_fail(self, frame: Frame) -> None:
        """Doubt the rest of a `try` around a call that may raise anything, unless it is about failed imports alone."""
        guard = self.guards[-1]
        if guard.frame is not frame or guard.may_have_raised:
            return
        if all(_OF_IMPORTS.issuperset(handler.catches or (None,)) for handler in guard.handlers):
            return
        decided = self.decide()
        if decided is False:
            raise self.raised(Failure(explicit=True))
        if decided is None:
            self.make_uncertain(guard)

    def _set_attribute(self, instruction: SetAttribute, frame: Frame) -> None:
        owner = self.known(instruction.owner, frame)
        if isinstance(owner, Module):
            self.set_name(owner, instruction.name, self.known(instruction.operand, frame))

    def _register(self, instruction: Register, frame: Frame) -> None:
        name = self.known(instruction.name, frame)
        if not isinstance(name, str):
            self.run_unknown_code()
            self.add(
                self.reasons, UNKNOWN_IMPORTS, f"{frame.module.path} changes sys.modules in a way that cannot be read"
            )
            return
        found = self.read(self.modules, name)
        if isinstance(found, Module):
            self.give_unknown_names(found)
        elif found is ABSENT:
            self.write(self.modules, name, None)
