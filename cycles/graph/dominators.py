"""Dominators: what every path from a root to a vertex passes."""

from collections import defaultdict
from collections.abc import Iterable


def immediate_dominators(edges: Iterable[tuple[int, int]], root: int) -> dict[int, int]:
    """Return the nearest vertex that every path from the root to a vertex passes, for each that it reaches but itself.

    K. D. Cooper, T. J. Harvey, K. Kennedy, "A simple, fast dominance algorithm", 2001.

    >>> immediate_dominators([(0, 1), (0, 2), (1, 3), (2, 3), (3, 4)], 0)
    {1: 0, 2: 0, 3: 0, 4: 3}
    """
    heads: dict[int, list[int]] = defaultdict(list)
    tails: dict[int, list[int]] = defaultdict(list)
    for tail, head in edges:
        heads[tail].append(head)
        tails[head].append(tail)
    order = _in_reverse_postorder(heads, root)
    ranks = {vertex: rank for rank, vertex in enumerate(order)}
    # By rank; a dominator has a lower one, and that of the root is itself.
    found = {0: 0}
    before = [[ranks[tail] for tail in tails[vertex] if tail in ranks] for vertex in order]
    changed = True
    while changed:
        changed = False
        for rank in range(1, len(order)):
            known = [tail for tail in before[rank] if tail in found]
            nearest = known[0]
            for tail in known:
                other = tail
                while other != nearest:
                    if other > nearest:
                        other = found[other]
                    else:
                        nearest = found[nearest]
            if found.get(rank) != nearest:
                found[rank] = nearest
                changed = True
    return {order[rank]: order[found[rank]] for rank in sorted(found, key=order.__getitem__) if rank}


def _in_reverse_postorder(heads: dict[int, list[int]], root: int) -> list[int]:
    """Return the vertices that a root reaches, each before those that it leads to but on circles: found depth first."""
    order: list[int] = []
    seen = {root}
    waiting = [(root, iter(heads.get(root, ())))]
    while waiting:
        vertex, ahead = waiting[-1]
        for head in ahead:
            if head not in seen:
                seen.add(head)
                waiting.append((head, iter(heads.get(head, ()))))
                break
        else:
            order.append(vertex)
            waiting.pop()
    return order[::-1]
