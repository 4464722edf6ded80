"""A folder in; what `[tool.cycles]` of the pyproject.toml in force there says, out."""

import difflib
import tomllib
from dataclasses import dataclass
from pathlib import Path

from cycles.words import CyclesError, GraphName

_KEYS = ("graph", "roots", "source-roots")


@dataclass(frozen=True, slots=True)
class Settings:
    """The project's own choices; `source_roots` are absolute."""

    graph: GraphName = GraphName.IMPORT_TIME
    roots: tuple[str, ...] = ()
    source_roots: tuple[Path, ...] = ()


def read_settings(folder: Path) -> Settings:
    """Read the nearest pyproject.toml at or above `folder` that has a `[tool.cycles]` table.

    Raises CyclesError, which names the file, where it is no TOML or says something unknown.
    """
    for place in (folder, *folder.parents):
        path = place / "pyproject.toml"
        table = _table(path) if path.is_file() else None
        if table is not None:
            return _settings(table, path)
    return Settings()


def _table(path: Path) -> dict[str, object] | None:
    try:
        document: dict[str, object] = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        message = f"{path} is not valid TOML: {error}; mend it, or run in another folder"
        raise CyclesError(message) from error
    except OSError as error:
        message = f"{path} cannot be read ({error.strerror}); mend its permissions"
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
    return Settings(
        graph=GraphName(str(graph)),
        roots=_strings(table, "roots", path),
        source_roots=tuple(path.parent / root for root in _strings(table, "source-roots", path)),
    )


def _strings(table: dict[str, object], key: str, path: Path) -> tuple[str, ...]:
    values = table.get(key, [])
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        message = f'{path}: {key} in [tool.cycles] must be a list of strings, such as {key} = ["src"]'
        raise CyclesError(message)
    return tuple(values)
