"""A network in; smaller independent ones with the same smallest cut sets, and the cuts sure to be in them, out."""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass

from cycles.cuts.solver.independent_parts import independent_parts
from cycles.cuts.solver.network import Edge, Network
from cycles.limits import Steps
from cycles.strong import strong_places

Causes = frozenset[int]
UNBREAKABLE: Causes = frozenset()

_PER_EDGE = 6
"""Steps to put an edge in or out, or to begin with a vertex: dictionaries and sets change in several places."""


class UnbreakableCycleError(Exception):
    """No cut breaks some cycle of the network."""


@dataclass(frozen=True, slots=True)
class Reduction:
    """Parts that share neither a cycle nor a cut, and the cuts to add to a cut set of each of them.

    Cuts keep their numbers; the vertices of a part are numbered anew.
    """

    parts: tuple[Network, ...]
    taken: tuple[int, ...]


def reduce(network: Network, steps: Steps) -> Reduction:
    """The network without what cannot matter to a cut set of least weight.

    Every least cut set of the parts, with the cuts taken, is a least cut set of the network; some
    others of the network may be lost. Raises UnbreakableCycleError where no cut set exists.

    A vertex's edges in are a gate: breaking them all is as good as breaking a dearer edge behind, which
    becomes unbreakable. Where the gate is one edge and all behind it are unbreakable, or it is itself,
    the vertex merges with the one before. Edges out: the same, reversed (after H. Levy, D. W. Low,
    "A contraction algorithm for finding small cycle cutsets", J. Algorithms 9(4), 1988). Every single
    change keeps what is promised, so that when the steps are spent, what is left may simply stay.
    """
    working = _Working(network, steps)
    while working.changed and not steps.spent:
        working.drop_acyclic_edges()
        working.contract()
        working.follow_unbreakable_paths()
    if working.changed:
        # Parts must not be joined by edges on no cycle, and the last changes may have left such edges.
        working.drop_acyclic_edges()
    return Reduction(parts=independent_parts(working.after, network.weights), taken=tuple(sorted(working.taken)))


