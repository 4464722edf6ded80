"""Make a diagram of a large component by its sub-packages, and the imports between these."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from cycles.render.captions import step_words
from cycles.render.diagram_model import LONGEST_LABEL, Arrow, Box, Diagram, line_width
from cycles.render.layering import least_upward, transitive_reduction
from cycles.render.module_diagram import LEFT_OUT, LONGEST_PACKAGE, diagram_of
from cycles.render.package_groups import OWN, balanced_groups
from cycles.render.scene import DrawnDependency, DrawnModule, Scene
from cycles.render.style import AGAINST, CUT, OTHERS, TRAFFIC, LineStyle, color_of
from cycles.render.text_metrics import ending, shortened
from cycles.report.wording import clean, counted, place, short

_LISTED = 8
_MOST_BOXES = (24, 18, 14, 10, 7)
_MANY_ARROWS = 80
_WIDEST = 4.0
_MOST_NUMBERS = 3
_SHARE = 8
"""A sub-package that holds more than an eighth of the modules is split again."""

_Between = Mapping[tuple[str, str], Sequence[DrawnDependency]]


def package_diagrams(scene: Scene) -> Iterator[Diagram]:
    """Yield the sub-packages as boxes, in groups of about the same size, fewer and fewer; none where there is only one.

    The more imports lead from one to another, the fewer groups can be told apart.
    """
    modules = [module.name for module in scene.modules]
    drawn = 0
    for most in _MOST_BOXES:
        box_of = balanced_groups(modules, most, _SHARE)
        count = len(set(box_of.values()))
        if count in (1, drawn):
            continue
        drawn = count
        whole = bundle_diagram(scene, box_of)
        if len(whole.arrows) > _MANY_ARROWS:
            continue
        yield whole
        yield _without_detours(whole)


def group_diagrams(scene: Scene) -> Iterator[Diagram]:
    """Yield the groups of a scene as boxes, and how many imports lead from each to each, all or the fewest lines."""
    whole = bundle_diagram(scene, {module.name: module.name for module in scene.modules})
    yield whole
    yield _without_detours(whole)


def _without_detours(diagram: Diagram) -> Diagram:
    """Return a diagram without the lines that say what a path of others says too, among those that stay and lead down.

    The boxes come with the foundations first, so these lines are acyclic.
    """
    ranks = {box.name: rank for rank, box in enumerate(diagram.boxes)}
    down = [(ranks[arrow.importer], ranks[arrow.imported]) for arrow in diagram.arrows if arrow.style is TRAFFIC]
    kept = transitive_reduction(down, range(len(ranks)))
    arrows = tuple(
        arrow
        for arrow in diagram.arrows
        if arrow.style is not TRAFFIC or (ranks[arrow.importer], ranks[arrow.imported]) in kept
    )
    return replace(diagram, arrows=arrows, remarks=(*diagram.remarks, LEFT_OUT))


def bundle_diagram(scene: Scene, box_of: Mapping[str, str], *, listed: int = _LISTED) -> Diagram:
    """Return a box for each name that modules are given, and all imports of one by another as one arrow.

    A tooltip names as many modules or imports as are `listed`.

    The boxes come in the order in which the fewest imports that stay point up. A module that is given none is not
    drawn, nor are its imports.
    """
    members: dict[str, list[DrawnModule]] = defaultdict(list)
    for module in scene.modules:
        if module.name in box_of:
            members[box_of[module.name]].append(module)
    between, inside = _bundled(scene, box_of)
    staying = {pair: sum(not found.is_cut for found in dependencies) for pair, dependencies in between.items()}
    cuts = {pair: sum(found.is_cut for found in dependencies) for pair, dependencies in between.items()}
    order = least_upward(members, staying, cuts)
    every = counted(_imports(scene.dependencies, scene), "import")
    crossing = f"{sum(_imports(found, scene) for found in between.values()):,} of {every}"
    notes = f"{counted(len(order), 'part')} · {crossing} lead from one to another"
    if scene.by:
        notes = f"{every} lead from one to another; a line counts those that it stands for"
    rest = " p/* is what of p has no box of its own." if any(name.endswith(OWN) for name in order) else ""
    boxes = (_box(name, scene, members[name], inside[name], listed) for name in order)
    remark = f"The order is the one in which the fewest imports that stay point up.{rest}"
    return diagram_of(scene, boxes, _arrows(between, order, listed, scene), notes, [remark], roomy=True)


def _bundled(scene: Scene, box_of: Mapping[str, str]) -> tuple[_Between, Mapping[str, Sequence[int]]]:
    """Return the dependencies between each two different boxes, and the steps of the plan inside each box."""
    between: dict[tuple[str, str], list[DrawnDependency]] = defaultdict(list)
    inside: dict[str, list[int]] = defaultdict(list)
    for dependency in scene.dependencies:
        importer, imported = box_of.get(dependency.importer), box_of.get(dependency.imported)
        if importer is None or imported is None:
            continue
        if importer != imported:
            between[importer, imported].append(dependency)
        else:
            inside[importer] += dependency.numbers
    return between, inside


def _box(name: str, scene: Scene, members: Sequence[DrawnModule], steps: Sequence[int], most: int) -> Box:
    groups = {module.group for module in members}
    group = members[0].group if len(groups) == 1 else ""
    package = name.removesuffix(OWN)
    alone = members[0].label if len(members) == 1 else ""
    label = alone or short(package, scene.prefix) + name[len(package) :]
    above, _, last = label.rpartition(".")
    cut = f" · cut {', '.join(step_words(sorted(steps), _MOST_NUMBERS))}" if steps else ""
    listed = [clean(module.name) for module in members[:most]]
    return Box(
        name=name,
        label=shortened(last, LONGEST_LABEL),
        above=ending(above, LONGEST_PACKAGE),
        below="" if alone and not cut else f"{counted(len(members), scene.node)}{cut}",
        frame="",
        color=color_of(scene.groups.index(group)) if group in scene.groups else OTHERS,
        tooltip="\n".join((clean(name), *listed, *_more(len(members), most))),
        url=members[0].url if alone else None,
    )


def _imports(dependencies: Iterable[DrawnDependency], scene: Scene) -> int:
    """Return how many imports some dependencies are: between modules one, between groups as many as make it."""
    return sum(found.weight if scene.by else 1 for found in dependencies)


def _arrows(between: _Between, order: Sequence[str], listed: int, scene: Scene) -> Iterator[Arrow]:
    ranks = {name: rank for rank, name in enumerate(order)}
    counts = {pair: _imports(dependencies, scene) for pair, dependencies in between.items()}
    most = max(counts.values(), default=1)
    for (importer, imported), dependencies in sorted(between.items()):
        up = ranks[importer] < ranks[imported]
        steps = sorted(step for dependency in dependencies for step in dependency.numbers)
        staying = sum(not dependency.is_cut for dependency in dependencies)
        yield Arrow(
            importer=importer,
            imported=imported,
            up=up,
            style=_style(up=up, cut=bool(steps) or not staying),
            label=_label(counts[importer, imported], len(steps), staying),
            width=line_width(counts[importer, imported], most, _WIDEST),
            tooltip=_tooltip(importer, imported, dependencies, listed),
            steps=step_words(steps, _MOST_NUMBERS),
        )


def _label(count: int, steps: int, staying: int) -> str:
    """Return what a line says besides its steps: how many imports it stands for, where these are more."""
    if not steps:
        return f"{count:,}"
    return f"of {count:,}" if staying else ""


def _style(*, up: bool, cut: bool) -> LineStyle:
    if cut:
        return CUT
    return AGAINST if up else TRAFFIC


def _tooltip(importer: str, imported: str, dependencies: Sequence[DrawnDependency], most: int) -> str:
    """Name both ends, and the first of the imports: those to be cut before the others."""
    found = [
        (dependency.is_cut, statement)
        for dependency in sorted(dependencies, key=lambda dependency: not dependency.is_cut)
        for statement in (dependency.imports if len(dependencies) == 1 else dependency.imports[:1])
    ]
    lines = [
        f"{place(statement)}  {clean(statement.importer)} → {clean(statement.imported)}{' (to cut)' if cut else ''}"
        for cut, statement in found[:most]
    ]
    return "\n".join((f"{clean(importer)} → {clean(imported)}", *lines, *_more(len(found), most)))


def _more(count: int, most: int) -> tuple[str, ...]:
    return (f"… {count - most:,} more",) if count > most else ()
