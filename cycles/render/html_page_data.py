"""An Analysis, how to take components apart, and an engine in; all that the HTML page shows, as JSON, out."""

import json
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256

from cycles.model import Analysis, Cut, Cutting
from cycles.render.diagram import Line
from cycles.render.engine import Engine
from cycles.render.label_placement import frame_areas, number_areas
from cycles.render.layout import laid_out
from cycles.render.line_separation import parted
from cycles.render.module_diagram import modules_sketch
from cycles.render.scene import Drawing, Edge, drawing
from cycles.render.source_links import link
from cycles.render.style import LOOKS, look_of
from cycles.source.values import Import
from cycles.wording import clean, figure, manner, place, short
from cycles.words import View

MOST_MODULES, MOST_LINES = 150, 800
"""More than that the page lays out itself; above so many modules it begins with their packages."""

_LONGEST_SOURCE = 400
_Value = str | int | float | bool | None | Sequence["_Value"] | Mapping[str, "_Value"]


def page_data(
    analysis: Analysis,
    cuttings: Sequence[Cutting],
    *,
    engine: Engine | None,
    view: View,
    all_imports: bool,
    url_template: str | None,
) -> str:
    """A JSON object in ASCII that holds no `<`, `>` or `&`, so that it can stand in a script element.

    Names are cleaned: what could turn a line around stands there escaped. Modules come with those on top
    that import the others; a module, dependency or cut is referred to by its place.
    """
    components: list[_Value] = []
    for cutting in cuttings:
        shown = drawing(analysis, cutting)
        lines = sum(edge.skeleton for edge in shown.edges)
        wanted = engine is not None and len(shown.nodes) <= MOST_MODULES and lines <= MOST_LINES
        layout = _layout(shown, engine) if engine and wanted else None
        if wanted and layout is None:
            engine = None  # what hung once may hang for each of many components
        components.append(_component(cutting, shown, layout, url_template))
    looks: dict[str, _Value] = {look.name: {"words": look.words} for look in LOOKS}
    version = sha256(_as_json(components).encode()).hexdigest()[:8]
    begin: _Value = {"view": view, "all": all_imports}
    text = _as_json({"version": version, "begin": begin, "looks": looks, "components": components})
    return text.replace("<", r"\u003c").replace(">", r"\u003e").replace("&", r"\u0026")


def _as_json(value: _Value) -> str:
    return json.dumps(value, ensure_ascii=True, separators=(",", ":"), allow_nan=False)


def _component(cutting: Cutting, shown: Drawing, layout: _Value, url_template: str | None) -> _Value:
    modules = [node.module for node in reversed(shown.nodes)]
    paths = {node.module: node.path for node in shown.nodes}
    cuts = {(cut.importer, cut.imported): number for number, cut in enumerate(cutting.ranking.cuts)}
    lines = modules_sketch(shown, all_imports=True).lines
    return {
        "number": shown.number,
        "prefix": clean(shown.prefix),
        "cycles": {
            "count": f"{'' if shown.cycles.exact else 'at least '}{figure(shown.cycles.count)}",
            "exact": shown.cycles.exact,
            "measure": shown.cycles.measure,
        },
        "groups": [short(group, shown.prefix) for group in shown.groups],
        "modules": [
            {
                "name": clean(node.module),
                "label": node.label,
                "path": clean(node.path or ""),
                "url": link(url_template, node.path, 1),
                "group": shown.groups.index(node.group) if node.group in shown.groups else -1,
            }
            for node in reversed(shown.nodes)
        ],
        "dependencies": _dependencies(shown.edges, lines, modules, cuts),
        "cuts": [_cut(cut, shown.prefix, paths, url_template) for cut in cutting.ranking.cuts],
        "plan": [cuts[step.importer, step.imported] for step in cutting.plan],
        "steps": [[step.modules_left, step.largest_left] for step in cutting.plan],
        "layout": layout,
    }


def _dependencies(
    edges: Iterable[Edge], lines: Iterable[Line], modules: Sequence[str], cuts: Mapping[tuple[str, str], int]
) -> _Value:
    places = {module: number for number, module in enumerate(modules)}
    return [
        {
            "importer": places[edge.importer],
            "imported": places[edge.imported],
            "look": look_of(edge.kind, implied=edge.implied).name,
            "cycles": f"{edge.cycles:,}",
            "weight": line.width,
            "step": edge.steps[-1] if edge.steps else 0,
            "label": line.label,
            "skeleton": edge.skeleton,
            "causes": sorted({cuts[found.importer, found.imported] for found in edge.imports}),
        }
        for edge, line in zip(edges, lines, strict=True)
    ]


def _cut(cut: Cut, prefix: str, paths: Mapping[str, str | None], url_template: str | None) -> _Value:
    template = url_template if paths.get(cut.importer) else None
    return {
        "importer": short(cut.importer, prefix),
        "imported": short(cut.imported, prefix),
        "cycles": figure(cut.cycles),
        "frees": cut.frees,
        "largest": cut.largest_left,
        "reexport": cut.reexport,
        "how": manner(cut.how) if cut.how else None,
        "statements": [_statement(statement, template) for statement in cut.imports],
    }


def _statement(statement: Import, template: str | None) -> _Value:
    words = [word for word in (statement.kind, *statement.tags) if word != "eager"]
    source = clean(statement.line_contents)
    return {
        "place": place(statement),
        "url": link(template, statement.path, statement.line_number),
        "source": source if len(source) <= _LONGEST_SOURCE else f"{source[:_LONGEST_SOURCE]}…",
        "notes": ", ".join(dict.fromkeys(words)),
    }


def _layout(shown: Drawing, engine: Engine) -> _Value:
    """Where everything lies, None where the engine fails; lines by the number of their dependency."""
    sketch = modules_sketch(shown)
    layout = laid_out(sketch, engine)
    if layout is None:
        return None
    found = parted(sketch, layout)
    skeleton = [number for number, edge in enumerate(shown.edges) if edge.skeleton]
    areas = number_areas(sketch, found)
    routes = zip(skeleton, found.routes, areas, strict=True)
    return {
        "width": found.width,
        "height": found.height,
        "boxes": [[box.x, box.y, box.width, box.height] for box in reversed(found.boxes)],
        "labels": [box.label[0] for box in reversed(sketch.boxes)],
        "frames": [
            {
                "area": [area.x, area.y, area.width, area.height],
                "label": frame.label,
                "spot": [spot.x, spot.y, spot.width, spot.height],
                "group": shown.groups.index(frame.name),
            }
            for frame, area, spot in zip(sketch.frames, found.frames, frame_areas(sketch, found), strict=True)
        ],
        "routes": [
            [
                number,
                [axis for point in (*route.points, route.tip) for axis in point],
                [area.x + area.width / 2, area.y + area.height / 2] if area else None,
            ]
            for number, route, area in routes
        ],
    }
