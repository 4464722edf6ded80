"""Minimum cuts of networks: the cheapest edges whose loss parts a source from a sink, and as many separate paths."""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field

UNCUTTABLE = 1 << 60
"""The capacity of an edge that no cut may have; far more than all others together."""


@dataclass(slots=True)
class Network:
    """Vertices are numbers; edge 2k leads somewhere with some capacity, edge 2k+1 is its way back."""

    heads: list[int] = field(default_factory=list)
    left: list[int] = field(default_factory=list)
    leaving: list[list[int]] = field(default_factory=list)

    def vertex(self) -> int:
        """Add a vertex."""
        self.leaving.append([])
        return len(self.leaving) - 1

    def edge(self, tail: int, head: int, capacity: int) -> int:
        """Add an edge; returns its number."""
        number = len(self.heads)
        self.leaving[tail].append(number)
        self.leaving[head].append(number + 1)
        self.heads += (head, tail)
        self.left += (capacity, 0)
        return number

    def flow_of(self, edge: int) -> int:
        """Return what flows through an edge."""
        return self.left[edge + 1]

    def maximize(self, source: int, sink: int) -> int:
        """Let as much flow as possible; returns how much, at least UNCUTTABLE where no cut parts the two.

        E. A. Dinic, "Algorithm for solution of a problem of maximum flow in networks with power estimation", 1970.
        """
        total = 0
        # From the sink: most of what can be reached from the source does not lead there.
        while total < UNCUTTABLE and (levels := self._levels(source, sink)):
            total += self._block(source, sink, levels, UNCUTTABLE - total)
        return total

    def beyond(self, sink: int) -> list[bool]:
        """Return which vertices lie on the sink's side of the minimum cut that is nearest to it.

        These are those from which more could still flow to the sink.
        """
        seen = [False] * len(self.leaving)
        seen[sink] = True
        waiting = [sink]
        while waiting:
            for edge in self.leaving[waiting.pop()]:
                tail = self.heads[edge]
                if self.left[edge ^ 1] and not seen[tail]:
                    seen[tail] = True
                    waiting.append(tail)
        return seen

    def paths(self, source: int, sink: int) -> list[list[int]]:
        """Return paths, as edges, of which each takes one unit of what flows: as many as flow."""
        found: list[list[int]] = []
        flows = {edge: self.flow_of(edge) for edge in range(0, len(self.heads), 2)}
        while True:
            path: list[int] = []
            at, places = source, {source: 0}
            while at != sink:
                edge = next((one for one in self.leaving[at] if not one % 2 and flows[one]), None)
                if edge is None:
                    return found
                path.append(edge)
                at = self.heads[edge]
                if at in places:
                    # A circle carries nothing.
                    for one in path[places[at] :]:
                        flows[one] -= 1
                    path = path[: places[at]]
                    places = {vertex: place for vertex, place in places.items() if place <= places[at]}
                else:
                    places[at] = len(path)
            for edge in path:
                flows[edge] -= 1
            found.append(path)

    def _levels(self, source: int, sink: int) -> Sequence[int] | None:
        """Return how far each vertex is from the sink, -1 if the source is nearer; None if that does not lead there."""
        levels = [-1] * len(self.leaving)
        levels[sink] = 0
        waiting = deque([sink])
        heads, left = self.heads, self.left
        while waiting:
            at = waiting.popleft()
            further = levels[at] + 1
            for edge in self.leaving[at]:
                tail = heads[edge]
                if left[edge ^ 1] and levels[tail] < 0:
                    levels[tail] = further
                    if tail == source:
                        return levels
                    waiting.append(tail)
        return None

    def _block(self, source: int, sink: int, levels: Sequence[int], most: int) -> int:
        """Let flow along the levels what can, about as much as `most` where it is more; returns how much."""
        heads, left = self.heads, self.left
        # Which edges of each vertex were found to lead nowhere: those before this place.
        places = [0] * len(self.leaving)
        total, path, at = 0, list[int](), source
        while total < most:
            if at == sink:
                amount = min(left[edge] for edge in path)
                total += amount
                for edge in path:
                    left[edge] -= amount
                    left[edge ^ 1] += amount
                # Go on where the way has come to be full first.
                full = next(place for place, edge in enumerate(path) if not left[edge])
                at = heads[path[full] ^ 1]
                del path[full:]
            leaving, below = self.leaving[at], levels[at] - 1
            while places[at] < len(leaving):
                edge = leaving[places[at]]
                if left[edge] and levels[heads[edge]] == below:
                    path.append(edge)
                    at = heads[edge]
                    break
                places[at] += 1
            else:
                if not path:
                    break
                at = heads[path.pop() ^ 1]
                places[at] += 1
        return total
