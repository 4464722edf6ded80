"""Count the simple cycles of a digraph, in all and through each edge; only short ones where the others are too many."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from cycles.cuts.counting.contraction import Piece, contract, push_back
from cycles.cuts.counting.frontier_dp import PieceCounts, count_by_frontier
from cycles.cuts.digraph import Edge
from cycles.limits import CYCLE_COUNT_STEPS, LOOK_STEPS, MOST_PATH_BITS, SHORT_CYCLE_STEPS, Steps

_SHORTEST, _LONGEST = 2, 8
"""Cycles of two edges are counted whatever that takes; eight is the last length tried, as each costs several times
what all before it did."""

_Layer = dict[int, dict[int, int]]
"""How many paths from one vertex: by their last vertex, and by the set of vertices after the first."""


@dataclass(frozen=True, slots=True)
class CycleCounts:
    """Cycles in all, and through each edge in the order given.

    Where `exact`, all simple cycles count and `longest` is None. Otherwise only those count that
    take at most `longest` edges of the kernel (they may be longer in the graph): a lower bound.
    """

    total: int
    through: tuple[int, ...]
    exact: bool
    longest: int | None


def count_cycles(
    size: int,
    edges: Sequence[Edge],
    *,
    budget: int = CYCLE_COUNT_STEPS,
    short_budget: int = SHORT_CYCLE_STEPS,
) -> CycleCounts:
    """Count the simple cycles of a graph of `size` vertices, from 0, and distinct edges without loops.

    The graph is contracted to its kernel and split; each piece is counted exactly. If that takes
    more than `budget` steps in all, cycles of up to 8 edges of the kernel count instead, or of as
    many (but 2 at least) as `short_budget` steps can do. Steps are counted, not timed: the same graph
    gives the same counts everywhere, in whichever order its edges come. Never by enumeration.

    >>> count_cycles(3, [(0, 1), (1, 0), (1, 2), (2, 0)])
    CycleCounts(total=2, through=(2, 1, 1, 1), exact=True, longest=None)
    """
    if any(not 0 <= vertex < size for edge in edges for vertex in edge):
        raise ValueError(f"an edge leads outside the vertices 0 to {size - 1}; number them from 0")
    ordered = sorted(edges)
    kernel = contract(ordered)
    counts = _all_cycles(kernel.pieces, budget)
    longest = None
    if counts is None:
        longest, counts = _short_cycles(kernel.pieces, short_budget)
    finished = {loop: kernel.weights[loop] for loop in kernel.loops}
    by_edge = dict(zip(ordered, push_back(kernel, {**counts.through, **finished}), strict=True))
    return CycleCounts(
        total=counts.total + sum(finished.values()),
        through=tuple(by_edge[edge] for edge in edges),
        exact=longest is None,
        longest=longest,
    )


@dataclass(frozen=True, slots=True)
class _Counts:
    """Cycles of the pieces, in all and by the log's numbers of their edges, and the steps that it took."""

    total: int
    through: Mapping[int, int]
    steps: int


def _all_cycles(pieces: Sequence[Piece], budget: int) -> _Counts | None:
    """Count all cycles; None if that takes more than `budget` steps."""
    looks = Steps(LOOK_STEPS)
    return _summed(pieces, lambda piece, rest: count_by_frontier(piece, budget=rest, looks=looks), budget)


def _short_cycles(pieces: Sequence[Piece], budget: int) -> tuple[int, _Counts]:
    """Return the greatest length up to which the budget allows to count cycles (2 at least), and those counts.

    Lengths rise from 2, since each costs several times what all before it did.
    """
    longest, counts = _SHORTEST - 1, _Counts(0, {}, 0)
    edges = sum(len(piece.edges) for piece in pieces)
    rest = max(budget, edges)
    looks = Steps(LOOK_STEPS + _SHORTEST * edges)
    while longest < _LONGEST:
        further = _summed(pieces, partial(_cycles_up_to, longest + 1, looks), rest)
        if further is None:
            break
        longest, counts = longest + 1, further
        rest = min(rest, budget) - further.steps
    return longest, counts


def _summed(pieces: Sequence[Piece], count: Callable[[Piece, int], PieceCounts | None], budget: int) -> _Counts | None:
    """Add up the counts of all pieces within one budget; the largest piece goes first, as it is the one to fail."""
    total = steps = 0
    through: dict[int, int] = {}
    for piece in reversed(pieces):
        counts = count(piece, budget - steps)
        if counts is None:
            return None
        steps += counts.steps
        total += counts.total
        through.update(zip(piece.numbers, counts.through, strict=True))
    return _Counts(total, through, steps)


