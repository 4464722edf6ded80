"""Calls that import modules by computed names, or reach the names of modules as objects."""

from collections.abc import Iterator

from cycles.limits import MOST_NEIGHBOURS
from cycles.simulate.compile.instructions import NONE, Code, Evaluate, Fixed, Outside
from cycles.simulate.trampoline import Eventual, Step
from cycles.simulate.vm.classes_and_instances import BLURRED, Objects
from cycles.simulate.vm.containers import MORE
from cycles.simulate.vm.control import FALSE, TRUE
from cycles.simulate.vm.natives import NATIVES, Given, Named, native, stream
from cycles.simulate.vm.values import (
    ABSENT,
    UNKNOWN_IMPORTS,
    UNKNOWN_NAMES,
    Absent,
    Class,
    Consumer,
    Container,
    Failure,
    Frame,
    Function,
    Instance,
    Made,
    Module,
    Value,
)
from cycles.source.module_names import absolute_name


@native("importlib.import_module", "importlib.__import__")
def _import_module(vm: Objects, given: Given, named: Named) -> Step[Value]:
    name = named.get("name", given[0] if given else None)
    package = named.get("package", given[1] if len(given) > 1 else None)
    if not isinstance(name, str) or not name or (name.startswith(".") and not isinstance(package, str)):
        return (yield _import_any(vm))
    full = absolute_name(name, package if isinstance(package, str) else "")
    if full is None:
        raise vm.raised(Failure("ImportError", "attempted relative import beyond top-level package"))
    return (yield vm.import_module(full))


def unknown_import(vm: Objects) -> None:
    """Say that a module is imported whose name is computed."""
    vm.deeds += 1
    vm.asked_for.append("")
    if vm.record is not None:
        vm.record.computed[vm.frames[-1].module.name, vm.frames[-1].line_number] = None
    if vm.frames[-1].is_body or not vm.uncertainty:
        vm.add(vm.reasons, UNKNOWN_IMPORTS, f"{vm.place()} imports modules whose names are computed")


def _import_any(vm: Objects) -> Step[Value]:
    """Import a module whose name is computed: that of a body most likely imports its neighbours, as plug-ins."""
    unknown_import(vm)
    here = vm.frames[-1].module
    package = here.name if here.is_package else here.name.rpartition(".")[0]
    near = [name for name in sorted(vm.library.files) if name.startswith(f"{package}.")]
    if not vm.frames[-1].is_body or len(near) > MOST_NEIGHBOURS:
        return None
    decided = vm.decide()
    if decided is None:
        vm.doubt(f"{vm.place()} imports modules whose names are computed")
    for name in near if decided else ():
        yield vm.import_module(name)
    return None


@native("builtins.__import__")
def _import(vm: Objects, given: Given, named: Named) -> Step[Value]:
    name = named.get("name", given[0] if given else None)
    level = named.get("level", given[4] if len(given) > 4 else Fixed(0))
    if not isinstance(name, str) or level != Fixed(0):
        unknown_import(vm)
        return None
    found = yield vm.import_module(name)
    fromlist = named.get("fromlist", given[3] if len(given) > 3 else NONE)
    if (yield vm.truth(fromlist)) == TRUE:
        if isinstance(found, Module) and found.is_package:
            items = yield vm.items(fromlist)
            for item in items if isinstance(items, tuple) else ():
                full = f"{found.name}.{item}" if isinstance(item, str) else ""
                if full in vm.library.files and vm.read(found, str(item)) is ABSENT:
                    yield vm.import_module(full)
        return found
    first = name.partition(".")[0]
    top = vm.read(vm.modules, first) if first in vm.library.tops else Outside(first)
    return None if isinstance(top, Absent) else top


def _children(vm: Objects, package: Module) -> Iterator[tuple[str, bool]]:
    """Yield the names of the modules in a package, and whether they are packages, as they are listed."""
    before = f"{package.name}."
    every = {*vm.library.files, *vm.library.compiled}
    for name in sorted(one for one in every if one.startswith(before) and "." not in one.removeprefix(before)):
        file = vm.library.files.get(name)
        yield name.removeprefix(before), file is not None and file.is_package


