"""The flow of every command, and what `import cycles` offers: analyze a package, plan its cuts, say why."""

import os
import sys
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from cycles.enums import GraphName, Kind
from cycles.errors import CyclesError, NoChainError, NotOnCycleError
from cycles.graph.build import build, dependencies_of
from cycles.graph.components import components, count_inside, shortest_cycle_through
from cycles.grouping import names_around
from cycles.limits import HOIST_STEPS, Steps
from cycles.make_analysis import (
    Question,
    analysis_of,
    are_linked,
    bounds_by_graph,
    components_by_graph,
    read_packages,
    selection_words,
    summary_of,
)
from cycles.model import (
    ANY_WAY,
    FEWEST,
    NOTHING_SAID,
    Analysis,
    Component,
    Cut,
    CutFix,
    CutPlan,
    CutRequest,
    CycleBehind,
    DependencyDetail,
    Edit,
    FirstImportReport,
    Graph,
    HoistableImport,
    ImportChain,
    Origin,
    RuntimeEvaluated,
    Ways,
)
from cycles.source import read_sources as sources
from cycles.source.find_packages import search_folders
from cycles.source.import_values import ClassifiedImport, Import
from cycles.source.module_names import Words, as_words

if TYPE_CHECKING:  # few commands need them
    from cycles.fixes.cut_fixes import Sources
    from cycles.fixes.definition_values import DefinitionGraph
    from cycles.read_traceback import Traceback
    from cycles.simulated_deferrals import Trials


def analyze(  # noqa: PLR0913  all by name, each with a default
    package: Words,
    *,
    folders: Words | None = None,
    roots: Words = (),
    only: bool = False,
    exclude: Words = (),
    graph: GraphName | str = GraphName.IMPORT_TIME,
    count_cuts: bool = False,
    by: Words = (),
    runtime_evaluated: RuntimeEvaluated = NOTHING_SAID,
    progress: Callable[[str], None] = lambda _: None,
) -> Analysis:
    """Find the import cycles of a package and the first-party packages that it reaches. Nothing of it is executed.

    Args:
        package: a dotted name, or a path from the first of the folders: of a package, or of a folder with packages or
            modules. Or several of these.
        folders: where packages are looked for, in order; by default the working directory, its `src`, and the
            site-packages of the running interpreter.
        roots: further packages whose modules join the graphs.
        only: leave out the first-party packages next to `package` that it reaches by imports of any kind.
        exclude: patterns of the names of modules to leave out: `*` stands for one part of a name, `**` for one or more.
        graph: which imports count: "import-time", "runtime" or "all".
        count_cuts: whether to find out how many cuts each graph, and each component of this one, needs.
        by: look at groups of modules instead: "package" for the children of the package, "package:2" for theirs too,
            "siblings" for the children of each package by themselves, or patterns with names: "shop.sales=sales".
        runtime_evaluated: bases and decorators that evaluate annotations, besides those that Ruff is told of.
        progress: is told each step before it begins.

    Raises:
        CyclesError: where there is no such package or none of its files can be read. Single files that cannot be
            read are listed in the result.
        ValueError: where no graph has that name.
    """
    graph = GraphName(graph)
    asked, roots, exclude, by = map(as_words, (package, roots, exclude, by))
    question = Question(asked, folders_of(folders) or search_folders(Path.cwd()), roots, exclude, only, by)
    progress("finding files")
    reading, grouping, judged = read_packages(question, None, progress)
    location, named = reading.location, reading.location.packages
    within = names_around(grouping, named, reading.modules) if grouping else named
    progress("finding components")
    bare = components_by_graph(reading, judged, within, grouping)
    bounds = bounds_by_graph(bare, progress) if count_cuts else {}
    closing = dict.fromkeys(statement for found in bare[graph] for _, _, statement in found.made)
    chosen = build(graph, sources.describe(reading, sorted(closing)), reading.modules, grouping)
    reading.sources.kept[RuntimeEvaluated] = runtime_evaluated
    compiled = tuple(sorted(reading.compiled | reading.excluded))
    origin = Origin(graph, reading.sources, reading.mentions, str(location.base), grouping, compiled, location.packages)
    listed = components(chosen, within, [found.modules for found in bare[graph]], origin)
    if count_cuts:
        listed = tuple(replace(found, cuts=bound) for found, bound in zip(listed, bounds[graph], strict=True))
    own = [found for found in judged if found.importer == found.imported and count_inside((found.importer,), named)]
    return replace(
        analysis_of(asked, reading, judged, graph),
        imports=count_inside((made.importer for made in reading.mentions if made.imported in reading.modules), named),
        self_imports=sources.describe(reading, own),
        summaries=tuple(summary_of(name, found, bounds.get(name)) for name, found in bare.items()),
        components=listed,
        strangers=None if are_linked(reading) else sources.strangers(reading),
        selection=selection_words(location.asked, roots, exclude, by, only=only, graph=graph),
        by=grouping,
    )


