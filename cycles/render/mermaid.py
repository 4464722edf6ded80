"""Write a diagram as a Mermaid flowchart, for pages that draw these."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace

from cycles.render.diagram import Arrow, Box, Diagram
from cycles.render.quality import COLUMN
from cycles.render.style import CUT, EAGER, FOLDED, LIGHT, MERMAID_CUT, MERMAID_FRAME, TRAFFIC
from cycles.render.text_metrics import text_width
from cycles.report.escape import mermaid as text

_MOST_BOXES, _MOST_ARROWS = 30, 60
"""Mermaid draws more, but not so that anybody could follow the lines."""
_MOST_CHARACTERS = 50_000
"""Mermaid's own limit, `maxTextSize`."""
_LETTERS = 16.0
_LEAST_LETTERS = 9.0
"""Pixels of names in a README: one more than legible, since the width of a chart is only estimated."""
_AROUND_BOX, _LINE = 80.0, 20.0
"""What Mermaid adds to the text of a box to its sides, and how much room a line takes that passes a row of boxes."""
READING = (
    "What imports stands above what it imports. Red lines with ✂ are to be cut, in the order of the plan. "
    "A line without a head points up: its label says what imports what."
)


def as_mermaid(diagram: Diagram) -> str | None:
    """Return the flowchart, ending in a newline; None where it is more than Mermaid draws legibly, or at all.

    An arrow that points up has no head, but a label that says what imports what: Mermaid would lay it out downward.
    """
    if len(diagram.boxes) > _MOST_BOXES or len(diagram.arrows) > _MOST_ARROWS:
        return None
    if _LETTERS * COLUMN / max(_width(diagram), COLUMN) < _LEAST_LETTERS:
        return None
    chart = "".join(f"{line}\n" for line in _chart(diagram))
    return chart if len(chart) <= _MOST_CHARACTERS else None


def for_chart(diagram: Diagram) -> Diagram:
    """Return a diagram without the arrows that go with the step of another: a chart has no thin lines."""
    return replace(diagram, arrows=tuple(arrow for arrow in diagram.arrows if arrow.steps or arrow.style is not CUT))


def _width(diagram: Diagram) -> float:
    """Estimate how wide Mermaid draws a diagram: by the boxes of each row, and the lines that pass it.

    A box is in the row that the longest way from above leads to.
    """
    rows = dict.fromkeys((box.name for box in diagram.boxes), 0)
    ends = [
        (arrow.imported, arrow.importer) if arrow.up else (arrow.importer, arrow.imported) for arrow in diagram.arrows
    ]
    above: dict[str, list[str]] = defaultdict(list)
    for high, low in ends:
        above[low].append(high)
    for box in reversed(diagram.boxes):
        rows[box.name] = max((rows[high] + 1 for high in above[box.name]), default=0)
    widths: dict[int, float] = defaultdict(float)
    for box in diagram.boxes:
        widths[rows[box.name]] += max(text_width(line, _LETTERS) for line, _ in box.lines) + _AROUND_BOX
    for (high, low), arrow in zip(ends, diagram.arrows, strict=True):
        label = text_width(_label(arrow, {}), _LETTERS)
        for row in range(rows[high] + 1, rows[low]):
            widths[row] += _LINE + (label if row == (rows[high] + rows[low]) // 2 else 0)
    return max(widths.values(), default=0.0)


def _chart(diagram: Diagram) -> Iterator[str]:
    names = {box.name: f"n{number}" for number, box in enumerate(diagram.boxes)}
    yield "flowchart TB"
    yield f"  %% {READING}"
    yield f"  accTitle: {text(diagram.title)}"
    yield f"  accDescr: {text(diagram.notes[0])}"
    for number, frame in enumerate(diagram.frames):
        yield f'  subgraph g{number}["{text(frame.label)}"]'
        yield from (f"    {_box(box, names)}" for box in reversed(diagram.boxes) if box.frame == frame.name)
        yield "  end"
        # Mermaid's own colour of frames is a glaring yellow by light.
        yield f"  style g{number} fill:none,stroke:{MERMAID_FRAME}"
    yield from (f"  {_box(box, names)}" for box in reversed(diagram.boxes) if not box.frame)
    labels = {box.name: box.label for box in diagram.boxes}
    yield from (f"  {_arrow(arrow, names, labels)}" for arrow in diagram.arrows)
    for number, color in enumerate(sorted({box.color for box in diagram.boxes if box.color})):
        members = ",".join(names[box.name] for box in diagram.boxes if box.color == color)
        yield f"  classDef c{number} fill:{color},stroke:{LIGHT.border},color:{LIGHT.ink}"
        yield f"  class {members} c{number}"
    red = [str(number) for number, arrow in enumerate(diagram.arrows) if arrow.style is CUT]
    if red:
        yield f"  linkStyle {','.join(red)} stroke:{MERMAID_CUT},stroke-width:2.5px"


def _box(box: Box, names: Mapping[str, str]) -> str:
    return f'{names[box.name]}["{"<br>".join(text(line) for line, _ in box.lines)}"]'


def _arrow(arrow: Arrow, names: Mapping[str, str], labels: Mapping[str, str]) -> str:
    importer, imported = names[arrow.importer], names[arrow.imported]
    label = text(_label(arrow, labels))
    if arrow.up:
        return f'{imported} -. "{label}" .- {importer}'
    if arrow.style in (EAGER, TRAFFIC, FOLDED):
        return f'{importer} -- "{label}" --> {imported}' if label else f"{importer} --> {imported}"
    return f'{importer} -. "{label}" .-> {imported}' if label else f"{importer} -.-> {imported}"


def _label(arrow: Arrow, labels: Mapping[str, str]) -> str:
    """Return what stands on a line: steps, counts, and what imports what where the line cannot say it."""
    words = f"✂ {arrow.words}" if arrow.style is CUT else arrow.words
    if not arrow.up:
        return words
    ends = (labels.get(name, name.rpartition(".")[2]) for name in (arrow.importer, arrow.imported))
    return f"{words}: {' → '.join(ends)}"
