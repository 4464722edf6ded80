"""Frozen dataclasses, made in a fifth of the time: a command makes a hundred of them before it does anything.

The standard library writes six methods of each class as text, and compiles each. But for `__init__`, they are the same
for every class, once the names of its fields are known.
"""

import operator
from collections.abc import Callable, Iterable
from dataclasses import MISSING, Field, FrozenInstanceError, fields
from dataclasses import dataclass as plain_dataclass
from typing import TYPE_CHECKING

_ABSENT = object()
_ValuesOf = Callable[[object], object]

if TYPE_CHECKING:
    from dataclasses import dataclass
else:

    def dataclass(*, frozen=False, eq=True, order=False, **options):  # noqa: ANN001, ANN003, ANN201  as there
        """Return what makes a class the dataclass that `dataclasses.dataclass` makes of it."""
        if not frozen:
            return plain_dataclass(eq=eq, order=order, **options)
        return lambda cls: _made_frozen(plain_dataclass(init=False, repr=False, eq=False, **options)(cls), eq, order)


def _made_frozen(cls: type, eq: bool, order: bool) -> type:  # noqa: FBT001  called in one place
    every = fields(cls)
    methods: dict[str, object] = {
        "__init__": _init_of(cls, every),
        "__setattr__": _refuse_to_set,
        "__delattr__": _refuse_to_set,
        "__repr__": _represent,
        "__getstate__": _state_of,
        "__setstate__": _restore,
    }
    if eq:
        values_of = _values_getter([field.name for field in every if field.compare])
        methods["__hash__"] = lambda self: hash(values_of(self))
        for name in ("eq", "lt", "le", "gt", "ge") if order else ("eq",):
            methods[f"__{name}__"] = _comparing(getattr(operator, name), values_of)
    for name, method in methods.items():
        setattr(cls, name, method)
    return cls


def _init_of(cls: type, every: Iterable[Field[object]]) -> object:
    """Return the `__init__` of a class; what sets a slot is quicker than `object.__setattr__`, which looks for it."""
    known: dict[str, object] = {"_ABSENT": _ABSENT}
    head, body = ["self"], ["pass"]
    for field in every:
        name, given = field.name, field.name
        put = getattr(getattr(cls, name, None), "__set__", None)
        known[f"_put_{name}"] = put or object.__setattr__
        if field.default_factory is not MISSING:
            known[f"_make_{name}"], known[f"_default_{name}"] = field.default_factory, _ABSENT
            given = f"_make_{name}() if {name} is _ABSENT else {name}"
        elif field.default is not MISSING:
            known[f"_default_{name}"] = field.default
        head.append(f"{name}=_default_{name}" if f"_default_{name}" in known else name)
        body.append(f"_put_{name}(self, {given})" if put else f"_put_{name}(self, {name!r}, {given})")
    if hasattr(cls, "__post_init__"):
        body.append("self.__post_init__()")
    text = f"def __init__({', '.join(head)}):\n " + "\n ".join(body)
    exec(text, known)  # noqa: S102  as the standard library does, of names in this package
    made = known["__init__"]
    made.__annotations__ = {**{field.name: field.type for field in every}, "return": None}
    return made


def _values_getter(names: list[str]) -> _ValuesOf:
    """Return what gives the values of some fields of an object as a tuple."""
    if len(names) > 1:
        return operator.attrgetter(*names)
    one = operator.attrgetter(*names) if names else lambda _: None
    return lambda value: (one(value),)


def _comparing(compare: Callable[[object, object], bool], values_of: _ValuesOf) -> object:
    def method(self: object, other: object) -> object:
        if other.__class__ is self.__class__:
            return compare(values_of(self), values_of(other))
        return NotImplemented

    return method


def _refuse_to_set(self: object, name: str, *_: object) -> None:
    raise FrozenInstanceError(f"{name!r} of {type(self).__name__} cannot be changed")


def _represent(self: object) -> str:
    shown = (f"{one.name}={getattr(self, one.name)!r}" for one in fields(self) if one.repr)  # type: ignore[arg-type]
    return f"{self.__class__.__qualname__}({', '.join(shown)})"


def _state_of(self: object) -> list[object]:
    return [getattr(self, field.name) for field in fields(self)]  # type: ignore[arg-type]


def _restore(self: object, state: list[object]) -> None:
    for field, value in zip(fields(self), state, strict=True):  # type: ignore[arg-type]
        object.__setattr__(self, field.name, value)


__all__ = ["dataclass"]
