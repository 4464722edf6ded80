"""Make a diagram of the modules of a component and the imports between them: all, or the few that say the rest."""

from collections.abc import Iterator, Sequence

from cycles.render.captions import cut_label, summary, title, tooltip
from cycles.render.diagram import LONGEST_LABEL, Arrow, Box, Diagram, Group, line_width
from cycles.render.package_groups import OWN
from cycles.render.scene import DrawnDependency, DrawnModule, Scene
from cycles.render.style import color_of
from cycles.render.text_metrics import shortened
from cycles.report.format import clean, counted, short

_MANY_MODULES, _MANY_CUTS = 60, 80
_WIDEST = 2.6


def module_diagram(scene: Scene, *, all_imports: bool = False) -> Diagram:
    """Return every module as a box, and as arrows every cut and the skeleton of the other imports, or all of them."""
    shown = [dependency for dependency in scene.dependencies if dependency.skeleton or all_imports]
    cuts = sum(dependency.is_cut for dependency in scene.dependencies)
    crowded = len(scene.modules) >= _MANY_MODULES or cuts > _MANY_CUTS
    at_least = "" if scene.cycles.exact else " (at least)"
    return Diagram(
        title=title(scene),
        notes=(summary(scene), f"{len(shown):,} of {counted(len(scene.dependencies), 'import')} drawn"),
        crowded=crowded,
        boxes=tuple(_box(module, scene, framed=not crowded) for module in scene.modules),
        arrows=tuple(_arrows(scene, shown)),
        groups=tuple(
            Group(name=group, label=shortened(short(group, scene.prefix), LONGEST_LABEL), color=color_of(number))
            for number, group in enumerate(scene.groups)
        ),
        cut_words=f"import to cut, #step of the plan: cycles through it{at_least}",
        remarks=tuple(_remarks(scene, shown)),
    )


def _arrows(scene: Scene, shown: Sequence[DrawnDependency]) -> Iterator[Arrow]:
    ranks = scene.ranks
    most = max((dependency.cycles for dependency in scene.dependencies), default=1)
    for dependency in shown:
        yield Arrow(
            importer=dependency.importer,
            imported=dependency.imported,
            up=dependency.is_cut and ranks[dependency.importer] < ranks[dependency.imported],
            style=dependency.style,
            label=cut_label(dependency),
            width=line_width(dependency.cycles, most, _WIDEST),
            tooltip=tooltip(dependency, exact=scene.cycles.exact),
            url=dependency.url,
        )


def _box(module: DrawnModule, scene: Scene, *, framed: bool) -> Box:
    grouped = module.group in scene.groups
    inside = framed and grouped
    suffix = "/__init__" if module.label.endswith("/__init__") else ""
    label = short(module.name, module.group.removesuffix(OWN)) + suffix if inside else module.label
    path = f"\n{clean(module.path)}" if module.path else ""
    return Box(
        name=module.name,
        label=(shortened(label, LONGEST_LABEL),),
        frame=module.group if inside else "",
        color=color_of(scene.groups.index(module.group)) if grouped else None,
        tooltip=f"{clean(module.name)}{path}",
        url=module.url,
    )


def _remarks(scene: Scene, shown: Sequence[DrawnDependency]) -> Iterator[str]:
    if len(shown) < len(scene.dependencies):
        yield "An import is left out where a path of the others leads there anyway. "
    yield "Once the red imports are cut, every import points down. Width: cycles through the import."
