"""Lay out what the HTML page shows of a component: its modules, with and without the cuts, and each of its packages."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from cycles import limits
from cycles.render.choose_layout import arrange, least_letters, untangled
from cycles.render.diagram_model import LONGEST_LABEL, Arrow, Box, Diagram
from cycles.render.layering import transitive_reduction
from cycles.render.layout import Layout
from cycles.render.layout_program import Engine
from cycles.render.module_diagram import LONGEST_PACKAGE, module_diagrams
from cycles.render.package_diagram import bundle_diagram, group_diagrams
from cycles.render.package_groups import OWN, PackagePart, package_levels
from cycles.render.scene import DrawnModule, Scene
from cycles.render.style import CUT, OTHERS, color_of
from cycles.render.text_metrics import ending, shortened
from cycles.report.wording import clean, counted, short

_CUTS, _OTHERS = 2, 3
"""Lines that lead up, at most: two with cuts for each box of a level, and one without for each three boxes. Between
packages there are many, and the largest say most."""
_ARRANGED = 60
"""Boxes up to which deeper layouts are tried: with more, that would take seconds, and be nearer to legible only."""
_OUTSIDE = 12
"""Boxes around those of a package: more of them would hide what it is about."""
_ELSEWHERE = "elsewhere/*"
"""The box of all others: no module is called so."""
_Levels = Mapping[str, Sequence[PackagePart]]


@dataclass(frozen=True, slots=True)
class PageBox:
    """A box of a picture: its modules, and the package whose level it can be opened to, None for none.

    `outside` says that it lies around the package that the picture shows.
    """

    title: str
    members: tuple[str, ...]
    enter: str | None
    outside: bool


@dataclass(frozen=True, slots=True)
class PagePicture:
    """A diagram that is laid out; `boxes` come in its order."""

    boxes: tuple[PageBox, ...]
    diagram: Diagram
    layout: Layout


@dataclass(frozen=True, slots=True)
class PagePictures:
    """The pictures of a component: its modules as they are and after the plan, and by name the levels of its packages.

    Where there are none, `unlaid` says why.
    """

    whole: PagePicture | None
    after: PagePicture | None
    levels: Mapping[str, PagePicture]
    unlaid: str


class Drawer:
    """What lays pictures out: an engine that has failed once, or taken too long, is not asked again."""

    def __init__(self, engine: Engine | None, seconds: float) -> None:
        """Draw by an engine, which gets some seconds for each picture; None draws nothing."""
        self._engine = engine
        self._seconds = seconds
        self._why = "" if engine else "no layout engine was there when this page was made"

    def pictures(self, scene: Scene) -> PagePictures:
        """Return all pictures of a component that can be laid out in time."""
        levels = package_levels(module.name for module in scene.modules)
        found: dict[str, PagePicture] = {}
        for package in () if scene.by else _chosen(levels):
            boxes, diagram = _level(scene, levels, package)
            if picture := self._picture(boxes, diagram):
                found[package] = picture
        whole = after = None
        arrows = sum(dependency.skeleton for dependency in scene.dependencies)
        if len(scene.modules) <= limits.PAGE_MODULES and arrows <= limits.PAGE_ARROWS:
            diagrams = list(group_diagrams(scene) if scene.by else module_diagrams(scene))
            names = [box.name for box in diagrams[0].boxes]
            boxes = [PageBox(clean(name), (name,), None, outside=False) for name in names]
            whole = self._picture(boxes, *diagrams)
            after = self._picture(boxes, *map(_without_cuts, diagrams))
        # A level can be opened only from the one around it.
        reached = found if next(iter(levels)) in found else {}
        too_many = f"{counted(len(scene.modules), scene.node)} side by side are too many for one"
        return PagePictures(whole, after, reached, self._why or too_many)

    def _picture(self, boxes: Sequence[PageBox], *diagrams: Diagram) -> PagePicture | None:
        """Return the first of several diagrams of the same boxes that can be read, or the best one."""
        if self._engine is None:
            return None
        letters = least_letters(len(boxes)) if len(boxes) <= _ARRANGED else 0
        found = arrange(diagrams, self._engine, seconds=self._seconds, letters=letters)
        if found is None:
            self._engine, self._why = None, "the layout engine failed when this page was made"
            return None
        found = untangled(found, self._engine, seconds=self._seconds, letters=letters)
        return PagePicture(tuple(boxes), found.diagram, found.layout)


def _chosen(levels: _Levels) -> list[str]:
    """Return the packages whose levels are laid out: the largest. None where the whole holds nothing but modules."""
    root = next(iter(levels))
    if not any(part.is_package for part in levels[root]):
        return []
    sizes = {package: sum(len(part.modules) for part in parts) for package, parts in levels.items()}
    few = [package for package, parts in levels.items() if len(parts) <= limits.DIAGRAM_MODULES]
    return sorted(few, key=lambda package: (-sizes[package], package))[: limits.PAGE_LEVELS]


def _without_cuts(diagram: Diagram) -> Diagram:
    return replace(diagram, arrows=tuple(arrow for arrow in diagram.arrows if arrow.style is not CUT))


def _level(scene: Scene, levels: _Levels, package: str) -> tuple[list[PageBox], Diagram]:
    """Return the parts of a package as boxes, and around it what they import or are imported by."""
    inside = levels[package]
    around = _around(scene, levels, package)
    parts = {part.name: part for part in (*inside, *around)}
    diagram = bundle_diagram(scene, {module: part.name for part in parts.values() for module in part.modules})
    outside = {part.name for part in around}
    modules = {module.name: module for module in scene.modules}
    chosen = _chosen(levels)
    boxes = [
        PageBox(
            title=_title(parts[box.name]),
            members=parts[box.name].modules,
            enter=box.name if parts[box.name].is_package and box.name in chosen else None,
            outside=box.name in outside,
        )
        for box in diagram.boxes
    ]
    labelled = tuple(
        _labelled(box, parts[box.name], package if box.name not in outside else scene.prefix, modules, scene)
        for box in diagram.boxes
    )
    # Around the package only what stays says where its parts belong.
    arrows = [arrow for arrow in diagram.arrows if not (arrow.up and {arrow.importer, arrow.imported} <= outside)]
    return boxes, replace(diagram, boxes=labelled, arrows=_thinned(arrows, [box.name for box in diagram.boxes]))


def _around(scene: Scene, levels: _Levels, package: str) -> list[PackagePart]:
    """Return what lies around a package and has to do with it: the parts with most imports, all others as one."""
    holders = [name for name in levels if name != package and _holds(name, package)]
    parts = [part for name in holders for part in levels[name] if not (part.is_package and _holds(part.name, package))]
    part_of = {module: part.name for part in parts for module in part.modules}
    members = {module for part in levels[package] for module in part.modules}
    ends = [found.pair for found in scene.dependencies if (found.importer in members) != (found.imported in members)]
    counts = Counter(part_of[module] for pair in ends for module in pair if module not in members)
    touching = sorted((part for part in parts if counts[part.name]), key=lambda part: (-counts[part.name], part.name))
    if len(touching) <= _OUTSIDE:
        return touching
    others = sorted(module for part in touching[_OUTSIDE - 1 :] for module in part.modules)
    return [*touching[: _OUTSIDE - 1], PackagePart(_ELSEWHERE, tuple(others))]


def _holds(package: str, other: str) -> bool:
    return package in {"", other} or other.startswith(f"{package}.")


def _title(part: PackagePart) -> str:
    name = clean(part.name.removesuffix(OWN))
    return f"{name}: {counted(len(part.modules), 'module')}" if part.is_package else name


def _labelled(box: Box, part: PackagePart, scope: str, modules: Mapping[str, DrawnModule], scene: Scene) -> Box:
    """Return a box with its name as seen from a package, and with the colour of the group that all of it lies in."""
    suffix = "/__init__" if not part.is_package and modules[part.name].label.endswith("/__init__") else ""
    above, _, name = short(part.name.removesuffix(OWN), scope).rpartition(".")
    groups = {modules[member].group for member in part.modules}
    group = groups.pop() if len(groups) == 1 else ""
    return replace(
        box,
        label=shortened(name + suffix, LONGEST_LABEL),
        above=ending(above, LONGEST_PACKAGE),
        below=counted(len(part.modules), "module") if part.is_package else "",
        color=color_of(scene.groups.index(group)) if group in scene.groups else OTHERS if part.is_package else None,
    )


def _thinned(arrows: Sequence[Arrow], order: Sequence[str]) -> tuple[Arrow, ...]:
    """Return those that lead down and that no path of others replaces, those to cut, and few others that lead up."""
    ranks = {name: rank for rank, name in enumerate(order)}
    down = [(ranks[arrow.importer], ranks[arrow.imported]) for arrow in arrows if not arrow.up]
    kept = transitive_reduction(down, range(len(order)))
    up = [arrow for arrow in arrows if arrow.up]
    up.sort(key=lambda arrow: (-arrow.width, arrow.importer, arrow.imported))
    chosen = [arrow for arrow in up if arrow.style is CUT][: _CUTS * len(order)]
    chosen += [arrow for arrow in up if arrow.style is not CUT][: len(order) // _OTHERS]
    return tuple(arrow for arrow in arrows if arrow in chosen or (ranks[arrow.importer], ranks[arrow.imported]) in kept)
