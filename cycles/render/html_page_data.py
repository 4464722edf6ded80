"""Gather what the HTML page shows, as JSON: its scripts refer to modules, dependencies and cuts by their places."""

import json
from collections.abc import Mapping, Sequence
from hashlib import sha256

from cycles.model import Cut
from cycles.render.choose_view import DrawOptions, fits_diagram
from cycles.render.engine import Engine
from cycles.render.geometry import Rectangle
from cycles.render.layout import lay_out
from cycles.render.module_diagram import module_diagram
from cycles.render.scene import Scene
from cycles.render.source_links import link
from cycles.render.style import LINE_STYLES, style_of
from cycles.report.fix_words import evidence
from cycles.report.format import clean, figure, place, short
from cycles.source.values import Import

_LONGEST_SOURCE = 400
_Value = str | int | float | bool | None | Sequence["_Value"] | Mapping[str, "_Value"]


def page_data(scenes: Sequence[Scene], options: DrawOptions) -> str:
    """Return a JSON object in ASCII that holds no `<`, `>` or `&`, so that a script element can hold it.

    Names are cleaned: what could turn a line around is escaped. Modules come with those on top that import the
    others.
    """
    components: list[_Value] = []
    engine = options.engine
    for scene in scenes:
        layout = None
        if engine is not None and fits_diagram(scene):
            layout = _layout(scene, engine, options.seconds)
            if layout is None:
                engine = None  # what hung once may hang for each of many components
        components.append(_component(scene, layout))
    # The address of what somebody tried in the page names it: that address is good for the same components only.
    version = sha256(_as_json(components).encode()).hexdigest()[:8]
    text = _as_json(
        {
            "version": version,
            "begin": {"view": options.view, "all": options.all_imports},
            "looks": {style.name: {"words": style.words} for style in LINE_STYLES},
            "components": components,
        }
    )
    return text.replace("<", r"\u003c").replace(">", r"\u003e").replace("&", r"\u0026")


def _as_json(value: _Value) -> str:
    return json.dumps(value, ensure_ascii=True, separators=(",", ":"), allow_nan=False)


def _component(scene: Scene, layout: _Value) -> _Value:
    plan = scene.plan
    cuts = {(cut.importer, cut.imported): number for number, cut in enumerate(plan.ranking.cuts)}
    readable = {module.name for module in scene.modules if module.path}
    return {
        "number": scene.number,
        "prefix": clean(scene.prefix),
        "cycles": {
            "count": f"{'' if scene.cycles.exact else 'at least '}{figure(scene.cycles.count)}",
            "exact": scene.cycles.exact,
            "measure": scene.cycles.measure,
        },
        "groups": [short(group, scene.prefix) for group in scene.groups],
        "modules": [
            {
                "name": clean(module.name),
                "label": module.label,
                "path": clean(module.path or ""),
                "url": module.url,
                "group": scene.groups.index(module.group) if module.group in scene.groups else -1,
            }
            for module in reversed(scene.modules)
        ],
        "dependencies": _dependencies(scene, cuts),
        "cuts": [
            _cut(cut, scene.prefix, scene.url_template if cut.importer in readable else None)
            for cut in plan.ranking.cuts
        ],
        "plan": [cuts[step.importer, step.imported] for step in plan.steps],
        "steps": [[step.modules_left, step.largest_left] for step in plan.steps],
        "layout": layout,
    }


def _dependencies(scene: Scene, cuts: Mapping[tuple[str, str], int]) -> _Value:
    places = {module.name: number for number, module in enumerate(reversed(scene.modules))}
    arrows = module_diagram(scene, all_imports=True).arrows
    return [
        {
            "importer": places[dependency.importer],
            "imported": places[dependency.imported],
            "look": style_of(dependency.kind, implied=dependency.implied).name,
            "cycles": f"{dependency.cycles:,}",
            "weight": arrow.width,
            "step": dependency.steps[-1] if dependency.steps else 0,
            "label": arrow.words,
            "skeleton": dependency.skeleton,
            "causes": sorted({cuts[found.importer, found.imported] for found in dependency.imports}),
        }
        for dependency, arrow in zip(scene.dependencies, arrows, strict=True)
    ]


def _cut(cut: Cut, prefix: str, url_template: str | None) -> _Value:
    return {
        "importer": short(cut.importer, prefix),
        "imported": short(cut.imported, prefix),
        "cycles": figure(cut.cycles),
        "frees": cut.frees,
        "largest": cut.largest_left,
        "reexport": cut.reexport,
        "how": evidence(cut.fix, cut) if cut.fix else None,
        "statements": [_statement(statement, url_template) for statement in cut.imports],
    }


def _statement(statement: Import, url_template: str | None) -> _Value:
    words = [word for word in (statement.kind, *statement.tags) if word != "eager"]
    source = clean(statement.line_contents)
    return {
        "place": place(statement),
        "url": link(url_template, statement.path, statement.line_number),
        "source": source if len(source) <= _LONGEST_SOURCE else f"{source[:_LONGEST_SOURCE]}…",
        "notes": ", ".join(dict.fromkeys(words)),
    }


def _layout(scene: Scene, engine: Engine, seconds: float) -> _Value:
    """Return where everything is, None where the engine fails; arrows by the number of their dependency."""
    diagram = module_diagram(scene)
    layout = lay_out(diagram, engine, seconds=seconds)
    if layout is None:
        return None
    skeleton = [number for number, dependency in enumerate(scene.dependencies) if dependency.skeleton]
    return {
        "width": layout.width,
        "height": layout.height,
        "boxes": [_numbers(box) for box in reversed(layout.boxes)],
        "labels": [box.label for box in reversed(diagram.boxes)],
        "frames": [
            {
                "area": _numbers(area),
                "label": frame.label,
                "spot": _numbers(spot),
                "group": scene.groups.index(frame.name),
            }
            for frame, area, spot in zip(diagram.frames, layout.frames, layout.frame_labels, strict=True)
        ],
        "routes": [
            [
                number,
                [axis for point in (*route.points, route.tip) for axis in point],
                list(label.center) if label else None,
            ]
            for number, route, label in zip(skeleton, layout.routes, layout.labels, strict=True)
        ],
    }


def _numbers(area: Rectangle) -> list[float]:
    return [area.x, area.y, area.width, area.height]
