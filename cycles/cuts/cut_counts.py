"""Count the cuts that components need, exactly or between two numbers, within one budget for all of them."""

from collections.abc import Sequence

from cycles.cuts.encode import Cause, encode_without_costs
from cycles.cuts.solver.preprocess import UnbreakableCycleError
from cycles.cuts.solver.solve import cut_count_bounds
from cycles.limits import COMPONENT_SHARE, CUT_BOUND_STEPS, Steps
from cycles.model import CutBound

Asked = tuple[Sequence[str], Sequence[Cause]]
"""The modules of a component, sorted, and which import makes which dependency."""

_PER_IMPORT = 10
"""Steps to encode a component and to order it once, for each of its imports: both are done even when none are left."""


def cut_bounds(components: Sequence[Asked], *, budget: int = CUT_BOUND_STEPS) -> tuple[CutBound, ...]:
    """Count the cuts that each component needs: size and lower bound are the same where the budget allows to prove it.

    One budget for all. The smallest components come first, for little proves most there, and none
    may spend more than its share. Components that are equal, as they often are in two of the three
    graphs, are counted once.
    """
    steps = Steps(budget - _PER_IMPORT * sum(len(found) for _, found in components))
    first: dict[str, int] = {}
    bounds: dict[int, CutBound] = {}
    order = sorted(range(len(components)), key=lambda index: (len(components[index][1]), index))
    for done, index in enumerate(order):
        modules, found = components[index]
        # Only the last component with the same first module can be equal without a search through all.
        like = first.get(modules[0])
        first[modules[0]] = index
        if like is not None and components[like] == (modules, found):
            bounds[index] = bounds[like]
            continue
        share = steps.part(min(COMPONENT_SHARE, len(order) - done))
        try:
            size, lower_bound = cut_count_bounds(encode_without_costs(modules, found), share)
        except UnbreakableCycleError:
            # Groups can be joined by nothing but what packages import of their own modules; modules cannot.
            network = encode_without_costs(modules, found, allow_reexports=True)
            size, lower_bound = cut_count_bounds(network, share)
        bounds[index] = CutBound(size=size, lower_bound=lower_bound)
    return tuple(bounds[index] for index in range(len(components)))
