"""Find cycles that the linear program does not know: the shortest ones, and those that its solution leaves."""

from collections.abc import Iterable, Sequence
from heapq import heappop, heappush

from cycles.cuts.digraph import Network
from cycles.graph.components import scc_ids
from cycles.limits import Steps

Cycle = tuple[int, ...]
"""The numbers of the edges of a simple cycle, sorted: for a row of the linear program their order does not matter."""

_TOLERANCE = 1e-6
_PER_PASS = 1e-5
"""Added to the length of each edge, so that of paths that are broken alike the one with fewest edges is found."""
_PER_EDGE = 4
"""Steps to pass an edge in search of a shortest path: most of them go to the heap."""


def shortest_cycles(network: Network, steps: Steps) -> tuple[Cycle, ...]:
    """Return the first shortest cycle through every edge, by breadth-first search: short ones first.

    Where the steps end, those through the edges into the first vertices, at least one if there is one.
    """
    following = network.following()
    entering: list[dict[int, int]] = [{} for _ in range(network.size)]
    for edge, (tail, head) in enumerate(network.edges):
        entering[head][tail] = edge
    found: dict[Cycle, None] = {}
    for start in range(network.size):
        if steps.spent and found:
            break
        wanted = dict(entering[start])
        before = {start: (start, -1)}
        reached = [start]
        for vertex in reached:
            if vertex in wanted:
                found[_closed(before, start, vertex, wanted.pop(vertex))] = None
            if not wanted:
                break
            steps.take(1 + len(following[vertex]))
            for head, edge in following[vertex]:
                if head not in before:
                    before[head] = (vertex, edge)
                    reached.append(head)
    return tuple(sorted(found, key=lambda cycle: (len(cycle), cycle)))


def violated_cycles(
    network: Network, breaking: Sequence[float], edges: Iterable[int], limit: int, steps: Steps
) -> tuple[Cycle, ...]:
    """Return cycles through `edges` whose edges are together broken less than once, the least broken first.

    For every edge a shortest path back (E. W. Dijkstra, "A note on two problems in connexion with
    graphs", Numer. Math. 1, 1959), where an edge is as long as it is broken. Over all edges this finds
    a violated cycle wherever there is one, unless the steps end. At most `limit` of them.
    """
    following: list[list[tuple[int, float, int]]] = [[] for _ in range(network.size)]
    for edge, (tail, head) in enumerate(network.edges):
        if breaking[edge] < 1 - _TOLERANCE:
            following[tail].append((head, breaking[edge] + _PER_PASS, edge))
    place = scc_ids([[head for head, _, _ in heads] for heads in following])
    for tail, heads in enumerate(following):
        following[tail] = [step for step in heads if place[step[0]] == place[tail]]
    # One search serves all wanted edges into the same vertex.
    wanted: dict[int, dict[int, int]] = {}
    for edge in edges:
        tail, head = network.edges[edge]
        if breaking[edge] < 1 - _TOLERANCE and place[tail] == place[head]:
            wanted.setdefault(head, {})[tail] = edge
    found: dict[Cycle, float] = {}
    for start, tails in wanted.items():
        if steps.spent:
            break
        nearest = 1 - min(breaking[edge] for edge in tails.values())
        for cycle in _paths_back(following, start, tails, nearest, steps):
            length = sum(breaking[edge] for edge in cycle)
            if length < 1 - _TOLERANCE:
                found[cycle] = length
    # Lengths are rounded, so that the solver's last digits do not decide between cycles.
    return tuple(sorted(found, key=lambda cycle: (round(found[cycle], 2), len(cycle), cycle))[:limit])


def _paths_back(
    following: Sequence[Sequence[tuple[int, float, int]]], start: int, tails: dict[int, int], limit: float, steps: Steps
) -> list[Cycle]:
    """Return the cycles that shortest paths below a limit close with the edges back to the vertex where they start."""
    distance = {start: 0.0}
    before: dict[int, tuple[int, int]] = {}
    done: set[int] = set()
    waiting = [(0.0, start)]
    cycles: list[Cycle] = []
    while waiting and len(cycles) < len(tails):
        reached, vertex = heappop(waiting)
        if vertex in done:
            continue
        done.add(vertex)
        if vertex in tails:
            cycles.append(_closed(before, start, vertex, tails[vertex]))
        steps.take(_PER_EDGE * (1 + len(following[vertex])))
        for head, length, edge in following[vertex]:
            further = reached + length
            if further < limit and further < distance.get(head, limit):
                distance[head] = further
                before[head] = (vertex, edge)
                heappush(waiting, (further, head))
    return cycles


def _closed(before: dict[int, tuple[int, int]], start: int, end: int, closing: int) -> Cycle:
    cycle = [closing]
    while end != start:
        end, edge = before[end]
        cycle.append(edge)
    return tuple(sorted(cycle))
