"""A sketch in; a Mermaid flowchart out, for pages that draw these."""

from collections.abc import Iterator

from cycles.render.diagram import Box, Line, Sketch
from cycles.render.style import BORDER, CUT, CUT_LINE, EAGER, INK, TRAFFIC
from cycles.wording import clean

_MOST_BOXES, _MOST_LINES = 25, 60
_MOST_CHARACTERS = 50_000
_PLAIN = frozenset(" ./,:·▲…-()")
UPWARD = (
    "A line with ▲ is an import upward, by the module at its lower end; red ones are to be cut, in the plan's order."
)


def as_mermaid(sketch: Sketch) -> str | None:
    """The flowchart, ending in a newline; None where it is more than Mermaid draws legibly, or at all.

    A line that points up has no arrow but a ▲ in its label: Mermaid would lay an arrow out downward.
    """
    if len(sketch.boxes) > _MOST_BOXES or len(sketch.lines) > _MOST_LINES:
        return None
    chart = "".join(f"{line}\n" for line in _chart(sketch))
    return chart if len(chart) <= _MOST_CHARACTERS else None


def _chart(sketch: Sketch) -> Iterator[str]:
    names = {box.name: f"n{place}" for place, box in enumerate(sketch.boxes)}
    yield "flowchart TB"
    yield f"  %% {UPWARD}"
    yield f"  accTitle: {_text(sketch.title)}"
    yield f"  accDescr: {_text(' · '.join(sketch.notes))}"
    for number, frame in enumerate(sketch.frames):
        yield f'  subgraph g{number}["{_text(frame.label)}"]'
        yield from (f"    {_box(box, names)}" for box in reversed(sketch.boxes) if box.frame == frame.name)
        yield "  end"
    yield from (f"  {_box(box, names)}" for box in reversed(sketch.boxes) if not box.frame)
    for line in sketch.lines:
        yield f"  {_line(line, names)}"
    colors = sorted({box.color for box in sketch.boxes if box.color})
    for number, color in enumerate(colors):
        members = ",".join(names[box.name] for box in sketch.boxes if box.color == color)
        yield f"  classDef c{number} fill:{color},stroke:{BORDER},color:{INK}"
        yield f"  class {members} c{number}"
    red = [str(number) for number, line in enumerate(sketch.lines) if line.look is CUT_LINE]
    if red:
        yield f"  linkStyle {','.join(red)} stroke:{CUT},color:{CUT},stroke-width:2px"


def _box(box: Box, names: dict[str, str]) -> str:
    return f'{names[box.name]}["{"<br>".join(_text(line) for line in box.label)}"]'


def _line(line: Line, names: dict[str, str]) -> str:
    importer, imported = names[line.importer], names[line.imported]
    label = _text(line.label.removeprefix("#"))
    if line.up:
        return f'{imported} -. "▲ {label}" .- {importer}' if label else f"{imported} -.- {importer}"
    if line.look in (EAGER, TRAFFIC):
        return f'{importer} -- "{label}" --> {imported}' if label else f"{importer} --> {imported}"
    return f'{importer} -. "{label}" .-> {imported}' if label else f"{importer} -.-> {imported}"


def _text(text: str) -> str:
    """Text that Mermaid shows as it is: all that could mean something to it is written by its number.

    >>> _text('__init__ "x"')
    '#95;#95;init#95;#95; #34;x#34;'
    """
    return "".join(
        character if character.isalnum() or character in _PLAIN else f"#{ord(character)};" for character in clean(text)
    )
