"""Show as text how to take components apart: every cut ranked, the smallest cut set with its proof, and the plan."""

from collections.abc import Iterator, Sequence

from rich.cells import cell_len
from rich.text import Text

from cycles.enums import Feasibility
from cycles.model import Analysis, Cut, CutPlan, CutSet, CycleCount, HoistableImport, PlanStep
from cycles.report.format import (
    clean,
    common_prefix,
    counted,
    figure,
    how_to_cut,
    no_cycles,
    options_of,
    size_of,
    wrapped,
)
from cycles.report.text import TextStyle, arrow, join_lines, listed, more, next_commands, paragraph, statement_lines
from cycles.source.values import Import

_SHOWN_COMPONENTS = 3
_SHOWN_CUTS = 8
_SHOWN_STEPS = 8
_SHOWN_PAIRS = 6
_INDENT = "     "
_EASY = (
    Feasibility.UNUSED,
    Feasibility.TYPE_ONLY,
    Feasibility.DEFERRABLE,
    Feasibility.ANNOTATION,
    Feasibility.REWIRABLE,
)


def cuts_as_text(
    analysis: Analysis, plans: Sequence[CutPlan], style: TextStyle, hoists: Sequence[HoistableImport] | None = None
) -> str:
    """Return how to take components apart, and what may then be hoisted, unless `hoists` is None."""
    return join_lines(_lines(analysis, plans, style, hoists), style)


def _lines(
    analysis: Analysis, plans: Sequence[CutPlan], style: TextStyle, hoists: Sequence[HoistableImport] | None
) -> Iterator[Text]:
    if not plans:
        yield Text.assemble((clean(analysis.package), "bold"), f"   {analysis.graph_name}")
        yield Text(f"  {no_cycles(analysis)}")
        if hoists is not None:
            yield Text()
            yield from _hoists(hoists, style)
        return
    shown = style.first(plans, _SHOWN_COMPONENTS)
    for plan in shown:
        yield from _cut_plan(analysis, plan, style)
        yield Text()
    if rest := plans[len(shown) :]:
        need = "needs" if len(rest) == 1 else "need"
        needed = counted(sum(len(plan.cut_set.cuts) for plan in rest), "cut")
        yield Text(f"… {counted(len(rest), 'more component')} that {need} {needed}: --all", style="dim")
    if hoists is not None:
        yield from _hoists(hoists, style)
        yield Text()
    first = shown[0].steps[0]
    names = f"{clean(first.importer)} {clean(first.imported)}"
    if shown[0].ranking.cuts and (removed := _cut_of(shown[0], first).removes):
        names = " ".join(map(clean, removed[0]))
    yield from next_commands(f"why {clean(analysis.package)} {names}{options_of(analysis)}")


def _hoists(hoists: Sequence[HoistableImport], style: TextStyle) -> Iterator[Text]:
    """Show the deferred imports that could be at the top of their modules."""
    yield Text("hoist", style="bold")
    if hoists:
        yield Text("  all of these imports could stand at the top of their modules together", style="dim")
        yield from listed(hoists, _SHOWN_STEPS, style, _hoist)
    else:
        yield Text("  no deferred import could stand at the top without closing a cycle")


def _hoist(hoist: HoistableImport) -> Iterator[Text]:
    when = ("  today", "green") if hoist.already else ("  after the plan", "dim")
    yield Text.assemble(f"  {clean(hoist.path)}:{hoist.line_number}  {clean(hoist.imported)}", when)


def _cut_plan(analysis: Analysis, plan: CutPlan, style: TextStyle) -> Iterator[Text]:
    component = plan.component
    prefix = common_prefix(component.modules)
    below = f" · below {clean(prefix)}" if prefix else ""
    yield Text.assemble(
        (clean(analysis.package), "bold"), f"   {analysis.graph_name} component #{component.number}", (below, "dim")
    )
    yield Text(f"  {size_of(component, analysis.package)}")
    yield Text(f"  {cycle_count(plan.ranking.cycles)}")
    yield from paragraph(_proof(plan.cut_set), style)
    yield Text()
    yield from _ranked(plan, prefix, style)
    yield Text()
    yield from _plan(plan, prefix, style)


def cycle_count(cycles: CycleCount, where: str = "") -> str:
    """Say how many cycles there are `where`, and how far that is known."""
    total = f"{counted(cycles.count, 'cycle')}{where}"
    if not cycles.exact:
        return f"at least {total}, by counting {cycles.measure.replace('<=', '≤')}"
    # A number too long to be written out is told by its order, which is not exact.
    return total if total.startswith("about") else f"{total} (exact)"


