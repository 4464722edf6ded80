"""Make a diagram of what is to be done: the modules at the ends of the cuts, all others folded into the lines."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from cycles.render.captions import plan_lines, steps_not_listed, summary, title
from cycles.render.diagram import Arrow, Diagram
from cycles.render.layering import shortest_way, transitive_reduction
from cycles.render.module_diagram import CUT_WORDS, groups_of, module_arrow, module_box
from cycles.render.scene import DrawnDependency, Scene
from cycles.render.style import FOLDED
from cycles.report.wording import clean, counted
from cycles.source.names import Pair

_MOST_ENDS, _MOST_BOXES = 40, 24
_NAMED = 8


def plan_diagrams(scene: Scene) -> Iterator[Diagram]:
    """Yield the modules at the ends of the imports to cut, and what leads from one to another once they are cut.

    The first one has room for some more: the modules on a shortest way back, from the end of a cut to its beginning.
    None where the ends are too many, or nothing is left to fold.
    """
    cuts = [dependency for dependency in scene.dependencies if dependency.numbers]
    ends = {end for cut in cuts for end in (cut.importer, cut.imported)}
    if not ends or len(ends) > _MOST_ENDS:
        return
    below = _below(scene.dependencies)
    more = _with_ways_back(ends, sorted(cuts, key=lambda cut: cut.numbers), below)
    for shown in (more, ends) if more != ends else (ends,):
        if len(shown) < len(scene.modules):
            yield _diagram(scene, shown, below)


def _diagram(scene: Scene, shown: set[str], below: Mapping[str, Sequence[str]]) -> Diagram:
    modules = [module for module in scene.modules if module.name in shown]
    arrows = list(_arrows(scene, shown, below))
    drawn, folded = f"{len(shown):,} of {counted(len(scene.modules), 'module')}", len(scene.modules) - len(shown)
    return Diagram(
        title=title(scene),
        notes=(summary(scene), f"{drawn} drawn: the other {folded:,} are folded into the lines"),
        framed=False,
        boxes=tuple(module_box(module, scene, framed=False) for module in modules),
        arrows=tuple(arrows),
        groups=groups_of(scene),
        plan=plan_lines(scene),
        more=steps_not_listed(scene.plan),
        cut_words=CUT_WORDS,
        remarks=("What imports, directly or through others, stands above what it imports.",),
    )


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
        way = shortest_way(cut.imported, cut.importer, below)
        if len(shown.union(way)) <= _MOST_BOXES:
            shown.update(way)
    return shown


def _arrows(scene: Scene, shown: set[str], below: Mapping[str, Sequence[str]]) -> Iterator[Arrow]:
    """Yield the cuts, and the fewest lines that say which module leads to which once these are made."""
    ranks = scene.ranks
    most = max(dependency.cycles for dependency in scene.dependencies)
    found = {(dependency.importer, dependency.imported): dependency for dependency in scene.dependencies}
    for importer, imported in sorted({*_folded(scene, shown, below), *_cuts(found, shown)}):
        dependency = found.get((importer, imported))
        if dependency:
            up = dependency.is_cut and ranks[importer] < ranks[imported]
            yield module_arrow(dependency, scene, up=up, most=most)
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
    reached = set()
    waiting = [importer]
    while waiting:
        for under in below.get(waiting.pop(), ()):
            if under in leads and under not in reached and under != imported:
                reached.add(under)
                waiting.append(under)
    return sorted(reached)


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