def folders_of(given: Words | None) -> tuple[Path, ...]:
    """Return folders as absolute paths; none where nothing is given."""
    return tuple(Path(os.path.abspath(folder)) for folder in as_words(given or ()))


def plan_cuts(
    component: Component,
    *,
    keep: Sequence[tuple[str, str]] = (),
    cut: Sequence[tuple[str, str]] = (),
    allow_reexports: bool = False,
    cheapest: bool = False,
) -> CutPlan:
    """Find the smallest set of cuts that leaves no cycle in a component, with its proof, its order and a fix for each.

    Args:
        component: one of the components of an analysis.
        keep: pairs (importer, imported) of imports that must stay, by whole names or as short as reports print them.
            `*` stands for one part of a name, `**` for one or more.
        cut: pairs of imports to cut, whatever else is cut.
        allow_reexports: whether a package's imports of its own modules may be cut too.
        cheapest: prefer easy cuts to few.

    Raises:
        CyclesError: where a pair matches no import, is both kept and cut, or where only kept imports close a cycle.

    """
    from cycles.find_in_analysis import cuts_meant  # noqa: PLC0415  only here, and where the command line asks

    kept, chosen = (
        [one for pair in pairs for one in cuts_meant([component], pair, may_be_short=True)] for pairs in (keep, cut)
    )
    (plan,) = plan_all([component], CutRequest(kept, chosen, allow_reexports, cheapest))
    return plan


def plan_all(components: Sequence[Component], request: CutRequest = FEWEST) -> Iterator[CutPlan]:
    """Plan the cuts of several components of one analysis, in order, each as if it were the only one.

    A pair may match an import of any component; what is raised is what `plan_cuts` raises.
    """
    from cycles import cuts  # noqa: PLC0415  its algorithms are loaded only where they are wanted

    fixes = fixes_of(components, ways=request.ways)
    costs = costs_of(fixes, components, request.ways)
    for plan in cuts.plan_cuts(components, request, fixes=fixes, costs=costs):
        yield replace(plan, ranking=replace(plan.ranking, cuts=with_fixes(plan.ranking.cuts, fixes)))


def replay_plan(analysis: Analysis, plan: CutPlan, *, everything: bool = False) -> CutPlan:
    """Return a plan as it comes out when its edits are made in memory: what is left after each step is looked at anew.

    Args:
        analysis: the one whose component the plan is for.
        plan: what `plan_cuts` returned.
        everything: simulate first imports also where that runs many modules.
    """
    from cycles.simulated_plan import replay  # noqa: PLC0415  most commands do without

    return replay(analysis, plan, everything=everything) if plan.steps else plan


