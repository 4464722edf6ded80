"""Plan the cuts that `cycles fix` makes: between modules, or between groups of them."""

from collections.abc import Sequence

from cycles.api import plan_all, replay_plan
from cycles.groups import plan_groups
from cycles.limits import GROUP_FIX_STEPS
from cycles.model import ANY_WAY, Analysis, Component, CutPlan, Ways
from cycles.source.names import Pair


def plans_for(  # noqa: PLR0913  what is wanted, each with a default
    analysis: Analysis,
    components: Sequence[Component],
    *,
    keep: Sequence[Pair] = (),
    cut: Sequence[Pair] = (),
    allow_reexports: bool = False,
    cheapest: bool = False,
    ways: Ways = ANY_WAY,
) -> list[CutPlan]:
    """Return the plans of components of modules, or of groups of them, with how each cut can be made.

    The arguments are those of `cycles.groups.plan_groups`, and of `cycles.api.plan_all`, which calls `cut` `chosen`.
    """
    if analysis.by is None:
        plans = plan_all(
            components, keep=keep, chosen=cut, allow_reexports=allow_reexports, cheapest=cheapest, ways=ways
        )
        return [replay_plan(analysis, plan) for plan in plans]
    found = plan_groups(
        analysis,
        components,
        keep=keep,
        cut=cut,
        allow_reexports=allow_reexports,
        cheapest=cheapest,
        ways=ways,
        most_fixes=GROUP_FIX_STEPS,
        most_bytes=None,
    )
    return [one.plan for one in found]
