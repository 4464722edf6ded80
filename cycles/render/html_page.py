"""Write one HTML page to explore the components of an analysis, and to try cuts in; it needs no network."""

from base64 import b64encode
from collections.abc import Collection, Iterable, Sequence
from hashlib import sha256
from html import escape
from importlib.resources import files
from string import Template

from cycles.model import Analysis
from cycles.render.choose_view import DrawOptions
from cycles.render.html_page_data import page_data
from cycles.render.scene import Scene
from cycles.render.style import LINE_STYLES, LineStyle, Mark, style_of
from cycles.render.text_metrics import shortened
from cycles.report.terminal import head
from cycles.report.wording import clean, counted, graph_meaning, no_cycles, short, whole_size

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
        components=_component_options(scenes),
        legends=_legends(scenes),
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


_HEADS = {
    "normal": "M0 0 9 4.5 0 9Z",
    "empty": "M1 1 8 4.5 1 8Z",
    "vee": "M0 0 9 4.5 0 9",
    "odot": "M1 4.5a3.5 3.5 0 1 0 7 0a3.5 3.5 0 1 0-7 0",
}
_SQUARE = "M3 2h9v9h-9z"
_MARKS = {
    Mark.FULL: _SQUARE,
    Mark.HOLLOW: _SQUARE,
    Mark.HALF: "M3 2v9h9z",
    Mark.DOT: "M5.25 6.5a2.25 2.25 0 1 1 4.5 0a2.25 2.25 0 1 1-4.5 0z",
    Mark.CUT: "M7.5 1l5.5 5.5l-5.5 5.5l-5.5-5.5z",
}
_CROSSED = "M3 2l9 9m-9 0l9-9"
_LONGEST_PREFIX = 40
_PLANNED, _GONE = "a cut of the plan, with its step", "cut"
_COUNTED = "imports of one group by another, and how many"


def heads() -> str:
    """Return the arrow heads of lines as markers that styles refer to."""
    markers = "".join(
        f'<marker id="head-{name}" class="head {name}" viewBox="-1 -1 11 11" refX="9" refY="4.5" markerWidth="10" '
        f'markerHeight="10" markerUnits="userSpaceOnUse" orient="auto"><path d="{path}"/></marker>'
        for name, path in _HEADS.items()
    )
    return f'<svg class="heads" width="0" height="0" aria-hidden="true">{markers}</svg>'


def _legends(scenes: Collection[Scene]) -> str:
    """Return the legends of graph and matrix: a check box hides the imports of a kind, of those that occur."""
    found = {style_of(edge.kind, implied=edge.implied) for scene in scenes for edge in scene.dependencies}
    styles = [style for style in LINE_STYLES if style in found]
    sign = '<span class="crash-sign" aria-hidden="true">!</span>'
    crashes = f'<span class="filter crash-words">{sign}crashes when imported first</span>'
    graph = [*(_filter(style, _line(f"look-{style.name}")) for style in styles)]
    graph += [_entry(_line("planned"), _PLANNED), _entry(_line("gone"), _GONE), crashes]
    matrix = [*(_filter(style, _mark(style.mark.value, _MARKS[style.mark])) for style in styles)]
    if any(scene.by for scene in scenes):
        matrix.append(_entry(_mark(Mark.HOLLOW.value, _MARKS[Mark.HOLLOW]), _COUNTED))
    matrix += [_entry(_mark("cut", _MARKS[Mark.CUT]), _PLANNED), _entry(_mark("crossed", _CROSSED), _GONE)]
    return "".join(
        f'<div class="legend" role="group" aria-label="Kinds of import: filter and legend" data-on="{tab}">'
        f"{''.join(entries)}</div>"
        for tab, entries in (("graph", graph), ("matrix", matrix))
    )


def _component_options(scenes: Iterable[Scene]) -> str:
    """Return the components as options of a list."""
    names = []
    for number, scene in enumerate(scenes):
        below = f" below {shortened(clean(scene.prefix), _LONGEST_PREFIX)}" if scene.prefix else ""
        named = f"named after {shortened(short(scene.plan.component.name, scene.prefix), _LONGEST_PREFIX)}"
        text = escape(f"#{scene.number} ({named}): {counted(len(scene.modules), scene.node)}{below}")
        names.append(f'<option value="{number}">{text}</option>')
    return "".join(names)


def _filter(style: LineStyle, sample: str) -> str:
    box = f'<input type="checkbox" data-look="{style.name}" checked>'
    return f'<label class="filter">{box}{sample}{escape(style.words)}</label>'


def _entry(sample: str, words: str) -> str:
    return f'<span class="filter">{sample}{escape(words)}</span>'


def _line(name: str) -> str:
    return (
        f'<svg class="sample" width="34" height="12" aria-hidden="true"><g class="line {name}">'
        '<path class="stroke" d="M1 6H32" stroke-width="1.5"/></g></svg>'
    )


def _mark(name: str, path: str) -> str:
    return f'<svg class="sample mark-{name}" width="15" height="13" aria-hidden="true"><path d="{path}"/></svg>'
