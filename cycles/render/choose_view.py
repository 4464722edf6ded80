"""Make the picture of a component that was asked for, or the next simpler one that is possible."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from cycles import limits
from cycles.enums import View
from cycles.render.captions import extent, name_of
from cycles.render.choose_layout import arrange, is_legible, least_letters, untangled
from cycles.render.diagram_model import Diagram
from cycles.render.diagram_svg import diagram_as_svg
from cycles.render.dot import as_dot
from cycles.render.layout_program import Engine
from cycles.render.matrix import component_matrix
from cycles.render.mermaid import as_mermaid, for_chart, reading
from cycles.render.module_diagram import module_diagram, module_diagrams, plan_diagrams
from cycles.render.package_diagram import group_diagrams, package_diagrams
from cycles.render.scene import Scene
from cycles.report.wording import counted

MATRIX_SIZES = range(26, 1001)
"""How many modules make a matrix worth having besides the diagram: below it is plain, above a crowd."""
_FEW_PACKAGES = 5
"""Fewer boxes say less than the matrix."""
_NOTHING = {View.PACKAGES: "no sub-packages to draw", View.PLAN: "nothing to fold"}
_ALL_MODULES, _ALL_IMPORTS = 60, 150
"""Up to here all imports can be drawn, not only those that say the rest."""


@dataclass(frozen=True, slots=True)
class DrawOptions:
    """How to draw: the view and whether with all imports, by which engine, in how many seconds for each layout."""

    view: View = View.AUTO
    all_imports: bool = False
    engine: Engine | None = None
    seconds: float = limits.LAYOUT_SECONDS


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as text; the view that it is; how much of the component it shows; what was asked for and not possible.

    The `caption` says how a chart is to be read, which has no legend.
    `engine_failed` says that the layout engine did not manage at least one of the views tried.
    """

    text: str
    view: View
    extent: str
    remarks: tuple[str, ...] = ()
    engine_failed: bool = False
    caption: str = ""


def svg_picture(scene: Scene, options: DrawOptions) -> Picture:
    """Return the picture asked for; by itself the first view in which names can be read and lines can be followed.

    These are tried: all modules, those at the ends of the cuts, sub-packages, the matrix. The matrix needs no engine.
    Where there is no engine, that is not remarked upon.
    """
    engine = options.engine
    if engine is None:
        return Picture(component_matrix(scene), View.MATRIX, extent(scene))
    remarks = list(_excess(scene, options))
    letters = least_letters(len(scene.modules))
    failed, tried = False, 0
    for view, diagrams in _views(scene, options):
        tried += 1
        arranged = arrange(diagrams, engine, seconds=options.seconds, letters=letters)
        if arranged is None:
            failed = True
            reason = f"the layout engine failed on the {view} view, or needed more than {options.seconds:g} s"
            remarks.append(f"{name_of(scene)}: {reason}")
        elif _is_wanted(view, options) or arranged.quality.letters >= letters:
            best = untangled(arranged, engine, seconds=options.seconds, letters=letters)
            if _is_wanted(view, options) or is_legible(best, letters):
                svg = diagram_as_svg(best.diagram, best.layout)
                return Picture(svg, view, _shown(scene, view, best.diagram), tuple(remarks), engine_failed=failed)
    if options.view is not View.MATRIX:
        nothing = f" has {_NOTHING[options.view]} and" if options.view in _NOTHING and not tried else ""
        illegible = ": other views have names that are too small, or lines in a tangle" if tried and not failed else ""
        remarks.append(f"{name_of(scene)}{nothing} is drawn as a matrix{illegible}")
    return Picture(component_matrix(scene), View.MATRIX, extent(scene), tuple(remarks), engine_failed=failed)


