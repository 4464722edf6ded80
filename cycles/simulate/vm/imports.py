"""Python's import system: what `import` statements do to the modules of a simulated interpreter.

The rules are those of `importlib._bootstrap` (`_find_and_load`, `_handle_fromlist`) and of the interpreter's
IMPORT_NAME and IMPORT_FROM. What fails raises Raised, in the words of CPython. Python 3.11, 3.12 and 3.13 say the same
but for what depends on the machine, which is left out: the path in parentheses at the end, after "from" since 3.13, and
since then a hint at a name that a folder of `sys.path` shadows.
"""

import sys
from collections.abc import Sequence

from cycles.simulate.compile.instructions import Fixed, Import, ImportFrom, Outside
from cycles.simulate.compile.module import Unreadable
from cycles.simulate.trampoline import Eventual, Step
from cycles.simulate.vm.calls import CIRCULAR, Calls
from cycles.simulate.vm.checkpoints import FINDERS, Load
from cycles.simulate.vm.import_record import Executed
from cycles.simulate.vm.values import (
    ABSENT,
    RUNNING,
    UNKNOWN_NAMES,
    Absent,
    Container,
    Failure,
    Frame,
    Instance,
    Module,
    Raised,
    Value,
    importing,
    perhaps,
)

_BUILT_IN_OR_NOT = {
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
    "zlib",
}
_ON_TOP_OF_THESE = {
    "bz2",
    "ctypes",
    "curses",
    "dbm",
    "idlelib",
    "lzma",
    "readline",
    "sqlite3",
    "ssl",
    "tkinter",
    "turtle",
}
_LEFT_OUT_BY_SOME = {"ensurepip", "test", "venv"}
_OF_WINDOWS = {"_winapi", "msilib", "msvcrt", "nt", "ntpath", "winreg", "winsound"}
_OF_UNIX = {"fcntl", "grp", "posix", "pty", "pwd", "resource", "syslog", "termios", "tty"}
_GONE = {"asynchat", "asyncore", "crypt", "distutils", "imp", "nis", "ossaudiodev", "smtpd", "spwd"}
_SOMETIMES_THERE = _BUILT_IN_OR_NOT | _ON_TOP_OF_THESE | _LEFT_OUT_BY_SOME | _OF_WINDOWS | _OF_UNIX | _GONE
"""Parts of the standard library that some builds, platforms or versions lack."""


