"""What really imported what when an entry was started, and what would not be loaded or spent without some of it."""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

from cycles.children.startup_runs import GarbageCollection, ImportRun
from cycles.startup.measurement_values import Cost

_GROWN = 1.25
"""By how much what is there must have grown since the last full collection; where runs show less, that counts."""
_ALIKE = 0.99
"""What is nearly as much, for what one takes stands for what there is."""
MAIN = "__main__"
"""Where an entry is started: the statement that asks for it, or the body of a script."""


@dataclass(frozen=True)
class FullCollections:
    """The garbage collections of a run, in their order: what the full ones take, with and without some modules.

    They come in steps: CPython looks at all there is once enough younger collections are done, and there is a quarter
    more than the last time (`Modules/gcmodule.c`). Without what fills the memory, whole ones never come.
    """

    all: tuple[GarbageCollection, ...]

    @cached_property
    def shares(self) -> dict[str, float]:
        """What share of all collections each module brings about."""
        counted = Counter(one.module for one in self.all)
        return {module: count / len(self.all) for module, count in counted.items()}

    def share(self, module: str, nanoseconds: int) -> int:
        """Return what a module pays of what the full ones take."""
        return int(self.shares.get(module, 0) * nanoseconds)

    def saved(self, gone: Container[str]) -> float:
        """Return the share of what the full ones take that is not spent without some modules."""
        whole = self._spent(())
        return max(0.0, 1 - self._spent(gone) / whole) if whole else 0.0

    def _spent(self, gone: Container[str]) -> float:
        """Play the collections again that are left: what makes a full one come, and what is there by then."""
        spent = here = last = 0.0
        since, wait = 0, self._places[0] if self._places else 0
        for one, grown in zip(self.all, self._growth, strict=True):
            if one.module in gone:
                continue
            since, here = since + 1, here + grown
            if since >= wait and here >= last * self._least:
                spent, last, since, wait = spent + here, here, 0, self._period
        return spent

    @cached_property
    def _places(self) -> tuple[int, ...]:
        """How many collections have come by each full one, with it."""
        return tuple(number for number, one in enumerate(self.all, 1) if one.nanoseconds)

    @cached_property
    def _full(self) -> tuple[int, ...]:
        return tuple(one.nanoseconds for one in self.all if one.nanoseconds)

    @cached_property
    def _period(self) -> int:
        """The fewest collections from one full one to the next; some came before the first of all was counted."""
        return min(_steps(self._places), default=len(self.all))

    @cached_property
    def _least(self) -> float:
        """How many times as much as at the last full collection must be there."""
        return _ALIKE * min([_GROWN, *(after / before for before, after in pairwise(self._full))])

    @cached_property
    def _growth(self) -> tuple[float, ...]:
        """How much more is there at each collection, by what full ones take: even between them, and behind the last."""
        places, full = (0, *self._places), (0, *self._full)
        found: list[float] = []
        each = 0.0
        for taken, number in zip(_steps(full), _steps(places), strict=True):
            each = taken / number
            found += [each] * number
        return (*found, *[max(0.0, each)] * (len(self.all) - len(found)))


class RealEdge(NamedTuple):
    """A module was imported, or found imported, while others were there that both had to be.

    Attributes:
        importer: the module in which the statement stands.
        body: the module whose body was running: another one where the statement stands in a function.
        imported: what was imported, or a package on the way to it.
        line_number: of the statement; 0 where there is none.
        body_line: the line that the body had reached.
        function: the function that the statement stands in; "" where there is none.
    """

    importer: str
    body: str
    imported: str
    line_number: int = 0
    body_line: int = 0
    function: str = ""


