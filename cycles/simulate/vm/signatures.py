"""What `inspect.signature` says of functions and classes of the analysed packages."""

from cycles.simulate.compile.instructions import FunctionCode, Outside
from cycles.simulate.vm.objects import Objects
from cycles.simulate.vm.standard_library import Given, Named, native
from cycles.simulate.vm.values import Absent, Bound, Class, Function, Made, Value

_OF = "inspect.Parameter"
_KINDS = ("POSITIONAL_ONLY", "POSITIONAL_OR_KEYWORD", "VAR_POSITIONAL", "KEYWORD_ONLY", "VAR_KEYWORD")


@native("inspect.signature", "inspect.Signature.from_callable")
def _signature(vm: Objects, given: Given, _: Named) -> Value:
    found = _parameters(vm, given[0]) if given else None
    return Made("inspect.signature", keywords=(("parameters", found),)) if found is not None else None


def _parameters(vm: Objects, called: Value) -> Value:
    """Return a table of the parameters of what is called, None where they are not known."""
    left_out = 0
    while not isinstance(called, Function):
        if isinstance(called, Bound):
            called, left_out = called.function, left_out + 1
        elif isinstance(called, Class) and called.metaclass is None and not called.foreign:
            makers = [
                found for name in ("__new__", "__init__") if not isinstance(found := vm.lookup(called, name), Absent)
            ]
            if len(makers) != 1:
                return None
            called, left_out = makers[0], left_out + 1
        else:
            return None
    code = vm.library.function(called.body)
    if code is None:
        return None
    return vm.table([(name, _parameter(name, kind, code, called)) for name, kind in _kinds(code)[left_out:]])


def _kinds(code: FunctionCode) -> list[tuple[str, str]]:
    """Return the parameters of a function in their order, each with its kind."""
    only, either, rest, named, others = _KINDS
    found = [(name, only if at < code.only else either) for at, name in enumerate(code.names[: code.positions])]
    found += [(code.rest, rest)] if code.rest else []
    found += [(name, named) for name in code.names[code.positions :]]
    return found + ([(code.keywords, others)] if code.keywords else [])


def _parameter(name: str, kind: str, code: FunctionCode, function: Function) -> Made:
    defaults: dict[str, Value] = {**dict(code.literals), **dict(function.defaults)}
    of_each: list[tuple[str, Value]] = [(one, Outside(f"{_OF}.{one}")) for one in (*_KINDS, "empty")]
    own: list[tuple[str, Value]] = [
        ("name", name),
        ("kind", Outside(f"{_OF}.{kind}")),
        ("default", defaults.get(name, dict(of_each)["empty"])),
    ]
    return Made(_OF, keywords=(*own, *of_each))
