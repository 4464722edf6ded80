"""An Analysis in; DOT, SVG, a matrix, Mermaid, Markdown and an HTML page out: functions to a string."""

from cycles.diagrams.dot import as_dot
from cycles.diagrams.drawing import Drawing, drawing
from cycles.diagrams.engine import Engine, find_engine, lay_out
from cycles.diagrams.links import check_template
from cycles.diagrams.markdown import as_markdown, image, mermaid_block
from cycles.diagrams.matrix import as_matrix
from cycles.diagrams.page import as_page
from cycles.diagrams.views import MATRIX_SIZES, Picture, Sketched, as_svg, charted, shown, sketched

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
