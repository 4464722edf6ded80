"""Which own modules and distributions hold which others: the dominator tree of what importing ENTRY loads."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from cycles.graph.dominators import immediate_dominators
from cycles.startup.startup_values import LoadEdge, StartupReport

_Node = tuple[bool, str]
"""Whether it is a distribution, and its name; (False, "") is ENTRY."""
_ENTRY: _Node = (False, "")


@dataclass(frozen=True, slots=True)
class Held:
    """An own module or a whole distribution, in the tree of what holds what.

    Attributes:
        name: of the module, dotted, or of the distribution; of ENTRY as it was asked for.
        own: whether it is a module of the project.
        certain: whether it is known to be loaded.
        holder: the place in the tree of what every chain of imports to it passes, the nearest; -1 for ENTRY.
        size: how many bytes its files have.
        total: the same with all that it holds, directly or not.
        below: how many modules and distributions it holds, directly or not.
    """

    name: str
    own: bool
    certain: bool
    holder: int
    size: int
    total: int
    below: int


class Dominators:
    """What every chain of loads from ENTRY to something passes: the nearest first.

    Of a distribution it is what the chains to any module of it pass: a vertex stands for all of it, to which leads
    whatever loads a part of it from outside.
    """

    def __init__(self, edges: Iterable[LoadEdge], owner: Mapping[str, str]) -> None:
        """`owner` are the distributions of the modules that are not the project's."""
        self._numbers: dict[_Node, int] = {_ENTRY: 0}
        arrows: dict[tuple[int, int], None] = {}
        for edge in edges:
            ends = self._number((False, edge.importer)), self._number((False, edge.imported))
            arrows[ends] = None
            distribution = owner.get(edge.imported)
            if distribution is not None and owner.get(edge.importer) != distribution:
                arrows[ends[0], self._number((True, distribution))] = None
        self._immediate = immediate_dominators(arrows, 0)
        self._names = {number: name for (_, name), number in self._numbers.items()}

    def of_module(self, name: str) -> Iterator[str]:
        """Yield the modules that every chain to a module passes."""
        return self._of((False, name))

    def of_distribution(self, name: str) -> Iterator[str]:
        """Yield the modules that every chain to a distribution passes."""
        return self._of((True, name))

    def _number(self, node: _Node) -> int:
        return self._numbers.setdefault(node, len(self._numbers))

    def _of(self, node: _Node) -> Iterator[str]:
        at = self._numbers.get(node, 0)
        while at := self._immediate.get(at, 0):
            yield self._names[at]


def held_tree(found: StartupReport) -> tuple[Held, ...]:
    """Return ENTRY and all that it loads: each after its holder, of one holder the largest first.

    A distribution is one, held where every chain to any module of it passes, as in the rows of the report. The module
    that ENTRY names is ENTRY itself.
    """
    sizes: dict[_Node, int] = defaultdict(int, {_ENTRY: 0})
    certain = {_ENTRY: True}
    nodes: dict[str, _Node] = {"": _ENTRY, found.entry.module: _ENTRY}
    for module in found.modules:
        node = nodes.setdefault(module.name, (not module.own, module.name if module.own else module.distribution))
        sizes[node] += module.size
        certain[node] = certain.get(node, False) or module.certain
    holders = _holders(found, nodes)
    order = _order(holders, sizes)
    totals, below = dict(sizes), dict.fromkeys(order, 0)
    for node in reversed(order[1:]):
        totals[holders[node]] += totals[node]
        below[holders[node]] += below[node] + 1
    order = _order(holders, totals)
    places = {node: place for place, node in enumerate(order)}
    return tuple(
        Held(
            name=node[1] if node != _ENTRY else found.entry.text,
            own=not node[0],
            certain=certain[node],
            holder=places[holders[node]] if node != _ENTRY else -1,
            size=sizes[node],
            total=totals[node],
            below=below[node],
        )
        for node in order
    )


def _holders(found: StartupReport, nodes: Mapping[str, _Node]) -> dict[_Node, _Node]:
    """Return the holder of each node but ENTRY."""
    dominators = Dominators(found.edges, {name: node[1] for name, node in nodes.items() if node[0]})

    def passed(names: Iterable[str]) -> Iterator[_Node]:
        """Yield what every chain to something passes, the nearest first and ENTRY last."""
        yield from (node for name in names if (node := nodes.get(name, _ENTRY)) != _ENTRY)
        yield _ENTRY

    above = {node: {*passed(dominators.of_distribution(node[1]))} for node in nodes.values() if node[0]}
    holders: dict[_Node, _Node] = {}
    for name, node in nodes.items():
        if node != _ENTRY and node not in holders:
            of = dominators.of_distribution(node[1]) if node[0] else dominators.of_module(name)
            holders[node] = _nearest(passed(of), above)
    return holders


def _nearest(passed: Iterator[_Node], above: Mapping[_Node, Collection[_Node]]) -> _Node:
    """Return the nearest that can hold a node in a tree, of what every chain to it passes.

    An own module may hold something by way of a part of a distribution, and not hold that distribution: others load it
    too. Then the module is taken, as somebody can change it, and no tree has both.
    """
    distributions: list[_Node] = []
    own = next(passed)
    while own[0]:
        distributions.append(own)
        own = next(passed)
    return next((one for one in distributions if own in above[one]), own)


def _order(holders: Mapping[_Node, _Node], sizes: Mapping[_Node, int]) -> Sequence[_Node]:
    """Return all nodes, each after its holder; of one holder the largest first, then by name."""
    held: dict[_Node, list[_Node]] = defaultdict(list)
    # What is pushed last is taken first.
    for node in sorted(sorted(holders, reverse=True), key=lambda node: sizes[node]):
        held[holders[node]].append(node)
    order, waiting = [], [_ENTRY]
    while waiting:
        node = waiting.pop()
        order.append(node)
        waiting += held[node]
    return order
