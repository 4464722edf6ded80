"""Top-level packages and modules in folders, as Python finds them (PEP 420), or as a project names them."""

import os
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from cycles.source.build_configuration import PROJECT_FILES, named_packages, workspace_members

# What is next to the packages of a project, and is no part of them unless they import it.
_SUPPORT = {"tests", "test", "testing", "docs", "doc", "examples", "example", "scripts"}
_NO_PACKAGES = {"setup", "conftest", "noxfile", "__init__", "__main__", "__pycache__"}
_MOST_MEMBERS = 200
"""Members of a workspace that are looked at: each costs the listing of a folder or two."""
_MOST_MATCHES = 20_000
"""Paths that a pattern of members may match: it can be `**`, and the folder somebody's home."""


@dataclass(frozen=True, slots=True)
class Root:
    """A top-level package: its name and its folder, or the folders of all portions of a namespace.

    A top-level module has the folder that it would have if it were a package.
    """

    name: str
    folders: tuple[Path, ...]
    is_module: bool = False


def find_root(name: str, folders: Iterable[Path]) -> Root | None:
    """Return the top-level package or module of a name: the first in some folders, else all portions of a namespace.

    A folder that holds no Python file counts as a portion too. None where there is nothing of that name.
    """
    portions: list[Path] = []
    for folder in dict.fromkeys(folders):
        found = root_in(name, folder)
        if found and (found.is_module or is_regular(found.folders[0])):
            return found
        portions += found.folders if found else ()
    return Root(name, tuple(portions)) if portions else None


def root_in(name: str, folder: Path) -> Root | None:
    """Return the top-level package or module of a name in one folder, None where there is none.

    A package hides a module, and a module hides a plain folder.
    """
    place = folder / name
    is_module = not is_regular(place) and os.path.isfile(folder / f"{name}.py")
    return Root(name, (place,), is_module) if is_module or os.path.isdir(place) else None


def is_regular(folder: Path) -> bool:
    """Whether a folder is a regular package."""
    return os.path.isfile(folder / "__init__.py")


def is_installed(folder: Path) -> bool:
    """Whether distributions are installed in a folder: site-packages, `pip install --target`, what was vendored."""
    if folder.name in ("site-packages", "dist-packages"):
        return True
    try:
        return any(name.endswith(".dist-info") for name in os.listdir(folder))
    except OSError:
        return False


def names_in(folder: Path) -> list[str]:
    """Return the names of what may be a package or a module in a folder; none where it cannot be read."""
    try:
        names = [name.removesuffix(".py") for name in os.listdir(folder)]
    except (OSError, ValueError):
        return []
    return [name for name in names if name.isidentifier()]


def python_files(folder: Path) -> Iterator[Path]:
    """Yield the Python files in `folder` or below, in folders that can be part of a dotted name."""
    for path, directories, files in os.walk(folder):
        directories[:] = sorted(name for name in directories if name.isidentifier() and name != "__pycache__")
        yield from (Path(path, name) for name in sorted(files) if name.endswith(".py"))


def packages_in(folder: Path) -> tuple[Root, ...]:
    """Return the packages, and modules outside packages, that a folder stands for, sorted; none where it has none.

    Nothing is opened but the build configuration. Plain folders that hold Python files are among them: whether they
    are packages shows only in the imports.
    """
    for found in (_configured(folder), _all_in(folder / "src"), _all_in(folder)):
        if found:
            return found
    members = sorted({root for member in _members(folder) for root in packages_in(member)}, key=lambda root: root.name)
    return tuple({root.name: root for root in reversed(members)}.values())[::-1]


def _all_in(folder: Path) -> tuple[Root, ...]:
    """Return all packages of a folder but tests, docs, examples and scripts, and the modules next to them."""
    names = {*names_in(folder)} - _SUPPORT - _NO_PACKAGES - sys.stdlib_module_names
    names = {name for name in names if not name.startswith("test_") and not _leads_back(folder / name)}
    roots = (root_in(name, folder) for name in sorted(names))
    return tuple(root for root in roots if root and (root.is_module or is_regular(root.folders[0]) or _holds(root)))


def _leads_back(path: Path) -> bool:
    """Whether a path is a link to a folder around it: Python would find the rest of the disk in it."""
    try:
        return path.is_symlink() and path.parent.resolve().is_relative_to(path.resolve())
    except (OSError, RuntimeError):
        return True


def _holds(root: Root) -> bool:
    """Whether a plain folder holds Python files, and is no virtual environment."""
    folder = root.folders[0]
    return not os.path.isfile(folder / "pyvenv.cfg") and next(python_files(folder), None) is not None


def _configured(folder: Path) -> tuple[Root, ...]:
    """Return what the build configuration of a folder names, as far as it is there."""
    found: dict[str, Root] = {}
    for where, name in named_packages(folder):
        source_root = Path(os.path.normpath(folder / where))
        if not source_root.is_relative_to(folder):
            continue
        top = name.replace("/", ".").partition(".")[0].removesuffix(".py")
        named = (root_in(top, source_root),) if top else _all_in(source_root)
        found.update((root.name, root) for root in named if root)
    return tuple(found[name] for name in sorted(found))


def _members(folder: Path) -> list[Path]:
    """Return the projects in a folder that is none itself: those of a uv workspace, or at most two levels down."""
    found: list[Path] = []
    for pattern in workspace_members(folder) or ("*", "*/*"):
        if ".." in pattern:
            continue
        try:
            found += sorted(islice(folder.glob(pattern), _MOST_MATCHES))
        except (ValueError, NotImplementedError, OSError):
            continue
    projects = [path for path in dict.fromkeys(found) if any((path / name).is_file() for name in PROJECT_FILES)]
    return projects[:_MOST_MEMBERS]
