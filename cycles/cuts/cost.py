"""How a cut can be made in; what it costs, out."""

from cycles.enums import Feasibility
from cycles.model import How

_WEIGHTS = {
    Feasibility.UNUSED: 1,
    Feasibility.TYPE_ONLY: 2,
    Feasibility.DEFERRABLE: 3,
    Feasibility.ANNOTATION: 4,
    Feasibility.REWIRABLE: 5,
    Feasibility.TYPING: 5,
    Feasibility.DEFERRED: 6,
    Feasibility.COUPLED: 12,
    Feasibility.CONDITIONAL: 12,
    Feasibility.REEXPORT: 20,
    Feasibility.REGISTRATION: 20,
    Feasibility.STRUCTURAL: 20,
    Feasibility.UNKNOWN: 20,
}
"""What editing one statement costs. Chosen, not measured: a few easy edits are cheaper than one that moves code."""


def price(how: How, statements: int) -> int:
    """What a cut of so many statements costs; a new dependency that may close a cycle is as dear as moving code."""
    risky = how.feasibility is Feasibility.REWIRABLE and how.leaves_inside
    weight = _WEIGHTS[Feasibility.COUPLED if risky else how.feasibility]
    return weight * statements
