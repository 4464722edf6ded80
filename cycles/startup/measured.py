"""What importing ENTRY really costs: what each distribution takes, what would be saved without it, and own modules."""

from collections import defaultdict
from collections.abc import Mapping

from cycles.startup.measured_graph import MAIN, MeasuredGraph, RealEdge
from cycles.startup.measured_values import MeasuredDistribution

OWN = ""
"""What belongs to the project, where others have the name of a distribution."""
STANDARD_LIBRARY = "python"
_NO_DISTRIBUTION = (OWN, STANDARD_LIBRARY)


def distribution_costs(graph: MeasuredGraph, belongs: Mapping[str, str]) -> tuple[MeasuredDistribution, ...]:
    """Return what each distribution costs: what costs most alone first, then what costs most, then by name.

    `belongs` says for each module to which distribution it belongs. One search of the graph for each distribution.
    """
    modules: dict[str, list[str]] = defaultdict(list)
    for name in graph.costs:
        modules[belongs[name]].append(name)
    entered = _entered_by(graph, belongs)
    rows = []
    for distribution in modules.keys() - set(_NO_DISTRIBUTION):
        own_imports = {edge for edge in graph.edges if _enters(edge, belongs) == distribution}
        gone = graph.gone(without=own_imports.__contains__)
        held = modules[distribution]
        others = {other for name in held if name not in gone for other in entered[name]}
        only_with = tuple(sorted(others - {distribution}))
        rows.append(MeasuredDistribution(distribution, len(held), graph.cost(held), graph.cost(gone), only_with))
    return tuple(sorted(rows, key=lambda row: (-row.alone.nanoseconds, -row.own.nanoseconds, row.name)))


def _enters(edge: RealEdge, belongs: Mapping[str, str]) -> str:
    """Return the distribution that an import of the project names, OWN where it is none such."""
    if edge.importer != MAIN and belongs.get(edge.importer) != OWN:
        return OWN
    distribution = belongs[edge.imported]
    return OWN if distribution == STANDARD_LIBRARY else distribution


def _entered_by(graph: MeasuredGraph, belongs: Mapping[str, str]) -> dict[str, frozenset[str]]:
    """Return by module the distributions that own imports name from where imports of other code lead to it."""
    following: dict[str, set[str]] = defaultdict(set)
    entered: dict[str, set[str]] = defaultdict(set)
    for edge in graph.edges:
        if distribution := _enters(edge, belongs):
            entered[edge.imported].add(distribution)
        else:
            for end in (edge.importer, edge.body):
                if belongs.get(end, OWN) != OWN and belongs[edge.imported] != OWN:
                    following[end].add(edge.imported)
    waiting = list(entered)
    while waiting:
        name = waiting.pop()
        for imported in following[name]:
            if not entered[name] <= entered[imported]:
                entered[imported] |= entered[name]
                waiting.append(imported)
    return {name: frozenset(entered.get(name, ())) for name in graph.costs}
