"""Which own modules and distributions hold which others: the dominator tree of what importing ENTRY loads."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from cycles.graph.dominators import immediate_dominators
from cycles.startup.findings import StartupReport

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
    """Return the holder of each node but ENTRY.

    A further vertex stands for all of a distribution: whatever loads a part of it from outside leads there.
    """
    numbers: dict[tuple[str, _Node], int] = {("", _ENTRY): 0}
    arrows: dict[tuple[int, int], None] = {}

    def number(name: str) -> int:
        node = nodes.get(name, (False, name))
        return numbers.setdefault(("" if node == _ENTRY else name, node), len(numbers))

    for edge in found.edges:
        importer, imported = number(edge.importer), number(edge.imported)
        arrows[importer, imported] = None
        node = nodes.get(edge.imported, _ENTRY)
        if node[0] and nodes.get(edge.importer) != node:
            arrows[importer, numbers.setdefault(("", node), len(numbers))] = None
    immediate = immediate_dominators(arrows, 0)
    names = {place: node for (_, node), place in numbers.items()}
    known = {*nodes.values()}

    def passed(at: int) -> Iterator[_Node]:
        """Yield what every chain to a vertex passes, the nearest first and ENTRY last."""
        while at := immediate.get(at, 0):
            if names[at] in known:
                yield names[at]
        yield _ENTRY

    wholes = {node: numbers[vertex] for node in nodes.values() if (vertex := ("", node)) in numbers}
    above = {node: {*passed(at)} for node, at in wholes.items()}
    holders: dict[_Node, _Node] = {}
    for name, node in nodes.items():
        if node != _ENTRY and node not in holders:
            at = wholes.get(node, 0) if node[0] else numbers.get((name, node), 0)
            holders[node] = _nearest(passed(at), above)
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