class _Working:
    """The network while it shrinks. Dictionaries stand for ordered sets."""

    def __init__(self, network: Network, steps: Steps) -> None:
        self.steps = steps
        self.weights = network.weights
        self.taken: set[int] = set()
        self.after: list[dict[int, Causes]] = [{} for _ in range(network.size)]
        self.before: list[dict[int, Causes]] = [{} for _ in range(network.size)]
        self.broken_by: dict[int, dict[Edge, None]] = {}
        self.waiting: deque[int] = deque()
        self.is_waiting = [False] * network.size
        self.changed = True
        for (tail, head), causes in zip(network.edges, network.causes, strict=True):
            self.add(tail, head, frozenset(causes))

    def push(self, vertex: int) -> None:
        if not self.is_waiting[vertex]:
            self.is_waiting[vertex] = True
            self.waiting.append(vertex)

    def add(self, tail: int, head: int, causes: Causes) -> None:
        """Add an edge; one beside an equal one breaks when both do, one that is a loop must break."""
        if causes and causes <= self.taken:
            return
        causes -= self.taken
        self.steps.take(_PER_EDGE + len(causes))
        if tail == head:
            self.take(causes)
            return
        if head in self.after[tail]:
            beside = self.after[tail][head]
            causes = causes | beside if causes and beside else UNBREAKABLE
            self.remove(tail, head)
        self.after[tail][head] = self.before[head][tail] = causes
        for cut in sorted(causes):
            self.broken_by.setdefault(cut, {})[tail, head] = None
        self.push(tail)
        self.push(head)

    def remove(self, tail: int, head: int) -> None:
        self.steps.take(_PER_EDGE)
        for cut in self.after[tail].pop(head):
            del self.broken_by[cut][tail, head]
        del self.before[head][tail]
        self.push(tail)
        self.push(head)
        self.changed = True

    def take(self, causes: Causes) -> None:
        """Make these cuts."""
        if not causes:
            raise UnbreakableCycleError
        self.taken |= causes
        for cut in sorted(causes):
            for tail, head in tuple(self.broken_by.get(cut, ())):
                left = self.after[tail][head] - causes
                self.remove(tail, head)
                if left:
                    self.add(tail, head, left)

    def weight(self, causes: Iterable[int]) -> int:
        return sum(self.weights[cut] for cut in causes)

    def contract(self) -> None:
        """Weaken edges and merge vertices until nothing more can be done."""
        while self.waiting and not self.steps.spent:
            vertex = self.waiting.popleft()
            self.is_waiting[vertex] = False
            if not (self.before[vertex] and self.after[vertex]):
                self.remove_vertex(vertex)
                continue
            for gate_is_before in (True, False):
                self.weaken(vertex, gate_is_before=gate_is_before)
                if self.merge(vertex, gate_is_before=gate_is_before):
                    break

    def remove_vertex(self, vertex: int) -> None:
        for tail in tuple(self.before[vertex]):
            self.remove(tail, vertex)
        for head in tuple(self.after[vertex]):
            self.remove(vertex, head)

    def sides(self, vertex: int, *, gate_is_before: bool) -> tuple[dict[int, Causes], dict[int, Causes]]:
        """The edges of a vertex that are its gate, and the others, by their other end."""
        before, after = self.before[vertex], self.after[vertex]
        return (before, after) if gate_is_before else (after, before)

    def weaken(self, vertex: int, *, gate_is_before: bool) -> None:
        """Make unbreakable what is no cheaper to break than the whole gate of a vertex."""
        gates, others = self.sides(vertex, gate_is_before=gate_is_before)
        self.steps.take(_PER_EDGE + len(gates))
        if not all(gates.values()):
            return
        self.steps.take(sum(map(len, others.values())))
        dearest = max(map(self.weight, others.values()))
        if len(gates) > 1 and sum(map(self.weight, gates.values())) > dearest:
            return
        gate = UNBREAKABLE.union(*gates.values())
        side = 0 if gate_is_before else 1
        for other, causes in tuple(others.items()):
            # A cut may break edges all over the network, and each of them is asked where it stands.
            self.steps.take(len(gate) + sum(len(self.broken_by[cut]) for cut in causes))
            private = [cut for cut in causes - gate if all(edge[side] == vertex for edge in self.broken_by[cut])]
            if causes and self.weight(gate - causes) <= self.weight(private):
                self.remove(*_edge(vertex, other, leaves=gate_is_before))
                self.add(*_edge(vertex, other, leaves=gate_is_before), UNBREAKABLE)

    def merge(self, vertex: int, *, gate_is_before: bool) -> bool:
        """Merge a vertex with the one beyond its only gate where all paths through both break alike; whether it did."""
        gates, others = self.sides(vertex, gate_is_before=gate_is_before)
        if len(gates) > 1:
            return False
        [(neighbour, gate)] = gates.items()
        if gate and any(others.values()):
            return False
        merged = tuple(others.items())
        self.remove_vertex(vertex)
        for other, causes in merged:
            self.add(*_edge(neighbour, other, leaves=gate_is_before), causes or gate)
        return True

    def drop_acyclic_edges(self) -> None:
        """Remove the edges between strongly connected parts."""
        self.changed = False
        place = strong_places(self.after)
        self.steps.take(len(self.after) + sum(map(len, self.after)))
        for tail, heads in enumerate(self.after):
            for head in tuple(heads):
                if place[tail] != place[head]:
                    self.remove(tail, head)

    def follow_unbreakable_paths(self) -> None:
        """An edge back over an unbreakable path must break; one beside it need not, for the path stays."""
        unbreakable = [[head for head, causes in heads.items() if not causes] for heads in self.after]
        for start, heads in enumerate(unbreakable):
            if self.steps.spent:
                break
            reached = dict.fromkeys(heads)
            waiting = list(heads)
            for vertex in waiting:
                self.steps.take(1 + len(unbreakable[vertex]))
                for head in unbreakable[vertex]:
                    if head not in reached:
                        reached[head] = None
                        waiting.append(head)
            for vertex in reached:
                if start in self.after[vertex]:
                    self.take(self.after[vertex][start])
                if self.after[start].get(vertex):
                    self.remove(start, vertex)


def _edge(vertex: int, other: int, *, leaves: bool) -> Edge:
    return (vertex, other) if leaves else (other, vertex)