def _package(given: Given, named: Named) -> tuple[Value, Value]:
    path = named.get("path", given[0] if given else None)
    if isinstance(path, Made) and path.of == "__path__":
        path = path.arguments[0]
    return path, named.get("prefix", given[1] if len(given) > 1 else "")


@native("pkgutil.iter_modules")
def _iter_modules(vm: Objects, given: Given, named: Named) -> Value:
    package, prefix = _package(given, named)
    if not isinstance(package, Module) or not isinstance(prefix, str):
        return None
    return vm.collection("list", [_info(prefix + name, is_package) for name, is_package in _children(vm, package)])


def _info(name: str, is_package: bool) -> Made:  # noqa: FBT001  an item of a tuple
    return Made("moduleinfo", (None, name, TRUE if is_package else FALSE))


@native("pkgutil.walk_packages")
def _walk_packages(vm: Objects, given: Given, named: Named) -> Value:
    package, prefix = _package(given, named)
    if not isinstance(package, Module) or not isinstance(prefix, str):
        return None
    root, start_prefix = package, prefix

    def start(consumer: Consumer) -> Step[Value]:
        waiting = [(root, start_prefix)]
        while waiting:
            at, before = waiting.pop(0)
            for name, is_package in _children(vm, at):
                yield consumer(_info(before + name, is_package))
                if is_package:
                    found = yield vm.import_module(before + name)
                    if isinstance(found, Module):
                        waiting.insert(0, (found, f"{before}{name}."))
        return NONE

    return stream(start, vm, ())


@native("pkgutil.extend_path")
def _extend_path(vm: Objects, _given: Given, _: Named) -> Value:
    return vm.collection("list", (), more=True)


@native("__path__().append", "__path__().insert", "__path__().extend")
def _longer_path(vm: Objects, given: Given, _: Named) -> Value:
    """From there on, modules may be in other folders."""
    package = _space(given)
    if isinstance(package, Module):
        vm.set_name(package, "__path__", None)
        vm.give_unknown_names(package)
    return NONE


@native(
    "sys.meta_path.append sys.meta_path.insert sys.meta_path.extend sys.meta_path.__setitem__ "
    "sys.path_hooks.append sys.path_hooks.insert sys.path_hooks.extend sys.path_hooks.__setitem__"
)
def _finder(vm: Objects, given: Given, _: Named) -> Eventual[Value]:
    """From there on, modules may be there that no file shows, and each import asks what is given."""
    vm.add_finder()
    hooks = [
        found
        for value in given
        if isinstance(cls := value.made_by if isinstance(value, Instance) else value, Class)
        for name in ("find_spec", "find_module")
        if not isinstance(found := vm.lookup(cls, name), Absent)
    ]
    return vm.escape(hooks, NONE, "sys.meta_path") if hooks else NONE


# The names of modules, of objects, and `sys.modules`, as dicts.


@native("builtins.globals")
def _globals(vm: Objects, _given: Given, _: Named) -> Value:
    return Made("globals", (vm.frames[-1].module,))


@native("builtins.locals", "builtins.vars")
def _locals(vm: Objects, given: Given, _: Named) -> Value:
    if given:
        return (
            Made("globals" if isinstance(given[0], Module) else "attributes", given[:1])
            if isinstance(given[0], Module | Instance | Class)
            else None
        )
    frame = vm.frames[-1]
    if frame.is_body:
        return Made("globals", (frame.module,))
    return vm.table([*frame.names.items()], more=True)


@native("sys._getframe", "inspect.currentframe")
def _frame(vm: Objects, given: Given, _: Named) -> Value:
    depth = given[0].value if given and isinstance(given[0], Fixed) else 0
    frames = [frame for frame in vm.frames if not frame.inline]
    if not isinstance(depth, int) or depth >= len(frames):
        return None
    at = len(frames) - 1 - depth
    return Made("frame", (frames[at].module, Fixed(at)))


@native("inspect.stack")
def _stack(vm: Objects, _given: Given, _: Named) -> Value:
    frames = [frame for frame in vm.frames if not frame.inline]
    every = [Made("frame", (frame.module, Fixed(at))) for at, frame in enumerate(frames)]
    return vm.collection("list", every[::-1])


