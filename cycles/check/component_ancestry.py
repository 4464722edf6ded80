"""Find out which modules of before a module of now continues, and by that what became of components.

A module continues the same one, a renamed one, or one that it was split off. Without git the texts alone say it: what
is new and what is gone have lines in common.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from cycles.check.findings import ComponentEvent
from cycles.enums import Event
from cycles.grouping import Grouping
from cycles.limits import MOST_COMPARED_LINES
from cycles.model import Analysis
from cycles.source.file_text import UnreadableError

_ALIKE = 0.5
"""The share of lines from which on two texts are the same module under another name: git's own measure for renames."""
_TELLING = 3
"""Characters that a line must have to tell anything: brackets and `"\"\"` are in every file."""


@dataclass(frozen=True, slots=True)
class Origins:
    """For each module of now the modules of before that it continues, by their names then; none where it is new."""

    before: Mapping[str, tuple[str, ...]]

    def of(self, module: str) -> tuple[str, ...]:
        """The modules of before that one of now continues."""
        return self.before.get(module, ())


def find_origins(
    before: Analysis,
    now: Analysis,
    renamed: Mapping[str, str] | None,
    *,
    was_cyclic: Collection[str],
    cyclic: Collection[str],
) -> tuple[Origins, dict[str, str]]:
    """Return what each module of now continues, and which were renamed (now: before).

    Args:
        before: the packages then.
        now: the packages now.
        renamed: the names before of renamed modules, where somebody knows them; else they are found by their texts.
        was_cyclic: the modules of before on a cycle: only of these it matters what was split off them.
        cyclic: the modules of now on a cycle.

    """
    then, today = _names(before), _names(now)
    new, gone = sorted(today - then), sorted(then - today)
    lines = _Lines(before, now)
    if renamed is None:
        same = dict(lines.renames(gone, new))
    else:
        same = {name: old for name, old in renamed.items() if name in today and old in then and old not in today}
    same |= _in_renamed_packages(same, gone, new)
    origins: dict[str, tuple[str, ...]] = {name: (name,) for name in today & then}
    origins |= {name: (old,) for name, old in same.items()}
    givers = [old for old in sorted(was_cyclic) if old not in same.values() and lines.changed(old)]
    takers = [name for name in sorted(cyclic) if name not in same and lines.changed(name)]
    for name in takers:
        if name not in then:
            origins[name] = lines.parts_of(name, givers)
    for old in givers:
        # A module that took in most of what is gone continues it.
        if old not in today:
            for name in lines.takers_of(old, takers):
                origins[name] = tuple(dict.fromkeys((*origins.get(name, ()), old)))
    return Origins(origins), same


def of_groups(modules: Origins, before: Grouping, now: Grouping, then: Iterable[str], today: Iterable[str]) -> Origins:
    """Return what each group of now continues: that of its name, else the smallest that half of its modules were in.

    Args:
        modules: what the modules of now continue.
        before: the groups of before.
        now: the groups of now.
        then: the modules of before.
        today: the modules of now.

    """
    members: dict[str, list[str]] = defaultdict(list)
    for name in today:
        for group in now.groups_around(name):
            members[group].append(name)
    there = set(before.groups(then))
    found: dict[str, tuple[str, ...]] = {}
    for group, names in members.items():
        counts = Counter(
            old for name in names for old in {old for one in modules.of(name) for old in before.groups_around(one)}
        )
        most = [old for old, count in counts.items() if count >= _ALIKE * len(names)]
        # The longest name is that of the innermost group around them.
        near = sorted(most, key=lambda old: (-old.count("."), -counts[old], old))[:1]
        found[group] = (group,) if group in there else tuple(near)
    return Origins(found)


def _in_renamed_packages(same: Mapping[str, str], gone: Iterable[str], new: Iterable[str]) -> dict[str, str]:
    """Return modules that have too few lines to be known again, in packages that others moved from (now: before).

    The `__init__` of a package often holds nothing but imports by the name that the package has.
    """
    moved: dict[str, Counter[str]] = defaultdict(Counter)
    for name, old in same.items():
        parts, olds = name.split("."), old.split(".")
        while parts and olds and parts[-1] == olds[-1]:
            parts.pop()
            olds.pop()
            moved[".".join(parts)][".".join(olds)] += 1
    left = set(gone).difference(same.values())
    found: dict[str, str] = {}
    for name in new:
        package = name
        while package and name not in same and name not in found:
            for former, _ in moved[package].most_common(1) if package in moved else ():
                old = former + name.removeprefix(package)
                if old in left:
                    left.remove(old)
                    found[name] = old
            package = package.rpartition(".")[0]
    return found


