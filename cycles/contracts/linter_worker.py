"""The child process that reads packages as import-linter does: a request on stdin, the answer on stdout, as JSON.

A process of its own, because grimp can crash on a hostile file. Nothing of the packages is imported: the finder is
told their folders, so that `sys.path` never leads there. Where there is no answer, the last line of stderr says why.
"""

import json
import sys
from collections.abc import Mapping, Sequence

import grimp
from grimp.application.config import settings
from grimp.application.ports.filesystem import AbstractFileSystem
from grimp.application.ports.packagefinder import AbstractPackageFinder

from cycles.contracts.project_linter_graph import contract_graph, matching_imports
from cycles.contracts.sufficient_cuts import ContractGraph
from cycles.contracts.surely_loaded import loaded_by, started_by_django
from cycles.enums import GraphName
from cycles.grouping import grouping_of
from cycles.source.module_names import Pair, inside


def main() -> None:
    """Answer one request: the arguments of `seen`, or those of `ways`, then what it returns."""
    request = json.load(sys.stdin)
    if "entries" in request:
        json.dump(ways(**request), sys.stdout)
        return
    imports, graph = seen(**request)
    json.dump([imports, graph.modules, graph.causes], sys.stdout)


def seen(
    folders: Mapping[str, Sequence[str]],
    packages: Sequence[str],
    graph: str,
    by: Sequence[str] = (),
    *,
    exclude_type_checking_imports: bool,
) -> tuple[list[tuple[str, str, int]], ContractGraph]:
    """Return every import inside the packages (importer, imported, line), and what a contract on them looks at.

    `folders` are those of each root package. Raises what grimp raises, and SystemExit where a package is not known.
    """
    settings.configure(PACKAGE_FINDER=KnownFolders(folders))
    roots = sorted(folders)
    whole = grimp.build_graph(*roots, exclude_type_checking_imports=exclude_type_checking_imports, cache_dir=None)
    scope = {module for module in whole.modules if any(inside(module, package) for package in packages)}
    for package in packages:
        if package not in scope:
            sys.exit(f"it knows no package {package} (a folder without __init__.py inside a regular package?)")
    imports = [
        (importer, imported, found["line_number"])
        for importer in sorted(scope)
        for imported in sorted(whole.find_modules_directly_imported_by(importer) & scope)
        for found in whole.get_import_details(importer=importer, imported=imported)
    ]
    grouping = grouping_of(by, sorted(packages), scope) if by else None
    return imports, contract_graph(whole, scope, GraphName(graph), roots, grouping)


def ways(
    folders: Mapping[str, Sequence[str]],
    entries: Sequence[str],
    forbidden: Sequence[str],
    allow: Sequence[str],
    django_settings: str = "",
) -> list[list[tuple[str, str, int]]]:
    """Return by which ways importing some entries loads what is forbidden: (importer, loaded, line) for each step.

    Raises what grimp raises, and SystemExit where an entry is not known.
    """
    settings.configure(PACKAGE_FINDER=KnownFolders(folders))
    roots = sorted(folders)
    whole = grimp.build_graph(*roots, include_external_packages=True, cache_dir=None)
    for entry in entries:
        if entry not in whole.modules:
            sys.exit(f"it knows no module {entry} (a folder without __init__.py inside a regular package?)")
    allowed = frozenset[Pair]().union(*(matching_imports(whole, expression) for expression in allow))
    started, called = started_by_django(django_settings, roots) if django_settings else ((), ())
    every = [*entries, *(module for module in started if module in whole.modules)]
    loaded = loaded_by(whole, every, forbidden, roots, allowed, called)
    found = [loaded.way(step) for step in loaded.forbidden]
    return [[(step.importer, step.loaded, step.line_number) for step in way] for way in found]


class KnownFolders(AbstractPackageFinder):
    """Finds packages where it is told, whatever else has their name."""

    def __init__(self, folders: Mapping[str, Sequence[str]]) -> None:
        """`folders` are those of each root package."""
        self.folders = folders

    def determine_package_directories(self, package_name: str, file_system: AbstractFileSystem) -> set[str]:  # noqa: ARG002
        """Return the folders of a root package."""
        return set(self.folders[package_name])
