"""Close small gaps between a cut set and its bound in pure Python.

Linear programming would close them too, but loading numpy and HiGHS takes a good part of a whole `cycles scc` of a
small package, which some packages of the corpus would then pay.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

from cycles.cuts.digraph import Network
from cycles.cuts.solver.cycle_search import shortest_cycles
from cycles.cuts.solver.heuristic import found_cut_set
from cycles.cuts.solver.lower_bound import packed_weight
from cycles.cuts.solver.preprocess import UnbreakableCycleError, reduce
from cycles.limits import Steps

_ROUNDS = 4
"""Rounds of packing: with one alone, more is left to linear programming, and a package of many planted components
gets 4 % larger cut sets for the same steps."""


@dataclass(frozen=True, slots=True)
class BoundedCutSet:
    """A cut set of a network, and what none weighs less than."""

    network: Network
    cuts: frozenset[int]
    least: int

    @property
    def weight(self) -> int:
        """What the cuts weigh together."""
        return self.network.weight(self.cuts)

    @property
    def gap(self) -> int:
        """How much less than this cut set the least one may weigh."""
        return self.weight - self.least


@dataclass(frozen=True, slots=True)
class _Node:
    """Cuts already made, and the independent parts that are left."""

    taken: frozenset[int]
    parts: tuple[BoundedCutSet, ...]


def heuristic_with_bound(network: Network, steps: Steps) -> BoundedCutSet:
    """Return a cut set by the heuristic, with the bound that cycles packed around it give."""
    cuts = found_cut_set(network, steps)
    return BoundedCutSet(network=network, cuts=cuts, least=packed_weight(network, cuts, steps, rounds=_ROUNDS))


def branch_and_bound(start: BoundedCutSet, nodes: int, steps: Steps) -> BoundedCutSet:
    """Return the least cut set, or the best one found before nodes or steps end, with the bound as it was.

    A node with a gap is split on one edge, which either breaks now or never; what follows from
    that, `reduce` finds. Depth first, the open nodes on a list.
    """
    network, best, best_weight = start.network, start.cuts, start.weight
    waiting = [_Node(taken=frozenset(), parts=(start,))] if start.gap else []
    while waiting and nodes > 0 and not steps.spent:
        nodes -= 1
        node = waiting.pop()
        cuts = node.taken.union(*(part.cuts for part in node.parts))
        weight = network.weight(cuts)
        if weight < best_weight:
            best, best_weight = cuts, weight
        if weight - sum(part.gap for part in node.parts) < best_weight:
            waiting += _split(node, steps)
    return BoundedCutSet(network=network, cuts=best, least=start.least if waiting or steps.spent else best_weight)


def _split(node: _Node, steps: Steps) -> Iterator[_Node]:
    """Yield the node with an edge of its loosest part made unbreakable, and with that edge broken."""
    loosest = max(node.parts, key=lambda part: part.gap, default=None)
    if loosest is None or not loosest.gap:
        return
    others = tuple(part for part in node.parts if part is not loosest)
    network = loosest.network
    edge = _busiest_edge(network, steps)
    if edge is None:
        if not steps.spent:
            # A part that was not reduced to its cycles may have none, and needs no cut.
            yield _Node(taken=node.taken, parts=others)
        return
    unbreakable = tuple(() if number == edge else causes for number, causes in enumerate(network.causes))
    for made, smaller in (
        (frozenset[int](), replace(network, causes=unbreakable)),
        (frozenset(network.causes[edge]), network.after_cutting(network.causes[edge])),
    ):
        try:
            reduction = reduce(smaller, steps)
        except UnbreakableCycleError:
            continue
        if steps.spent:
            # A reduction that ended early may have left a cycle that nothing breaks any more.
            return
        yield _Node(
            taken=node.taken.union(made, reduction.taken),
            parts=(*others, *(heuristic_with_bound(part, steps) for part in reduction.parts)),
        )


def _busiest_edge(network: Network, steps: Steps) -> int | None:
    """Return the edge on the most shortest cycles for its weight, the first of several; None where there is none."""
    uses = Counter(edge for cycle in shortest_cycles(network, steps) for edge in cycle if network.causes[edge])
    return max(sorted(uses), key=lambda edge: Fraction(uses[edge], network.weight(network.causes[edge])), default=None)
