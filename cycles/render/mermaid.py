"""Write a diagram as a Mermaid flowchart, for pages that draw these."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace

from cycles.render.diagram_model import Arrow, Box, Diagram
from cycles.render.style import CUT, EAGER, FOLDED, GONE, LIGHT, MERMAID_CUT, MERMAID_FRAME, MERMAID_GONE, NEW, TRAFFIC
from cycles.render.svg_page import COLUMN
from cycles.render.text_metrics import text_width
from cycles.report.escape import mermaid as text

_MOST_BOXES, _MOST_ARROWS = 30, 60
"""Mermaid draws more, but not so that anybody could follow the lines."""
_FEW_ARROWS, _MOST_ARROWS_OF_BOX = 12, 2.4
"""More than a few are too many where they are so many for each box: their labels hide each other, and push boxes far
apart."""
_MOST_NAMED = 5
"""Lines that point up and say in two lines of text what imports what; where there are more, the plan says it."""
_MOST_CHARACTERS = 50_000
"""Mermaid's own limit, `maxTextSize`."""
_LETTERS = 16.0
_LEAST_LETTERS = 10.0
"""Pixels of names in a README: more than legible, since the width of a chart is only estimated."""
_MANY_ARROWS = 20
"""More of them need more room than their number says: lines that cross push boxes apart."""
_AROUND_BOX, _AROUND_LABEL, _LINE = 110.0, 50.0, 40.0
"""What Mermaid adds to the text of a box and of a label, and the room of a line that passes a row: as measured."""

_CHANGES = ((NEW, "Red", "+"), (GONE, "Green", "-"))


def reading(diagram: Diagram) -> str:
    """Say how to read the chart of a diagram: what stands above what, and what its lines and numbers mean."""
    styles = {arrow.style for arrow in diagram.arrows}
    ordered = not any(arrow.up and not arrow.style.look for arrow in diagram.arrows)
    sentences = [f"What imports stands above what it imports{'' if ordered else ', where that is possible'}."]
    if CUT in styles:
        sentences.append(f"Red with ✂: {diagram.cut_words}.")
    sentences += [f"{color} with {sign}: {style.words}." for style, color, sign in _CHANGES if style in styles]
    if any(arrow.up for arrow in diagram.arrows):
        sentences.append(
            f"A line without a head points up{': its label says what imports what' if _is_named(diagram) else ''}."
        )
    if FOLDED in styles:
        sentences.append("A number counts the modules on the way that have no box.")
    if TRAFFIC in styles:
        sentences.append("A number counts imports.")
    return " ".join(sentences)


def as_mermaid(diagram: Diagram) -> str | None:
    """Return the flowchart, ending in a newline; None where it is more than Mermaid draws legibly, or at all.

    An arrow that points up has no head, but a label that says what imports what: Mermaid would lay it out downward.
    """
    boxes, arrows = len(diagram.boxes), len(diagram.arrows)
    if boxes > _MOST_BOXES or arrows > min(_MOST_ARROWS, max(_FEW_ARROWS, _MOST_ARROWS_OF_BOX * boxes)):
        return None
    if _LETTERS * COLUMN / max(_width(diagram), COLUMN) < _LEAST_LETTERS:
        return None
    chart = "".join(f"{line}\n" for line in _chart(diagram))
    return chart if len(chart) <= _MOST_CHARACTERS else None


def for_chart(diagram: Diagram) -> Diagram:
    """Return a diagram without the arrows that go with the step of another: a chart has no thin lines."""
    return replace(diagram, arrows=tuple(arrow for arrow in diagram.arrows if arrow.steps or not arrow.style.look))


