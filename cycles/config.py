"""Read `[tool.cycles]` of the nearest pyproject.toml."""

import difflib
import os
from dataclasses import dataclass
from pathlib import Path

from cycles.enums import GraphName
from cycles.errors import CyclesError
from cycles.model import NOTHING_SAID, RuntimeEvaluated
from cycles.toml_files import toml_document

_EXAMPLES = {
    "cut": '"shop.orders -> shop.customers"',
    "exclude": '"shop.**.migrations.**"',
    "keep": '"shop.orders -> shop.customers"',
    "package": '"shop"',
    "roots": '"lib"',
    "runtime-evaluated-base-classes": '"shop.base.Model"',
    "runtime-evaluated-decorators": '"shop.inject"',
    "exempt-modules": '"shop.types"',
    "source-roots": '"src"',
}
_EVALUATING = ("runtime-evaluated-base-classes", "runtime-evaluated-decorators", "exempt-modules")
_KEYS = ("cut", "exclude", "graph", "groups", "keep", "only", "package", "roots", "source-roots", *_EVALUATING)


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
    runtime_evaluated: RuntimeEvaluated = NOTHING_SAID


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


def _table(path: Path) -> dict[str, object] | None:
    try:
        document = toml_document(path.read_bytes(), path)
    except OSError as error:
        raise CyclesError(f"{path} cannot be read ({error.strerror}); check its permissions") from error
    tool = document.get("tool")
    table = tool.get("cycles") if isinstance(tool, dict) else None
    if table is None:
        return None
    if not isinstance(table, dict):
        raise CyclesError(f"{path}: tool.cycles must be a table")
    return table


def _settings(table: dict[str, object], path: Path) -> Settings:
    for key in table:
        if key not in _KEYS:
            alike = difflib.get_close_matches(key, _KEYS, n=1)
            hint = f"did you mean {alike[0]}?" if alike else f"it knows {', '.join(_KEYS)}"
            raise CyclesError(f'{path}: unknown key "{key}" in [tool.cycles]; {hint}')
    graph = table.get("graph", GraphName.IMPORT_TIME)
    if graph not in tuple(GraphName):
        raise CyclesError(f'{path}: graph "{graph}" in [tool.cycles] must be one of {", ".join(GraphName)}')
    only = table.get("only", False)
    if not isinstance(only, bool):
        raise CyclesError(f"{path}: only in [tool.cycles] must be true or false")
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
        runtime_evaluated=RuntimeEvaluated(*(frozenset(_strings(table, key, path)) for key in _EVALUATING)),
    )


def _groups(table: dict[str, object], path: Path) -> tuple[tuple[str, str], ...]:
    """Return the patterns of modules with the names of their groups, in the order of the file."""
    groups = table.get("groups", {})
    if not isinstance(groups, dict):
        raise CyclesError(
            f'{path}: groups in [tool.cycles] must be a table, such as groups = {{ sales = ["shop.orders"] }}'
        )
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
            raise CyclesError(
                f'{path}: "{value}" in {key} in [tool.cycles] is not a pair such as "shop.orders -> shop.customers"'
            )
        pairs.append((importer, imported))
    return tuple(pairs)


def _strings(table: dict[str, object], key: str, path: Path, *, or_one: bool = False) -> tuple[str, ...]:
    values = table.get(key, [])
    if or_one and isinstance(values, str):
        return (values,)
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        example = _EXAMPLES.get(key, '"shop.orders"')
        raise CyclesError(f"{path}: {key} in [tool.cycles] must be a list of strings, such as {key} = [{example}]")
    return tuple(values)
