"""Make the picture of a component that was asked for, or the next simpler one that is possible."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from cycles import limits
from cycles.enums import View
from cycles.render.captions import extent, name_of
from cycles.render.diagram import Diagram
from cycles.render.diagram_svg import diagram_as_svg
from cycles.render.dot import as_dot
from cycles.render.engine import Engine
from cycles.render.layout import lay_out
from cycles.render.matrix import as_matrix
from cycles.render.mermaid import as_mermaid
from cycles.render.module_diagram import module_diagram
from cycles.render.package_diagram import package_diagram
from cycles.render.scene import Scene
from cycles.report.format import counted

MATRIX_SIZES = range(26, 1001)
"""How many modules make a matrix worth having besides the diagram: below it is plain, above illegible."""
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

    `engine_failed` says that the layout engine did not manage at least one of the views tried.
    """

    text: str
    view: View
    extent: str
    remarks: tuple[str, ...] = ()
    engine_failed: bool = False


def svg_picture(scene: Scene, options: DrawOptions) -> Picture:
    """Return the picture asked for, or the next simpler one: diagram, then sub-packages, then the matrix.

    The matrix needs no engine. Where there is no engine, that is not remarked upon.
    """
    engine = options.engine
    if engine is None:
        return Picture(as_matrix(scene), View.MATRIX, extent(scene))
    remarks = list(_excess(scene, options))
    tried: list[View] = []
    for view, diagram in _diagrams(scene, options):
        if layout := lay_out(diagram, engine, seconds=options.seconds):
            svg = diagram_as_svg(diagram, layout)
            return Picture(svg, view, _shown(scene, view, diagram), tuple(remarks), engine_failed=bool(tried))
        tried.append(view)
        failed = f"the layout engine failed on the {view} view, or needed more than {options.seconds:g} s"
        remarks.append(f"{name_of(scene)}: {failed}")
    if options.view is not View.MATRIX:
        why = " has no sub-packages to draw and" if View.PACKAGES not in tried else ""
        remarks.append(f"{name_of(scene)}{why} is drawn as a matrix")
    return Picture(as_matrix(scene), View.MATRIX, extent(scene), tuple(remarks), engine_failed=bool(tried))


def dot_picture(scene: Scene, options: DrawOptions) -> Picture:
    """Return the DOT text of the view asked for, or by the size of the component: also where a matrix is asked for."""
    options = _without_matrix(options)
    remarks = tuple(_excess(scene, options))
    for view, diagram in _diagrams(scene, options):
        return Picture(as_dot(diagram), view, _shown(scene, view, diagram), remarks)
    if options.view is View.PACKAGES:
        remarks = (f"{name_of(scene)} has no sub-packages to draw and is drawn as a diagram",)
    diagram = module_diagram(scene)
    return Picture(as_dot(diagram), View.DIAGRAM, _shown(scene, View.DIAGRAM, diagram), remarks)


def mermaid_picture(scene: Scene, options: DrawOptions) -> Picture | None:
    """Return a Mermaid chart of the view asked for, or of the next simpler one; None if each is too large."""
    for view, diagram in _diagrams(scene, _without_matrix(options)):
        if chart := as_mermaid(diagram):
            return Picture(chart, view, _shown(scene, view, diagram))
    return None


def fits_diagram(scene: Scene) -> bool:
    """Tell whether a diagram of all modules can be laid out in time."""
    return len(scene.modules) <= limits.DIAGRAM_MODULES and _arrows(scene) <= limits.DIAGRAM_ARROWS


def _without_matrix(options: DrawOptions) -> DrawOptions:
    return replace(options, view=View.AUTO) if options.view is View.MATRIX else options


def _diagrams(scene: Scene, options: DrawOptions) -> Iterator[tuple[View, Diagram]]:
    """Return what can be tried for a view, the best first; nothing for the matrix."""
    if _is_diagram(scene, options.view) and _arrows(scene) <= limits.DIAGRAM_ARROWS:
        yield View.DIAGRAM, module_diagram(scene, all_imports=options.all_imports and _is_small(scene))
    if options.view is not View.MATRIX and (packages := package_diagram(scene)):
        yield View.PACKAGES, packages


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
    modules = counted(len(scene.modules), "module")
    if view is View.PACKAGES:
        return f"{modules} in {len(diagram.boxes)} sub-packages"
    return f"{modules}, {len(diagram.arrows):,} of {counted(len(scene.dependencies), 'import')} drawn"
