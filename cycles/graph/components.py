"""Strongly connected components of graphs, their shortest cycles, and what holds them together."""

from collections import defaultdict, deque
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import TypeVar

from cycles.enums import Kind
from cycles.graph.build import possible_dependencies
from cycles.grouping import Grouping
from cycles.limits import SHORTEST_CYCLE_STEPS, Steps
from cycles.model import Component, Dependency, Graph, HoldingImports, Origin
from cycles.source.import_values import RawImport

_SHORTEST = 2
_Node = TypeVar("_Node", bound=Hashable)


def components(
    graph: Graph,
    packages: Collection[str],
    members: Sequence[tuple[str, ...]] | None = None,
    origin: Origin | None = None,
) -> tuple[Component, ...]:
    """Return the components of a graph that touch any of the packages, largest first, then by their first module.

    Their modules and dependencies are sorted by name. `members` are the modules of each component wanted, in that
    order, where somebody has looked for them already.
    """
    steps = Steps(SHORTEST_CYCLE_STEPS)
    if members is None:
        found = strongly_connected(edge.pair for edge in graph.dependencies)
        members = [modules for modules in found if count_inside(modules, packages)]
    place = places(members)
    inner: dict[int, list[Dependency]] = defaultdict(list)
    for dependency in graph.dependencies:
        index = place.get(dependency.importer)
        if index is not None and index == place.get(dependency.imported):
            inner[index].append(dependency)
    return tuple(
        _component(index + 1, modules, tuple(inner[index]), packages, origin, steps)
        for index, modules in enumerate(members)
    )


def _component(
    number: int,
    modules: tuple[str, ...],
    dependencies: tuple[Dependency, ...],
    packages: Collection[str],
    origin: Origin | None,
    steps: Steps,
) -> Component:
    cycle, is_shortest = short_cycle([edge.pair for edge in dependencies], steps)
    strong, weak = list[Dependency](), list[Dependency]()
    for edge in dependencies:
        (strong if _has_eager_name(edge, origin) else weak).append(edge)
    eager_modules = sum(map(len, _cyclic_parts(strong)))
    return Component(
        number=number,
        modules=modules,
        inside=count_inside(modules, packages),
        shortest_cycle=cycle,
        dependencies=dependencies,
        eager_modules=eager_modules,
        held_by=_held_by(dependencies, weak) if eager_modules < len(modules) else (),
        is_shortest=is_shortest,
        origin=origin,
    )


def count_inside(modules: Iterable[str], packages: Collection[str]) -> int:
    """Return how many of some modules lie in any of the packages."""
    names, prefixes = frozenset(packages), tuple(f"{package}." for package in packages)
    return sum(module in names or module.startswith(prefixes) for module in modules)


def strongly_connected(pairs: Iterable[tuple[str, str]]) -> tuple[tuple[str, ...], ...]:
    """Return the components of two or more names, largest first, then by first name; each is sorted.

    >>> strongly_connected([("a", "b"), ("b", "a"), ("b", "c")])
    (('a', 'b'),)
    """
    number: dict[str, int] = {}
    following: list[list[int]] = []
    for importer, imported in dict.fromkeys(pairs):
        for name in (importer, imported):
            if name not in number:
                number[name] = len(following)
                following.append([])
        following[number[importer]].append(number[imported])
    members: dict[int, list[str]] = defaultdict(list)
    for name, place in zip(number, scc_ids(following), strict=True):
        members[place].append(name)
    found = (tuple(sorted(names)) for names in members.values() if len(names) > 1)
    return tuple(sorted(found, key=lambda names: (-len(names), names)))