class Imports(Calls):
    """A simulated interpreter that can import."""

    def import_module(self, name: str) -> Eventual[Value]:
        """Return the module of that name, imported with its packages where it is not there yet."""
        if name.partition(".")[0] not in self.library.tops:
            return self.import_elsewhere(name)
        self.asked_for.append(name)
        self._note_import(name)
        found = self.read(self.modules, name)
        if not isinstance(found, Module) or self.read(found, RUNNING) is not ABSENT:
            self.deeds += 1
        return self._find_and_load(name) if isinstance(found, Absent) else found

    def import_statement(self, statement: Import, frame: Frame) -> Step[Value] | None:
        """`import a.b.c` binds `a`; `import a.b.c as d` takes `b` of `a`, then `c` of that, as a from-import would."""
        frame.line_number = statement.line_number
        top = statement.name.partition(".")[0]
        if (frame.module.name, statement.line_number) in self.library.skipped:
            self.bind(frame, statement.alias or top, None)
            return None
        if top in self.library.tops:
            return self._import_statement(statement, frame)
        found = self.import_elsewhere(statement.name)
        self.bind(frame, statement.alias or top, found if statement.alias else Outside(top))
        return None

    def import_from(self, statement: ImportFrom, frame: Frame) -> Step[Value] | None:
        """`from module import name, …`: the module, its submodules of these names, then each name.

        There is no step where all that is named is there already, which is the common case.
        """
        frame.line_number = statement.line_number
        if statement.module is None:
            raise self._beyond(frame.module)
        if (frame.module.name, statement.line_number) in self.library.skipped:
            self._bind_unknown(statement, frame)
            return None
        if statement.module.partition(".")[0] not in self.library.tops:
            self._bind_outside(statement, frame, self.import_elsewhere(statement.module, statement.names))
            return None
        self.asked_for.append(statement.module)
        self._note_import(statement.module)
        module = self.read(self.modules, statement.module)
        if isinstance(module, Module):
            found = [(alias, self.read(module, name)) for name, alias in statement.names]
            if not any(isinstance(value, Absent) for _, value in found):
                self.deeds += self.read(module, RUNNING) is not ABSENT
                self._doubt_names(module, [name for name, _ in statement.names])
                for alias, value in found:
                    if not isinstance(value, Absent):
                        self._note_submodule(module, value)
                        self.bind(frame, alias, value)
                return None
        return self._import_from(statement, statement.module, frame)

    def _doubt_names(self, module: Module, names: Sequence[str]) -> None:
        """Say that names are taken of a module which may not have bound them.

        Once it has run, what takes them under a condition of its own, or in a `try`, knows when they are there.
        """
        for name in names:
            if perhaps(name) in module.values and self.read(module, perhaps(name)) is not ABSENT:
                runs = self.read(module, RUNNING) is not ABSENT
                if not runs and (self.uncertainty or self.is_guarded(Failure("ImportError"))):
                    continue
                self.doubt(f"it may fail at {self.place()}: it depends on what cannot be read whether {name} is bound")

    def import_elsewhere(self, name: str, names: Sequence[tuple[str, str]] = ()) -> Outside:
        """Import a module outside the roots, or `names` of it.

        It is taken to work where its failure would be caught by nobody, or it is known to be installed.
        """
        if not self._is_installed(name):
            self._look_elsewhere(name, names)
        self._note_import(name, tuple(taken for taken, _ in names))
        return Outside(name)

    def _is_installed(self, name: str) -> bool:
        """Whether a module is known to be there; raises Raised where it is known to lack, and that is caught."""
        is_there = self.library.is_installed(name)
        if is_there is False and self.guards:
            missing = Failure("ModuleNotFoundError", f"No module named {name!r}", missing=name)
            if self.is_guarded(missing):
                raise self.raised(missing)
        return bool(is_there)

    def _look_elsewhere(self, name: str, names: Sequence[tuple[str, str]]) -> None:
        """Find out whether a module may be missing; raises Raised where this world lacks it."""
        top = name.partition(".")[0]
        guards = self.guards
        # What is in it may be of another version: whoever asks in a `try` of its own thinks so.
        may_lack = (names or "." in name) and guards and guards[-1].frame is self.frames[-1]
        if top in sys.stdlib_module_names and top not in _SOMETIMES_THERE and not may_lack:
            return
        if not guards:
            self.load.asked = -1
            self.add(self.available, name, None)
            return
        if self.read(self.available, name) is not ABSENT:
            return
        failure = Failure("ModuleNotFoundError")
        if not self.is_guarded(failure):
            self.add(self.available, name, None)
        elif not self.is_one_world():
            self.may_raise(failure)
        else:
            there = self.read(self.answers, name)
            if there is ABSENT:
                there = Fixed(self.decide())
                self.write(self.answers, name, there)
            if there == Fixed(value=False):
                raise self.raised(failure)

    def _note_import(self, name: str, names: tuple[str, ...] = ()) -> None:
        """Record that the code at hand asks for a module, where somebody wants to know."""
        if self.record is None:
            return
        runner = self.load.module
        found = Executed(runner.name if runner else "", "", 0, "", name, names)
        if self.frames:
            top = inner = self.frames[-1]
            while inner.outer is not None and inner.body is None:
                inner = inner.outer
            body = next((one for one in reversed(self.frames) if one.is_body and one.module is runner), top)
            found = found._replace(
                importer=top.module.name,
                line_number=top.line_number,
                function=inner.body.name if inner.body else "",
                at=body.line_number,
            )
        self.record.add(found, certain=not self.uncertainty)

    def _note_submodule(self, package: Module, value: Value) -> None:
        """Record that a submodule is taken of its package, which would import it were it not there."""
        if self.record is not None and isinstance(value, Module) and value.name.rpartition(".")[0] == package.name:
            self._note_import(value.name)

    def _find_and_load(self, name: str) -> Step[Value]:  # noqa: C901, PLR0912  the rules are a list
        parent, _, child = name.rpartition(".")
        package: Value = None
        if parent:
            if self.read(self.modules, parent) is ABSENT:
                yield self.import_module(parent)
            found = self.read(self.modules, name)
            if not isinstance(found, Absent):
                return found
            package = self._registered(parent)
            if package is None:
                return None
            if isinstance(package, Module) and not package.is_package:
                return self._no_package(name, package)
        library = self.library
        if name in library.files:
            if self.recall(name):
                return self._registered(name)
            return (yield self._load(name, child, package))
        if name in library.namespaces:
            made = self.make(name, is_package=True, is_namespace=True)
            self._attach(child, made, parent)
            return made
        if name in library.compiled:
            self.write(self.modules, name, None)
            if isinstance(package, Module):
                self.set_name(package, child, None)
            return None
        if isinstance(package, Module):
            has_path = self.read(package, "__path__") is not ABSENT
            if package.is_namespace or has_path:
                # Another part of the package may hold it.
                return self.import_elsewhere(name)
        if self.read(self.available, FINDERS) is not ABSENT:
            return self._found_by_other(name, child, package)
        raise self._no_module(name)

    def _found_by_other(self, name: str, child: str, package: Value) -> Value:
        """Return what a finder of the program's own provides, or does not, in a `try` that asks."""
        self.import_elsewhere(name)
        self.write(self.modules, name, None)
        if isinstance(package, Module):
            self.set_name(package, child, None)
        return None

    def _load(self, name: str, child: str, package: Value) -> Step[Value]:
        """Run a module's body: it is in `sys.modules` before, and on its package only after."""
        load = self.begin(name)
        try:
            yield self._run(load, name, child, package)
        except Raised as error:
            self.end(load, name, error.failure)
            raise
        found = self._registered(name)
        self._attach(child, found, name.rpartition(".")[0])
        self.end(load, name, None)
        return found

    def _run(self, load: Load, name: str, child: str, package: Value) -> Step[Value]:
        code = self.library.module(name)
        module = load.module = self.make(name, is_package=self.library.files[name].is_package, is_namespace=False)
        if isinstance(package, Module):
            self.touch(package, importing(child), None)
        self.touch(module, RUNNING, None)
        frame = Frame(module, module.values, self.uncertainty, is_body=True)
        self.frames.append(frame)
        try:
            if self.is_blank(name):
                self.give_unknown_names(module)
            elif isinstance(code, Unreadable):
                self._refuse(code, frame)
            else:
                yield self.execute(code.code, frame)
        except Raised:
            self.write(self.modules, name, ABSENT)
            raise
        finally:
            self.frames.pop()
            self.touch(module, RUNNING, ABSENT)
            self.fill(module)
            if isinstance(package, Module):
                self.touch(package, importing(child), ABSENT)
        return None

    def _refuse(self, code: Unreadable, frame: Frame) -> None:
        """Fail as Python does on a file that it cannot parse; where it may well parse it, all about it is unknown."""
        module = frame.module
        if code.error is None:
            self.give_unknown_names(module)
            self.doubt(f"{module.name} is imported, and {code.reason}")
            return
        kind, _, text = code.error.partition(": ")
        frame.line_number = code.line_number or 1
        raise self.raised(Failure(kind, text))

    def _registered(self, name: str) -> Value:
        """Return the module that `sys.modules` has under a name."""
        found = self.read(self.modules, name)
        return None if isinstance(found, Absent) else found

    def _attach(self, child: str, found: Value, parent: str) -> None:
        """Bind a submodule that is finished on its package."""
        package = self._registered(parent) if parent else None
        if isinstance(package, Module):
            self.set_name(package, child, found)
        elif isinstance(package, Instance):
            self.set_value(package, child, found)

    def _no_package(self, name: str, parent: Module) -> Value:
        has_path = self.read(parent, "__path__") is not ABSENT
        if has_path or self.read(parent, UNKNOWN_NAMES) is not ABSENT:
            return None
        raise self._no_module(name, f"; {parent.name!r} is not a package")

    def _no_module(self, name: str, reason: str = "") -> Raised:
        """Return the ModuleNotFoundError of `import name`."""
        return self.raised(Failure("ModuleNotFoundError", f"No module named {name!r}{reason}", missing=name))

    def _beyond(self, module: Module) -> Raised:
        """Return the ImportError of a relative import that leaves the top-level package."""
        known = "." in module.name or module.is_package
        reason = "beyond top-level package" if known else "with no known parent package"
        return self.raised(Failure("ImportError", f"attempted relative import {reason}"))

    def _import_statement(self, statement: Import, frame: Frame) -> Step[Value]:
        top, *below = statement.name.split(".")
        yield self.import_module(statement.name)
        found = self._registered(top)
        if statement.alias is None:
            self.bind(frame, top, found)
            return None
        for part in below:
            found = (yield self._import_name(found, part)) if isinstance(found, Module) else None
        self.bind(frame, statement.alias, found)
        return None

    def _import_from(self, statement: ImportFrom, name: str, frame: Frame) -> Step[Value]:
        module = yield self.import_module(name)
        if not isinstance(module, Module):
            yield self._import_of_object(statement, module, frame)
            return None
        if module.is_package:
            yield self._import_submodules(module, [name for name, _ in statement.names])
        for asked, alias in statement.names:
            if asked == "*":
                yield self._import_star(module, frame)
            else:
                self.bind(frame, alias, (yield self._import_name(module, asked)))
                self._doubt_names(module, [asked])
        return None

    def _bind_unknown(self, statement: ImportFrom, frame: Frame) -> None:
        """Bind names of which nothing is known."""
        for name, alias in statement.names:
            if name == "*":
                self.give_unknown_names(frame.module)
            else:
                self.bind(frame, alias, None)

    def _bind_outside(self, statement: ImportFrom, frame: Frame, module: Outside) -> None:
        """Bind names of a module that is not analysed."""
        for name, alias in statement.names:
            if name == "*":
                self.give_unknown_names(frame.module)
            else:
                self.bind(frame, alias, Outside(f"{module.name}.{name}"))

    def _import_of_object(self, statement: ImportFrom, owner: Value, frame: Frame) -> Step[Value]:
        """Take names of what has taken the place of a module: an object, or what nobody knows."""
        for name, alias in statement.names:
            if name == "*":
                self.give_unknown_names(frame.module)
                continue
            found: Value = None
            if isinstance(owner, Instance):
                found = yield self._member_or_submodule(owner, name, f"{statement.module}.{name}")
            self.bind(frame, alias, found)
        return None

    def _member_or_submodule(self, owner: Instance, name: str, full: str) -> Step[Value]:
        try:
            return (yield self.get(owner, name))
        except Raised as error:
            if error.failure.kind != "AttributeError":
                raise
            if full in self.library.files:
                return (yield self.import_module(full))
            named = self.read(owner, "__name__") is not ABSENT or self.lookup(owner.made_by, "__name__") is not ABSENT
            text = f"cannot import name {name!r} from '<unknown module name>' (unknown location)"
            raise self.raised(Failure("ImportError", None if named else text)) from None

    def _import_submodules(self, package: Module, names: Sequence[str], *, listed: bool = False) -> Step[Value]:
        """`_handle_fromlist`: import the submodules that are asked for and are no attributes yet."""
        for name in names:
            if name == "*":
                every = self.read(package, "__all__")
                if not listed and isinstance(every, Container):
                    yield self._import_submodules(package, self._texts(every), listed=True)
                continue
            here = self.read(package, name)
            if not isinstance(here, Absent):
                self._note_submodule(package, here)
                continue
            full = f"{package.name}.{name}"
            value: Value = None
            if self.read(package, UNKNOWN_NAMES) is ABSENT:
                try:
                    value = yield self.attribute(package, name, silent=True)
                except Raised as error:
                    if error.failure.kind != "AttributeError":
                        raise
                    yield self._import_submodule(full)
                    continue
            registered = self.read(self.modules, full)
            unknown = self.read(package, name) is ABSENT and not self.is_of_every_module(package, name)
            if value is None and unknown and registered is ABSENT and full in self.library.files:
                yield self._perhaps_import(full)
        return None

    def _import_submodule(self, name: str) -> Step[Value]:
        try:
            yield self.import_module(name)
        except Raised as error:
            if error.failure.kind != "ModuleNotFoundError" or error.failure.missing != name:
                raise
        return None

    def _perhaps_import(self, name: str) -> Step[Value]:
        """Import a submodule that is only imported if its package has no attribute of that name."""
        decided = self.decide()
        if decided is not None:
            if decided:
                yield self._import_submodule(name)
            return None
        self.uncertainty += 1
        try:
            yield self.import_module(name)
        except Raised as error:
            self.note(error.failure)
        finally:
            self.uncertainty -= 1
        return None

    def _import_name(self, module: Module, name: str) -> Step[Value]:
        """IMPORT_FROM: an attribute, or else the submodule that `sys.modules` has under that name."""
        try:
            return (yield self.attribute(module, name, silent=True))
        except Raised as error:
            if error.failure.kind != "AttributeError":
                raise
        found = self.read(self.modules, f"{module.name}.{name}")
        if not isinstance(found, Absent):
            return found
        text, runs = f"cannot import name {name!r} from {module.name!r}", self.read(module, RUNNING) is not ABSENT
        if runs:
            text = f"cannot import name {name!r} from partially initialized module {module.name!r} {CIRCULAR}"
        missing = self.raised(Failure("ImportError", text, of_cycle=runs, asked=(module.name, name)))
        if self.has_unknown_names(module):
            self.note_unknown_names(missing.failure, module)
        elif not self.is_put_there(missing.failure, module, name):
            raise missing
        return None

    def _import_star(self, module: Module, frame: Frame) -> Step[Value]:
        """Bind what `__all__` lists, or all public names so far."""
        listed = self.read(module, "__all__")
        if isinstance(listed, Container):
            for name in self._texts(listed):
                self.bind(frame, name, (yield self.attribute(module, name)))
            if self.is_whole(listed):
                return None
        # A list that is not known may name private names too.
        private = "_<" if listed is ABSENT else "<"
        for name, value in list(self.read_all(module).items()):
            if name[0] not in private:
                self.bind(frame, name, value)
        if listed is not ABSENT or self.has_unknown_names(module):
            self.give_unknown_names(frame.module)
        return None

    def _texts(self, listed: Container) -> list[str]:
        return [one for one in self.items_of(listed) if isinstance(one, str)]
