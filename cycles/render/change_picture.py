"""Make the picture of what a change does to import cycles, in the format asked for, and a chart for a comment."""

from cycles.check.changes import Change, GraphChange
from cycles.enums import View
from cycles.render.arranging import arrange, least_letters, untangled
from cycles.render.change_diagram import change_diagram
from cycles.render.choose_view import DrawOptions, Picture
from cycles.render.diagram import Diagram
from cycles.render.diagram_svg import diagram_as_svg
from cycles.render.dot import as_dot
from cycles.render.markdown import mermaid_block, plan_table
from cycles.render.matrix import as_matrix
from cycles.render.mermaid import as_mermaid, for_chart, reading
from cycles.report.escape import markdown as escaped

_MOST_BOXES = (24, 16, 10, 6)
"""Fewer are tried where a picture would not be legible."""
_IN_PASSING = 12
"""A larger picture in a comment is not read in passing."""


def change_picture(change: Change, found: GraphChange, options: DrawOptions, suffix: str) -> Picture | None:
    """Return the picture as "svg", "dot", "mmd" or "md"; None where the change adds and removes nothing on cycles."""
    diagrams = _diagrams(change, found)
    if not diagrams:
        return None
    match suffix:
        case "dot":
            return Picture(as_dot(diagrams[0]), View.DIAGRAM, diagrams[0].notes[1])
        case "mmd" | "md":
            for diagram in diagrams:
                drawn = for_chart(diagram)
                chart = as_mermaid(drawn)
                if chart or diagram is diagrams[-1]:
                    break
            text = (chart or "") if suffix == "mmd" else _document(drawn, chart)
            return Picture(text, View.DIAGRAM, drawn.notes[1])
        case _:
            return _svg(diagrams, options)


def change_chart(change: Change) -> str | None:
    """Return the chart of the first graph that a change adds something to or removes something from, for a comment."""
    for found in change.graphs:
        if found.difference and (diagram := change_diagram(change, found, most=_IN_PASSING)):
            drawn = for_chart(diagram)
            if chart := as_mermaid(drawn):
                return mermaid_block(chart, reading(drawn))
    return None


def _diagrams(change: Change, found: GraphChange) -> list[Diagram]:
    made = [change_diagram(change, found, most=most) for most in _MOST_BOXES]
    return [diagram for diagram in made if diagram]


def _svg(diagrams: list[Diagram], options: DrawOptions) -> Picture:
    if options.engine:
        letters = least_letters(len(diagrams[0].boxes))
        if arranged := arrange(diagrams, options.engine, seconds=options.seconds, letters=letters):
            best = untangled(arranged, options.engine, seconds=options.seconds, letters=letters)
            return Picture(diagram_as_svg(best.diagram, best.layout), View.DIAGRAM, best.diagram.notes[1])
    return Picture(as_matrix(diagrams[0], order=""), View.MATRIX, diagrams[0].notes[1])


def _document(diagram: Diagram, chart: str | None) -> str:
    lines = [f"**{escaped(diagram.title)}.**", "", *(f"{escaped(note)}\n" for note in diagram.notes)]
    lines += [mermaid_block(chart, reading(diagram)), ""] if chart else []
    return "\n".join((*lines, *plan_table(diagram))) + "\n"
