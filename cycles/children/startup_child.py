"""Import what an application starts with, and write what that loaded, and what each module cost, to a file.

The text runs behind that of `first_import_child.py`, in one namespace with it. It imports nothing that is a file, so
that what is measured finds the interpreter as it would be, and takes hold of all that it needs before the first import.

Each import that loads something goes through `_frozen_importlib._find_and_load`, also those that are made in C: there
is no public place that sees where an import ends. A statement whose module is there already does not come that way:
`builtins.__import__` sees it, in a run of its own, for Python is slower with it.
"""

from __future__ import annotations  # so that Python 3.8 runs it, too

import _frozen_importlib
import _thread
import builtins
import gc
import os
import sys
import time

importing = vars(_frozen_importlib)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from types import CodeType, FrameType, ModuleType

    from cycles.children.first_import_child import _described, _is_body


_FUNCTION = 1
"""What marks the code of a function, but not that of a module or a class (CO_OPTIMIZED)."""
_FROZEN = ("importlib._bootstrap", "importlib._bootstrap_external", "_frozen_importlib", "_frozen_importlib_external")
_MACHINERY = (*_FROZEN, "importlib")
_BLOCK = 1 << 20
_OLDEST = 2
"""The generation of a full garbage collection."""


def import_measured(
    source_folders: list[str], setup: str, entry: tuple[str, str], edits: str, path: str, *, traced: bool
) -> None:
    """Import an entry, write what became of that to a new file, and end the process.

    Args:
        source_folders: those that are not on the path join it behind the working directory.
        setup: what is run first, in a namespace of its own; it is not measured.
        entry: `("code", statements)`, or `("script", path)` for the body of a script.
        edits: a file with the texts that some modules are to have, "" for none.
        path: the file to write: a header, the strings, then the modules and the imports by numbers of strings.
        traced: whether each import statement is noted as it is executed, instead of the time.

    """
    # What an imported module may replace.
    leave, create, write, close, identify = os._exit, os.open, os.write, os.close, os.getpid
    failure, length = BaseException, len
    new, process = os.O_WRONLY | os.O_CREAT | os.O_EXCL, identify()
    modules, now = sys.modules, time.process_time_ns
    known = {os.path.realpath(folder) for folder in sys.path}
    sys.path[1:1] = [folder for folder in source_folders if os.path.realpath(folder) not in known]
    done, found, total, grown = -1, None, 0, 0
    memory = _memory()
    clock, trace, edited = _Clock(modules, memory), _Trace(modules), _Edited(edits)
    before: set[str] = set()
    try:
        exec(compile(setup, "<setup>", "exec", dont_inherit=True), {"__name__": "__main__"})  # noqa: S102  the user's
        done = 0
        code, names = _entry(entry, modules)
        code = edited.of_script(code) if entry[0] == "script" else code
        edited.install()
        before = set(modules)
        clock.install()
        if traced:
            trace.install()
        kilobytes, begin = memory(), now()
        try:
            exec(code, names)  # noqa: S102  it is what we are asked for
        finally:
            total, grown = now() - begin, memory() - kilobytes
        done = 1
    except failure as error:
        if done == 0 and isinstance(error, SystemExit) and entry[0] == "script":
            done = 1  # a script that says itself that it is done
        else:
            try:
                found = _described(error)
            except failure:
                found = ([("an exception that cannot be shown", [])], {})
    if identify() == process:
        text = _written((done, False, found), (total, grown), clock, trace, before, edited)
        data, channel = text.encode(), create(path, new)
        for start in range(0, length(data), _BLOCK):
            write(channel, data[start : start + _BLOCK])
        close(channel)
    leave(0)


def _entry(entry: tuple[str, str], modules: dict[str, ModuleType]) -> tuple[CodeType, dict[str, object]]:
    """The code of an entry, and the namespace that it runs in: that of a script is the one of `__main__`."""
    kind, text = entry
    if kind == "code":
        return compile(text, "<entry>", "exec", dont_inherit=True), {"__name__": "__main__"}
    with open(text, "rb") as file:
        code = compile(file.read(), text, "exec", dont_inherit=True)
    main = type(os)("__main__")
    vars(main).update({"__file__": text, "__builtins__": builtins})
    modules["__main__"] = main
    sys.path[0] = os.path.dirname(os.path.abspath(text))
    sys.argv[:] = [text]
    return code, vars(main)


def _memory() -> Callable[[], int]:
    """What tells the kilobytes of memory in use; where the system does not say, the most that were."""
    try:
        pages = open("/proc/self/statm", "rb", buffering=0)  # noqa: SIM115  it stays open
        size = os.sysconf("SC_PAGE_SIZE") // 1024
    except (OSError, ValueError, AttributeError):
        try:
            import resource  # noqa: PLC0415  not everywhere, and a file
        except ImportError:
            return lambda: 0
        unit = 1024 if sys.platform == "darwin" else 1
        return lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // unit

    seek, read = pages.seek, pages.read

    def kilobytes() -> int:
        seek(0)
        return int(read().split()[1]) * size

    return kilobytes


