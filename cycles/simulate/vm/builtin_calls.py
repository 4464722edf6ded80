"""Calls of built-in functions and classes that ask an object, and of methods of texts, of which both ends are known."""

import builtins
import re
from collections.abc import Sequence
from itertools import count
from string import Formatter

from cycles.simulate.compile.instructions import NONE, SOMETHING, Fixed, Outside
from cycles.simulate.trampoline import Eventual, Step
from cycles.simulate.vm.classes_and_instances import STRUCTURAL, Objects
from cycles.simulate.vm.containers import TABLES, plain_of
from cycles.simulate.vm.control import FALSE, TRUE
from cycles.simulate.vm.natives import NATIVES, Given, Named, Native, asking, first_given, native, unsure_call, words_of
from cycles.simulate.vm.numbers_and_texts import (
    BUILTIN,
    class_of_plain,
    has_attribute,
    inherits,
    is_instance,
    kind_of,
    made,
    some,
)
from cycles.simulate.vm.values import (
    ABSENT,
    Absent,
    Bound,
    Class,
    Container,
    Either,
    Failure,
    Function,
    Instance,
    Made,
    Module,
    Raised,
    Value,
    either,
)


def _number(kind: str, *methods: str) -> Native:
    def call(vm: Objects, given: Given, _: Named) -> Step[Value]:
        for method in methods:
            hook = vm.method(first_given(given), method)
            if hook is not None:
                yield vm.call(hook)
                return some(kind)
        found = made(kind, given[0], given[1] if len(given) > 1 else None) if given else Fixed(0)
        if given and isinstance(given[0], str) and len(given) == 1 and isinstance(found, Outside):
            vm.raise_unless_doubtful(Failure("ValueError"))
        return found

    return call


NATIVES["builtins.int"] = _number("int", "__int__", "__index__", "__trunc__")
NATIVES["builtins.float"] = _number("float", "__float__", "__index__")
NATIVES["copy.copy"] = asking("__copy__")
NATIVES["os.fspath"] = asking("__fspath__")


for _name, _methods in {
    "repr": ("__repr__",),
    "ascii": ("__repr__",),
    "hash": ("__hash__",),
    "abs": ("__abs__",),
    "round": ("__round__",),
    "complex": ("__complex__",),
    "bytes": ("__bytes__", "__iter__"),
    "divmod": ("__divmod__",),
    "pow": ("__pow__",),
    "bin": ("__index__",),
    "hex": ("__index__",),
    "oct": ("__index__",),
}.items():
    NATIVES[BUILTIN + _name] = asking(*_methods)


for _name in ("ceil", "floor", "trunc"):
    NATIVES[f"math.{_name}"] = asking(f"__{_name}__")


@native("copy.deepcopy")
def _deepcopy(vm: Objects, given: Given, _: Named) -> Step[Value]:
    """What is in containers is copied too."""
    value = first_given(given)
    if isinstance(value, Container):
        for held in (*vm.items_of(value), *(one for _, one in vm.pairs_of(value))):
            yield _deepcopy(vm, (held,), {})
        return value
    hook = vm.method(value, "__deepcopy__")
    return (yield vm.call(hook, (None,))) if hook is not None else None


@native("builtins.str", "builtins.format")
def _str(vm: Objects, given: Given, _: Named) -> Eventual[Value]:
    value = first_given(given)
    if isinstance(value, str) and given[1:] in {(), ("",)}:
        return value
    if isinstance(value, Fixed) and given[1:] in {(), ("",)}:
        return str(value.value)
    return (
        asking("__format__", "__str__", "__repr__")(vm, given, {})
        if len(given) > 1
        else asking("__str__", "__repr__")(vm, given, {})
    )


@native("builtins.print")
def _print(vm: Objects, given: Given, _: Named) -> Step[Value]:
    for value in given:
        yield asking("__str__", "__repr__")(vm, (value,), {})
    return NONE


@native("builtins.len")
def _len(vm: Objects, given: Given, _: Named) -> Eventual[Value]:
    value = first_given(given)
    if isinstance(value, Container) and vm.is_whole(value):
        return Fixed(len(vm.items_of(value)))
    return Fixed(len(value)) if isinstance(value, str) else asking("__len__")(vm, given, {})