def possibly_cyclic_imports(
    pairs: Collection[tuple[str, str]], modules: Collection[str], by: Grouping | None = None
) -> list[tuple[str, str]]:
    """Return the imports that can be part of a cycle of modules, or groups, in any graph; their order is kept.

    Every dependency of every graph is among the widest pairs, so every component lies inside one of theirs.
    """
    made: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for pair in pairs:
        found = possible_dependencies([pair], modules)
        made[pair] = [ends for edge in found if (ends := by.ends(*edge))] if by else list(found)
    place = places(strongly_connected(chain.from_iterable(made.values())))
    return [
        pair
        for pair, edges in made.items()
        if any(tail in place and place[tail] == place.get(head) for tail, head in edges)
    ]


def places(members: Sequence[Sequence[str]]) -> dict[str, int]:
    """Return the index of each module's component."""
    return {module: index for index, modules in enumerate(members) for module in modules}


def reached(following: Mapping[str, Iterable[str]], starts: Iterable[str]) -> set[str]:
    """Return what some names lead to, with these names.

    >>> sorted(reached({"a": ["b"], "b": ["a"], "c": ["a"]}, ["b"]))
    ['a', 'b']
    """
    waiting = list(starts)
    seen = set(waiting)
    while waiting:
        new = [name for name in following.get(waiting.pop(), ()) if name not in seen]
        seen.update(new)
        waiting += new
    return seen


def shortest_path(after: Callable[[_Node], Iterable[_Node]], start: _Node, end: _Node) -> tuple[_Node, ...]:
    """Return the first shortest path by breadth-first search, both ends included; () where there is none.

    >>> shortest_path({"a": ["b", "c"], "b": ["c"], "c": []}.__getitem__, "a", "c")
    ('a', 'c')
    """
    before = {start: start}
    waiting = deque([start])
    while waiting and end not in before:
        node = waiting.popleft()
        for other in after(node):
            if other not in before:
                before[other] = node
                waiting.append(other)
    path = [end] if end in before else []
    while path and path[-1] != start:
        path.append(before[path[-1]])
    return tuple(reversed(path))


def reached_by_imports(mentions: Iterable[RawImport], modules: Collection[str], starts: Iterable[str]) -> set[str]:
    """Return the modules that some modules reach by imports of any kind, with the packages above them."""
    following: dict[str, set[str]] = defaultdict(set)
    for found in mentions:
        following[found.importer].add(found.imported)
    for module in modules:
        following[module].add(module.rpartition(".")[0])
    return reached(following, starts) & set(modules)


def shortest_cycle(pairs: Sequence[tuple[str, str]]) -> tuple[str, ...]:
    """The shortest cycle that `short_cycle` finds; () where there is none.

    >>> shortest_cycle([("a", "b"), ("b", "c"), ("c", "a"), ("c", "b")])
    ('b', 'c')
    """
    return short_cycle(pairs, Steps(SHORTEST_CYCLE_STEPS))[0]


def short_cycle(pairs: Sequence[tuple[str, str]], steps: Steps) -> tuple[tuple[str, ...], bool]:
    """The shortest cycle, of several the first in the alphabet, () where there is none; and whether it is sure to be.

    Where the steps end, it is the shortest one found until then: the first search always ends.

    One breadth-first search from each name, never deeper than the best cycle so far; a name is
    taken out once its own cycles are known (A. Itai, M. Rodeh, "Finding a minimum circuit in a
    graph", SIAM J. Comput. 7(4), 1978), and with it all that is then on no cycle.
    """
    remaining = _Remaining(pairs)
    best: tuple[str, ...] = ()
    for name in sorted(remaining.degrees):
        if name not in remaining.gone:
            if best and steps.spent:
                return best, False
            best = _cycle_through(name, remaining.following, remaining.gone, len(best), steps) or best
            if len(best) == _SHORTEST:
                break
            remaining.take_out(name)
    return best, True


def shortest_cycle_through(pairs: Sequence[tuple[str, str]], importer: str, imported: str) -> tuple[str, ...]:
    """The shortest cycle through a dependency, from its importer on; of several the first in the alphabet.

    >>> shortest_cycle_through([("a", "b"), ("b", "c"), ("c", "a"), ("c", "b")], "b", "c")
    ('b', 'c')
    """
    following: dict[str, list[str]] = defaultdict(list)
    for tail, head in sorted(pairs):
        if tail != importer or head == imported:
            following[tail].append(head)
    return _cycle_through(importer, following, set(), 0, Steps(SHORTEST_CYCLE_STEPS))


