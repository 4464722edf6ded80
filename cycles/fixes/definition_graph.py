"""The definitions of a component, what they need, and how far it falls apart once imports follow these needs."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from cycles.enums import GraphName
from cycles.fixes.cut_fixes import Sources, first_runs_of
from cycles.fixes.definition_values import (
    DefinitionGraph,
    DefinitionNeed,
    Level,
    LevelFigures,
    ModuleNeed,
    Need,
    Recursion,
)
from cycles.fixes.definitions import STRENGTH, Needs, Offer, Way, cyclic_groups, needs_of
from cycles.fixes.movable_definitions import loggers_in
from cycles.fixes.name_origins import Origins
from cycles.graph.build import entered_packages
from cycles.graph.components import shortest_cycle, strongly_connected
from cycles.limits import MOVE_STEPS, MOVED_TOGETHER, Steps
from cycles.model import Component

_COUNTED = {
    GraphName.IMPORT_TIME: (Need.IMPORT,),
    GraphName.RUNTIME: (Need.IMPORT, Need.CALL),
    GraphName.ALL: tuple(Need),
}
"""The needs that make an import which a graph counts, wherever it is written; those that may, come to that."""


class _Edge(NamedTuple):
    """That one module needs another: which definition of the first (None: the module itself) which of the second."""

    importer: str
    imported: str
    user: int | None
    needed: int | None


class Levels:
    """The modules of a component as nodes; a definition that moves becomes a node of its own."""

    def __init__(
        self, needs: Needs, origins: Origins, graph: GraphName, members: Collection[str], *, defer: bool = True
    ) -> None:
        """Nothing is moved yet; unless they may `defer`, imports for functions stay at the top of modules."""
        self.needs, self.origins, self.graph, self.members = needs, origins, graph, frozenset(members)
        self.counted = frozenset((*_COUNTED[graph], *(() if defer else (Need.CALL,))))
        self.perhaps = self.counted | {Need.MAYBE}
        self.modules = [definition.module for definition in needs.definitions]
        self.named: dict[tuple[str, str], list[int]] = defaultdict(list)
        for number, definition in enumerate(needs.definitions):
            for name in definition.names:
                self.named[definition.module, name].append(number)
        self.copied = loggers_in(needs, origins)
        self.steps = Steps(MOVE_STEPS)

    def figures(self, level: Level) -> LevelFigures:
        """What is left at a level, and what to move."""
        perhaps = self._left(self.edges(level, self.perhaps))
        edges = [edge for edge in dict.fromkeys(self.edges(level, self.counted)) if edge.importer in self.members]
        left = self._left(edges)
        if not left or level is Level.AS_WRITTEN:
            return LevelFigures(level, tuple(sorted(left)), tuple(sorted(perhaps)), None if left else (), 0)
        # What is on no cycle now comes onto none: a move takes no need away from where it was but to a new leaf.
        edges = [edge for edge in edges if {edge.importer, edge.imported} <= left or self._enters(edge, left)]
        moved = self.fewest(edges)
        return LevelFigures(
            level,
            modules=tuple(sorted(left)),
            perhaps=tuple(sorted(perhaps)),
            moved=None if moved is None else tuple(self.needs.definitions[number] for number in sorted(moved)),
            lower_bound=self.lower_bound(edges),
        )

    def _left(self, edges: Iterable[_Edge]) -> set[str]:
        return {name for group in self.cyclic(list(edges), ()) for name in group}

    def _enters(self, edge: _Edge, left: set[str]) -> bool:
        return edge.importer in left and not left.isdisjoint(self._run(edge.importer, edge.imported))

    def _run(self, importer: str, imported: str) -> tuple[str, ...]:
        """The modules that run when one imports another: that one, and packages on the way."""
        if self.graph is GraphName.ALL:
            return (imported,)
        return (imported, *entered_packages(importer, imported, self.members))

    def edges(self, level: Level, counted: Collection[Need]) -> Iterator[_Edge]:
        """What modules need of each other at a level."""
        written = level is Level.AS_WRITTEN
        for number, found in enumerate(self.needs.between):
            home = self.modules[number]
            for other, need in found.items():
                if written:
                    yield from (_Edge(*pair, number, other) for pair in self._along(home, need.ways, counted))
                elif not need.needs.isdisjoint(counted) and not (other in self.copied and self.modules[other] == home):
                    yield _Edge(home, self.modules[other], number, other)
            for module, need in self.needs.of_modules[number].items():
                if written:
                    yield from (_Edge(*pair, number, None) for pair in self._along(home, need.ways, counted))
                elif not need.needs.isdisjoint(counted) and not self.members.isdisjoint(self._run(home, module)):
                    # What lies outside of the component may still run packages of it.
                    yield _Edge(home, module, number, None)
        yield from (_Edge(effect.importer, effect.imported, None, None) for effect in self.needs.effects)
        yield from self._offered(level)

    @staticmethod
    def _along(home: str, ways: Mapping[Way, Need], counted: Collection[Need]) -> Iterator[tuple[str, str]]:
        """The dependencies by which a definition gets to another, through modules that only hand it on."""
        for way, need in ways.items():
            named = [link.module for link in way if link.name] or [link.module for link in way[-1:]]
            if need in counted:
                yield from ((home, module) for module in named[:1])
            if need is not Need.TYPING or Need.TYPING in counted:
                yield from pairwise(named)

    def _offered(self, level: Level) -> Iterator[_Edge]:
        """The dependencies of modules that have imported names for others."""
        for offer in self.needs.offers:
            if level is Level.LAZY and self.origins.modules.files[offer.module].is_package:
                continue
            if offer.name == "*" and level is not Level.AS_WRITTEN:
                yield from self._by_star(offer)
                continue
            for link in offer.links:
                if level is Level.AS_WRITTEN or not link.name:
                    yield _Edge(offer.module, link.module, None, None)
                    continue
                for origin in self.origins.of_name(*link):
                    numbers = self.named.get((origin.module, origin.name), ())
                    yield from (_Edge(offer.module, origin.module, None, number) for number in numbers)
                    if not numbers:
                        yield _Edge(offer.module, origin.module, None, None)

    def _by_star(self, offer: Offer) -> Iterator[_Edge]:
        for link in offer.links:
            for number, definition in enumerate(self.needs.definitions):
                if definition.module == link.module and any(not name.startswith("_") for name in definition.names):
                    yield _Edge(offer.module, link.module, None, number)

    def cyclic(self, edges: Sequence[_Edge], moved: Collection[int]) -> tuple[tuple[str, ...], ...]:
        """The groups of modules, and of moved definitions, that need each other; these are imported back.

        Those of one module go to another together: that they need each other makes no cycle.
        """
        homes = {f"+{number}": self.modules[number] for number in moved}
        pairs = {(self.modules[number], f"+{number}") for number in moved}
        for importer, imported, user, needed in edges:
            source = f"+{user}" if user in moved else importer
            if needed in moved:
                pairs.add((source, f"+{needed}"))
            else:
                pairs |= {(source, name) for name in self._run(importer, imported)}
        groups = strongly_connected(sorted(pair for pair in pairs if pair[0] != pair[1]))
        return tuple(group for group in groups if len(of := {homes.get(name) for name in group}) > 1 or None in of)

    def fewest(self, edges: Sequence[_Edge]) -> set[int] | None:
        """Find few definitions whose move ends all cycles; None where no move helps.

        Greedy: of all single definitions, and all with what they need of modules on cycles, the one that takes most
        modules off cycles for each definition moved.
        """
        moved: frozenset[int] = frozenset()
        while cyclic := {name for group in self.cyclic(edges, moved) for name in group}:
            best: tuple[float, int, list[int]] | None = None
            for group in self._candidates(edges, cyclic, moved):
                self.steps.take(len(edges))
                if self.steps.spent:
                    return None
                gain = (sum(map(len, self.cyclic(edges, moved | group))) - len(cyclic)) / len(group)
                lines = sum(self.needs.definitions[number].lines for number in group)
                if gain < 0 and (best is None or (gain, lines, sorted(group)) < best):
                    best = (gain, lines, sorted(group))
            if best is None:
                return None
            moved |= set(best[2])
        for number in sorted(moved, key=lambda number: -self.needs.definitions[number].lines):
            if not self.cyclic(edges, moved - {number}):
                moved -= {number}
        return set(moved)

    def _candidates(
        self, edges: Sequence[_Edge], cyclic: Collection[str], moved: Collection[int]
    ) -> list[frozenset[int]]:
        """Definitions on cycles that other modules need, and all that one module needs of another.

        Each comes alone, and with all that they need of modules on cycles.
        """
        needed_by: dict[int, list[int]] = defaultdict(list)
        single: set[frozenset[int]] = set()
        between: dict[tuple[str, str], set[int]] = defaultdict(set)
        for edge in edges:
            outer = edge.importer != edge.imported and (edge.importer in cyclic or edge.user in moved)
            if outer and edge.needed is not None and edge.needed not in moved:
                single.add(frozenset([edge.needed]))
                between[edge.importer, edge.imported].add(edge.needed)
            if edge.user is not None and edge.needed is not None:
                needed_by[edge.user].append(edge.needed)
        found: dict[frozenset[int], None] = {}
        for start in sorted(single.union(map(frozenset, between.values())), key=sorted):
            group, waiting = dict.fromkeys(sorted(start)), sorted(start)
            while waiting and len(group) <= MOVED_TOGETHER:
                for other in needed_by[waiting.pop()]:
                    if other not in group and other not in moved and self.modules[other] in cyclic:
                        group[other] = None
                        waiting.append(other)
            found |= {one: None for one in (start, frozenset(group)) if len(one) <= MOVED_TOGETHER}
        return list(found)

    def lower_bound(self, edges: Sequence[_Edge]) -> int:
        """No fewer moves than this end all cycles, where what is moved is imported back to where it was.

        Each of some cycles that share no definition to be moved needs a move of its own, of everything that holds one
        of its dependencies.
        """
        holding: dict[tuple[str, str], set[int | None]] = defaultdict(set)
        causes: dict[tuple[str, str], set[str]] = defaultdict(set)
        for edge in edges:
            for name in self._run(edge.importer, edge.imported):
                if name != edge.importer:
                    holding[edge.importer, name].add(edge.needed)
                    causes[edge.importer, name].add(edge.imported)
        bound = 0
        while cycle := shortest_cycle(sorted(holding)):
            pairs = [(cycle[place - 1], name) for place, name in enumerate(cycle)]
            bound += min((len(holding[pair]) for pair in pairs if None not in holding[pair]), default=1)
            gone = set(cycle).union(*(causes[pair] for pair in pairs))
            for pair in list(holding):
                if not gone.isdisjoint({*pair, *causes[pair]}):
                    del holding[pair]
        return bound


_AT_IMPORT = (Need.IMPORT, Need.ANNOTATION)


def definition_graph(component: Component, graph: GraphName, sources: Sources) -> DefinitionGraph:
    """Return the definitions of a component in a graph, and what they need."""
    needs, origins = needs_of(component.modules, sources.modules, first_runs_of(component.modules, sources))
    levels = Levels(needs, origins, graph, component.modules)
    return DefinitionGraph(
        component=component,
        definitions=tuple(needs.definitions),
        needs=tuple(
            DefinitionNeed(needs.definitions[number], needs.definitions[other], found.need, found.line_number)
            for number, between in enumerate(needs.between)
            for other, found in sorted(between.items())
        ),
        module_needs=_module_needs(needs, frozenset(component.modules)),
        at_import=_recursion(needs, _AT_IMPORT),
        perhaps_at_import=_recursion(needs, (*_AT_IMPORT, Need.MAYBE)),
        when_run=_recursion(needs, [need for need in Need if need is not Need.TYPING]),
        levels=tuple(map(levels.figures, Level)),
        unread=tuple(needs.unread),
    )


def _module_needs(needs: Needs, members: Collection[str]) -> tuple[ModuleNeed, ...]:
    offers = [
        ModuleNeed(offer.module, link.module, offer.line_number) for offer in needs.offers for link in offer.links
    ]
    of_modules = [
        ModuleNeed(needs.definitions[number].module, module, found.line_number)
        for number, modules in enumerate(needs.of_modules)
        for module, found in modules.items()
        if module in members and STRENGTH[found.need] <= STRENGTH[Need.ANNOTATION]
    ]
    every = {*needs.effects, *offers, *of_modules}
    return tuple(sorted(every, key=lambda found: (found.importer, found.line_number, found.imported)))


def _recursion(needs: Needs, counted: Collection[Need]) -> tuple[Recursion, ...]:
    """Definitions that need each other, where they are in two or more modules."""
    following = [[other for other, found in between.items() if found.need in counted] for between in needs.between]
    groups = ([needs.definitions[number] for number in group] for group in cyclic_groups(following))
    found = [Recursion(tuple(sorted(group))) for group in groups if len({one.module for one in group}) > 1]
    return tuple(sorted(found, key=lambda one: (-len(one.definitions), one.definitions)))
