"""A drawing and a view in; the picture of it that can be made, out, with what had to be left."""

from collections.abc import Iterator
from dataclasses import dataclass

from cycles.render.diagram import Sketch
from cycles.render.diagram_svg import as_picture
from cycles.render.engine import Engine
from cycles.render.layout import laid_out
from cycles.render.line_separation import parted
from cycles.render.matrix import as_matrix
from cycles.render.mermaid import as_mermaid
from cycles.render.module_diagram import modules_sketch
from cycles.render.package_diagram import packages_sketch
from cycles.render.scene import Drawing
from cycles.wording import clean, counted
from cycles.words import View

MATRIX_SIZES = range(26, 1001)
"""How many modules make a matrix worth having beside the diagram: below it is plain, above illegible."""
_MOST_MODULES, _MOST_LINES = 150, 800
_ALL_MODULES, _ALL_IMPORTS = 60, 150


@dataclass(frozen=True, slots=True)
class Picture:
    """An SVG document; the view that it is; how much of the component it shows; what was asked for and not possible.

    `engine_failed` says that the layout engine did not manage at least one of the views tried.
    """

    svg: str
    view: View
    shown: str
    remarks: tuple[str, ...]
    engine_failed: bool = False


@dataclass(frozen=True, slots=True)
class Sketched:
    """A sketch, the view that it is, and what was asked for and is too much."""

    sketch: Sketch
    view: View
    remarks: tuple[str, ...]


def as_svg(
    drawing: Drawing,
    engine: Engine | None,
    *,
    view: View = View.AUTO,
    all_imports: bool = False,
    url_template: str | None = None,
    seconds: float = 20.0,
) -> Picture:
    """The picture asked for, or the next simpler one: diagram, then sub-packages, then the matrix.

    The engine has so many seconds for each try. The matrix needs none; that there is none goes without a remark.
    """
    remarks = list(_excess(drawing, view, all_imports=all_imports)) if engine else []
    tried: list[View] = []
    for found in _sketches(drawing, view, all_imports=all_imports, url_template=url_template) if engine else ():
        layout = laid_out(found.sketch, engine, seconds=seconds) if engine else None
        if layout:
            picture = as_picture(found.sketch, parted(found.sketch, layout))
            return Picture(picture, found.view, shown(drawing, found), tuple(remarks), engine_failed=bool(tried))
        tried.append(found.view)
        failed = f"the layout engine failed on the {found.view} view, or needed more than {seconds:g} s"
        remarks.append(f"{_name(drawing)}: {failed}")
    if engine and view is not View.MATRIX:
        why = " has no sub-packages to draw and" if View.PACKAGES not in tried else ""
        remarks.append(f"{_name(drawing)}{why} is drawn as a matrix")
    everything = f"{counted(len(drawing.nodes), 'module')}, {counted(len(drawing.edges), 'import')}"
    matrix = as_matrix(drawing, url_template=url_template)
    return Picture(matrix, View.MATRIX, everything, tuple(remarks), engine_failed=bool(tried))


def sketched(
    drawing: Drawing, *, view: View = View.AUTO, all_imports: bool = False, url_template: str | None = None
) -> Sketched:
    """The sketch asked for, or by the size of the component; there is none of the matrix: that is taken as `auto`."""
    wanted = View.AUTO if view is View.MATRIX else view
    for found in _sketches(drawing, wanted, all_imports=all_imports, url_template=url_template):
        return found
    remarks = tuple(_excess(drawing, wanted, all_imports=all_imports))
    if wanted is View.PACKAGES:
        remarks = (f"{_name(drawing)} has no sub-packages to draw and is drawn as a diagram",)
    return Sketched(modules_sketch(drawing, url_template=url_template), View.DIAGRAM, remarks)


def charted(drawing: Drawing, *, view: View = View.AUTO, all_imports: bool = False) -> tuple[str, str] | None:
    """A Mermaid chart of the view asked for, or the next simpler one, and how much it shows; None if too large."""
    wanted = View.AUTO if view is View.MATRIX else view
    for found in _sketches(drawing, wanted, all_imports=all_imports, url_template=None):
        if chart := as_mermaid(found.sketch):
            return chart, shown(drawing, found)
    return None


def shown(drawing: Drawing, found: Sketched) -> str:
    """How much of the component a sketch shows."""
    modules = counted(len(drawing.nodes), "module")
    if found.view is View.PACKAGES:
        return f"{modules} in {len(found.sketch.boxes)} sub-packages"
    return f"{modules}, {len(found.sketch.lines):,} of {counted(len(drawing.edges), 'import')} drawn"


def _sketches(drawing: Drawing, view: View, *, all_imports: bool, url_template: str | None) -> Iterator[Sketched]:
    """What can be tried for a view, the best first; none for the matrix. Each says what would be too much."""
    remarks = tuple(_excess(drawing, view, all_imports=all_imports))
    if _is_diagram(drawing, view) and _lines(drawing) <= _MOST_LINES:
        whole = all_imports and _is_small(drawing)
        yield Sketched(modules_sketch(drawing, all_imports=whole, url_template=url_template), View.DIAGRAM, remarks)
    if view is not View.MATRIX and (packages := packages_sketch(drawing)):
        yield Sketched(packages, View.PACKAGES, remarks)


def _excess(drawing: Drawing, view: View, *, all_imports: bool) -> Iterator[str]:
    """What is asked for and would be too much, by counts alone."""
    if _is_diagram(drawing, view):
        if _lines(drawing) > _MOST_LINES:
            yield f"{_name(drawing)}: too large for a diagram ({_lines(drawing):,} imports)"
        elif all_imports and not _is_small(drawing):
            limits = f"{_ALL_MODULES} modules or {_ALL_IMPORTS} imports"
            yield f"{_name(drawing)}: not all imports are drawn, since it has more than {limits}"


def _is_diagram(drawing: Drawing, view: View) -> bool:
    return view is View.DIAGRAM or (view is View.AUTO and len(drawing.nodes) <= _MOST_MODULES)


def _is_small(drawing: Drawing) -> bool:
    return len(drawing.nodes) <= _ALL_MODULES and len(drawing.edges) <= _ALL_IMPORTS


def _lines(drawing: Drawing) -> int:
    return sum(edge.skeleton for edge in drawing.edges)


def _name(drawing: Drawing) -> str:
    return f"component {drawing.number} of {clean(drawing.package)}"