def _cycles_up_to(longest: int, looks: Steps, piece: Piece, budget: int) -> PieceCounts | None:
    """Count the cycles of at most `longest` edges; None if that takes more than `budget` steps.

    Each is counted from one of its vertices, by descending degree the first, which is then taken
    out: dynamic programming over the sets of vertices of paths (M. Held, R. M. Karp, "A dynamic programming
    approach to sequencing problems", J. SIAM 10(1), 1962), a layer for each length. A step is one set of
    vertices, visited by paths to one end, with one further vertex. What is looked at besides counts in `looks`,
    of which two for each edge are always enough for the shortest cycles.
    """
    leaving: list[dict[int, int]] = [{} for _ in range(piece.size)]
    entering: list[set[int]] = [set() for _ in range(piece.size)]
    for edge, (tail, head) in enumerate(piece.edges):
        leaving[tail][head] = edge
        entering[head].add(tail)
    through = [0] * len(piece.edges)
    degrees = [len(after) + len(before) for after, before in zip(leaving, entering, strict=True)]
    total = steps = 0
    for root in sorted(range(piece.size), key=lambda vertex: (-degrees[vertex], vertex)):
        distances = _distances(entering, root, longest, looks)
        held = 0
        layers: list[_Layer] = [{root: {0: 1}}]
        for left in range(longest - 1, 0, -1):
            # Only vertices from which the root can still be reached in time.
            near = {vertex for vertex, distance in distances.items() if 0 < distance <= left}
            looks.take(sum(min(len(near), len(leaving[end])) for end in layers[-1]))
            further = sum(len(paths) * len(near & leaving[end].keys()) for end, paths in layers[-1].items())
            steps += further
            held += further
            if steps > budget or looks.left < 0 or held * piece.size > MOST_PATH_BITS:
                return None
            layers.append(_lengthened(layers[-1], leaving, near, piece.weights))
        total += _close(layers, leaving, root, piece.weights, through)
        for tail in entering[root]:
            del leaving[tail][root]
        for head in leaving[root]:
            entering[head].discard(root)
        leaving[root], entering[root] = {}, set()
    return PieceCounts(total=total, through=tuple(through), steps=steps)


def _distances(entering: Sequence[Collection[int]], root: int, limit: int, looks: Steps) -> dict[int, int]:
    """Return how many edges lead from each vertex to the root, for those that need fewer than `limit`."""
    distances = {root: 0}
    outermost = [root]
    for distance in range(1, limit):
        looks.take(sum(len(entering[head]) for head in outermost))
        reached = {tail for head in outermost for tail in entering[head]}
        outermost = [vertex for vertex in sorted(reached) if vertex not in distances]
        distances.update(dict.fromkeys(outermost, distance))
    return distances


def _lengthened(
    layer: _Layer, leaving: Sequence[Mapping[int, int]], near: Collection[int], weights: Sequence[int]
) -> _Layer:
    """Lengthen all paths by an edge to a vertex in `near`."""
    longer: _Layer = {}
    for end, paths in layer.items():
        for head, edge in leaving[end].items():
            if head not in near:
                continue
            visit, weight = 1 << head, weights[edge]
            found = longer.setdefault(head, {})
            for visited, count in paths.items():
                if not visited & visit:
                    found[visited | visit] = found.get(visited | visit, 0) + weight * count
    return longer


def _close(
    layers: Sequence[_Layer],
    leaving: Sequence[Mapping[int, int]],
    root: int,
    weights: Sequence[int],
    through: list[int],
) -> int:
    """Count the cycles that close paths from the root, and add them to the counts through their edges.

    From the longest paths back: `ahead` says in how many ways each can still be completed.
    """
    ahead: _Layer = {}
    for layer in reversed(layers):
        here: _Layer = {}
        for end, paths in layer.items():
            closing = leaving[end].get(root)
            ways = here[end] = dict.fromkeys(paths, 0 if closing is None else weights[closing])
            if closing is not None:
                through[closing] += weights[closing] * sum(paths.values())
            for head in leaving[end].keys() & ahead.keys():
                edge, further, visit = leaving[end][head], ahead[head], 1 << head
                weight, found = weights[edge], 0
                for visited, count in paths.items():
                    if not visited & visit and (completions := further.get(visited | visit)):
                        ways[visited] += weight * completions
                        found += completions * count
                through[edge] += weight * found
        ahead = here
    return ahead[root][0]