@native("operator.setitem")
def _set_item(vm: Objects, given: Given, _: Named) -> Eventual[Value]:
    return vm.set_item_of(*given) if len(given) == 3 else None


@native("operator.getitem")
def _get_item(vm: Objects, given: Given, _: Named) -> Eventual[Value]:
    return vm.item_of(*given) if len(given) == 2 else None


@native("inspect.getmodule")
def _module_of(vm: Objects, given: Given, _: Named) -> Value:
    """Return the module of a frame, a function, a class or an object."""
    match _first(given):
        case Module() as module:
            return module
        case Made(of="frame", arguments=(Module() as module, *_)):
            return module
        case Function(home=module):
            return module
        case Class(home=home) | Instance(made_by=Class(home=home)):
            found = vm.read(vm.modules, home)
            return None if isinstance(found, Absent) else found
    return None


def _space(given: Given) -> Value:
    return given[0].arguments[0] if given and isinstance(given[0], Made) and given[0].arguments else None


def set_item(vm: Objects, space: Made, key: Value, value: Value) -> Value:
    """`globals()[key] = value`, and the like."""
    owner = space.arguments[0]
    if isinstance(owner, Module) and not isinstance(key, str):
        vm.give_unknown_names(owner)
    elif isinstance(owner, Module) and isinstance(key, str):
        vm.set_name(owner, key, value)
    elif isinstance(owner, Instance | Class) and isinstance(key, str):
        vm.set_value(owner, key, value)
    return NONE


def get_item(vm: Objects, space: Made, key: Value) -> Value | Absent:
    """`globals()[key]`, and the like."""
    owner = space.arguments[0]
    if isinstance(owner, Module | Instance | Class) and isinstance(key, str):
        return (
            module_name(owner, key) if (found := vm.read(owner, key)) is ABSENT and isinstance(owner, Module) else found
        )
    return None


def module_name(module: Module, key: str) -> Value | Absent:
    """Return what the import system sets in every module."""
    match key:
        case "__name__":
            return module.name
        case "__package__":
            return module.name if module.is_package else module.name.rpartition(".")[0]
        case "__file__" | "__spec__" | "__builtins__" | "__doc__" | "__loader__":
            return None
    return ABSENT


@native("globals().update", "attributes().update")
def _space_update(vm: Objects, given: Given, named: Named) -> Step[Value]:
    owner = _space(given)
    made = vm.table(())
    yield NATIVES["dict.update"](vm, (made, *given[1:]), named)
    if isinstance(given[0], Made):
        for key, value in vm.pairs_of(made):
            set_item(vm, given[0], key, value)
    if isinstance(owner, Module) and not vm.is_whole(made):
        vm.give_unknown_names(owner)
    return NONE


@native("globals().setdefault", "globals().__setitem__", "attributes().setdefault", "attributes().__setitem__")
def _space_set(vm: Objects, given: Given, _: Named) -> Value:
    if len(given) < 3 or not isinstance(given[0], Made):
        return None
    return set_item(vm, given[0], given[1], given[2])


@native("globals().pop", "attributes().pop")
def _space_pop(vm: Objects, given: Given, _: Named) -> Value:
    held = get_item(vm, given[0], given[1]) if len(given) > 1 and isinstance(given[0], Made) else None
    found: Value = (given[2] if len(given) > 2 else NONE) if isinstance(held, Absent) else held
    owner, key = _space(given), given[1] if len(given) > 1 else None
    if isinstance(owner, Module) and isinstance(key, str):
        vm.set_name(owner, key, None if vm.uncertainty else ABSENT)
    elif isinstance(owner, Module):
        vm.give_unknown_names(owner)
    return found


@native("globals().get", "attributes().get", "globals().__getitem__")
def _space_get(vm: Objects, given: Given, _: Named) -> Value:
    if len(given) < 2 or not isinstance(given[0], Made):
        return None
    found = get_item(vm, given[0], given[1])
    return (given[2] if len(given) > 2 else NONE) if isinstance(found, Absent) else found


_SET_BY_IMPORT = (
    "__name__",
    "__doc__",
    "__package__",
    "__loader__",
    "__spec__",
    "__file__",
    "__cached__",
    "__builtins__",
)


