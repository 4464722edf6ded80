"""Imports in; the chosen graph of modules out.

The three graphs hold the same modules; which of the imports they hold is their difference.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable

from cycles.model import Dependency, Graph, GraphName, Import, Kind, Tag


def entered_packages(importer: str, imported: str, modules: Collection[str]) -> tuple[str, ...]:
    """The packages that importing a module runs on the way, outermost first.

    These are its parent packages that have a file of their own, without those that the importer is
    inside of (or is): they are running already. See "The import system" in the Python reference, 5.3.

    >>> entered_packages("a.m", "a.b.c.d", {"a", "a.b", "a.b.c"})
    ('a.b', 'a.b.c')
    """
    entered: list[str] = []
    package = imported.rpartition(".")[0]
    while package and not _is_inside(importer, package):
        if package in modules:
            entered.append(package)
        package = package.rpartition(".")[0]
    return tuple(reversed(entered))


def widest(pairs: Iterable[tuple[str, str]], modules: Collection[str]) -> tuple[tuple[str, str], ...]:
    """All dependencies that any of the three graphs can hold, sorted: every import and what it may enter."""
    found: set[tuple[str, str]] = set()
    for importer, imported in set(pairs):
        if importer != imported:
            found.add((importer, imported))
        found.update((importer, package) for package in entered_packages(importer, imported, modules))
    return tuple(sorted(found))


def build(name: GraphName, imports: Iterable[Import], modules: Collection[str]) -> Graph:
    """The graph of that name over `modules`; self-imports are no dependency, imports keep their order."""
    made_by: dict[tuple[str, str], list[Import]] = defaultdict(list)
    named: set[tuple[str, str]] = set()
    for statement in imports:
        if not _holds(name, statement):
            continue
        pair = (statement.importer, statement.imported)
        if statement.importer != statement.imported:
            made_by[pair].append(statement)
            named.add(pair)
        if name is GraphName.IMPORT_TIME:
            for package in entered_packages(*pair, modules):
                made_by[statement.importer, package].append(statement)
    dependencies = tuple(
        Dependency(importer=pair[0], imported=pair[1], implied=pair not in named, imports=tuple(made_by[pair]))
        for pair in sorted(made_by)
    )
    return Graph(name=name, modules=tuple(sorted(modules)), dependencies=dependencies)


def _holds(name: GraphName, statement: Import) -> bool:
    match name:
        case GraphName.ALL:
            return True
        case GraphName.RUNTIME:
            return statement.kind is not Kind.TYPING
        case GraphName.IMPORT_TIME:
            own_extension = Tag.EXTENSION in statement.tags and _is_inside(statement.importer, statement.imported)
            return statement.kind in (Kind.EAGER, Kind.UNKNOWN) and not own_extension


def _is_inside(module: str, package: str) -> bool:
    """Whether a module is a package or lies inside it."""
    return module == package or module.startswith(f"{package}.")
