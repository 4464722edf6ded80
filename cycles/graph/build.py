"""The three graphs of modules, or of groups of modules, made of imports.

The three graphs hold the same modules; which of the imports they hold is their difference.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from operator import itemgetter
from typing import TypeVar

from cycles.enums import GraphName, Kind
from cycles.grouping import Grouping
from cycles.model import Dependency, Graph
from cycles.source import read_sources as sources
from cycles.source.import_kinds import runs_on_import
from cycles.source.import_values import ClassifiedImport, Import
from cycles.source.module_names import packages_on_the_way

_Statement = TypeVar("_Statement", Import, ClassifiedImport)


def entered_packages(importer: str, imported: str, modules: Collection[str]) -> tuple[str, ...]:
    """Return the packages that importing a module runs on the way, outermost first.

    These are its parent packages that have a file of their own, without those that the importer is
    inside of (or is): they are running already. See "The import system" in the Python reference, 5.3.

    >>> entered_packages("a.m", "a.b.c.d", {"a", "a.b", "a.b.c"})
    ('a.b', 'a.b.c')
    """
    return tuple(package for package in packages_on_the_way(importer, imported) if package in modules)


def possible_dependencies(pairs: Iterable[tuple[str, str]], modules: Collection[str]) -> Iterator[tuple[str, str]]:
    """Yield all dependencies that any of the three graphs can hold: every import, and the packages that it may enter.

    They come in the order of the pairs, some more than once.
    """
    for importer, imported in pairs:
        if importer != imported:
            yield importer, imported
        for package in entered_packages(importer, imported, modules):
            yield importer, package


def dependencies_of(
    name: GraphName, statements: Iterable[_Statement], modules: Collection[str], by: Grouping | None = None
) -> Iterator[tuple[str, str, _Statement]]:
    """Yield every (importer, imported) that an import makes in a graph, with the import, in the order of the imports.

    In `import-time` and `runtime` one import can make several: the module that it names and the packages that it
    enters. A self-import makes none of itself, nor does an import of a module that is not there to be read. So
    `runtime` holds all that `import-time` holds, and stays as it is when an import is deferred.

    Where `by` says how, importer and imported are groups of `modules`, and an import makes each dependency once.
    """
    for statement in statements:
        if holds(name, statement):
            importer, imported = statement.pair
            heads = [imported] if importer != imported and imported in modules else []
            if name is not GraphName.ALL:
                heads += entered_packages(importer, imported, modules)
            if by is None:
                for head in heads:
                    yield importer, head, statement
            else:
                made = (by.ends(importer, head) for head in heads)
                for tail, head in filter(None, dict.fromkeys(made)):
                    yield tail, head, statement


def build(name: GraphName, imports: Iterable[Import], modules: Collection[str], by: Grouping | None = None) -> Graph:
    """Return the graph of that name over `modules`, or their groups; the imports of a dependency keep their order."""
    made_by: dict[tuple[str, str], list[Import]] = defaultdict(list)
    for importer, imported, statement in dependencies_of(name, imports, modules, by):
        made_by[importer, imported].append(statement)
    dependencies = tuple(
        Dependency(
            *pair,
            implied=all((by.ends(*found.pair) if by else found.pair) != pair for found in statements),
            imports=tuple(statements),
        )
        for pair, statements in sorted(made_by.items(), key=itemgetter(0))
    )
    return Graph(name, by.groups(modules) if by else tuple(sorted(modules)), dependencies)


def group_graph(graph: Graph, by: Grouping) -> Graph:
    """Return the groups of a graph's modules, and the dependencies between these."""
    imports = {found for edge in graph.dependencies for found in edge.imports}
    return build(graph.name, sorted(imports, key=lambda found: (*found.pair, found.line_number)), graph.modules, by)


class Graphs(Mapping[GraphName, Graph]):
    """The three whole graphs of a reading, each made when it is first asked for.

    Reports need the imports on cycles only; to judge and to quote all others takes several times as long.
    """

    def __init__(self, reading: sources.Reading) -> None:
        """Nothing is made yet."""
        self._reading = reading
        self._imports: tuple[Import, ...] | None = None
        self._made: dict[GraphName, Graph] = {}

    def __getitem__(self, name: GraphName) -> Graph:
        if name not in self._made:
            if self._imports is None:
                mentions = self._reading.mentions
                self._imports = sources.describe(self._reading, sources.judge(self._reading, mentions))
            self._made[name] = build(name, self._imports, self._reading.modules)
        return self._made[name]

    def __iter__(self) -> Iterator[GraphName]:
        return iter(GraphName)

    def __len__(self) -> int:
        return len(GraphName)


def holds(name: GraphName, statement: Import | ClassifiedImport) -> bool:
    """Whether an import makes dependencies in the graph of that name."""
    match name:
        case GraphName.ALL:
            return True
        case GraphName.RUNTIME:
            return statement.kind is not Kind.TYPING
        case GraphName.IMPORT_TIME:
            return runs_on_import(statement)
