"""Numbered vertices, edges and cuts: the value that the steps towards a cut set pass on, and paths in it."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

Edge = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Network:
    """A digraph whose edges break when the last of their causes is cut.

    Vertices are 0 … size - 1. An edge without causes cannot be broken. `weights` is indexed by
    cut and may be longer than needed.
    """

    size: int
    edges: tuple[Edge, ...]
    causes: tuple[tuple[int, ...], ...]
    weights: tuple[int, ...]

    @property
    def cuts(self) -> tuple[int, ...]:
        """The cuts that break anything here, sorted."""
        return tuple(sorted({cut for causes in self.causes for cut in causes}))

    def weight(self, cuts: Iterable[int]) -> int:
        """What these cuts weigh together."""
        return sum(self.weights[cut] for cut in cuts)

    def after_cutting(self, cuts: Collection[int]) -> "Network":
        """The network when these cuts are made: without the edges that they break, and no longer among causes."""
        left = [
            (edge, tuple(cut for cut in causes if cut not in cuts))
            for edge, causes, broken in zip(self.edges, self.causes, self.broken(cuts), strict=True)
            if not broken
        ]
        return Network(
            size=self.size,
            edges=tuple(edge for edge, _ in left),
            causes=tuple(causes for _, causes in left),
            weights=self.weights,
        )

    def broken(self, cuts: Collection[int]) -> list[bool]:
        """For every edge, whether it is gone when `cuts` are made."""
        made = frozenset(cuts)
        return [bool(causes) and made.issuperset(causes) for causes in self.causes]

    def following(self) -> list[list[tuple[int, int]]]:
        """For every vertex, the pairs (head, edge number) of the edges that leave it, in the order of the edges."""
        found: list[list[tuple[int, int]]] = [[] for _ in range(self.size)]
        for number, (tail, head) in enumerate(self.edges):
            found[tail].append((head, number))
        return found


def topological_order(following: Sequence[Collection[int]]) -> list[int] | None:
    """The vertices so that every edge leads forward, the lowest numbers first; None where there is a cycle."""
    size = len(following)
    waiting_for = [0] * size
    for heads in following:
        for head in heads:
            waiting_for[head] += 1
    order = [vertex for vertex in range(size) if not waiting_for[vertex]]
    for vertex in order:
        for head in following[vertex]:
            waiting_for[head] -= 1
            if not waiting_for[head]:
                order.append(head)
    return order if len(order) == size else None


def shortest_path(following: Sequence[Collection[int]], start: int, end: int) -> tuple[int, ...]:
    """The first shortest path by breadth-first search, both ends included; () where there is none."""
    before = {start: start}
    reached = [start]
    for vertex in reached:
        for after in following[vertex]:
            if after not in before:
                before[after] = vertex
                if after == end:
                    path = [end]
                    while path[-1] != start:
                        path.append(before[path[-1]])
                    return tuple(reversed(path))
                reached.append(after)
    return ()


def from_smallest(cycle: Sequence[int]) -> tuple[int, ...]:
    """The same cycle, written from its smallest vertex.

    >>> from_smallest([5, 2, 7])
    (2, 7, 5)
    """
    first = cycle.index(min(cycle))
    return (*cycle[first:], *cycle[:first])
