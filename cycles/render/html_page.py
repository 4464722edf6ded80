"""Write one HTML page to explore the components of an analysis, and to try cuts in; it needs no network."""

from base64 import b64encode
from collections.abc import Sequence
from hashlib import sha256
from html import escape
from importlib.resources import files
from string import Template

from cycles.model import Analysis
from cycles.render.choose_view import DrawOptions
from cycles.render.html_page_data import page_data
from cycles.render.html_page_legend import component_options, heads, legends
from cycles.render.scene import Scene
from cycles.report.format import clean, counted, graph_meaning, no_cycles, whole_size
from cycles.report.text import head

_SCRIPTS = (
    "elements",
    "model",
    "address",
    "camera",
    "picture",
    "graph",
    "matrix",
    "panel",
    "lists",
    "controls",
    "view",
    "keys",
    "main",
    "show",
)
"""In this order: a script uses at once only what those before it define."""
_STYLES = ("page", "graph")
_RANKED = "Every cut, and what it does if it is the only one. Those that break most cycles come first."
_RANKED_GROUPS = "Every import of a module of one group by one of another."
_HEAD_WIDTH = 120
"""Characters for which the subtitle of the page has room."""


def as_page(analysis: Analysis, scenes: Sequence[Scene], options: DrawOptions) -> str:
    """Return a whole HTML file; its policy allows its own script and style, by their hashes, and nothing else.

    Its pictures are laid out by the engine now; without one, it has matrices and lists. The view and `all_imports` of
    the options are what it begins with.
    """
    # Strict, and in a function of its own: nobody else sees the names of these scripts.
    script = '"use strict";\n(() => {\n' + "\n".join(_asset(f"{name}.js") for name in _SCRIPTS) + "})();\n"
    style = "".join(_asset(f"{name}.css") for name in _STYLES)
    package = clean(analysis.package)
    others = "".join(head(analysis, _HEAD_WIDTH))
    sizes = f"{whole_size(analysis)} · {counted(analysis.imports, 'import')}"
    return Template(_asset("page.html")).substitute(
        policy=_policy(script, style),
        title=escape(f"{package} · import cycles"),
        heading=escape(f"Import cycles {'between groups ' if analysis.by else ''}of {package}"),
        subtitle=escape(f"{analysis.graph_name}: {graph_meaning(analysis.graph_name)} · {others} · {sizes}"),
        one=_hidden(len(scenes) <= 1),
        some=_hidden(bool(scenes)),
        none=_hidden(not scenes),
        node="group" if analysis.by else "module",
        ranked=_RANKED_GROUPS if analysis.by else _RANKED,
        nothing=escape(f"{package}: {no_cycles(analysis)}"),
        style=style,
        heads=heads(),
        components=component_options(scenes),
        legends=legends(scenes),
        data=page_data(analysis, scenes, options),
        script=script,
    )


def _hidden(hidden: bool) -> str:  # noqa: FBT001  it is what it says
    return " hidden" if hidden else ""


def _policy(script: str, style: str) -> str:
    """Return the content security policy."""
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src {_hash(script)}",
            f"style-src {_hash(style)}",
            "base-uri 'none'",
            "form-action 'none'",
            "require-trusted-types-for 'script'",
            "trusted-types 'none'",
        )
    )


def _hash(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def _asset(name: str) -> str:
    return files("cycles.render").joinpath("page", name).read_text(encoding="utf-8")
