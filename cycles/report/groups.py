"""Show as text the cycles between groups of modules: what each direction costs, plans, layers, and one dependency."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from rich.text import Text

from cycles.group_cycles import GroupPair, GroupPlan, LayerCuts, pairs_of
from cycles.model import Analysis, Component, Cut, DependencyDetail, ImportChain, PlanStep
from cycles.report.cuts import cycle_count, evidence_lines, not_enough, places, promise
from cycles.report.fix_words import what_to_do
from cycles.report.scc import graph_table
from cycles.report.terminal import (
    TextStyle,
    arrow,
    as_text,
    headline,
    listed,
    next_commands,
    paragraph,
    section,
    title_of,
    with_kind,
    with_places,
)
from cycles.report.wording import (
    clean,
    command_line,
    common_prefix,
    counted,
    cut_count_text,
    joined,
    no_cycles,
    short,
    what_cuts_do,
    whole_size,
)

if TYPE_CHECKING:  # `scc --by` does without
    from cycles.group_moves import GroupMove

_SHOWN_COMPONENTS = 5
_SHOWN_PAIRS = 8
_SHOWN_IMPORTS = 3
_SHOWN_STEPS = 12
_SHOWN_LAYERS = 12
_SHOWN_MOVES = 3
_INDENT = "      "


@as_text
def scc_of_groups(analysis: Analysis, style: TextStyle, *, number: int | None = None) -> Iterator[Text]:
    """Return the components of groups at a glance, or one of them with every import between its groups."""
    if number is None:
        return _overview(analysis, style)
    return _detail(analysis, analysis.components[number - 1], style)


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
        yield Text.assemble((f"{arrow(edge, prefix)}", "bold"), f"   {counted(len(edge.causes), 'import')}")
        yield from listed(edge.imports, _SHOWN_IMPORTS, style, lambda found: with_kind(found, style, "  "))
    yield from next_commands(style, command_line(analysis, "cuts", component.number))


@as_text
def cuts_of_groups(
    analysis: Analysis,
    plans: Sequence[GroupPlan],
    moves: "Sequence[Sequence[GroupMove]]",
    style: TextStyle,
    *,
    evidence: bool = False,
    typed: tuple[Sequence[str], Sequence[str]] = ((), ()),
) -> Iterator[Text]:
    """Return how to take components of groups apart, in the order of the plans, and what moves would spare.

    What to type next repeats the options that were `typed`: those that say which imports are cut, and the others.
    """
    if not plans:
        yield headline(analysis, style, f"   {whole_size(analysis)}")
        yield Text(f"  {no_cycles(analysis)}")
    shown = style.first(plans, _SHOWN_COMPONENTS)
    for place_in_list, found in enumerate(shown):
        if place_in_list:
            yield Text()
        yield from _plan(analysis, found, style, evidence=evidence)
        yield from _moves(moves[place_in_list], common_prefix(found.plan.component.modules), style)
    if rest := plans[len(shown) :]:
        needed = counted(sum(len(found.plan.cut_set.cuts) for found in rest), "cut")
        yield Text()
        yield Text(f"… {counted(len(rest), 'more component')} with {needed}: --all", style="dim")
    if shown:
        component = shown[0].plan.component
        first = shown[0].plan.steps[0]
        ends = next(edge.pair for edge in component.dependencies if first.pair in edge.causes)
        prefix = common_prefix(component.modules)
        yield from next_commands(
            style,
            command_line(analysis, "fix", component.number, *typed[0], *typed[1]),
            command_line(analysis, "why", *(short(group, prefix) for group in ends)),
            command_line(analysis, "contract", *typed[0]),
        )


@as_text
def cuts_to_layers(analysis: Analysis, found: LayerCuts, style: TextStyle, *, evidence: bool = False) -> Iterator[Text]:
    """Return the imports that go against an order of layers."""
    prefix = common_prefix(found.layers)
    yield headline(analysis, style, f"   {whole_size(analysis)}")
    order = " above ".join(short(group, prefix) for group in found.layers)
    count = counted(len(found.cuts), "import")
    yield from paragraph(f"{order}: {count} {'leads' if len(found.cuts) == 1 else 'lead'} up", style)
    if found.others:
        yield from paragraph(
            f"{counted(found.others, 'other group')} may import, and be imported by, any", style, look="dim"
        )
    component = Component(0, found.layers, 0, (), found.dependencies, 0, ())
    yield Text()
    yield from listed(
        list(enumerate(found.cuts, 1)),
        _SHOWN_STEPS,
        style,
        lambda step: _step(*step, None, component, style, evidence=evidence),
    )


@as_text
def why_of_groups(analysis: Analysis, found: DependencyDetail | ImportChain, style: TextStyle) -> Iterator[Text]:
    """Return what one group imports of another, or the groups on the way to it."""
    if isinstance(found, ImportChain):
        names = f"{clean(found.importer)} → {clean(found.imported)}"
        direct = "not on a cycle" if len(found.dependencies) == 1 else f"by {len(found.dependencies):,} groups in turn"
        yield Text.assemble((names, "bold"), f"   {direct} ({analysis.graph_name})")
        yield from with_places(found.dependencies, style)
        return
    edge, component = found.dependency, found.component
    ends = (edge.imported, edge.importer)
    back = next((other for other in component.dependencies if other.pair == ends), None)
    yield Text.assemble((arrow(edge), "bold"), f"   {analysis.graph_name} component #{component.number}")
    there = f"{counted(len(found.cuts), 'import')} to cut"
    yield from paragraph(f"{there}; {counted(len(back.causes), 'import')} back" if back else there, style)
    yield from paragraph(cycle_count(found.cycles, " between groups through it"), style)
    around = [clean(group) for group in (*found.shortest_cycle, found.shortest_cycle[0])]
    yield from paragraph(f"shortest: {' → '.join(around)}", style)
    yield Text()
    cuts = sorted(found.cuts, key=lambda cut: (cut.fix is None, cut.importer, cut.imported))
    yield from listed(
        list(enumerate(cuts, 1)), _SHOWN_STEPS, style, lambda cut: _step(*cut, None, component, style, evidence=True)
    )


def _plan(analysis: Analysis, found: GroupPlan, style: TextStyle, *, evidence: bool) -> Iterator[Text]:
    plan, component = found.plan, found.plan.component
    prefix = common_prefix(component.modules)
    yield headline(analysis, style, "   ", *title_of(analysis, component, prefix))
    yield from paragraph(f"{len(component.modules):,} groups import each other; {promise(plan.cut_set)}", style)
    yield Text()
    steps = list(enumerate(zip(plan.cuts, plan.steps, strict=True), 1))
    yield from listed(
        steps, _SHOWN_STEPS, style, lambda step: _step(step[0], *step[1], component, style, evidence=evidence)
    )
    if left := plan.steps[-1].modules_left:
        yield from paragraph(not_enough(counted(left, "group")), style, look="red")
        return
    layers = [" and ".join(short(group, prefix) for group in layer) for layer in found.layers]
    hidden = [f"{len(layers) - _SHOWN_LAYERS} more layers"] if len(layers) > _SHOWN_LAYERS else []
    shown = layers if style.everything or not hidden else [*layers[:_SHOWN_LAYERS], *hidden]
    yield from paragraph(f"layers then: {' above '.join(shown)}", style, look="green")


def _moves(moves: "Sequence[GroupMove]", prefix: str, style: TextStyle) -> Iterator[Text]:
    """Say which modules and definitions would leave fewer imports to cut in another group, the most telling ones."""
    modules, definitions = ([move for move in moves if bool(move.definition) is named] for named in (False, True))
    for move in (*style.first(modules, _SHOWN_MOVES), *style.first(definitions, _SHOWN_MOVES)):
        spared = f"{move.cuts - move.cuts_left:,} of {move.cuts:,}"
        what = "all of them" if not move.cuts_left else spared
        what = what if move.cuts > 1 else "the cut"
        moved, to = short(move.module, prefix), short(move.name if move.definition else move.group, prefix)
        moved = f"{clean(move.definition)} of {moved}" if move.definition else moved
        sentence = f"moving {moved} to {to} spares {what}"
        yield from paragraph(f"or: {sentence}", style)


def _step(
    number: int, cut: Cut, step: PlanStep | None, component: Component, style: TextStyle, *, evidence: bool
) -> Iterator[Text]:
    """Show a step: where to edit, between which groups, what to do, and how many groups are then left on cycles."""
    yield Text.assemble(f"{number:>3}  ", (places(cut.imports), "bold"))
    prefix = common_prefix(component.modules)
    ended = [edge for edge in component.dependencies if cut.pair in edge.causes]
    between = joined([arrow(edge, prefix) for edge in ended])
    left = ""
    if step is not None:
        left = f"; then {counted(step.modules_left, 'group')} left" if step.modules_left else "; then no cycle is left"
    yield from paragraph(f"{between}{left}", style, "     ", "dim")
    if not evidence or cut.fix is None:
        easy = cut.fix is not None and cut.fix.is_promised
        yield from paragraph(what_to_do(cut), style, "     ", "green" if easy else "yellow")
    if evidence:
        yield from evidence_lines(cut, "     ", style)
        for statement in cut.imports:
            yield from with_kind(statement, style, "  ")
