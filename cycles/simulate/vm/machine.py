"""A simulated interpreter: what each instruction and each expression does to its modules."""

from collections.abc import Sequence
from types import GeneratorType
from typing import assert_never

from cycles.limits import IMPORT_STEPS
from cycles.simulate.compile.instructions import (
    NONE,
    SOMETHING,
    Annotate,
    Assert,
    Assign,
    Attribute,
    Augment,
    Await,
    Bind,
    Body,
    Branch,
    Call,
    Choice,
    Code,
    Collection,
    Compare,
    Comprehension,
    Delete,
    Evaluate,
    Expression,
    Fixed,
    For,
    Import,
    ImportFrom,
    Leave,
    MakeClass,
    MakeFunction,
    Match,
    Named,
    Operation,
    Outside,
    Path,
    Pattern,
    Raise,
    Return,
    Shortcut,
    Starred,
    Subscript,
    Table,
    Text,
    Try,
    While,
    With,
    Yield,
)
from cycles.simulate.trampoline import Eventual, Step, drive
from cycles.simulate.vm import (
    builtin_calls,
    callbacks,
    computed_names,
    decorators,
    installation_queries,
    introspection,
    wrapper_objects,
)
from cycles.simulate.vm.calls import ANY
from cycles.simulate.vm.checkpoints import Load
from cycles.simulate.vm.classes_and_instances import DECORATED
from cycles.simulate.vm.container_methods import pairs_given
from cycles.simulate.vm.containers import TABLES
from cycles.simulate.vm.control import FALSE, TRUE
from cycles.simulate.vm.imports import Imports
from cycles.simulate.vm.iteration import handed_on
from cycles.simulate.vm.operators import Operators
from cycles.simulate.vm.values import (
    ABSENT,
    POSSIBLE_CRASH,
    UNKNOWN_IMPORTS,
    Absent,
    Bound,
    Class,
    Consumer,
    Container,
    Either,
    Exhausted,
    Failure,
    Frame,
    Function,
    Instance,
    Keywords,
    Left,
    Made,
    Module,
    Raised,
    Returned,
    Stream,
    Value,
    either,
)

FIELDS = "<fields>"


