"""What is installed in an environment: where modules are, and which distribution each belongs to.

Folders and metadata are read, as `importlib.metadata` and Python's path finder would read them; no interpreter is
started, and nothing is imported.
"""

import os
import re
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from cycles.source.import_values import ModuleFile

_INFO = re.compile(r"(.+?)(?:-[^-]+)?\.(?:dist-info|egg-info)")
_RELEASE = re.compile(r"^Version:[ \t]*(\S+)", re.MULTILINE | re.IGNORECASE)
_NAME = re.compile(r"^Name:[ \t]*(\S+)", re.MULTILINE | re.IGNORECASE)
_LISTED = re.compile(r"^\"?([^\"\n,]+\.(?:py|so|pyd))\"?(?:,|$)", re.MULTILINE)
_VERSION = re.compile(r"python(\d+)\.(\d+)$")
_COMPILED = (".so", ".pyd")


@dataclass(frozen=True, slots=True)
class Found:
    """A module of an environment: its file, None of a namespace and of a compiled module; the folders of a package."""

    file: ModuleFile | None
    folders: tuple[str, ...] = ()
    is_compiled: bool = False


class Environment:
    """The modules and distributions in some folders, each looked at once."""

    def __init__(self, folders: Sequence[Path], version: tuple[int, int] = sys.version_info[:2]) -> None:
        """Nothing is read yet; `folders` are in the order of `sys.path`, those of path files follow them."""
        self.folders = tuple(dict.fromkeys([*map(str, folders), *_added_by_path_files(folders)]))
        self.version = version
        self._found: dict[str, Found | None] = {}
        self._names: dict[str, frozenset[str]] = {}

    def find(self, name: str) -> Found | None:
        """Return a module by its dotted name; None where there is none. The standard library is not looked for."""
        if name not in self._found:
            self._found[name] = self._find(name)
        return self._found[name]

    def is_installed(self, name: str) -> bool | None:
        """Whether there is a module of that name; None of one of the standard library, which builds may lack."""
        if name.partition(".")[0] in sys.stdlib_module_names:
            return None
        return self.find(name) is not None

    def version_of(self, distribution: str) -> str | None:
        """Return the version of a distribution as its metadata have it; None where it is not installed."""
        return self._versions.get(normalized(distribution))

    def distribution_of(self, module: str) -> str:
        """Return the distribution that a module belongs to, by the files that each lists.

        Where none does, that is the top-level name.
        """
        top = module.partition(".")[0]
        owners = self._owners.get(top, frozenset())
        if len(owners) == 1:
            return next(iter(owners))
        if owners:
            name = module
            while name:
                if name in self._owner_of_module:
                    return self._owner_of_module[name]
                name = name.rpartition(".")[0]
            return min(owners)
        return top

    def distributions(self) -> frozenset[str]:
        """Return the names of all distributions."""
        return frozenset(name for owners in self._owners.values() for name in owners)

    def modules_of(self, distribution: str) -> frozenset[str]:
        """Return the top-level names that a distribution has a part in."""
        wanted = normalized(distribution)
        return frozenset(
            top for top, owners in self._owners.items() if any(normalized(owner) == wanted for owner in owners)
        )

    @cached_property
    def _versions(self) -> dict[str, str]:
        return {normalized(name): version for name, (version, _) in self._listed.items()}

    @cached_property
    def _owners(self) -> dict[str, frozenset[str]]:
        found: dict[str, set[str]] = defaultdict(set)
        for name, (_, tops) in self._listed.items():
            for top in tops:
                found[top].add(name)
        return {top: frozenset(owners) for top, owners in found.items()}

    @cached_property
    def _listed(self) -> dict[str, tuple[str, dict[str, list[str]]]]:
        """Each distribution's version, and its files by the top-level name that they belong to, as its metadata say."""
        found: dict[str, tuple[str, dict[str, list[str]]]] = {}
        for folder in self.folders:
            for entry in sorted(self._in(folder)):
                if _INFO.fullmatch(entry):
                    name, version, tops = _metadata(os.path.join(folder, entry))
                    # The first one of a name is the one that counts, as on `sys.path`.
                    found.setdefault(name, (version, tops))
        return found

    @cached_property
    def _owner_of_module(self) -> dict[str, str]:
        """The distribution of each module below top-level names that several distributions share."""
        shared = {top for top, owners in self._owners.items() if len(owners) > 1}
        return {
            module: name
            for name, (_, tops) in self._listed.items()
            for top in shared & tops.keys()
            for path in tops[top]
            if (module := _module_at(path))
        }

    def _find(self, name: str) -> Found | None:
        parent, _, last = name.rpartition(".")
        if parent:
            package = self.find(parent)
            folders: Sequence[str] = package.folders if package else ()
        else:
            folders = self.folders
        portions: list[str] = []
        for folder in folders:
            names, place = self._in(folder), os.path.join(folder, last)
            if last in names:
                inner = self._in(place)
                if "__init__.py" in inner:
                    file = ModuleFile(name, os.path.join(place, "__init__.py"), is_package=True, folder=place)
                    return Found(file, (place,))
                if any(one.startswith("__init__.") and one.endswith(_COMPILED) for one in inner):
                    return Found(None, (place,), is_compiled=True)
            if any(one.startswith(f"{last}.") and one.endswith(_COMPILED) for one in names):
                return Found(None, is_compiled=True)
            if f"{last}.py" in names:
                return Found(ModuleFile(name, f"{place}.py", is_package=False, folder=place))
            if last in names and os.path.isdir(place):
                portions.append(place)
        return Found(None, tuple(portions)) if portions else None

    def _in(self, folder: str) -> frozenset[str]:
        """The names in a folder; none where it cannot be read."""
        if folder not in self._names:
            try:
                self._names[folder] = frozenset(os.listdir(folder))
            except OSError:
                self._names[folder] = frozenset()
        return self._names[folder]


