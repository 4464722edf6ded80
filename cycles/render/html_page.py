"""An Analysis and how to take its components apart in; one HTML page to explore them, which needs no network, out."""

from base64 import b64encode
from collections.abc import Iterable, Sequence
from hashlib import sha256
from html import escape
from importlib.resources import files
from string import Template

from cycles.model import Analysis, Cutting
from cycles.render.engine import Engine
from cycles.render.html_page_data import page_data
from cycles.render.source_links import check_template
from cycles.wording import advice, clean, counted, nothing
from cycles.words import View

_SCRIPTS = (
    "elements",
    "model",
    "boxes",
    "layout",
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
_STYLES = ("page", "graph")


def as_page(
    analysis: Analysis,
    cuttings: Sequence[Cutting],
    *,
    engine: Engine | None,
    view: View = View.AUTO,
    all_imports: bool = False,
    url_template: str | None = None,
) -> str:
    """A whole HTML file; its content security policy allows its own script and style, by their hashes, nothing else.

    Up to 150 modules a component is laid out by the engine; without one, and above, the page does it itself.
    `view` and `all_imports` are what it begins with. Raises CyclesError where the template is none for links.
    """
    if url_template is not None:
        check_template(url_template)
    script = _script(_SCRIPTS)
    style = "".join(_asset(f"{name}.css") for name in _STYLES)
    package = clean(analysis.package)
    sizes = f"{counted(analysis.modules, 'module')} · {counted(analysis.imports, 'import')}"
    return Template(_asset("page.html")).substitute(
        policy=_policy(script, style),
        title=escape(f"{package} · import cycles"),
        heading=escape(f"Import cycles of {package}"),
        subtitle=escape(f"{analysis.graph_name}: {advice(analysis.graph_name)} · {sizes}"),
        nothing=escape(f"{package}: {nothing(analysis)}"),
        style=style,
        data=page_data(
            analysis, cuttings, engine=engine, view=view, all_imports=all_imports, url_template=url_template
        ),
        script=script,
    )


def _script(names: Iterable[str]) -> str:
    """The files as one script, strict, whose names nobody else can see."""
    parts = "\n".join(_asset(f"{name}.js") for name in names)
    return f'"use strict";\n(() => {{\n{parts}}})();\n'


def _policy(script: str, style: str) -> str:
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
