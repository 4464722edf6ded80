"""Write a diagram as a Mermaid flowchart, for pages that draw these."""

from collections.abc import Iterator, Mapping

from cycles.render.diagram import Arrow, Box, Diagram
from cycles.render.style import CUT, EAGER, LIGHT, TRAFFIC
from cycles.report.escape import mermaid as text

_MOST_BOXES, _MOST_ARROWS = 25, 60
"""Mermaid draws more, but not so that anybody could follow the lines."""
_MOST_CHARACTERS = 50_000
"""Mermaid's own limit, `maxTextSize`."""
UPWARD = (
    "▲ marks an import that points up: the lower module imports the upper one. "
    "Red lines are to be cut, in the order of the plan."
)


def as_mermaid(diagram: Diagram) -> str | None:
    """Return the flowchart, ending in a newline; None where it is more than Mermaid draws legibly, or at all.

    An arrow that points up has no head but a ▲ in its label: Mermaid would lay it out downward.
    """
    if len(diagram.boxes) > _MOST_BOXES or len(diagram.arrows) > _MOST_ARROWS:
        return None
    chart = "".join(f"{line}\n" for line in _chart(diagram))
    return chart if len(chart) <= _MOST_CHARACTERS else None


def _chart(diagram: Diagram) -> Iterator[str]:
    names = {box.name: f"n{number}" for number, box in enumerate(diagram.boxes)}
    yield "flowchart TB"
    yield f"  %% {UPWARD}"
    yield f"  accTitle: {text(diagram.title)}"
    yield f"  accDescr: {text(' · '.join(diagram.notes))}"
    for number, frame in enumerate(diagram.frames):
        yield f'  subgraph g{number}["{text(frame.label)}"]'
        yield from (f"    {_box(box, names)}" for box in reversed(diagram.boxes) if box.frame == frame.name)
        yield "  end"
    yield from (f"  {_box(box, names)}" for box in reversed(diagram.boxes) if not box.frame)
    yield from (f"  {_arrow(arrow, names)}" for arrow in diagram.arrows)
    for number, color in enumerate(sorted({box.color for box in diagram.boxes if box.color})):
        members = ",".join(names[box.name] for box in diagram.boxes if box.color == color)
        yield f"  classDef c{number} fill:{color},stroke:{LIGHT.border},color:{LIGHT.ink}"
        yield f"  class {members} c{number}"
    red = [str(number) for number, arrow in enumerate(diagram.arrows) if arrow.style is CUT]
    if red:
        yield f"  linkStyle {','.join(red)} stroke:{LIGHT.cut},color:{LIGHT.cut},stroke-width:2px"


def _box(box: Box, names: Mapping[str, str]) -> str:
    return f'{names[box.name]}["{"<br>".join(text(line) for line in box.label)}"]'


def _arrow(arrow: Arrow, names: Mapping[str, str]) -> str:
    importer, imported = names[arrow.importer], names[arrow.imported]
    label = text(arrow.label.removeprefix("#"))
    if arrow.up:
        return f'{imported} -. "▲ {label}" .- {importer}' if label else f"{imported} -.- {importer}"
    if arrow.style in (EAGER, TRAFFIC):
        return f'{importer} -- "{label}" --> {imported}' if label else f"{importer} --> {imported}"
    return f'{importer} -. "{label}" .-> {imported}' if label else f"{importer} -.-> {imported}"
