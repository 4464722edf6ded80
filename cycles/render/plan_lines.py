"""The steps of a plan as pictures list them: which import to cut, and the file and line of its statement."""

from collections.abc import Sequence
from dataclasses import dataclass

from cycles.fixes.needs_and_moves import Move
from cycles.model import CutPlan
from cycles.render.scene import Scene
from cycles.render.source_links import link
from cycles.render.text_metrics import ending
from cycles.report.format import clean, counted, place, short
from cycles.source.imports import Import

_LISTED = 10
_LONGEST_NAME, _LONGEST_PLACE = 38, 60


@dataclass(frozen=True, slots=True)
class PlanLine:
    """A step: its number, importer and imported as `cut`, `place` as path:line, and where to read it.

    A move, which comes before all cuts, is numbered M1, M2 and so on. The `look` is that of its line.
    """

    number: str
    cut: str
    place: str
    url: str | None
    look: str = ""


def plan_lines(scene: Scene) -> tuple[PlanLine, ...]:
    """Return the moves that come first, and the first steps of the plan, names without the prefix that all share."""
    drawn = {number: found.imported for found in scene.dependencies for number in found.numbers}
    cuts = (
        PlanLine(
            number=str(number),
            cut=_ends(cut.importer, cut.imported, scene) + _runs(drawn.get(number), cut.imported, scene),
            place=_place(cut.imports),
            url=link(scene.url_template, cut.imports[0].path, cut.imports[0].line_number),
        )
        for number, cut in enumerate(scene.plan.cuts[:_LISTED], 1)
    )
    return (*(_move(number, move, scene) for number, move in enumerate(scene.moves, 1)), *cuts)


def _move(number: int, move: Move, scene: Scene) -> PlanLine:
    names = [name for definition in move.definitions for name in definition.names]
    first = clean(names[0]) if names else "code"
    what = f"{first} and {len(names) - 1:,} more" if len(names) > 1 else first
    path = next((module.path for module in scene.modules if module.name == move.source), None)
    line_number = move.definitions[0].line_number
    target = " (new)" if move.is_new else ""
    return PlanLine(
        number=f"M{number}",
        cut=f"move {what}: {_ends(move.source, move.target.name, scene)}{target}",
        place=ending(f"{clean(path)}:{line_number}", _LONGEST_PLACE, "/") if path else "",
        url=link(scene.url_template, path, line_number),
    )


def _ends(one: str, other: str, scene: Scene) -> str:
    return " → ".join(ending(short(name, scene.prefix), _LONGEST_NAME) for name in (one, other))


def _runs(end: str | None, imported: str, scene: Scene) -> str:
    """Say which package the statement runs on the way, where its line ends there: what it names has no box."""
    if end in {None, imported} or scene.by:
        return ""
    return f" (runs {ending(short(end, scene.prefix), _LONGEST_NAME)})"


def moved(module: str, scene: Scene) -> str:
    """Say which moves take code out of a module, or bring it; "" where none does."""
    out = [f"M{number}" for number, move in enumerate(scene.moves, 1) if move.source == module]
    into = [f"M{number}" for number, move in enumerate(scene.moves, 1) if move.target.name == module]
    return " · ".join(f"{', '.join(found)} {way}" for way, found in (("leaves", out), ("arrives", into)) if found)


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
