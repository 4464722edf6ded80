"""Find what the loss of a few edges alone does to a strongly connected graph: what a cut does without the others."""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass

from cycles.cuts.digraph import Edge, adjacency
from cycles.graph.components import scc_ids
from cycles.graph.dominators import immediate_dominators
from cycles.limits import EFFECT_STEPS, Steps


@dataclass(frozen=True, slots=True)
class Effect:
    """How many vertices are then on no cycle, and how many the largest component has (0: no cycle is left)."""

    frees: int
    largest_left: int


def effects(
    size: int, edges: Sequence[Edge], removals: Sequence[Sequence[int]], *, budget: int = EFFECT_STEPS
) -> tuple[Effect | None, ...]:
    """Return what each removal, some edges that leave one vertex, does to a strongly connected graph alone.

    An edge matters alone only if it is a strong bridge, and strong bridges are the edges of two
    dominator trees (G. F. Italiano, L. Laura, F. Santaroni, "Finding strong bridges and strong
    articulation points in linear time", Theoretical Computer Science 447, 2012). Without one, what
    stays with the root is all that it dominates in neither tree; only the rest is searched for
    components (L. Georgiadis, G. F. Italiano, N. Parotsidis, "A new framework for strong
    connectivity and 2-connectivity in directed graphs", SODA 2017). Nearly always that is a few vertices;
    where it is many for many removals, the last ones are not known (None) when the budget of steps is spent.
    Edges along a path without branches do the same, and are looked at once.
    """
    following = adjacency(size, edges)
    preceding = adjacency(size, ((head, tail) for tail, head in edges))
    # Any vertex will do; from one with many neighbours the trees are flat, and little lies below an edge.
    root = max(range(size), key=lambda vertex: (len(following[vertex]) * len(preceding[vertex]), -vertex))
    below = _dominated(following, preceding, root)
    above = _dominated(preceding, following, root)
    nothing = Effect(frees=0, largest_left=size)
    steps = Steps(budget)
    begins = _beginnings(following, preceding, edges)
    known: dict[Edge, Effect] = {}
    found: list[Effect | None] = []
    for removal in removals:
        gone = {edges[edge] for edge in removal}
        effect: Effect | None = nothing
        if len(gone) == 1:
            (edge,) = gone
            same = begins[edge]
            if same not in known and not steps.spent:
                lost = {*below(*edge), *above(*edge[::-1])}
                known[same] = _effect(following, lost, gone, size - len(lost), steps) if lost else nothing
            effect = known.get(same)
        elif gone:
            steps.take(len(edges))
            if steps.spent:
                effect = None
            elif not _still_reached(following, gone):
                effect = _effect(following, set(range(size)), gone, 0, steps)
        found.append(effect)
    return tuple(found)


def _beginnings(
    following: Sequence[Sequence[int]], preceding: Sequence[Sequence[int]], edges: Sequence[Edge]
) -> dict[Edge, Edge]:
    """Return for every edge the one that its path without branches begins with; on a ring, any of it."""
    begins: dict[Edge, Edge] = {}
    for given in edges:
        edge = given
        path = [edge]
        while edge not in begins and len(following[edge[0]]) == len(preceding[edge[0]]) == 1:
            edge = (preceding[edge[0]][0], edge[0])
            if edge == given:
                break
            path.append(edge)
        begins.update(dict.fromkeys(path, begins.get(edge, edge)))
    return begins


def _dominated(
    following: Sequence[Sequence[int]], preceding: Sequence[Sequence[int]], root: int
) -> Callable[[int, int], Iterator[int]]:
    """Return a function of an edge (tail, head): what the root reaches only through it.

    That is all that the head dominates, or nothing. Below a head: by the intervals of a walk over the tree.
    """
    immediate = immediate_dominators(((tail, head) for tail, heads in enumerate(following) for head in heads), root)
    children: list[list[int]] = [[] for _ in following]
    for vertex, dominator in immediate.items():
        children[dominator].append(vertex)
    entered, left = _intervals(children, root)

    def below(tail: int, head: int) -> Iterator[int]:
        if head == root or immediate[head] != tail:
            return
        others = (before for before in preceding[head] if before != tail)
        if all(entered[head] <= entered[before] < left[head] for before in others):
            waiting = [head]
            while waiting:
                vertex = waiting.pop()
                yield vertex
                waiting += children[vertex]

    return below


def _intervals(children: Sequence[Sequence[int]], root: int) -> tuple[list[int], list[int]]:
    """Return when a walk over a tree enters and leaves each vertex: one is below another if its entry lies between."""
    entered, left = [0] * len(children), [0] * len(children)
    clock = 0
    waiting = [(root, False)]
    while waiting:
        vertex, done = waiting.pop()
        if done:
            left[vertex] = clock
        else:
            entered[vertex] = clock
            clock += 1
            waiting.append((vertex, True))
            waiting += ((child, False) for child in children[vertex])
    return entered, left


def _still_reached(following: Sequence[Sequence[int]], gone: Collection[Edge]) -> bool:
    """Say whether the heads of edges that leave one vertex are reached from it without them."""
    (tail,) = {tail for tail, _ in gone}
    wanted = {head for _, head in gone}
    seen = {tail}
    waiting = [tail]
    while waiting and wanted:
        vertex = waiting.pop()
        for head in following[vertex]:
            if head not in seen and (vertex, head) not in gone:
                seen.add(head)
                wanted.discard(head)
                waiting.append(head)
    return not wanted


def _effect(
    following: Sequence[Sequence[int]], searched: Collection[int], gone: Collection[Edge], stays: int, steps: Steps
) -> Effect:
    """Return the effect of losing edges: `stays` vertices hang together, the others are `searched`."""
    vertices = sorted(searched)
    steps.take(len(vertices) + sum(len(following[vertex]) for vertex in vertices))
    place = {vertex: index for index, vertex in enumerate(vertices)}
    inner = [
        [place[head] for head in following[vertex] if head in place and (vertex, head) not in gone]
        for vertex in vertices
    ]
    sizes = [*Counter(scc_ids(inner)).values(), stays]
    return Effect(
        frees=sum(size for size in sizes if size == 1),
        largest_left=max((size for size in sizes if size > 1), default=0),
    )
