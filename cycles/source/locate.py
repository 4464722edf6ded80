"""Find the root packages that a name or path means, and their folders.

Nothing is imported: packages are found by looking at folders, in the order in which Python's path
finder would (PEP 420: the first regular package wins, otherwise all portions of a namespace count).
"""

import difflib
import os
import site
import sysconfig
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from cycles.errors import CyclesError, PackageNotFoundError

_PROJECT_MARKS = ("pyproject.toml", "setup.cfg", "setup.py", ".git")
_LOOKED_AT = 20_000


@dataclass(frozen=True, slots=True)
class Root:
    """A top-level package: its name and its folder, or the folders of all portions of a namespace."""

    name: str
    folders: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class Location:
    """Which package is asked for, and the roots whose modules make the graph; the first one holds it.

    Paths are reported relative to `base`, the project's folder.
    """

    package: str
    roots: tuple[Root, ...]
    base: Path


def locate(package: str, *, roots: Sequence[str], folders: Sequence[Path]) -> Location:
    """Find `package` (a dotted name or a path) and the further `roots` below one of `folders`.

    Returns the roots in the order given, each once. Raises CyclesError where one is not found, is
    a single module, or is a folder of packages.
    """
    name, source_root = _as_name(package, folders)
    # A path says where the package is: nothing of that name elsewhere can be meant.
    found = [_find_root(name, (source_root,) if source_root else folders)]
    searched = (source_root, *folders) if source_root else tuple(folders)
    for other in roots:
        other_name, other_root = _as_name(other, folders)
        root = _find_root(other_name, (other_root,) if other_root else searched)
        if root not in found:
            found.append(root)
    return Location(package=name, roots=tuple(found), base=project_folder(found[0].folders[0].parent))


def search_folders(
    working_directory: Path, source_roots: Sequence[Path] = (), virtual_environment: str | None = None
) -> tuple[Path, ...]:
    """Return the folders in which packages are looked for, in order.

    They are the working directory, its `src`, the source roots (relative to it) and the site-packages.
    """
    local = (working_directory, working_directory / "src", *(working_directory / folder for folder in source_roots))
    return (*(folder for folder in local if folder.is_dir()), *environment_folders(virtual_environment))


def environment_folders(virtual_environment: str | None) -> tuple[Path, ...]:
    """Return the site-packages of the active virtual environment, then those of the running interpreter."""
    found: list[Path] = []
    if virtual_environment:
        top = Path(virtual_environment)
        found += sorted(top.glob("lib/python*/site-packages")) + sorted(top.glob("Lib/site-packages"))
    paths = sysconfig.get_paths()
    found += [Path(paths["purelib"]), Path(paths["platlib"])]
    if site.ENABLE_USER_SITE:
        found.append(Path(site.getusersitepackages()))
    return tuple(folder for folder in dict.fromkeys(found) if folder.is_dir())


def _as_name(package: str, folders: Sequence[Path]) -> tuple[str, Path | None]:
    """Return the dotted name that `package` means and, where it is a path, the source root of that name."""
    if not package:
        message = "the name of a package is empty; name one, such as shop.orders, or a path"
        raise CyclesError(message)
    if all(part.isidentifier() for part in package.split(".")) and not package.endswith(".py"):
        return package, None
    path = Path(os.path.abspath(folders[0] / package))
    if not os.path.exists(path):
        raise PackageNotFoundError(package, str(folders[0]), *_suggestion(package, folders))
    if path.is_file() and path.suffix != ".py":
        message = f'"{package}" is neither a package folder nor a Python file; name a package, such as shop.orders'
        raise CyclesError(message)
    top = path if path.is_dir() else path.parent
    if path.is_file() and not _is_regular(top):
        message = (
            f'"{package}" is a single module outside any package; name the package whose modules import each other'
        )
        raise CyclesError(message)
    if _is_regular(top):
        while _is_regular(top.parent):
            top = top.parent
        source_root = top.parent
    else:
        source_root = _namespace_source_root(top, folders)
    relative = path.relative_to(source_root).with_suffix("") if path.is_file() else path.relative_to(source_root)
    parts = [part for part in relative.parts if part != "__init__"]
    if not parts:
        message = f'"{package}" is a folder of packages, not a package; {_listing(path)}'
        raise CyclesError(message)
    return ".".join(parts), source_root