def known_names(vm: Objects, given: Given) -> tuple[list[tuple[Value, Value]], bool] | None:
    """Return the names of a module, class or object with their values, and whether it has others; None: not known."""
    owner = _space(given)
    if not isinstance(owner, Module | Class | Instance):
        return None
    found = {name: value for name, value in vm.read_all(owner).items() if not name.startswith("<")}
    if isinstance(owner, Module):
        set_by_import = {
            name: None if isinstance(one := module_name(owner, name), Absent) else one for name in _SET_BY_IMPORT
        }
        found = {**set_by_import, **found}
        return [*found.items()], vm.read(owner, UNKNOWN_NAMES) is not ABSENT
    return [*found.items()], vm.read(owner, BLURRED) is not ABSENT


@native("globals().copy", "globals().keys", "attributes().copy", "attributes().keys")
def _space_copy(vm: Objects, given: Given, _: Named) -> Value:
    found = known_names(vm, given)
    return None if found is None else vm.table(found[0], more=found[1])


@native("globals().items", "attributes().items")
def _space_items(vm: Objects, given: Given, _: Named) -> Value:
    found = known_names(vm, given)
    return (
        None
        if found is None
        else vm.collection("list", [vm.collection("tuple", pair) for pair in found[0]], more=found[1])
    )


@native("globals().values", "attributes().values")
def _space_values(vm: Objects, given: Given, _: Named) -> Value:
    found = known_names(vm, given)
    return None if found is None else vm.collection("list", [value for _, value in found[0]], more=found[1])


def registry_set(vm: Objects, name: Value, value: Value) -> None:
    """`sys.modules[name] = value`."""
    if not isinstance(name, str):
        vm.run_unknown_code()
        reason = f"{vm.frames[-1].module.path} changes sys.modules in a way that cannot be read"
        vm.add(vm.reasons, UNKNOWN_IMPORTS, reason)
        return
    found = vm.read(vm.modules, name)
    if isinstance(value, Instance | Module):
        vm.write(vm.modules, name, value)
    elif isinstance(found, Module):
        vm.give_unknown_names(found)
    elif found is ABSENT:
        vm.write(vm.modules, name, None)


def registry_get(vm: Objects, name: Value) -> Value | Absent:
    """`sys.modules[name]`."""
    if isinstance(name, str) and name in vm.library.files and vm.read(vm.modules, name) is ABSENT:
        raise vm.raised(Failure("KeyError", repr(name)))
    return vm.read(vm.modules, name) if isinstance(name, str) else None


@native("sys.modules.setdefault", "sys.modules.__setitem__")
def _registry_set(vm: Objects, given: Given, _: Named) -> Value:
    registry_set(vm, given[0] if given else None, given[1] if len(given) > 1 else None)
    return None


@native("sys.modules.pop")
def _registry_pop(vm: Objects, given: Given, _: Named) -> Value:
    registry_set(vm, given[0] if given else None, None)
    return None


@native("sys.modules.update")
def _registry_update(vm: Objects, given: Given, _: Named) -> Value:
    made = given[0] if given else None
    if isinstance(made, Container) and vm.is_whole(made):
        for key, value in vm.pairs_of(made):
            registry_set(vm, key, value)
    else:
        registry_set(vm, None, None)
    return NONE


@native("sys.modules.get")
def _registry_get(vm: Objects, given: Given, _: Named) -> Value:
    name = given[0] if given else None
    found = vm.read(vm.modules, name) if isinstance(name, str) else None
    return None if isinstance(found, Absent) else found


# Code that is text.


@native("builtins.exec", "builtins.eval")
def _exec(vm: Objects, given: Given, named: Named) -> Step[Value]:
    text, space = _first(given), named.get("globals", given[1] if len(given) > 1 else None)
    code = vm.library.lowered(text, vm.frames[-1].module.name) if isinstance(text, str) else None
    frame = vm.frames[-1]
    if isinstance(space, Made) and space.of == "globals" and isinstance(space.arguments[0], Module):
        frame = Frame(space.arguments[0], space.arguments[0].values, vm.uncertainty, is_body=True)
    elif len(given) > 1 or named:
        frame = Frame(frame.module, {}, vm.uncertainty, inline=True, outer=frame)
    if code is None:
        if isinstance(space, Container):
            vm.set_value(space, MORE, None)
        if len(given) < 2 or frame.is_body:
            vm.give_unknown_names(frame.module)
        if _may_import(vm):
            unknown_import(vm)
        return None
    found = yield _run_text(vm, code, frame)
    if isinstance(space, Container):
        for name, held in frame.names.items():
            vm.put(space, name, held)
    return found