@native("builtins.bool")
def _bool(vm: Objects, given: Given, _: Named) -> Eventual[Value]:
    return vm.truth(given[0]) if given else FALSE


@native("builtins.callable")
def _callable(vm: Objects, given: Given, _: Named) -> Value:
    value = first_given(given)
    if isinstance(value, Instance):
        return TRUE if vm.method(value, "__call__") is not None else None
    if isinstance(value, Function | Bound | Class):
        return TRUE
    return FALSE if isinstance(value, str | Fixed | Container | Module) else None


@native("builtins.isinstance")
def _isinstance(vm: Objects, given: Given, _: Named) -> Eventual[Value]:
    return _is_of(vm, given, by_class=False)


@native("builtins.issubclass")
def _issubclass(vm: Objects, given: Given, _: Named) -> Eventual[Value]:
    return _is_of(vm, given, by_class=True)


def _is_of(vm: Objects, given: Given, *, by_class: bool) -> Step[Value]:
    """Return whether a value is of a class, or, `by_class`, a class of another."""
    if len(given) < 2:
        return None
    value, kind = given[:2]
    if isinstance(kind, Container):
        found: list[Value] = []
        for one in vm.items_of(kind):
            found.append((yield _is_of(vm, (value, one), by_class=by_class)))
        return TRUE if TRUE in found else None if None in found or not vm.is_whole(kind) else FALSE
    if isinstance(value, Either) or isinstance(kind, Either):
        return (yield _is_any_of(vm, value, kind, by_class=by_class))
    if isinstance(kind, Class):
        return (yield _is_of_class(vm, value, kind, by_class=by_class))
    if isinstance(kind, Outside):
        own = value if by_class else value.made_by if isinstance(value, Instance) else None
        found_here = inherits(own, kind) if isinstance(own, Class) else None if by_class else is_instance(value, kind)
        if found_here is not None:
            return TRUE if found_here else FALSE
    return _is_builtin(value, kind)


def _is_any_of(vm: Objects, value: Value, kind: Value, *, by_class: bool) -> Step[Value]:
    """Return what is the same of all that a value, or a class, may be."""
    answers: list[Value] = []
    for one in value.values if isinstance(value, Either) else (value,):
        for other in kind.values if isinstance(kind, Either) else (kind,):
            answers.append((yield _is_of(vm, (one, other), by_class=by_class)))
    return answers[0] if all(answer == answers[0] for answer in answers) else None


def _is_of_class(vm: Objects, value: Value, kind: Class, *, by_class: bool) -> Step[Value]:
    for hook in ("__instancecheck__", "__subclasscheck__", "__subclasshook__"):
        check = vm.method(kind, hook)
        if check is None and hook == "__subclasshook__":
            held = vm.lookup(kind, hook)
            check = Bound(held.arguments[0], kind) if isinstance(held, Made) and held.arguments else None
        if check is not None:
            answer = yield vm.truth((yield vm.call(check, (value,))))
            if answer is not None and hook != "__subclasshook__":
                return answer
    cls: Value = value
    if not by_class and isinstance(value, Instance | Class):
        cls = value.made_by if isinstance(value, Instance) else value.metaclass
    if isinstance(cls, Class):
        if kind in (cls, *cls.order):
            return TRUE
        if vm.read(kind, STRUCTURAL) is not ABSENT:
            return (yield _ask_properties(vm, value, cls, (*kind.fields, *vm.read_all(kind)))) if not by_class else None
        # A class may say that it is another, as proxies do.
        proxy = {"__class__", "__getattribute__"}
        disguised = not by_class and any(proxy & one.values.keys() for one in (cls, *cls.order))
        return None if cls.foreign or disguised else FALSE
    wraps = isinstance(cls, Made) and cls.of in _WRAPPERS
    plain = isinstance(cls, Fixed | str | Container | Function) or kind_of(cls) or wraps
    return FALSE if plain else None


