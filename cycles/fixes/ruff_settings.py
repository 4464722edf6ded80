"""What Ruff is told of annotations that are evaluated while a program runs: its `flake8-type-checking` settings."""

from collections.abc import Iterable
from pathlib import Path

from cycles.errors import CyclesError
from cycles.model import RuntimeEvaluated
from cycles.toml_files import toml_document

_NAMES = (".ruff.toml", "ruff.toml", "pyproject.toml")
"""Files that hold Ruff's settings, the first one of a folder counts."""
_KEYS = ("runtime-evaluated-base-classes", "runtime-evaluated-decorators", "exempt-modules")
_MOST_EXTENDED = 20
"""Files that extend one another, of which people write two."""


def ruff_settings(folders: Iterable[Path]) -> RuntimeEvaluated:
    """Return what the nearest settings of Ruff at or above some folders say.

    Raises CyclesError, which names the file, where one cannot be read, is no TOML, or says something else than lists.
    """
    files = sorted({file for folder in folders if (file := _nearest(folder)) is not None})
    found = [_settings(file) for file in files]
    return RuntimeEvaluated(*(frozenset(name for said in found for name in said.get(key, ())) for key in _KEYS))


def _nearest(folder: Path) -> Path | None:
    for place in (folder, *folder.parents):
        for name in _NAMES:
            path = place / name
            if path.is_file() and (name != "pyproject.toml" or _section(path) is not None):
                return path
    return None


def _section(path: Path) -> dict[str, object] | None:
    """Return the table of Ruff's settings in a file, None where it has none."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise CyclesError(f"{path} cannot be read ({error.strerror}); check its permissions") from error
    if path.name == "pyproject.toml" and b"ruff" not in content:
        return None
    document = toml_document(content, path)
    if path.name != "pyproject.toml":
        return document
    tool = document.get("tool")
    ruff = tool.get("ruff") if isinstance(tool, dict) else None
    return ruff if isinstance(ruff, dict) else None


def _settings(path: Path) -> dict[str, tuple[str, ...]]:
    """Return what a file says under each key, or, where it does not, the one that it extends."""
    found: dict[str, tuple[str, ...]] = {}
    for _ in range(_MOST_EXTENDED):
        section = _section(path) or {}
        lint = section.get("lint")
        # Before Ruff 0.2, and still read: the table was at the top.
        for table in (lint, section):
            checks = table.get("flake8-type-checking") if isinstance(table, dict) else None
            if isinstance(checks, dict):
                for key in [key for key in _KEYS if key in checks]:
                    found.setdefault(key, _strings(checks[key], key, path))
        extended = section.get("extend")
        if not isinstance(extended, str) or not (path.parent / Path(extended).expanduser()).is_file():
            break
        path = path.parent / Path(extended).expanduser()
    return found


def _strings(values: object, key: str, path: Path) -> tuple[str, ...]:
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise CyclesError(f'{path}: {key} of Ruff must be a list of strings, such as {key} = ["shop.base.Model"]')
    return tuple(values)
