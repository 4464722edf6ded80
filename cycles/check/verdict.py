"""Judge what became of a graph: worse, better or the same, and by which imports."""

from collections.abc import Collection, Sequence

from cycles.check.closing_imports import Blame
from cycles.check.component_ancestry import Origins
from cycles.check.values import ComponentEvent, GraphChange, Standing
from cycles.enums import Outcome


def judge(  # noqa: PLR0913  what is known of before and of now
    blame: Blame,
    was: Standing,
    now: Standing,
    origins: Origins,
    *,
    grown: Collection[int],
    freed: Collection[str],
    deleted: Sequence[str],
    events: tuple[ComponentEvent, ...] = (),
    strict: bool = False,
) -> GraphChange:
    """Judge what became of a graph.

    It is worse where a module is newly on a cycle, or where more cuts are needed and both numbers are proven: a bound
    may rise because a search ended earlier.

    Args:
        blame: the components now, and their imports.
        was: how cyclic the graph was.
        now: how cyclic it is.
        origins: which modules of before those of now continue.
        grown: the places of the components that need more cuts than those that they come from.
        freed: the modules of now that were on a cycle before, on a cycle or not.
        deleted: the modules of before that were on a cycle and are gone.
        events: what became of the components.
        strict: whether an added import on a cycle is an error even where it makes nothing worse.

    """

    def still_newly(cyclic: Collection[str]) -> tuple[str, ...]:
        return tuple(sorted(name for name in cyclic if before.isdisjoint(origins.of(name))))

    before = frozenset(was.modules)
    newly = still_newly(now.modules)
    more = was.cuts.proven and now.cuts.proven and now.cuts.size > was.cuts.size
    fewer = now.cuts.size < was.cuts.lower_bound
    free = tuple(sorted(set(freed).difference(now.modules)))
    worse = bool(newly) or more
    most = was.cuts.size if more else None
    at_fault = blame.at_fault(newly, grown if more else (), still_newly, most) if worse else frozenset()
    better = Outcome.BETTER if free or deleted or fewer else Outcome.SAME
    return GraphChange(
        graph=blame.graph,
        before=was,
        now=now,
        outcome=Outcome.WORSE if worse else better,
        newly=newly,
        freed=free,
        deleted=tuple(deleted),
        findings=blame.findings(at_fault, strict=strict),
        events=events,
    )
