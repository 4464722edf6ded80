"""Plan the cuts that `cycles fix` makes: between modules, or between groups of them."""

from collections.abc import Sequence

from cycles.api import plan_all, replay_plan
from cycles.groups import plan_groups
from cycles.limits import GROUP_FIX_STEPS
from cycles.model import FEWEST, Analysis, Component, CutPlan, CutRequest


def plans_for(analysis: Analysis, components: Sequence[Component], request: CutRequest = FEWEST) -> tuple[CutPlan, ...]:
    """Return the plans of components of modules, or of groups of them, with how each cut can be made."""
    if analysis.by is None:
        return tuple(replay_plan(analysis, plan) for plan in plan_all(components, request))
    found = plan_groups(analysis, components, request, most_fixes=GROUP_FIX_STEPS, most_bytes=None)
    return tuple(one.plan for one in found)