def _namespace_source_root(folder: Path, folders: Sequence[Path]) -> Path:
    """Return where the dotted name of a folder without `__init__.py` begins: the deepest source root above it."""
    above = [root for root in folders if folder.is_relative_to(root)]
    named = [root for root in above if all(part.isidentifier() for part in folder.relative_to(root).parts)]
    return max(named, key=lambda root: len(root.parts), default=folder.parent)


def _find_root(name: str, folders: Sequence[Path]) -> Root:
    top = name.partition(".")[0]
    portions: list[Path] = []
    single: Path | None = None
    for folder in dict.fromkeys(folders):
        candidate = folder / top
        if _is_regular(candidate):
            return Root(top, (candidate,))
        if os.path.isfile(folder / f"{top}.py"):
            single = single or folder / f"{top}.py"
        elif os.path.isdir(candidate) and next(_python_files(candidate), None):
            portions.append(candidate)
    if portions:
        return Root(top, tuple(portions))
    if single:
        message = (
            f'"{name}" is a single module ({single}), not a package; name the package whose modules import each other'
        )
        raise CyclesError(message)
    if empty := next((folder / top for folder in folders if os.path.isdir(folder / top)), None):
        message = f'no Python module in "{name}" ({empty}); name a folder that holds .py files'
        raise CyclesError(message)
    raise PackageNotFoundError(name, str(folders[0]), *_suggestion(name, folders))


def _is_regular(folder: Path) -> bool:
    return os.path.isfile(folder / "__init__.py")


def _python_files(folder: Path) -> Iterator[Path]:
    """Yield the Python files in `folder` or below, in folders that can be part of a dotted name."""
    for path, directories, files in os.walk(folder):
        directories[:] = sorted(name for name in directories if name.isidentifier() and name != "__pycache__")
        yield from (Path(path, name) for name in sorted(files) if name.endswith(".py"))


def _suggestion(name: str, folders: Sequence[Path]) -> tuple[tuple[str, ...], str]:
    """Return what may have been meant: a package of that name further down, with its folder, or one spelled alike."""
    last = name.replace("/", ".").strip(".").rpartition(".")[2]
    deeper = [
        (dotted.count("."), dotted, relative_to)
        for relative_to in ("", "src/")
        for dotted in _packages_below(folders[0] / relative_to)
        if dotted.rpartition(".")[2] == last and dotted != name
    ]
    if deeper:
        _, dotted, relative_to = min(deeper)
        return (dotted,), f"{dotted} ({relative_to}{dotted.replace('.', '/')})"
    tops = sorted({entry.name for folder in folders for entry in _children(folder) if _is_regular(entry)})
    return tuple(difflib.get_close_matches(name.partition(".")[0], tops)), ""


def _packages_below(folder: Path) -> Iterator[str]:
    """Yield the dotted names of the regular packages below `folder`, nearest first; at most 20,000 folders are seen."""
    waiting, seen = [folder], 0
    while waiting and seen < _LOOKED_AT:
        here = waiting.pop(0)
        for entry in _children(here):
            seen += 1
            waiting.append(entry)
            if _is_regular(entry):
                yield ".".join(entry.relative_to(folder).parts)


def _children(folder: Path) -> list[Path]:
    try:
        return sorted(entry for entry in folder.iterdir() if entry.name.isidentifier() and entry.is_dir())
    except OSError:
        return []


def _listing(folder: Path) -> str:
    """The packages of a source root, as a next step."""
    names = [entry.name for entry in _children(folder) if next(_python_files(entry), None)]
    if not names:
        return "there is no Python package in it"
    return f"did you mean {' or '.join(names[:5])}?"


def project_folder(source_root: Path) -> Path:
    """The nearest folder at or above `source_root` that looks like a project's, or `source_root` itself."""
    for folder in (source_root, *source_root.parents):
        if any((folder / mark).exists() for mark in _PROJECT_MARKS):
            return folder
    return source_root
