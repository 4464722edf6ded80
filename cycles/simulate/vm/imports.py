"""Python's import system over a simulated interpreter: what `import` statements do to its modules.

The rules are those of `importlib._bootstrap` (`_find_and_load`, `_handle_fromlist`) and of the interpreter's
IMPORT_NAME and IMPORT_FROM. Every function is a step for `drive`; what fails raises Raised.
"""

import sys

from cycles.simulate.compile.instructions import Import, ImportFrom, Names
from cycles.simulate.compile.module import Unreadable
from cycles.simulate.trampoline import Step
from cycles.simulate.vm.attributes import attribute, doubt_name, is_open, unknown_name
from cycles.simulate.vm.cells import Recording
from cycles.simulate.vm.errors import beyond, cannot_import, no_module
from cycles.simulate.vm.guards import is_guarded, may_raise
from cycles.simulate.vm.recalling import abandon, begin, keep, recall
from cycles.simulate.vm.state import Frame, State
from cycles.simulate.vm.values import RUNNING, STANDARD, Exhausted, Module, Raised, Value

_SOMETIMES_THERE = frozenset(
    # What some builds and platforms lack, or some versions.
    [
        "_bz2",
        "_ctypes",
        "_curses",
        "_dbm",
        "_gdbm",
        "_lzma",
        "_sqlite3",
        "_ssl",
        "_tkinter",
        "_uuid",
        "_winapi",
        "bz2",
        "crypt",
        "ctypes",
        "curses",
        "dbm",
        "ensurepip",
        "fcntl",
        "grp",
        "idlelib",
        "lzma",
        "msilib",
        "msvcrt",
        "nis",
        "nt",
        "ntpath",
        "ossaudiodev",
        "posix",
        "pty",
        "pwd",
        "readline",
        "resource",
        "sqlite3",
        "spwd",
        "ssl",
        "syslog",
        "termios",
        "test",
        "tkinter",
        "tty",
        "turtle",
        "venv",
        "winreg",
        "winsound",
        "zlib",
        "distutils",
        "imp",
        "asynchat",
        "asyncore",
        "smtpd",
    ]
)
_IMPORTERS = frozenset({"importlib", "pkgutil", "runpy", "unittest", "doctest", "multiprocessing", "imp", "zipimport"})


def import_module(state: State, name: str) -> Step[Value]:  # noqa: C901, PLR0912  the rules are a list
    """The module of that name, imported with its packages where it is not there yet."""
    state.saw_module(name)
    if name in state.modules:
        return state.modules[name]
    parent, _, child = name.rpartition(".")
    package: Value = None
    if parent:
        state.saw_module(parent)
        if parent not in state.modules:
            yield import_module(state, parent)
        if name in state.modules:
            return state.modules[name]
        package = state.modules.get(parent)
        if package is None:
            return None
        if isinstance(package, Module) and not package.is_package:
            return _no_package(state, name, package)
    library = state.library
    if name in library.files:
        if recall(state, name):
            return state.modules.get(name)
        return (yield _load(state, name, child, package))
    if name in library.namespaces:
        found = state.make(name, is_package=True, is_namespace=True)
        _attach(state, child, found, parent)
        return found
    if name in library.compiled:
        state.write(state.modules, name, None)
        if isinstance(package, Module):
            state.set_name(package, child, None)
        return None
    if isinstance(package, Module):
        state.saw_name(package, "__path__")
    if isinstance(package, Module) and (package.is_namespace or "__path__" in package.names):
        # Another part of the package may hold it.
        return from_elsewhere(state, name)
    raise state.place(no_module(name))


def import_statement(state: State, statement: Import, frame: Frame) -> Step[Value] | None:
    """`import a.b.c` binds `a`; `import a.b.c as d` takes `b` of `a`, then `c` of that, as a from-import would."""
    top = statement.name.partition(".")[0]
    if top in state.library.tops:
        return _import_statement(state, statement, frame)
    state.bind(frame, statement.alias or top, from_elsewhere(state, statement.name))
    return None


