"""List the modules below a root package: files, compiled modules, and what cannot be imported.

The rules are Python's own: a package hides the module next to it, a module hides the plain folder
next to it, and a folder without `__init__.py` is a namespace package (PEP 420).
"""

import os
import stat
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from cycles.source.file_text import relative_path
from cycles.source.import_values import ModuleFile, Skipped
from cycles.source.module_names import inside, module_expression
from cycles.source.root_packages import Root

_COMPILED = (".so", ".pyd")
_NO_FILE = (
    (stat.S_ISDIR, "a folder that is called like a Python file"),
    (stat.S_ISFIFO, "not a regular file: a named pipe"),
    (stat.S_ISSOCK, "not a regular file: a socket"),
    (stat.S_ISCHR, "not a regular file: a device"),
    (stat.S_ISBLK, "not a regular file: a device"),
)


@dataclass(frozen=True, slots=True)
class Files:
    """Module files sorted by name, the names of compiled modules, what was not read, and the modules left out."""

    modules: tuple[ModuleFile, ...]
    compiled: frozenset[str]
    skipped: tuple[Skipped, ...]
    excluded: frozenset[str] = frozenset()


def find_files(names: Iterable[str], roots: Sequence[tuple[str, Sequence[Path]]]) -> Files:
    """Find the files of modules that are known to be there, and the compiled modules next to them.

    Far cheaper than a `Listing`, for no other folder is looked into.
    """
    found: dict[str, ModuleFile] = {}
    compiled: set[str] = set()
    listed: dict[str, frozenset[str]] = {}
    folders = [(root, str(folder)) for root, its in roots for folder in its]
    for name in sorted(names):
        for root, folder in folders:
            if not inside(name, root):
                continue
            place = os.path.join(folder, *name.split(".")[root.count(".") + 1 :])
            if name == root or os.path.basename(place) in _listed(os.path.dirname(place), listed):
                inner = _listed(place, listed)
                compiled.update(f"{name}.{file.partition('.')[0]}" for file in inner if file.endswith(_COMPILED))
                if "__init__.py" in inner:
                    found.setdefault(
                        name, ModuleFile(name, os.path.join(place, "__init__.py"), is_package=True, folder=folder)
                    )
            if f"{os.path.basename(place)}.py" in _listed(os.path.dirname(place), listed):
                found.setdefault(name, ModuleFile(name, f"{place}.py", is_package=False, folder=folder))
    return Files(tuple(found.values()), frozenset(compiled - found.keys()), ())


def _listed(folder: str, listed: dict[str, frozenset[str]]) -> frozenset[str]:
    """The names in a folder, listed once; none where it is no folder or cannot be read."""
    if folder not in listed:
        try:
            listed[folder] = frozenset(os.listdir(folder))
        except OSError:
            listed[folder] = frozenset()
    return listed[folder]


