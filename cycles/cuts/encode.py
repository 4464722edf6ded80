"""A component in, the same as numbers out: vertices for modules, edges for dependencies, and cuts."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from cycles.cuts.solver.network import Network
from cycles.enums import Kind
from cycles.source.names import inside
from cycles.source.values import Import, Judged

Pair = tuple[str, str]
Made = tuple[str, str, Import | Judged]
"""Importer and imported of a dependency, and an import that makes it."""

_HARDNESS = {Kind.EAGER: 4, Kind.UNKNOWN: 4, Kind.MAIN: 2, Kind.DEFERRED: 2, Kind.LAZY: 2, Kind.TYPING: 1}
"""What editing one statement costs. Taking an import out of a graph that counts it although it is
deferred or for typing only is easier than deferring one that runs."""


@dataclass(frozen=True, slots=True)
class Numbered:
    """A component as numbers.

    `modules`, `edges` (tail, head) and `cuts` are sorted by name; an edge breaks when all of its
    `causes` are cut. `costs` go with `cuts`; `removes` are the edges that each breaks alone;
    `reexports` are the cuts by which a package imports a module of its own.
    """

    modules: tuple[str, ...]
    edges: tuple[tuple[int, int], ...]
    causes: tuple[tuple[int, ...], ...]
    cuts: tuple[Pair, ...]
    costs: tuple[int, ...]
    removes: tuple[tuple[int, ...], ...]
    reexports: frozenset[int]


def numbered(modules: Sequence[str], made: Iterable[Made], prices: Mapping[Pair, int] | None = None) -> Numbered:
    """Number a component, given its modules (sorted) and which import makes which dependency inside it.

    A cut costs what `prices` says; without a price, by the number and the kinds of its statements.
    """
    place = {module: number for number, module in enumerate(modules)}
    causes_of: dict[Pair, set[Pair]] = {}
    statements: dict[Pair, set[tuple[int, Kind]]] = {}
    for importer, imported, statement in made:
        cut = (statement.importer, statement.imported)
        causes_of.setdefault((importer, imported), set()).add(cut)
        statements.setdefault(cut, set()).add((statement.line_number, statement.kind))
    cuts = tuple(sorted(statements))
    number = {cut: index for index, cut in enumerate(cuts)}
    pairs = sorted(causes_of)
    causes = tuple(tuple(sorted(number[cut] for cut in causes_of[pair])) for pair in pairs)
    removes: list[list[int]] = [[] for _ in cuts]
    for edge, its_causes in enumerate(causes):
        if len(its_causes) == 1:
            removes[its_causes[0]].append(edge)
    return Numbered(
        modules=tuple(modules),
        edges=tuple((place[importer], place[imported]) for importer, imported in pairs),
        causes=causes,
        cuts=cuts,
        costs=tuple((prices or {}).get(cut) or sum(_HARDNESS[kind] for _, kind in statements[cut]) for cut in cuts),
        removes=tuple(map(tuple, removes)),
        reexports=frozenset(
            index
            for index, (importer, imported) in enumerate(cuts)
            if importer != imported and inside(imported, importer)
        ),
    )


def unpriced(modules: Sequence[str], made: Iterable[Made]) -> Network:
    """Number a component where only the number of cuts matters: all weigh 1, and a reexport breaks nothing.

    The same edges with the same causes as `numbered` finds, with the cuts in another order.
    """
    place = {module: number for number, module in enumerate(modules)}
    number: dict[Pair, int] = {}
    causes_of: dict[tuple[int, int], set[int]] = {}
    for importer, imported, statement in made:
        cut = number.setdefault((statement.importer, statement.imported), len(number))
        causes_of.setdefault((place[importer], place[imported]), set()).add(cut)
    reexports = {
        cut for (importer, imported), cut in number.items() if importer != imported and inside(imported, importer)
    }
    edges = sorted(causes_of)
    return Network(
        size=len(modules),
        edges=tuple(edges),
        causes=tuple(
            () if reexports and not reexports.isdisjoint(causes_of[edge]) else tuple(sorted(causes_of[edge]))
            for edge in edges
        ),
        weights=(1,) * len(number),
    )
