"""Make diagrams of the modules of a component: all, or the ends of the cuts with all others folded into the lines."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from cycles.graph.components import reached, shortest_path
from cycles.render.captions import moved, numbers_at, plan_lines, steps_not_listed, summary, title, tooltip
from cycles.render.diagram_model import LONGEST_LABEL, Arrow, Box, Diagram, groups_named, line_width
from cycles.render.layering import transitive_reduction
from cycles.render.package_groups import OWN
from cycles.render.scene import DrawnDependency, DrawnModule, Scene
from cycles.render.style import FOLDED, color_of
from cycles.render.text_metrics import ending, shortened
from cycles.report.wording import clean, counted, short
from cycles.source.module_names import Pair

_MOST_ENDS, _MOST_BOXES = 40, 24
_NAMED = 8
_MANY_BOXES = 20
"""More boxes in frames would be small, or far apart: then colours say what belongs together."""
_WIDEST, _CUT, _COMPANION = 2.0, 2.4, 1.3

LONGEST_PACKAGE = 24
LEFT_OUT = "An import is left out where a path of the others leads there anyway."


def module_diagrams(scene: Scene, *, all_imports: bool = False) -> Iterator[Diagram]:
    """Yield the diagram of all modules: with frames where they are few, then without."""
    if len(scene.modules) <= _MANY_BOXES and scene.groups:
        yield module_diagram(scene, all_imports=all_imports, framed=True)
    yield module_diagram(scene, all_imports=all_imports)


def module_diagram(scene: Scene, *, all_imports: bool = False, framed: bool = False) -> Diagram:
    """Return every module as a box, and as arrows every cut and the skeleton of the other imports, or all of them."""
    shown = [dependency for dependency in scene.dependencies if dependency.skeleton or all_imports]
    note = f"{len(shown):,} of {counted(len(scene.dependencies), 'import')} drawn"
    boxes = (_module_box(module, scene, framed=framed) for module in scene.modules)
    return replace(diagram_of(scene, boxes, _arrows(scene, shown), note, _remarks(scene, shown)), framed=framed)


def diagram_of(
    scene: Scene,
    boxes: Iterable[Box],
    arrows: Iterable[Arrow],
    note: str,
    remarks: Iterable[str],
    *,
    roomy: bool = False,
) -> Diagram:
    """Return a diagram of a scene with these boxes and arrows; the `note` says how much of the scene they are."""
    cut_words = "imports to cut among these, by their steps" if roomy else "import to cut, by its step"
    return Diagram(
        title=title(scene),
        notes=(summary(scene), note),
        framed=False,
        boxes=tuple(boxes),
        arrows=tuple(arrows),
        groups=groups_named(scene.groups, scene.prefix),
        plan=plan_lines(scene),
        more=steps_not_listed(scene.plan),
        cut_words=f"{cut_words} of the plan",
        remarks=tuple(remarks),
        roomy=roomy,
    )


def _module_box(module: DrawnModule, scene: Scene, *, framed: bool) -> Box:
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


def _module_arrow(dependency: DrawnDependency, scene: Scene, *, up: bool, most: int) -> Arrow:
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
        yield _module_arrow(dependency, scene, up=up, most=most)


def _remarks(scene: Scene, shown: Sequence[DrawnDependency]) -> Iterator[str]:
    if len(shown) < len(scene.dependencies):
        yield LEFT_OUT
    if any(dependency.is_companion for dependency in shown):
        yield "A thin red line goes with numbered ones: the same imports make it."
    elif any(dependency.is_companion for dependency in scene.dependencies):
        yield "Lines that go with numbered ones, made by the same imports, are left out."


def plan_diagrams(scene: Scene) -> Iterator[Diagram]:
    """Yield the modules at the ends of the imports to cut, and what leads from one to another once they are cut.

    The first one has room for some more: the modules on a shortest way back, from the end of a cut to its beginning.
    None where the ends are too many, or nothing is left to fold.
    """
    cuts = [dependency for dependency in scene.dependencies if dependency.numbers]
    ends = {end for cut in cuts for end in cut.pair}
    if not ends or len(ends) > _MOST_ENDS:
        return
    below = _below(scene.dependencies)
    more = _with_ways_back(ends, sorted(cuts, key=lambda cut: cut.numbers), below)
    for shown in (more, ends) if more != ends else (ends,):
        if len(shown) < len(scene.modules):
            yield _plan_diagram(scene, shown, below)


def _plan_diagram(scene: Scene, shown: set[str], below: Mapping[str, Sequence[str]]) -> Diagram:
    boxes = (_module_box(module, scene, framed=False) for module in scene.modules if module.name in shown)
    drawn, folded = f"{len(shown):,} of {counted(len(scene.modules), 'module')}", len(scene.modules) - len(shown)
    note = f"{drawn} drawn: the other {folded:,} are folded into the lines"
    remark = "What imports, directly or through others, stands above what it imports."
    return diagram_of(scene, boxes, _plan_arrows(scene, shown, below), note, [remark])


def _below(dependencies: Iterable[DrawnDependency]) -> dict[str, list[str]]:
    """Return what each module imports once the plan is made."""
    below: dict[str, list[str]] = {}
    for dependency in dependencies:
        if not dependency.is_cut:
            below.setdefault(dependency.importer, []).append(dependency.imported)
    return below


def _with_ways_back(ends: set[str], cuts: Sequence[DrawnDependency], below: Mapping[str, Sequence[str]]) -> set[str]:
    shown = set(ends)
    for cut in cuts:
        way = shortest_path(lambda name: below.get(name, ()), cut.imported, cut.importer)
        if len(shown.union(way)) <= _MOST_BOXES:
            shown.update(way)
    return shown


def _plan_arrows(scene: Scene, shown: set[str], below: Mapping[str, Sequence[str]]) -> Iterator[Arrow]:
    """Yield the cuts, and the fewest lines that say which module leads to which once these are made."""
    ranks = scene.ranks
    most = max(dependency.cycles for dependency in scene.dependencies)
    found = {dependency.pair: dependency for dependency in scene.dependencies}
    for importer, imported in sorted({*_folded(scene, shown, below), *_cuts(found, shown)}):
        dependency = found.get((importer, imported))
        if dependency:
            up = dependency.is_cut and ranks[importer] < ranks[imported]
            yield _module_arrow(dependency, scene, up=up, most=most)
        else:
            yield _fold(importer, imported, _between(importer, imported, shown, below, scene))


def _cuts(found: Mapping[Pair, DrawnDependency], shown: set[str]) -> Iterator[Pair]:
    for pair, dependency in found.items():
        if dependency.is_cut and shown.issuperset(pair):
            yield pair


def _folded(scene: Scene, shown: set[str], below: Mapping[str, Sequence[str]]) -> Iterator[Pair]:
    """Yield which of the modules shown leads to which, where no way through a third of them says so."""
    order = [module.name for module in scene.modules]
    places = {name: place for place, name in enumerate(name for name in order if name in shown)}
    reached: dict[str, int] = {}
    edges = []
    for name in order:
        own = 0
        for under in below.get(name, ()):
            own |= reached[under] | (1 << places[under] if under in places else 0)
        reached[name] = own
        if name in places:
            edges += [(places[name], place) for place in range(len(places)) if own >> place & 1]
    names = list(places)
    for importer, imported in transitive_reduction(edges, range(len(names))):
        yield names[importer], names[imported]


def _between(
    importer: str, imported: str, shown: set[str], below: Mapping[str, Sequence[str]], scene: Scene
) -> list[str]:
    """Return the modules not shown on ways from one module to another, sorted."""
    leads = {imported}
    for module in scene.modules:
        if module.name not in shown and any(under in leads for under in below.get(module.name, ())):
            leads.add(module.name)
    inner = leads - {imported}
    leading = {name: inner.intersection(below.get(name, ())) for name in (importer, *inner)}
    return sorted(reached(leading, [importer]) - {importer})


def _fold(importer: str, imported: str, through: Sequence[str]) -> Arrow:
    listed = [clean(name) for name in through[:_NAMED]]
    more = [f"… {len(through) - _NAMED:,} more"] if len(through) > _NAMED else []
    words = f"{clean(importer)} → {clean(imported)}  (through {counted(len(through), 'other module')})"
    return Arrow(
        importer=importer,
        imported=imported,
        up=False,
        style=FOLDED,
        label=f"{len(through):,}",
        width=1.2,
        tooltip="\n".join((words, *listed, *more)),
    )
