"""A network and a cut set in; cycles no two of which one cut can break, out."""

from collections.abc import Collection

from cycles.cuts.solver.network import Network, from_smallest
from cycles.limits import Steps

_ROUNDS = 6


def certificate(network: Network, cuts: Collection[int], steps: Steps) -> tuple[tuple[int, ...], ...]:
    """Simple cycles, from their smallest vertex, sorted; no two have an edge with a cause in common.

    As every cut set must break each of them with a cut of its own, there are at most as many as
    cuts, and that many prove that none can be spared. Greedy: for each cut a shortest cycle that
    no other cut of the set breaks, clear of the cycles found so far; then again, those left
    without one first. Finding the most is NP-hard, so there may be more; and fewer are found where the
    steps end before.
    """
    search = _Search(network, cuts, steps)
    order = sorted(search.edges_of)
    best: list[tuple[int, ...]] = []
    for _ in range(_ROUNDS):
        found, missed = search.pack(order)
        if len(found) > len(best):
            best = found
        if not missed or steps.spent:
            break
        left_out = set(missed)
        order = missed + [cut for cut in order if cut not in left_out]
    return tuple(sorted(best))


class _Search:
    """What a cut set leaves, and the edges that each of its cuts breaks."""

    def __init__(self, network: Network, cuts: Collection[int], steps: Steps) -> None:
        self.steps = steps
        self.network = network
        self.following: list[list[tuple[int, int]]] = [[] for _ in range(network.size)]
        self.edges_of: dict[int, list[int]] = {}
        for edge, broken in enumerate(network.broken(cuts)):
            if not broken:
                tail, head = network.edges[edge]
                self.following[tail].append((head, edge))
            for cut in network.causes[edge] if broken else ():
                self.edges_of.setdefault(cut, []).append(edge)

    def pack(self, order: Collection[int]) -> tuple[list[tuple[int, ...]], list[int]]:
        """Cycles for the cuts in this order, and the cuts that got none."""
        used: set[int] = set()
        found = []
        missed = []
        for cut in order:
            if self.steps.spent:
                break
            if cut in used:
                continue
            edges = next(filter(None, (self.cycle(edge, used) for edge in self.edges_of[cut])), None)
            if edges is None:
                missed.append(cut)
                continue
            used.update(own for edge in edges for own in self.network.causes[edge])
            found.append(from_smallest([self.network.edges[edge][0] for edge in edges]))
        return found, missed

    def cycle(self, closing: int, used: set[int]) -> list[int]:
        """The edges of a shortest cycle through a broken edge over unused ones, in order; none where there is none."""
        causes = self.network.causes
        if not used.isdisjoint(causes[closing]):
            return []
        end, start = self.network.edges[closing]
        before = {start: (start, closing)}
        reached = [start]
        for vertex in reached:
            self.steps.take(1 + len(self.following[vertex]))
            for head, edge in self.following[vertex]:
                if head in before or not used.isdisjoint(causes[edge]):
                    continue
                before[head] = (vertex, edge)
                if head == end:
                    return [closing, *_path(before, start, end)]
                reached.append(head)
        return []


def _path(before: dict[int, tuple[int, int]], start: int, end: int) -> list[int]:
    edges = []
    while end != start:
        end, edge = before[end]
        edges.append(edge)
    return edges[::-1]