@dataclass(frozen=True, slots=True)
class MeasuredGraph:
    """The modules of an entry with what each costs, and what really imported what: by both ends that must be there.

    Of the full garbage `collections`, which take some nanoseconds (`collecting`), each module pays its share.
    """

    costs: Mapping[str, Cost]
    edges: tuple[RealEdge, ...]
    following: Mapping[str, Sequence[RealEdge]]
    collections: FullCollections
    collecting: int

    def reached(self, *, without: Callable[[RealEdge], bool] = lambda _: False) -> set[str]:
        """Return the modules that are loaded where some edges are not there: O(edges)."""
        seen = {MAIN}
        waiting = [MAIN]
        while waiting:
            for edge in self.following.get(waiting.pop(), ()):
                imported = edge.imported
                if imported not in seen and edge.importer in seen and edge.body in seen and not without(edge):
                    seen.add(imported)
                    waiting.append(imported)
        return seen

    def cost(self, modules: Iterable[str]) -> Cost:
        """Return what the bodies of some modules take."""
        return sum((self.costs[module] for module in modules if module in self.costs), Cost())

    def saved(self, modules: Collection[str]) -> Cost:
        """Return what is not spent without some modules: garbage collection falls away by whole collections."""
        shares = sum(self.collections.share(module, self.collecting) for module in modules)
        collecting = int(self.collections.saved(modules) * self.collecting)
        return self.cost(modules) + Cost(collecting - shares)

    def gone(self, *, without: Callable[[RealEdge], bool]) -> set[str]:
        """Return the modules that are not loaded where some edges are not there."""
        return self.costs.keys() - self.reached(without=without)

    def without_statements(self, statements: Collection[tuple[str, int]]) -> set[str]:
        """Return the modules that are not loaded once some statements, by importer and line, import nothing."""
        cut = frozenset(statements)
        return self.gone(without=lambda edge: (edge.importer, edge.line_number) in cut)


def measured_graph(runs: Sequence[ImportRun]) -> MeasuredGraph:
    """Return the graph of several runs, of which the first noted what was executed and the others took the time.

    A module costs the least of what it took, so that the sum is no more than any run took; memory is that of the
    quickest run. What fills the memory pays for garbage collection. Where only the first run is there, its times count.
    """
    timed = runs[1:] or runs
    best = min(timed, key=lambda run: run.nanoseconds)
    taken = [{module.name: module.nanoseconds for module in run.modules} for run in timed]
    names = dict.fromkeys(module.name for run in (best, runs[0]) for module in run.modules)
    kilobytes = {module.name: module.kilobytes for module in best.modules}
    collections = FullCollections(best.collections)
    collecting = min(sum(one.nanoseconds for one in run.collections) for run in timed)
    costs = {}
    for name in sorted(names):
        least = min(max(0, each.get(name, 0)) for each in taken)
        costs[name] = Cost(least + collections.share(name, collecting), kilobytes.get(name, 0))
    graph = _graph(costs, _executed(runs, costs), collections, collecting)
    parents = {module.name: module.parent or MAIN for run in (*runs[1:], runs[0]) for module in run.modules}
    # What no statement accounts for hangs below the module that was being imported then: the code is compiled, or the
    # import failed, so that nobody finds it there.
    while left := costs.keys() - (reached := graph.reached()):
        more = [RealEdge(parents[name], parents[name], name) for name in left]
        edges = (*graph.edges, *(edge for edge in more if edge.importer in reached))
        graph = _graph(costs, edges, collections, collecting)
    return graph


def _graph(
    costs: Mapping[str, Cost], edges: Iterable[RealEdge], collections: FullCollections, collecting: int
) -> MeasuredGraph:
    """Return the graph of some edges."""
    every = tuple(sorted(set(edges)))
    following: dict[str, list[RealEdge]] = defaultdict(list)
    for edge in every:
        for end in {edge.importer, edge.body}:
            following[end].append(edge)
    return MeasuredGraph(costs, every, following, collections, collecting)


def _executed(runs: Sequence[ImportRun], known: Collection[str]) -> Iterator[RealEdge]:
    """Yield what was executed; and what is loaded has the packages around it loaded."""
    for found in runs[0].imports:
        for name in (found.imported, *_around(found.imported)):
            if name in known:
                yield RealEdge(found.importer, found.body, name, found.line_number, found.body_line, found.function)
    for module in known:
        for name in _around(module):
            if name in known:
                yield RealEdge(module, module, name)


def _around(name: str) -> Iterator[str]:
    """Yield the packages around a module."""
    while name := name.rpartition(".")[0]:
        yield name


def _steps(values: Sequence[int]) -> Iterable[int]:
    return (after - before for before, after in pairwise(values))
