"""Shrink a network before it is solved: what cannot matter goes, and what is left falls into independent parts."""

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from cycles.cuts.digraph import Edge, Network
from cycles.graph.components import scc_ids
from cycles.limits import Steps

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
    """Return the network without what cannot matter to a cut set of least weight.

    Every least cut set of the parts, with the cuts taken, is a least cut set of the network; some
    others of the network may be lost. Raises UnbreakableCycleError where no cut set exists.

    Breaking all of a vertex's edges in is as good as breaking an edge out that weighs as much, which
    becomes unbreakable. Where a vertex has one edge in, and all out are unbreakable, or it is itself,
    the vertex merges with the one before. With in and out exchanged: the same (after H. Levy, D. W. Low,
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
    return Reduction(parts=_independent_parts(working.after, network.weights), taken=tuple(sorted(working.taken)))


class _Working:
    """The network while it shrinks. Dictionaries stand for ordered sets: a set's order may differ between runs."""

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
        """Add an edge; one parallel to another breaks when both do, one that is a loop must break."""
        if causes and causes <= self.taken:
            return
        causes -= self.taken
        self.steps.take(_PER_EDGE + len(causes))
        if tail == head:
            self.take(causes)
            return
        if head in self.after[tail]:
            parallel = self.after[tail][head]
            causes = causes | parallel if causes and parallel else UNBREAKABLE
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
            for by_entering in (True, False):
                self.weaken(vertex, by_entering=by_entering)
                if self.merge(vertex, by_entering=by_entering):
                    break

    def remove_vertex(self, vertex: int) -> None:
        for tail in tuple(self.before[vertex]):
            self.remove(tail, vertex)
        for head in tuple(self.after[vertex]):
            self.remove(vertex, head)

    def sides(self, vertex: int, *, by_entering: bool) -> tuple[dict[int, Causes], dict[int, Causes]]:
        """Return the edges that enter a vertex and those that leave it, by their other end; or the other way round."""
        before, after = self.before[vertex], self.after[vertex]
        return (before, after) if by_entering else (after, before)

    def weaken(self, vertex: int, *, by_entering: bool) -> None:
        """Make unbreakable what is no cheaper to break on one side of a vertex than all edges of the other side."""
        near, far = self.sides(vertex, by_entering=by_entering)
        self.steps.take(_PER_EDGE + len(near))
        if not all(near.values()):
            return
        self.steps.take(sum(map(len, far.values())))
        if len(near) > 1 and sum(map(self.weight, near.values())) > max(map(self.weight, far.values())):
            # Nothing on the far side weighs so much; causes shared on the near side are too rare to look for.
            return
        instead = UNBREAKABLE.union(*near.values())
        side = 0 if by_entering else 1
        for other, causes in tuple(far.items()):
            # A cut may break edges all over the network, and each of them is asked where it stands.
            self.steps.take(len(instead) + sum(len(self.broken_by[cut]) for cut in causes))
            # Only cuts that break nothing elsewhere are saved.
            private = [cut for cut in causes - instead if all(edge[side] == vertex for edge in self.broken_by[cut])]
            if causes and self.weight(instead - causes) <= self.weight(private):
                self.remove(*_edge(vertex, other, leaves=by_entering))
                self.add(*_edge(vertex, other, leaves=by_entering), UNBREAKABLE)

    def merge(self, vertex: int, *, by_entering: bool) -> bool:
        """Merge a vertex with its only neighbour on one side where all paths through both break alike; say whether."""
        near, far = self.sides(vertex, by_entering=by_entering)
        if len(near) > 1:
            return False
        [(neighbour, only)] = near.items()
        if only and any(far.values()):
            return False
        merged = tuple(far.items())
        self.remove_vertex(vertex)
        for other, causes in merged:
            self.add(*_edge(neighbour, other, leaves=by_entering), causes or only)
        return True

    def drop_acyclic_edges(self) -> None:
        """Remove the edges between strongly connected parts."""
        self.changed = False
        place = scc_ids(self.after)
        self.steps.take(len(self.after) + sum(map(len, self.after)))
        for tail, heads in enumerate(self.after):
            for head in tuple(heads):
                if place[tail] != place[head]:
                    self.remove(tail, head)

    def follow_unbreakable_paths(self) -> None:
        """Break edges back over an unbreakable path; remove those parallel to one, for the path stays."""
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


def _independent_parts(after: Sequence[Mapping[int, Causes]], weights: tuple[int, ...]) -> tuple[Network, ...]:
    """Return the strongly connected parts, those that share a cut together, by their first vertex.

    `after` holds, for every vertex, the causes of its edges by their heads; no edge may lead from
    one part to another. Vertices are numbered anew, in the same order. Parts that share a cut are
    found by union-find with path halving (R. E. Tarjan, J. van Leeuwen, J. ACM 31(2), 1984).
    """
    place = scc_ids(after)
    joined = list(range(max(place, default=-1) + 1))

    def root(part: int) -> int:
        while joined[part] != part:
            joined[part] = joined[joined[part]]
            part = joined[part]
        return part

    first_place: dict[int, int] = {}
    members: dict[int, list[int]] = {}
    for vertex, heads in enumerate(after):
        for cut in sorted(UNBREAKABLE.union(*heads.values())):
            joined[root(place[vertex])] = root(first_place.setdefault(cut, place[vertex]))
    for vertex, heads in enumerate(after):
        if heads:
            members.setdefault(root(place[vertex]), []).append(vertex)
    return tuple(_part(after, vertices, weights) for vertices in members.values())


def _part(after: Sequence[Mapping[int, Causes]], vertices: Sequence[int], weights: tuple[int, ...]) -> Network:
    number = {vertex: index for index, vertex in enumerate(vertices)}
    edges = sorted((number[tail], number[head]) for tail in vertices for head in after[tail])
    return Network(
        size=len(vertices),
        edges=tuple(edges),
        causes=tuple(tuple(sorted(after[vertices[tail]][vertices[head]])) for tail, head in edges),
        weights=weights,
    )
