"""Word what pictures say of a component and its dependencies: title, summary, labels and tooltips."""

from cycles.render.scene import DrawnDependency, Scene
from cycles.render.text_metrics import rounded_count, shortened
from cycles.report.format import clean, counted, place

_LONGEST_NAME, _LONGEST_STATEMENT = 80, 160


def title(scene: Scene, parts: str = "") -> str:
    """Return what a picture of the component is called; `parts` say what its modules are shown in."""
    where = shortened(clean(scene.prefix or scene.package), _LONGEST_NAME)
    number = f" · component {scene.number} of {scene.of}" if scene.of > 1 else ""
    return f"Import cycles in {where}: {counted(len(scene.modules), 'module')}{parts}{number}"


def summary(scene: Scene) -> str:
    """Return the graph, the number of its cycles, and how many cuts leave none."""
    cycles = f"{'' if scene.cycles.exact else 'at least '}{counted(scene.cycles.count, 'cycle')}"
    cuts, least = len(scene.plan.cut_set.cuts), scene.plan.cut_set.lower_bound
    proof = "proven minimum" if cuts == least else f"at least {least:,} are needed"
    return f"{scene.graph} · {cycles} · cutting {counted(cuts, 'import')} leaves none ({proof}){scene.others}"


def name_of(scene: Scene) -> str:
    """Return the component's name in a sentence."""
    return f"component {scene.number} of {clean(scene.package)}"


def extent(scene: Scene) -> str:
    """Return how many modules and imports a picture of the whole component shows."""
    return f"{counted(len(scene.modules), 'module')}, {counted(len(scene.dependencies), 'import')}"


def cut_label(dependency: DrawnDependency) -> str:
    """Return the steps of the plan that remove a dependency, and the cycles through it; "" where it stays."""
    steps = "+".join(map(str, dependency.steps))
    return f"#{steps}: {rounded_count(dependency.cycles)}" if dependency.is_cut else ""


def tooltip(dependency: DrawnDependency, *, exact: bool) -> str:
    """Return the tooltip of a dependency: its names, its statements, its cycles."""
    names = f"{clean(dependency.importer)} → {clean(dependency.imported)}"
    statements = [
        f"{place(found)}  {shortened(clean(found.line_contents), _LONGEST_STATEMENT)}" for found in dependency.imports
    ]
    kinds = ", ".join(dict.fromkeys(found.kind for found in dependency.imports))
    runs = "runs the package on the way" if dependency.implied else kinds
    cycles = f"{'' if exact else 'at least '}{counted(dependency.cycles, 'cycle')} through it"
    steps = f", step {' and '.join(map(str, dependency.steps))} of the plan" if dependency.is_cut else ""
    return "\n".join((f"{names}  ({runs})", *statements, f"{cycles}{steps}"))
