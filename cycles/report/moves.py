"""Show as text which definitions to move before imports are cut, and why none are."""

from collections.abc import Iterator, Sequence

from rich.text import Text

from cycles.fixes.values import Move, MovePlan, RefusedMove
from cycles.model import Component
from cycles.report.format import common_prefix, counted, short
from cycles.report.text import TextStyle, join_lines, paragraph, section

_SHOWN_NAMES = 6


def moves_as_text(planned: Sequence[tuple[Component, MovePlan]], style: TextStyle) -> str:
    """Return the moves of components, and a line for each component that is cheaper to take apart without."""
    return join_lines((line for component, plan in planned for line in _component(component, plan, style)), style)


def _component(component: Component, plan: MovePlan, style: TextStyle) -> Iterator[Text]:
    prefix = common_prefix(component.modules)
    name = f"component #{component.number} around {short(component.name, prefix)}"
    if not plan.moves:
        why = _refused(plan.refused[0], prefix) if plan.refused else "imports alone are as cheap to cut"
        yield from paragraph(f"{name}: nothing to move; {why}", style, "")
        yield Text()
        return
    number = sum(len(move.definitions) for move in plan.moves)
    lines = sum(move.lines for move in plan.moves)
    yield from section(f"{name}: move {counted(number, 'definition')} ({counted(lines, 'line')}) first")
    for place, move in enumerate(plan.moves, start=1):
        yield from _move(place, move, prefix, style)
    yield Text()


def _move(place: int, move: Move, prefix: str, style: TextStyle) -> Iterator[Text]:
    names = [name for definition in move.definitions for name in definition.names[:1]]
    shown = style.first(names, _SHOWN_NAMES)
    rest = f" and {len(names) - len(shown):,} more" if len(names) > len(shown) else ""
    yield from paragraph(f"{place}  {', '.join(shown)}{rest}  {counted(move.lines, 'line')}", style)
    made = "a new module" if move.is_new else "which is there"
    yield from paragraph(
        f"{short(move.source, prefix)} → {short(move.target.name, prefix)}, {made}; imported back", style, "     "
    )
    yield from paragraph(
        f"__module__ becomes {move.target.name}; pickles and tests that replace names may notice",
        style,
        "     ",
        "dim",
    )


def _refused(refused: RefusedMove, prefix: str) -> str:
    return f"{short(refused.definition.name, prefix)} (line {refused.line_number}): {refused.rule}"
