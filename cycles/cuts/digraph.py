"""Digraphs of numbered vertices, and networks whose edges break: the solver, the counting and the order share them."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

Edge = tuple[int, int]
"""Tail and head: vertices from 0."""


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
        """Return what these cuts weigh together."""
        return sum(self.weights[cut] for cut in cuts)

    def after_cutting(self, cuts: Collection[int]) -> "Network":
        """Return the network without the edges that these cuts break, and the cuts no longer among causes."""
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
        """Say of every edge whether it is gone when these cuts are made."""
        made = frozenset(cuts)
        return [bool(causes) and made.issuperset(causes) for causes in self.causes]

    def heads(self, cuts: Collection[int]) -> list[list[int]]:
        """Return for every vertex the heads of the edges that leave it, but those that cuts break."""
        broken = self.broken(cuts)
        return adjacency(self.size, (edge for edge, gone in zip(self.edges, broken, strict=True) if not gone))

    def following(self, cuts: Collection[int] = ()) -> list[list[tuple[int, int]]]:
        """Return for every vertex the pairs (head, edge number) of the edges that leave it, but those that cuts break.

        They are in the order of the edges.
        """
        found: list[list[tuple[int, int]]] = [[] for _ in range(self.size)]
        for number, ((tail, head), broken) in enumerate(zip(self.edges, self.broken(cuts), strict=True)):
            if not broken:
                found[tail].append((head, number))
        return found


def adjacency(size: int, edges: Iterable[Edge]) -> list[list[int]]:
    """Return for every vertex the heads of the edges that leave it, in the order of the edges."""
    following: list[list[int]] = [[] for _ in range(size)]
    for tail, head in edges:
        following[tail].append(head)
    return following


def topological_order(following: Sequence[Collection[int]]) -> list[int] | None:
    """Return the vertices so that every edge leads forward, the lowest numbers first; None where there is a cycle.

    A. B. Kahn, "Topological sorting of large networks", Commun. ACM 5(11), 1962: O(n + m).
    """
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


def positions(order: Sequence[int]) -> list[int]:
    """Return for every vertex its place in an order."""
    position = [0] * len(order)
    for index, vertex in enumerate(order):
        position[vertex] = index
    return position


def from_smallest(cycle: Sequence[int]) -> tuple[int, ...]:
    """Return the same cycle, written from its smallest vertex.

    >>> from_smallest([5, 2, 7])
    (2, 7, 5)
    """
    first = cycle.index(min(cycle))
    return (*cycle[first:], *cycle[:first])


def bit_positions(bits: int) -> Iterator[int]:
    """Yield the positions of the ones in a number that stands for a set, in rising order.

    >>> list(bit_positions(0b1010))
    [1, 3]
    """
    while bits:
        # x & -x is the lowest one of x alone, and x & (x - 1) is x without it.
        yield (bits & -bits).bit_length() - 1
        bits &= bits - 1