def _proof(cut_set: CutSet) -> str:
    """Say how many cuts there are, and how far it is proven that no fewer do."""
    size = counted(len(cut_set.cuts), "cut")
    apart = len(cut_set.certificate)
    if cut_set.least_cost is not None:
        proof = "proven least" if cut_set.proven else f"at least {cut_set.least_cost:,} is needed, not proven least"
        return f"{size} at a cost of {cut_set.cost:,}, {proof}: --cheapest prefers easy cuts to few"
    if cut_set.forced and cut_set.proven:
        return f"{size}, {cut_set.forced:,} of them forced by --cut; the others are proven fewest"
    if len(cut_set.cuts) > cut_set.lower_bound:
        gap = len(cut_set.cuts) - cut_set.lower_bound
        return f"{size} found; at least {cut_set.lower_bound} are needed (gap {gap}, not proven smallest)"
    if apart == len(cut_set.cuts):
        shared = "1 cycle needs it" if apart == 1 else f"{apart:,} cycles share no cut, so each needs one of its own"
        return f"{size}, proven fewest: {shared}"
    return f"{size}, proven fewest by integer programming ({apart:,} cycles share no cut)"


def _ranked(plan: CutPlan, prefix: str, style: TextStyle) -> Iterator[Text]:
    """Show the cuts by the cycles that they break, what each does alone, and its statements."""
    cuts = plan.ranking.cuts
    # A cut that breaks no cycle alone is shown only where everything is.
    shown = style.first(cuts if style.everything else [cut for cut in cuts if cut.cycles], _SHOWN_CUTS)
    most = max((cell_len(figure(cut.cycles)) for cut in shown), default=0)
    column = max(most, len("CYCLES"))
    # Where the terminal is too narrow for both, names have a line of their own.
    left = max(style.width - column - 18, 0)
    yield Text.assemble((f"{'  CUT, ALONE':<{left}}  {'CYCLES':>{column}}  FREES  LARGEST", "dim"))
    for cut in shown:
        names = f"  {arrow(cut, prefix)}"
        if cell_len(names) > left:
            yield Text(names)
            names = ""
        figures = f"  {figure(cut.cycles):>{column}}  {_known(cut.frees):>5}  {_known(cut.largest_left):>7}"
        yield Text(f"{names}{' ' * (left - cell_len(names))}{figures}")
        yield from how_lines(cut, _INDENT, style)
        if cut.reexport:
            yield Text(f"{_INDENT}a package's own module: cut only with --allow-reexports", style="yellow")
        for statement in style.first(cut.imports, 1):
            yield from _statement(statement, style, 0 if style.everything else len(cut.imports) - 1)
    yield from more(len(cuts) - len(shown))


def _known(number: int | None) -> str:
    return "?" if number is None else f"{number:,}"


def _statement(statement: Import, style: TextStyle, others: int = 0) -> Iterator[Text]:
    kind = "" if statement.kind == "eager" else f"  {statement.kind}"
    rest = f"  (and {others} more)" if others else ""
    return statement_lines(statement, style, _INDENT, of_place=[(kind, "magenta"), (rest, "dim")])


def _plan(plan: CutPlan, prefix: str, style: TextStyle) -> Iterator[Text]:
    """Show the cut set in order, and the pair (modules in cycles, cuts left) before and after each step."""
    yield Text("plan", style="bold")
    size = len(plan.steps)
    pairs = [(len(plan.component.modules), size)]
    pairs += [(step.modules_left, size - number) for number, step in enumerate(plan.steps, 1)]
    drawn = [f"({modules:,}, {cuts:,})" for modules, cuts in pairs]
    if not style.everything and len(drawn) > _SHOWN_PAIRS:
        drawn = [*drawn[: _SHOWN_PAIRS - 2], "…", drawn[-1]]
    # A line may end in an arrow, but not begin with one.
    for line in wrapped(" → ".join(drawn).replace(") → (", ")\N{NO-BREAK SPACE}→ ("), style.width - 2):
        yield Text(f"  {line}".replace("\N{NO-BREAK SPACE}", " "))
    yield Text("  (modules in cycles, cuts left)", style="dim")
    steps = list(enumerate(plan.steps, 1))
    yield from listed(steps, _SHOWN_STEPS, style, lambda step: _step(*step, _cut_of(plan, step[1]), prefix, style))


def _step(number: int, step: PlanStep, cut: Cut, prefix: str, style: TextStyle) -> Iterator[Text]:
    """Show a step of the plan, what is left after it, and how its cut can be made."""
    left = f"{step.modules_left:,} left, largest {step.largest_left:,}" if step.modules_left else "no cycle left"
    names = arrow(step, prefix)
    room = cell_len(names) + len(left) + len(_INDENT) + 3 <= style.width
    yield Text.assemble((f"{number:>3}  ", "bold"), names, (f"   {left}" if room else "", "dim"))
    if not room:
        yield Text(f"{_INDENT}{left}", style="dim")
    yield from how_lines(cut, _INDENT, style)
    for statement in cut.imports:
        yield from _statement(statement, style)


def how_lines(cut: Cut, indent: str, style: TextStyle) -> Iterator[Text]:
    """Show how a cut can be made, and the place that tells so."""
    if cut.fix is None:
        return
    word = cut.fix.feasibility
    for number, line in enumerate(paragraph(how_to_cut(cut.fix), style, indent)):
        if not number:
            line.stylize("green" if word in _EASY else "yellow", len(indent), len(indent) + len(word))
        yield line


def _cut_of(plan: CutPlan, step: PlanStep) -> Cut:
    return next(cut for cut in plan.ranking.cuts if (cut.importer, cut.imported) == (step.importer, step.imported))