class Machine(Imports, Operators):
    """A simulated interpreter."""

    def import_first(self, name: str) -> Failure | None:
        """Import a module while no other is being imported; return what it fails with, None where it does not."""
        self.steps = 0
        self.pending = []
        self.idle.clear()
        self.changed.clear()
        self.asked_for.clear()
        try:
            if name.partition(".")[0] in self.library.tops:
                drive(self.import_module(name))
        except Raised as raised:
            return raised.failure
        except Exhausted:
            self.load = Load()
            if self.record is not None:
                self.record.is_whole = False
            for reason in (POSSIBLE_CRASH, UNKNOWN_IMPORTS):
                self.write(self.reasons, reason, "it runs more code than is followed")
        return None

    def execute(self, code: Code, frame: Frame) -> Step[Value]:  # noqa: C901, PLR0912, PLR0915  a list of instructions
        """Run instructions in a frame; raises Raised, Returned or Left where they end early."""
        self.steps += len(code)
        if self.steps > IMPORT_STEPS:
            raise Exhausted
        for instruction in code:
            match instruction:
                case Bind():
                    self._bind(instruction, frame)
                case Assign(targets=targets, value=value):
                    found = self.evaluate(value, frame)
                    if type(found) is GeneratorType:
                        found = yield found
                    for target in targets:
                        step = self.assign(target, found, frame)  # type: ignore[arg-type]
                        if step is not None:
                            yield step
                case ImportFrom():
                    step = self.import_from(instruction, frame)
                    if step is not None:
                        yield step
                case Evaluate(value=value):
                    step = self.evaluate(value, frame)
                    if type(step) is GeneratorType:
                        yield step
                case Assert():
                    yield self._assert(instruction, frame)
                case Import():
                    yield self.import_statement(instruction, frame)
                case Branch():
                    yield self.branch(instruction, frame)
                case Return(value=value):
                    raise Returned((yield self.evaluate(value, frame)))
                case Try():
                    yield self.try_statement(instruction, frame)
                case Annotate(name=name):
                    before = frame.names.get(FIELDS, ())
                    frame.names[FIELDS] = (*(before if isinstance(before, tuple) else ()), name)
                case Augment():
                    yield self._augment(instruction, frame)
                case For():
                    yield self.for_loop(instruction, frame)
                case Raise(line_number=line_number):
                    frame.line_number = line_number
                    yield self.raised_by(instruction, frame)
                case With():
                    yield self.with_statement(instruction, frame)
                case While():
                    yield self.while_loop(instruction, frame)
                case Leave(again=again):
                    raise Left(again=again)
                case Delete(target=target):
                    yield self._delete(target, frame)
                case Match():
                    yield self._match(instruction, frame)
                case _:
                    assert_never(instruction)
        return None

    def evaluate(self, node: Expression, frame: Frame) -> Eventual[Value]:  # noqa: C901, PLR0912  a list of expressions
        """Evaluate an expression in a frame, at once where nothing is to be run for it."""
        # Most are these; to ask for a type is faster than to match a class.
        if type(node) is Path:
            return self._path(node, frame)
        if type(node) is Call:
            return self._call(node, frame)
        match node:
            case Path():
                return self._path(node, frame)
            case str() | Fixed() | Outside():
                return node
            case Call():
                return self._call(node, frame)
            case MakeFunction(body=body, defaults=defaults):
                if not defaults:
                    return Function(body, frame.module, self.own_cells(frame))
                return self._function(node, frame)
            case MakeClass():
                return self._make_class(node, frame)
            case Attribute():
                return self._attribute(node, frame)
            case Collection():
                return self._collection(node, frame)
            case Table():
                return self._table(node, frame)
            case Subscript():
                return self._subscript(node, frame)
            case Operation():
                return self._operation(node, frame)
            case Compare():
                return self._compare(node, frame)
            case Shortcut():
                return self._shortcut(node, frame)
            case Choice():
                return self._choice(node, frame)
            case Named(name=name, value=value):
                return self._named(name, value, frame)
            case Comprehension():
                return self._comprehension(node, frame)
            case Text():
                return self._text(node, frame)
            case Yield():
                return self._yield(node, frame)
            case Await(value=value):
                return self._await(value, frame)
            case Starred(value=value):
                return self._starred(value, frame)
        assert_never(node)

    def _bind(self, instruction: Bind, frame: Frame) -> None:
        module, names = frame.module, frame.names
        certain = self.uncertainty <= frame.uncertainty
        shared = frame.code is not None and (frame.code.shared or frame.code.outer)
        direct = certain and (module is self.load.module if frame.is_body else not shared)
        for name, operand in instruction.items:
            value = Function(operand, module, self.own_cells(frame)) if isinstance(operand, Body) else operand
            if direct:
                names[name] = value
            else:
                self.bind(frame, name, value)

    def _assert(self, instruction: Assert, frame: Frame) -> Step[Value]:
        found = yield self.truth((yield self.evaluate(instruction.value, frame)))
        frame.line_number = instruction.line_number
        if found == FALSE:
            self.raise_unless_doubtful(Failure("AssertionError"))
        return None

    def _path(self, path: Path, frame: Frame) -> Eventual[Value]:
        value = self.look_up(path.root, frame)
        is_asked = False
        for number, name in enumerate(path.attributes):
            if not is_asked and isinstance(value, Module):
                found = self.read(value, name)
                if not isinstance(found, Absent):
                    value = found
                    continue
            if is_asked or not isinstance(value, Outside):
                # From here on some object has to be asked.
                is_asked, frame.line_number = True, path.line_numbers[number]
            step = self.get(value, name)
            if type(step) is GeneratorType:
                return self._path_slowly(step, path, number + 1, frame)
            value = step  # type: ignore[assignment]
        return value

    def _path_slowly(self, step: Eventual[Value], path: Path, start: int, frame: Frame) -> Step[Value]:
        """Look up the rest of a path, where code runs for it."""
        value = yield step
        for name, line_number in list(zip(path.attributes, path.line_numbers, strict=True))[start:]:
            frame.line_number = line_number
            value = yield self.get(value, name)
        return value

    def _attribute(self, node: Attribute, frame: Frame) -> Step[Value]:
        value = yield self.evaluate(node.value, frame)
        frame.line_number = node.line_number
        return (yield self.get(value, node.name))

    def _function(self, node: MakeFunction, frame: Frame) -> Step[Value]:
        defaults: list[tuple[str, Value]] = []
        for name, default in node.defaults:
            defaults.append((name, (yield self.evaluate(default, frame))))
        return Function(node.body, frame.module, self.own_cells(frame), tuple(defaults))

    def _call(self, node: Call, frame: Frame) -> Step[Value]:  # noqa: C901, PLR0912  a list of cases
        called = self.evaluate(node.function, frame)
        if type(called) is GeneratorType:
            called = yield called
        arguments: list[Value] = []
        keywords: list[tuple[str, Value]] = []
        for argument in node.arguments:
            if isinstance(argument, Starred):
                found = yield self.items((yield self.evaluate(argument.value, frame)))
                if not isinstance(found, tuple):
                    keywords.append(("", None))
                    break
                arguments += found
            else:
                held = self.evaluate(argument, frame)
                arguments.append((yield held) if type(held) is GeneratorType else held)  # type: ignore[arg-type]
        for name, value in node.keywords:
            held = self.evaluate(value, frame)
            if type(held) is GeneratorType:
                held = yield held
            if name:
                keywords.append((name, held))  # type: ignore[arg-type]
            else:
                pairs: list[tuple[Value, Value]] = []
                sure = yield pairs_given(self, held, pairs)  # type: ignore[arg-type]
                keywords += [(key, one) for key, one in pairs if isinstance(key, str)] if sure == TRUE else [("", held)]  # type: ignore[list-item]
        frame.line_number = node.line_number
        if node.decorates and self.wraps(called):  # type: ignore[arg-type]
            return Made("with", (called, arguments[0]))  # type: ignore[arg-type]
        if node.decorates and isinstance(called, Outside | Made | None):
            return (yield self._decorate(called, arguments[0]))
        if called is None and (name := _method_name(node.function)):
            called = Outside(f"{ANY}{name}")
        elif node.decorates and isinstance(called, Either):
            called = Either(tuple(Outside(f"{ANY}register") if one is None else one for one in called.values))
        if not self.fits(called, arguments, keywords):  # type: ignore[arg-type]
            self.raise_unless_doubtful(Failure("TypeError"))
        result = self.call(called, arguments, keywords)  # type: ignore[arg-type]
        if type(result) is GeneratorType:
            result = yield result
            frame.line_number = node.line_number
        return result  # type: ignore[return-value]

    def _decorate(self, called: Value, made: Value) -> Step[Value]:
        """Call a decorator that may be of a library: a class stays what it is."""
        before, self.decorates = self.decorates, True
        try:
            result = yield self.call(called, (made,))
        finally:
            self.decorates = before
        if isinstance(made, Class) and isinstance(called, Outside | Made):
            self.set_value(made, DECORATED, called.name if isinstance(called, Outside) else called.of)
        return made if isinstance(made, Class) and isinstance(result, Made | Outside | None) else result

    def _make_class(self, node: MakeClass, frame: Frame) -> Step[Value]:
        bases: list[Value] = []
        for base in node.bases:
            held = yield self.evaluate(base, frame)
            hook = self.method(held, "__mro_entries__") if isinstance(held, Instance) else None
            found = (yield self.items((yield self.call(hook, (None,))))) if hook is not None else None
            bases += found if isinstance(found, tuple) else (held,)
        keywords: list[tuple[str, Value]] = []
        for name, value in node.keywords:
            keywords.append((name, (yield self.evaluate(value, frame))))
        if any(isinstance(base, Module) or self.is_plain(base) for base in bases):
            raise self.raised(Failure("TypeError"))
        metaclass = dict(keywords).get("metaclass")
        if metaclass is None:
            metaclass = next((base.metaclass for base in bases if isinstance(base, Class) and base.metaclass), None)
        if isinstance(metaclass, Class):
            prepare = self.lookup(metaclass, "__prepare__")
            prepare = prepare.arguments[0] if isinstance(prepare, Made) and prepare.arguments else prepare
            if isinstance(prepare, Function):
                yield self.call(prepare, (metaclass, node.name, None), keywords)
        inner = Frame(frame.module, {}, self.uncertainty, line_number=node.line_number, outer=frame)
        self.frames.append(inner)
        try:
            yield self.execute(node.code, inner)
        finally:
            self.frames.pop()
        for name in node.shared:
            if name in inner.names:
                self.set_name(frame.module, name, inner.names.pop(name))
        fields = inner.names.pop(FIELDS, ())
        cls = self.new_class(
            node.name,
            frame.module.name,
            tuple(bases),
            inner.names,
            metaclass=metaclass if isinstance(metaclass, Class) else None,
            fields=tuple(field for field in fields if isinstance(field, str)) if isinstance(fields, tuple) else (),
            line_numbers=range(node.line_number, node.last_line + 1),
        )
        frame.line_number = node.line_number
        if self.library.anywhere:
            self.doubt_made(cls)
        return (yield self._with_metaclass(cls, metaclass, keywords))

    def _with_metaclass(self, cls: Class, metaclass: Value, keywords: Keywords) -> Step[Value]:
        """Let the metaclass make a class, where it is one of ours; else do what `type` does."""
        others = [(name, value) for name, value in keywords if name != "metaclass"]
        if metaclass is None:
            yield self.finish_class(cls, others)
            return cls
        names = Made("attributes", (cls,))
        given = (cls.name, self.collection("tuple", cls.bases), self.table(self.pairs_of_class(cls)))
        if isinstance(metaclass, Class):
            result: Value = cls
            maker = self.lookup(metaclass, "__new__")
            maker = maker.arguments[0] if isinstance(maker, Made) and maker.arguments else maker
            self.pending.append(cls)
            try:
                if isinstance(maker, Function):
                    result = yield self.call(maker, (metaclass, *given), others)
                if self.pending[-1] is not None:
                    yield self.finish_class(cls, others)
            finally:
                self.pending.pop()
            maker = self.lookup(metaclass, "__init__")
            if isinstance(maker, Function):
                yield self.call(maker, (cls, *given), others)
            return result if isinstance(result, Class) else cls
        yield self.finish_class(cls, others)
        if isinstance(metaclass, Function | Bound):
            self.pending.append(cls)
            try:
                return (yield self.call(metaclass, given, others))
            finally:
                self.pending.pop()
        return cls if names else None

    def pairs_of_class(self, cls: Class) -> list[tuple[Value, Value]]:
        """Return what a class body bound, and what the class statement adds."""
        return [("__module__", cls.home), ("__qualname__", cls.name), *cls.values.items()]

    def _collection(self, node: Collection, frame: Frame) -> Step[Value]:
        items: list[Value] = []
        sure = True
        for item in node.items:
            if isinstance(item, Starred):
                value = yield self.evaluate(item.value, frame)
                found = yield self.items(value)
                sure = sure and isinstance(found, tuple)
                items += found if isinstance(found, tuple) else ()
            else:
                one = self.evaluate(item, frame)
                items.append((yield one) if type(one) is GeneratorType else one)  # type: ignore[arg-type]
        if node.kind == "set":
            yield self._hash(items)
        return self.collection(node.kind, items, more=not sure)

    def _hash(self, items: Sequence[Value]) -> Step[Value]:
        for item in items:
            hook = self.method(item, "__hash__")
            if hook is not None:
                yield self.call(hook)
        return None

    def _table(self, node: Table, frame: Frame) -> Step[Value]:
        pairs: list[tuple[Value, Value]] = []
        sure = True
        for key, value in zip(node.keys, node.values, strict=True):
            held = (yield self.evaluate(key, frame)) if key is not None else None
            found = yield self.evaluate(value, frame)
            if key is not None:
                pairs.append((held, found))
            else:
                sure = (yield pairs_given(self, found, pairs)) == TRUE and sure
        yield self._hash([key for key, _ in pairs])
        return self.table(pairs, more=not sure)

    def _subscript(self, node: Subscript, frame: Frame) -> Step[Value]:
        value = yield self.evaluate(node.value, frame)
        index = yield self.evaluate(node.key, frame)
        frame.line_number = node.line_number
        return (yield self.item_of(value, index))

    def _operation(self, node: Operation, frame: Frame) -> Step[Value]:
        operands: list[Value] = []
        for operand in node.operands:
            operands.append((yield self.evaluate(operand, frame)))
        frame.line_number = node.line_number
        return (yield self.operate(node.name, operands))

    def _compare(self, node: Compare, frame: Frame) -> Step[Value]:
        left = yield self.evaluate(node.left, frame)
        result: Value = TRUE
        for name, other in zip(node.names, node.others, strict=True):
            right = yield self.evaluate(other, frame)
            found = yield self.compare(name, left, right)
            if len(node.names) == 1:
                return found
            found = yield self.truth(found)
            if found == FALSE:
                return FALSE
            result = None if found is None else result
            left = right
        return result

    def _shortcut(self, node: Shortcut, frame: Frame) -> Step[Value]:
        """`and`, `or`: what comes after the first may not be evaluated."""
        result: Value = None
        unsure: list[Value] = []
        for number, value in enumerate(node.values):
            result = yield self.evaluate(value, frame)
            if number + 1 == len(node.values):
                break
            truth = yield self.truth(result)
            if truth is not None and (truth == TRUE) is node.either:
                break
            if truth is None:
                unsure.append(result)
                rest = node.values[number + 1 :]
                other = yield self.one_of((Shortcut(node.either, rest) if len(rest) > 1 else rest[0], NONE), frame)
                return either(result, other) if node.either else None
        return result

    def _choice(self, node: Choice, frame: Frame) -> Step[Value]:
        truth = yield self.truth((yield self.evaluate(node.test, frame)))
        if truth is None:
            return (yield self.one_of((node.body, node.otherwise), frame))
        return (yield self.evaluate(node.body if truth == TRUE else node.otherwise, frame))

    def _named(self, name: str, value: Expression, frame: Frame) -> Step[Value]:
        found = yield self.evaluate(value, frame)
        while frame.inline and frame.outer is not None:
            frame = frame.outer
        self.bind(frame, name, found)
        return found

    def _comprehension(self, node: Comprehension, frame: Frame) -> Step[Value]:
        """Only the first iterable is evaluated at once."""
        iterable = yield self.evaluate(node.loops[0][1], frame)
        inner = Frame(frame.module, {}, self.uncertainty, line_number=frame.line_number, outer=frame, inline=True)
        inner.first, inner.body = frame.first, frame.body
        if node.kind == "generator":

            def start(consumer: Consumer) -> Step[Value]:
                inner.uncertainty = self.uncertainty
                yield self._loops(node, 0, iterable, inner, consumer)
                return NONE

            return Stream(made=self.load.start, start=start, seeds=(iterable,))
        found: list[Value] = []
        before = self.uncertainty
        unsure = False

        def keep(value: Value) -> Value:
            nonlocal unsure
            unsure = unsure or self.uncertainty > before
            found.append(value)
            return NONE

        yield self._loops(node, 0, iterable, inner, keep)
        if node.kind == "dict":
            pairs = [(one[0], one[1]) for one in found if isinstance(one, tuple)]
            return self.table(pairs, more=unsure)
        return self.collection(node.kind, found, more=unsure)

    def _loops(self, node: Comprehension, depth: int, iterable: Value, frame: Frame, consumer: Consumer) -> Step[Value]:
        if node.kind == "generator" and isinstance(iterable, Stream):
            # It is asked for as much as the generator is.
            yield handed_on(self, iterable, lambda item: self._passed_on(node, depth, item, frame, consumer))
            return None
        items = yield self.items(iterable)
        if not isinstance(items, tuple):
            decided = self.decide()
            if decided is False:
                self.uncertainty += 1
                yield consumer(None)
                self.uncertainty -= 1
                return None
            self.uncertainty += 1
            try:
                yield self._pass(node, depth, self.any_item(iterable), frame, consumer)
            except Raised as error:
                if decided:
                    raise
                self.note(error.failure)
                self.may_raise(error.failure)
            finally:
                self.uncertainty -= 1
            return None
        for item in items:
            yield self._pass(node, depth, item, frame, consumer)
        return None

    def _passed_on(self, node: Comprehension, depth: int, item: Value, frame: Frame, consumer: Consumer) -> Step[Value]:
        self.frames.append(frame)
        try:
            yield self._pass(node, depth, item, frame, consumer)
        finally:
            self.frames.pop()
        return NONE

    def _pass(self, node: Comprehension, depth: int, item: Value, frame: Frame, consumer: Consumer) -> Step[Value]:
        """Run a comprehension for one item of one of its loops."""
        target, _, tests = node.loops[depth]
        yield self.assign(target, item, frame)
        before = self.uncertainty
        try:
            for test in tests:
                truth = yield self.truth((yield self.evaluate(test, frame)))
                if truth == FALSE:
                    return None
                if truth is None:
                    self.uncertainty += 1
            if depth + 1 < len(node.loops):
                yield self._loops(
                    node, depth + 1, (yield self.evaluate(node.loops[depth + 1][1], frame)), frame, consumer
                )
                return None
            results: list[Value] = []
            for result in node.results:
                results.append((yield self.evaluate(result, frame)))
            yield consumer(results[0] if len(results) == 1 else tuple(results))
        except Raised as error:
            if self.uncertainty == before:
                raise
            self.note(error.failure)
            self.may_raise(error.failure)
        finally:
            self.uncertainty = before
        return None

    def _text(self, node: Text, frame: Frame) -> Step[Value]:
        parts: list[str] = []
        known = True
        for part in node.parts:
            found = yield self.evaluate(part, frame)
            if isinstance(found, str):
                parts.append(found)
            else:
                known = False
        return "".join(parts) if known else None

    def _yield(self, node: Yield, frame: Frame) -> Step[Value]:
        value = yield self.evaluate(node.value, frame)
        while frame.inline and frame.outer is not None:
            frame = frame.outer
        if frame.consumer is None:
            return None
        if not node.each:
            yield frame.consumer(value)
            return None
        found = yield self.items(value)
        for item in found if isinstance(found, tuple) else (None,):
            yield frame.consumer(item)
        return None

    def _await(self, value: Expression, frame: Frame) -> Step[Value]:
        return (yield self.items_awaited((yield self.evaluate(value, frame))))

    def _starred(self, value: Expression, frame: Frame) -> Step[Value]:
        yield self.evaluate(value, frame)
        return None

    def assign(self, target: Expression, value: Value, frame: Frame) -> Eventual[Value]:
        """Bind a target to a value."""
        match target:
            case Path(root=name, attributes=()):
                self.bind(frame, name, value)
            case Path(root=root, attributes=(*first, last), line_numbers=lines):
                return self._assign_attribute(Path(root, tuple(first), lines[:-1]), last, value, frame)
            case Attribute(value=owner, name=name):
                return self._assign_attribute(owner, name, value, frame)
            case Subscript():
                return self._assign_item(target, value, frame)
            case Collection(items=targets):
                return self._unpack(targets, value, frame)
            case Starred(value=inner):
                return self.assign(inner, value, frame)
        return None

    def _assign_attribute(self, owner: Expression, name: str, value: Value, frame: Frame) -> Step[Value]:
        yield self.set_attribute((yield self.evaluate(owner, frame)), name, value)
        return None

    def _assign_item(self, target: Subscript, value: Value, frame: Frame) -> Step[Value]:
        owner = yield self.evaluate(target.value, frame)
        index = yield self.evaluate(target.key, frame)
        frame.line_number = target.line_number
        yield self.set_item_of(owner, index, value)
        return None

    def _unpack(self, targets: Sequence[Expression], value: Value, frame: Frame) -> Step[Value]:
        found = yield self.items(value)
        starred = [isinstance(target, Starred) for target in targets]
        values = self._with_rest(found, starred) if isinstance(found, tuple) else (None,) * len(targets)
        if len(values) != len(targets):
            few = f"not enough values to unpack (expected {len(targets)}, got {len(values)})"
            many = f"too many values to unpack (expected {len(targets)})"
            self.raise_unless_doubtful(Failure("ValueError", few if len(values) < len(targets) else many))
            values = (None,) * len(targets)
        for target, one in zip(targets, values, strict=True):
            yield self.assign(target, one, frame)
        return None

    def _with_rest(self, values: tuple[Value, ...], starred: Sequence[bool]) -> tuple[Value, ...]:
        """Return values with those for the target that is starred, if there is one, as a list."""
        if True not in starred or len(values) < len(starred) - 1:
            return values
        at = starred.index(True)
        end = len(values) - (len(starred) - at - 1)
        return (*values[:at], self.collection("list", values[at:end]), *values[end:])

    def _augment(self, instruction: Augment, frame: Frame) -> Step[Value]:
        target = instruction.target
        if isinstance(target, Path) and not target.attributes and not self._is_bound(target.root, frame):
            return None
        before = yield self.evaluate(target, frame)
        more = yield self.evaluate(instruction.value, frame)
        frame.line_number = instruction.line_number
        yield self.assign(target, (yield self.operate_in_place(instruction.name, before, more)), frame)
        return None

    def _is_bound(self, name: str, frame: Frame) -> bool:
        of_module = frame.is_body or (frame.code is not None and name in frame.code.shared)
        return self.read(frame.module, name) is not ABSENT if of_module else True

    def _delete(self, target: Expression, frame: Frame) -> Eventual[Value]:
        match target:
            case Path(root=name, attributes=()):
                self.unbind(frame, name)
            case Path(root=root, attributes=(*first, last), line_numbers=lines):
                return self._delete_attribute(Path(root, tuple(first), lines[:-1]), last, frame)
            case Attribute(value=owner, name=name):
                return self._delete_attribute(owner, name, frame)
            case Subscript():
                return self._delete_item(target, frame)
        return None

    def _delete_attribute(self, node: Expression, name: str, frame: Frame) -> Step[Value]:
        owner = yield self.evaluate(node, frame)
        if isinstance(owner, Module) and self.read(owner, name) is not ABSENT:
            self.set_name(owner, name, None if self.uncertainty else ABSENT)
        elif (hook := self.method(owner, "__delattr__")) is not None:
            yield self.call(hook, (name,))
        elif isinstance(owner, Instance | Class):
            self.set_value(owner, name, None if self.uncertainty else ABSENT)
        return None

    def _delete_item(self, target: Subscript, frame: Frame) -> Step[Value]:
        owner = yield self.evaluate(target.value, frame)
        index = yield self.evaluate(target.key, frame)
        if owner == Outside("sys.modules"):
            computed_names.registry_set(self, index, None)
        elif isinstance(owner, Container):
            self.remove(owner, index)
        elif (
            isinstance(owner, Made)
            and owner.of == "globals"
            and isinstance(owner.arguments[0], Module)
            and isinstance(index, str)
        ):
            self.set_name(owner.arguments[0], index, None if self.uncertainty else ABSENT)
        elif (hook := self.method(owner, "__delitem__")) is not None:
            yield self.call(hook, (index,))
        return None

    def _match(self, instruction: Match, frame: Frame) -> Step[Value]:
        subject = yield self.evaluate(instruction.subject, frame)
        yield self._cases(instruction.cases, subject, frame)
        return None

    def _cases(
        self, cases: tuple[tuple[Pattern, Expression | None, Code], ...], subject: Value, frame: Frame
    ) -> Step[Value]:
        """Run the first case that matches; of those that may match, what a world says, or all."""
        raised = 0
        try:
            for pattern, guard, code in cases:
                found = yield self._matches(pattern, subject, frame)
                if found == TRUE and guard is not None:
                    found = yield self.truth((yield self.evaluate(guard, frame)))
                if found == FALSE:
                    continue
                if found == TRUE:
                    yield self.execute(code, frame)
                    return None
                decided = self.decide()
                if decided is None:
                    yield self.perhaps(code, frame)
                    raised += 1
                    self.uncertainty += 1
                elif decided:
                    yield self.execute(code, frame)
                    return None
        finally:
            self.uncertainty -= raised
        return None

    def _matches(self, pattern: Pattern, subject: Value, frame: Frame) -> Step[Value]:  # noqa: C901
        """Return whether a pattern matches, and bind its names."""
        values: list[Value] = []
        for value in pattern.values:
            values.append((yield self.evaluate(value, frame)))
        result: Value = TRUE
        match pattern.kind:
            case "value":
                return (yield self.compare("eq", subject, values[0]))
            case "star":
                result = TRUE
            case "as" if pattern.parts:
                result = yield self._matches(pattern.parts[0], subject, frame)
            case "or":
                for part in pattern.parts:
                    found = yield self._matches(part, subject, frame)
                    if found == TRUE:
                        return TRUE
                    result = None if found is None or result is None else FALSE
                return result
            case "class":
                result = yield self.call(Outside("builtins.isinstance"), (subject, values[0]))
                if result != FALSE:
                    result = yield self._parts_match(pattern, subject, values[0], result, frame)
            case "sequence" | "mapping":
                result = yield self._items_match(pattern, subject, frame)
        if pattern.name is not None and result != FALSE:
            self.bind(frame, pattern.name, subject if pattern.kind in {"as", "star"} else None)
        return result

    def _parts_match(self, pattern: Pattern, subject: Value, cls: Value, result: Value, frame: Frame) -> Step[Value]:
        names: tuple[Value, ...] = ()
        if isinstance(cls, Class):
            found = yield self.items((yield self.get(cls, "__match_args__")))
            names = found if isinstance(found, tuple) else ()
        positional = len(pattern.parts) - len(pattern.names)
        for part, name in zip(pattern.parts, (*names[:positional], *pattern.names), strict=False):
            held = (yield self.get(subject, name)) if isinstance(name, str) else None
            found = yield self._matches(part, held, frame)
            if found == FALSE:
                return FALSE
            result = None if found is None else result
        if len(names) < positional:
            for part in pattern.parts[:positional]:
                found = yield self._matches(part, subject if len(pattern.parts) == 1 else None, frame)
                result = None if found is None else FALSE if found == FALSE else result
        return result

    def _items_match(self, pattern: Pattern, subject: Value, frame: Frame) -> Step[Value]:
        if isinstance(subject, str | Fixed | Function):
            return FALSE
        if pattern.kind == "mapping" and isinstance(subject, Container) and subject.kind in TABLES:
            return (yield self._keys_match(pattern, subject, frame))
        found = (yield self.items(subject)) if isinstance(subject, Container) and pattern.kind == "sequence" else None
        values: tuple[Value, ...] = (None,) * len(pattern.parts)
        result: Value = None
        if isinstance(found, tuple):
            values = self._with_rest(found, [part.kind == "star" for part in pattern.parts])
            result = TRUE
            if len(values) != len(pattern.parts):
                return FALSE
        for part, held in zip(pattern.parts, values, strict=True):
            one = yield self._matches(part, held, frame)
            if one == FALSE and isinstance(found, tuple):
                return FALSE
            result = None if one is None or one == FALSE else result
        return result

    def _keys_match(self, pattern: Pattern, subject: Container, frame: Frame) -> Step[Value]:
        """Return whether a dict has the keys of a pattern, and what is under them matches."""
        result: Value = TRUE
        for key, part in zip(pattern.values, pattern.parts, strict=True):
            held = self.item(subject, (yield self.evaluate(key, frame)))
            one = FALSE if isinstance(held, Absent) else (yield self._matches(part, held, frame))
            if one == FALSE:
                return FALSE
            result = None if one is None else result
        return result


__all__ = ["SOMETHING", "Either", "Machine"]

_FILL_NATIVES = (
    builtin_calls,
    callbacks,
    installation_queries,
    introspection,
    decorators,
    wrapper_objects,
)
"""Modules that put what they know of calls into the table of calls: they do so when they are imported."""


def _method_name(called: Expression) -> str:
    """Return the name of an attribute that is called, if it is one."""
    if isinstance(called, Path):
        return called.attributes[-1] if called.attributes else ""
    return called.name if isinstance(called, Attribute) else ""
