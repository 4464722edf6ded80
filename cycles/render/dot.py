"""A sketch in; the DOT text that lays it out, out."""

from collections.abc import Mapping

from graphviz import Digraph, escape, nohtml  # type: ignore[import-untyped]  # it ships no types

from cycles.render.diagram import LABEL_SIZE, SMALL_SIZE, Box, Line, Sketch
from cycles.render.style import BACKDROP, BORDER, CUT, CUT_LINE, INK, MUTED, PAPER
from cycles.wording import clean

_POINTS = 72
_FEW_BOXES = 8
"""So few can stand further apart: a line between neighbours is then longer than its label is high."""


def as_dot(sketch: Sketch) -> str:
    """The sketch for Graphviz' `dot`: every line points down in it, or up where it is to be cut."""
    graph = Digraph(name=clean(sketch.title))
    graph.attr(
        "graph",
        rankdir="TB",
        newrank="true",
        nodesep="0.3",
        ranksep="0.6" if len(sketch.boxes) <= _FEW_BOXES else "0.42",
        bgcolor=PAPER,
        fontname="Helvetica",
        fontsize=f"{LABEL_SIZE:g}",
        fontcolor=INK,
        label=_text("\n".join((sketch.title, *sketch.notes))),
        labelloc="t",
        labeljust="l",
    )
    graph.attr(
        "node",
        shape="box",
        style="rounded,filled",
        fixedsize="true",
        fontname="Helvetica",
        fontsize=f"{LABEL_SIZE:g}",
        fontcolor=INK,
        color=BORDER,
        fillcolor=PAPER,
    )
    graph.attr("edge", fontname="Helvetica", fontsize=f"{SMALL_SIZE:g}", color=MUTED, fontcolor=CUT, arrowsize="0.8")
    for number, frame in enumerate(sketch.frames):
        with graph.subgraph(name=f"cluster_{number}") as inside:
            inside.attr(id=f"f{number}", label=_text(frame.label), style="rounded,filled")
            inside.attr(fillcolor=BACKDROP, color=frame.color, labeljust="l", labelloc="t", margin="10")
            for place, box in enumerate(sketch.boxes):
                if box.frame == frame.name:
                    _add_box(inside, place, box)
    for place, box in enumerate(sketch.boxes):
        if not box.frame:
            _add_box(graph, place, box)
    names = {box.name: _name(place, box.name) for place, box in enumerate(sketch.boxes)}
    for place, line in enumerate(sketch.lines):
        _add_line(graph, place, line, names, crowded=sketch.crowded)
    return str(graph.source)


def _add_box(graph: Digraph, place: int, box: Box) -> None:
    color = {} if box.color is None else {"fillcolor": box.color}
    graph.node(
        _name(place, box.name),
        id=f"n{place}",
        label=_text("\n".join(box.label)),
        tooltip=_text(box.tip),
        width=f"{box.width / _POINTS:.4f}",
        height=f"{box.height / _POINTS:.4f}",
        **color,
        **_url(box.url),
    )


def _add_line(graph: Digraph, place: int, line: Line, names: Mapping[str, str], *, crowded: bool) -> None:
    """A line that points up is written the other way around with its arrow at the back: so it is laid out."""
    tail, head = (line.imported, line.importer) if line.up else (line.importer, line.imported)
    arrow = {"dir": "back", "arrowtail": line.look.head} if line.up else {"arrowhead": line.look.head}
    color = {"color": CUT} if line.look is CUT_LINE else {}
    label = {"xlabel" if crowded else "label": _text(line.label)} if line.label else {}
    graph.edge(
        names[tail],
        names[head],
        id=f"e{place}",
        style=line.look.style,
        penwidth=f"{line.width:g}",
        tooltip=_text(line.tip),
        **arrow,
        **color,
        **label,
        **_url(line.url),
    )


def _name(place: int, name: str) -> str:
    """What stands for a box in the DOT text: its own name where that is a dotted name, else its number."""
    return name if all(part.isidentifier() for part in name.split(".")) else str(place)


def _text(text: str) -> str:
    """Text to be shown as it is, line by line: no HTML, no entities, no escapes of DOT."""
    lines: list[str] = [escape(clean(line).replace("&", "&amp;")) for line in text.split("\n")]
    quoted: str = nohtml("\\n".join(lines))
    return quoted


def _url(url: str | None) -> dict[str, str]:
    return {} if url is None else {"URL": escape(url), "target": "_top"}
