"""Which first-party packages a package reaches, by `ast` and Python's own path finder: an oracle for the tests."""

import ast
import sys
from collections.abc import Iterator
from importlib.machinery import ModuleSpec, PathFinder
from pathlib import Path


def reached(package: str, folder: Path, installed: Path | None = None) -> set[str]:
    """The top-level packages and modules in a folder that a package there reaches, and its own.

    What has the name of something in the folder `installed` is that.
    """
    found: set[str] = set()
    waiting = [package.partition(".")[0]]
    while waiting:
        top = waiting.pop()
        if top in found:
            continue
        found.add(top)
        for path in files_of(top, folder):
            tree = ast.parse(path.read_bytes())
            for name in names_in(tree):
                other = name.partition(".")[0]
                theirs = installed and PathFinder.find_spec(other, [str(installed)])
                if other not in sys.stdlib_module_names and not theirs and leads_to_file(name, folder):
                    waiting.append(other)
    return found


def files_of(top: str, folder: Path) -> Iterator[Path]:
    spec = PathFinder.find_spec(top, [str(folder)])
    assert spec is not None
    if spec.submodule_search_locations is None:
        yield Path(spec.origin)
        return
    yield from sorted((folder / top).rglob("*.py"))


def names_in(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        match node:
            case ast.Import():
                yield from (alias.name for alias in node.names)
            case ast.ImportFrom(level=0):
                yield from (f"{node.module}.{alias.name}" for alias in node.names)
            case ast.Call(func=ast.Attribute(attr="import_module"), args=[ast.Constant(value=str(name))]):
                yield name


def leads_to_file(name: str, folder: Path) -> bool:
    """Whether the path finder runs a file of this folder on the way to a module, or to one that is not there."""
    place = [str(folder)]
    for part in name.split("."):
        spec: ModuleSpec | None = PathFinder.find_spec(part, place)
        if spec is None:
            return False
        if spec.origin is not None:
            return True
        place = list(spec.submodule_search_locations or ())
    return False
