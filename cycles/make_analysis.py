"""Make an analysis: packages as they are, were, or would be with other contents, and the components of their graphs."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from cycles.enums import GraphName
from cycles.graph.build import Graphs, build, dependencies_of
from cycles.graph.components import components, count_inside, places, possibly_cyclic_imports, strongly_connected
from cycles.grouping import Grouping, grouping_of, names_around
from cycles.model import Analysis, Component, CutBound, Graph, GraphSummary
from cycles.source import read_sources as sources
from cycles.source.file_text import relative_path
from cycles.source.find_packages import locate
from cycles.source.import_kinds import describe_judged, judge_mentions
from cycles.source.import_values import ClassifiedImport, ModuleFile, RawImport
from cycles.source.module_names import Pair, inside
from cycles.source.unchanged_files import Known

_SEVERAL = 2


@dataclass(frozen=True, slots=True)
class Question:
    """Which packages are asked for, and where they are looked for; see `analyze`."""

    packages: Sequence[str]
    folders: Sequence[Path]
    roots: Sequence[str] = ()
    exclude: Sequence[str] = ()
    only: bool = False
    by: Sequence[str] = ()


class BareComponent(NamedTuple):
    """The modules of a component, and every (importer, imported, import) that makes a dependency inside it."""

    modules: tuple[str, ...]
    made: tuple[tuple[str, str, ClassifiedImport], ...]

    def pairs(self) -> set[Pair]:
        """Return what the imports name: importers and imported."""
        return {made.pair for _, _, made in self.made}


class _Found(dict[GraphName, tuple[BareComponent, ...]]):
    """The components of each graph of some source files."""


def read_packages(
    question: Question, known: Known | None, progress: Callable[[str], None]
) -> tuple[sources.Reading, Grouping | None, tuple[ClassifiedImport, ...]]:
    """Read what was asked for, in groups where that was asked, and judge the imports that may close a cycle."""
    location = locate(question.packages, roots=question.roots, folders=question.folders)
    progress("reading imports")
    reading = sources.read(location, exclude=question.exclude, only=question.only, known=known)
    # What a pattern matches now need not have been there before.
    modules = reading.modules if known is None else None
    by = grouping_of(question.by, location.packages, modules) if question.by else None
    progress("judging the imports that may close a cycle")
    return reading, by, sources.judge(reading, _candidates(reading.mentions, reading.modules, by))


def analysis_of(
    asked: Sequence[str], reading: sources.Reading, judged: tuple[ClassifiedImport, ...], graph: GraphName
) -> Analysis:
    """Return what was read, without what was found in it."""
    location, named = reading.location, reading.location.packages
    return Analysis(
        package=named[0] if len(named) == 1 else ", ".join(asked),
        named=named,
        packages=tuple(root.name for root in location.roots),
        folder=str(location.roots[0].folders[0].parent),
        project=str(location.base),
        files=tuple(module for _, module in sorted(reading.modules.items())),
        compiled=tuple(sorted(reading.compiled | reading.excluded)),
        mentions=reading.mentions,
        closing=judged,
        modules=count_inside(reading.modules, named),
        imports=0,
        skipped=reading.skipped,
        unlinted=reading.unlinted,
        sources=reading.sources,
        self_imports=(),
        summaries=(),
        graph_name=graph,
        graphs=Graphs(reading),
        components=(),
        left_out=reading.left_out,
        read_as=location.read_as,
    )


def analyze_before(question: Question, now: Analysis, same: Mapping[str, str]) -> Analysis:
    """Read packages as they were in other folders: an analysis without components, summaries and imports quoted.

    Args:
        question: what is asked for, and where it lies now.
        now: the packages as they are.
        same: which files are the same: their paths then, and their paths now.

    Raises:
        CyclesError: where the package was not there, or none of its files can be read.

    """
    known = Known(now.packages, now.sources, now.mentions, now.closing, frozenset(now.compiled), same)
    reading, grouping, judged = read_packages(question, known, lambda _: None)
    return replace(analysis_of(question.packages, reading, judged, now.graph_name), by=grouping)


def analyze_edited(
    analysis: Analysis, contents: Mapping[str, str | bytes], added: Sequence[ModuleFile] = ()
) -> Analysis:
    """Return an analysis, without components, as it is with other contents of some modules and with new ones.

    Raises UnreadableError where a text is no Python.
    """
    cache = analysis.sources.add_modules(added, contents)
    mentions = sources.read_again(analysis.mentions, cache, set(contents))
    judged = judge_mentions(_candidates(mentions, cache.modules, analysis.by), cache, frozenset(analysis.compiled))
    files = tuple(module for _, module in sorted(cache.modules.items()))
    # Without its components: those of the same modules would be taken for the same.
    return replace(analysis, files=files, sources=cache, mentions=mentions, closing=judged, components=())


def components_by_graph(
    reading: sources.Reading,
    judged: Sequence[ClassifiedImport],
    within: Collection[str],
    by: Grouping | None,
) -> Mapping[GraphName, tuple[BareComponent, ...]]:
    """Find the components of each graph of what was read, once: who asks for them later gets these."""
    found = _Found({name: _touching_components(name, judged, reading.modules, within, by) for name in GraphName})
    reading.sources.kept[_Found] = found
    return found


def bare_components(analysis: Analysis, graph: GraphName, packages: Collection[str] = ()) -> tuple[BareComponent, ...]:
    """Return the modules of each component of a graph that touches what was asked for, or further packages."""
    kept = analysis.sources.kept.get(_Found)
    if isinstance(kept, _Found) and not packages:
        return kept[graph]
    names = {module.name for module in analysis.files}
    return _touching_components(graph, analysis.closing, names, (*_within(analysis), *packages), analysis.by)


def components_touching(analysis: Analysis, packages: Collection[str]) -> tuple[Component, ...]:
    """Return the components of an analysis and those that touch further packages of its roots, largest first."""
    if all(map(analysis.holds, packages)):
        return analysis.components
    return described(analysis, analysis.graph_name, bare_components(analysis, analysis.graph_name, packages))


def described(analysis: Analysis, graph: GraphName, bare: Sequence[BareComponent]) -> tuple[Component, ...]:
    """Return components of a graph with all that there is to say of them."""
    known = {found.modules: found for found in analysis.components if graph is analysis.graph_name}
    if all(found.modules in known for found in bare):
        return tuple(known[found.modules] for found in bare)
    closing = sorted({statement for found in bare for _, _, statement in found.made})
    whole, origin = graph_of(analysis, graph, closing), replace(analysis.origin, graph_name=graph)
    return components(whole, _within(analysis), [found.modules for found in bare], origin)


def graph_of(analysis: Analysis, graph: GraphName, judged: Sequence[ClassifiedImport]) -> Graph:
    """Return the graph that some imports of an analysis make, with all that there is to say of them."""
    modules = {module.name: module for module in analysis.files}
    paths = {name: relative_path(module.path, Path(analysis.project)) for name, module in modules.items()}
    return build(graph, describe_judged(judged, analysis.sources, paths), modules, analysis.by)


def regrouped(
    analysis: Analysis,
    judged: Sequence[ClassifiedImport],
    renamed: Mapping[str, str],
    by: Grouping,
) -> tuple[BareComponent, ...]:
    """Return the components of groups in an analysis's graph made of other imports, where modules have other names."""
    names = {renamed.get(file.name, file.name) for file in analysis.files}
    return _touching_components(analysis.graph_name, judged, names, names_around(by, analysis.named, names), by)


