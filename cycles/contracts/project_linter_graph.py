"""Project the graph that import-linter built onto one of the three graphs of `cycles`.

That graph knows where each import is. How it takes effect is judged by the source, which is
read, never imported; an import without a line counts as one that runs.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path

from grimp import ImportGraph
from grimp.application.config import settings

from cycles.contracts.sufficient_cuts import ContractGraph
from cycles.enums import Form, GraphName, Kind
from cycles.graph.build import dependencies_of
from cycles.graph.components import possibly_cyclic_imports
from cycles.grouping import Grouping
from cycles.source.build_configuration import supported_versions
from cycles.source.file_text import relative_path
from cycles.source.find_packages import project_folder
from cycles.source.import_kinds import judge_mentions
from cycles.source.import_values import ClassifiedImport, RawImport
from cycles.source.module_files import Files, find_files
from cycles.source.module_names import Pair, inside
from cycles.source.source_file import SourceCache, sources_of


def contract_graph(
    graph: ImportGraph, modules: Collection[str], name: GraphName, roots: Sequence[str], by: Grouping | None = None
) -> ContractGraph:
    """Return the dependencies between `modules` that the graph of that name holds.

    In `runtime` and `import-time` only imports that can close a cycle are judged; the others are left out, for they
    break no contract. `roots` are the packages that the graph was built of, and `by` how modules are grouped.
    """
    scope = frozenset(modules)
    pairs = [
        (module, imported)
        for module in scope
        for imported in graph.find_modules_directly_imported_by(module)
        if imported in scope
    ]
    if name is GraphName.ALL:
        ends = ((by.ends(*pair) if by else pair, pair) for pair in sorted(pairs) if pair[0] != pair[1])
        return _view(scope, ((*found, pair) for found, pair in ends if found), by)
    sources, files = read_files(graph, roots, min(scope))
    # Packages without a file of their own are modules of the graph too, but run nothing.
    running = {module.name for module in files.modules if module.name in scope}
    closing = possibly_cyclic_imports(pairs, running, by)
    judged = judged_imports(graph, sorted(closing), sources, files)
    made = dependencies_of(name, judged, running, by)
    return _view(scope, ((tail, head, found.pair) for tail, head, found in made), by)


def _view(modules: Collection[str], made: Iterable[tuple[str, str, Pair]], by: Grouping | None) -> ContractGraph:
    """Return dependencies between modules, or their groups, with the imports that make them."""
    causes: dict[str, dict[str, list[Pair]]] = defaultdict(dict)
    for importer, imported, pair in made:
        causes[importer].setdefault(imported, []).append(pair)
    return ContractGraph(by.groups(modules) if by else tuple(sorted(modules)), causes, by.words if by else ())


def read_files(graph: ImportGraph, roots: Sequence[str], module: str) -> tuple[SourceCache, Files]:
    """Return the source files of the modules of a graph; the project of that `module` says for which releases."""
    folders = {root: folders_of(root) for root in sorted(set(roots))}
    files = find_files(graph.modules, list(folders.items()))
    home = next(found[0].parent for root, found in folders.items() if inside(module, root))
    return sources_of(files.modules, supported_versions(project_folder(home))), files


def judged_imports(
    graph: ImportGraph, pairs: Iterable[Pair], sources: SourceCache, files: Files
) -> Iterator[ClassifiedImport]:
    """Yield every import that the graph has of some pairs, as its source says that it takes effect."""
    mentions: dict[str, list[RawImport]] = defaultdict(list)
    for importer, imported in pairs:
        details = graph.get_import_details(importer=importer, imported=imported)
        for found in details:
            form = Form.LAZY if found["is_lazy"] else Form.PLAIN
            mentions[importer].append(RawImport(importer, imported, found["line_number"], form))
        if not details:
            yield _as_running(RawImport(importer, imported, 0, Form.PLAIN))
    for importer, found_there in mentions.items():
        try:
            known = importer in sources.modules
            yield from judge_mentions(found_there, sources, files.compiled) if known else map(_as_running, found_there)
        except IndexError:
            # Its file is no longer the one that the graph was built of.
            yield from map(_as_running, found_there)


def _as_running(mention: RawImport) -> ClassifiedImport:
    return ClassifiedImport(*mention, Kind.EAGER, ())


def folders_of(root: str) -> list[Path]:
    """Return where the graph found a root package, by the finder that built it."""
    found = settings.PACKAGE_FINDER.determine_package_directories(package_name=root, file_system=settings.FILE_SYSTEM)
    return sorted(map(Path, found))


def path_of(module: str, roots: Sequence[str]) -> str:
    """Return the file of a module as seen from the working directory, else its name."""
    files = find_files([module], [(root, folders_of(root)) for root in roots if inside(module, root)])
    return relative_path(files.modules[0].path, Path.cwd()) if files.modules else module


def matching_imports(graph: ImportGraph, expression: object) -> frozenset[Pair]:
    """Return the imports that an expression of import-linter matches."""
    found = graph.find_matching_direct_imports(import_expression=str(expression))
    return frozenset((pair["importer"], pair["imported"]) for pair in found)
