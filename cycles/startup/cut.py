"""The smallest set of statements without which ENTRY does not load some modules: a minimum cut, which is exact.

One statement may load several modules, but all of them from one: so it is a vertex of its own between the module that
it stands in and those that it loads, and only the edge to it can be cut. Modules of other distributions that lead to
what is to go are one with the sink: nobody can cut anything there, and the network stays small.
"""

from collections import defaultdict, deque
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from cycles.startup.findings import Chain, LoadEdge
from cycles.startup.max_flow import UNCUTTABLE, Network

Place = tuple[str, int]
Cost = Callable[[Place], int | None]
"""What cutting a statement costs; None where it cannot be cut."""


@dataclass(frozen=True, slots=True)
class SmallestCut:
    """The statements to cut, sorted, what they cost together, and the chains that the flow consists of."""

    statements: tuple[Place, ...]
    cost: int
    chains: tuple[Chain, ...] = ()


class CutProblem:
    """The part of the graph of loads through which ENTRY reaches some modules."""

    def __init__(self, edges: Iterable[LoadEdge], targets: Collection[str], is_own: Callable[[str], bool]) -> None:
        """`is_own` says which modules belong to the project."""
        every = list(edges)
        self.targets = frozenset(targets)
        self.foreign = self._foreign_sinks(every, is_own)
        able = _reaching(every, self.foreign)
        kept = [edge for edge in every if edge.importer not in self.foreign and edge.imported in able]
        ahead = following(kept)
        seen = reached_from(ahead, [""])
        self.edges = tuple(edge for edge in kept if edge.importer in seen)
        self._every = every
        self.statements: dict[Place, tuple[LoadEdge, ...]] = _by_statement(self.edges)

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
        edges = [edge for edge in self.edges if edge.statement is None or self._cost(edge, cost) is None]
        return self.shortest_chain(edges)

    def shortest_chain(self, edges: Iterable[LoadEdge] | None = None) -> Chain | None:
        """Return a shortest chain to what is to go over some edges, or all; None where there is none."""
        ahead = following(self.edges if edges is None else edges)
        before: dict[str, LoadEdge | None] = {"": None}
        waiting = deque([""])
        while waiting:
            at = waiting.popleft()
            if at in self.foreign or at in self.targets:
                return self._to_target(_chain_to(at, before))
            for edge in ahead[at]:
                if edge.imported not in before:
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
        for edge in self.edges:
            imported = None if edge.imported in self.foreign else edge.imported
            for module in (edge.importer, imported):
                if module not in vertices:
                    vertices[module] = network.vertex()
            room = self._cost(edge, cost)
            if room is None or edge.statement is None:
                network.edge(vertices[edge.importer], vertices[imported], UNCUTTABLE)
                continue
            if edge.statement not in units:
                vertex = network.vertex()
                units[edge.statement] = network.edge(vertices[edge.importer], vertex, room), vertex
            network.edge(units[edge.statement][1], vertices[imported], UNCUTTABLE)
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
        places = {vertex: place for place, (_, vertex) in units.items()}
        modules, statements = [""], list[Place | None]()
        place: Place | None = None
        for edge in path:
            head = network.heads[edge]
            if head in places:
                place = places[head]
                continue
            imported = names[head]
            made = self._edge(modules[-1], imported, place)
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
        ahead = following(edge for edge in self._every if edge.importer in self.foreign)
        before: dict[str, LoadEdge | None] = {last: None}
        waiting = deque([last])
        while waiting:
            at = waiting.popleft()
            if at in self.targets:
                rest = _chain_to(at, before)
                return Chain((*chain.modules, *rest.modules[1:]), (*chain.statements, *rest.statements))
            for edge in ahead[at]:
                if edge.imported not in before:
                    before[edge.imported] = edge
                    waiting.append(edge.imported)
        return chain

    def _foreign_sinks(self, edges: Iterable[LoadEdge], is_own: Callable[[str], bool]) -> frozenset[str]:
        """Return what is to go, and the modules of other distributions that lead there through others alone."""
        inner = [edge for edge in edges if edge.importer and not is_own(edge.importer)]
        return frozenset(_reaching(inner, self.targets))


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


def _reaching(edges: Iterable[LoadEdge], targets: Iterable[str]) -> set[str]:
    """Return all modules from which edges lead to some, with these."""
    importers: dict[str, list[str]] = defaultdict(list)
    for edge in edges:
        importers[edge.imported].append(edge.importer)
    seen = set(targets)
    waiting = list(seen)
    while waiting:
        for name in importers[waiting.pop()]:
            if name not in seen:
                seen.add(name)
                waiting.append(name)
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
