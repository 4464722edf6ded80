"""Write a diagram as DOT text, for Graphviz to lay out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from graphviz import Digraph, escape, nohtml  # type: ignore[import-untyped]  # it ships no types

from cycles.render.diagram_model import NAME_SIZE, SMALL_SIZE, Arrow, Box, Diagram
from cycles.render.style import LIGHT
from cycles.report.wording import clean

_POINTS = 72
_FEW_BOXES = 8
"""So few can be further apart: a line between neighbours is then longer than its label is high."""
_PATIENCE = {"mclimit": "100", "searchsize": "300"}
"""How long the engine looks for fewer crossings: by itself it stops early, and leaves up to twice as many."""


@dataclass(frozen=True, slots=True)
class Way:
    """One of the ways to lay a diagram out: each shows the same, and any of them may have the fewest crossings.

    Attributes:
        spans: how many layers some arrows, by their numbers, lead down at least; all others one.
        patient: the engine takes several times as long to look for fewer crossings.
        straight: lines are made of straight pieces: curves cross others where they swing out.
        loose: arrows that lead up may be long, so that those that lead down are shorter.
        backward: the engine begins with boxes and arrows in the reverse order.
        tall: layers are far apart, so that the lines of a box with many neighbours part.
    """

    spans: Mapping[int, int] = field(default_factory=dict)
    patient: bool = False
    straight: bool = False
    loose: bool = False
    backward: bool = False
    tall: bool = False


def as_dot(diagram: Diagram) -> str:
    """Return the DOT text of a diagram: every arrow points down in it, or up where it is to be cut."""
    steps = [f"{line.number}  {line.cut}  {line.place}" for line in diagram.plan]
    below = "\n".join((*steps, *([diagram.more] if diagram.more else ()), *diagram.remarks))
    return _dot(diagram, Way(), title="\n".join((diagram.title, *diagram.notes)), below=below, labelled=True)


def layout_dot(diagram: Diagram, way: Way) -> str:
    """Return what is to be laid out: no texts around it, and no room for labels, which are small and stand on lines."""
    return _dot(diagram, way, title="", below="", labelled=False)


def _dot(diagram: Diagram, way: Way, *, title: str, below: str, labelled: bool) -> str:
    text = {"fontname": "Helvetica", "fontsize": f"{NAME_SIZE:g}", "fontcolor": LIGHT.ink}
    graph = Digraph(name=clean(diagram.title))
    few = len(diagram.boxes) <= _FEW_BOXES or diagram.roomy
    graph.attr(
        "graph",
        rankdir="TB",
        newrank="true",
        nodesep="0.3" if diagram.framed or few else "0.13",
        ranksep="1" if way.tall else "0.6" if few else "0.42" if diagram.framed else "0.34",
        bgcolor=LIGHT.paper,
        **(_PATIENCE if way.patient else {}),
        **({"splines": "polyline"} if way.straight else {}),
        **text,
        **({"label": _text(title), "labelloc": "t", "labeljust": "l"} if title else {}),
    )
    shape = {"shape": "box", "style": "rounded,filled", "fixedsize": "true"}
    graph.attr("node", **shape, **text, color=LIGHT.border, fillcolor=LIGHT.paper)
    graph.attr(
        "edge",
        fontname="Helvetica",
        fontsize=f"{SMALL_SIZE:g}",
        color=LIGHT.line,
        fontcolor=LIGHT.cut,
        arrowsize="0.8",
    )
    turn = -1 if way.backward else 1
    boxes = [(number, box, _name(number, box.name)) for number, box in enumerate(diagram.boxes)][::turn]
    names = {box.name: name for _, box, name in boxes}
    for number, frame in enumerate(diagram.frames):
        with graph.subgraph(name=f"cluster_{number}") as inside:
            inside.attr(id=f"f{number}", label=_text(frame.label), style="rounded,filled")
            inside.attr(fillcolor=LIGHT.backdrop, color=LIGHT.line, labeljust="l", labelloc="t", margin="10")
            _add_boxes(inside, boxes, frame.name)
    _add_boxes(graph, boxes, "")
    for number, arrow in list(enumerate(diagram.arrows))[::turn]:
        _add_arrow(graph, number, arrow, names, labelled=labelled, way=way)
    if below:
        # A box of its own, without lines: a graph has one label, and that is the title.
        graph.node("the plan", id="plan", label=_text(below, left=True), shape="plaintext", fixedsize="false", style="")
    return str(graph.source)


def _add_boxes(graph: Digraph, boxes: Sequence[tuple[int, Box, str]], frame: str) -> None:
    """Add the boxes of a frame, or those of none."""
    for number, box, name in boxes:
        if box.frame == frame:
            _add_box(graph, number, box, name)


def _add_box(graph: Digraph, number: int, box: Box, name: str) -> None:
    graph.node(
        name,
        id=f"n{number}",
        label=_text("\n".join(text for text, _ in box.lines)),
        tooltip=_text(box.tooltip),
        width=f"{box.width / _POINTS:.4f}",
        height=f"{box.height / _POINTS:.4f}",
        **({} if box.color is None else {"fillcolor": box.color}),
        **_url(box.url),
    )


def _add_arrow(
    graph: Digraph, number: int, arrow: Arrow, names: Mapping[str, str], *, labelled: bool, way: Way
) -> None:
    """Add an arrow; one that points up is written the other way around with its head at the back: so it is laid out."""
    tail, head = (arrow.imported, arrow.importer) if arrow.up else arrow.pair
    shape = {"dir": "back", "arrowtail": arrow.style.head} if arrow.up else {"arrowhead": arrow.style.head}
    span = way.spans.get(number, 1)
    color = {"cut": {"color": LIGHT.cut}, "gone": {"color": LIGHT.gone}}.get(arrow.style.look, {})
    graph.edge(
        names[tail],
        names[head],
        id=f"e{number}",
        style=arrow.style.dot_style,
        penwidth=f"{arrow.width:g}",
        tooltip=_text(arrow.tooltip),
        **shape,
        **color,
        **({"label": _text(arrow.words)} if labelled and arrow.words else {}),
        **({"minlen": str(span)} if span > 1 else {}),
        **({"weight": "0"} if way.loose and arrow.up else {}),
        **_url(arrow.url),
    )


def _name(number: int, name: str) -> str:
    """Return what a box is called in the DOT text: its own name where that is a dotted name, else its number."""
    return name if all(part.isidentifier() for part in name.split(".")) else str(number)


def _text(text: str, *, left: bool = False) -> str:
    """Return text to be shown as it is, line by line or from the left: no HTML, no entities, no escapes of DOT."""
    lines: list[str] = [escape(clean(line).replace("&", "&amp;")) for line in text.split("\n")]
    quoted: str = nohtml("\\l".join([*lines, ""]) if left else "\\n".join(lines))
    return quoted


def _url(url: str | None) -> dict[str, str]:
    return {} if url is None else {"URL": escape(url), "target": "_top"}
