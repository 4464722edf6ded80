"""Name the imports that a person can undo: those that closed cycles, or those that are easiest to cut."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from cycles.api import cost_of, fixes_of
from cycles.check.findings import Finding
from cycles.cuts import fewest_cuts
from cycles.enums import GraphName
from cycles.graph.components import shortest_cycle_through, strongly_connected
from cycles.limits import EXPLAINED_FINDINGS, FOLLOWED_BYTES
from cycles.make_analysis import BareComponent, bounds_of, described
from cycles.model import Analysis, Component, CutBound, CutFix, Dependency
from cycles.source.import_values import Import
from cycles.source.module_names import Pair, cycle_pairs

_StillWorse = Callable[[Collection[str]], Collection[str]]


def cheapest_of(
    analysis: Analysis, graph: GraphName, bare: Sequence[BareComponent], bounds: Sequence[CutBound]
) -> tuple[Finding, ...]:
    """Return one finding a component: of the imports on its shortest cycle the one that is easiest to cut."""
    components = described(analysis, graph, bare)
    made_by = {
        component.number: [made.pair for edge in component.shortest_edges for made in edge.imports]
        for component in components
    }
    # Asked at once, for the components of one package look into the same files.
    fixes = fixes_of(
        components, wanted={pair for pairs in made_by.values() for pair in pairs}, most_bytes=FOLLOWED_BYTES
    )
    found = []
    for component, bound in zip(components, bounds, strict=True):
        cycle, pairs, lines = component.shortest_cycle, made_by[component.number], component.statements()
        cheapest = min(pairs, key=lambda pair: (cost_of(fixes.get(pair), lines[pair]), pairs.index(pair)))
        edges = component.shortest_edges
        place = next(at for at, edge in enumerate(edges) if cheapest in edge.causes)
        turned = (*cycle[place:], *cycle[:place])
        found.append(_finding(component, bound, graph, cheapest, turned, fixes, added=False, is_error=True))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Blame:
    """The imports of a graph's components now, and which of them the change added.

    Attributes:
        analysis: the packages now.
        graph: the graph.
        bare: its components.
        bounds: how many cuts each needs.
        added: the imports on cycles that the change added.
        touched: whether it touched the file of a module.
        new: which of some imports were not in the graph before, though the change may not have written them.
    """

    analysis: Analysis
    graph: GraphName
    bare: Sequence[BareComponent]
    bounds: Sequence[CutBound]
    added: frozenset[Pair]
    touched: Callable[[str], bool]
    new: Callable[[Collection[Pair]], Collection[Pair]]

    def at_fault(
        self, newly: Collection[str], grown: Collection[int], still_newly: _StillWorse, most: int | None
    ) -> frozenset[Pair]:
        """Return the imports without which nothing would be worse.

        They are the added ones in components that became worse. Where these are not enough (a module took the place
        of another, a package began to run), further ones join: those first that were there and mean something else now.

        Args:
            newly: the modules that are newly on a cycle.
            grown: the places of the components that need more cuts than before.
            still_newly: which of some modules on cycles are newly so.
            most: how many cuts may be needed; None for any number.

        """
        worse = [
            one for number, one in enumerate(self.bare) if number in grown or not set(newly).isdisjoint(one.modules)
        ]
        inside = {pair for one in worse for pair in one.pairs()}
        found = set(inside & self.added)
        while left := still_newly(self._cyclic_without(worse, found)):
            further = self._on_cycle_of(min(left), worse, found)
            if further is None:
                break
            found.add(further)
        if most is not None:
            found.update(self._beyond(most, found))
        return frozenset(found)

    def findings(self, at_fault: AbstractSet[Pair], *, strict: bool) -> tuple[Finding, ...]:
        """Return the imports to blame, errors first, and all that were added, by path and line."""
        found: list[Finding] = []
        told = at_fault | self.added
        chosen = [number for number, one in enumerate(self.bare) if not told.isdisjoint(one.pairs())]
        bare = [self.bare[number] for number in chosen]
        components = described(self.analysis, self.graph, bare) if bare else ()
        wanted = [
            sorted(
                (pair for pair in component.statements() if pair in told), key=lambda pair: (pair not in at_fault, pair)
            )
            for component in components
        ]
        explained = {pair for pairs in wanted for pair in pairs[:EXPLAINED_FINDINGS]}
        # Asked at once, for the components of one package look into the same files.
        fixes = fixes_of(components, wanted=explained, most_bytes=FOLLOWED_BYTES)
        for number, component, pairs in zip(chosen, components, wanted, strict=True):
            for place, pair in enumerate(pairs):
                cycle = _shortest_cycle_of(component, pair) if place < EXPLAINED_FINDINGS else ()
                is_error = pair in at_fault or strict
                added = pair in self.added
                bound = self.bounds[number]
                found.append(_finding(component, bound, self.graph, pair, cycle, fixes, added=added, is_error=is_error))
        return tuple(sorted(found, key=lambda one: (not one.is_error, one.imports[0].path, one.imports[0].line_number)))

    def _cyclic_without(self, bare: Iterable[BareComponent], cut: AbstractSet[Pair]) -> set[str]:
        """The modules of some components that are still on cycles once some imports are cut."""
        return {module for one in bare for modules in strongly_connected(_edges(one, cut)) for module in modules}

    def _on_cycle_of(self, module: str, bare: Iterable[BareComponent], cut: AbstractSet[Pair]) -> Pair | None:
        """An import on a shortest cycle through a module: of a file that was touched, or else from or to the module."""
        one = next(one for one in bare if module in one.modules)
        edges = sorted({*_edges(one, cut)})
        cycles = [shortest_cycle_through(edges, *edge) for edge in edges if edge[0] == module]
        cycle = min((cycle for cycle in cycles if cycle), key=lambda cycle: (len(cycle), cycle), default=())
        steps = {*cycle_pairs(cycle)}
        pairs = {
            # Which groups an import links, its modules do not tell.
            made.pair: (importer, imported) if self.analysis.by else made.pair
            for importer, imported, made in one.made
            if (importer, imported) in steps and made.pair not in cut
        }
        new = self.new(pairs.keys())
        return min(
            pairs,
            key=lambda pair: (pair not in new, not self.touched(pair[0]), module not in pairs[pair], pair),
            default=None,
        )

    def _beyond(self, most: int, cut: AbstractSet[Pair]) -> Iterable[Pair]:
        """The imports that must go besides those that are cut so that no more than `most` cuts are needed."""
        left = [one._replace(made=tuple(made for made in one.made if made[2].pair not in cut)) for one in self.bare]
        if sum(bound.size for bound in bounds_of(left)) <= most:
            return ()
        pairs = {pair for one in left for pair in one.pairs()}
        new = self.new(pairs)
        suspects = [{pair for pair in pairs if self.touched(pair[0])}.union(new), new]
        # Any of the fewest cuts are as many as are too many; those come first that the change has to do with.
        chosen = fewest_cuts(left, suspects[0])
        cuts = sorted(pair for part in chosen for pair in part)
        cuts.sort(key=lambda pair: sum(pair in some for some in suspects), reverse=True)
        return cuts[: max(len(cuts) - most, 0)]


def _edges(one: BareComponent, cut: AbstractSet[Pair]) -> Iterator[Pair]:
    return ((importer, imported) for importer, imported, made in one.made if made.pair not in cut)


def _shortest_cycle_of(component: Component, pair: Pair) -> tuple[str, ...]:
    """The shortest cycle that an import closes, from its importer on."""
    edges = [edge.pair for edge in component.dependencies]
    made = [edge.pair for edge in component.dependencies if pair in edge.causes]
    cycles = [cycle for edge in made if (cycle := shortest_cycle_through(edges, *edge))]
    return min(cycles, key=lambda cycle: (len(cycle), pair[1] not in cycle, cycle), default=())


def _finding(  # noqa: PLR0913  a value of many fields
    component: Component,
    bound: CutBound,
    graph: GraphName,
    pair: Pair,
    cycle: tuple[str, ...],
    fixes: dict[Pair, CutFix],
    *,
    added: bool,
    is_error: bool,
) -> Finding:
    edges = component.edges
    return Finding(
        graph=graph,
        importer=pair[0],
        imported=pair[1],
        imports=component.statements()[pair],
        cycle=cycle,
        links=tuple(_statement(edges[step], pair) for step in cycle_pairs(cycle)),
        fix=fixes.get(pair),
        component=component.name,
        modules=len(component.modules),
        cuts=bound,
        added=added,
        is_error=is_error,
    )


def _statement(edge: Dependency, pair: Pair) -> Import:
    """The statement to show for a dependency: one of the import in question, or one that names the module."""
    return min(edge.imports, key=lambda made: (made.pair != pair, made.imported != edge.imported))