def predict_first_imports(
    analysis: Analysis, *, after: Words = (), bare_root: bool = False, component: Component | None = None
) -> FirstImportReport:
    """Predict, for each module of the package, what happens when a fresh interpreter imports it first.

    Nothing is executed.

    Args:
        analysis: what `analyze` returned for the import-time graph.
        after: modules that are imported beforehand, in this order.
        bare_root: whether the `__init__` of the package, and those above it, count as empty.
        component: where given, only modules whose import runs a module of it are reported.

    Raises:
        CyclesError: where a module of `after` does not exist, or crashes itself.

    """
    from cycles.simulate.first_import_report import entrances  # noqa: PLC0415  `cycles scc` does without

    number = None if component is None else component.number
    return entrances(analysis, after=as_words(after), bare_root=bare_root, number=number)


def definition_graph(component: Component) -> "DefinitionGraph":
    """Return the definitions of a component's modules, what they need of each other, and what ends the component.

    Args:
        component: one of the components of an analysis.

    Raises:
        CyclesError: where it was not found in source files.

    """
    from cycles.fixes import cut_fixes  # noqa: PLC0415  `cycles scc` does without
    from cycles.fixes import definition_graph as graphs  # noqa: PLC0415

    origin = origin_of(component)
    return graphs.definition_graph(component, origin.graph_name, cut_fixes.sources_of(origin))


def origin_of(component: Component) -> Origin:
    """Return what was read to find a component; raises CyclesError where it was not found in source files."""
    if component.origin is None:
        raise CyclesError(
            "only components that were found in source files have definitions; ask for those of an analysis"
        )
    return component.origin


def edits_of_steps(plan: CutPlan) -> tuple[tuple[Edit, ...], ...]:
    """Return the edits of each step of a plan as if it were the only one; none where a step cannot be made by edits."""
    from cycles.fixes import cut_fixes, edits  # noqa: PLC0415  `cycles scc` does without

    if plan.component.origin is None:
        return ((),) * len(plan.steps)
    read = cut_fixes.sources_of(plan.component.origin)
    found: list[tuple[Edit, ...]] = []
    for cut in plan.cuts:
        try:
            found.append(edits.edits_of([cut.fix], read.modules, read.project) if cut.fix else ())
        except CyclesError:
            found.append(())
    return tuple(found)


def costs(components: Sequence[Component]) -> dict[tuple[str, str], int]:
    """Return what each cut of some components costs, by how it can be made: what `plan_cuts` chooses by."""
    return costs_of(fixes_of(components), components)


def find_hoistable(
    analysis: Analysis, plans: Sequence[CutPlan], *, everything: bool = False
) -> tuple[HoistableImport, ...]:
    """Return the deferred imports that could move to the top of their modules once all the plans are made.

    Only imports that may lie on a cycle of some graph are looked at, those of the plans' modules
    and of modules in no component. Those by which a first import newly fails, or is unknown, are none: they are moved
    in memory and simulated, in a large package only where `everything` is wanted.
    """
    from cycles.fixes import cut_fixes  # noqa: PLC0415  `cycles scc` does without
    from cycles.simulated_plan import replayed_hoists  # noqa: PLC0415  most commands do without

    names = {module.name for module in analysis.files}
    made = {step.pair for plan in plans for step in plan.steps}
    chosen = {module for plan in plans for module in plan.component.modules}
    cyclic = {module for component in analysis.components for module in component.modules} - chosen
    stay = [found for found in analysis.closing if found.pair not in made]
    candidates = [
        (found, _pairs([found._replace(kind=Kind.EAGER)], names))
        for found in stay
        if found.kind is Kind.DEFERRED and analysis.holds(found.importer) and found.importer not in cyclic
    ]
    read = cut_fixes.sources_of(analysis.origin)
    found = cut_fixes.hoistable(
        candidates,
        today=_pairs(analysis.closing, names),
        after=_pairs(stay, names),
        modules=read.modules,
        paths=read.paths,
    )
    return replayed_hoists(analysis, plans, found, Steps(sys.maxsize if everything else HOIST_STEPS))


