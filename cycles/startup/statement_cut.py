"""The smallest set of statements without which ENTRY does not load some modules: a minimum cut, which is exact.

One statement may load several modules, but all of them from one: where it does, it is a vertex of its own between the
module that it stands in and these, and only the edge to it can be cut. Modules of other distributions that lead to what
is to go are one with the sink: nobody can cut anything there, and the network stays small.
"""

from collections import defaultdict, deque
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from cycles.startup.max_flow import UNCUTTABLE, Network
from cycles.startup.startup_values import Chain, LoadEdge

Place = tuple[str, int]
Cost = Callable[[Place], int | None]
"""What cutting a statement costs; None where it cannot be cut."""


@dataclass(frozen=True, slots=True)
class SmallestCut:
    """The statements to cut, sorted, what they cost together, and the chains that the flow consists of."""

    statements: tuple[Place, ...]
    cost: int
    chains: tuple[Chain, ...] = ()


class Loads:
    """The graph of loads, to be looked through from both ends."""

    def __init__(self, edges: Iterable[LoadEdge], is_own: Callable[[str], bool]) -> None:
        """`is_own` says which modules belong to the project."""
        self.edges = tuple(edges)
        self.is_own = is_own
        self.leaving: dict[str, list[LoadEdge]] = defaultdict(list)
        self._entering: dict[str, list[int]] = defaultdict(list)
        for number, edge in enumerate(self.edges):
            self.leaving[edge.importer].append(edge)
            self._entering[edge.imported].append(number)

    def entering(self, modules: Iterable[str]) -> Iterator[LoadEdge]:
        """Yield the edges that lead to some modules."""
        return (self.edges[number] for module in modules for number in self._entering.get(module, ()))

    def foreign_sinks(self, targets: Iterable[str]) -> frozenset[str]:
        """Return what is to go, and the modules of other distributions that lead there through others alone."""
        seen = set(targets)
        waiting = list(seen)
        while waiting:
            for number in self._entering.get(waiting.pop(), ()):
                importer = self.edges[number].importer
                if importer not in seen and importer and not self.is_own(importer):
                    seen.add(importer)
                    waiting.append(importer)
        return frozenset(seen)

    def leading_to(self, sinks: Collection[str]) -> list[LoadEdge]:
        """Return the edges over which ENTRY reaches some modules, and none of them before the last, in order."""
        numbers: list[int] = []
        able = set(sinks)
        waiting = list(able)
        while waiting:
            for number in self._entering.get(waiting.pop(), ()):
                importer = self.edges[number].importer
                if importer in sinks:
                    continue
                numbers.append(number)
                if importer not in able:
                    able.add(importer)
                    waiting.append(importer)
        kept = [self.edges[number] for number in sorted(numbers)]
        seen = reached_from(following(kept), [""])
        return [edge for edge in kept if edge.importer in seen]