def environment_of(python: str | None, others: Sequence[Path]) -> Environment:
    """Return the environment of an interpreter, given by its path, or else the one that some folders make.

    Where packages of an interpreter are follows from where it is; it is not started.
    """
    if python is None:
        return Environment(others, next((found for folder in others if (found := _version(folder))), _running()))
    folders = list(_site_folders(Path(python)))
    return Environment(folders, next((found for folder in folders if (found := _version(folder))), _running()))


def normalized(distribution: str) -> str:
    """Return the name of a distribution as it is compared: PyPA, "Names and normalization"."""
    return re.sub(r"[-_.]+", "-", distribution).lower()


def _running() -> tuple[int, int]:
    return sys.version_info[:2]


def _version(folder: Path) -> tuple[int, int] | None:
    """Return the release of Python that the path of a folder of packages names."""
    found = _VERSION.search(folder.parent.as_posix())
    return (int(found[1]), int(found[2])) if found else None


def _site_folders(python: Path) -> Iterator[Path]:
    """Yield the folders of packages of an interpreter: next to the executable, or to what it links to."""
    tops = dict.fromkeys([python.absolute().parent.parent, python.resolve().parent.parent])
    # A wrong name directly below the root would find the packages of the system next to it.
    for top in (one for one in tops if python.exists() or one != one.parent):
        found = [
            *sorted(top.glob("lib/python*/site-packages")),
            *sorted(top.glob("Lib/site-packages")),
            *sorted(top.glob("lib/python3/dist-packages")),
        ]
        yield from (folder for folder in found if folder.is_dir())
        if found:
            return


def _added_by_path_files(folders: Sequence[Path]) -> Iterator[str]:
    """Yield the folders that the path files in some folders name, as `site` reads them; code in them is left alone."""
    for folder in folders:
        for file in sorted(folder.glob("*.pth")):
            try:
                lines = file.read_text(encoding="utf-8", errors="replace").splitlines()
            except OSError:
                continue
            for line in map(str.strip, lines):
                if line and not line.startswith(("#", "import ", "import\t")):
                    path = os.path.join(folder, line)
                    if os.path.isdir(path):
                        yield os.path.normpath(path)


def _metadata(folder: str) -> tuple[str, str, dict[str, list[str]]]:
    """Return the name of a distribution, its version, and its modules' files by top-level name."""
    entry = os.path.basename(folder)
    found = _INFO.fullmatch(entry)
    fallback = found[1] if found else entry
    about = _text(os.path.join(folder, "METADATA")) or _text(os.path.join(folder, "PKG-INFO"))
    named = _NAME.search(about)
    tops: dict[str, list[str]] = defaultdict(list)
    for path in _LISTED.findall(_text(os.path.join(folder, "RECORD"))):
        first = path.partition("/")[0]
        if "/" in path and first.isidentifier():
            tops[first].append(path)
        elif "/" not in path:
            tops[path.partition(".")[0]].append(path)
    if not tops:
        for top in _text(os.path.join(folder, "top_level.txt")).split():
            tops[top].append(f"{top}.py")
    release = _RELEASE.search(about)
    return (named[1] if named else fallback), (release[1] if release else ""), dict(tops)


def _module_at(path: str) -> str:
    """Return the module that a file of a distribution is."""
    parts = path.split("/")
    parts[-1] = parts[-1].partition(".")[0]
    if parts[-1] == "__init__":
        parts.pop()
    return ".".join(parts)


def _text(path: str) -> str:
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read()
    except OSError:
        return ""
