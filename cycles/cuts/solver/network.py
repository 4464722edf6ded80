"""A digraph whose edges break when cuts are made: the value that the steps of the solver pass on."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from cycles.cuts.digraph import Edge, adjacency


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
