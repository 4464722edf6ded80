"""Encode a component as numbers: vertices for modules, edges for dependencies, and cuts with what they cost.

Costs are chosen, not measured: a few easy edits are cheaper than one that moves code.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from cycles.cuts.digraph import Edge, Network
from cycles.enums import EASY, Feasibility, Kind, Way
from cycles.model import ANY_WAY, CutFix, Ways
from cycles.source.import_values import ClassifiedImport, Import
from cycles.source.module_names import Pair, inside

_BY_FIX = {
    Feasibility.UNUSED: 1,
    Feasibility.TYPE_ONLY: 2,
    Feasibility.DEFERRABLE: 3,
    Feasibility.ANNOTATION: 4,
    Feasibility.REWIRABLE: 5,
    Feasibility.SPLIT: 6,
    Feasibility.LAZY: 6,
    Feasibility.TYPING: 5,
    Feasibility.DEFERRED: 6,
    Feasibility.COUPLED: 12,
    Feasibility.CONDITIONAL: 12,
    Feasibility.REEXPORT: 20,
    Feasibility.REGISTRATION: 20,
    Feasibility.STRUCTURAL: 20,
    Feasibility.UNKNOWN: 20,
}
_WAYS = {
    Feasibility.TYPE_ONLY: (Way.TYPE,),
    Feasibility.DEFERRABLE: (Way.DEFER,),
    Feasibility.ANNOTATION: (Way.TYPE, Way.DEFER),
    # What was moved is taken from where it is then.
    Feasibility.REWIRABLE: (Way.REWIRE, Way.MOVE),
    Feasibility.SPLIT: (Way.REWIRE,),
    Feasibility.LAZY: (Way.LAZY,),
}
_BY_KIND = {Kind.EAGER: 4, Kind.UNKNOWN: 4, Kind.MAIN: 2, Kind.DEFERRED: 2, Kind.LAZY: 2, Kind.TYPING: 1}
"""Taking an import out of a graph that counts it although it is deferred or for typing only is easier than
deferring one that runs."""
_MOVE_COST, _MOVED_LINES = 5, 100
"""What it costs to move a definition, as much as to take one import from elsewhere; and the lines that cost 1 more:
they are edited by nobody, but somebody looks at them."""
_NEW_MODULE_COST = 1
"""What a new module costs besides: one that is there is preferred where all else is equal."""
_CODE_COST, _UNMOVABLE_COST = 1000, 3000
"""What a cut costs more that takes a change of code, where these are avoided: more than all others of a plan together;
and where it is not the move of a definition that may spare it."""
_LAZY_COST = 40
"""What a lazy import costs more where definitions may move: nobody asked for `__getattr__`, which stays for good."""
_NOT_PREFERRED = 20
"""What every way costs more that is not among those preferred: as much as a change of code."""


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
        costs=tuple((costs or {}).get(cut) or sum(_BY_KIND[kind] for _, kind in statements[cut]) for cut in cuts),
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


def cost_of_fix(how: CutFix, statements: int, ways: Ways = ANY_WAY) -> int:
    """Return what a cut of this many statements costs, by how it can be made.

    To take a name from another module adds a dependency: where that leads back, it costs as much as moving code. A fix
    that is promised costs less than one that is not.
    """
    kind = Feasibility.COUPLED if how.leads_to else how.feasibility
    if how.defers and not ways.defer:
        kind = Feasibility.COUPLED
    other = ways.prefer and kind is not Feasibility.UNUSED and not {*_WAYS.get(kind, ())} & {*ways.prefer}
    avoided = _LAZY_COST * (ways.avoid_code and kind is Feasibility.LAZY and Way.LAZY not in ways.prefer)
    if ways.avoid_code and (how.feasibility not in EASY or (how.defers and not ways.defer)):
        avoided = _CODE_COST if how.feasibility in (*EASY, Feasibility.STRUCTURAL) else _UNMOVABLE_COST
    return (_BY_FIX[kind] + _NOT_PREFERRED * bool(other)) * statements + (how.doubt is not None) + avoided


def cost_of_move(definitions: int, lines: int, ways: Ways = ANY_WAY, *, is_new: bool) -> int:
    """Return what it costs to move some definitions of one module to another."""
    other = ways.prefer and Way.MOVE not in ways.prefer
    each = _MOVE_COST + _NOT_PREFERRED * bool(other)
    return each * definitions + lines // _MOVED_LINES + _NEW_MODULE_COST * is_new