def _ask_properties(vm: Objects, value: Value, cls: Class, names: Sequence[str]) -> Step[Value]:
    """Whether an object has what a protocol names: up to Python 3.11, properties are asked for their values."""
    for name in names:
        asked = vm.lookup(cls, name)
        if isinstance(asked, Made) and asked.of == "builtins.property":
            yield from unsure_call(vm, asked.arguments[0], (value,))
    return None


_WRAPPERS = frozenset(
    words_of(
        "builtins.property builtins.classmethod builtins.staticmethod functools.cached_property functools.partial "
        "functools.partialmethod functools.singledispatchmethod"
    )
)
"""What calling these gives is an instance of no other class."""


def _is_builtin(value: Value, kind: Value) -> Value:
    """Return whether a value is of a built-in class."""
    name = kind.name.removeprefix(BUILTIN) if isinstance(kind, Outside) else ""
    if isinstance(value, Instance) and name in dir(builtins) and not value.made_by.foreign and name != "object":
        return FALSE
    if name == "type" and isinstance(value, Class | Function | str | Fixed | Container | Module):
        return TRUE if isinstance(value, Class) else FALSE
    if isinstance(value, Container) and name in {"list", "tuple", "set", "dict", "str", "int", "frozenset"}:
        return TRUE if value.kind == name or (name == "dict" and value.kind in TABLES) else FALSE
    if isinstance(value, Function) and name in {"str", "list", "tuple", "dict", "int", "property", "classmethod"}:
        return FALSE
    if isinstance(value, Function) and isinstance(kind, Outside) and kind.name == "types.FunctionType":
        return TRUE
    if isinstance(value, Made) and value.of == f"{BUILTIN}{name}":
        return TRUE
    return None


@native("builtins.getattr")
def _getattr(vm: Objects, given: Given, _: Named) -> Step[Value]:
    if len(given) < 2:
        return None
    owner, asked = given[:2]
    name = asked if isinstance(asked, str) else ""
    if not name:
        if isinstance(owner, Module) and isinstance(hook := vm.read(owner, "__getattr__"), Function):
            yield from unsure_call(vm, hook, (None,))
        return _any_method(vm, owner)
    try:
        found = yield vm.get(owner, name)
    except Raised as error:
        if len(given) > 2 and error.failure.kind == "AttributeError":
            return given[2]
        raise
    if len(given) > 2 and has_attribute(owner, name) is False:
        return given[2]
    if len(given) > 2 and (found is None or isinstance(found, Bound)) and _may_lack(vm, owner, name):
        return given[2] if vm.lacks(owner, name) else either(found, given[2])
    return found


def _any_method(vm: Objects, owner: Value) -> Value:
    """Return what an attribute of any name may be, as far as it makes a difference: a method that imports, or not."""
    if not isinstance(owner, Instance | Class):
        return None
    cls = owner.made_by if isinstance(owner, Instance) else owner
    held = {name: value for one in reversed((cls, *cls.order)) for name, value in vm.read_all(one).items()}
    importing = [one for one in held.values() if isinstance(one, Function) and vm.library.own_reach(one.body).imports]
    bound = [Bound(one, owner) for one in importing] if isinstance(owner, Instance) else importing
    return Either((*bound, None)) if bound else None


def _may_lack(vm: Objects, owner: Value, name: str) -> bool:
    """Whether an object may not have an attribute, as far as that is known."""
    if isinstance(owner, Instance):
        return vm.read(owner, name) is ABSENT and vm.lookup(owner.made_by, name) is ABSENT
    if isinstance(owner, Class):
        return vm.lookup(owner, name) is ABSENT
    return True


@native("builtins.hasattr")
def _hasattr(vm: Objects, given: Given, _: Named) -> Step[Value]:
    name = given[1] if len(given) > 1 else None
    if not isinstance(name, str):
        return None
    owner = given[0]
    try:
        found = yield vm.get(owner, name)
    except Raised as error:
        if error.failure.kind == "AttributeError":
            return FALSE
        raise
    has = has_attribute(owner, name)
    if has is not None:
        return TRUE if has else FALSE
    if found is None and vm.lacks(owner, name):
        return FALSE
    known = isinstance(owner, Instance | Class) and not _may_lack(vm, owner, name)
    return TRUE if known or (isinstance(owner, Module) and found is not None) else None