class _Clock:
    """What each import took that loaded something: its own processor time and memory, without those within it."""

    def __init__(self, modules: dict[str, ModuleType], memory: Callable[[], int]) -> None:
        self.modules, self.memory = modules, memory
        # In the order in which they began.
        self.rows: dict[str, _Cost] = {}
        # The module that was being imported at each garbage collection, and what that took if it was a full one.
        self.collections: list[tuple[str, int]] = []

    def install(self) -> None:
        """Take the time from now on."""
        original = importing["_find_and_load"]
        modules, memory, rows = self.modules, self.memory, self.rows
        # A thread of its own has a time of its own: that of the process would count the others twice.
        now, thread = getattr(time, "thread_time_ns", time.process_time_ns), _thread.get_ident
        main = thread()
        tops: dict[int, _Loading | None] = {}
        begun = 0

        def find_and_load(name: str, *rest: object) -> object:
            if name in modules:
                return original(name, *rest)
            own = thread()
            above = importer = tops.get(own)
            loading = tops[own] = _Loading(name, above)
            cost = rows.setdefault(name, _Cost())
            # A module comes after the packages around it: its own body is not the one that imports these. And they may
            # import it before it has its turn, so the last one counts.
            while importer and importer.name.startswith(f"{name}."):
                importer = importer.above
            cost.parent = importer.name if importer else ""
            counts = own == main  # memory belongs to all threads
            kilobytes = memory() if counts else 0
            begin = now()
            try:
                return original(name, *rest)
            finally:
                took, grown = now() - begin, memory() - kilobytes if counts else 0
                tops[own] = above
                cost.nanoseconds += took - loading.nanoseconds
                cost.kilobytes += grown - loading.kilobytes
                if above:
                    above.nanoseconds += took
                    above.kilobytes += grown

        def collect(phase: str, about: dict[str, int]) -> None:
            nonlocal begun
            if phase == "start":
                begun = now()
                return
            took = now() - begun if about["generation"] == _OLDEST else 0
            loading = tops.get(thread())
            self.collections.append((loading.name if loading else "", took))
            # A full one is about all that is there, whatever module it happens to.
            if loading:
                loading.nanoseconds += took

        gc.callbacks.append(collect)
        importing["_find_and_load"] = find_and_load


class _Cost:
    """What the import of a module took, and the one that was under way then."""

    __slots__ = ("kilobytes", "nanoseconds", "parent")

    def __init__(self) -> None:
        self.parent = ""
        self.nanoseconds = self.kilobytes = 0


class _Loading:
    """An import under way, and what those within it took."""

    __slots__ = ("above", "kilobytes", "name", "nanoseconds")

    def __init__(self, name: str, above: _Loading | None) -> None:
        self.name, self.above = name, above
        self.nanoseconds = self.kilobytes = 0


class _Trace:
    """Every import statement that is executed, whether it loads something or not, and calls of `import_module`."""

    def __init__(self, modules: dict[str, ModuleType]) -> None:
        self.modules = modules
        # Importer, line, module, whose body was running, its line, the function: in the order in which they came.
        self.rows: dict[tuple[str, int, str, str, int, str], None] = {}

    def install(self) -> None:
        """Note what is executed from now on."""
        by_statement, by_call = builtins.__import__, importing["_gcd_import"]
        frame_at, modules, note = sys._getframe, self.modules, self._note  # noqa: SLF001

        def import_statement(
            name: str,
            globals: dict[str, object] | None = None,  # noqa: A002  Python's own names
            locals: dict[str, object] | None = None,  # noqa: A002
            fromlist: Sequence[str] | None = (),
            level: int = 0,
        ) -> object:
            try:
                return by_statement(name, globals, locals, fromlist, level)
            finally:
                target = _absolute(name, globals or {}, level)
                note(frame_at(1), [target, *_taken(target, fromlist or (), modules)], globals)

        def import_module(name: str, *rest: object) -> object:
            try:
                return by_call(name, *rest)
            finally:
                package = rest[0] if rest else ""
                level = rest[1] if len(rest) > 1 and type(rest[1]) is int else 0
                note(_caller(frame_at(1)), [_absolute(name, {"__package__": package}, level)])

        builtins.__import__ = import_statement  # type: ignore[assignment]
        importing["_gcd_import"] = import_module

    def _note(self, frame: FrameType | None, targets: Sequence[str], names: dict[str, object] | None = None) -> None:
        """Note what a statement imported, of that which is there; `names` are the globals that it gives.

        Compiled code has no frame: the one that is found belongs to the import system, which imports unseen.
        """
        if frame is None or frame.f_globals is globals():
            return
        importer, line = str(frame.f_globals.get("__name__")), frame.f_lineno or 0
        if importer in _FROZEN:
            importer, line = str((names or {}).get("__name__", importer)), 0
            if importer in _FROZEN or importer not in self.modules:
                return
        deferred = bool(line and frame.f_code.co_flags & _FUNCTION)
        body: FrameType | None = frame
        while deferred and body is not None and not _is_body(body):
            body = body.f_back
        owner, at, function = importer, line, ""
        if deferred:
            function = frame.f_code.co_name
            if body is not None:
                owner, at = str(body.f_globals.get("__name__")), body.f_lineno or 0
        for target in targets:
            if target in self.modules:
                self.rows[importer, line, target, owner, at, function] = None