def import_from(state: State, statement: ImportFrom, frame: Frame) -> Step[Value] | None:
    """`from module import name, …`: the module, its submodules of these names, then each name.

    There is no step where all that is named is there already, which is the common case.
    """
    if statement.module is None:
        raise state.place(beyond(frame.module))
    if statement.module.partition(".")[0] not in state.library.tops:
        _bind_unknown(state, statement.names, frame, from_elsewhere(state, statement.module, names=True))
        return None
    state.saw_module(statement.module)
    found = state.modules.get(statement.module)
    if not isinstance(found, Module):
        return _import_from(state, statement.module, statement.names, frame)
    if found.serial <= state.mark:
        for name, _ in statement.names:
            state.saw_name(found, name)
    if not all(name in found.names for name, _ in statement.names):
        return _import_from(state, statement.module, statement.names, frame)
    for name, alias in statement.names:
        state.bind(frame, alias, found.names[name])
    return None


def _import_statement(state: State, statement: Import, frame: Frame) -> Step[Value]:
    name = statement.name
    top, *below = name.split(".")
    yield import_module(state, name)
    state.saw_module(top)
    found: Value = state.modules.get(top)
    if statement.alias is None:
        state.bind(frame, top, found)
        return None
    for part in below:
        found = (yield _import_name(state, found, part)) if isinstance(found, Module) else None
    state.bind(frame, statement.alias, found)
    return None


def _import_from(state: State, module: str, names: tuple[tuple[str, str], ...], frame: Frame) -> Step[Value]:
    found = yield import_module(state, module)
    if not isinstance(found, Module):
        _bind_unknown(state, names, frame, None)
        return None
    if found.is_package:
        yield _import_submodules(state, found, tuple(name for name, _ in names))
    for name, alias in names:
        if name == "*":
            yield _import_star(state, found, frame)
        else:
            state.bind(frame, alias, (yield _import_name(state, found, name)))
    return None


def _bind_unknown(state: State, names: tuple[tuple[str, str], ...], frame: Frame, value: Value) -> None:
    """Bind names of a module that cannot be read."""
    for name, alias in names:
        if name == "*":
            state.open(frame.module)
        else:
            state.bind(frame, alias, value)


def from_elsewhere(state: State, name: str, *, names: bool = False) -> Value:
    """An import of a module outside the roots. It is taken to work where its failure would be caught by nobody."""
    top = name.partition(".")[0]
    guards = state.guards
    here = bool(guards) and bool(state.frames) and guards[-1].frame is state.frames[-1]
    value = STANDARD if top in sys.stdlib_module_names and top not in _IMPORTERS else None
    known = top in sys.stdlib_module_names and top not in _SOMETIMES_THERE
    if known and not (here and (names or "." in name)):
        return value
    if not guards:
        state.saw_guard(-1)
        state.take_available(name)
        return value
    state.saw_available(name)
    if name in state.available:
        return value
    error = Raised("ModuleNotFoundError", None)
    if not is_guarded(state, error):
        state.take_available(name)
    elif state.world is None:
        may_raise(state, error)
    else:
        state.saw(state.answers, name)
        if name not in state.answers:
            state.write(state.answers, name, bool(state.decide()))
        if not state.answers[name]:
            raise state.place(error)
    return value


def _load(state: State, name: str, child: str, package: Value) -> Step[Value]:
    """Run a module's body: it is in `sys.modules` before, on its package only after."""
    recording = begin(state)
    try:
        found = yield _run(state, recording, name, child, package)
    except Raised as error:
        keep(state, recording, name, error)
        raise
    except Exhausted:
        abandon(state, recording)
        raise
    keep(state, recording, name, None)
    return found


def _run(state: State, recording: Recording, name: str, child: str, package: Value) -> Step[Value]:
    library = state.library
    code = library.module(name)
    parent = name.rpartition(".")[0]
    state.saw_module(parent)
    module = state.make(name, is_package=library.files[name].is_package, is_namespace=False)
    recording.module = module
    if isinstance(package, Module):
        state.mark_module(package, child)
    state.mark_module(module, RUNNING)
    state.frames.append(Frame(module, module.names, state.doubt, is_body=True))
    try:
        if name in state.bare:
            state.open(module)
        elif isinstance(code, Unreadable):
            _refuse(state, name, code)
        else:
            yield state.execute(state, code.code, state.frames[-1])
    except Raised:
        state.unmake(name)
        raise
    finally:
        state.frames.pop()
        state.unmark_module(module, RUNNING)
        if isinstance(package, Module):
            state.unmark_module(package, child)
    found = state.modules.get(name)
    _attach(state, child, found, parent)
    return found


