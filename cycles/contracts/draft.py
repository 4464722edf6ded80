"""Components and what import-linter sees of their imports in; the contract that drives or locks them, out."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from cycles.contracts.verdict import Pair, Seen, is_acyclic, needless
from cycles.cuts import take_apart
from cycles.cuts.patterns import matching
from cycles.enums import GraphName
from cycles.graph.components import components
from cycles.model import Component, Graph, Step
from cycles.report.format import counted
from cycles.source.names import inside

Line = tuple[str, str, int]
"""Importer, imported and line number of an import that import-linter sees."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A contract: what it is called, the packages that it covers, and the cuts of the plan, which it excepts.

    `added` are those that the contract in force does not except, None where there is none in force.
    `proven`: no fewer cuts would do. `notes` are sentences on what the contract does not speak of.
    `title` and `options` were given to the contract in force by hand. `variant` ends the id of a contract that is
    only tried out beside this one.
    """

    packages: tuple[str, ...]
    graph: GraphName
    plan: tuple[Step, ...]
    added: tuple[Pair, ...] | None
    proven: bool
    notes: tuple[str, ...]
    title: str = ""
    options: tuple[tuple[str, str], ...] = ()
    variant: str = ""

    @property
    def id(self) -> str:
        """What import-linter knows it by; a contract for another graph is another contract."""
        return "-".join(["cycles", *self.packages[0].split("."), self.graph]) + self.variant

    @property
    def name(self) -> str:
        """What it demands, for people."""
        return self.title or f"{' and '.join(self.packages)}: no import cycles between modules ({self.graph})"

    @property
    def excepted(self) -> tuple[Pair, ...]:
        """The cuts of the plan, in its order."""
        return tuple((step.importer, step.imported) for step in self.plan)


def draft(
    found: Sequence[Component],
    packages: tuple[str, ...],
    graph: GraphName,
    *,
    linted: Collection[Line],
    before: Collection[Pair] | None,
    choice: "Choice",
) -> Draft:
    """The contract for the components that touch `packages`.

    With exceptions `before` of a contract in force, it keeps those of them that a cycle still
    needs and that `choice` does not keep, and adds as few as can be.
    """
    visible = _visible(found, packages, graph, linted)
    notes = tuple(_notes(found, packages, graph, linted))
    known = {
        (statement.importer, statement.imported)
        for component in visible
        for dependency in component.dependencies
        for statement in dependency.imports
    }
    steps, proven = _planned(visible, choice, choice.chosen)
    if before is not None:
        fewest = len(steps)
        wanted = _matched(known, choice.chosen)
        steps, _ = _planned(
            visible, choice, sorted(wanted | (known.intersection(before) - _matched(known, choice.keep)))
        )
        pairs = sorted(((step.importer, step.imported) for step in steps), key=lambda pair: pair not in wanted)
        cuts = _needed(_as_seen(visible), pairs)
        if len(cuts) < len(steps):
            steps, _ = _planned(visible, choice, sorted(cuts))
        proven = proven and len(steps) == fewest
    added = {(step.importer, step.imported) for step in steps} - set(before or ())
    return Draft(
        packages=packages,
        graph=graph,
        plan=steps,
        added=None if before is None else tuple(sorted(added)),
        proven=proven,
        notes=notes,
    )


@dataclass(frozen=True, slots=True)
class Choice:
    """What is to be said of cuts: those to keep, those to make, as pairs of module expressions, and what each costs."""

    keep: tuple[Pair, ...] = ()
    chosen: tuple[Pair, ...] = ()
    allow_reexports: bool = False
    prices: Mapping[Pair, int] | None = None


def _planned(found: Sequence[Component], choice: Choice, chosen: Collection[Pair]) -> tuple[tuple[Step, ...], bool]:
    """The plan of all components, one after the other, and whether it is proven that none has fewer cuts."""
    plan: list[Step] = []
    proven = True
    left = [len(component.modules) for component in found]
    for index, cutting in enumerate(
        take_apart(found, keep=choice.keep, chosen=chosen, allow_reexports=choice.allow_reexports, prices=choice.prices)
    ):
        later, largest = sum(left[index + 1 :]), max(left[index + 1 :], default=0)
        plan += (
            replace(step, modules_left=step.modules_left + later, largest_left=max(step.largest_left, largest))
            for step in cutting.plan
        )
        proven = proven and cutting.cut_set.proven
    return tuple(plan), proven


def _matched(cuts: Collection[Pair], patterns: Iterable[Pair]) -> frozenset[Pair]:
    pairs = sorted(cuts)
    return frozenset(pairs[number] for pattern in patterns for number in matching(pairs, pattern))


def _needed(seen: Seen, cuts: Sequence[Pair]) -> list[Pair]:
    """The cuts without those that no cycle needs, the last first."""
    left = list(cuts)
    while superfluous := needless(seen, [(cut,) for cut in left]):
        left.pop(superfluous[-1])
    if not is_acyclic(seen, left):  # pragma: no cover  needless() promises it
        return list(cuts)
    return left


def _as_seen(found: Iterable[Component]) -> Seen:
    """The dependencies of components as a contract sees them."""
    named: dict[str, dict[str, list[str]]] = {}
    modules: list[str] = []
    for component in found:
        modules += component.modules
        for dependency in component.dependencies:
            its = [statement.imported for statement in dependency.imports]
            named.setdefault(dependency.importer, {})[dependency.imported] = its
    return Seen(tuple(sorted(modules)), named, ())


def _visible(
    found: Iterable[Component], packages: Sequence[str], graph: GraphName, linted: Collection[Line]
) -> tuple[Component, ...]:
    """What is left of components inside the packages and where only imports that import-linter sees count."""
    dependencies = {}
    for component in found:
        for dependency in component.dependencies:
            if not all(_covered(module, packages) for module in (dependency.importer, dependency.imported)):
                continue
            imports = tuple(
                statement
                for statement in dependency.imports
                if (statement.importer, statement.imported, statement.line_number) in linted
            )
            if imports:
                dependencies[dependency.importer, dependency.imported] = replace(dependency, imports=imports)
    modules = tuple(sorted({module for pair in dependencies for module in pair}))
    whole = Graph(name=graph, modules=modules, dependencies=tuple(dependencies[pair] for pair in sorted(dependencies)))
    parts = {part.modules: part for package in packages for part in components(whole, package)}
    ordered = sorted(parts.values(), key=lambda part: (-len(part.modules), part.modules))
    return tuple(replace(part, number=number) for number, part in enumerate(ordered, 1))


def _covered(module: str, packages: Iterable[str]) -> bool:
    return any(inside(module, package) for package in packages)


def _notes(
    found: Iterable[Component], packages: Sequence[str], graph: GraphName, linted: Collection[Line]
) -> Iterable[str]:
    outside = {module for component in found for module in component.modules if not _covered(module, packages)}
    if outside:
        tops = sorted({module.partition(".")[0] for module in outside})
        yield (
            f"It speaks only of modules inside {' and '.join(packages)}: cycles through the "
            f"{counted(len(outside), 'module')} outside ({min(outside)} …) are none of its business; "
            f"`cycles contract {tops[0]} --graph {graph}` covers them."
        )
    unseen = {
        (statement.importer, statement.imported, statement.line_number)
        for component in found
        for dependency in component.dependencies
        for statement in dependency.imports
        if _covered(statement.importer, packages) and _covered(statement.imported, packages)
    } - set(linted)
    if unseen:
        importer, imported, _ = min(unseen)
        yield (
            f"import-linter does not see {counted(len(unseen), 'import')} of these cycles, such as "
            f"{importer} -> {imported} (a dynamic one, a module it does not look at, or left out by the configuration)."
        )