class _Remaining:
    """A graph that loses its names one by one, and with each all that is then on no cycle."""

    def __init__(self, pairs: Sequence[tuple[str, str]]) -> None:
        self.following: dict[str, list[str]] = defaultdict(list)
        self.preceding: dict[str, list[str]] = defaultdict(list)
        for importer, imported in sorted(pairs):
            self.following[importer].append(imported)
            self.preceding[imported].append(importer)
        names = {*self.following, *self.preceding}
        self.gone: set[str] = set()
        self.degrees = {name: [len(self.preceding.get(name, ())), len(self.following.get(name, ()))] for name in names}
        for name in sorted(names):
            if 0 in self.degrees[name]:
                self.take_out(name)

    def take_out(self, name: str) -> None:
        waiting = [name]
        while waiting:
            name = waiting.pop()
            if name in self.gone:
                continue
            self.gone.add(name)
            for side, neighbours in enumerate((self.following, self.preceding)):
                for neighbour in neighbours.get(name, ()):
                    self.degrees[neighbour][side] -= 1
                    if not self.degrees[neighbour][side]:
                        waiting.append(neighbour)


def _cycle_through(
    start: str, following: Mapping[str, Sequence[str]], gone: set[str], longest: int, steps: Steps
) -> tuple[str, ...]:
    """The first of the shortest cycles through a name, where it is shorter than `longest` (0: any)."""
    before: dict[str, str] = {start: ""}
    depth = {start: 1}
    waiting = deque([start])
    while waiting:
        name = waiting.popleft()
        if longest and depth[name] >= longest:
            return ()
        steps.take(1 + len(following.get(name, ())))
        for after in following.get(name, ()):
            if after == start:
                path = [name]
                while path[-1] != start:
                    path.append(before[path[-1]])
                return tuple(reversed(path))
            if after not in before and after not in gone:
                before[after] = name
                depth[after] = depth[name] + 1
                waiting.append(after)
    return ()


def _held_by(dependencies: Sequence[Dependency], weak: Sequence[Dependency]) -> tuple[HoldingImports, ...]:
    """Return what holds a component together besides eager imports that name its modules: the `weak` dependencies.

    Where packages run on the way: these packages, those that most imports run first. Otherwise the
    kinds of the other imports; only one where it alone is enough.
    """
    implied = [edge for edge in weak if edge.implied]
    if implied:
        imports = dict.fromkeys((edge.imported for edge in implied), 0)
        for edge in implied:
            imports[edge.imported] += len(edge.imports)
        by_package = sorted(imports.items(), key=lambda item: (-item[1], item[0]))
        return tuple(HoldingImports(imports=count, kind=None, package=package) for package, count in by_package)
    kinds = [kind for kind in Kind if any(kind in edge.kinds for edge in weak)]
    for kind in kinds:
        if not _cyclic_parts(edge for edge in dependencies if edge.kinds != (kind,)):
            kinds = [kind]
            break
    counts = {kind: sum(statement.kind is kind for edge in weak for statement in edge.imports) for kind in kinds}
    return tuple(HoldingImports(imports=count, kind=kind, package=None) for kind, count in counts.items())


def _has_eager_name(dependency: Dependency, origin: Origin | None) -> bool:
    """Whether one of the imports runs on import and names the imported module."""
    return not dependency.implied and any(
        found.kind in (Kind.EAGER, Kind.UNKNOWN)
        and (origin.ends(*found.pair) if origin and origin.by else found.pair) == dependency.pair
        for found in dependency.imports
    )


def _cyclic_parts(dependencies: Iterable[Dependency]) -> tuple[tuple[str, ...], ...]:
    return strongly_connected(edge.pair for edge in dependencies)


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
