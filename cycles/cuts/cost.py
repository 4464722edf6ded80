"""Say what a cut costs: by how it can be made, or by the kinds of its statements.

Chosen, not measured: a few easy edits are cheaper than one that moves code.
"""

from collections.abc import Iterable

from cycles.enums import EASY, Feasibility, Kind, Way
from cycles.model import ANY_WAY, CutFix, Ways

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


MOVE_COST, MOVED_LINES = 5, 100
"""What it costs to move a definition, as much as to take one import from elsewhere; and the lines that cost 1 more:
they are edited by nobody, but somebody looks at them."""

NEW_MODULE_COST = 1
"""What a new module costs besides: one that is there is preferred where all else is equal."""


CODE_COST, UNMOVABLE_COST = 1000, 3000
"""What a cut costs more that takes a change of code, where these are avoided: more than all others of a plan together;
and where it is not the move of a definition that may spare it."""

LAZY_COST = 40
"""What a lazy import costs more where definitions may move: nobody asked for `__getattr__`, which stays for good."""

NOT_PREFERRED = 20
"""What every way costs more that is not among those preferred: as much as a change of code."""


def cost_of_fix(how: CutFix, statements: int, ways: Ways = ANY_WAY) -> int:
    """Return what a cut of this many statements costs, by how it can be made.

    To take a name from another module adds a dependency: where that leads back, it costs as much as moving code. A fix
    that is promised costs less than one that is not.
    """
    kind = Feasibility.COUPLED if how.leads_to else how.feasibility
    if how.defers and not ways.defer:
        kind = Feasibility.COUPLED
    other = ways.prefer and kind is not Feasibility.UNUSED and not {*_WAYS.get(kind, ())} & {*ways.prefer}
    avoided = LAZY_COST * (ways.avoid_code and kind is Feasibility.LAZY and Way.LAZY not in ways.prefer)
    if ways.avoid_code and (how.feasibility not in EASY or (how.defers and not ways.defer)):
        avoided = CODE_COST if how.feasibility in (*EASY, Feasibility.STRUCTURAL) else UNMOVABLE_COST
    return (_BY_FIX[kind] + NOT_PREFERRED * bool(other)) * statements + (how.doubt is not None) + avoided


def cost_of_move(definitions: int, lines: int, ways: Ways = ANY_WAY, *, is_new: bool) -> int:
    """Return what it costs to move some definitions of one module to another."""
    other = ways.prefer and Way.MOVE not in ways.prefer
    each = MOVE_COST + NOT_PREFERRED * bool(other)
    return each * definitions + lines // MOVED_LINES + NEW_MODULE_COST * is_new


def cost_of_kinds(kinds: Iterable[Kind]) -> int:
    """Return what a cut costs of which only the kinds of its statements are known."""
    return sum(map(_BY_KIND.__getitem__, kinds))