def _width(diagram: Diagram) -> float:
    """Estimate how wide Mermaid draws a diagram: by the boxes, lines and labels of each row.

    A box is in the row that the longest way from above leads to; the label of a line is halfway between its ends.
    """
    rows = dict.fromkeys((box.name for box in diagram.boxes), 0)
    above: dict[str, list[str]] = defaultdict(list)
    for arrow in diagram.arrows:
        high, low = (arrow.imported, arrow.importer) if arrow.up else arrow.pair
        above[low].append(high)
    for box in reversed(diagram.boxes):
        # Between two rows of boxes there is one of labels.
        rows[box.name] = max((rows[high] + 2 for high in above[box.name]), default=0)
    widths: dict[int, float] = defaultdict(float)
    for box in diagram.boxes:
        widths[rows[box.name]] += max(text_width(line, _LETTERS) for line, _ in box.lines) + _AROUND_BOX
    labels = _names(diagram)
    for arrow in diagram.arrows:
        first, last = sorted((rows[arrow.importer], rows[arrow.imported]))
        for row in range(first + 1, last):
            widths[row] += _LINE
        parts = [text_width(part, _LETTERS) for part in _label(arrow, labels)]
        widths[(first + last) // 2] += max(parts) + _AROUND_LABEL if any(parts) else 0
    return max(widths.values(), default=0.0) * max(1.0, len(diagram.arrows) / _MANY_ARROWS)


def _chart(diagram: Diagram) -> Iterator[str]:
    names = {box.name: f"n{number}" for number, box in enumerate(diagram.boxes)}
    yield "flowchart TB"
    yield f"  %% {reading(diagram)}"
    yield f"  accTitle: {text(diagram.title)}"
    yield f"  accDescr: {text(diagram.notes[0])}"
    for number, frame in enumerate(diagram.frames):
        yield f'  subgraph g{number}["{text(frame.label)}"]'
        yield from (f"    {_box(box, names)}" for box in reversed(diagram.boxes) if box.frame == frame.name)
        yield "  end"
        # Mermaid's own colour of frames is a glaring yellow by light.
        yield f"  style g{number} fill:none,stroke:{MERMAID_FRAME}"
    yield from (f"  {_box(box, names)}" for box in reversed(diagram.boxes) if not box.frame)
    labels = _names(diagram)
    yield from (f"  {_arrow(arrow, names, labels)}" for arrow in diagram.arrows)
    for number, color in enumerate(sorted({box.color for box in diagram.boxes if box.color})):
        members = ",".join(names[box.name] for box in diagram.boxes if box.color == color)
        yield f"  classDef c{number} fill:{color},stroke:{LIGHT.border},color:{LIGHT.ink}"
        yield f"  class {members} c{number}"
    for look, color in (("cut", MERMAID_CUT), ("gone", MERMAID_GONE)):
        if drawn := [str(number) for number, arrow in enumerate(diagram.arrows) if arrow.style.look == look]:
            yield f"  linkStyle {','.join(drawn)} stroke:{color},stroke-width:2.5px"


def _box(box: Box, names: Mapping[str, str]) -> str:
    return f'{names[box.name]}["{"<br>".join(text(line) for line, _ in box.lines)}"]'


def _arrow(arrow: Arrow, names: Mapping[str, str], labels: Mapping[str, str]) -> str:
    importer, imported = names[arrow.importer], names[arrow.imported]
    label = "<br>".join(text(part) for part in _label(arrow, labels) if part)
    if arrow.up:
        return f'{imported} -. "{label}" .- {importer}'
    if arrow.style in (EAGER, TRAFFIC, FOLDED):
        return f'{importer} -- "{label}" --> {imported}' if label else f"{importer} --> {imported}"
    return f'{importer} -. "{label}" .-> {imported}' if label else f"{importer} -.-> {imported}"


def _label(arrow: Arrow, labels: Mapping[str, str]) -> tuple[str, ...]:
    """Return what stands on a line: steps, counts, and what imports what where the line cannot say it."""
    words = f"✂ {arrow.words}" if arrow.style is CUT else arrow.words
    if not arrow.up:
        return (words,)
    return (f"{words}: {labels[arrow.importer]}", f"→ {labels[arrow.imported]}") if labels else (f"{words} ↑",)


def _is_named(diagram: Diagram) -> bool:
    """Tell whether lines that point up have names in their labels: many of these would hide each other."""
    return sum(arrow.up for arrow in diagram.arrows) <= _MOST_NAMED


def _names(diagram: Diagram) -> Mapping[str, str]:
    return {box.name: box.label for box in diagram.boxes} if _is_named(diagram) else {}
