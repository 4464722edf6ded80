"""Make a diagram of the modules of a component and the imports between them: all, or the few that say the rest."""

from collections.abc import Iterator, Sequence

from cycles.render.captions import moved, numbers_at, plan_lines, steps_not_listed, summary, title, tooltip
from cycles.render.diagram import LONGEST_LABEL, Arrow, Box, Diagram, Group, line_width
from cycles.render.package_groups import OWN
from cycles.render.scene import DrawnDependency, DrawnModule, Scene
from cycles.render.style import color_of
from cycles.render.text_metrics import ending, shortened
from cycles.report.wording import clean, counted, short

_MANY_BOXES = 20
"""More boxes in frames would be small, or far apart: then colours say what belongs together."""
_WIDEST, _CUT, _COMPANION = 2.0, 2.4, 1.3

LONGEST_PACKAGE = 24
LEFT_OUT = "An import is left out where a path of the others leads there anyway."
COMPANIONS = "A thin red line goes with numbered ones: the same imports make it."
COMPANIONS_LEFT_OUT = "Lines that go with numbered ones, made by the same imports, are left out."
CUT_WORDS = "import to cut, by its step of the plan"


def module_diagrams(scene: Scene, *, all_imports: bool = False) -> Iterator[Diagram]:
    """Yield the diagram of all modules: with frames where they are few, then without."""
    if len(scene.modules) <= _MANY_BOXES and scene.groups:
        yield module_diagram(scene, all_imports=all_imports, framed=True)
    yield module_diagram(scene, all_imports=all_imports)


def module_diagram(scene: Scene, *, all_imports: bool = False, framed: bool = False) -> Diagram:
    """Return every module as a box, and as arrows every cut and the skeleton of the other imports, or all of them."""
    shown = [dependency for dependency in scene.dependencies if dependency.skeleton or all_imports]
    return Diagram(
        title=title(scene),
        notes=(summary(scene), f"{len(shown):,} of {counted(len(scene.dependencies), 'import')} drawn"),
        framed=framed,
        boxes=tuple(module_box(module, scene, framed=framed) for module in scene.modules),
        arrows=tuple(_arrows(scene, shown)),
        groups=groups_of(scene),
        plan=plan_lines(scene),
        more=steps_not_listed(scene.plan),
        cut_words=CUT_WORDS,
        remarks=tuple(_remarks(scene, shown)),
    )


def groups_of(scene: Scene) -> tuple[Group, ...]:
    """Return the groups of a scene, each with its colour."""
    return tuple(
        Group(name=group, label=shortened(short(group, scene.prefix), LONGEST_LABEL), color=color_of(number))
        for number, group in enumerate(scene.groups)
    )


def module_box(module: DrawnModule, scene: Scene, *, framed: bool) -> Box:
    """Return the box of a module: its name, and above it the package that it lies in, unless a frame says that."""
    grouped = module.group in scene.groups
    inside = framed and grouped and not module.group.endswith(OWN)
    suffix = "/__init__" if module.label.endswith("/__init__") else ""
    label = short(module.name, module.group) if inside else module.label.removesuffix(suffix)
    package, _, name = label.rpartition(".")
    path = f"\n{clean(module.path)}" if module.path else ""
    return Box(
        name=module.name,
        label=shortened(name + suffix, LONGEST_LABEL),
        above=ending(package, LONGEST_PACKAGE),
        frame=module.group if inside else "",
        color=color_of(scene.groups.index(module.group)) if grouped else None,
        tooltip=f"{clean(module.name)}{path}",
        url=module.url,
        below=moved(module.name, scene),
    )


def module_arrow(dependency: DrawnDependency, scene: Scene, *, up: bool, most: int) -> Arrow:
    """Return the arrow of a dependency; `most` are the cycles of the widest."""
    width = _CUT if dependency.numbers else _COMPANION
    return Arrow(
        importer=dependency.importer,
        imported=dependency.imported,
        up=up,
        style=dependency.style,
        label="",
        width=width if dependency.is_cut else line_width(dependency.cycles, most, _WIDEST),
        tooltip=tooltip(dependency, exact=scene.cycles.exact),
        url=dependency.url,
        steps=numbers_at(dependency),
    )


def _arrows(scene: Scene, shown: Sequence[DrawnDependency]) -> Iterator[Arrow]:
    ranks = scene.ranks
    most = max((dependency.cycles for dependency in scene.dependencies), default=1)
    for dependency in shown:
        up = dependency.is_cut and ranks[dependency.importer] < ranks[dependency.imported]
        yield module_arrow(dependency, scene, up=up, most=most)


def _remarks(scene: Scene, shown: Sequence[DrawnDependency]) -> Iterator[str]:
    if len(shown) < len(scene.dependencies):
        yield LEFT_OUT
    if any(dependency.is_companion for dependency in shown):
        yield COMPANIONS
    elif any(dependency.is_companion for dependency in scene.dependencies):
        yield COMPANIONS_LEFT_OUT
