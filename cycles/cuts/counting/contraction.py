"""Contract a digraph to its kernel, which is much smaller but has the same cycles.

A module with a single importer or a single import adds no choice to a cycle that passes it: such
vertices are contracted, again and again. What is left is split into pieces that share no cycle. A
log of the merged edges turns numbers for the kernel's edges into numbers for the graph's own.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from cycles.cuts.digraph import Edge, adjacency
from cycles.graph.components import scc_ids
from cycles.limits import KERNEL_STEPS, Steps

_PRODUCT_BITS = 16
"""A step multiplies two numbers of paths whose bits, multiplied, are 2 ** 16, besides all else."""

_LoggedEdge = tuple[int, int, int]
"""Tail, head and the number under which the log knows the edge."""


@dataclass(frozen=True, slots=True)
class Merge:
    """Two edges made one: one after the other (`in_series`), or side by side."""

    first: int
    second: int
    in_series: bool


@dataclass(frozen=True, slots=True)
class Piece:
    """A strongly connected and biconnected part of a kernel; every vertex has two edges in and two out.

    Vertices are 0 to `size` - 1, edges are distinct and no loops, sorted. `numbers` are those of
    the log; `weights` say how many paths of the graph each edge stands for.
    """

    size: int
    edges: tuple[Edge, ...]
    numbers: tuple[int, ...]
    weights: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Kernel:
    """What contraction leaves of a graph: pieces, and loops, each of which is `weights[loop]` finished cycles.

    Edges 0 to `given` - 1 are the graph's own; merge number k made edge `given` + k.
    """

    given: int
    merges: tuple[Merge, ...]
    weights: tuple[int, ...]
    loops: tuple[int, ...]
    pieces: tuple[Piece, ...]


def contract(edges: Sequence[Edge], *, budget: int = KERNEL_STEPS) -> Kernel:
    """Return the kernel of a graph of distinct edges without loops; its pieces are sorted, smallest first.

    The simple cycles of the graph, and the choices of one cycle of the kernel and one path for each
    of its edges, correspond one to one (as in the IN1 and OUT1 rules of H. Levy, D. W. Low, "A
    contraction algorithm for finding small cycle cutsets", J. Algorithms 9(4), 1988). No order of
    contraction changes the kernel, up to the names of its vertices. Cost: O(n m) at worst, but when the
    budget of steps is spent, what is left stays as it is: that is still true of it, with larger pieces.

    >>> contract([(0, 1), (1, 2), (2, 0)]).pieces
    ()
    """
    log = _Log(len(edges))
    steps = Steps(budget)
    waiting = _strongly_connected([(tail, head, number) for number, (tail, head) in enumerate(edges)])
    pieces: list[Piece] = []
    while waiting:
        part = waiting.pop()
        steps.take(len(part))
        blocks = _blocks(_contracted(part, log, steps))
        if len(blocks) == 1 or steps.spent:
            pieces += [_piece(block, log) for block in blocks]
        else:
            waiting += blocks
    return Kernel(
        given=len(edges),
        merges=tuple(log.merges),
        weights=tuple(log.weights),
        loops=tuple(log.loops),
        pieces=tuple(sorted(pieces, key=lambda piece: (piece.size, len(piece.edges), piece.numbers))),
    )


def push_back(kernel: Kernel, counts: Mapping[int, int]) -> tuple[int, ...]:
    """Return the counts through the graph's own edges, given those through edges of the kernel (and its loops).

    A count through two edges in series is a count through either; through two side by side it
    divides by the number of paths that each stands for. The division leaves no remainder as long as
    counts are counts of cycles of the graph.
    """
    through = [0] * len(kernel.weights)
    for number, count in counts.items():
        through[number] += count
    for number in range(len(through) - 1, kernel.given - 1, -1):
        merge = kernel.merges[number - kernel.given]
        for part in (merge.first, merge.second):
            if merge.in_series:
                through[part] += through[number]
            else:
                through[part] += through[number] * kernel.weights[part] // kernel.weights[number]
    return tuple(through[: kernel.given])


class _Log:
    """Edges made so far, with the number of paths that each stands for."""

    def __init__(self, given: int) -> None:
        self.merges: list[Merge] = []
        self.weights = [1] * given
        self.loops: list[int] = []

    def merge(self, first: int, second: int, *, in_series: bool) -> int:
        """Make one edge of two, and return its number: paths multiply in series, and add up side by side."""
        self.merges.append(Merge(first, second, in_series=in_series))
        one, other = self.weights[first], self.weights[second]
        self.weights.append(one * other if in_series else one + other)
        return len(self.weights) - 1


def _contracted(edges: Iterable[_LoggedEdge], log: _Log, steps: Steps) -> list[_LoggedEdge]:
    """Return the edges left when no vertex has a single edge in or out any more, or no step is left."""
    leaving: dict[int, dict[int, int]] = defaultdict(dict)
    entering: dict[int, dict[int, int]] = defaultdict(dict)
    for tail, head, number in edges:
        leaving[tail][head] = entering[head][tail] = number
    waiting = sorted(leaving, reverse=True)
    while waiting and not steps.spent:
        vertex = waiting.pop()
        before, after = entering.get(vertex, {}), leaving.get(vertex, {})
        if 1 not in (len(before), len(after)):
            continue
        del entering[vertex], leaving[vertex]
        for tail in before:
            del leaving[tail][vertex]
        for head in after:
            del entering[head][vertex]
        steps.take(1 + len(before) * len(after))
        for tail, first in before.items():
            for head, second in after.items():
                # Numbers of paths may have thousands of digits.
                steps.take(log.weights[first].bit_length() * log.weights[second].bit_length() >> _PRODUCT_BITS)
                number = log.merge(first, second, in_series=True)
                if tail == head:
                    log.loops.append(number)
                    continue
                if head in leaving[tail]:
                    number = log.merge(leaving[tail][head], number, in_series=False)
                leaving[tail][head] = entering[head][tail] = number
        # Only the neighbours' edges have changed.
        waiting += [*before, *after]
    return [(tail, head, number) for tail, heads in leaving.items() for head, number in heads.items()]


def _strongly_connected(edges: Sequence[_LoggedEdge]) -> list[list[_LoggedEdge]]:
    """Return the edges inside each strongly connected component that has any."""
    size = 1 + max((max(tail, head) for tail, head, _ in edges), default=-1)
    place = scc_ids(adjacency(size, ((tail, head) for tail, head, _ in edges)))
    inner: dict[int, list[_LoggedEdge]] = defaultdict(list)
    for tail, head, number in edges:
        if place[tail] == place[head]:
            inner[place[tail]].append((tail, head, number))
    return list(inner.values())


def _blocks(edges: Sequence[_LoggedEdge]) -> list[list[_LoggedEdge]]:
    """Return the edges of each biconnected component of a connected graph, directions aside: no cycle is in two.

    Of the two ends of an edge the deeper one, in a depth-first search, tells its block (J. Hopcroft,
    R. Tarjan, "Algorithm 447", Commun. ACM 16(6), 1973; with a stack of its own): O(n + m).
    """
    neighbours: dict[int, list[int]] = defaultdict(list)
    for tail, head, _ in edges:
        neighbours[tail].append(head)
        neighbours[head].append(tail)
    depth: dict[int, int] = {}
    low: dict[int, int] = {}
    block: dict[int, int] = {}
    unplaced: list[int] = []
    path = [(start, iter(neighbours[start])) for start in [tail for tail, _, _ in edges[:1]]]
    while path:
        vertex, rest = path[-1]
        if vertex not in depth:
            depth[vertex] = low[vertex] = len(path)
            unplaced.append(vertex)
        for other in rest:
            if other not in depth:
                path.append((other, iter(neighbours[other])))
                break
            low[vertex] = min(low[vertex], depth[other])
        else:
            path.pop()
            if path and low[vertex] >= depth[path[-1][0]]:
                while vertex not in block:
                    block[unplaced.pop()] = vertex
            elif path:
                low[path[-1][0]] = min(low[path[-1][0]], low[vertex])
    inner: dict[int, list[_LoggedEdge]] = defaultdict(list)
    for edge in edges:
        inner[block[max(edge[:2], key=depth.__getitem__)]].append(edge)
    return list(inner.values())


def _piece(edges: Sequence[_LoggedEdge], log: _Log) -> Piece:
    place = {vertex: index for index, vertex in enumerate(sorted({edge[0] for edge in edges}))}
    renamed = sorted((place[tail], place[head], number) for tail, head, number in edges)
    return Piece(
        size=len(place),
        edges=tuple((tail, head) for tail, head, _ in renamed),
        numbers=tuple(number for _, _, number in renamed),
        weights=tuple(log.weights[number] for _, _, number in renamed),
    )