def _refuse(state: State, name: str, code: Unreadable) -> None:
    """Fail as Python does on a file that it cannot parse; where it may well parse it, all about it is unknown."""
    module = state.frames[-1].module
    if code.error is None:
        state.open(module)
        if state.possible is None:
            state.possible = f"{name} is imported, and {code.reason}"
        return
    kind, _, text = code.error.partition(": ")
    state.frames[-1].line_number = code.line_number or 1
    raise state.place(Raised(kind, text))


def _attach(state: State, child: str, found: Value, parent: str) -> None:
    """Bind a submodule that is finished on its package."""
    state.saw_module(parent)
    package = state.modules.get(parent)
    if isinstance(package, Module):
        state.set_name(package, child, found)


def _no_package(state: State, name: str, parent: Module) -> Value:
    state.saw_name(parent, "__path__")
    state.saw_open(parent)
    if "__path__" in parent.names or parent in state.opened:
        return None
    raise state.place(no_module(name, parent.name))


def _import_submodules(state: State, package: Module, names: tuple[str, ...], *, all_of: bool = False) -> Step[Value]:
    """`_handle_fromlist`: import the submodules that are asked for and are no attributes yet."""
    for name in names:
        if name == "*":
            state.saw_name(package, "__all__")
            listed = package.names.get("__all__")
            if not all_of and isinstance(listed, Names):
                yield _import_submodules(state, package, listed.names, all_of=True)
            continue
        state.saw_name(package, name)
        if name in package.names:
            continue
        full = f"{package.name}.{name}"
        state.saw_open(package)
        try:
            value = None if package in state.opened else (yield attribute(state, package, name, silent=True))
        except Raised as error:
            if error.kind != "AttributeError":
                raise
            yield _import_submodule(state, full)
        else:
            state.saw_module(full)
            if (
                value is None
                and unknown_name(state, package, name)
                and full in state.library.files
                and full not in state.modules
            ):
                yield _perhaps_import(state, full)
    return None


def _import_submodule(state: State, name: str) -> Step[Value]:
    try:
        yield import_module(state, name)
    except Raised as error:
        if error.kind != "ModuleNotFoundError" or error.missing != name:
            raise
    return None


def _perhaps_import(state: State, name: str) -> Step[Value]:
    """Import a submodule that is only imported if its package has no attribute of that name."""
    decided = state.decide()
    if decided is not None:
        if decided:
            yield _import_submodule(state, name)
        return None
    state.doubt += 1
    try:
        yield import_module(state, name)
    except Raised as error:
        state.note(error)
    finally:
        state.doubt -= 1
    return None


def _import_name(state: State, module: Module, name: str) -> Step[Value]:
    """IMPORT_FROM: an attribute, or else the submodule that `sys.modules` has under that name."""
    state.saw_name(module, name)
    if name in module.names:
        return module.names[name]
    try:
        return (yield attribute(state, module, name, silent=True))
    except Raised as error:
        if error.kind != "AttributeError":
            raise
    full = f"{module.name}.{name}"
    state.saw_module(full)
    if full in state.modules:
        return state.modules[full]
    state.saw_mark(module, RUNNING)
    failure = state.place(cannot_import(module, name))
    if is_open(state, module):
        doubt_name(state, failure, module)
        return None
    raise failure


def _import_star(state: State, module: Module, frame: Frame) -> Step[Value]:
    """Bind what `__all__` lists, or all public names so far."""
    state.saw_name(module, "__all__")
    if "__all__" not in module.names:
        state.saw_names(module)
        for name, value in list(module.names.items()):
            if not name.startswith("_"):
                state.bind(frame, name, value)
        if is_open(state, module):
            state.open(frame.module)
        return None
    listed = module.names["__all__"]
    if not isinstance(listed, Names):
        state.saw_names(module)
        for name, value in list(module.names.items()):
            state.bind(frame, name, value)
        state.open(frame.module)
        return None
    for name in listed.names:
        state.saw_name(module, name)
        if name in module.names:
            state.bind(frame, name, module.names[name])
            continue
        value = yield attribute(state, module, name)
        state.bind(frame, name, value)
    return None
