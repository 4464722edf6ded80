"""Read `[tool.cycles]` of the nearest pyproject.toml."""

import difflib
import os
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

from cycles.enums import GraphName
from cycles.errors import CyclesError

_ANY_BLOCK = re.compile(r"^[ \t]*# cycles: begin (\S+)[ \t]*\r?\n(?:.*\n)*?[ \t]*# cycles: end \1[ \t]*$", re.MULTILINE)
_CONFLICT = re.compile(
    r"^<<<<<<< .*\n((?:.*\n)*?)(?:^\|\|\|\|\|\|\| .*\n(?:.*\n)*?)?^=======\r?\n((?:.*\n)*?)^>>>>>>> .*\n", re.MULTILINE
)
_EXAMPLES = {
    "cut": '"shop.orders -> shop.customers"',
    "exclude": '"shop.**.migrations.**"',
    "keep": '"shop.orders -> shop.customers"',
    "package": '"shop"',
    "roots": '"lib"',
    "source-roots": '"src"',
}
_KEYS = ("cut", "exclude", "graph", "groups", "keep", "only", "package", "roots", "source-roots")


@dataclass(frozen=True, slots=True)
class Settings:
    """What `[tool.cycles]` says.

    `source_roots`, and those of the `packages` that are paths, are absolute. `keep` and `cut` are pairs of importer and
    imported. `groups` are patterns of modules, each with the name of its group. `folder` holds the file; None where
    there is none.
    """

    folder: Path | None = None
    packages: tuple[str, ...] = ()
    graph: GraphName = GraphName.IMPORT_TIME
    roots: tuple[str, ...] = ()
    only: bool = False
    exclude: tuple[str, ...] = ()
    source_roots: tuple[Path, ...] = ()
    keep: tuple[tuple[str, str], ...] = ()
    cut: tuple[tuple[str, str], ...] = ()
    groups: tuple[tuple[str, str], ...] = ()


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


def without_conflicts(text: str) -> str:
    """Return a text without git's conflict markers between the markers of a contract: both sides stay.

    `cycles contract --write` makes anew what stands there.
    """

    def merged(block: re.Match[str]) -> str:
        return _CONFLICT.sub(lambda found: found[1] + found[2], block[0])

    return _ANY_BLOCK.sub(merged, text) if "<<<<<<<" in text else text


def toml_document(content: bytes, path: Path) -> dict[str, object]:
    """Return what a TOML file says; raises CyclesError, which names file and line, where it is not valid TOML."""
    try:
        text = without_conflicts(content.decode("utf-8"))
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
        message = f'{path}: graph "{graph}" in [tool.cycles] must be one of {", ".join(GraphName)}'
        raise CyclesError(message)
    only = table.get("only", False)
    if not isinstance(only, bool):
        message = f"{path}: only in [tool.cycles] must be true or false"
        raise CyclesError(message)
    return Settings(
        folder=path.parent,
        packages=tuple(_package(name, path.parent) for name in _strings(table, "package", path, or_one=True)),
        graph=GraphName(str(graph)),
        roots=_strings(table, "roots", path),
        only=only,
        exclude=_strings(table, "exclude", path),
        source_roots=tuple(path.parent / root for root in _strings(table, "source-roots", path)),
        keep=_pairs(table, "keep", path),
        cut=_pairs(table, "cut", path),
        groups=_groups(table, path),
    )


def _groups(table: dict[str, object], path: Path) -> tuple[tuple[str, str], ...]:
    """Return the patterns of modules with the names of their groups, in the order of the file."""
    groups = table.get("groups", {})
    if not isinstance(groups, dict):
        message = f'{path}: groups in [tool.cycles] must be a table, such as groups = {{ sales = ["shop.orders"] }}'
        raise CyclesError(message)
    return tuple((pattern, name) for name in groups for pattern in _strings(groups, name, path, or_one=True))


def _package(name: str, folder: Path) -> str:
    """Return the name of a package, or where it is, whatever folder the command is run in."""
    is_path = "/" in name or os.sep in name or name in (".", "..") or (folder / name).is_dir()
    return str(folder / name) if is_path else name


def _pairs(table: dict[str, object], key: str, path: Path) -> tuple[tuple[str, str], ...]:
    pairs = []
    for value in _strings(table, key, path):
        importer, arrow, imported = (part.strip() for part in value.partition("->"))
        if not (importer and arrow and imported):
            message = f'{path}: "{value}" in {key} in [tool.cycles] is no pair such as "shop.orders -> shop.customers"'
            raise CyclesError(message)
        pairs.append((importer, imported))
    return tuple(pairs)


def _strings(table: dict[str, object], key: str, path: Path, *, or_one: bool = False) -> tuple[str, ...]:
    values = table.get(key, [])
    if or_one and isinstance(values, str):
        return (values,)
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        example = _EXAMPLES.get(key, '"shop.orders"')
        message = f"{path}: {key} in [tool.cycles] must be a list of strings, such as {key} = [{example}]"
        raise CyclesError(message)
    return tuple(values)
