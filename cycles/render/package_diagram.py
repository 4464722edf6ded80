"""A drawing in; the sketch of its sub-packages and the imports between them, out."""

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from cycles.render.captions import summary, title
from cycles.render.diagram import Box, Line, Sketch
from cycles.render.parcels import OWN, arranged, parcelled
from cycles.render.scene import Drawing, Edge
from cycles.render.style import AGAINST, CUT_LINE, OTHERS, TRAFFIC, Look, color_of
from cycles.render.text_metrics import shortened
from cycles.wording import clean, counted, place, short

_SHOWN_IMPORTS = 8
_LONGEST_LABEL = 44
_BOXES = (30, 20, 14, 10)
_MANY_LINES = 100
_NARROW, _WIDE = 1.0, 5.0

_Between = Mapping[tuple[str, str], Sequence[Edge]]


def packages_sketch(drawing: Drawing) -> Sketch | None:
    """Every sub-package as a box, all imports of one by another as one line; None where there is only one.

    The boxes stand in the order in which the fewest imports that stay point up.
    """
    modules = [node.module for node in drawing.nodes]
    for most in _BOXES:
        parcel_of = parcelled(modules, drawing.prefix, most)
        between, inside = _sorted_out(drawing, parcel_of)
        if len(between) <= _MANY_LINES:
            break
    if not between:
        return None
    staying = {pair: sum(not edge.cut for edge in edges) for pair, edges in between.items()}
    cuts = {pair: sum(edge.cut for edge in edges) for pair, edges in between.items()}
    order = arranged(list(dict.fromkeys(parcel_of[module] for module in modules)), staying, cuts)
    ranks = {name: rank for rank, name in enumerate(order)}
    crossing, crossing_cuts = sum(map(len, between.values())), sum(cuts.values())
    joined = any(name.endswith(OWN) for name in order)
    return Sketch(
        title=title(drawing, f" in {len(order)} sub-packages"),
        notes=(
            summary(drawing),
            f"{crossing:,} of {counted(len(drawing.edges), 'import')} cross between sub-packages, "
            + (f"{counted(crossing_cuts, 'import')} to cut among them" if crossing_cuts else "none of them to be cut"),
        ),
        crowded=False,
        boxes=tuple(_box(name, drawing, parcel_of, inside[name]) for name in order),
        lines=tuple(_lines(between, ranks)),
        frames=(),
        colors=(),
        cut_words="some of these are to be cut",
        remarks=(
            "On a line: the imports that it stands for, and how many of these are to be cut.",
            "Sub-packages stand in the order that has the fewest imports that stay pointing up."
            + (" p/* is what of p has no box of its own." if joined else ""),
        ),
    )


def _sorted_out(drawing: Drawing, parcel_of: Mapping[str, str]) -> tuple[_Between, Mapping[str, int]]:
    """The imports between each two different sub-packages, and how many to cut lie inside each."""
    between: dict[tuple[str, str], list[Edge]] = defaultdict(list)
    inside: dict[str, int] = defaultdict(int)
    for edge in drawing.edges:
        importer, imported = parcel_of[edge.importer], parcel_of[edge.imported]
        if importer != imported:
            between[importer, imported].append(edge)
        elif edge.cut:
            inside[importer] += 1
    return between, inside


def _box(name: str, drawing: Drawing, parcel_of: Mapping[str, str], cuts: int) -> Box:
    members = [node for node in drawing.nodes if parcel_of[node.module] == name]
    group = members[0].group
    alone = members[0].label if len(members) == 1 else ""
    package = name.removesuffix(OWN)
    label = short(package, drawing.prefix) + name[len(package) :]
    inside = f" · {counted(cuts, 'import')} to cut" if cuts else ""
    return Box(
        name=name,
        label=(shortened(alone or label, _LONGEST_LABEL), f"{counted(len(members), 'module')}{inside}"),
        frame="",
        color=color_of(drawing.groups.index(group)) if group in drawing.groups else OTHERS,
        tip="\n".join((clean(name), *(clean(node.module) for node in members[:_SHOWN_IMPORTS]), *_more(len(members)))),
        url=None,
    )


def _lines(between: _Between, ranks: Mapping[str, int]) -> Iterator[Line]:
    most = math.log1p(max(map(len, between.values()), default=1))
    for (importer, imported), edges in sorted(between.items()):
        up = ranks[importer] < ranks[imported]
        cut = sum(edge.cut for edge in edges)
        yield Line(
            importer=importer,
            imported=imported,
            up=up,
            look=_look(up=up, cut=cut),
            label=f"{cut:,} of {len(edges):,} cut" if cut else f"{len(edges):,}",
            width=round(_NARROW + (_WIDE - _NARROW) * math.log1p(len(edges)) / most, 2),
            tip=_tip(importer, imported, edges),
            url=None,
        )


def _look(*, up: bool, cut: int) -> Look:
    if cut:
        return CUT_LINE
    return AGAINST if up else TRAFFIC


def _tip(importer: str, imported: str, edges: Sequence[Edge]) -> str:
    """The names of both ends, and the first of the imports: those to be cut before the others."""
    listed = sorted(edges, key=lambda edge: not edge.cut)[:_SHOWN_IMPORTS]
    lines = [
        f"{place(edge.imports[0])}  {clean(edge.importer)} → {clean(edge.imported)}{' (to cut)' if edge.cut else ''}"
        for edge in listed
    ]
    return "\n".join((f"{clean(importer)} → {clean(imported)}", *lines, *_more(len(edges))))


def _more(count: int) -> tuple[str, ...]:
    return (f"… {count - _SHOWN_IMPORTS:,} more",) if count > _SHOWN_IMPORTS else ()
