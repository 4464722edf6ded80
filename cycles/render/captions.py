"""Word what pictures say of a component and its dependencies: title, summary, labels and tooltips."""

from cycles.render.plan_lines import step_words
from cycles.render.scene import DrawnDependency, Scene
from cycles.render.text_metrics import shortened
from cycles.report.format import clean, counted, place

_LONGEST_NAME, _LONGEST_STATEMENT = 60, 160
_MOST_NUMBERS = 3
_MOST_STATEMENTS = 6
"""Of a dependency that tooltips hold: a file of them would be larger than the picture."""


def title(scene: Scene) -> str:
    """Return what a picture of the component says: how large it is, and what ends it."""
    where = shortened(clean(scene.prefix or scene.package), _LONGEST_NAME)
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
