"""Results in; text for a terminal, out. Only paths and source lines may be wider than the width asked for."""

from collections.abc import Iterable
from io import StringIO

from rich.console import Console
from rich.text import Text

from cycles.model import Analysis, Cutting, Entrances, Hoist, Reason
from cycles.report.component import component_lines
from cycles.report.cutting import cuttings_lines
from cycles.report.entrances import entrances_lines
from cycles.report.overview import overview_lines
from cycles.report.reason import reason_lines


def as_text(analysis: Analysis, *, number: int | None, everything: bool, width: int, color: bool) -> str:
    """The overview of an analysis, or its component `number` in detail; `everything` shows what is else cut off."""
    if number is None:
        return _rendered(overview_lines(analysis, width, everything=everything), width, color=color)
    component = analysis.components[number - 1]
    return _rendered(component_lines(analysis, component, width, everything=everything), width, color=color)


def cuttings_as_text(
    analysis: Analysis,
    cuttings: tuple[Cutting, ...],
    hoists: tuple[Hoist, ...] | None = None,
    *,
    everything: bool,
    width: int,
    color: bool,
) -> str:
    """How to take components apart, and what may then be hoisted; `everything` shows what is else cut off."""
    return _rendered(cuttings_lines(analysis, cuttings, hoists, width, everything=everything), width, color=color)


def reason_as_text(analysis: Analysis, reason: Reason, *, everything: bool, width: int, color: bool) -> str:
    """One dependency; `everything` shows what is else cut off."""
    return _rendered(reason_lines(analysis, reason, width, everything=everything), width, color=color)


def entrances_as_text(analysis: Analysis, found: Entrances, *, everything: bool, width: int, color: bool) -> str:
    """Which modules can be imported first; `everything` shows what is else cut off."""
    return _rendered(entrances_lines(analysis, found, width, everything=everything), width, color=color)


def _rendered(lines: Iterable[Text], width: int, *, color: bool) -> str:
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
