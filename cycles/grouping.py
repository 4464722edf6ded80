"""Groups of modules: packages down to a depth, packages next to each other at every level, or patterns with names."""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from cycles.errors import CyclesError
from cycles.source.module_names import inside, module_expression, shared_parts, with_packages

_PACKAGE = re.compile(r"package(?::(\d{1,3}))?")


@dataclass(frozen=True, slots=True)
class Grouping:
    """Which group each module belongs to: the child of the packages asked for, down to a depth, that holds it.

    Several packages are groups by themselves at depth 1. What lies outside of them is grouped where its name parts from
    theirs, so that a cycle through other packages is one between groups too.

    Attributes:
        words: what asks for the same groups again.
        packages: those asked for.
        depth: how many parts a name has more than the package has, or around all of several packages.
    """

    words: tuple[str, ...]
    packages: tuple[str, ...] = ()
    depth: int = 1
    _groups: dict[str, str] = field(default_factory=dict, init=False, repr=False, compare=False)
    _ends: dict[tuple[str, str], tuple[str, str] | None] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def group_of(self, module: str) -> str:
        """Return the group of a module.

        >>> Grouping((), ("a.b",)).group_of("a.b.c.d"), Grouping((), ("a.b",)).group_of("a.x.y")
        ('a.b.c', 'a.x')
        >>> Grouping((), ("a", "b")).group_of("a.c.d"), Grouping((), ("a", "b"), 2).group_of("a.c.d")
        ('a', 'a.c')
        """
        parts = module.split(".")
        around = next((package for package in self.packages if inside(module, package)), None)
        if around is not None:
            length = around.count(".") + (1 if len(self.packages) == 1 else 0) + self.depth
        else:
            length = 1 + max((len(shared_parts(parts, package.split("."))) for package in self.packages), default=0)
        return ".".join(parts[:length])

    def groups_around(self, module: str) -> tuple[str, ...]:
        """Return every group that a module is in, the innermost first."""
        return (self.group_of(module),)

    def ends(self, importer: str, imported: str) -> tuple[str, str] | None:
        """Return the groups between which an import makes a dependency; None where both modules are in one."""
        pair = importer, imported
        # Each graph asks again, and most modules import several others.
        if pair not in self._ends:
            self._ends[pair] = self._ends_of(*pair)
        return self._ends[pair]

    def _ends_of(self, importer: str, imported: str) -> tuple[str, str] | None:
        for module in (importer, imported):
            if module not in self._groups:
                self._groups[module] = self.group_of(module)
        ends = self._groups[importer], self._groups[imported]
        return None if ends[0] == ends[1] else ends

    def groups(self, modules: Iterable[str]) -> tuple[str, ...]:
        """Return the groups that modules make, sorted."""
        return tuple(sorted({group for module in modules for group in self.groups_around(module)}))


@dataclass(frozen=True, slots=True)
class Siblings(Grouping):
    """At every package its children: an import counts where the names of its modules part.

    So each import belongs to one package, whose children it links, and the cycles of each are apart from the others'.
    A package's own `__init__` is none of its children: import-linter's `acyclic_siblings` sees it so too.
    """

    def group_of(self, module: str) -> str:
        """Return the module: at the innermost level it is a group by itself."""
        return module

    def _ends_of(self, importer: str, imported: str) -> tuple[str, str] | None:
        """Return the children of the innermost package around both modules; None where one is around the other.

        >>> Siblings(()).ends("a.b.c", "a.d.e"), Siblings(()).ends("a.b.c", "a.b")
        (('a.b', 'a.d'), None)
        """
        one, other = importer.split("."), imported.split(".")
        shared = len(shared_parts(one, other))
        if shared == min(len(one), len(other)):
            return None
        return ".".join(one[: shared + 1]), ".".join(other[: shared + 1])

    def groups_around(self, module: str) -> tuple[str, ...]:
        """Return the module, and the packages around it.

        >>> Siblings(()).groups_around("a.b.c")
        ('a.b.c', 'a.b', 'a')
        """
        return tuple(with_packages(module))


@dataclass(frozen=True, slots=True)
class NamedGroups(Grouping):
    """Groups with names: of the patterns that match a module, or a package around it, the first one decides.

    A module that none matches is a group by itself: a cycle through it is seen.
    """

    patterns: tuple[tuple[str, str], ...] = ()

    def group_of(self, module: str) -> str:
        """Return the name of the group, or the module."""
        for pattern, name in self.patterns:
            if _matches(pattern, module):
                return name
        return module


def grouping_of(words: Sequence[str], packages: Sequence[str], modules: Collection[str] | None) -> Grouping:
    """Return what words ask for: "package", "package:DEPTH" or "siblings"; or patterns with names, "MODULES=NAME".

    Raises CyclesError where they ask for something else, and where a pattern matches none of the modules, if these
    are given.
    """
    patterns = [tuple(part.strip() for part in word.partition("=")[::2]) for word in words if "=" in word]
    if len(patterns) == len(words):
        for pattern, name in patterns:
            if not name or (modules is not None and not any(_matches(pattern, module) for module in modules)):
                problem = f'no module is inside "{pattern}"' if name else f'"{pattern}=" has no name'
                raise CyclesError(f"{problem}; groups are given as MODULES=NAME, such as shop.orders=orders")
        return NamedGroups(tuple(words), patterns=tuple((pattern, name) for pattern, name in patterns))
    found = _PACKAGE.fullmatch(words[0])
    if len(words) == 1 and words[0] == "siblings":
        return Siblings(tuple(words))
    if len(words) == 1 and found and found[1] != "0":
        return Grouping(tuple(words), tuple(packages), int(found[1] or 1))
    wrong = next(word for word in words if "=" not in word)
    raise CyclesError(
        f'"{wrong}" is not a way to group modules; take package, package:2, siblings, or some of MODULES=NAME'
    )


def names_around(by: Grouping, packages: Sequence[str], modules: Iterable[str]) -> tuple[str, ...]:
    """Return names inside which the groups lie that hold a module of some packages."""
    if not isinstance(by, NamedGroups):
        return tuple(packages)
    return by.groups(module for module in modules if any(inside(module, package) for package in packages))


def _matches(pattern: str, module: str) -> bool:
    """Whether a module expression matches a module, or a package around it."""
    expression = module_expression(pattern)
    return any(expression.fullmatch(name) for name in with_packages(module))
