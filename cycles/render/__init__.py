"""Draw components: SVG diagrams and matrices, DOT, Mermaid, Markdown and an HTML page, each as a string."""

from cycles.render.choose_view import (
    MATRIX_SIZES,
    DrawOptions,
    Picture,
    dot_picture,
    mermaid_picture,
    svg_picture,
)
from cycles.render.engine import Engine, find_engine
from cycles.render.html_page import as_page
from cycles.render.markdown import as_markdown, image, mermaid_block
from cycles.render.matrix import as_matrix
from cycles.render.scene import Scene, scene_of
from cycles.render.source_links import check_template

__all__ = [
    "MATRIX_SIZES",
    "DrawOptions",
    "Engine",
    "Picture",
    "Scene",
    "as_markdown",
    "as_matrix",
    "as_page",
    "check_template",
    "dot_picture",
    "find_engine",
    "image",
    "mermaid_block",
    "mermaid_picture",
    "scene_of",
    "svg_picture",
]
