"""An Analysis in; DOT, SVG, a matrix, Mermaid, Markdown and an HTML page out: functions to a string."""

from cycles.render.choose_view import MATRIX_SIZES, Picture, Sketched, as_svg, charted, shown, sketched
from cycles.render.dot import as_dot
from cycles.render.engine import Engine, find_engine, lay_out
from cycles.render.html_page import as_page
from cycles.render.markdown import as_markdown, image, mermaid_block
from cycles.render.matrix import as_matrix
from cycles.render.scene import Drawing, drawing
from cycles.render.source_links import check_template

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
