"""Make a diagram of a large component by its sub-packages, and the imports between these."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence

from cycles.render.captions import summary, title
from cycles.render.diagram import LONGEST_LABEL, Arrow, Box, Diagram, line_width
from cycles.render.layering import least_upward
from cycles.render.scene import DrawnDependency, Scene
from cycles.render.style import AGAINST, CUT, OTHERS, TRAFFIC, LineStyle, color_of
from cycles.render.text_metrics import shortened
from cycles.report.format import clean, counted, place, short

_SHOWN_IMPORTS = 8
_MOST_BOXES = (30, 20, 14, 10)
"""Fewer boxes are tried, in turn, while there are more than `_MANY_ARROWS` between them."""
_MANY_ARROWS = 100
_WIDEST = 5.0
_OWN = "/*"
"""Ends the name of the box for what of a package is in none of its sub-packages that have a box."""
_SHARE, _FEW = 8, 12
"""A sub-package that holds more than an eighth of the modules, and more than twelve, is split again."""

_Between = Mapping[tuple[str, str], Sequence[DrawnDependency]]


def package_diagram(scene: Scene) -> Diagram | None:
    """Return every sub-package as a box, all imports of one by another as one arrow; None where there is only one box.

    The boxes come in the order in which the fewest imports that stay point up.
    """
    modules = [module.name for module in scene.modules]
    for most in _MOST_BOXES:
        box_of = _clustered(modules, scene.prefix, most)
        between, cuts_inside = _bundled(scene, box_of)
        if len(between) <= _MANY_ARROWS:
            break
    if not between:
        return None
    staying = {pair: sum(not found.is_cut for found in dependencies) for pair, dependencies in between.items()}
    cuts = {pair: sum(found.is_cut for found in dependencies) for pair, dependencies in between.items()}
    order = least_upward(dict.fromkeys(box_of[module] for module in modules), staying, cuts)
    crossing, crossing_cuts = sum(map(len, between.values())), sum(cuts.values())
    rest = " p/* is what of p has no box of its own." if any(name.endswith(_OWN) for name in order) else ""
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


def _clustered(modules: Sequence[str], prefix: str, most: int) -> dict[str, str]:
    """Return for every module the sub-package that has its box, or `package/*` where none below the package does.

    The package of all is split into at most that many sub-packages. One that holds more than an eighth of the modules
    is split again, the largest first, as long as there are not too many.

    >>> sorted(set(_clustered(["p", "p.a.b", "p.a.c", "p.d"], "p", 9).values()))
    ['p.a', 'p/*']
    """
    box_of = dict.fromkeys(modules, prefix)
    least = max(_FEW, len(modules) // _SHARE)
    done: set[str] = set()
    while True:
        sizes = Counter(box_of.values())
        large = [name for name in sizes if name not in done and (name == prefix or sizes[name] > least)]
        if not large:
            return box_of
        name = min(large, key=lambda found: (-sizes[found], found))
        done.add(name)
        split = _split(name, [module for module in modules if box_of[module] == name], most)
        parts = set(split.values())
        done.update(part for part in parts if part.endswith(_OWN))
        if len(parts) > 1 and (name == prefix or len(sizes) - 1 + len(parts) <= most):
            box_of.update(split)


def _split(package: str, modules: Sequence[str], most: int) -> dict[str, str]:
    """Return every module's sub-package of the package, if that is one of the largest; `package/*` for the others."""
    start = len(package) + 1 if package else 0
    tops = {module: module[: start + len(module[start:].partition(".")[0])] for module in modules}
    counts = Counter(tops.values())
    deep = {top for module, top in tops.items() if module not in {top, package}}
    largest = sorted(deep, key=lambda top: (-counts[top], top))[: most - 1]
    return {module: top if top in largest else f"{package}{_OWN}" for module, top in tops.items()}


def _bundled(scene: Scene, box_of: Mapping[str, str]) -> tuple[_Between, Mapping[str, int]]:
    """Return the dependencies between each two different boxes, and how many to cut lie inside each box."""
    between: dict[tuple[str, str], list[DrawnDependency]] = defaultdict(list)
    cuts_inside: dict[str, int] = defaultdict(int)
    for dependency in scene.dependencies:
        importer, imported = box_of[dependency.importer], box_of[dependency.imported]
        if importer != imported:
            between[importer, imported].append(dependency)
        elif dependency.is_cut:
            cuts_inside[importer] += 1
    return between, cuts_inside


def _box(name: str, scene: Scene, box_of: Mapping[str, str], cuts: int) -> Box:
    members = [module for module in scene.modules if box_of[module.name] == name]
    group = members[0].group
    package = name.removesuffix(_OWN)
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
    most = max(map(len, between.values()))
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
