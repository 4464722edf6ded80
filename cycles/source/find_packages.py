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
from cycles.source.build_configuration import PROJECT_FILES
from cycles.source.root_packages import Root, find_root, is_regular, packages_in, python_files

_PROJECT_MARKS = (*PROJECT_FILES, ".git")
_LOOKED_AT = 20_000
"""Folders that are searched for what may have been meant: this may be somebody's home, and it is only for a hint."""


@dataclass(frozen=True, slots=True)
class Location:
    """Which packages are asked for, and the roots whose modules make the graph; the first ones hold the packages.

    `possible` are plain folders next to those packages, which belong to them where an import resolves to a file there.
    Packages, and the names that belong to installed ones, are looked for in the `folders`. Paths are reported relative
    to `base`, the project's folder. `read_as` says which folders were read by another name: as asked, and as meant.
    `asked` are the arguments, by their dotted names where these mean the same.
    """

    packages: tuple[str, ...]
    roots: tuple[Root, ...]
    folders: tuple[Path, ...]
    base: Path
    possible: tuple[Root, ...] = ()
    read_as: tuple[tuple[str, str], ...] = ()
    asked: tuple[str, ...] = ()

    @property
    def own_roots(self) -> tuple[Root, ...]:
        """The roots that hold the packages asked for."""
        tops = {package.partition(".")[0] for package in self.packages}
        return tuple(root for root in self.roots if root.name in tops)


def locate(packages: str | Sequence[str], *, roots: Sequence[str] = (), folders: Sequence[Path]) -> Location:
    """Find packages (each a dotted name, a path, or a folder of packages) and further `roots` below one of `folders`.

    Returns the roots in the order given, each once. Raises CyclesError where one is not found or is a single module.
    """
    names: dict[str, None] = {}
    found: dict[str, Root] = {}
    possible: dict[str, Root] = {}
    asked: list[str] = []
    for package in (packages,) if isinstance(packages, str) else packages:
        targets = list(_targets(package, folders))
        single = targets[0] if len(targets) == 1 else None
        asked.append(single[0] if single and find_root(single[1].name, folders) == single[1] else package)
        for name, root, certain in targets:
            if certain:
                names[name] = None
            (found if certain else possible).setdefault(root.name, root)
    if not found:
        names, found, possible = dict.fromkeys(possible), possible, {}
    # A path says where a package is: nothing of that name elsewhere can be meant.
    searched = tuple(dict.fromkeys((*(folder.parent for root in found.values() for folder in root.folders), *folders)))
    for other in roots:
        name, source_root = _as_name(other, folders)
        root = _find(name or other, (source_root,) if source_root else searched)
        found.setdefault(root.name, root)
    first = next(iter(found.values()))
    return Location(
        packages=tuple(names),
        roots=tuple(found.values()),
        folders=searched,
        base=project_folder(first.folders[0].parent),
        possible=tuple(root for name, root in possible.items() if name not in found),
        asked=tuple(asked),
    )


def _targets(package: str, folders: Sequence[Path]) -> Iterator[tuple[str, Root, bool]]:
    """Yield the dotted names that an argument means, each with the root that holds it; and whether that is certain.

    A plain folder inside a folder asked for is not: whether it is a package shows only in the imports.
    """
    name, source_root = _as_name(package, folders)
    path = Path(os.path.abspath(folders[0] / (package if source_root else os.path.join(*name.split(".")))))
    if os.path.isdir(path) and not is_regular(path) and _stands_for_others(path, folders):
        yield from contents_of(path, package)
    else:
        yield name, _find(name, (source_root,) if source_root else folders), True


def contents_of(folder: Path, asked: str) -> Iterator[tuple[str, Root, bool]]:
    """Yield the packages that a folder stands for as `_targets` does; raises CyclesError where there is none."""
    inner = packages_in(folder)
    if not inner:
        raise CyclesError(f'no Python module in "{asked}" ({folder}); name a folder that holds .py files')
    yield from ((root.name, root, root.is_module or is_regular(root.folders[0])) for root in inner)


