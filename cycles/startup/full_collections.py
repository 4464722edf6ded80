"""What the full garbage collections take while an entry is imported, as it is and without some of its modules.

They come in steps: CPython looks at all there is once so many younger collections are done, and there is a quarter
more than the last time (`Modules/gcmodule.c`). Without what fills the memory, whole ones never come.
"""

from collections import Counter
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from cycles.children.startup_runs import GarbageCollection

_GROWN = 1.25
"""By how much what is there must have grown since the last full collection; where runs show less, that counts."""
_ALIKE = 0.99
"""What is nearly as much, for what one takes stands for what there is."""


@dataclass(frozen=True)
class FullCollections:
    """The garbage collections of a run, in their order."""

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


def _steps(values: Sequence[int]) -> Iterable[int]:
    return (after - before for before, after in pairwise(values))