class Listing:
    """What walks over folders have found so far, without opening a file; `base` is what paths are relative to."""

    def __init__(self, base: Path, exclude: Sequence[str] = ()) -> None:
        """Nothing is listed yet; modules whose names match a pattern of `exclude` are left out.

        Raises CyclesError where one is no such pattern.
        """
        self.base = base
        self.exclude = [module_expression(pattern) for pattern in exclude]
        self.excluded: set[str] = set()
        self.modules: dict[str, ModuleFile] = {}
        self.compiled: set[str] = set()
        self.skipped: list[Skipped] = []
        self.visited: set[tuple[int, int]] = set()
        self.above: set[tuple[int, int]] = set()

    def add(self, root: Root) -> None:
        """Add the modules of a top-level package, or the one that is a module."""
        for folder in root.folders:
            if not root.is_module:
                self.add_tree(root.name, folder)
            elif not self._is_excluded(root.name):
                self.modules.setdefault(
                    root.name, ModuleFile(root.name, f"{folder}.py", is_package=False, folder=str(folder))
                )

    def files(self) -> Files:
        """Return what was found."""
        return Files(
            modules=tuple(sorted(self.modules.values(), key=lambda module: module.name)),
            compiled=frozenset(self.compiled - self.modules.keys()),
            skipped=tuple(self.skipped),
            excluded=frozenset(self.excluded),
        )

    def add_tree(self, package: str, root: Path) -> None:
        """Walk a folder; links to folders come last, so that a real folder is never called a copy of its link."""
        self.above = {(found.st_dev, found.st_ino) for found in map(os.stat, root.resolve().parents)}
        waiting, linked = [(package, str(root))], list[tuple[str, str]]()
        while waiting or linked:
            package, folder = waiting.pop() if waiting else linked.pop()
            entries = self._entries(folder)
            named = (entry for entry in entries if entry.name.isidentifier() and entry.name != "__pycache__")
            below = [entry for entry in named if os.path.isdir(entry.path)]
            regular = {entry.name for entry in below if os.path.isfile(os.path.join(entry.path, "__init__.py"))}
            plain = {stem for entry in entries if (stem := self._add_file(entry, package, regular, str(root)))}
            for entry in reversed(below):
                if entry.name not in plain:
                    (linked if entry.is_symlink() else waiting).append((f"{package}.{entry.name}", entry.path))
                elif _holds_modules(entry.path):
                    self._leave_out(entry.path, f"hidden by the module {entry.name}.py beside it")

    def _entries(self, folder: str) -> list[os.DirEntry[str]]:
        """What a folder holds, sorted; nothing where it was visited before or cannot be read."""
        try:
            status = os.stat(folder)
            entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
        except OSError as error:
            self._leave_out(folder, (error.strerror or type(error).__name__).lower())
            return []
        if (status.st_dev, status.st_ino) in self.visited:
            # Folders that lie in each other may both be source roots.
            link, other = os.path.islink(folder), "a folder that was read already, by another name of its modules"
            self._leave_out(folder, "a link to a folder that is already part of the package" if link else other)
            return []
        if (status.st_dev, status.st_ino) in self.above:
            # Python would find the package in itself, and the rest of the disk as modules of it.
            self._leave_out(folder, "a link to a folder that holds the package itself")
            return []
        self.visited.add((status.st_dev, status.st_ino))
        return entries

    def _add_file(self, entry: os.DirEntry[str], package: str, regular: set[str], root: str) -> str | None:
        """Add a file if it is a module; returns its name without `.py` then."""
        stem, _, suffix = entry.name.partition(".")
        if not stem or entry.name == "__pycache__":
            return None
        if entry.name.endswith(_COMPILED):
            self.compiled.add(f"{package}.{stem}")
        if not entry.name.endswith(".py"):
            return None
        name = package if stem == "__init__" else f"{package}.{stem}"
        reason = _why_not(entry, regular) if suffix == "py" else "a dot in its name: it cannot be imported"
        if reason is None and name in self.modules:
            reason = f"hidden by {relative_path(self.modules[name].path, self.base)}, which is found first"
        if reason:
            self._leave_out(entry.path, reason)
            return None
        if not self._is_excluded(name):
            self.modules[name] = ModuleFile(name, entry.path, stem == "__init__", root)
        return stem

    def _is_excluded(self, name: str) -> bool:
        """Whether a module is left out by its name, which is kept."""
        if not any(pattern.fullmatch(name) for pattern in self.exclude):
            return False
        self.excluded.add(name)
        return True

    def _leave_out(self, path: str, reason: str) -> None:
        self.skipped.append(Skipped(relative_path(path, self.base), None, reason))


def _why_not(entry: os.DirEntry[str], regular: set[str]) -> str | None:
    """Why a file that is called `….py` is no module, or None where it is one."""
    if not _is_text(entry.name):
        return "its name is not valid UTF-8"
    if entry.name.removesuffix(".py") in regular:
        return f"hidden by the package {entry.name.removesuffix('.py')}/ beside it"
    if os.path.isfile(entry.path):
        return None
    try:
        mode = os.stat(entry.path).st_mode
    except FileNotFoundError:
        return "a broken symbolic link" if entry.is_symlink() else "the file vanished while it was read"
    except OSError as error:
        return f"it cannot be looked at ({(error.strerror or type(error).__name__).lower()})"
    return next((reason for test, reason in _NO_FILE if test(mode)), "not a regular file")


def _is_text(name: str) -> bool:
    return not any("\ud800" <= character <= "\udfff" for character in name)


def _holds_modules(folder: str) -> bool:
    for _, directories, files in os.walk(folder):
        directories[:] = [name for name in directories if name.isidentifier()]
        if any(name.endswith(".py") for name in files):
            return True
    return False
