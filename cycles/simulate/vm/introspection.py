"""Calls that look at objects: `dir`, `inspect.getmembers`, `inspect.signature`, `__subclasses__` and the like."""

from cycles.simulate.compile.instructions import Fixed, FunctionCode, Outside
from cycles.simulate.trampoline import Eventual, Step
from cycles.simulate.vm.classes_and_instances import BLURRED, PLAIN_TYPES, Objects
from cycles.simulate.vm.computed_names import known_names
from cycles.simulate.vm.control import FALSE, TRUE
from cycles.simulate.vm.natives import Given, Named, Native, native
from cycles.simulate.vm.values import (
    Absent,
    Bound,
    Class,
    Container,
    Function,
    Instance,
    Made,
    Module,
    Namespace,
    Raised,
    Value,
)

_OF_EVERY_OBJECT = frozenset(dir(object))
_PARAMETER = "inspect.Parameter"
_KINDS = ("POSITIONAL_ONLY", "POSITIONAL_OR_KEYWORD", "VAR_POSITIONAL", "KEYWORD_ONLY", "VAR_KEYWORD")


@native("builtins.dir")
def _dir(vm: Objects, given: Given, _: Named) -> Eventual[Value]:
    here = vm.frames[-1]
    owner: Value = given[0] if given else here.module if here.is_body else None
    hook = vm.read(owner, "__dir__") if isinstance(owner, Module) else vm.method(owner, "__dir__")
    if isinstance(hook, Function | Bound):
        return vm.call(hook)
    names = _names(vm, owner)
    return None if names is None else vm.collection("list", sorted(names), more=_has_more(vm, owner))


def _names(vm: Objects, owner: Value) -> set[str] | None:
    """Return the names that an object, a class or a module is known to have; None where it is none of these."""
    if not isinstance(owner, Instance | Class | Module):
        return None
    if isinstance(owner, Module):
        found = known_names(vm, (Made("globals", (owner,)),))
        return {name for name, _ in found[0] if isinstance(name, str)} if found else None
    cls = owner.made_by if isinstance(owner, Instance) else owner
    places: list[Namespace] = [owner, cls, *cls.order]
    names = {*_OF_EVERY_OBJECT}
    for place in places:
        names.update(name for name in vm.read_all(place) if not name.startswith("<"))
    return names


def _has_more(vm: Objects, owner: Value) -> bool:
    """Whether an object, a class or a module may have other names too."""
    if isinstance(owner, Module):
        return vm.has_unknown_names(owner)
    if not isinstance(owner, Instance | Class):
        return True
    cls = owner.made_by if isinstance(owner, Instance) else owner
    foreign = any(not (isinstance(base, Outside) and base.name in PLAIN_TYPES) for base in cls.foreign)
    return foreign or any(BLURRED in place.values for place in (owner, cls, *cls.order))


@native("inspect.getmembers", "inspect.getmembers_static")
def _members(vm: Objects, given: Given, named: Named) -> Step[Value]:
    owner = given[0] if given else None
    test = given[1] if len(given) > 1 else named.get("predicate")
    names = _names(vm, owner)
    if names is None:
        return None
    found: list[Value] = []
    more = _has_more(vm, owner)
    for name in sorted(names):
        try:
            value = yield vm.get(owner, name)
        except Raised as error:
            if error.failure.kind != "AttributeError":
                raise
            continue
        if test is not None and name in _OF_EVERY_OBJECT and (value is None or isinstance(value, Outside)):
            # What every object has is rarely what is looked for.
            continue
        kept = TRUE if test is None else (yield vm.truth((yield vm.call(test, (value,)))))
        if kept == TRUE:
            found.append(vm.collection("tuple", (name, value)))
        more = more or kept is None
    return vm.collection("list", found, more=more)


def _is(kinds: type | tuple[type, ...]) -> Native:
    def tell(_vm: Objects, given: Given, _: Named) -> Value:
        value = given[0] if given else None
        if isinstance(value, kinds):
            return TRUE
        known = isinstance(value, Class | Function | Module | Instance | Container | str | Fixed)
        return FALSE if known else None

    return tell


native("inspect.isclass")(_is(Class))
native("inspect.isfunction")(_is(Function))
native("inspect.ismodule")(_is(Module))
native("inspect.ismethod")(_is(Bound))


@native("builtins.type.__subclasses__")
def _subclasses(vm: Objects, given: Given, _: Named) -> Value:
    """Return the classes that name one among their bases: of all modules, in the order in which they were made."""
    cls = given[0] if given else None
    found: list[Value] = []
    # What this gives depends on all that has been imported.
    for module in vm.read_all(vm.modules).values():
        for made in module.allocated[: module.used] if isinstance(module, Module) else ():
            if isinstance(made, Class) and cls in made.bases and made not in found:
                found.append(made)
    return vm.collection("list", found, more=vm.ran_unknown_code())


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
    of_each: list[tuple[str, Value]] = [(one, Outside(f"{_PARAMETER}.{one}")) for one in (*_KINDS, "empty")]
    own: list[tuple[str, Value]] = [
        ("name", name),
        ("kind", Outside(f"{_PARAMETER}.{kind}")),
        ("default", defaults.get(name, dict(of_each)["empty"])),
    ]
    return Made(_PARAMETER, keywords=(*own, *of_each))
