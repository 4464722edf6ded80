"""How each cut of components could be made, and why not more easily.

Only what is certain is promised: `unused`, `type-only` and `deferrable` mean that moving the statement raises no
NameError while the module is imported. Nothing of the analysed code is executed.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from cycles.enums import DoubtReason, Feasibility, GraphName
from cycles.fixes.edits import RefusedError, edits_of
from cycles.fixes.import_time.runs_on_import import FirstRuns
from cycles.fixes.imports_to_hoist import hoistable
from cycles.fixes.judge_import import HARDNESS, Verdict, as_running, how_to_move, verdicts_on
from cycles.fixes.make_lazy import Lazily
from cycles.fixes.module_usage import LIMIT, Modules
from cycles.fixes.name_users import NameUsers
from cycles.fixes.ruff_settings import ruff_settings
from cycles.graph.components import scc_ids
from cycles.limits import FIRST_RUN_BYTES, FIRST_RUN_STEPS, Steps
from cycles.model import ANY_WAY, NOTHING_SAID, Component, CutFix, Doubt, NameFix, Origin, RuntimeEvaluated, Ways
from cycles.source.file_text import UnreadableError, relative_path
from cycles.source.import_statements import bound_names
from cycles.source.import_values import Import, RawImport
from cycles.source.module_names import Pair, inside
from cycles.source.source_file import SourceCache

__all__ = ["Sources", "feasibilities", "fix_of", "hoistable", "sources_of"]

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
        configured: RuntimeEvaluated = NOTHING_SAID,
    ) -> None:
        """`paths` are those to show, and `project` where tests are; at most `limit` characters are parsed."""
        self.paths, self.configured = paths, configured
        self.modules = Modules(sources, limit)
        self.mentions = mentions
        self.project = project

    def users_of(self, statements: Iterable[Import], *, replaced: bool = True) -> NameUsers:
        """Who uses the names that statements take, and the modules that they import.

        `replaced`: a test that replaces a name counts as a user.
        """
        modules: dict[str, None] = {}
        names: dict[str, None] = {}
        for statement in statements:
            modules.update(dict.fromkeys(statement.pair))
            try:
                for node in self.modules.sources.file(statement.importer).imports_on(statement.line_number):
                    names.update(dict.fromkeys(bound_names(node)))
            except UnreadableError:
                continue
        return NameUsers(self.mentions, self.modules.sources, self.project, modules, names, replaced=replaced)


class Trials(Protocol):
    """Trials of deferred imports: they are made in memory, and what runs on import is simulated."""

    def holds(self, component: Component, pair: Pair, fix: CutFix) -> bool:
        """Whether a cut of a component can be made by a fix, and no import that is deferred then runs on import."""

    def running(self, component: Component, fixes: Mapping[Pair, CutFix]) -> Collection[Pair]:
        """The cuts of a component whose deferred imports are sure to run on import where all these fixes are made."""


def sources_of(origin: Origin) -> Sources:
    """Return what judging the cuts of the components of one analysis reads: the same each time.

    How a module uses its names is asked when cuts are judged, when a plan is replayed and when its edits are written.
    """
    found = origin.sources.kept.get(Sources)
    if not isinstance(found, Sources):
        project = Path(origin.project)
        paths = {name: relative_path(module.path, project) for name, module in origin.sources.modules.items()}
        found = Sources(origin.sources, origin.mentions, paths, project, configured=_configured(origin))
        origin.sources.kept[Sources] = found
    return found


def _configured(origin: Origin) -> RuntimeEvaluated:
    """Return what the configurations of `cycles` and of Ruff say of annotations; Ruff's counts where the packages are.

    Raises CyclesError where one of Ruff's cannot be read.
    """
    said = origin.sources.kept.get(RuntimeEvaluated)
    modules = origin.sources.modules
    tops = [module for name, module in modules.items() if name.rpartition(".")[0] not in modules]
    ruff = ruff_settings({Path(module.path).parent for module in tops})
    return ruff.joined(said) if isinstance(said, RuntimeEvaluated) else ruff


def feasibilities(  # noqa: PLR0913  one step for each way
    components: Iterable[Component],
    graph: GraphName,
    sources: Sources,
    wanted: Collection[Pair] | None = None,
    *,
    most_bytes: int | None = None,
    ways: Ways = ANY_WAY,
    trials: Callable[[], Trials] | None = None,
) -> dict[Pair, CutFix]:
    """How each cut of components, or each of those `wanted`, could be made in a graph; by its pair of modules.

    Where the modules of the components have more than `most_bytes`, what runs on import is followed in those alone
    whose imports these are; a doubt says so. `ways` are those in which cuts may be made. Where it turns on values
    whether a function runs on import, `trials` decide; then each component is judged as if it were the only one, for
    what runs on import is followed within a budget, which others must not spend.
    """
    components = list(components)
    statements = (
        statement
        for component in components
        for pair, imports in component.statements().items()
        if wanted is None or pair in wanted
        for statement in imports
    )
    takers = sources.users_of(statements, replaced=not ways.accept_patched)
    fixes: dict[Pair, CutFix] = {}
    for part in [[component] for component in components] if trials else [components]:
        fixes |= _judged(part, graph, sources, wanted, takers, most_bytes=most_bytes, ways=ways, trials=trials)
    return fixes if ways.defer else {pair: replace(fix, ruled_out=fix.defers) for pair, fix in fixes.items()}


def _judged(  # noqa: PLR0913  those of `feasibilities`, and who takes names
    components: Sequence[Component],
    graph: GraphName,
    sources: Sources,
    wanted: Collection[Pair] | None,
    takers: NameUsers,
    *,
    most_bytes: int | None,
    ways: Ways,
    trials: Callable[[], Trials] | None,
) -> dict[Pair, CutFix]:
    """How the cuts of components that share one budget could be made, were all ways open."""
    cuts = [
        (component, pair, imports)
        for component in components
        for pair, imports in sorted(component.statements().items())
        if wanted is None or pair in wanted
    ]
    running = {module for component in components for module in _modules_of(component, sources)}
    first_runs = first_runs_of(running, sources, most_bytes, {importer for _, (importer, _), _ in cuts})

    def verdicts(imports: Sequence[Import], *, called: bool = True) -> list[Verdict]:
        return [
            one
            for found in imports
            for one in verdicts_on(
                found, graph, sources.modules, takers, first_runs, always_leaf=ways.leaf_first, called=called
            )
        ]

    judged = {pair: verdicts(imports) for _, pair, imports in cuts}
    if trials and graph is GraphName.IMPORT_TIME:
        for component, pair, imports in cuts:
            if any(verdict.called for verdict in judged[pair]):
                uncalled = verdicts(imports, called=False)
                fix = fix_of(uncalled, sources)
                if fix.is_promised and trials().holds(component, pair, fix):
                    judged[pair] = uncalled
        _check_promised(components, judged, sources, trials)
    if ways.lazy and graph is GraphName.IMPORT_TIME:
        for component, pair, _ in cuts:
            lazily = Lazily(component.statements(), sources.modules, takers, first_runs)
            judged[pair] = lazily.judged(judged[pair], pair[1])
    fixes = {pair: fix_of(verdicts, sources) for pair, verdicts in judged.items()}
    hard = {
        pair
        for pair, fix in fixes.items()
        if HARDNESS[fix.feasibility] > _NO_LEAF_NEEDED or (ways.leaf_first and fix.defers)
    }
    for component in components:
        rewired = {
            pair: rewiring
            for pair in component.statements()
            if pair in hard and (rewiring := _rewired(component, pair, judged[pair], graph, sources))
        }
        easy = {pair for pair in component.statements() if pair in fixes and pair not in hard}
        for pair in _standing(component, rewired, easy):
            leads_to = tuple(sorted(rewired[pair].heads.intersection(component.modules)))
            largest = max(Counter(_groups(component, [pair], {pair: rewired[pair]}).values()).values())
            fixes[pair] = replace(rewired[pair].fix, leads_to=leads_to, largest_left=largest if largest > 1 else 0)
    return fixes


def _check_promised(
    components: Iterable[Component],
    judged: MutableMapping[Pair, list[Verdict]],
    sources: Sources,
    trials: Callable[[], Trials],
) -> None:
    """Promise no more what trials show to run on import."""
    for component in components:
        fixes = {pair: fix_of(judged[pair], sources) for pair in component.statements() if pair in judged}
        promised = {
            pair: fix for pair, fix in fixes.items() if fix.is_promised and fix.defers and not _is_around(pair, fix)
        }
        for pair in trials().running(component, promised) if promised else ():
            judged[pair] = [as_running(verdict) for verdict in judged[pair]]


def _is_around(pair: Pair, fix: CutFix) -> bool:
    """Whether a cut takes a package around its importer alone, which is there whenever a function runs."""
    importer, imported = pair
    return importer != imported and inside(importer, imported) and all(name.name == imported for name in fix.names)


def _modules_of(component: Component, sources: Sources) -> Collection[str]:
    """Return the modules of a component; of a component of groups, those that are in them."""
    by = component.origin.by if component.origin else None
    if by is None:
        return component.modules
    groups = set(component.modules)
    return [module for module in sources.modules.files if not groups.isdisjoint(by.groups_around(module))]


def first_runs_of(
    modules: Iterable[str], sources: Sources, most_bytes: int | None = None, few: Collection[str] = ()
) -> FirstRuns:
    """What runs while some modules are imported.

    Where they have more than `most_bytes`, what runs while a `few` of them are, or where these have more, nothing.
    """
    choices: tuple[set[str], ...] = ({*modules}, {*few}, set())
    followed, size = next((names, size) for names in choices if (size := _size(names, sources, most_bytes)) is not None)
    steps = Steps(FIRST_RUN_STEPS + size // FIRST_RUN_BYTES)
    return FirstRuns(sources.modules, followed, sources.configured, steps, whole=followed is choices[0])


def _size(modules: Iterable[str], sources: Sources, most_bytes: int | None) -> int | None:
    """Return how many bytes modules have, None where these are more than the most."""
    size = 0
    for module in modules:
        try:
            size += len(sources.modules.sources.file(module).data)
        except (UnreadableError, KeyError):
            continue
        if most_bytes is not None and size > most_bytes:
            return None
    return size


def fix_of(verdicts: Sequence[Verdict], sources: Sources) -> CutFix:
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
        doubt=_doubt(verdicts, sources) if HARDNESS[hardest.feasibility] < _NO_LEAF_NEEDED else None,
    )


def _doubt(verdicts: Sequence[Verdict], sources: Sources) -> Doubt | None:
    """The first doubt about the names of a statement."""
    for verdict in verdicts:
        if verdict.doubt is not None:
            subject, mark = verdict.doubt
            reason = mark.reason or DoubtReason.GIVEN
            path = sources.paths.get(mark.module, mark.module)
            return Doubt(reason, subject, mark.by, path, mark.line_number)
    return None


@dataclass(frozen=True, slots=True)
class _Rewiring:
    """A fix that takes names from where they are defined, and the modules that its importer depends on then."""

    fix: CutFix
    heads: frozenset[str]


def _rewired(
    component: Component, pair: Pair, verdicts: Sequence[Verdict], graph: GraphName, sources: Sources
) -> _Rewiring | None:
    """How a cut is made where its hard names are taken from leaves; None where one has no certain leaf."""
    importer, _ = pair
    names: list[NameFix] = []
    for verdict in verdicts:
        if verdict.instead:
            names += verdict.instead
        elif HARDNESS[verdict.feasibility] < _NO_LEAF_NEEDED and verdict.name is not None:
            names.append(verdict.name)
        else:
            return None
    leaves = sorted({name.leaf for name in names if name.leaf is not None})
    entered = {leaf.rpartition(".")[0] for leaf in leaves} if graph is not GraphName.ALL else set[str]()
    run = {head for head in {*leaves, *_ancestors(entered)} if not inside(importer, head) or head in leaves}
    heads = {ends[1] for head in run if (ends := component.ends(importer, head))}
    if (named := component.ends(*pair)) and named[1] in heads:
        return None
    first = next((name for name in names if name.leaf is not None), None)
    if first is None:
        return None
    is_split = any(name.leaf is None for name in names)
    fix = CutFix(
        feasibility=Feasibility.SPLIT if is_split else Feasibility.REWIRABLE,
        path=sources.paths[importer],
        line_number=first.line_number,
        detail=_told(names),
        leaves=tuple(leaves),
        names=tuple(names),
    )
    if any(name.attributes for name in names):
        try:
            edits_of([fix], sources.modules, sources.project)
        except RefusedError:
            return None
    return _Rewiring(fix, frozenset(heads))


def _told(names: Sequence[NameFix]) -> str:
    """Say where names are defined, and what becomes of the others."""
    defined: dict[str, list[str]] = defaultdict(list)
    told: list[str] = []
    for name in names:
        if name.leaf is None:
            continue
        spelled = f"{name.bound}.{name.attributes}" if name.attributes else name.bound
        if name.leaf_name is None:
            told.append(f"{spelled} is the module {name.leaf}")
        elif name.leaf_name == (name.attributes.rpartition(".")[2] or name.bound):
            defined[name.leaf].append(spelled)
        else:
            told.append(f"{spelled} is {name.leaf_name} of {name.leaf}")
    parts = [
        f"{', '.join(spelled)} {'is' if len(spelled) == 1 else 'are'} defined in {leaf}"
        for leaf, spelled in defined.items()
    ]
    split = {name.bound for name in names if name.leaf is not None}
    rest = [how_to_move(name, otherwise=name.bound in split) for name in names if name.leaf is None]
    return "; ".join([f"{' and '.join([*parts, *told])}; import from there", *rest])


def _ancestors(packages: Iterable[str]) -> set[str]:
    """Packages with all packages above them."""
    found: set[str] = set()
    for package in packages:
        parts = package.split(".")
        found.update(".".join(parts[:count]) for count in range(1, len(parts) + 1))
    return found


def _standing(component: Component, rewired: Mapping[Pair, _Rewiring], easy: Collection[Pair]) -> tuple[Pair, ...]:
    """The cuts that can be rewired.

    A dependency on a module of the component leads back to the importer, and closes another cycle, until other cuts are
    made. So all easy cuts are taken to be made, and all other rewirings that stand this test: those that fail are taken
    out until none does.
    """
    left, places = dict(rewired), component.places()
    while left:
        groups = _groups(component, {*left, *easy}, left)
        fails = [
            pair
            for pair, found in left.items()
            if any(groups.get(head) == groups[places[pair[0]]] for head in found.heads)
        ]
        if not fails:
            break
        for pair in fails:
            del left[pair]
    return tuple(left)


def _groups(component: Component, cuts: Collection[Pair], rewired: Mapping[Pair, _Rewiring]) -> dict[str, int]:
    """The number of the component of each module when cuts are made, and some importers depend on others instead."""
    place, places = {module: number for number, module in enumerate(component.modules)}, component.places()
    following: list[set[int]] = [set() for _ in component.modules]
    for edge in component.dependencies:
        if any(statement.pair not in cuts for statement in edge.imports):
            following[place[edge.importer]].add(place[edge.imported])
    for (importer, _), rewiring in rewired.items():
        following[place[places[importer]]].update(place[head] for head in rewiring.heads if head in place)
    return dict(zip(component.modules, scc_ids([sorted(heads) for heads in following]), strict=True))
