"""Dominators: what every path from a root to a vertex passes. The door to networkx's algorithms."""

from collections.abc import Iterable


def immediate_dominators(edges: Iterable[tuple[int, int]], root: int) -> dict[int, int]:
    """Return the nearest vertex that every path from the root to a vertex passes, for each that it reaches but itself.

    K. D. Cooper, T. J. Harvey, K. Kennedy, "A simple, fast dominance algorithm", 2001.

    >>> immediate_dominators([(0, 1), (0, 2), (1, 3), (2, 3), (3, 4)], 0)
    {1: 0, 2: 0, 3: 0, 4: 3}
    """
    import networkx as nx  # noqa: PLC0415  it loads longer than most packages take to analyse

    graph = nx.DiGraph(list(edges))
    graph.add_node(root)
    found = nx.immediate_dominators(graph, root)
    return {vertex: found[vertex] for vertex in sorted(found) if vertex != root}
