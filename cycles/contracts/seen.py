"""The graph that import-linter has built in; what one of the three graphs holds of it, out.

That graph knows where each import stands. How it takes effect is judged by the source, which is
read, never imported; an import without a line counts as one that runs.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path

from grimp import ImportGraph
from grimp.application.config import settings

from cycles.contracts.verdict import Pair, Seen
from cycles.enums import Form, GraphName, Kind
from cycles.graph.build import dependencies_of, widest
from cycles.graph.components import strongly_connected
from cycles.source.classify import judge_mentions
from cycles.source.discovery import Files, find_files
from cycles.source.module import SourceCache
from cycles.source.values import Judged, Mention, ModuleFile


def seen_by(
    graph: ImportGraph, modules: Collection[str], name: GraphName, roots: Iterable[str], *, everything: bool = False
) -> Seen:
    """The dependencies between `modules` that the graph of that name holds; self-imports are left out.

    In `runtime` and `import-time` the imports that can close a cycle are judged, the others are
    left out unless `everything` is wanted. `roots` are the packages that the graph was built of.
    """
    scope = frozenset(modules)
    if name is GraphName.ALL:
        named = {
            module: {
                imported: (imported,)
                for imported in graph.find_modules_directly_imported_by(module)
                if imported in scope and imported != module
            }
            for module in scope
        }
        return Seen(tuple(sorted(scope)), named, ())
    pairs = [
        (module, imported)
        for module in scope
        for imported in graph.find_modules_directly_imported_by(module)
        if imported in scope
    ]
    # Packages without a file of their own are modules of the graph too, but run nothing.
    files = find_files(graph.modules, [(root, folders_of(root)) for root in sorted(set(roots))])
    by_name = {module.name: module for module in files.modules if module.name in scope}
    chosen = sorted(pairs if everything else _closing(pairs, by_name))
    held: dict[str, dict[str, list[str]]] = defaultdict(dict)
    for importer, imported, statement in dependencies_of(name, _judged(graph, chosen, files), by_name):
        if imported in scope:
            held[importer].setdefault(imported, []).append(statement.imported)
    return Seen(tuple(sorted(scope)), held, by_name)


def folders_of(root: str) -> list[Path]:
    """Where the graph found a root package, by the finder that built it."""
    found = settings.PACKAGE_FINDER.determine_package_directories(package_name=root, file_system=settings.FILE_SYSTEM)
    return sorted(map(Path, found))


def _closing(pairs: Collection[Pair], packages: Collection[str]) -> list[Pair]:
    """The imports that can be part of a cycle, however they take effect, where an import runs these packages."""
    place = {
        module: number
        for number, members in enumerate(strongly_connected(widest(pairs, packages)))
        for module in members
    }
    return [
        (importer, imported)
        for importer, imported in pairs
        if importer in place
        and any(place.get(module) == place[importer] for _, module in widest([(importer, imported)], packages))
    ]


def _judged(graph: ImportGraph, pairs: Sequence[Pair], files: Files) -> list[Judged]:
    modules = {module.name: module for module in files.modules}
    mentions: dict[str, list[Mention]] = defaultdict(list)
    judged: list[Judged] = []
    for importer, imported in pairs:
        details = graph.get_import_details(importer=importer, imported=imported)
        for found in details:
            form = Form.LAZY if found["is_lazy"] else Form.PLAIN
            mentions[importer].append(Mention(importer, imported, found["line_number"], form))
        if not details:
            judged.append(Judged(importer, imported, 0, Form.PLAIN, Kind.EAGER, ()))
    for importer, its in mentions.items():
        judged += _judge_module(its, modules, files.compiled) if importer in modules else map(_as_running, its)
    return judged


def _judge_module(
    mentions: Sequence[Mention], modules: Mapping[str, ModuleFile], compiled: Collection[str]
) -> Iterable[Judged]:
    """Judge the imports of one module, as running where its file is no longer the one that the graph was built of."""
    try:
        return judge_mentions(mentions, SourceCache(modules), compiled)
    except IndexError:
        return map(_as_running, mentions)


def _as_running(mention: Mention) -> Judged:
    return Judged(*mention, Kind.EAGER, ())