def _stands_for_others(folder: Path, folders: Sequence[Path]) -> bool:
    """Whether a plain folder is known to be no package.

    Packages are looked for in it, it has no name to import it by, it is a project, or no name leads to a Python file in
    it.
    """
    is_project = any((folder / name).is_file() for name in PROJECT_FILES)
    nameless = not folder.name.isidentifier()
    return folder in folders or nameless or is_project or next(python_files(folder), None) is None


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
    """Return the dotted name that `package` means and, where it is a path, the source root of that name.

    The name is empty where the path is such a source root itself.
    """
    if not package:
        raise CyclesError("the name of a package is empty; name one, such as shop.orders, or a path")
    if all(part.isidentifier() for part in package.split(".")) and not package.endswith(".py"):
        return package, None
    path = Path(os.path.abspath(folders[0] / package))
    if not os.path.exists(path):
        raise PackageNotFoundError(package, str(folders[0]), *_suggestion(package, folders))
    if path.is_file() and path.suffix != ".py":
        raise CyclesError(
            f'"{package}" is neither a package folder nor a Python file; name a package, such as shop.orders'
        )
    top = path if path.is_dir() else path.parent
    if path.is_file() and not is_regular(top):
        raise CyclesError(
            f'"{package}" is a single module outside any package; name the package whose modules import each other'
        )
    if is_regular(top):
        while is_regular(top.parent):
            top = top.parent
        source_root = top.parent
    else:
        source_root = _namespace_source_root(top, folders)
    relative = path.relative_to(source_root).with_suffix("") if path.is_file() else path.relative_to(source_root)
    parts = [part for part in relative.parts if part != "__init__"]
    return ".".join(parts), source_root


def _namespace_source_root(folder: Path, folders: Sequence[Path]) -> Path:
    """Return where the dotted name of a folder without `__init__.py` begins: the deepest source root above it."""
    above = [root for root in folders if folder.is_relative_to(root)]
    named = [root for root in above if all(part.isidentifier() for part in folder.relative_to(root).parts)]
    return max(named, key=lambda root: len(root.parts), default=folder.parent)


def _find(name: str, folders: Sequence[Path]) -> Root:
    """Return the root package that holds a dotted name; raises CyclesError where there is none."""
    top = name.partition(".")[0]
    found = find_root(top, folders)
    if found and found.is_module:
        # A script that has the name of a package further on is hardly what is meant.
        packages = (folder / top for folder in folders if is_regular(folder / top))
        package = next(packages, None)
        if package:
            return Root(top, (package,))
        message = f'"{name}" is a single module ({found.folders[0]}.py), not a package; '
        raise CyclesError(message + "name the package whose modules import each other, or their folder")
    if not found:
        raise PackageNotFoundError(name, str(folders[0]), *_suggestion(name, folders))
    if is_regular(found.folders[0]):
        return found
    portions = tuple(folder for folder in found.folders if next(python_files(folder), None))
    if not portions:
        raise CyclesError(f'no Python module in "{name}" ({found.folders[0]}); name a folder that holds .py files')
    return Root(top, portions)


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
    tops = sorted({entry.name for folder in folders for entry in _children(folder) if is_regular(entry)})
    return tuple(difflib.get_close_matches(name.partition(".")[0], tops)), ""


def _packages_below(folder: Path) -> Iterator[str]:
    """Yield the dotted names of the regular packages below `folder`, nearest first; at most 20,000 folders are seen."""
    waiting, seen = [folder], 0
    while waiting and seen < _LOOKED_AT:
        here = waiting.pop(0)
        for entry in _children(here):
            seen += 1
            waiting.append(entry)
            if is_regular(entry):
                yield ".".join(entry.relative_to(folder).parts)


def _children(folder: Path) -> list[Path]:
    try:
        return sorted(entry for entry in folder.iterdir() if entry.name.isidentifier() and entry.is_dir())
    except OSError:
        return []


def project_folder(source_root: Path) -> Path:
    """The nearest folder at or above `source_root` that looks like a project's, or `source_root` itself."""
    for folder in (source_root, *source_root.parents):
        if any((folder / mark).exists() for mark in _PROJECT_MARKS):
            return folder
    return source_root
