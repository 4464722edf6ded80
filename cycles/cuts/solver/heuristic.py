"""Find a good cut set quickly: the backward edges of a good order, and of these only what is needed."""

from collections.abc import Collection, Sequence

from cycles.cuts.digraph import Edge, Network, positions
from cycles.cuts.solver.linear_order import OrderSearch, causes_of_backward_edges, order_without
from cycles.limits import SET_UP_STEPS, Steps

_PER_RETURN = 4
"""Steps to put an edge back where nothing stands in its way."""


def found_cut_set(network: Network, steps: Steps) -> frozenset[int]:
    """Return a good cut set: the backward edges of a good order without the superfluous, as far as the steps last.

    Each of the two may take half of what is left: to improve the order is worth more, but what follows is
    worth more than nothing.
    """
    search = OrderSearch(network, network.weights)
    order = search.first_order()
    search.improve(order, steps=steps.part(2))
    return without_superfluous(network, causes_of_backward_edges(network, order), steps.part(2))


def without_superfluous(
    network: Network, cuts: Collection[int], steps: Steps, *, keep: Collection[int] = ()
) -> frozenset[int]:
    """Return the cut set less every cut that is not needed, tried the most expensive first, later numbers first.

    Those in `keep` stay, and those that the steps are not enough to try. Where the
    steps are not enough to begin, none is tried. Raises ValueError where the cuts leave a cycle.
    """
    if steps.left < SET_UP_STEPS * len(network.edges):
        return frozenset(cuts)
    made = set(cuts)
    rest = _AcyclicRest(network, made, steps)
    edges_of: dict[int, list[int]] = {cut: [] for cut in made}
    for edge, causes in enumerate(network.causes):
        for cut in causes:
            if cut in edges_of:
                edges_of[cut].append(edge)
    for cut in sorted(made.difference(keep), key=lambda cut: (-network.weights[cut], -cut)):
        if steps.spent:
            break
        returning = [network.edges[edge] for edge in edges_of[cut] if made.issuperset(network.causes[edge])]
        if rest.put_back(returning):
            made.discard(cut)
    return frozenset(made)


class _AcyclicRest:
    """What a cut set leaves: an acyclic graph, kept in order as edges return.

    D. J. Pearce, P. H. J. Kelly, "A dynamic topological sort algorithm for directed acyclic graphs",
    ACM J. Exp. Algorithmics 11, 2006: only what is between the ends of an edge is looked at.
    """

    def __init__(self, network: Network, cuts: Collection[int], steps: Steps) -> None:
        self.steps = steps
        order = order_without(network, cuts)
        if order is None:
            raise ValueError("cuts that leave a cycle are no cut set")
        self.order = order
        self.position = positions(order)
        self.following = network.heads(cuts)

    def put_back(self, edges: Sequence[Edge]) -> bool:
        """Put edges back if they close no cycle; return whether they are back, all or none."""
        for done, (tail, head) in enumerate(edges):
            self.steps.take(_PER_RETURN)
            if not self.make_way(tail, head):
                for other, _ in edges[:done][::-1]:
                    self.following[other].pop()
                return False
            self.following[tail].append(head)
        return True

    def make_way(self, tail: int, head: int) -> bool:
        """Move what is reached from `head` behind `tail`; return False where `tail` is reached itself."""
        first, last = self.position[head], self.position[tail]
        if last < first:
            return True
        reached = {head}
        waiting = [head]
        while waiting:
            following = self.following[waiting.pop()]
            self.steps.take(1 + len(following))
            for after in following:
                if after == tail:
                    return False
                if after not in reached and self.position[after] < last:
                    reached.add(after)
                    waiting.append(after)
        self.steps.take(last - first)
        # A stable sort by "is reached": both groups keep their order, and nothing outside the two ends moves.
        self.order[first : last + 1] = sorted(self.order[first : last + 1], key=reached.__contains__)
        for index in range(first, last + 1):
            self.position[self.order[index]] = index
        return True
