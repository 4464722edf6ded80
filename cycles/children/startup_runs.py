"""Really import what an application starts with, several times, and say what that loads and what each module costs.

This runs the code of the modules, in processes of their own. The first of them notes every import that is executed;
it also writes the byte code that the others read, as the second start of an application does.
"""

import ast
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from cycles.children.first_import_runs import ChildResult, first_import, outcome_of
from cycles.children.run_python import Ended, Interpreter, Processes
from cycles.errors import CyclesError
from cycles.limits import MEASURED_RUNS
from cycles.model import FirstImport
from cycles.processes import temporary_folder
from cycles.source.text_bindings import forget_texts

_TEXTS = [Path(__file__).with_name(name) for name in ("first_import_child.py", "startup_child.py")]
_FUTURE = "from __future__ import annotations"
_MOST_BYTES = 60_000_000
"""What is read of a child's result, which has a line for each of its imports: code that it runs may write there too."""


@dataclass(frozen=True, slots=True)
class Start:
    """What an application starts with: statements to run, or the file of a script; and what people call it."""

    name: str
    code: str = ""
    script: str = ""


@dataclass(frozen=True, slots=True, order=True)
class LoadedModule:
    """A module that was loaded, or whose import failed (`there` says which), and what its own body took.

    `parent` is the module that was being imported then, "" where there was none; `path` is its file, if it has one.
    """

    name: str
    parent: str
    path: str | None
    nanoseconds: int
    kilobytes: int
    there: bool = True


class ExecutedImport(NamedTuple):
    """An import that was executed, whether it loaded something or not.

    Where it stands in a function, `body` is the module whose import called that, and `body_line` the line that it had
    reached. The function of a statement in the body of a module or class is "".
    """

    importer: str
    line_number: int
    imported: str
    body: str
    body_line: int
    function: str


@dataclass(frozen=True, slots=True)
class GarbageCollection:
    """A garbage collection, and the module that was being imported then, "" where there was none.

    Of a full one `nanoseconds` is what it took, which no module's own time holds: it comes to whatever module is there,
    and takes the longer the more there is. Of others it is 0: they are about what the module itself has made.
    """

    module: str
    nanoseconds: int = 0


@dataclass(frozen=True, slots=True)
class ImportRun:
    """One run of a child: what it took in all, and the modules, in the order in which their imports began.

    `collections` are those of the garbage, in their order. `edited` are the modules whose text was another. Without a
    failure, `entry` says that all went well.
    """

    entry: FirstImport
    nanoseconds: int = 0
    kilobytes: int = 0
    modules: tuple[LoadedModule, ...] = ()
    collections: tuple[GarbageCollection, ...] = ()
    imports: tuple[ExecutedImport, ...] = ()
    edited: tuple[str, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether all of the entry was imported."""
        return self.entry.error is None and self.entry.reason is None


class Children:
    """Children that import one entry, one after the other: so that none takes time from another."""

    def __init__(self, start: Start, interpreter: Interpreter, folder: Path) -> None:
        """Results and edited texts are written into a folder that the children do not search."""
        self._start, self._interpreter, self._folder = start, interpreter, folder
        first, second = (path.read_text(encoding="utf-8") for path in _TEXTS)
        # Only the first statement of a text may be about the future.
        self._text = f"{first}\n{second.replace(_FUTURE, 'pass', 1)}\n"
        self._processes = Processes()
        self._count = 0

    def run(self, texts: Mapping[str, tuple[str, str]] | None = None, *, traced: bool = False) -> ImportRun:
        """Import the entry once, some modules (each with its file) from other texts.

        Raises CyclesError where the interpreter cannot be started, and where what comes first fails.
        """
        self._count += 1
        path, edits = str(self._folder / f"run-{self._count}"), ""
        if texts:
            edits = str(self._folder / f"texts-{self._count}")
            Path(edits).write_text(ascii(dict(texts)), encoding="ascii")
        entry = ("script", self._start.script) if self._start.script else ("code", self._start.code)
        interpreter = self._interpreter
        arguments = (list(interpreter.source_folders), interpreter.setup, entry, edits, path)
        ended = self._processes.run(f"{self._text}\nimport_measured(*{arguments!a}, traced={traced})\n", interpreter)
        found = _read(path, ended, self._start.name, interpreter)
        if os.path.exists(path):
            os.unlink(path)
        return found


def measure(
    start: Start, interpreter: Interpreter, *, progress: Callable[[str], None] = lambda _: None
) -> tuple[ImportRun, ...]:
    """Import an entry in fresh interpreters: once to note what is executed, and then several times for the time.

    A run that fails is the last one. Raises CyclesError where what comes before the entry fails already.
    """
    runs = []
    with temporary_folder() as folder:
        children = Children(start, interpreter, folder)
        for number in range(1 + MEASURED_RUNS):
            progress(f"importing {start.name}, {number + 1} of {1 + MEASURED_RUNS}")
            runs.append(children.run(traced=not number))
            if not runs[-1].complete:
                break
    forget_texts()
    return tuple(runs)


def _read(path: str, ended: Ended, name: str, interpreter: Interpreter) -> ImportRun:
    """Return what a child wrote; only where it wrote nothing, how it ended says what happened."""
    try:
        with open(path, encoding="ascii") as file:
            header, strings, *lines = file.read(_MOST_BYTES).splitlines()
        written, (nanoseconds, kilobytes), (modules_end, further), edited = ast.literal_eval(header)
        names = ast.literal_eval(strings)
        outcome = outcome_of(written, ended)
        imports_begin = modules_end + further
        modules = tuple(_module(line, names) for line in lines[:modules_end])
        collections = tuple(_collection(line, names) for line in lines[modules_end:imports_begin])
        imports = tuple(_import(line, names) for line in lines[imports_begin:])
    except (OSError, ValueError, SyntaxError, TypeError, IndexError):
        outcome, nanoseconds, kilobytes = ChildResult(None, ended), 0, 0
        modules, collections, imports, edited = (), (), (), []
    if outcome.done is not None and outcome.done < 0:
        raise CyclesError(f"the code of --setup fails ({outcome.error}); correct it")
    entry = first_import(name, outcome, interpreter)
    return ImportRun(entry, nanoseconds, kilobytes, modules, collections, imports, tuple(edited))


def _module(line: str, names: list[str]) -> LoadedModule:
    name, parent, path, nanoseconds, kilobytes, there = map(int, line.split())
    return LoadedModule(names[name], names[parent], names[path] or None, nanoseconds, kilobytes, bool(there))


def _collection(line: str, names: list[str]) -> GarbageCollection:
    name, nanoseconds = map(int, line.split())
    return GarbageCollection(names[name], nanoseconds)


def _import(line: str, names: list[str]) -> ExecutedImport:
    importer, line_number, imported, body, body_line, function = map(int, line.split())
    return ExecutedImport(names[importer], line_number, names[imported], names[body], body_line, names[function])
