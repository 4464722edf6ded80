"""Part the modules of a component into packages: the boxes of every level, and groups of a size that says something."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cycles.report.wording import common_prefix

OWN = "/*"
"""Ends the name of what lies in a package and in none of its parts that have a name of their own."""
_FEW = 6
"""A group that is no larger needs no parts."""


@dataclass(frozen=True, slots=True)
class PackagePart:
    """A box of a package: a package in it with all that it holds, or a single module. `modules` are sorted."""

    name: str
    modules: tuple[str, ...]

    @property
    def is_package(self) -> bool:
        """Whether it has a level of its own."""
        return len(self.modules) > 1


def package_levels(modules: Iterable[str]) -> dict[str, tuple[PackagePart, ...]]:
    """Return the parts of every package that has several, by name; the first is the one around all, "" for none.

    A package that holds nothing but one other package has no level: that other package stands for it.

    >>> levels = package_levels(["p.q.a.m", "p.q.a.n", "p.q.b.c.d", "r.s"])
    >>> {package: [part.name for part in parts] for package, parts in levels.items()}
    {'': ['p.q', 'r.s'], 'p.q': ['p.q.a', 'p.q.b.c.d'], 'p.q.a': ['p.q.a.m', 'p.q.a.n']}
    """
    whole = tuple(sorted(set(modules)))
    waiting = [PackagePart(common_prefix(whole), whole)]
    levels: dict[str, tuple[PackagePart, ...]] = {}
    for package in waiting:
        parts = _parts(package) if package.is_package else ()
        if parts:
            levels[package.name] = parts
            waiting += parts
    return levels


def _parts(package: PackagePart) -> tuple[PackagePart, ...]:
    start = len(package.name) + 1 if package.name else 0
    members: dict[str, list[str]] = defaultdict(list)
    for module in package.modules:
        # "" for the package's own module, its `__init__`.
        members[module[start:].partition(".")[0]].append(module)
    return tuple(PackagePart(common_prefix(found), tuple(found)) for found in members.values())


def colored_groups(modules: Sequence[str], most: int, share: int) -> dict[str, str]:
    """Return the group of every module as `balanced_groups` does; "" for what is directly in the package around all."""
    prefix = common_prefix(modules)
    found = balanced_groups(modules, most, share)
    return {name: "" if found[name] in {prefix, prefix + OWN} else found[name] for name in modules}


def balanced_groups(modules: Sequence[str], most: int, share: int) -> dict[str, str]:
    """Return the group of every module: at most `most` groups, as equal as packages allow.

    A group is a package, or `package/*`: what lies in none of its parts that are groups, such as the modules of the
    package around all. The largest package is taken out first. One with more than 1/`share` of all modules is parted
    where its `share` largest packages hold half of it.

    >>> sorted(set(balanced_groups(["p", "p.a.b", "p.a.c", "p.d"], 9, 4).values()))
    ['p.a', 'p/*']
    """
    levels = package_levels(modules)
    if not levels:
        return dict.fromkeys(modules, common_prefix(modules))
    root = next(iter(levels))
    group_of = dict.fromkeys(modules, root + OWN)
    waiting = [(root, part) for part in levels[root] if part.is_package]
    parted: set[str] = set()
    least = max(_FEW, len(group_of) // share)
    while waiting:
        package, part = min(waiting, key=lambda found: (-len(found[1].modules), found[1].name))
        waiting.remove((package, part))
        inside = [inner for inner in levels[part.name] if inner.is_package]
        largest = sum(sorted((len(inner.modules) for inner in inside), reverse=True)[:share])
        is_large = len(part.modules) > least and largest * 2 >= len(part.modules)
        taken = group_of | dict.fromkeys(part.modules, part.name + (OWN if is_large else ""))
        if len(set(taken.values())) > most:
            break
        group_of = taken
        parted.add(package)
        if is_large:
            waiting += [(part.name, inner) for inner in inside]
    # A package of which nothing was taken is whole.
    return {
        module: group if group.removesuffix(OWN) in parted else group.removesuffix(OWN)
        for module, group in group_of.items()
    }