def dot_picture(scene: Scene, options: DrawOptions) -> Picture:
    """Return the DOT text of the view asked for, or by the size of the component: also where a matrix is asked for."""
    options = _without_matrix(options)
    remarks = tuple(_excess(scene, options))
    for view, diagrams in _views(scene, options):
        for diagram in diagrams:
            return Picture(as_dot(diagram), view, _shown(scene, view, diagram), remarks)
    if options.view not in (View.AUTO, View.DIAGRAM):
        remarks = (f"{name_of(scene)} has {_NOTHING[options.view]} and is drawn as a diagram",)
    diagram = module_diagram(scene)
    return Picture(as_dot(diagram), View.DIAGRAM, _shown(scene, View.DIAGRAM, diagram), remarks)


def mermaid_picture(scene: Scene, options: DrawOptions) -> Picture | None:
    """Return a Mermaid chart of the view asked for, or of the next simpler one; None if each is too large."""
    for view, diagrams in _views(scene, _without_matrix(options)):
        for diagram in diagrams:
            drawn = for_chart(diagram)
            if chart := as_mermaid(drawn):
                return Picture(chart, view, _shown(scene, view, drawn), caption=reading(drawn))
    return None


def _without_matrix(options: DrawOptions) -> DrawOptions:
    return replace(options, view=View.AUTO) if options.view is View.MATRIX else options


def _views(scene: Scene, options: DrawOptions) -> Iterator[tuple[View, list[Diagram]]]:
    """Yield what can be tried for a view, the best first, each in several ways; nothing for the matrix."""
    if scene.by:
        if options.view is not View.MATRIX:
            yield View.DIAGRAM, list(group_diagrams(scene))
        return
    if _is_diagram(scene, options.view) and _arrows(scene) <= limits.DIAGRAM_ARROWS:
        yield View.DIAGRAM, list(module_diagrams(scene, all_imports=options.all_imports and _is_small(scene)))
    if options.view in (View.AUTO, View.PLAN) and (folded := list(plan_diagrams(scene))):
        yield View.PLAN, folded
    if options.view in (View.AUTO, View.PACKAGES):
        packages = list(package_diagrams(scene))
        enough = [found for found in packages if len(found.boxes) >= _FEW_PACKAGES or options.view is View.PACKAGES]
        if enough:
            yield View.PACKAGES, enough


def _is_wanted(view: View, options: DrawOptions) -> bool:
    """Tell whether a view is asked for, legible or not: all imports are asked for in the diagram of all modules."""
    return options.view is not View.AUTO or (options.all_imports and view is View.DIAGRAM)


def _excess(scene: Scene, options: DrawOptions) -> Iterator[str]:
    """Say what is asked for and would be too much, by counts alone."""
    if _is_diagram(scene, options.view):
        if _arrows(scene) > limits.DIAGRAM_ARROWS:
            yield f"{name_of(scene)}: too large for a diagram ({_arrows(scene):,} imports)"
        elif options.all_imports and not _is_small(scene):
            most = f"{_ALL_MODULES} modules or {_ALL_IMPORTS} imports"
            yield f"{name_of(scene)}: not all imports are drawn, since it has more than {most}"


def _is_diagram(scene: Scene, view: View) -> bool:
    return view is View.DIAGRAM or (view is View.AUTO and len(scene.modules) <= limits.DIAGRAM_MODULES)


def _is_small(scene: Scene) -> bool:
    return len(scene.modules) <= _ALL_MODULES and len(scene.dependencies) <= _ALL_IMPORTS


def _arrows(scene: Scene) -> int:
    return sum(dependency.skeleton for dependency in scene.dependencies)


def _shown(scene: Scene, view: View, diagram: Diagram) -> str:
    """Say how much of the component a diagram shows."""
    if scene.by:
        return f"{extent(scene)}, {counted(len(scene.plan.steps), 'cut')}"
    modules = counted(len(scene.modules), "module")
    if view is View.PLAN:
        return f"{modules}, {len(diagram.boxes):,} of them drawn"
    if view is View.PACKAGES:
        return f"{modules} in {len(diagram.boxes)} parts"
    return f"{modules}, {len(diagram.arrows):,} of {counted(len(scene.dependencies), 'import')} drawn"
