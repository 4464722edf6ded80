"""The packages that a folder stands for: those that its build configuration or its `src` names, else all in it."""

import configparser
import os
import sys
import tomllib
from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path

from cycles.source.roots import Root, is_regular, python_files, root_in
from cycles.source.text import UnreadableError, read_bytes

PROJECT_FILES = ("pyproject.toml", "setup.cfg", "setup.py")
# What is next to the packages of a project, and is no part of them unless they import it.
_SUPPORT = {"tests", "test", "testing", "docs", "doc", "examples", "example", "scripts"}
_NO_PACKAGES = {"setup", "conftest", "noxfile", "__init__", "__main__", "__pycache__"}
_MOST_MEMBERS = 200
"""Members of a workspace that are looked at: each costs the listing of a folder or two."""
_MOST_MATCHES = 20_000
"""Paths that a pattern of members may match: it can be `**`, and the folder somebody's home."""


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
    """Return all packages of a folder but tests, docs, examples and scripts, and the modules beside them."""
    names = {name.removesuffix(".py") for name in _listed(folder)} - _SUPPORT - _NO_PACKAGES
    names -= sys.stdlib_module_names
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
    for where, name in (*_in_pyproject(_toml(folder / "pyproject.toml")), *_in_setup_cfg(folder / "setup.cfg")):
        source_root = Path(os.path.normpath(folder / where))
        if not source_root.is_relative_to(folder):
            continue
        top = name.replace("/", ".").partition(".")[0].removesuffix(".py")
        named = (root_in(top, source_root),) if top else _all_in(source_root)
        found.update((root.name, root) for root in named if root)
    return tuple(found[name] for name in sorted(found))


def _in_pyproject(document: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    """Yield each folder and the package in it, "" for all, that a pyproject.toml names."""
    setuptools = _table(document, "tool", "setuptools")
    yield from _of_setuptools(_table(setuptools, "package-dir"), setuptools.get("packages"))
    yield from ((place, "") for place in _strings(_table(setuptools, "packages", "find").get("where")))
    base = _table(setuptools, "package-dir").get("", "")
    yield from ((str(base), name) for name in _strings(setuptools.get("py-modules")))
    for path in _strings(_table(document, "tool", "hatch", "build", "targets", "wheel").get("packages")):
        yield os.path.split(path.rstrip("/"))
    packages = _table(document, "tool", "poetry").get("packages")
    for package in packages if isinstance(packages, list) else ():
        if isinstance(package, dict) and isinstance(package.get("include"), str):
            yield str(package.get("from", "")), package["include"]
    for name in _strings(_table(document, "tool", "flit", "module").get("name")):
        yield from (("src", name), ("", name))
    pdm = _table(document, "tool", "pdm", "build")
    includes = _strings(pdm.get("includes"))
    yield from (os.path.split(path.partition("*")[0].rstrip("/")) for path in includes)
    yield from ((place, "") for place in _strings(pdm.get("package-dir")) if not includes)
    uv = _table(document, "tool", "uv", "build-backend")
    yield from ((str(uv.get("module-root", "src")), name) for name in _strings(uv.get("module-name")))


def _in_setup_cfg(path: Path) -> Iterator[tuple[str, str]]:
    parser = configparser.ConfigParser(interpolation=None)
    try:
        parser.read_string(_text(path))
    except (ValueError, configparser.Error):
        return
    lines = parser.get("options", "package_dir", fallback="").splitlines()
    places = {key.strip(): place.strip() for key, equals, place in (line.partition("=") for line in lines) if equals}
    packages = parser.get("options", "packages", fallback="").split()
    if not packages or packages[0].startswith("find"):
        where = parser.get("options.packages.find", "where", fallback=places.get("", ""))
        yield from ((place, "") for place in where.split())
    else:
        yield from _of_setuptools(places, packages)
    modules = parser.get("options", "py_modules", fallback="").split()
    yield from ((places.get("", ""), name) for name in modules)


def _of_setuptools(places: Mapping[str, object], packages: object) -> Iterator[tuple[str, str]]:
    """Yield where packages are by `package-dir`: a folder for all of them, or one for each."""
    base = str(places.get("", ""))
    for name in _strings(packages):
        place = str(places.get(name, ""))
        yield (os.path.dirname(place), name) if os.path.basename(place) == name else (base, name)
    if base and not _strings(packages):
        yield base, ""


def _members(folder: Path) -> list[Path]:
    """Return the projects in a folder that is none itself: those of a uv workspace, or at most two levels down."""
    globs = _strings(_table(_toml(folder / "pyproject.toml"), "tool", "uv", "workspace").get("members"))
    found: list[Path] = []
    for pattern in globs or ("*", "*/*"):
        if ".." in pattern:
            continue
        try:
            found += sorted(islice(folder.glob(pattern), _MOST_MATCHES))
        except (ValueError, NotImplementedError, OSError):
            continue
    projects = [path for path in dict.fromkeys(found) if any((path / name).is_file() for name in PROJECT_FILES)]
    return projects[:_MOST_MEMBERS]


def _listed(folder: Path) -> list[str]:
    """Return the names in a folder that can be imported; none where it is no folder or cannot be read."""
    try:
        return [name for name in os.listdir(folder) if name.removesuffix(".py").isidentifier()]
    except (OSError, ValueError):
        return []


def _toml(path: Path) -> dict[str, object]:
    """Return what a TOML file says; nothing where it cannot be read, for then it names no package either."""
    try:
        return tomllib.loads(_text(path))
    except (ValueError, RecursionError):
        return {}


def _text(path: Path) -> str:
    try:
        return read_bytes(str(path)).decode("utf-8", "replace") if path.is_file() else ""
    except (UnreadableError, OSError):
        return ""


def _table(document: Mapping[str, object], *keys: str) -> Mapping[str, object]:
    """Return a table in tables, an empty one where there is none."""
    for key in keys:
        found = document.get(key)
        document = found if isinstance(found, dict) else {}
    return document


def _strings(value: object) -> list[str]:
    values = value if isinstance(value, list) else [value]
    return [found for found in values if isinstance(found, str)]
