"""Gather what the HTML page shows, as JSON: its scripts refer to modules, dependencies and cuts by their places."""

import json
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from itertools import groupby

from cycles import limits
from cycles.grouping import Grouping
from cycles.model import Analysis, Cut, CycleCount
from cycles.render.choose_view import DrawOptions
from cycles.render.diagram_model import Box, line_height
from cycles.render.geometry import Rectangle
from cycles.render.html_page_diagrams import Drawer, PagePicture, PagePictures
from cycles.render.module_diagram import module_diagram
from cycles.render.package_diagram import group_diagrams
from cycles.render.scene import DrawnDependency, Scene, link
from cycles.render.style import LINE_STYLES, color_of, style_of
from cycles.render.text_metrics import text_width
from cycles.report.fix_words import evidence
from cycles.report.wording import clean, counted, figure, place, short
from cycles.simulated_plan import crashing_after_each_step
from cycles.source.import_values import Import
from cycles.source.module_names import packages_on_the_way

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
        _component(
            scene,
            drawer.pictures(scene),
            () if scene.by else crashing_after_each_step(analysis, scene.plan, budget),
        )
        for scene in scenes
    ]
    # The address of what somebody tried in the page names it: that address is good for the same components only.
    version = sha256(_as_json(components).encode()).hexdigest()[:8]
    text = _as_json(
        {
            "version": version,
            "node": "group" if analysis.by else "module",
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
    cuts = {cut.pair: number for number, cut in enumerate(plan.ranking.cuts)}
    readable = {module.name for module in scene.modules if module.path}
    places = {module.name: number for number, module in enumerate(reversed(scene.modules))}
    members = _members(scene)
    inner = {name: number for number, name in enumerate(members)}
    return {
        "number": scene.number,
        "prefix": clean(scene.prefix),
        "cycles": _cycles(scene.cycles),
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
        "inner": [{"label": short(name, scene.prefix), "group": places[members[name]]} for name in members],
        "runs": list(_runs(scene)),
        "dependencies": _dependencies(scene, places, cuts, inner),
        "cuts": [_cut(cut, scene, is_readable=bool(scene.by) or cut.importer in readable) for cut in plan.ranking.cuts],
        "plan": [cuts[step.importer, step.imported] for step in plan.steps],
        "steps": list(_after_steps(scene, crashing)),
        "crashes": [sorted(places[name] for name in names) for names in crashing],
        "whole": _picture(pictures.whole, places),
        "after": _picture(pictures.after, places),
        "levels": {clean(package): _picture(picture, places) for package, picture in pictures.levels.items()},
        "unlaid": pictures.unlaid,
    }


def _cycles(found: CycleCount) -> str:
    """Say what the cycles through a dependency are a part of."""
    count = f"{'' if found.exact else 'at least '}{figure(found.count)} cycles ran through it before any cut"
    return count if found.exact else f"{count} (counted: {found.measure})"


def _after_steps(scene: Scene, crashing: Sequence[Sequence[str]]) -> Iterator[str]:
    """Say of every step what is left then, as far as that is known."""
    for number, step in enumerate(scene.plan.steps, 1):
        left = f"{counted(step.modules_left, scene.node)} on cycles, the largest component {step.largest_left:,}"
        crash = ""
        if number < len(crashing):
            count = len(crashing[number])
            some = f"{counted(count, 'module')} still {'crashes' if count == 1 else 'crash'} when imported first"
            crash = f"; {some if count else 'every module can be imported first'}"
        yield f"then {left if step.modules_left else 'no cycle left'}{crash}"


def _runs(scene: Scene) -> Iterator[list[int]]:
    """Yield the neighbours in the order of modules that are of one group: the first, and how many."""
    for group, run in groupby(enumerate(reversed(scene.modules)), key=lambda found: found[1].group):
        (first, _), *others = run
        if group in scene.groups:
            yield [first, 1 + len(others)]


def _members(scene: Scene) -> dict[str, str]:
    """Return the modules at the ends of the imports between groups, each with its group; of modules none."""
    if scene.by is None:
        return {}
    found: dict[str, str] = {}
    for dependency in scene.dependencies:
        for importer, imported in _ends(dependency, scene.by).values():
            found |= {importer: dependency.importer, imported: dependency.imported}
    return dict(sorted(found.items()))


def _ends(dependency: DrawnDependency, by: Grouping) -> dict[tuple[str, str], tuple[str, str]]:
    """Return for each import between two groups the modules in them: what it names, or the package that it runs."""
    groups = dependency.importer, dependency.imported
    found = {}
    for importer, imported in sorted({found.pair for found in dependency.imports}):
        run = (
            name for name in (imported, *packages_on_the_way(importer, imported)) if by.ends(importer, name) == groups
        )
        found[importer, imported] = importer, next(run, imported)
    return found


def _dependencies(
    scene: Scene,
    places: Mapping[str, int],
    cuts: Mapping[tuple[str, str], int],
    inner: Mapping[str, int],
) -> _Value:
    diagram = next(group_diagrams(scene)) if scene.by else module_diagram(scene, all_imports=True)
    return [
        {
            "importer": places[dependency.importer],
            "imported": places[dependency.imported],
            "look": style_of(dependency.kind, implied=dependency.implied).name,
            "cycles": None if scene.by else f"{dependency.cycles:,}",
            "weight": arrow.width,
            "step": dependency.steps[-1] if dependency.steps else 0,
            "numbers": dependency.numbers,
            "skeleton": dependency.skeleton,
            "causes": sorted({cuts[found.importer, found.imported] for found in dependency.imports}),
            "ends": {
                str(cuts[pair]): [inner[end] for end in ends]
                for pair, ends in (_ends(dependency, scene.by).items() if scene.by else ())
            },
        }
        for dependency, arrow in zip(scene.dependencies, diagram.arrows, strict=True)
    ]


def _cut(cut: Cut, scene: Scene, *, is_readable: bool) -> _Value:
    return {
        "importer": short(cut.importer, scene.prefix),
        "imported": short(cut.imported, scene.prefix),
        "alone": "" if scene.by else _alone(cut),
        "reexport": cut.reexport,
        "how": evidence(cut.fix, cut) if cut.fix else None,
        "statements": [_statement(statement, scene.url_template if is_readable else None) for statement in cut.imports],
    }


def _alone(cut: Cut) -> str:
    """Say what a cut of modules does without the others."""
    broken = f"cycles broken: {figure(cut.cycles)}"
    if cut.frees is None:
        return broken
    return f"{broken} · frees {counted(cut.frees, 'module')} · largest component left {cut.largest_left:,}"


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
                "place": area._asdict(),
            }
            for shown, box, area in drawn
        ],
        "frames": [
            {"place": area._asdict(), "label": frame.label, "spot": spot._asdict(), "color": frame.color}
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
