"""Names of modules: packages around them, relative names made absolute, patterns that match them."""

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import takewhile

from cycles.errors import CyclesError

Pair = tuple[str, str]
"""Importer and imported: the names of a cut or of the ends of a dependency, or expressions that match them."""
Words = str | os.PathLike[str] | Iterable[str | os.PathLike[str]]
"""Names or paths as a caller of the API gives them: one, or several."""


def as_words(given: Words) -> tuple[str, ...]:
    """Return the names or paths that are given, one or several, as texts.

    >>> as_words("shop"), as_words(["shop", "src/other"])
    (('shop',), ('shop', 'src/other'))
    """
    several = (given,) if isinstance(given, str | os.PathLike) else given
    return tuple(os.fspath(one) for one in several)


def inside(module: str, package: str) -> bool:
    """Return whether a module is a package or lies inside it.

    >>> inside("a.b", "a"), inside("a", "a"), inside("ab", "a")
    (True, True, False)
    """
    return module == package or module.startswith(f"{package}.")


def cycle_pairs(cycle: Sequence[str]) -> Iterator[Pair]:
    """Yield each step of a cycle: a module and the next one.

    >>> list(cycle_pairs("abc"))
    [('a', 'b'), ('b', 'c'), ('c', 'a')]
    """
    return zip(cycle, (*cycle[1:], *cycle[:1]), strict=True)


def package_of(module: str, *, is_package: bool) -> str:
    """Return a module's `__package__`: itself where it is a package, else the package around it ("" for none)."""
    return module if is_package else module.rpartition(".")[0]


def with_packages(module: str) -> Iterator[str]:
    """Yield a module and the packages around it, the innermost first.

    >>> list(with_packages("a.b.c"))
    ['a.b.c', 'a.b', 'a']
    """
    while module:
        yield module
        module = module.rpartition(".")[0]


def packages_on_the_way(importer: str, imported: str) -> tuple[str, ...]:
    """Return the packages above a module, outermost first, without those that the importer is inside of, or is.

    >>> packages_on_the_way("a.m", "a.b.c.d")
    ('a.b', 'a.b.c')
    """
    found: list[str] = []
    inner = f"{importer}."
    package = imported.rpartition(".")[0]
    while package and not inner.startswith(f"{package}."):
        found.append(package)
        package = package.rpartition(".")[0]
    return tuple(reversed(found))


def absolute_name(name: str, package: str) -> str | None:
    """Return the module that a name means in a package; leading dots make it relative (`importlib.util.resolve_name`).

    None where it climbs above the top-level package, which Python refuses.

    >>> absolute_name("b.c", "a"), absolute_name("..b", "a.x"), absolute_name(".", "a.x"), absolute_name("...b", "a.x")
    ('b.c', 'a.b', 'a.x', None)
    """
    rest = name.lstrip(".")
    level = len(name) - len(rest)
    if not level:
        return name
    parts = package.split(".") if package else []
    if level > len(parts):
        return None
    base = parts[: len(parts) - level + 1]
    return ".".join([*base, rest] if rest else base)


def shared_parts(*names: Sequence[str]) -> list[str]:
    """Return the first parts that names, given in parts, have in common."""
    return [parts[0] for parts in takewhile(lambda parts: len({*parts}) == 1, zip(*names, strict=False))]


def relative_name(module: str, package: str) -> str | None:
    """Return a module as code in a package can name it by leading dots; None for one of another top-level package.

    >>> relative_name("a.b", "a.x"), relative_name("a.x.b", "a.x"), relative_name("a", "a"), relative_name("b", "a")
    ('..b', '.b', '.', None)
    """
    parts, around = module.split("."), package.split(".")
    shared = len(shared_parts(parts, around))
    return "." * (len(around) - shared + 1) + ".".join(parts[shared:]) if shared else None


@cache
def module_expression(expression: str) -> re.Pattern[str]:
    """Return the pattern of a module expression: `*` stands for one part of a name, `**` for one or more.

    Raises CyclesError where it is neither a name nor such an expression.

    >>> bool(module_expression("a.*.c").fullmatch("a.b.c")), bool(module_expression("a.**").fullmatch("a"))
    (True, False)
    """
    parts = expression.split(".")
    if not all(part in ("*", "**") or (part and "*" not in part) for part in parts):
        raise CyclesError(
            f'"{expression}" is not a module expression; * stands for one whole part of a name, ** for one or more'
        )
    spelled = {"*": r"[^.]+", "**": r".+"}
    return re.compile(r"\.".join(spelled.get(part) or re.escape(part) for part in parts))


def matching(cuts: Sequence[Pair], pattern: Pair) -> frozenset[int]:
    """Return the numbers of the cuts that a pair of module expressions matches; raises as `module_expression` does."""
    importer, imported = map(module_expression, pattern)
    return frozenset(
        number for number, cut in enumerate(cuts) if importer.fullmatch(cut[0]) and imported.fullmatch(cut[1])
    )
