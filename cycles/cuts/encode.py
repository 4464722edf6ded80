"""Encode a component as numbers: vertices for modules, edges for dependencies, and cuts."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from cycles.cuts.cost import cost_of_kinds
from cycles.cuts.digraph import Edge
from cycles.cuts.solver.network import Network
from cycles.enums import Kind
from cycles.source.imports import ClassifiedImport, Import
from cycles.source.names import Pair, inside

Cause = tuple[str, str, Import | ClassifiedImport]
"""Importer and imported of a dependency, and an import that makes it."""


@dataclass(frozen=True, slots=True)
class EncodedComponent:
    """A component as numbers.

    Attributes:
        modules: sorted by name; their places are the vertices.
        edges: the dependencies, sorted.
        causes: for each edge the cuts that break it when all of them are made.
        cuts: sorted by name.
        costs: what each cut costs.
        removes: for each cut the edges that it breaks alone.
        reexports: the cuts by which a package imports a module of its own.
    """

    modules: tuple[str, ...]
    edges: tuple[Edge, ...]
    causes: tuple[tuple[int, ...], ...]
    cuts: tuple[Pair, ...]
    costs: tuple[int, ...]
    removes: tuple[tuple[int, ...], ...]
    reexports: frozenset[int]


def encode(modules: Sequence[str], found: Iterable[Cause], costs: Mapping[Pair, int] | None = None) -> EncodedComponent:
    """Encode a component, given its modules (sorted) and which import makes which dependency inside it.

    A cut costs what `costs` says; where that says nothing, by the number and the kinds of its statements.
    """
    place = {module: number for number, module in enumerate(modules)}
    causes_of: dict[Edge, set[Pair]] = {}
    statements: dict[Pair, set[tuple[int, Kind]]] = {}
    for importer, imported, statement in found:
        cut = statement.pair
        causes_of.setdefault((place[importer], place[imported]), set()).add(cut)
        statements.setdefault(cut, set()).add((statement.line_number, statement.kind))
    cuts = tuple(sorted(statements))
    number = {cut: index for index, cut in enumerate(cuts)}
    edges = tuple(sorted(causes_of))
    causes = tuple(tuple(sorted(number[cut] for cut in causes_of[edge])) for edge in edges)
    removes: list[list[int]] = [[] for _ in cuts]
    for edge, its_causes in enumerate(causes):
        if len(its_causes) == 1:
            removes[its_causes[0]].append(edge)
    return EncodedComponent(
        modules=tuple(modules),
        edges=edges,
        causes=causes,
        cuts=cuts,
        costs=tuple((costs or {}).get(cut) or cost_of_kinds(kind for _, kind in statements[cut]) for cut in cuts),
        removes=tuple(map(tuple, removes)),
        reexports=frozenset(number[cut] for cut in cuts if is_reexport(cut)),
    )


def encode_without_costs(modules: Sequence[str], found: Iterable[Cause], *, allow_reexports: bool = False) -> Network:
    """Encode a component where only the number of cuts matters: all weigh 1.

    A reexport breaks nothing, unless `allow_reexports` says so.

    The same edges with the same causes as `encode` finds, with the cuts in another order: apart, because
    `cycles scc` encodes all components of three graphs, and this takes a third of the time.
    """
    place = {module: number for number, module in enumerate(modules)}
    number: dict[Pair, int] = {}
    causes_of: dict[Edge, set[int]] = {}
    for importer, imported, statement in found:
        cut = number.setdefault(statement.pair, len(number))
        causes_of.setdefault((place[importer], place[imported]), set()).add(cut)
    reexports = {index for cut, index in number.items() if not allow_reexports and is_reexport(cut)}
    edges = sorted(causes_of)
    return Network(
        size=len(modules),
        edges=tuple(edges),
        causes=tuple(tuple(sorted(causes_of[edge])) if reexports.isdisjoint(causes_of[edge]) else () for edge in edges),
        weights=(1,) * len(number),
    )


def is_reexport(cut: Pair) -> bool:
    """Tell whether a package imports a module of its own."""
    importer, imported = cut
    return importer != imported and inside(imported, importer)
