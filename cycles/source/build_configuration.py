"""What the build configuration of a project says: pyproject.toml and setup.cfg, as far as they can be read."""

import configparser
import os
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path

from cycles.source.conditions import Version, all_versions
from cycles.source.file_text import UnreadableError, read_bytes

PROJECT_FILES = ("pyproject.toml", "setup.cfg", "setup.py")
_AT_LEAST = re.compile(r"\s*>=\s*3\.(\d{1,3})\s*")
_MICRO_RELEASES = (0, 3, 99)
"""A minor release counts where any of its micro releases is allowed: these, and any named, stand for all of them."""
_SCRIPT = re.compile(r"^\s*([\w.-]+)\s*=\s*([\w.]+)\s*(?::\s*([\w.]+))?", re.MULTILINE)


@lru_cache(maxsize=16)
def supported_versions(project: Path) -> tuple[Version, ...] | None:
    """Return the releases that `requires-python` in pyproject.toml, or `python_requires` in setup.cfg, allows.

    None where neither says anything, or nothing that can be read: then any Python 3 will do.
    """
    said = _table(_pyproject(project), "project").get("requires-python")
    in_setup_cfg = _setup_cfg(project).get("options", "python_requires", fallback="")
    wanted = said if said and isinstance(said, str) else in_setup_cfg
    if not wanted:
        return None
    # So most projects say it: it takes no packaging, which takes longer to load than a small package to analyse.
    if least := _AT_LEAST.fullmatch(wanted):
        return tuple(version for version in all_versions() if version >= (3, int(least[1])))
    from packaging.specifiers import InvalidSpecifier, SpecifierSet  # noqa: PLC0415  only where it is asked for

    try:
        allowed = SpecifierSet(wanted, prereleases=True)
    except InvalidSpecifier:
        return None
    micros = (*_MICRO_RELEASES, *map(int, re.findall(r"\.(\d{1,3})", wanted)))
    found = tuple(
        (major, minor)
        for major, minor in all_versions()
        if any(allowed.contains(f"{major}.{minor}.{micro}") for micro in micros)
    )
    return found or None


def console_scripts(folder: Path, installed: Iterable[str]) -> dict[str, tuple[str, str]]:
    """Return the console scripts of the project around a folder, and those installed in others: (module, attribute)."""
    found: dict[str, tuple[str, str]] = {}
    for name, target in (*_declared_scripts(folder), *_installed_scripts(installed)):
        module, _, attribute = target.partition(":")
        found.setdefault(name, (module.strip(), attribute.partition("[")[0].strip()))
    return found


def _declared_scripts(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield the console scripts that the nearest build configuration declares."""
    for around in (folder, *folder.parents):
        document = _pyproject(around)
        tables = (_table(document, "project", "scripts"), _table(document, "tool", "poetry", "scripts"))
        declared = [(name, target) for table in tables for name, target in table.items() if isinstance(target, str)]
        text = _setup_cfg(around).get("options.entry_points", "console_scripts", fallback="")
        declared += ((found[1], f"{found[2]}:{found[3] or ''}") for found in _SCRIPT.finditer(text))
        if declared or (around / "pyproject.toml").is_file():
            yield from declared
            return


def _installed_scripts(folders: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield the console scripts of installed distributions."""
    for folder in folders:
        for path in sorted(Path(folder).glob("*-info/entry_points.txt")):
            parser = configparser.ConfigParser(interpolation=None, delimiters=("=",))
            parser.optionxform = str  # type: ignore[assignment,method-assign]  # as importlib.metadata does
            try:
                parser.read_string(path.read_text(encoding="utf-8", errors="replace"))
            except (OSError, configparser.Error):
                continue
            if parser.has_section("console_scripts"):
                yield from parser.items("console_scripts")


def named_packages(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield each folder and the package in it, "" for all, that the configuration of a project names."""
    yield from _in_pyproject(_pyproject(folder))
    parser = _setup_cfg(folder)
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


def _in_pyproject(document: Mapping[str, object]) -> Iterator[tuple[str, str]]:
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


def _of_setuptools(places: Mapping[str, object], packages: object) -> Iterator[tuple[str, str]]:
    """Yield where packages are by `package-dir`: a folder for all of them, or one for each."""
    base = str(places.get("", ""))
    for name in _strings(packages):
        place = str(places.get(name, ""))
        yield (os.path.dirname(place), name) if os.path.basename(place) == name else (base, name)
    if base and not _strings(packages):
        yield base, ""


def workspace_members(folder: Path) -> list[str]:
    """Return the patterns of the folders that make up a uv workspace; none where a folder is no such."""
    return _strings(_table(_pyproject(folder), "tool", "uv", "workspace").get("members"))


def _pyproject(folder: Path) -> dict[str, object]:
    """Return what the pyproject.toml of a folder says; nothing where it cannot be read."""
    try:
        return tomllib.loads(_text(folder / "pyproject.toml"))
    except (ValueError, RecursionError):
        return {}


def _setup_cfg(folder: Path) -> configparser.ConfigParser:
    """Return what the setup.cfg of a folder says; nothing where it cannot be read."""
    parser = configparser.ConfigParser(interpolation=None)
    try:
        parser.read_string(_text(folder / "setup.cfg"))
    except (ValueError, configparser.Error):
        return configparser.ConfigParser()
    return parser


def _text(path: Path) -> str:
    """Return what a file says; nothing where it cannot be read, or is a pipe that nobody fills."""
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
    """Return the strings that a value is or holds."""
    values = value if isinstance(value, list) else [value]
    return [found for found in values if isinstance(found, str)]
