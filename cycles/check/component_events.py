"""Say what became of components: which are new, gone, larger, smaller, merged or split."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence

from cycles.check.component_ancestry import Origins
from cycles.check.values import ComponentEvent
from cycles.enums import Event

_Modules = tuple[str, ...]


def events(before: Sequence[_Modules], now: Sequence[_Modules], origins: Origins) -> tuple[ComponentEvent, ...]:
    """Return what became of the components of before, and which ones are new, in the order of the components.

    Components belong together where a module of one continues a module of the other. What stayed as it was is no event.
    """
    return tuple(_events(before, now, origins))


def families(
    now: Sequence[_Modules], before: Sequence[_Modules], origins: Origins
) -> Iterator[tuple[list[int], list[int]]]:
    """Yield the places of the components of now that belong together, and of those before that they come from."""
    place = {module: number for number, modules in enumerate(before) for module in modules}
    sources = [{place[old] for module in modules for old in origins.of(module) if old in place} for modules in now]
    becomes: dict[int, list[int]] = defaultdict(list)
    for number, olds in enumerate(sources):
        for old in olds:
            becomes[old].append(number)
    told: set[int] = set()
    for number in range(len(now)):
        if number not in told:
            news, found = _together(number, sources, becomes)
            told.update(news)
            yield news, found


def _events(before: Sequence[_Modules], now: Sequence[_Modules], origins: Origins) -> Iterator[ComponentEvent]:
    left = set(range(len(before)))
    for news, olds in families(now, before, origins):
        left.difference_update(olds)
        event = _event([before[old] for old in olds], [now[new] for new in news], origins)
        if event is not None:
            yield ComponentEvent(event, tuple(before[old] for old in olds), tuple(now[new] for new in news))
    for old in sorted(left):
        yield ComponentEvent(Event.GONE, (before[old],), ())


def _together(
    number: int, sources: Sequence[Collection[int]], becomes: dict[int, list[int]]
) -> tuple[list[int], list[int]]:
    """Return the components of now, and those before, that are linked to one by modules that they share."""
    news, olds, waiting = {number}, set[int](), [number]
    while waiting:
        for old in sources[waiting.pop()]:
            olds.add(old)
            waiting += (new for new in becomes[old] if new not in news)
            news.update(becomes[old])
    return sorted(news), sorted(olds)


def _event(before: Sequence[_Modules], now: Sequence[_Modules], origins: Origins) -> Event | None:
    if not before:
        return Event.NEW
    if len(now) > 1:
        return Event.SPLIT if len(now) > len(before) or len(before) == 1 else Event.MERGED
    if len(before) > 1:
        return Event.MERGED
    continued = {old for module in now[0] for old in origins.of(module)}
    joined = any(set(origins.of(module)).isdisjoint(before[0]) for module in now[0])
    left = any(old not in continued for old in before[0])
    if joined and left:
        return Event.GROWN if len(now[0]) >= len(before[0]) else Event.SHRUNK
    return Event.GROWN if joined else Event.SHRUNK if left else None
