"""What operators, comparisons and items come to."""

import operator
from collections.abc import Callable, Sequence

from cycles.limits import MOST_ITEMS
from cycles.simulate.compile.instructions import NONE, Fixed, Outside
from cycles.simulate.trampoline import Eventual, Step
from cycles.simulate.vm import computed_names
from cycles.simulate.vm.classes_and_instances import DATACLASS, Objects
from cycles.simulate.vm.containers import FACTORY, GIVEN, ITEMS, MORE, TABLES, is_less
from cycles.simulate.vm.control import FALSE, TRUE
from cycles.simulate.vm.natives import NATIVES, unsure_call
from cycles.simulate.vm.numbers_and_texts import arithmetic
from cycles.simulate.vm.values import (
    ABSENT,
    Absent,
    Bound,
    Class,
    Container,
    Failure,
    Function,
    Instance,
    Made,
    Module,
    Value,
)

_COMPUTED: dict[str, Callable[[float, float], float]] = {
    "add": operator.add,
    "sub": operator.sub,
    "and": lambda one, other: int(one) & int(other),
    "or": lambda one, other: int(one) | int(other),
    "floordiv": operator.floordiv,
    "mod": operator.mod,
    "mul": operator.mul,
    "truediv": operator.truediv,
    "pow": lambda one, other: one**other if abs(other) < _LARGEST_POWER else float("nan"),
    "xor": lambda one, other: int(one) ^ int(other),
    "lshift": lambda one, other: int(one) << int(other),
    "rshift": lambda one, other: int(one) >> int(other),
}
_LARGEST_POWER = 24
_LESS = {"lt": (False, False), "gt": (True, False), "le": (True, True), "ge": (False, True)}
"""How each comes from `<`: whether its operands change places, and whether it holds where that does not."""
_MIRRORED = {"lt": "gt", "gt": "lt", "le": "ge", "ge": "le", "eq": "eq", "ne": "ne"}
_FINDERS = (Outside("sys.meta_path"), Outside("sys.path_hooks"))
_LARGEST = 1 << 40
_LONGEST = 2_000