def _touching_components(
    name: GraphName,
    judged: Sequence[ClassifiedImport],
    names: Collection[str],
    packages: Collection[str],
    by: Grouping | None = None,
) -> tuple[BareComponent, ...]:
    """Return the components of a graph over all modules that touch any of the packages, in the order of components."""
    made = list(dependencies_of(name, judged, names, by))
    members = strongly_connected((importer, imported) for importer, imported, _ in made)
    touching = [modules for modules in members if count_inside(modules, packages)]
    place = places(touching)
    inner: list[list[tuple[str, str, ClassifiedImport]]] = [[] for _ in touching]
    for importer, imported, statement in made:
        number = place.get(importer)
        if number is not None and number == place.get(imported):
            inner[number].append((importer, imported, statement))
    return tuple(BareComponent(modules, tuple(found)) for modules, found in zip(touching, inner, strict=True))


def _within(analysis: Analysis) -> tuple[str, ...]:
    """Return names inside which the nodes of the graphs lie that belong to what was asked for."""
    if analysis.by is None:
        return analysis.named
    return names_around(analysis.by, analysis.named, [file.name for file in analysis.files])


def bounds_of(bare: Sequence[BareComponent]) -> tuple[CutBound, ...]:
    """Return how many cuts each component needs, within one budget."""
    from cycles.cuts import cut_bounds  # noqa: PLC0415  its algorithms are loaded only where they are wanted

    return cut_bounds(bare)


def bounds_by_graph(
    bare: Mapping[GraphName, Sequence[BareComponent]], progress: Callable[[str], None]
) -> dict[GraphName, tuple[CutBound, ...]]:
    """Return how many cuts each component of each graph needs."""
    progress("counting the cuts that each graph needs")
    bounds = iter(bounds_of([one for found in bare.values() for one in found]))
    return {name: tuple(islice(bounds, len(found))) for name, found in bare.items()}


def summary_of(name: GraphName, bare: Sequence[BareComponent], bounds: Sequence[CutBound] | None) -> GraphSummary:
    """Return how cyclic a graph is, with the cuts that it needs where these were counted."""
    sizes = [len(one.modules) for one in bare]
    cuts = None
    if bounds is not None:
        cuts = CutBound(
            size=sum(bound.size for bound in bounds), lower_bound=sum(bound.lower_bound for bound in bounds)
        )
    return GraphSummary(name=name, components=len(sizes), modules=sum(sizes), largest=max(sizes, default=0), cuts=cuts)


def _candidates(mentions: Sequence[RawImport], modules: Collection[str], by: Grouping | None) -> tuple[RawImport, ...]:
    """Return the imports that can be part of a cycle in any graph, and the self-imports."""
    pairs = {found.pair for found in mentions}
    closing = set(possibly_cyclic_imports(pairs, modules, by))
    return tuple(found for found in mentions if found.importer == found.imported or found.pair in closing)


def are_linked(reading: sources.Reading) -> bool:
    """Whether a module of the packages asked for imports another in the graph, as far as there are several."""
    packages = reading.location.packages
    own = {module for module in reading.modules if any(inside(module, package) for package in packages)}
    return len(own) < _SEVERAL or any(
        found.importer != found.imported and found.importer in own and found.imported in reading.modules
        for found in reading.mentions
    )


def selection_words(
    asked: Sequence[str],
    roots: Sequence[str],
    exclude: Sequence[str],
    by: Sequence[str],
    *,
    only: bool,
    graph: GraphName,
) -> tuple[str, ...]:
    """Return what selects the same modules and imports again: packages, then options with their values."""
    options = [] if graph is GraphName.IMPORT_TIME else ["--graph", str(graph)]
    options += [word for root in roots for word in ("--root", root)]
    options += [word for pattern in exclude for word in ("--exclude", pattern)]
    options += [part for word in by for part in ("--by", word)]
    return (*asked, *options, *(["--only"] if only else []))
