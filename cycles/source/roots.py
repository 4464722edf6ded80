"""Top-level packages and modules in folders, found as Python's path finder would find them (PEP 420)."""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path


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


def python_files(folder: Path) -> Iterator[Path]:
    """Yield the Python files in `folder` or below, in folders that can be part of a dotted name."""
    for path, directories, files in os.walk(folder):
        directories[:] = sorted(name for name in directories if name.isidentifier() and name != "__pycache__")
        yield from (Path(path, name) for name in sorted(files) if name.endswith(".py"))
