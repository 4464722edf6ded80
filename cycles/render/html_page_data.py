"""Gather what the HTML page shows, as JSON: its scripts refer to modules, dependencies and cuts by their places."""

import json
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from itertools import groupby

from cycles import limits
from cycles.model import Analysis, Cut
from cycles.render.choose_view import DrawOptions
from cycles.render.diagram import Box, line_height
from cycles.render.geometry import Rectangle
from cycles.render.html_page_pictures import Drawer, PagePicture, PagePictures
from cycles.render.module_diagram import module_diagram
from cycles.render.scene import Scene
from cycles.render.source_links import link
from cycles.render.style import LINE_STYLES, color_of, style_of
from cycles.render.text_metrics import text_width
from cycles.replay import crashing_after_each_step
from cycles.report.fix_words import evidence
from cycles.report.format import clean, figure, place, short
from cycles.source.values import Import

_LONGEST_SOURCE = 400
_Value = str | int | float | bool | None | Sequence["_Value"] | Mapping[str, "_Value"]


def page_data(analysis: Analysis, scenes: Sequence[Scene], options: DrawOptions) -> str:
    """Return a JSON object in ASCII that holds no `<`, `>` or `&`, so that a script element can hold it.

    Names are cleaned: what could turn a line around is escaped. Modules come with those on top that import the
    others.
    """
    drawer = Drawer(options.engine, options.seconds)
    budget = limits.Steps(limits.PAGE_FIRST_IMPORTS)
    components: list[_Value] = [
        _component(scene, drawer.pictures(scene), crashing_after_each_step(analysis, scene.plan, budget))
        for scene in scenes
    ]
    # The address of what somebody tried in the page names it: that address is good for the same components only.
    version = sha256(_as_json(components).encode()).hexdigest()[:8]
    text = _as_json(
        {
            "version": version,
            "begin": {"view": options.view, "all": options.all_imports},
            "looks": {style.name: {"words": style.words, "mark": style.mark} for style in LINE_STYLES},
            "components": components,
        }
    )
    return text.replace("<", r"\u003c").replace(">", r"\u003e").replace("&", r"\u0026")


def _as_json(value: _Value) -> str:
    return json.dumps(value, ensure_ascii=True, separators=(",", ":"), allow_nan=False)


def _component(scene: Scene, pictures: PagePictures, crashing: Sequence[Sequence[str]]) -> _Value:
    plan = scene.plan
    cuts = {(cut.importer, cut.imported): number for number, cut in enumerate(plan.ranking.cuts)}
    readable = {module.name for module in scene.modules if module.path}
    places = {module.name: number for number, module in enumerate(reversed(scene.modules))}
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
                "color": color_of(scene.groups.index(module.group)) if module.group in scene.groups else None,
            }
            for module in reversed(scene.modules)
        ],
        "runs": list(_runs(scene)),
        "dependencies": _dependencies(scene, places, cuts),
        "cuts": [
            _cut(cut, scene.prefix, scene.url_template if cut.importer in readable else None)
            for cut in plan.ranking.cuts
        ],
        "plan": [cuts[step.importer, step.imported] for step in plan.steps],
        "steps": [[step.modules_left, step.largest_left] for step in plan.steps],
        "crashes": [sorted(places[name] for name in names) for names in crashing],
        "whole": _picture(pictures.whole, places),
        "after": _picture(pictures.after, places),
        "levels": {clean(package): _picture(picture, places) for package, picture in pictures.levels.items()},
        "unlaid": pictures.unlaid,
    }


def _runs(scene: Scene) -> Iterator[list[int]]:
    """Yield the neighbours in the order of modules that are of one group: the first, and how many."""
    for group, run in groupby(enumerate(reversed(scene.modules)), key=lambda found: found[1].group):
        (first, _), *others = run
        if group in scene.groups:
            yield [first, 1 + len(others)]


def _dependencies(scene: Scene, places: Mapping[str, int], cuts: Mapping[tuple[str, str], int]) -> _Value:
    arrows = module_diagram(scene, all_imports=True).arrows
    return [
        {
            "importer": places[dependency.importer],
            "imported": places[dependency.imported],
            "look": style_of(dependency.kind, implied=dependency.implied).name,
            "cycles": f"{dependency.cycles:,}",
            "weight": arrow.width,
            "step": dependency.steps[-1] if dependency.steps else 0,
            "numbers": dependency.numbers,
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


def _picture(picture: PagePicture | None, places: Mapping[str, int]) -> _Value:
    """Return where everything is, the boxes that import the others first; an arrow by the places of its boxes."""
    if picture is None:
        return None
    diagram, layout = picture.diagram, picture.layout
    last = len(diagram.boxes) - 1
    ranks = {box.name: last - place for place, box in enumerate(diagram.boxes)}
    drawn = reversed(list(zip(picture.boxes, diagram.boxes, layout.boxes, strict=True)))
    return {
        "width": layout.width,
        "height": layout.height,
        "boxes": [
            {
                "title": shown.title,
                "label": _label(box, area),
                "color": box.color,
                "members": sorted(places[member] for member in shown.members),
                "enter": None if shown.enter is None else clean(shown.enter),
                "outside": shown.outside,
                "place": _place(area),
            }
            for shown, box, area in drawn
        ],
        "frames": [
            {"place": _place(area), "label": frame.label, "spot": _place(spot), "color": frame.color}
            for frame, area, spot in zip(diagram.frames, layout.frames, layout.frame_labels, strict=True)
        ],
        "lines": [
            {
                "ends": [ranks[arrow.importer], ranks[arrow.imported]],
                "points": [*route.points, route.tip],
                "label": label.center if label else None,
            }
            for arrow, route, label in zip(diagram.arrows, layout.routes, layout.labels, strict=True)
        ],
    }


def _label(box: Box, area: Rectangle) -> _Value:
    """Return the lines of a label: each with its size, how far below the upper edge it stands, and how wide it is."""
    down = (area.height - sum(line_height(size) for _, size in box.lines)) / 2
    found: list[_Value] = []
    for text, size in box.lines:
        down += line_height(size)
        found.append([text, size, round(down - 0.24 * size, 1), round(text_width(text, size), 1)])
    return found


def _place(area: Rectangle) -> _Value:
    return {"x": area.x, "y": area.y, "width": area.width, "height": area.height}