class Operators(Objects):
    """A simulated interpreter that has operators."""

    def operate(self, name: str, operands: Sequence[Value]) -> Eventual[Value]:
        """Apply an operator to one or two operands."""
        if name == "not_":
            return self._negated(operands[0])
        if len(operands) == 1:
            hook = self.method(operands[0], f"__{name}__")
            if hook is not None:
                return self.call(hook)
            one = operands[0]
            if name == "neg" and isinstance(one, Fixed) and one.value is not None:
                return Fixed(-one.value)
            return arithmetic(name, one, one)
        left, right = operands
        if isinstance(left, Instance | Class) or isinstance(right, Instance | Class):
            return self._by_method(name, left, right)
        return self._plain(name, left, right)

    def _negated(self, value: Value) -> Step[Value]:
        found = yield self.truth(value)
        return None if found is None else FALSE if found == TRUE else TRUE

    def _by_method(self, name: str, left: Value, right: Value) -> Step[Value]:
        hook = self.method(left, f"__{name}__")
        if hook is not None:
            return (yield self.call(hook, (right,)))
        hook = self.method(right, f"__r{name}__")
        if hook is not None:
            return (yield self.call(hook, (left,)))
        if name == "mod" and isinstance(left, str):
            yield self.call(Outside("builtins.str"), (right,))
        return None

    def _plain(self, name: str, left: Value, right: Value) -> Eventual[Value]:  # noqa: C901  a list of cases
        if isinstance(left, Fixed) and isinstance(right, Fixed) and name in _COMPUTED:
            if left.value is None or right.value is None or max(abs(left.value), abs(right.value)) > _LARGEST:
                return arithmetic(name, left, right)
            try:
                return Fixed(_COMPUTED[name](left.value, right.value))
            except ZeroDivisionError:
                raise self.raised(Failure("ZeroDivisionError")) from None
            except (ArithmeticError, ValueError):
                return None
        if isinstance(left, str) and isinstance(right, str) and name == "add":
            return left + right if len(left) + len(right) <= _LONGEST else None
        if isinstance(left, str) and name == "mod":
            return self._percent(left, right)
        if isinstance(left, Container) and isinstance(right, Container):
            more = not (self.is_whole(left) and self.is_whole(right))
            if left.kind in TABLES and right.kind in TABLES:
                return self.table([*self.pairs_of(left), *self.pairs_of(right)], more=more)
            if name in {"add", "or"}:
                return self.collection(left.kind, (*self.items_of(left), *self.items_of(right)), more=more)
            return self.collection(left.kind, self.items_of(left), more=True)
        if isinstance(left, Container) and name == "mul":
            return self._repeated(left, right)
        if isinstance(left, Container) and name == "add":
            return self.collection(left.kind, self.items_of(left), more=True)
        if isinstance(right, Container) and name == "add":
            return self.collection(right.kind, self.items_of(right), more=True)
        return arithmetic(name, left, right)

    def _repeated(self, left: Container, times: Value) -> Value:
        """`[item] * times`."""
        number = times.value if isinstance(times, Fixed) else None
        items = self.items_of(left)
        if not isinstance(number, int) or number * len(items) > MOST_ITEMS:
            return self.collection(left.kind, items, more=True)
        return self.collection(left.kind, items * number, more=not self.is_whole(left))

    def _percent(self, left: str, right: Value) -> Step[Value]:
        values = self.items_of(right) if isinstance(right, Container) and right.kind == "tuple" else (right,)
        texts: list[str] = []
        for value in values:
            found = yield self.call(Outside("builtins.str"), (value,))
            if isinstance(found, str) and isinstance(value, str | Fixed):
                texts.append(found)
        if len(texts) != len(values):
            return None
        try:
            return left % tuple(texts)
        except (TypeError, ValueError):
            return None

    def operate_in_place(self, name: str, left: Value, right: Value) -> Step[Value]:
        """Apply an operator in place."""
        hook = self.method(left, f"__i{name}__")
        if hook is not None:
            return (yield self.call(hook, (right,)))
        if isinstance(left, Made) and left.of in {"globals", "attributes"} and name == "or":
            yield NATIVES[f"{left.of}().update"](self, (left, right), {})
            return left
        if isinstance(left, Container) and left.kind in {"list", "set", "dict", "defaultdict"}:
            native = NATIVES.get(f"{left.kind}.__i{name}__")
            if native is not None:
                yield native(self, (left, right), {})
                return left
        return (yield self.operate(name, (left, right)))

    def compare(self, name: str, left: Value, right: Value) -> Eventual[Value]:
        """Compare two values."""
        if name.startswith("not_"):
            return self._contrary(name.removeprefix("not_"), left, right)
        match name:
            case "is":
                return self._is(left, right)
            case "in":
                return self._contains(right, left)
        if isinstance(left, Instance | Class) or isinstance(right, Instance | Class):
            return self._compare_objects(name, left, right)
        if name in _LESS:
            mirrored, contrary = _LESS[name]
            less = is_less(right, left) if mirrored else is_less(left, right)
            return None if less is None else FALSE if less is contrary else TRUE
        if name in {"eq", "ne"}:
            found = _equal(left, right)
            return None if found is None else TRUE if found is (name == "eq") else FALSE
        return None

    def _contrary(self, name: str, left: Value, right: Value) -> Step[Value]:
        found = yield self.truth((yield self.compare(name, left, right)))
        return None if found is None else FALSE if found == TRUE else TRUE

    def _compare_objects(self, name: str, left: Value, right: Value) -> Step[Value]:
        hook = self.method(left, f"__{name}__") or (self.method(left, "__eq__") if name == "ne" else None)
        if hook is not None:
            return (yield self.call(hook, (right,)))
        hook = self.method(right, f"__{_MIRRORED.get(name, name)}__")
        if hook is not None:
            return (yield self.call(hook, (left,)))
        if isinstance(left, Class) and isinstance(right, Class) and name in {"eq", "ne"}:
            return TRUE if (left is right) is (name == "eq") else FALSE
        if isinstance(left, Instance) and self.lookup(left.made_by, DATACLASS) is not ABSENT:
            for field in left.made_by.fields:
                one, other = (yield self.get(left, field)), (yield self.get(right, field))
                if (yield self.truth((yield self.compare("eq", one, other)))) == FALSE:
                    break
        return None

    def _is(self, left: Value, right: Value) -> Value:
        """`is`, which is known of None, True, False, and what is one object or certainly another kind of thing."""
        if left is None or right is None:
            return None
        if isinstance(left, Outside) and isinstance(right, Outside):
            same = _equal_outside(left.name, right.name)
            return None if same is None else TRUE if same else FALSE
        if isinstance(left, Fixed) and isinstance(right, Fixed):
            return TRUE if left == right and type(left.value) is type(right.value) else FALSE
        known = Module | Function | Class | Instance | Container | str | Fixed
        if isinstance(left, known) and isinstance(right, known):
            if left is right:
                return TRUE
            if isinstance(left, str) and isinstance(right, str):
                return None
            return None if left == right else FALSE
        if NONE in (left, right):
            other = left if right == NONE else right
            if isinstance(other, Outside):
                return None if "()" in other.name or "." in other.name else FALSE
            if isinstance(other, Made):
                # What a function of a library gives may be None; what a class does, never.
                last = other.of.replace("()", "").rpartition(".")[2]
                return None if last.islower() and "." in other.of and not self.is_standard(other.of) else FALSE
            return FALSE if isinstance(other, Bound) and isinstance(other.function, Function) else None
        return None

    def _contains(self, container: Value, item: Value) -> Eventual[Value]:
        if isinstance(container, Container):
            if container.kind in TABLES:
                found = self.item(container, item)
                return FALSE if isinstance(found, Absent) else None if found is None else TRUE
            items = self.items_of(container)
            if isinstance(item, Instance) or any(isinstance(one, Instance) for one in items):
                return self._contains_object(items, item)
            every = [_equal(one, item) for one in items]
            if not self.is_whole(container):
                return None
            return TRUE if True in every else None if None in every else FALSE
        if isinstance(container, str) and isinstance(item, str):
            return TRUE if item in container else FALSE
        if isinstance(container, Made) and container.of in {"globals", "attributes"}:
            found = computed_names.get_item(self, container, item)
            return FALSE if isinstance(found, Absent) else None if found is None else TRUE
        if (
            container == Outside("sys.modules")
            and isinstance(item, str)
            and item.partition(".")[0] in self.library.tops
        ):
            return FALSE if self.read(self.modules, item) is ABSENT else TRUE
        return self._contains_slowly(container, item)

    def _contains_object(self, items: Sequence[Value], item: Value) -> Step[Value]:
        """Objects say themselves what they are equal to."""
        found: list[Value] = []
        for one in items:
            same = one is item or (yield self.truth((yield self.compare("eq", one, item)))) == TRUE
            if same:
                return TRUE
            found.append(None if isinstance(one, Instance) or isinstance(item, Instance) else FALSE)
        return FALSE if not found else None

    def _contains_slowly(self, container: Value, item: Value) -> Step[Value]:
        hook = self.method(container, "__contains__")
        if hook is not None:
            return (yield self.truth((yield self.call(hook, (item,)))))
        found = yield self.items(container)
        every = [_equal(one, item) for one in found] if isinstance(found, tuple) else [None]
        return TRUE if True in every else None if None in every else FALSE

    def item_of(self, value: Value, index: Value) -> Eventual[Value]:  # noqa: C901  a list of kinds
        """Return `value[index]`."""
        match value:
            case str() | Container() if isinstance(index, Made) and (part := _part_of(self, value, index)) is not None:
                return part
            case str() | Container() if isinstance(index, Instance) and (hook := self.method(index, "__index__")):
                return self._item_at(value, hook)
            case Container():
                return self._item_of_container(value, index)
            case Outside(name="sys.modules"):
                found = computed_names.registry_get(self, index)
                return None if isinstance(found, Absent) else found
            case Outside(name=name):
                return Outside(f"{name}[]")
            case Made(of="globals" | "attributes"):
                return self._found(computed_names.get_item(self, value, index), index)
            case Made(of="moduleinfo", arguments=arguments):
                number = index.value if isinstance(index, Fixed) else None
                return arguments[number] if isinstance(number, int) and -3 <= number < 3 else None
            case str() if isinstance(index, Fixed) and isinstance(index.value, int):
                return value[index.value] if -len(value) <= index.value < len(value) else None
            case str() | Container() if isinstance(index, Made):
                return None
            case Class():
                return self._item_of_class(value, index)
        hook = self.method(value, "__getitem__")
        if hook is None and (missing := self.method(value, "__missing__")) is not None:
            # What a class that inherits from `dict` has in it is not known.
            return self._perhaps_missing(missing, index)
        return self.call(hook, (index,)) if hook is not None else None

    def _item_at(self, value: Value, hook: Value) -> Step[Value]:
        return (yield self.item_of(value, (yield self.call(hook))))

    def _item_of_container(self, value: Container, index: Value) -> Eventual[Value]:
        found = self.item(value, index)
        if found is None:
            return self.any_held(value)
        if not isinstance(found, Absent):
            return found
        factory = self.read(value, FACTORY)
        if factory is not ABSENT:
            return self._default(value, index, factory)
        if self.read(value, GIVEN) is not ABSENT:
            return None
        if value.kind not in TABLES:
            self.raise_unless_doubtful(Failure("IndexError", f"{value.kind} index out of range"))
            return None
        return self._found(found, index)

    def _found(self, found: Value | Absent, key: Value) -> Value:
        """Return what was found under a key, or raise KeyError: for texts, which are equal to nothing else."""
        if not isinstance(found, Absent):
            return found
        if isinstance(key, str):
            self.raise_unless_doubtful(Failure("KeyError", repr(key)))
        return None

    def _perhaps_missing(self, hook: Value, index: Value) -> Step[Value]:
        yield from unsure_call(self, hook, (index,))
        return None

    def _default(self, value: Container, index: Value, factory: Value) -> Step[Value]:
        made = yield self.call(factory)
        self.put(value, index, made)
        return made

    def _item_of_class(self, value: Class, index: Value) -> Eventual[Value]:
        hook = self.method(value, "__getitem__")
        if hook is not None:
            return self.call(hook, (index,))
        if self.is_enum(value):
            return self.read_name(value, index) if isinstance(index, str) else None
        found = self.lookup(value, "__class_getitem__")
        if isinstance(found, Made) and found.arguments:
            found = found.arguments[0]
        return self.call(found, (value, index)) if isinstance(found, Function) else value

    def set_item_of(self, value: Value, index: Value, item: Value) -> Eventual[Value]:
        """`value[index] = item`."""
        if isinstance(value, Container):
            self.put(value, index, item)
        elif value == Outside("sys.modules"):
            computed_names.registry_set(self, index, item)
        elif value in _FINDERS:
            self.add_finder()
        elif value == Outside("builtins.__dict__"):
            self.add_builtin()
        elif isinstance(value, Made) and value.of in {"globals", "attributes"}:
            computed_names.set_item(self, value, index, item)
        elif (hook := self.method(value, "__setitem__")) is not None:
            return self.call(hook, (index, item))
        elif self.library.anywhere and isinstance(item, Function) and self.may_import(item):
            self.doubt(f"{self.place()} puts {item.body.name} in what cannot be followed")
        return None


