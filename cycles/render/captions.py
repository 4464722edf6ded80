"""Word what pictures say of a component: title, summary, labels, tooltips, and the steps of the plan."""

from collections.abc import Sequence
from dataclasses import dataclass

from cycles.fixes.definition_values import Move
from cycles.model import CutPlan
from cycles.render.scene import DrawnDependency, Scene, link
from cycles.render.text_metrics import ending, shortened
from cycles.report.wording import clean, counted, place, short
from cycles.source.import_values import Import

_LISTED = 10
_LONGEST_TITLE, _LONGEST_NAME, _LONGEST_PLACE, _LONGEST_STATEMENT = 60, 38, 60, 160
_MOST_NUMBERS = 3
_MOST_STATEMENTS = 6
"""Of a dependency that tooltips hold: a file of them would be larger than the picture."""


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


def title(scene: Scene) -> str:
    """Return what a picture of the component says: how large it is, and what ends it."""
    where = shortened(clean(scene.prefix or scene.package), _LONGEST_TITLE)
    among = "of" if scene.prefix or scene.by else "around"
    size = f"{counted(len(scene.modules), scene.node)} {among} {where} import each other"
    definitions = sum(len(move.definitions) for move in scene.moves)
    first = f"moving {counted(definitions, 'definition')} and " if definitions else ""
    return f"{size}; {first}cutting {counted(len(scene.plan.steps), 'import')} ends it"


def summary(scene: Scene) -> str:
    """Return the component, the graph, the number of its cycles, and whether fewer cuts could do."""
    number = f"component {scene.number} of {scene.of} · " if scene.of > 1 else ""
    cycles = f"{'' if scene.cycles.exact else 'at least '}{counted(scene.cycles.count, 'cycle')} · "
    known = "" if scene.by else cycles
    cuts, least = len(scene.plan.cut_set.cuts), scene.plan.cut_set.lower_bound
    proof = "no fewer cuts would do" if cuts == least else f"at least {counted(least, 'cut')} are needed"
    return f"{number}{scene.graph} · {known}{proof}{scene.others}"


def name_of(scene: Scene) -> str:
    """Return the component's name in a sentence."""
    return f"component {scene.number} of {clean(scene.package)}"


def extent(scene: Scene) -> str:
    """Return how many modules and imports a picture of the whole component shows."""
    imports = counted(sum(found.weight for found in scene.dependencies), "import") if scene.by else ""
    return f"{counted(len(scene.modules), scene.node)}, {imports or counted(len(scene.dependencies), 'import')}"


def numbers_at(dependency: DrawnDependency) -> tuple[str, ...]:
    """Return the steps of the plan that stand at a dependency, as they are shown."""
    return step_words(dependency.numbers, _MOST_NUMBERS)


def tooltip(dependency: DrawnDependency, *, exact: bool) -> str:
    """Return the tooltip of a dependency: its names, its statements, its cycles."""
    names = f"{clean(dependency.importer)} → {clean(dependency.imported)}"
    statements = [
        f"{place(found)}  {shortened(clean(found.line_contents), _LONGEST_STATEMENT)}"
        for found in dependency.imports[:_MOST_STATEMENTS]
    ]
    more = len(dependency.imports) - len(statements)
    kinds = ", ".join(dict.fromkeys(found.kind for found in dependency.imports))
    runs = "runs the package on the way" if dependency.implied else kinds
    cycles = f"{'' if exact else 'at least '}{counted(dependency.cycles, 'cycle')} through it"
    steps = f", step {' and '.join(map(str, dependency.steps))} of the plan" if dependency.is_cut else ""
    return "\n".join((f"{names}  ({runs})", *statements, *([f"… {more:,} more"] if more else ()), f"{cycles}{steps}"))


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
