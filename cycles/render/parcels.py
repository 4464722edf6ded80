"""Modules in; sub-packages of a readable number that hold them all, and the best order of these, out."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

OWN = "/*"
"""Ends the name that stands for what of a package is in none of its sub-packages that are named."""
_SHARE, _FEW = 8, 12
_ROUNDS = 50
_UPWARD = 1000


def parcelled(modules: Sequence[str], prefix: str, most: int) -> dict[str, str]:
    """For every module the sub-package that stands for it, or `package/*` where none below the package does.

    The package of all is split into its sub-packages, at `most` so many; one that holds more than
    an eighth of the modules is split again, the largest first, while there are not more.

    >>> sorted(set(parcelled(["p", "p.a.b", "p.a.c", "p.d"], "p", 9).values()))
    ['p.a', 'p/*']
    """
    parcels = dict.fromkeys(modules, prefix)
    least = max(_FEW, len(modules) // _SHARE)
    done: set[str] = set()
    while True:
        sizes = Counter(parcels.values())
        large = [name for name in sizes if name not in done and (name == prefix or sizes[name] > least)]
        if not large:
            return parcels
        name = min(large, key=lambda found: (-sizes[found], found))
        done.add(name)
        split = _split(name, [module for module in modules if parcels[module] == name], most)
        parts = set(split.values())
        done.update(part for part in parts if part.endswith(OWN))
        if len(parts) > 1 and (name == prefix or len(sizes) - 1 + len(parts) <= most):
            parcels.update(split)


def arranged(
    names: Iterable[str], staying: Mapping[tuple[str, str], int], cuts: Mapping[tuple[str, str], int]
) -> list[str]:
    """The names with the foundations first: the fewest of what stays point up, and of the cuts the fewest down.

    Each name is moved to its best place, in turn, until none moves: the sifting of R. Rudell
    ("Dynamic variable ordering for ordered binary decision diagrams", ICCAD 1993). A local optimum,
    found in a limited number of rounds; always the same one.
    """
    order = list(names)

    def price(first: str, second: str) -> int:
        """What it costs that one stands below the other."""
        return _UPWARD * staying.get((first, second), 0) + cuts.get((second, first), 0)

    for _ in range(_ROUNDS):
        before = list(order)
        for name in sorted(before):
            others = [other for other in order if other != name]
            best = cost = sum(price(name, other) for other in others)
            place = 0
            for position, other in enumerate(others, 1):
                cost += price(other, name) - price(name, other)
                if cost < best:
                    best, place = cost, position
            order = [*others[:place], name, *others[place:]]
        if order == before:
            break
    return order


def _split(package: str, modules: Sequence[str], most: int) -> dict[str, str]:
    """Every module's sub-package of the package, if that is one of the largest; `package/*` for the others."""
    start = len(package) + 1 if package else 0
    tops = {module: module[: start + len(module[start:].partition(".")[0])] for module in modules}
    counts = Counter(tops.values())
    deep = {top for module, top in tops.items() if module not in {top, package}}
    largest = sorted(deep, key=lambda top: (-counts[top], top))[: most - 1]
    return {module: top if top in largest else f"{package}{OWN}" for module, top in tops.items()}
