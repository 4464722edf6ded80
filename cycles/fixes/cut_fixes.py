"""How each cut of components could be made, and why not more easily.

Only what is certain is promised: `unused`, `type-only` and `deferrable` mean that moving the statement raises no
NameError while the module is imported. Nothing of the analysed code is executed.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path

from cycles.enums import Feasibility, GraphName
from cycles.fixes.classify import HARDNESS, Verdict, verdicts_on
from cycles.fixes.hoisting import hoistable
from cycles.fixes.modules import LIMIT, Modules
from cycles.fixes.name_users import NameUsers
from cycles.graph.tarjan import scc_ids
from cycles.model import Component, CutFix, Origin
from cycles.source.import_statements import bound_names
from cycles.source.module import SourceCache
from cycles.source.names import inside
from cycles.source.text import UnreadableError, relative_path
from cycles.source.values import Import, RawImport

__all__ = ["Sources", "feasibilities", "hoistable", "sources_of"]

Pair = tuple[str, str]
_NO_LEAF_NEEDED = HARDNESS[Feasibility.REWIRABLE]


class Sources:
    """What judging reads: the files of all modules, each read once, and who mentions which module."""

    def __init__(
        self,
        sources: SourceCache,
        mentions: Iterable[RawImport],
        paths: Mapping[str, str],
        project: Path,
        limit: int = LIMIT,
    ) -> None:
        """`paths` are those to show, and `project` where tests are; at most `limit` characters are parsed."""
        self.paths = paths
        self.modules = Modules(sources, limit)
        self._mentions = mentions
        self._project = project

    def users_of(self, statements: Iterable[Import]) -> NameUsers:
        """Who uses the names that statements take, and the modules that they import."""
        modules: dict[str, None] = {}
        names: dict[str, None] = {}
        for statement in statements:
            modules.update(dict.fromkeys((statement.importer, statement.imported)))
            try:
                for node in self.modules.sources.file(statement.importer).imports_on(statement.line_number):
                    names.update(dict.fromkeys(bound_names(node)))
            except UnreadableError:
                continue
        return NameUsers(self._mentions, self.modules.sources, self._project, modules, names)


def sources_of(origin: Origin) -> Sources:
    """Return what judging the cuts of the components of one analysis reads."""
    project = Path(origin.project)
    paths = {name: relative_path(module.path, project) for name, module in origin.sources.modules.items()}
    return Sources(origin.sources, origin.mentions, paths, project)


def feasibilities(
    components: Iterable[Component], graph: GraphName, sources: Sources, wanted: Collection[Pair] | None = None
) -> dict[Pair, CutFix]:
    """How each cut of components, or each of those `wanted`, could be made in a graph; by its pair of modules."""
    cuts = [
        (component, pair, imports)
        for component in components
        for pair, imports in sorted(component.statements().items())
        if wanted is None or pair in wanted
    ]
    takers = sources.users_of(statement for _, _, imports in cuts for statement in imports)
    found = {}
    for component, pair, imports in cuts:
        verdicts = [one for found in imports for one in verdicts_on(found, graph, sources.modules, takers)]
        how = _as_how(verdicts, sources)
        if HARDNESS[how.feasibility] > _NO_LEAF_NEEDED and (
            rewired := _rewired(component, graph, pair, imports, sources)
        ):
            how = rewired
        found[pair] = how
    return found


def _as_how(verdicts: Sequence[Verdict], sources: Sources) -> CutFix:
    """What the verdicts on names come to: the hardest decides; a fix that is promised tells of every name."""
    ordered = sorted(verdicts, key=lambda verdict: -HARDNESS[verdict.feasibility])
    hardest = ordered[0]
    told = ordered if HARDNESS[hardest.feasibility] < _NO_LEAF_NEEDED else ordered[:1]
    return CutFix(
        feasibility=hardest.feasibility,
        path=sources.paths.get(hardest.module, hardest.module),
        line_number=hardest.line_number,
        detail="; ".join(dict.fromkeys(verdict.detail for verdict in told)),
        names=tuple(verdict.name for verdict in verdicts if verdict.name is not None),
    )


def _rewired(
    component: Component, graph: GraphName, pair: Pair, imports: tuple[Import, ...], sources: Sources
) -> CutFix | None:
    """The modules to import from instead, and what that does; None where some name has no certain one."""
    importer, package = pair
    files = sources.modules.files
    if not (package in files and files[package].is_package and all(statement.names for statement in imports)):
        return None
    if importer == package or (graph is not GraphName.ALL and not inside(importer, package)):
        return None
    leaves = {sources.modules.leaf_of(package, name) for statement in imports for name in statement.names}
    named = sorted(leaf for leaf in leaves if leaf)
    if None in leaves or importer in named:
        return None
    entered = {leaf.rpartition(".")[0] for leaf in named} if graph is not GraphName.ALL else set[str]()
    heads = {head for head in {*named, *_ancestors(entered)} if not inside(importer, head) or head in named}
    largest = _largest(component, pair, sorted(heads))
    if largest == len(component.modules):
        return None
    statement = imports[0]
    detail = f"{', '.join(statement.names)} is defined in {' and '.join(named)}; import from there"
    return CutFix(
        feasibility=Feasibility.REWIRABLE,
        path=statement.path,
        line_number=statement.line_number,
        detail=detail,
        leaves=tuple(named),
        leaves_inside=not heads.isdisjoint(component.modules),
        largest_left=largest,
    )


def _ancestors(packages: Iterable[str]) -> set[str]:
    """Packages with all packages above them."""
    found: set[str] = set()
    for package in packages:
        parts = package.split(".")
        found.update(".".join(parts[:count]) for count in range(1, len(parts) + 1))
    return found


def _largest(component: Component, cut: Pair, heads: Iterable[str]) -> int:
    """The size of the largest component when a cut is made and its importer depends on `heads` instead, 0 for none."""
    place = {module: number for number, module in enumerate(component.modules)}
    following: list[set[int]] = [set() for _ in component.modules]
    for edge in component.dependencies:
        if any((statement.importer, statement.imported) != cut for statement in edge.imports):
            following[place[edge.importer]].add(place[edge.imported])
    following[place[cut[0]]].update(place[head] for head in heads if head in place)
    sizes = scc_ids([sorted(heads) for heads in following])
    largest = max(sizes.count(number) for number in set(sizes))
    return largest if largest > 1 else 0
