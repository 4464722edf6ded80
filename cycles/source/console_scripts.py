"""Console scripts: what build configurations declare, and what installed distributions have."""

import configparser
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

_SCRIPT = re.compile(r"^\s*([\w.-]+)\s*=\s*([\w.]+)\s*(?::\s*([\w.]+))?", re.MULTILINE)


def console_scripts(folder: Path, installed: Iterable[str]) -> dict[str, tuple[str, str]]:
    """Return the console scripts of the project around a folder, and those installed in others: (module, attribute)."""
    found: dict[str, tuple[str, str]] = {}
    for name, target in (*_of_project(folder), *_installed(installed)):
        module, _, attribute = target.partition(":")
        found.setdefault(name, (module.strip(), attribute.partition("[")[0].strip()))
    return found


def _of_project(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield the console scripts that the nearest build configuration declares."""
    for around in (folder, *folder.parents):
        declared = [*_in_pyproject(around / "pyproject.toml"), *_in_setup_cfg(around / "setup.cfg")]
        if declared or (around / "pyproject.toml").is_file():
            yield from declared
            return


def _in_pyproject(path: Path) -> Iterator[tuple[str, str]]:
    try:
        document: Mapping[str, object] = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return
    for keys in (("project", "scripts"), ("tool", "poetry", "scripts")):
        table: object = document
        for key in keys:
            table = table.get(key) if isinstance(table, dict) else None
        for name, target in table.items() if isinstance(table, dict) else ():
            if isinstance(target, str):
                yield str(name), target


def _in_setup_cfg(path: Path) -> Iterator[tuple[str, str]]:
    parser = configparser.ConfigParser(interpolation=None)
    try:
        parser.read_string(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, configparser.Error):
        return
    for found in _SCRIPT.finditer(parser.get("options.entry_points", "console_scripts", fallback="")):
        yield found[1], f"{found[2]}:{found[3] or ''}"


def _installed(folders: Iterable[str]) -> Iterator[tuple[str, str]]:
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
