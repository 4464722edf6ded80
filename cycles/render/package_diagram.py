"""Make a diagram of a large component by its sub-packages, and the imports between these."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from cycles.render.captions import summary, title
from cycles.render.diagram import LONGEST_LABEL, Arrow, Box, Diagram, line_width
from cycles.render.layering import least_upward
from cycles.render.package_groups import OWN, balanced_groups
from cycles.render.scene import DrawnDependency, Scene
from cycles.render.style import AGAINST, CUT, OTHERS, TRAFFIC, LineStyle, color_of
from cycles.render.text_metrics import shortened
from cycles.report.format import clean, counted, place, short

_SHOWN_IMPORTS = 8
_MOST_BOXES = (30, 20, 14, 10)
"""Fewer boxes are tried, in turn, while there are more than `_MANY_ARROWS` between them."""
_MANY_ARROWS = 100
_WIDEST = 5.0
_SHARE = 8
"""A sub-package that holds more than an eighth of the modules is split again."""

_Between = Mapping[tuple[str, str], Sequence[DrawnDependency]]


def package_diagram(scene: Scene) -> Diagram | None:
    """Return the sub-packages as boxes, in groups of about the same size; None where there is only one.

    The more imports cross between them, the fewer boxes there are.
    """
    modules = [module.name for module in scene.modules]
    for most in _MOST_BOXES:
        box_of = balanced_groups(modules, most, _SHARE)
        ends = ((box_of[found.importer], box_of[found.imported]) for found in scene.dependencies)
        between = {(one, other) for one, other in ends if one != other}
        if len(between) <= _MANY_ARROWS:
            break
    return bundle_diagram(scene, box_of) if between else None


def bundle_diagram(scene: Scene, box_of: Mapping[str, str]) -> Diagram:
    """Return a box for each name that modules are given, and all imports of one by another as one arrow.

    The boxes come in the order in which the fewest imports that stay point up. A module that is given none is not
    drawn, nor are its imports.
    """
    modules = [module.name for module in scene.modules if module.name in box_of]
    between, cuts_inside = _bundled(scene, box_of)
    staying = {pair: sum(not found.is_cut for found in dependencies) for pair, dependencies in between.items()}
    cuts = {pair: sum(found.is_cut for found in dependencies) for pair, dependencies in between.items()}
    order = least_upward(dict.fromkeys(box_of[module] for module in modules), staying, cuts)
    crossing, crossing_cuts = sum(map(len, between.values())), sum(cuts.values())
    rest = " p/* is what of p has no box of its own." if any(name.endswith(OWN) for name in order) else ""
    return Diagram(
        title=title(scene, f" in {len(order)} sub-packages"),
        notes=(
            summary(scene),
            f"{crossing:,} of {counted(len(scene.dependencies), 'import')} cross between sub-packages, "
            + (f"{counted(crossing_cuts, 'import')} to cut among them" if crossing_cuts else "none of them to be cut"),
        ),
        crowded=False,
        boxes=tuple(_box(name, scene, box_of, cuts_inside[name]) for name in order),
        arrows=tuple(_arrows(between, order)),
        groups=(),
        cut_words="some of these are to be cut",
        remarks=(
            "On a line: the imports that it stands for, and how many of these are to be cut.",
            f"Sub-packages stand in the order that has the fewest imports that stay pointing up.{rest}",
        ),
    )


def _bundled(scene: Scene, box_of: Mapping[str, str]) -> tuple[_Between, Mapping[str, int]]:
    """Return the dependencies between each two different boxes, and how many to cut lie inside each box."""
    between: dict[tuple[str, str], list[DrawnDependency]] = defaultdict(list)
    cuts_inside: dict[str, int] = defaultdict(int)
    for dependency in scene.dependencies:
        importer, imported = box_of.get(dependency.importer), box_of.get(dependency.imported)
        if importer is None or imported is None:
            continue
        if importer != imported:
            between[importer, imported].append(dependency)
        elif dependency.is_cut:
            cuts_inside[importer] += 1
    return between, cuts_inside


def _box(name: str, scene: Scene, box_of: Mapping[str, str], cuts: int) -> Box:
    members = [module for module in scene.modules if box_of.get(module.name) == name]
    group = members[0].group
    package = name.removesuffix(OWN)
    alone = members[0].label if len(members) == 1 else ""
    label = alone or short(package, scene.prefix) + name[len(package) :]
    inside = f" · {counted(cuts, 'import')} to cut" if cuts else ""
    listed = [clean(module.name) for module in members[:_SHOWN_IMPORTS]]
    return Box(
        name=name,
        label=(shortened(label, LONGEST_LABEL), f"{counted(len(members), 'module')}{inside}"),
        frame="",
        color=color_of(scene.groups.index(group)) if group in scene.groups else OTHERS,
        tooltip="\n".join((clean(name), *listed, *_more(len(members)))),
        url=None,
    )


def _arrows(between: _Between, order: Sequence[str]) -> Iterator[Arrow]:
    ranks = {name: rank for rank, name in enumerate(order)}
    most = max(map(len, between.values()), default=1)
    for (importer, imported), dependencies in sorted(between.items()):
        up = ranks[importer] < ranks[imported]
        cuts = sum(dependency.is_cut for dependency in dependencies)
        yield Arrow(
            importer=importer,
            imported=imported,
            up=up,
            style=_style(up=up, cuts=cuts),
            label=f"{cuts:,} of {len(dependencies):,} cut" if cuts else f"{len(dependencies):,}",
            width=line_width(len(dependencies), most, _WIDEST),
            tooltip=_tooltip(importer, imported, dependencies),
        )


def _style(*, up: bool, cuts: int) -> LineStyle:
    if cuts:
        return CUT
    return AGAINST if up else TRAFFIC


def _tooltip(importer: str, imported: str, dependencies: Sequence[DrawnDependency]) -> str:
    """Name both ends, and the first of the imports: those to be cut before the others."""
    listed = sorted(dependencies, key=lambda dependency: not dependency.is_cut)[:_SHOWN_IMPORTS]
    lines = [
        f"{place(found.imports[0])}  {clean(found.importer)} → {clean(found.imported)}"
        f"{' (to cut)' if found.is_cut else ''}"
        for found in listed
    ]
    return "\n".join((f"{clean(importer)} → {clean(imported)}", *lines, *_more(len(dependencies))))


def _more(count: int) -> tuple[str, ...]:
    return (f"… {count - _SHOWN_IMPORTS:,} more",) if count > _SHOWN_IMPORTS else ()