def why(analysis: Analysis, importer: str, imported: str) -> DependencyDetail:
    """Say why a dependency matters: its imports, the cycles through it, and the cuts that end it.

    Raises:
        CyclesError: where the dependency is in no component of the analysis.
    """
    if detail := detail_of(analysis, importer, imported):
        return detail
    members = {module: component for component in analysis.components for module in component.modules}
    known = {module.name for module in analysis.files}
    for module in (importer, imported):
        last = module.rpartition(".")[2]
        alike = [name for name in (*sorted(members), *sorted(known)) if name.rpartition(".")[2] == last]
        if module not in known and alike:
            raise CyclesError(f"no module {module} among those analysed; did you mean {alike[0]}?")
        if module not in members:
            what = f"{module or 'a module without a name'} is in no component of {analysis.graph_name}"
            raise NotOnCycleError(what, analysis.package)
    what = f"{importer} does not import {imported} directly, or not on a cycle of {analysis.graph_name}"
    raise NotOnCycleError(what, analysis.package)


def detail_of(
    analysis: Analysis, importer: str, imported: str, *, most: int | None = None, most_bytes: int | None = None
) -> DependencyDetail | None:
    """Return what there is to say of a dependency on a cycle; None where there is none between two modules or groups.

    How its cuts can be made is found out for `most` of them; see `fixes_of` for `most_bytes`.
    """
    from cycles.cuts import rank  # noqa: PLC0415  its algorithms are loaded only where they are wanted

    for component in analysis.components:
        pairs = [edge.pair for edge in component.dependencies]
        if (importer, imported) in pairs:
            number, ranking = pairs.index((importer, imported)), rank(component)
            causes = component.dependencies[number].causes
            fixes = fixes_of([component], set(islice(sorted(causes), most)), most_bytes=most_bytes)
            return DependencyDetail(
                component=component,
                dependency=component.dependencies[number],
                cycles=replace(ranking.cycles, count=ranking.through[number]),
                shortest_cycle=shortest_cycle_through(pairs, importer, imported),
                cuts=with_fixes([cut for cut in ranking.cuts if cut.pair in causes], fixes),
            )
    return None


def why_pair(analysis: Analysis, importer: str, imported: str) -> DependencyDetail | ImportChain:
    """Explain what one module imports of another; where that is no dependency on a cycle, how one leads to the other.

    `imported` may also be the module that an import names, where only packages on the way to it lie on a cycle; or the
    importer itself: then the chain is a shortest cycle through it.

    Raises:
        CyclesError: where no chain of imports leads from one module to the other.
    """
    if detail := detail_of(analysis, importer, imported):
        return detail
    for component in analysis.components:
        for edge in component.dependencies:
            if (importer, imported) in edge.causes:
                return why(analysis, edge.importer, edge.imported)
    return chain_between(analysis, importer, imported, analysis.graph)


def chain_between(analysis: Analysis, importer: str, imported: str, graph: Callable[[GraphName], Graph]) -> ImportChain:
    """Return a shortest chain from one node to another in the chosen one of some graphs.

    Raises NoChainError where there is none, which says in which other graphs there is one.
    """
    from cycles.find_in_analysis import import_chain  # noqa: PLC0415  only `cycles why` asks

    if chain := import_chain(graph(analysis.graph_name), importer, imported):
        return ImportChain(importer, imported, chain)
    others = (name for name in GraphName if name is not analysis.graph_name)
    leading = tuple(str(name) for name in others if import_chain(graph(name), importer, imported))
    raise NoChainError((importer, imported), analysis.package, str(analysis.graph_name), leading)