def _caller(frame: FrameType | None) -> FrameType | None:
    """The frame that asks the import system for a module."""
    while frame is not None and frame.f_globals.get("__name__") in _MACHINERY:
        frame = frame.f_back
    return frame


def _absolute(name: str, names: dict[str, object], level: int) -> str:
    """The whole name of what a statement names."""
    if not level:
        return str(name)
    package = names.get("__package__")
    if type(package) is not str:
        own = str(names.get("__name__"))
        package = own if "__path__" in names else own.rpartition(".")[0]
    parts = package.split(".")
    return ".".join([*parts[: len(parts) - level + 1], *([name] if name else [])])


def _taken(target: str, fromlist: Sequence[str], modules: dict[str, ModuleType]) -> Iterator[str]:
    """The modules below a target that a statement takes of it."""
    names = list(fromlist)
    if "*" in names:
        offered = _own_names(modules.get(target)).get("__all__")
        names = list(offered) if isinstance(offered, (list, tuple)) else []
    for name in names:
        if f"{target}.{name}" in modules:
            yield f"{target}.{name}"


def _own_names(module: object) -> dict[str, object]:
    """The names of a module, without asking it: it may be lazy."""
    try:
        names = object.__getattribute__(module, "__dict__")
    except BaseException:  # noqa: BLE001  it may be anything
        return {}
    return names if type(names) is dict else {}


class _Edited:
    """A finder in front of all others, for modules whose text is edited: the others find them, and say what they are.

    Their code is made before anything is measured.
    """

    def __init__(self, path: str) -> None:
        self.codes: dict[str, tuple[str, CodeType]] = {}
        self.made: dict[str, None] = {}
        if path:
            with open(path, encoding="utf-8") as file:
                texts = eval(file.read(), {})  # noqa: S307  our own literal
            for module, (origin, text) in texts.items():
                self.codes[module] = (origin, compile(text, origin, "exec", dont_inherit=True))

    def install(self) -> None:
        """Find what is edited from now on."""
        if self.codes:
            sys.meta_path.insert(0, self)  # type: ignore[arg-type]

    def of_script(self, code: CodeType) -> CodeType:
        """The code of a script, which no finder finds."""
        if "__main__" not in self.codes:
            return code
        self.made["__main__"] = None
        return self.codes["__main__"][1]

    def find_spec(self, name: str, path: object = None, target: object = None) -> object:
        """What the other finders find, with the edited code in it."""
        if name not in self.codes:
            return None
        origin, code = self.codes[name]
        finders: list[object] = list(sys.meta_path)
        for finder in finders:
            find = None if finder is self else getattr(finder, "find_spec", None)
            spec = find(name, path, target) if find else None
            if spec is None:
                continue
            loader = spec.loader
            if hasattr(loader, "get_code") and os.path.realpath(str(spec.origin)) == os.path.realpath(origin):
                loader.get_code = lambda _: code
                self.made[name] = None
            return spec
        return None


def _written(
    outcome: tuple[int, bool, object],
    total: tuple[int, int],
    clock: _Clock,
    trace: _Trace,
    before: set[str],
    edited: _Edited,
) -> str:
    """Everything as text: a literal, the strings as another, then rows of numbers, for literals are slow to read."""
    rows, modules = clock.rows, clock.modules
    numbers: dict[str, int] = {}

    def number(text: str) -> int:
        return numbers.setdefault(str(text), len(numbers))

    lines = []
    loaded = [name for name in list(modules) if type(name) is str and name not in before]
    for name in dict.fromkeys([*rows, *loaded]):
        cost = rows.get(name) or _Cost()
        file = _own_names(modules.get(name)).get("__file__")
        origin = file if type(file) is str else ""
        there = int(name in modules)
        places = f"{number(name)} {number(cost.parent)} {number(origin)}"
        lines.append(f"{places} {cost.nanoseconds} {cost.kilobytes} {there}")
    counts = [len(lines), len(clock.collections)]
    lines += [f"{number(module)} {nanoseconds}" for module, nanoseconds in clock.collections]
    for importer, line, target, owner, at, function in list(trace.rows):
        lines.append(f"{number(importer)} {line} {number(target)} {number(owner)} {at} {number(function)}")
    header = (outcome, total, counts, sorted(edited.made))
    return "\n".join([ascii(header), ascii(list(numbers)), *lines])