def _run_text(vm: Objects, code: Code, frame: Frame) -> Step[Value]:
    """Run the instructions of a text; returns what the last expression comes to."""
    value: Value = None
    vm.frames.append(frame)
    line_number = frame.line_number
    try:
        for instruction in code:
            if isinstance(instruction, Evaluate):
                value = yield vm.evaluate(instruction.value, frame)
            else:
                yield vm.execute((instruction,), frame)
    finally:
        frame.line_number = line_number
        vm.frames.pop()
    return value


def _may_import(vm: Objects) -> bool:
    """Whether code that is computed here may import: not where it is made of texts that do not speak of imports.

    Functions make it, from their texts and those of their modules; what they read from a file may be anything.
    """
    for frame in reversed(vm.frames):
        if frame.is_body or frame.body is None:
            return frame.is_body and frame is vm.frames[-1]
        mentions = vm.library.own_reach(frame.body).mentions
        if not _READING.isdisjoint(mentions) or vm.library.speaks_of_imports(frame.module.name):
            return True
    return True


_READING = {"open", "read", "read_text", "read_bytes", "get_data", "get_code", "get_source", "getsource", "decompress"}


@native("builtins.compile")
def _compile(_vm: Objects, given: Given, _: Named) -> Value:
    return _first(given)


def _first(given: Given) -> Value:
    return given[0] if given else None


# Lazy roots.


@native("lazy_loader.attach")
def _attach(vm: Objects, given: Given, named: Named) -> Step[Value]:
    name = named.get("package_name", given[0] if given else None)
    submodules = yield vm.items(named.get("submodules", given[1] if len(given) > 1 else NONE))
    table = named.get("submod_attrs", given[2] if len(given) > 2 else NONE)
    pairs: list[tuple[Value, Value]] = []
    listed = submodules if isinstance(submodules, tuple) else ()
    for one in listed:
        pairs.append((one, NONE))
    for home, names in vm.pairs_of(table) if isinstance(table, Container) else ():
        found = yield vm.items(names)
        pairs += [(one, home) for one in found] if isinstance(found, tuple) else []
    known = isinstance(name, str) and (not isinstance(table, Container) or vm.is_whole(table))
    if not known:
        return None
    getter = Made("lazy_getattr", (name, vm.table(pairs)))
    return vm.collection(
        "tuple", (getter, Outside("dir"), vm.collection("list", sorted_texts([one for one, _ in pairs])))
    )


def sorted_texts(values: list[Value]) -> list[Value]:
    """Return texts in their order."""
    return [*sorted(value for value in values if isinstance(value, str))]


@native("lazy_loader.attach_stub")
def _attach_stub(vm: Objects, given: Given, _: Named) -> Value:
    name = given[0] if given else None
    pairs = vm.library.stub(name) if isinstance(name, str) else None
    if pairs is None:
        return None
    found: list[tuple[Value, Value]] = [(one, home if home is not None else NONE) for one, home in pairs]
    getter = Made("lazy_getattr", (name, vm.table(found)))
    return vm.collection(
        "tuple", (getter, Outside("dir"), vm.collection("list", sorted_texts([one for one, _ in found])))
    )


@native("lazy_getattr()")
def _lazy_getattr(vm: Objects, given: Given, _: Named) -> Step[Value]:
    made, name = given[0], given[1] if len(given) > 1 else None
    if not isinstance(made, Made) or not isinstance(name, str):
        return None
    package, table = made.arguments
    home = vm.item(table, name) if isinstance(table, Container) else ABSENT
    if isinstance(home, Absent):
        text = f"No {package} attribute {name}"
        raise vm.raised(Failure("AttributeError", text, explicit=True))
    if home == NONE:
        return (yield vm.import_module(f"{package}.{name}"))
    module = yield vm.import_module(f"{package}.{home}")
    return (yield vm.get(module, name))