class CutProblem:
    """The part of the graph of loads through which ENTRY reaches some modules."""

    def __init__(self, loads: Loads, targets: Iterable[str]) -> None:
        """`targets` are what is to go."""
        self.targets = frozenset(targets)
        self.foreign = loads.foreign_sinks(self.targets)
        self.edges = tuple(loads.leading_to(self.foreign))
        self.statements: dict[Place, tuple[LoadEdge, ...]] = _by_statement(self.edges)
        self._leaving = following(self.edges)
        self._further = loads.leaving

    def smallest(self, cost: Cost, *, chains: bool = False) -> SmallestCut | None:
        """Return the cheapest cut, of several the one nearest to what is to go; None where there is none.

        With `chains`, costs must be 1: then there are as many chains, no two of which share a statement.
        """
        if not self.edges:
            return SmallestCut((), 0)
        network, vertices, units = self._network(cost)
        source, sink = vertices[""], vertices[None]
        total = network.maximize(source, sink)
        if total >= UNCUTTABLE:
            return None
        beyond = network.beyond(sink)
        cut = (
            place for place, (edge, vertex) in units.items() if not beyond[network.heads[edge ^ 1]] and beyond[vertex]
        )
        paths = network.paths(source, sink) if chains else []
        return SmallestCut(
            tuple(sorted(cut)), total, tuple(self._chain(path, network, vertices, units) for path in paths)
        )

    def uncuttable(self, cost: Cost) -> Chain | None:
        """Return a shortest chain of statements that cannot be cut; None where each has one that can."""
        return self.shortest_chain(lambda edge: edge.statement is None or self._cost(edge, cost) is None)

    def shortest_chain(
        self, usable: Callable[[LoadEdge], bool] = lambda _: True, *, start: str = "", end: str | None = None
    ) -> Chain | None:
        """Return a shortest chain over usable edges to what is to go, or to an `end`; None where there is none."""
        before: dict[str, LoadEdge | None] = {start: None}
        waiting = deque([start])
        while waiting:
            at = waiting.popleft()
            if at == end:
                return _chain_to(at, before)
            if end is None and at in self.foreign:
                return self._to_target(_chain_to(at, before))
            for edge in self._leaving.get(at, ()):
                if edge.imported not in before and usable(edge):
                    before[edge.imported] = edge
                    waiting.append(edge.imported)
        return None

    def _cost(self, edge: LoadEdge, cost: Cost) -> int | None:
        # What runs while another module does is no statement of that one's body.
        if edge.statement is None or edge.statement[0] != edge.importer:
            return None
        return cost(edge.statement)

    def _network(self, cost: Cost) -> tuple[Network, dict[str | None, int], dict[Place, tuple[int, int]]]:
        """Return the network, its vertices by module (None: the sink), and the edge and vertex of each statement."""
        network = Network()
        vertices: dict[str | None, int] = {None: network.vertex(), "": network.vertex()}
        units: dict[Place, tuple[int, int]] = {}
        joined: set[tuple[int, int]] = set()
        for edge in self.edges:
            imported = None if edge.imported in self.foreign else edge.imported
            for module in (edge.importer, imported):
                if module not in vertices:
                    vertices[module] = network.vertex()
            tail, head = vertices[edge.importer], vertices[imported]
            place = edge.statement
            if place in units and place[0] == edge.importer:
                network.edge(units[place][1], head, UNCUTTABLE)
                continue
            room = self._cost(edge, cost)
            if room is None or place is None:
                if (tail, head) not in joined:
                    network.edge(tail, head, UNCUTTABLE)
                    joined.add((tail, head))
            elif len(self.statements[place]) == 1:
                units[place] = network.edge(tail, head, room), head
            else:
                vertex = network.vertex()
                units[place] = network.edge(tail, vertex, room), vertex
                network.edge(vertex, head, UNCUTTABLE)
        return network, vertices, units

    def _chain(
        self,
        path: Sequence[int],
        network: Network,
        vertices: Mapping[str | None, int],
        units: Mapping[Place, tuple[int, int]],
    ) -> Chain:
        """Return a path of the network as a chain of modules."""
        names = {vertex: name for name, vertex in vertices.items()}
        places = {edge: place for place, (edge, _) in units.items()}
        modules, statements = [""], list[Place | None]()
        place: Place | None = None
        for edge in path:
            place = places.get(edge, place)
            head = network.heads[edge]
            if head in names:
                made = self._edge(modules[-1], names[head], place)
                modules.append(made.imported)
                statements.append(made.statement)
                place = None
        return self._to_target(Chain(tuple(modules), tuple(statements)))

    def _edge(self, importer: str, imported: str | None, place: Place | None) -> LoadEdge:
        """Return the edge between two modules (None: any of other distributions) that a statement makes."""
        return next(
            edge
            for edge in self.edges
            if edge.importer == importer
            and (edge.imported == imported or (imported is None and edge.imported in self.foreign))
            and (place is None or edge.statement == place)
        )

    def _to_target(self, chain: Chain) -> Chain:
        """Go on with a chain that ends in a module of another distribution to one that is to go."""
        last = chain.modules[-1]
        if last in self.targets:
            return chain
        before: dict[str, LoadEdge | None] = {last: None}
        waiting = deque([last])
        while waiting:
            at = waiting.popleft()
            if at in self.targets:
                rest = _chain_to(at, before)
                return Chain((*chain.modules, *rest.modules[1:]), (*chain.statements, *rest.statements))
            for edge in self._further.get(at, ()) if at in self.foreign else ():
                if edge.imported not in before:
                    before[edge.imported] = edge
                    waiting.append(edge.imported)
        return chain


def following(edges: Iterable[LoadEdge]) -> dict[str, list[LoadEdge]]:
    """Return the edges that begin in each module."""
    found: dict[str, list[LoadEdge]] = defaultdict(list)
    for edge in edges:
        found[edge.importer].append(edge)
    return found


def reached_from(ahead: Mapping[str, Sequence[LoadEdge]], starts: Iterable[str]) -> set[str]:
    """Return all modules that edges lead to from some, with these."""
    seen = set(starts)
    waiting = list(seen)
    while waiting:
        for edge in ahead.get(waiting.pop(), ()):
            if edge.imported not in seen:
                seen.add(edge.imported)
                waiting.append(edge.imported)
    return seen


def _chain_to(module: str, before: Mapping[str, LoadEdge | None]) -> Chain:
    modules, statements = [module], list[Place | None]()
    while (edge := before[module]) is not None:
        module = edge.importer
        modules.append(module)
        statements.append(edge.statement)
    return Chain(tuple(reversed(modules)), tuple(reversed(statements)))


def _by_statement(edges: Iterable[LoadEdge]) -> dict[Place, tuple[LoadEdge, ...]]:
    found: dict[Place, list[LoadEdge]] = defaultdict(list)
    for edge in edges:
        if edge.statement is not None and edge.statement[0] == edge.importer:
            found[edge.statement].append(edge)
    return {place: tuple(found[place]) for place in sorted(found)}
