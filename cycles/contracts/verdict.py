"""Dependencies and what is excepted of them in; the cycles left, and the exceptions that no cycle needs, out."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from cycles.graph.build import entered_packages
from cycles.graph.components import shortest_cycle, strongly_connected
from cycles.graph.tarjan import scc_ids

Pair = tuple[str, str]
"""An importer and the module that its import names: a cut; or the two ends of a dependency."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What a graph holds of some modules (sorted).

    `named` says for an importer which modules it depends on, and for each of these which modules
    its imports name. `running` are the packages that an import runs on the way, where that counts.
    """

    modules: tuple[str, ...]
    named: Mapping[str, Mapping[str, Collection[str]]]
    running: Collection[str]


def is_acyclic(seen: Seen, excepted: Collection[Pair] = ()) -> bool:
    """Whether no cycle is left once the excepted cuts are made: one run of Tarjan's algorithm."""
    places = scc_ids(_following(seen, frozenset(excepted)))
    return len(set(places)) == len(places)


def kept_with(seen: Seen, excepted: Collection[Pair], imports: Iterable[Pair]) -> Iterator[bool]:
    """For each new import that runs, alone: whether no cycle is left, as `is_acyclic` finds it.

    >>> list(kept_with(Seen(("a", "b"), {"a": {"b": ["b"]}}, ()), (), [("a", "b"), ("b", "a")]))
    [True, False]
    """
    following = _following(seen, frozenset(excepted))
    number = {module: index for index, module in enumerate(seen.modules)}
    for importer, imported in imports:
        tail = number[importer]
        before = following[tail]
        ends = (imported, *entered_packages(importer, imported, seen.running))
        following[tail] = [*before, *(number[module] for module in ends if module in number)]
        places = scc_ids(following)
        following[tail] = before
        yield len(set(places)) == len(places)


def without_exceptions(seen: Seen, excepted: Collection[Pair]) -> list[Pair]:
    """The dependencies that are left once the excepted cuts are made, sorted."""
    cut = frozenset(excepted)
    return sorted(
        (importer, imported)
        for importer, its in seen.named.items()
        for imported, named in its.items()
        if any((importer, module) not in cut for module in named)
    )


def needless(seen: Seen, exceptions: Sequence[Collection[Pair]]) -> list[int]:
    """Which exceptions (each one or more cuts) no cycle needs: the others made, its own closes none.

    The dependencies left by all exceptions together are acyclic. O(n + m) for each exception at
    worst; places in topological order bound the search.
    """
    together = frozenset[Pair]().union(*exceptions)
    times = Counter(cut for own in exceptions for cut in own)
    following = _following(seen, together)
    places = scc_ids(following)
    number = {module: index for index, module in enumerate(seen.modules)}
    found = []
    for index, own in enumerate(exceptions):
        others = together - {cut for cut in own if times[cut] == 1}
        if len(own) == 1:
            ((importer, _),) = own
            heads = _heads(seen, importer, number, others)
            needed = importer in number and _reaches(number[importer], heads, following, places)
        else:
            needed = not is_acyclic(seen, others)
        if not needed:
            found.append(index)
    return found


def shortest_left(seen: Seen, excepted: Collection[Pair]) -> tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]:
    """The modules of every component left, largest first, each with its shortest cycle."""
    left = without_exceptions(seen, excepted)
    found = []
    for modules in strongly_connected(left):
        members = frozenset(modules)
        found.append((modules, shortest_cycle([pair for pair in left if members.issuperset(pair)])))
    return tuple(found)


def _following(seen: Seen, cut: frozenset[Pair]) -> list[list[int]]:
    number = {module: index for index, module in enumerate(seen.modules)}
    return [_heads(seen, module, number, cut) for module in seen.modules]


def _heads(seen: Seen, importer: str, number: Mapping[str, int], cut: frozenset[Pair]) -> list[int]:
    its = seen.named.get(importer)
    if not its:
        return []
    if not cut:
        return [number[imported] for imported in its if imported in number]
    return [
        number[imported]
        for imported, named in its.items()
        if imported in number and any((importer, module) not in cut for module in named)
    ]


def _reaches(goal: int, heads: Sequence[int], following: Sequence[Sequence[int]], places: Sequence[int]) -> bool:
    """Whether a vertex can be reached from one of the heads; no edge leads to a higher place."""
    waiting = [head for head in heads if places[head] >= places[goal]]
    seen = set(waiting)
    while waiting:
        vertex = waiting.pop()
        if vertex == goal:
            return True
        for after in following[vertex]:
            if after not in seen and places[after] >= places[goal]:
                seen.add(after)
                waiting.append(after)
    return False
