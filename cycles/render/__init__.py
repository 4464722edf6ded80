"""An Analysis in; DOT, SVG, a matrix, Mermaid, Markdown and an HTML page out: functions to a string."""

from cycles.render.dot import as_dot
from cycles.render.drawing import Drawing, drawing
from cycles.render.engine import Engine, find_engine, lay_out
from cycles.render.links import check_template
from cycles.render.markdown import as_markdown, image, mermaid_block
from cycles.render.matrix import as_matrix
from cycles.render.page import as_page
from cycles.render.views import MATRIX_SIZES, Picture, Sketched, as_svg, charted, shown, sketched

__all__ = [
    "MATRIX_SIZES",
    "Drawing",
    "Engine",
    "Picture",
    "Sketched",
    "as_dot",
    "as_markdown",
    "as_matrix",
    "as_page",
    "as_svg",
    "charted",
    "check_template",
    "drawing",
    "find_engine",
    "image",
    "lay_out",
    "mermaid_block",
    "shown",
    "sketched",
]