def has_changed(before: Analysis, now: Analysis, name: str, old: str) -> bool:
    """Whether the file of a module is another than that of a module of before; so is one that cannot be read."""
    try:
        one, other = now.sources.file(name), before.sources.file(old)
    except KeyError:
        return True
    try:
        return one is not other and one.data != other.data
    except UnreadableError:
        return True


def _names(analysis: Analysis) -> set[str]:
    return {module.name for module in analysis.files}


class _Lines:
    """The telling lines of modules, before and now, each file divided once."""

    def __init__(self, before: Analysis, now: Analysis) -> None:
        self._before, self._now = before, now
        self._known: dict[tuple[bool, str], Counter[bytes]] = {}
        self._left = MOST_COMPARED_LINES

    def of(self, name: str, *, is_now: bool) -> Counter[bytes]:
        """The lines of a module that tell something, with how often they are there; imports do not."""
        found = self._known.get((is_now, name))
        if found is None:
            found = self._known[is_now, name] = self._read(name, self._now if is_now else self._before)
        return found

    def _read(self, name: str, analysis: Analysis) -> Counter[bytes]:
        try:
            data = analysis.sources.file(name).data
        except (UnreadableError, KeyError):
            return Counter()
        stripped = (line.strip() for line in data.splitlines())
        found = Counter(
            line for line in stripped if len(line) > _TELLING and not line.startswith((b"import ", b"from "))
        )
        self._left -= len(found)
        return found if self._left >= 0 else Counter()

    def changed(self, name: str) -> bool:
        """Whether a module is new, gone, or has another text."""
        return has_changed(self._before, self._now, name, name)

    def renames(self, gone: Sequence[str], new: Sequence[str]) -> Iterator[tuple[str, str]]:
        """Yield (now, before) of modules that are alike, the most alike first; each is taken once."""
        by_line: dict[bytes, list[str]] = defaultdict(list)
        for old in gone:
            for line in self.of(old, is_now=False):
                by_line[line].append(old)
        pairs: list[tuple[float, str, str]] = []
        for name in new:
            lines = self.of(name, is_now=True)
            common: Counter[str] = Counter()
            for line, number in lines.items():
                for old in by_line.get(line, ()):
                    common[old] += min(number, self.of(old, is_now=False)[line])
            for old, shared in common.items():
                alike = shared / max(lines.total(), self.of(old, is_now=False).total())
                if alike >= _ALIKE:
                    pairs.append((-alike, name, old))
        yield from _each_once(sorted(pairs))

    def parts_of(self, name: str, givers: Iterable[str]) -> tuple[str, ...]:
        """The modules of before that lost at least half of the lines of a new one, the one with the most first."""
        lines = self.of(name, is_now=True)
        shares = []
        for old in givers:
            shared = sum((lines & self._lost_by(old)).values())
            if lines and shared >= _ALIKE * lines.total():
                shares.append((-shared, old))
        return tuple(old for _, old in sorted(shares))

    def takers_of(self, old: str, among: Iterable[str]) -> tuple[str, ...]:
        """The modules that have at least half of the lines of one that is gone, and did not have them before."""
        lines = self.of(old, is_now=False)
        found = []
        for name in among:
            gained = self.of(name, is_now=True) - self.of(name, is_now=False)
            if lines and sum((lines & gained).values()) >= _ALIKE * lines.total():
                found.append(name)
        return tuple(found)

    def _lost_by(self, old: str) -> Counter[bytes]:
        """The lines that a module has lost: all, where it is gone."""
        return self.of(old, is_now=False) - self.of(old, is_now=True)


def _each_once(pairs: Iterable[tuple[float, str, str]]) -> Iterator[tuple[str, str]]:
    names: set[str] = set()
    olds: set[str] = set()
    for _, name, old in pairs:
        if name not in names and old not in olds:
            names.add(name)
            olds.add(old)
            yield name, old


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
