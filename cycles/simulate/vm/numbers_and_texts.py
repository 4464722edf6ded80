"""Numbers and texts: what is known of them, if only their class.

One of which only the class is known goes by the name of what makes it: `Outside("builtins.int()")`.
"""

import builtins
import types

from cycles.simulate.compile.instructions import Fixed, Outside
from cycles.simulate.vm.values import Class, Container, Function, Module, Value

BUILTIN, _CLASS = "builtins.", ".__class__"
_OF_INTEGERS = {"add", "sub", "mul", "floordiv", "mod", "and", "or", "xor", "lshift", "rshift", "neg", "pos", "invert"}
"""Operators that give an integer for integers."""


def some(kind: str) -> Outside:
    """Return a value of a built-in class, of which no more is known."""
    return Outside(f"{BUILTIN}{kind}()")


def kind_of(value: Value) -> str:
    """Return the name of the built-in class whose instance a value certainly is, empty where that is not known.

    >>> kind_of(Fixed(True)), kind_of("text"), kind_of(some("int")), kind_of(Outside("decimal.Decimal()"))
    ('bool', 'str', 'int', '')
    """
    match value:
        case str():
            return "str"
        case Fixed(value=held):
            return type(held).__name__ if held is not None else "NoneType"
        case Outside(name=name) if name.startswith(BUILTIN) and name.endswith("()"):
            kind = name.removeprefix(BUILTIN).removesuffix("()")
            return kind if kind in {"int", "float", "complex", "str", "bytes", "bool"} else ""
    return ""


def class_of_plain(value: Value) -> Value:
    """Return what `type(value)` gives for what is no object of the analysed packages; None where nobody knows.

    The class of what a library gave goes by the name of that: it gives another of the same class the next time.
    """
    kind = kind_of(value)
    if kind:
        return Outside(f"types.{kind}" if kind == "NoneType" else f"{BUILTIN}{kind}")
    match value:
        case Container(kind="list" | "tuple" | "set" | "frozenset" | "dict" as name):
            return Outside(f"{BUILTIN}{name}")
        case Module() | Outside(name="sys"):
            return Outside("types.ModuleType")
        case Function():
            return Outside("types.FunctionType")
        case Outside(name=name) if name.endswith("()") and not name.startswith(BUILTIN):
            return Outside(name + _CLASS)
    return None


def has_attribute(value: Value, name: str) -> bool | None:
    """Return whether a plain value, or a built-in class, has an attribute; None where that is not known.

    >>> has_attribute(Fixed(None), "__getitem__"), has_attribute(some("str"), "join"), has_attribute(Outside("x"), "y")
    (False, True, None)
    """
    cls = _builtin(value.kind if isinstance(value, Container) else kind_of(value)) or built_in_class(value)
    return None if cls is None else hasattr(cls, name)


def built_in_class(value: Value) -> type | None:
    """Return the built-in class that a value is, if it is one."""
    is_one = isinstance(value, Outside) and value.name.startswith(BUILTIN)
    return _builtin(value.name.removeprefix(BUILTIN)) if is_one and isinstance(value, Outside) else None


def is_instance(value: Value, kind: Outside) -> bool | None:
    """Return whether a number, a text, or what a library gave is of a class of no analysed package.

    >>> is_instance(Fixed(1), Outside("builtins.int")), is_instance(Outside("gmpy2.mpz()"), Outside("gmpy2.mpz"))
    (True, True)
    """
    known = _builtin(kind_of(value))
    wanted = _builtin(kind.name.removeprefix(BUILTIN)) if kind.name.startswith(BUILTIN) else None
    if kind.name == "types.NoneType":
        wanted = types.NoneType
    if known is not None and wanted is not None:
        return issubclass(known, wanted)
    if kind.name.endswith(_CLASS):
        # The class of what a library gave is none that others are registered with.
        given = kind.name.removesuffix(_CLASS)
        if isinstance(value, Outside) and value.name in {given, f"{given}()"}:
            return True
        return False if known is not None else None
    if isinstance(value, Outside) and value.name == f"{kind.name}()":
        return True
    return None


def inherits(cls: Class, kind: Outside) -> bool | None:
    """Return whether a class certainly has another, of no analysed package, among its bases; None: nobody knows."""
    wanted = _builtin(kind.name.removeprefix(BUILTIN)) if kind.name.startswith(BUILTIN) else None
    for base in cls.foreign:
        if not isinstance(base, Outside):
            continue
        known = _builtin(base.name.removeprefix(BUILTIN)) if base.name.startswith(BUILTIN) else None
        if base.name == kind.name or (known is not None and wanted is not None and issubclass(known, wanted)):
            return True
    return None


def _builtin(name: str) -> type | None:
    if name == "NoneType":
        return types.NoneType
    found = getattr(builtins, name, None) if name else None
    return found if isinstance(found, type) else None


def arithmetic(name: str, left: Value, right: Value) -> Value:
    """Return what an operator gives for two numbers of which only the classes are known."""
    kinds = {kind_of(left), kind_of(right)} - {"bool"} or {"int"}
    if kinds == {"int"} and name in _OF_INTEGERS:
        return some("int")
    if kinds <= {"int", "float"} and name in _OF_INTEGERS | {"truediv"}:
        return some("float")
    return None


def made(kind: str, value: Value, base: Value = None) -> Value:
    """Return what `int(value)` or `float(value)` gives where `value` is no object with methods of its own."""
    try:
        match value:
            case str() if base is None and len(value) < _LONGEST:
                return Fixed(int(value) if kind == "int" else float(value))
            case Fixed(value=int() | float() as held):
                return Fixed(int(held) if kind == "int" else float(held))
    except (ValueError, OverflowError):
        return some(kind)
    return some(kind)


_LONGEST = 100
"""Characters of a text that is read as a number."""
