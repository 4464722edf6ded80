"""An Analysis in; text for a terminal, out."""

from io import StringIO

from rich.console import Console

from cycles.model import Analysis
from cycles.reports.component import component_lines
from cycles.reports.overview import overview_lines


def as_text(analysis: Analysis, *, number: int | None, everything: bool, width: int, color: bool) -> str:
    """The analysis as text of `width` columns: the overview, or component `number` in detail.

    `everything` shows what is otherwise cut off. Only paths and source lines may be wider.
    """
    if number is None:
        lines = overview_lines(analysis, width, everything=everything)
    else:
        lines = component_lines(analysis, analysis.components[number - 1], width, everything=everything)
    output = StringIO()
    console = Console(
        file=output,
        width=width,
        force_terminal=color,
        color_system="standard" if color else None,
        highlight=False,
        markup=False,
        emoji=False,
    )
    for line in lines:
        line.rstrip()
        console.print(line, soft_wrap=True)
    return output.getvalue()
