"""The steps of a plan as pictures list them: which import to cut, and the file and line of its statement."""

from collections.abc import Sequence
from dataclasses import dataclass

from cycles.model import CutPlan
from cycles.render.source_links import link
from cycles.render.text_metrics import ending
from cycles.report.format import clean, counted, place, short
from cycles.source.values import Import

_LISTED = 10
_LONGEST_NAME, _LONGEST_PLACE = 38, 60


@dataclass(frozen=True, slots=True)
class PlanLine:
    """A step: its number, importer and imported as `cut`, `place` as path:line, and where to read it."""

    number: int
    cut: str
    place: str
    url: str | None


def plan_lines(plan: CutPlan, prefix: str, url_template: str | None) -> tuple[PlanLine, ...]:
    """Return the first steps of a plan, names without the prefix that all share."""
    return tuple(
        PlanLine(
            number=number,
            cut=" → ".join(ending(short(name, prefix), _LONGEST_NAME) for name in (cut.importer, cut.imported)),
            place=_place(cut.imports),
            url=link(url_template, cut.imports[0].path, cut.imports[0].line_number),
        )
        for number, cut in enumerate(plan.cuts[:_LISTED], 1)
    )


def steps_not_listed(plan: CutPlan) -> str:
    """Say how many steps are not among the lines, "" where all are."""
    more = len(plan.steps) - _LISTED
    return f"… and {counted(more, 'more step')}" if more > 0 else ""


def step_words(steps: Sequence[int], most: int) -> tuple[str, ...]:
    """Return the numbers of steps, in order, and how many more there are than `most`.

    >>> step_words([2, 3, 5, 8], 3), step_words([2, 3], 3)
    (('2', '3', '+2'), ('2', '3'))
    """
    if len(steps) <= most:
        return tuple(map(str, steps))
    return (*map(str, steps[: most - 1]), f"+{len(steps) - most + 1}")


def _place(imports: Sequence[Import]) -> str:
    others = f" and {len(imports) - 1} more" if len(imports) > 1 else ""
    return f"{ending(clean(place(imports[0])), _LONGEST_PLACE, '/')}{others}"