@native("builtins.setattr", "builtins.type.__setattr__")
def _setattr(vm: Objects, given: Given, _: Named) -> Eventual[Value]:
    if len(given) < 3:
        return NONE
    owner, name, value = given[:3]
    if isinstance(name, str):
        return vm.set_attribute(owner, name, value)
    if isinstance(owner, Module):
        vm.give_unknown_names(owner)
    elif isinstance(owner, Either):
        for one in owner.values:
            if isinstance(one, Module):
                vm.give_unknown_names(one)
    return NONE


@native("builtins.object.__setattr__", "types.ModuleType.__setattr__")
def _plain_setattr(vm: Objects, given: Given, _: Named) -> Value:
    if len(given) == 3 and isinstance(given[0], Module) and isinstance(given[1], str):
        vm.set_name(given[0], given[1], given[2])
    if len(given) == 3 and isinstance(given[0], Instance) and isinstance(given[1], str):
        vm.set_value(given[0], given[1], given[2])
    return NONE


@native("builtins.delattr")
def _delattr(vm: Objects, given: Given, _: Named) -> Value:
    if len(given) == 2 and isinstance(given[0], Module) and isinstance(given[1], str):
        vm.set_name(given[0], given[1], None if vm.uncertainty else ABSENT)
    return NONE


@native("builtins.object.__getattribute__")
def _plain_getattr(vm: Objects, given: Given, _: Named) -> Value:
    if len(given) == 2 and isinstance(given[0], Instance) and isinstance(given[1], str):
        for found in (vm.read(given[0], given[1]), vm.lookup(given[0].made_by, given[1])):
            if not isinstance(found, Absent):
                return Bound(found, given[0]) if isinstance(found, Function) else found
    return None


@native(
    "builtins.object.__new__ builtins.object builtins.tuple.__new__ builtins.str.__new__ builtins.int.__new__ "
    "builtins.dict.__new__ builtins.list.__new__ builtins.float.__new__ builtins.bytes.__new__"
)
def _new(vm: Objects, given: Given, _: Named) -> Value:
    return vm.allocate(Instance(made_by=given[0])) if given and isinstance(given[0], Class) else SOMETHING


@native("builtins.type")
def _type(vm: Objects, given: Given, _: Named) -> Eventual[Value]:
    if len(given) >= 3:
        return _class_of_parts(vm, given)
    value = first_given(given)
    if isinstance(value, Instance):
        return value.made_by
    if isinstance(value, Class):
        return value.metaclass or Outside("builtins.type")
    if isinstance(value, Either):
        found = [class_of_plain(one) for one in value.values]
        return Either(tuple(dict.fromkeys(found))) if len({*found}) > 1 else found[0]
    return class_of_plain(value)


@native("types.new_class")
def _new_class(vm: Objects, given: Given, named: Named) -> Step[Value]:
    space = vm.table(())
    body = named.get("exec_body", given[3] if len(given) > 3 else None)
    if body is not None:
        yield vm.call(body, (space,))
    bases = given[1] if len(given) > 1 else vm.collection("tuple", ())
    return (yield from _class_of_parts(vm, (first_given(given), bases, space)))


def _class_of_parts(vm: Objects, given: Given) -> Step[Value]:
    """Do what `type(name, bases, names)` does."""
    name, bases, names = given[:3]
    if not isinstance(bases, Container) or not isinstance(name, str):
        return None
    values: dict[str, Value] = {}
    if isinstance(names, Container) and names.kind in TABLES:
        values = {key: value for key, value in vm.pairs_of(names) if isinstance(key, str)}
    made = vm.new_class(name, vm.frames[-1].module.name, vm.items_of(bases), values)
    yield from vm.finish_class(made, ())
    return made


@native("builtins.type.__new__", "abc.ABCMeta.__new__", "enum.EnumMeta.__new__", "enum.EnumType.__new__")
def _type_new(vm: Objects, given: Given, named: Named) -> Step[Value]:
    """The class whose body has just run, or one of other parts."""
    if vm.pending and vm.pending[-1] is not None:
        made = vm.pending[-1]
        vm.pending[-1] = None
        yield from vm.finish_class(made, [*named.items()])
        return made
    if len(given) < 4:
        return None
    return (yield from _class_of_parts(vm, given[1:]))


