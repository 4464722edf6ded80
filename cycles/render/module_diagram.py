"""A drawing in; the sketch of its modules and imports, out: all of them, or the few that say the rest."""

import math
from collections.abc import Callable, Iterator

from cycles.render.captions import cut_label, edge_url, summary, tip, title
from cycles.render.diagram import Box, Frame, Line, Sketch
from cycles.render.scene import Drawing, Edge, Node
from cycles.render.source_links import link
from cycles.render.style import CUT_LINE, color_of, look_of
from cycles.render.text_metrics import shortened
from cycles.wording import clean, counted, short

_LONGEST_LABEL = 44
_MANY_MODULES, _MANY_CUTS = 60, 80
_NARROW, _WIDE = 1.0, 2.6


def modules_sketch(drawing: Drawing, *, all_imports: bool = False, url_template: str | None = None) -> Sketch:
    """Every module as a box; every cut and the skeleton of the other imports, or all of them, as lines."""
    shown = [edge for edge in drawing.edges if edge.skeleton or all_imports]
    ranks = drawing.ranks
    crowded = len(drawing.nodes) >= _MANY_MODULES or sum(edge.cut for edge in drawing.edges) > _MANY_CUTS
    weight = _weight(drawing)
    lines = [
        Line(
            importer=edge.importer,
            imported=edge.imported,
            up=edge.cut and ranks[edge.importer] < ranks[edge.imported],
            look=CUT_LINE if edge.cut else look_of(edge.kind, implied=edge.implied),
            label=cut_label(edge),
            width=weight(edge),
            tip=tip(edge, exact=drawing.cycles.exact),
            url=edge_url(url_template, edge),
        )
        for edge in shown
    ]
    return Sketch(
        title=title(drawing),
        notes=(summary(drawing), f"{len(shown):,} of {counted(len(drawing.edges), 'import')} drawn"),
        crowded=crowded,
        boxes=tuple(_box(node, drawing, url_template, framed=not crowded) for node in drawing.nodes),
        lines=tuple(lines),
        frames=() if crowded else tuple(_frames(drawing)),
        colors=tuple((frame.label, frame.color) for frame in _frames(drawing)) if crowded else (),
        cut_words=f"import to cut, #step of the plan: cycles through it{'' if drawing.cycles.exact else ' (at least)'}",
        remarks=tuple(_remarks(drawing, shown)),
    )


def _weight(drawing: Drawing) -> Callable[[Edge], float]:
    """The width of a line, by the logarithm of the cycles through it."""
    most = math.log1p(max((edge.cycles for edge in drawing.edges), default=1))
    return lambda edge: round(_NARROW + (_WIDE - _NARROW) * math.log1p(edge.cycles) / (most or 1), 2)


def _box(node: Node, drawing: Drawing, url_template: str | None, *, framed: bool) -> Box:
    grouped = node.group in drawing.groups
    inside = framed and grouped
    suffix = "/__init__" if node.label.endswith("/__init__") else ""
    label = short(node.module, node.group) + suffix if inside else node.label
    path = f"\n{clean(node.path)}" if node.path else ""
    return Box(
        name=node.module,
        label=(shortened(label, _LONGEST_LABEL),),
        frame=node.group if inside else "",
        color=color_of(drawing.groups.index(node.group)) if grouped else None,
        tip=f"{clean(node.module)}{path}",
        url=link(url_template, node.path, 1),
    )


def _frames(drawing: Drawing) -> Iterator[Frame]:
    for number, group in enumerate(drawing.groups):
        yield Frame(name=group, label=shortened(short(group, drawing.prefix), _LONGEST_LABEL), color=color_of(number))


def _remarks(drawing: Drawing, shown: list[Edge]) -> Iterator[str]:
    if len(shown) < len(drawing.edges):
        yield "An import is left out where a path of the others leads there anyway. "
    yield "Once the red imports are cut, every import points down. Width: cycles through the import."
