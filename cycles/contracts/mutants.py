"""What is seen of modules in; new imports that would close a cycle, and others that would not, out.

Which is which is found by reachability, which shares no code with the verdict of the contract.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from graphlib import TopologicalSorter

from cycles.contracts.verdict import Pair, Seen, without_exceptions
from cycles.graph.build import entered_packages
from cycles.graph.components import strongly_connected

_ALL_PAIRS, _SAMPLE, _TRIES, _SEED = 20_000, 2_000, 400_000, 5


@dataclass(frozen=True, slots=True)
class NewImports:
    """For each former component what is seen of it, and new imports inside it of both sorts.

    `everywhere`: these are all that there are.
    """

    parts: tuple[Seen, ...]
    closing: tuple[tuple[Pair, ...], ...]
    harmless: tuple[tuple[Pair, ...], ...]
    everywhere: bool


def new_imports(seen: Seen, excepted: Sequence[Pair], *, sample: int = _SAMPLE, pairs: int = _ALL_PAIRS) -> NewImports:
    """Imports that are not there, inside what was a component before the excepted cuts were made.

    Where there was none, inside all modules. Up to so many `pairs` all of them, else a `sample` of each sort.
    """
    former = strongly_connected(without_exceptions(seen, ())) or (seen.modules,)
    parts = [_Part(_restricted(seen, members), excepted) for members in former]
    total = sum(len(members) * (len(members) - 1) for members in former)
    everywhere = total <= pairs
    most = total if everywhere else sample
    found: dict[bool, list[list[Pair]]] = {True: [[] for _ in parts], False: [[] for _ in parts]}
    count = {True: 0, False: 0}
    for number, pair in _every_pair(former) if everywhere else _some_pairs(former):
        closes = parts[number].closes(*pair)
        if closes is not None and count[closes] < most:
            found[closes][number].append(pair)
            count[closes] += 1
            if not everywhere and min(count.values()) == most:
                break
    return NewImports(
        parts=tuple(part.seen for part in parts),
        closing=tuple(map(tuple, found[True])),
        harmless=tuple(map(tuple, found[False])),
        everywhere=everywhere,
    )


class _Part:
    """A former component with the cuts made: what every module of it reaches, as sets of bits."""

    def __init__(self, seen: Seen, excepted: Sequence[Pair]) -> None:
        self.seen = seen
        self.bit = {module: 1 << index for index, module in enumerate(seen.modules)}
        following: dict[str, list[str]] = {module: [] for module in seen.modules}
        for importer, imported in without_exceptions(seen, excepted):
            following[importer].append(imported)
        self.reached: dict[str, int] = {}
        for module in TopologicalSorter(following).static_order():
            reached = self.bit[module]
            for after in following[module]:
                reached |= self.reached[after]
            self.reached[module] = reached

    def closes(self, importer: str, imported: str) -> bool | None:
        """Whether a new import closes a cycle; None where it is there already."""
        named = self.seen.named.get(importer, {}).get(imported, ())
        if imported in named:
            return None
        ends = (imported, *entered_packages(importer, imported, self.seen.running))
        return any(self.reached[end] & self.bit[importer] for end in ends if end in self.reached)


def _restricted(seen: Seen, members: Sequence[str]) -> Seen:
    """What is seen of some modules only."""
    chosen = frozenset(members)
    named = {
        importer: {imported: its for imported, its in seen.named[importer].items() if imported in chosen}
        for importer in members
        if importer in seen.named
    }
    return Seen(tuple(members), named, seen.running)


def _every_pair(former: Sequence[Sequence[str]]) -> Iterator[tuple[int, Pair]]:
    for number, members in enumerate(former):
        for importer in members:
            for imported in members:
                if importer != imported:
                    yield number, (importer, imported)


def _some_pairs(former: Sequence[Sequence[str]]) -> Iterator[tuple[int, Pair]]:
    """A bounded number of different pairs, the same on every run."""
    draw = random.Random(_SEED)  # noqa: S311  a sample, no secret
    weights = [len(members) * (len(members) - 1) for members in former]
    drawn = set()
    for _ in range(_TRIES):
        ((number, members),) = draw.choices(list(enumerate(former)), weights)
        pair = (draw.choice(members), draw.choice(members))
        if pair[0] != pair[1] and pair not in drawn:
            drawn.add(pair)
            yield number, pair