def _part_of(vm: Objects, value: str | Container, index: Made) -> Value:
    """Return a slice of a text, a list or a tuple; None where it is not known."""
    bounds: list[int | None] = []
    for bound in index.arguments:
        number = bound.value if isinstance(bound, Fixed) else 0.5
        if number is not None and not isinstance(number, int):
            return None
        bounds.append(number)
    if index.of != "builtins.slice" or bounds[2:] == [0]:
        return None
    if isinstance(value, str):
        return value[slice(*bounds)]
    if value.kind not in {"list", "tuple"} or not vm.is_whole(value):
        return None
    return vm.collection(value.kind, vm.items_of(value)[slice(*bounds)])


def _equal(left: Value, right: Value) -> bool | None:
    """Return whether two values are equal, None where that is not known."""
    if isinstance(left, str | Fixed) and isinstance(right, str | Fixed):
        return left == right if type(left) is type(right) else False
    if isinstance(left, Container) and isinstance(right, Container):
        return _equal_tuples(left, right)
    if isinstance(left, Class) and isinstance(right, Class) and left.metaclass is None:
        return left is right
    if isinstance(left, Module | Class | Function) and left == right:
        return True
    if isinstance(left, Outside) and isinstance(right, Outside):
        return _equal_outside(left.name, right.name)
    return None


def _equal_outside(left: str, right: str) -> bool | None:
    """Return whether two things of libraries are equal: one is to itself, and constants of one class differ."""
    if left == right:
        return True if "()" not in left else None
    own = "inspect.Parameter."
    return False if left.startswith(own) and right.startswith(own) else None


def _equal_tuples(left: Container, right: Container) -> bool | None:
    """Return whether two tuples are equal, None where that is not known: nobody can change them."""
    if left.kind != "tuple" or right.kind != "tuple" or MORE in left.values or MORE in right.values:
        return None
    first, second = left.values[ITEMS], right.values[ITEMS]
    if not isinstance(first, tuple) or not isinstance(second, tuple):
        return None
    if len(first) != len(second):
        return False
    found = [(one is other and one is not None) or _equal(one, other) for one, other in zip(first, second, strict=True)]
    return False if False in found else None if None in found else True
