"""Read `[tool.cycles]` of the nearest pyproject.toml."""

import difflib
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

from cycles.enums import GraphName
from cycles.errors import CyclesError
from cycles.source.known_calls import RuntimeEvaluated

_EVALUATED = ("runtime-evaluated-base-classes", "runtime-evaluated-decorators", "exempt-modules")
_KEYS = ("exclude", "graph", "roots", "source-roots", *_EVALUATED)
_RUFF_FILES = (".ruff.toml", "ruff.toml", "pyproject.toml")
_RUFF_TABLES = (("lint", "flake8-type-checking"), ("flake8-type-checking",))


@dataclass(frozen=True, slots=True)
class Settings:
    """What `[tool.cycles]` says; `source_roots` are absolute."""

    graph: GraphName = GraphName.IMPORT_TIME
    roots: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    source_roots: tuple[Path, ...] = ()


def read_config(folder: Path) -> Settings:
    """Read the nearest pyproject.toml at or above `folder` that has a `[tool.cycles]` table.

    Raises CyclesError, which names the file, where it is no TOML or says something unknown.
    """
    for place in (folder, *folder.parents):
        path = place / "pyproject.toml"
        table = _table(path) if path.is_file() else None
        if table is not None:
            return _settings(table, path)
    return Settings()


def read_evaluated(folder: Path) -> RuntimeEvaluated:
    """Read which bases and decorators evaluate annotations, by `[tool.cycles]` and by Ruff's own configuration.

    What Ruff's says wrongly is for Ruff to tell: it is passed over. Raises CyclesError for `[tool.cycles]`.
    """
    found: list[frozenset[str]] = [frozenset()] * len(_EVALUATED)
    for place in (folder, *folder.parents):
        tables = [_ruff_table(place / name) for name in _RUFF_FILES if (place / name).is_file()]
        path = place / "pyproject.toml"
        own = _table(path) if path.is_file() else None
        if own is not None:
            _settings(own, path)
            tables.append(own)
        for table in tables:
            for number, key in enumerate(_EVALUATED):
                listed = table.get(key)
                named = listed if isinstance(listed, list) else []
                found[number] |= {str(name) for name in named if isinstance(name, str)}
        if tables:
            break
    return RuntimeEvaluated(*found)


def _ruff_table(path: Path) -> dict[str, object]:
    """What a file says of Ruff's rules on type checking; empty where it says nothing, or is no TOML."""
    try:
        document = toml_document(path.read_bytes(), path)
    except (OSError, CyclesError):
        return {}
    if path.name == "pyproject.toml":
        tool = document.get("tool")
        ruff = tool.get("ruff") if isinstance(tool, dict) else None
        document = ruff if isinstance(ruff, dict) else {}
    for names in _RUFF_TABLES:
        table: object = document
        for name in names:
            table = table.get(name) if isinstance(table, dict) else None
        if isinstance(table, dict):
            return table
    return {}


def toml_document(content: bytes, path: Path) -> dict[str, object]:
    """Return what a TOML file says; raises CyclesError, which names file and line, where it is not valid TOML."""
    try:
        text = content.decode("utf-8")
        return tomllib.loads(text)
    except UnicodeDecodeError as error:
        line_number = content.count(b"\n", 0, error.start) + 1
        message = f"{path}:{line_number}: not UTF-8; save it as UTF-8"
        raise CyclesError(message) from error
    except ValueError as error:
        # A TOMLDecodeError, or a number of more digits than Python converts.
        found = re.search(r"line (\d+)", str(error))
        line_number = int(found[1]) if found else text.count("\n") + 1
        message = f"{path}:{line_number}: not valid TOML ({error}); fix it first"
        raise CyclesError(message) from error
    except RecursionError as error:
        message = f"{path}: not valid TOML (it nests too deeply); fix it first"
        raise CyclesError(message) from error


def _table(path: Path) -> dict[str, object] | None:
    try:
        document = toml_document(path.read_bytes(), path)
    except OSError as error:
        message = f"{path} cannot be read ({error.strerror}); check its permissions"
        raise CyclesError(message) from error
    tool = document.get("tool")
    table = tool.get("cycles") if isinstance(tool, dict) else None
    if table is None:
        return None
    if not isinstance(table, dict):
        message = f"{path}: tool.cycles must be a table"
        raise CyclesError(message)
    return table


def _settings(table: dict[str, object], path: Path) -> Settings:
    for key in table:
        if key not in _KEYS:
            alike = difflib.get_close_matches(key, _KEYS, n=1)
            hint = f"did you mean {alike[0]}?" if alike else f"it knows {', '.join(_KEYS)}"
            message = f'{path}: unknown key "{key}" in [tool.cycles]; {hint}'
            raise CyclesError(message)
    graph = table.get("graph", GraphName.IMPORT_TIME)
    if graph not in tuple(GraphName):
        message = f'{path}: graph "{graph}" in [tool.cycles] is none of {", ".join(GraphName)}'
        raise CyclesError(message)
    for key in _EVALUATED:
        _strings(table, key, path)
    return Settings(
        graph=GraphName(str(graph)),
        roots=_strings(table, "roots", path),
        exclude=_strings(table, "exclude", path),
        source_roots=tuple(path.parent / root for root in _strings(table, "source-roots", path)),
    )


def _strings(table: dict[str, object], key: str, path: Path) -> tuple[str, ...]:
    values = table.get(key, [])
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        message = f'{path}: {key} in [tool.cycles] must be a list of strings, such as {key} = ["src"]'
        raise CyclesError(message)
    return tuple(values)