@native("builtins.type.__call__", "abc.ABCMeta.__call__", "enum.EnumMeta.__call__")
def _type_call(vm: Objects, given: Given, named: Named) -> Eventual[Value]:
    cls = first_given(given)
    return vm.make_instance(cls, given[1:], [*named.items()]) if isinstance(cls, Class) else None


@native("builtins.type.__prepare__", "abc.ABCMeta.__prepare__", "enum.EnumMeta.__prepare__")
def _prepare(vm: Objects, _given: Given, _: Named) -> Value:
    return vm.table(())


@native("builtins.super")
def _super(vm: Objects, given: Given, _: Named) -> Value:
    frame = vm.frames[-1]
    while frame.inline and frame.outer is not None:
        frame = frame.outer
    within = given[0] if given else vm.class_of(frame)
    owner = given[1] if len(given) > 1 else frame.first
    return Made("builtins.super", (within, owner)) if isinstance(within, Class) else None


_OF_TEXTS = frozenset(
    words_of(
        "join lower upper strip lstrip rstrip split rsplit partition rpartition replace startswith "
        "endswith title capitalize removeprefix removesuffix casefold isidentifier find rfind count index isupper "
        "islower splitlines isdigit isalpha"
    )
)

_LONGEST = 2_000


def known_text(vm: Objects, result: object) -> Value:
    """Return what a method of a text gave as a value."""
    if isinstance(result, str):
        return result if len(result) <= _LONGEST else None
    if isinstance(result, bool | int):
        return Fixed(result)
    if isinstance(result, list | tuple):
        return vm.collection("list" if isinstance(result, list) else "tuple", [str(one) for one in result])
    return None


def _of_text(name: str) -> Native:
    def call(vm: Objects, given: Given, named: Named) -> Step[Value]:
        plain: list[object] = []
        for value in given:
            if name == "join" and value is not given[0]:
                items = yield vm.items(value)
                if not isinstance(items, tuple) or not all(isinstance(one, str) for one in items):
                    return None
                plain.append(items)
            elif isinstance(value, Container):
                plain.append(tuple(one for one in vm.items_of(value) if isinstance(one, str)))
            else:
                plain.append(plain_of(value))
        options = {key: plain_of(value) for key, value in named.items()}
        if any(one is None for one in (*plain, *options.values())) or "" in options:
            return None
        try:
            return known_text(vm, getattr(str, name)(*plain, **options))
        except (TypeError, ValueError, LookupError, AttributeError):
            return None

    return call


for _name in _OF_TEXTS:
    NATIVES[f"str.{_name}"] = _of_text(_name)


_PART_OF_FIELD = re.compile(r"\.([^.\[]+)|\[([^\]]*)\]")


@native("str.format")
def _format(vm: Objects, given: Given, named: Named) -> Step[Value]:
    """Objects that a text names are asked for attributes, items and their own text."""
    try:
        fields = list(Formatter().parse(given[0])) if isinstance(given[0], str) else []
    except ValueError:
        return None
    values: Named = {str(at): value for at, value in enumerate(given[1:])} | named
    texts: list[Value] = [] if isinstance(given[0], str) else [None]
    numbers = count()
    for before, field, form, conversion in fields:
        texts.append(before)
        if field is not None:
            root = re.split(r"[.\[]", field, maxsplit=1)[0]
            value = values.get(root or str(next(numbers)))
            for name, key in _PART_OF_FIELD.findall(field[len(root) :]):
                yet = vm.get(value, name) if name else vm.item_of(value, Fixed(int(key)) if key.isdecimal() else key)
                value = yield yet
            shown = asking("__repr__") if conversion in {"r", "a"} else _str
            texts.append((yield shown(vm, (value, form or ""), {})))
    known = [text for text in texts if isinstance(text, str)]
    return known_text(vm, "".join(known)) if len(known) == len(texts) else None
