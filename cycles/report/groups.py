"""Show as text the cycles between groups of modules at a glance: what each direction costs, and every import."""

from collections.abc import Iterator

from rich.text import Text

from cycles.groups import GroupPair, causes, pairs_of
from cycles.model import Analysis, Component
from cycles.report.format import (
    command_line,
    common_prefix,
    counted,
    cut_count_text,
    no_cycles,
    short,
    what_cuts_do,
    whole_size,
)
from cycles.report.scc import graph_table
from cycles.report.text import (
    TextStyle,
    arrow,
    headline,
    join_lines,
    listed,
    next_commands,
    paragraph,
    section,
    title_of,
    with_kind,
    with_places,
)

_SHOWN_COMPONENTS = 5
_SHOWN_PAIRS = 8
_SHOWN_IMPORTS = 3
_INDENT = "      "


def scc_of_groups(analysis: Analysis, style: TextStyle, *, number: int | None = None) -> str:
    """Return the components of groups at a glance, or one of them with every import between its groups."""
    if number is None:
        return join_lines(_overview(analysis, style), style)
    return join_lines(_detail(analysis, analysis.components[number - 1], style), style)


def _overview(analysis: Analysis, style: TextStyle) -> Iterator[Text]:
    yield headline(analysis, style, f"   {whole_size(analysis)}")
    yield from paragraph(_in_short(analysis), style, look="" if analysis.components else "green")
    yield Text()
    yield from graph_table(analysis, style)
    if analysis.components:
        yield from section(f"groups that import each other ({analysis.graph_name})")
    shown = style.first(analysis.components, _SHOWN_COMPONENTS)
    for component in shown:
        prefix = common_prefix(component.modules)
        cuts = f" · {cut_count_text(component.cuts)} to cut" if component.cuts else ""
        yield Text.assemble(
            (f"  #{component.number:<2} around {short(component.name, prefix)}", "bold"),
            f"   {counted(len(component.modules), 'group')}{cuts}",
        )
        yield from _pairs(component, prefix, style)
    if rest := analysis.components[len(shown) :]:
        yield Text(f"  … {counted(len(rest), 'more component')}: --all", style="dim")
    if analysis.components:
        yield Text()
        yield from next_commands(style, command_line(analysis, "scc", 1), command_line(analysis, "cuts", 1))


def _in_short(analysis: Analysis) -> str:
    if not analysis.components:
        return no_cycles(analysis)
    chosen = next(summary for summary in analysis.summaries if summary.name is analysis.graph_name)
    sentence = f"{counted(chosen.modules, 'group')} of modules import each other"
    return f"{sentence}; {what_cuts_do(chosen.cuts)} between groups" if chosen.cuts else sentence


def _pairs(component: Component, prefix: str, style: TextStyle) -> Iterator[Text]:
    """Show what each direction costs between groups that import each other; of a long cycle, its places."""
    pairs = pairs_of(component)
    yield from listed(pairs, _SHOWN_PAIRS, style, lambda pair: _pair(pair, prefix, style), _INDENT)
    if not pairs:
        yield from with_places(component.shortest_edges, style, _INDENT, prefix)


def _pair(pair: GroupPair, prefix: str, style: TextStyle) -> Iterator[Text]:
    one, other = short(pair.one, prefix), short(pair.other, prefix)
    there, back = f"{one} → {other} {counted(pair.imports, 'import')}", f"{other} → {one} {pair.back:,}"
    yield from paragraph(f"{there}, {back}", style, _INDENT)


def _detail(analysis: Analysis, component: Component, style: TextStyle) -> Iterator[Text]:
    prefix = common_prefix(component.modules)
    yield headline(analysis, style, "   ", *title_of(analysis, component, prefix))
    yield from paragraph(", ".join(short(group, prefix) for group in component.modules), style)
    for edge in component.dependencies:
        yield Text()
        yield Text.assemble((f"{arrow(edge, prefix)}", "bold"), f"   {counted(len(causes(edge)), 'import')}")
        yield from listed(edge.imports, _SHOWN_IMPORTS, style, lambda found: with_kind(found, style, "  "))
    yield Text()
    yield from next_commands(style, command_line(analysis, "cuts", component.number))