def why_traceback(analysis: Analysis, traceback: "Traceback") -> CycleBehind:
    """Find the cycle that made an import fail, what the plan cuts of it, and its dependency that is easiest to cut.

    Raises:
        CyclesError: where the traceback shows no import cycle between the modules of the analysis.
    """
    from cycles.find_in_analysis import component_behind, imports_under_way  # noqa: PLC0415  only `cycles why` asks

    if not traceback.frames:
        around = component_behind(analysis, traceback.error)
        return CycleBehind(traceback.error, (), None, next(plan_all([around])))
    links = imports_under_way(analysis, traceback)
    pairs = [link.pair for link in links]
    for component in analysis.components:
        edges = component.edges
        if all(pair in edges for pair in pairs):
            causes = {pair: edges[pair].causes for pair in pairs}
            costs = costs_of(fixes_of([component], wanted=set().union(*causes.values())), [component])
            easiest = min(pairs, key=lambda pair: sum(costs[cause] for cause in causes[pair]))
            plan = next(plan_all([component]))
            # Cuts that leave no cycle at all end at least one dependency of this one.
            ends = set().union(*causes.values())
            planned = tuple(cut for cut in plan.cuts if cut.pair in ends)
            return CycleBehind(traceback.error, links, why(analysis, *easiest), plan, planned)
    return CycleBehind(traceback.error, links, None)


def fixes_of(
    components: Sequence[Component],
    wanted: Collection[tuple[str, str]] | None = None,
    *,
    most_bytes: int | None = None,
    ways: Ways = ANY_WAY,
) -> dict[tuple[str, str], CutFix]:
    """Return how the cuts of components found in source files, or only those `wanted`, can be made in some ways.

    Where their modules have more than `most_bytes`, what runs on import is followed in few of them or in none, and a
    doubt says so.
    """
    from cycles.fixes import cut_fixes  # noqa: PLC0415  `cycles scc` does without

    together: dict[int, list[tuple[Origin, Component]]] = defaultdict(list)
    for component in components:
        if component.origin is not None:
            # The components of one analysis share its source files, and what is looked for in them.
            together[id(component.origin.sources)].append((component.origin, component))
    fixes: dict[tuple[str, str], CutFix] = {}
    for found in together.values():
        origin = found[0][0]
        files = cut_fixes.sources_of(origin)
        fixes |= cut_fixes.feasibilities(
            [component for _, component in found],
            origin.graph_name,
            files,
            wanted,
            most_bytes=most_bytes,
            ways=ways,
            # A hint in a hurry does without, and a plan between groups, of whose cuts each is one of many.
            trials=_trials(origin, files) if most_bytes is None and origin.by is None else None,
        )
    return fixes


def _trials(origin: Origin, files: "Sources") -> "Callable[[], Trials]":
    """Return what tries cuts of an analysis; the simulation is loaded where there is one to try."""

    @cache
    def trials() -> "Trials":
        from cycles.simulated_deferrals import Trials  # noqa: PLC0415  most cuts need none

        return Trials(origin, files)

    return trials


def cost_of(fix: CutFix | None, statements: Collection[Import]) -> int:
    """Return what a cut costs by how it can be made; one of which nothing is known costs most."""
    from cycles.cuts import cost_of_fix  # noqa: PLC0415  its algorithms are loaded only where they are wanted

    lines = len({statement.line_number for statement in statements})
    return cost_of_fix(fix, lines) if fix else sys.maxsize


def costs_of(
    fixes: Mapping[tuple[str, str], CutFix], components: Sequence[Component], ways: Ways = ANY_WAY
) -> dict[tuple[str, str], int]:
    """Return what each cut of some components costs, by how it can be made in some ways."""
    from cycles.cuts import cost_of_fix  # noqa: PLC0415  its algorithms are loaded only where they are wanted

    lines = {
        pair: len({statement.line_number for statement in statements})
        for component in components
        for pair, statements in component.statements().items()
    }
    return {pair: cost_of_fix(how, lines[pair], ways) for pair, how in fixes.items()}


def _pairs(statements: Sequence[ClassifiedImport], modules: Collection[str]) -> set[tuple[str, str]]:
    """Return the dependencies that run on import."""
    made = dependencies_of(GraphName.IMPORT_TIME, statements, modules)
    return {(importer, imported) for importer, imported, _ in made}


def with_fixes(cuts: Sequence[Cut], fixes: Mapping[tuple[str, str], CutFix]) -> tuple[Cut, ...]:
    """Return cuts with what is known of how each can be made."""
    return tuple(replace(cut, fix=fixes.get(cut.pair)) for cut in cuts)
