"""Strongly connected components of a graph of numbers, by Tarjan's algorithm."""

from collections.abc import Collection, Iterator, Sequence


def scc_ids(following: Sequence[Collection[int]]) -> list[int]:
    """Return the number of each vertex's strongly connected component; no edge leads to a higher number.

    Tarjan's algorithm (R. E. Tarjan, "Depth-first search and linear graph algorithms", SIAM J. Comput.
    1(2), 1972), with a stack of its own in place of recursion: O(n + m). networkx has it too, but takes longer to
    load than most packages take to analyse.

    >>> scc_ids([[1], [0, 2], []])
    [1, 1, 0]
    """
    size = len(following)
    order, low, place = [-1] * size, [0] * size, [-1] * size
    open_vertices: list[int] = []
    clock = parts = 0
    for start in range(size):
        if order[start] >= 0:
            continue
        path: list[tuple[int, Iterator[int]]] = [(start, iter(following[start]))]
        order[start] = low[start] = clock
        clock += 1
        open_vertices.append(start)
        while path:
            vertex, rest = path[-1]
            for after in rest:
                if order[after] < 0:
                    order[after] = low[after] = clock
                    clock += 1
                    open_vertices.append(after)
                    path.append((after, iter(following[after])))
                    break
                if place[after] < 0:
                    low[vertex] = min(low[vertex], order[after])
            else:
                path.pop()
                if path:
                    low[path[-1][0]] = min(low[path[-1][0]], low[vertex])
                if low[vertex] == order[vertex]:
                    while place[vertex] < 0:
                        place[open_vertices.pop()] = parts
                    parts += 1
    return place
