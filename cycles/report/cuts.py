"""Show as text how to take components apart: the plan, each step with the edit that makes it; more where asked for."""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from rich.text import Text

from cycles.enums import Feasibility, GraphName, Verdict
from cycles.model import Analysis, Cut, CutPlan, CutSet, CycleCount, HoistableImport
from cycles.report.fix_words import TAKES_LONG, evidence, reason_of_graph, what_to_do
from cycles.report.terminal import (
    TextStyle,
    arrow,
    as_text,
    headline,
    listed,
    more,
    next_commands,
    next_without_cycles,
    paragraph,
    title_of,
    with_kind,
)
from cycles.report.wording import (
    clean,
    command_line,
    common_prefix,
    counted,
    figure,
    imported_first,
    joined,
    no_cycles,
    place,
    ranges,
    source_line,
)
from cycles.source.import_values import Import

_SHOWN_COMPONENTS = 3
_SHOWN_CUTS = 8
_SHOWN_STEPS = 12
_SHOWN_PLACES = 3
_INDENT = "     "
_FEWEST_ALIKE = 2
"""Steps that the same move of code would make, or that share a reason: said once from two on."""


@dataclass(frozen=True, slots=True)
class CutsDetails:
    """What to show besides the plan.

    Attributes:
        evidence: that of each step.
        ranking: all cuts.
        hoists: imports to hoist; None where nobody asked.
        chosen: what was typed that says which imports are cut: all commands that plan take it.
        typed: what else was typed that `cycles fix` takes too.
        moved: whether the components are those that moves leave, whose numbers nobody can type.
        asked: the component that was asked for, as it was typed.
    """

    evidence: bool = False
    ranking: bool = False
    hoists: Sequence[HoistableImport] | None = None
    chosen: Sequence[str] = ()
    typed: Sequence[str] = ()
    moved: bool = False
    asked: str | None = None


@as_text
def cuts_as_text(
    analysis: Analysis, plans: Sequence[CutPlan], style: TextStyle, details: CutsDetails | None = None
) -> Iterator[Text]:
    """Return how to take components apart, in the order of the plans, with the details that are asked for."""
    details = details or CutsDetails()
    shown = style.first(plans, _SHOWN_COMPONENTS)
    if not plans:
        yield headline(analysis, style, f"   {analysis.graph_name}")
        yield from paragraph(no_cycles(analysis), style)
    for number, plan in enumerate(shown):
        if number:
            yield Text()
        yield from _cut_plan(analysis, plan, style, details)
    if rest := plans[len(shown) :]:
        need = "needs" if len(rest) == 1 else "need"
        needed = counted(sum(len(plan.cut_set.cuts) for plan in rest), "cut")
        yield Text()
        yield Text(f"… {counted(len(rest), 'more component')} that {need} {needed}: --all", style="dim")
    if details.hoists is not None:
        yield Text()
        yield from _hoists(details.hoists, style)
    if shown:
        yield from next_commands(style, *_next(analysis, shown[0], details))
    else:
        yield from next_without_cycles(analysis, style, "cuts")


def _next(analysis: Analysis, plan: CutPlan, details: CutsDetails) -> Iterator[str]:
    """Name what to type for the reasons of the first step, patches, a picture, and to keep it so."""
    cut = plan.cuts[0]
    names = cut.removes[0] if cut.removes else cut.pair
    yield command_line(analysis, "why", *names)
    asked = [details.asked] if details.asked else []
    number = asked if details.moved else [plan.component.number]
    yield command_line(analysis, "fix", *number, *details.chosen, *details.typed)
    if details.moved:
        return
    if analysis.graph_name is GraphName.IMPORT_TIME:
        yield command_line(analysis, "entries", plan.component.number, "--run")
    yield command_line(analysis, "draw", plan.component.number, "-o", "cycles.svg", *details.chosen)
    yield command_line(analysis, "check")
    yield command_line(analysis, "contract", *details.chosen)


def _hoists(hoists: Sequence[HoistableImport], style: TextStyle) -> Iterator[Text]:
    """Show the deferred imports that could be at the top of their modules."""
    yield Text("could move back to the top of their files", style="bold")
    if hoists:
        yield Text("  all of these together", style="dim")
        yield from listed(hoists, _SHOWN_STEPS, style, _hoist)
        if open_ := sum(not hoist.replayed for hoist in hoists):
            which = "" if open_ == len(hoists) else f"for {open_:,} of them, "
            sentence = f"{which}which modules can be imported first then is not predicted"
            yield from paragraph(f"{sentence}: --replay does it where each step is an edit", style, look="yellow")
    else:
        yield Text("  no deferred import could without a cycle, or a first import that may fail")


def _hoist(hoist: HoistableImport) -> Iterator[Text]:
    when = ("  already now", "green") if hoist.already else ("  once the plan is done", "dim")
    yield Text.assemble(f"  {place(hoist)}  {clean(hoist.imported)}", when)


def _cut_plan(analysis: Analysis, plan: CutPlan, style: TextStyle, details: CutsDetails) -> Iterator[Text]:
    component = plan.component
    prefix = common_prefix(component.modules)
    yield headline(analysis, style, "   ", *title_of(analysis, component, prefix))
    yield from paragraph(f"{len(component.modules):,} modules import each other; {promise(plan.cut_set)}", style)
    yield Text()
    steps = list(enumerate(plan.cuts, 1))
    shared = {} if details.evidence else _shared_reasons(plan)
    yield from listed(steps, _SHOWN_STEPS, style, lambda step: _step(*step, plan, shared, style, details))
    for reason, numbers in shared.items():
        which = "" if len(shared) == 1 and len(numbers) == len(steps) else f" (steps {ranges(numbers)})"
        yield from paragraph(f"move code{which}: {reason}", style, look="yellow")
    for sentence, look in _replayed(plan, analysis.graph_name):
        yield from paragraph(sentence, style, look=look)
    for sentence in () if details.moved else _moves(plan):
        yield from paragraph(sentence, style, look="cyan")
    if details.evidence:
        yield Text()
        avoided = details.moved and not all(cut.is_easy for cut in plan.cuts)
        yield from paragraph(_proof(plan.cut_set, avoided=avoided), style, look="dim")
    if details.ranking:
        yield Text()
        yield from _ranked(plan, prefix, style)


def promise(cut_set: CutSet) -> str:
    """Say how many cuts leave no cycle, and whether fewer could."""
    size = len(cut_set.cuts)
    sentence = f"cutting {counted(size, 'import')} leaves no cycle"
    if cut_set.least_cost is not None:
        cheapest = "the cheapest cuts" if cut_set.proven else "cheap cuts"
        return f"{sentence} ({cheapest}; the fewest may take more work)"
    if cut_set.proven:
        forced = f"; {cut_set.forced:,} because of --cut" if cut_set.forced else ""
        return f"{sentence} (proven minimum{forced})"
    return f"{sentence} (at least {cut_set.lower_bound:,} are needed; whether fewer than {size:,} do is not known)"


def _proof(cut_set: CutSet, *, avoided: bool) -> str:
    """Say how the number of cuts is proven; `avoided`: it has changes of code, which cost more than all else."""
    apart = len(cut_set.certificate)
    if cut_set.least_cost is not None:
        proof = "proven least" if cut_set.proven else f"at least {cut_set.least_cost:,} is needed, not proven least"
        much = "; with --moves a change of code costs more than all else together" if avoided else ""
        return f"cost of the cuts: {cut_set.cost:,}, {proof}{much}"
    if apart == len(cut_set.cuts):
        return "proof: 1 cycle needs the cut" if apart == 1 else f"proof: {apart:,} cycles have no import in common"
    if cut_set.proven:
        return "proof: by integer programming"
    return f"{apart:,} cycles have no import in common"


def cycle_count(cycles: CycleCount, where: str = "") -> str:
    """Say how many cycles there are `where`, and how far that is known."""
    total = f"{counted(cycles.count, 'cycle')}{where}"
    if not cycles.exact:
        return f"at least {total}, by counting {cycles.measure.replace('<=', '≤')}"
    return total


def _shared_reasons(plan: CutPlan) -> dict[str, list[int]]:
    """Return the reasons that several steps share and that name no import, with the numbers of the steps."""
    found: dict[str, list[int]] = {}
    for number, cut in enumerate(plan.cuts, 1):
        if reason := reason_of_graph(cut):
            found.setdefault(reason, []).append(number)
    return {reason: numbers for reason, numbers in found.items() if len(numbers) >= _FEWEST_ALIKE}


def _step(
    number: int, cut: Cut, plan: CutPlan, shared: Collection[str], style: TextStyle, details: CutsDetails
) -> Iterator[Text]:
    """Show a step of the plan: where to edit, what to do there, and how many modules are then left on cycles."""
    left = _left(number, plan)
    where = f"{number:>3}  {places(cut.imports)}"
    gap = style.width - cell_len(where) - len(left)
    if gap > 1:
        yield Text.assemble(where[:5], (where[5:], "bold"), " " * gap, (left, "dim"))
    else:
        yield Text.assemble(where[:5], (where[5:], "bold"))
        yield Text(f"{_INDENT}{left}", style="dim")
    easy = cut.fix is not None and cut.fix.is_promised
    if details.evidence and len(cut.imports) == 1:
        # Its place is in the line above.
        yield Text(f"{_INDENT}{source_line(cut.imports[0])}", style="dim")
    elif details.evidence:
        for statement in cut.imports:
            yield from with_kind(statement, style, _INDENT)
    sentence = evidence(cut.fix, cut) if details.evidence and cut.fix else what_to_do(cut)
    if not details.evidence and (reason := reason_of_graph(cut)):
        told = "move code" if reason in shared else f"move code ({reason})"
        sentence = f"{style.written(arrow(cut, common_prefix(plan.component.modules)))}: {told}"
    yield from paragraph(sentence, style, _INDENT, "green" if easy else "yellow")


def _left(number: int, plan: CutPlan) -> str:
    """Say how many modules are left on cycles after a step, or which later one frees some where it frees none."""
    left = [len(plan.component.modules), *(step.modules_left for step in plan.steps)]
    if not left[number]:
        return "no cycle left"
    if left[number] == left[number - 1]:
        frees = next((later for later in range(number + 1, len(left)) if left[later] < left[number]), None)
        return f"frees none until step {frees}" if frees else "frees none"
    return f"{counted(left[number], 'module')} left"


def _replayed(plan: CutPlan, graph: GraphName) -> Iterator[tuple[str, str]]:
    """Say, as sentences with their look, what became of the plan when its edits were made in memory."""
    found = plan.replay
    if found is None:
        return
    if left := plan.steps[-1].modules_left:
        yield not_enough(counted(left, "module")), "red"
    if found.simulated is None:
        if by_hand := len(plan.steps) - found.edited:
            why = f"as {counted(by_hand, 'step')} must be made by hand"
        else:
            why = TAKES_LONG
        if graph is GraphName.IMPORT_TIME:
            yield f"which modules can be imported first after the plan is not predicted, {why}", "dim"
        return
    crashes = [entry for entry in found.failing if entry.verdict is Verdict.CRASH]
    yield f"checked with these edits made in memory: {imported_first(found.simulated, found.failing)}", "dim"
    for entry in crashes[:_SHOWN_PLACES]:
        where = f"{clean(entry.path or '')}:{entry.line_number}"
        sentence = f"{clean(entry.module)} would still crash at {where}: {clean(entry.error or '')}"
        yield f"{sentence}; keep its imports in order, or move what it misses there", "yellow"
    if len(crashes) > _SHOWN_PLACES:
        yield f"… {counted(len(crashes) - _SHOWN_PLACES, 'more module')} would still crash", "yellow"


def not_enough(left: str) -> str:
    """Say that a plan leaves some modules, or groups, on cycles."""
    return f"with these edits made, {left} would still be on cycles: the plan does not suffice"


def places(imports: Sequence[Import]) -> str:
    """Return the places of the statements of a cut, all in one file: `path:1, :7 and :9`."""
    first, *others = imports
    shown = [f":{statement.line_number}" for statement in others[: _SHOWN_PLACES - 1]]
    hidden = [f"{len(others) - len(shown)} more"] if len(others) > len(shown) else []
    return joined([place(first), *shown, *hidden])


def _moves(plan: CutPlan) -> Iterator[str]:
    """Say where several hard steps take the same name of one module: code to move, which may end them at once."""
    taken: Counter[tuple[str, str]] = Counter()
    for cut in plan.cuts:
        names = {name for statement in cut.imports for name in statement.names}
        itself = cut.imported.rpartition(".")[2]
        if len(names) == 1 and itself not in names and cut.fix and cut.fix.feasibility is Feasibility.STRUCTURAL:
            taken[cut.imported, min(names)] += 1
    for (module, taken_name), count in sorted(taken.items(), key=lambda found: (-found[1], found[0])):
        if count >= _FEWEST_ALIKE:
            name = clean(taken_name)
            yield (
                f"{count} of {counted(len(plan.steps), 'step')} take only {name} from {clean(module)}: "
                f"moving {name} to a module of its own may end them"
            )


def _ranked(plan: CutPlan, prefix: str, style: TextStyle) -> Iterator[Text]:
    """Show the cuts by the cycles that they break, what each does alone, and its statements."""
    yield Text.assemble(("what each cut does alone", "bold"), f"   {cycle_count(plan.ranking.cycles)}")
    cuts = plan.ranking.cuts
    # A cut that breaks no cycle alone is shown only where everything is.
    shown = style.first(cuts if style.everything else [cut for cut in cuts if cut.cycles], _SHOWN_CUTS)
    columns = ("CYCLES BROKEN", "MODULES FREED", "LARGEST LEFT")
    most = max((cell_len(figure(cut.cycles)) for cut in shown), default=0)
    widths = (max(most, len(columns[0])), len(columns[1]), len(columns[2]))
    # Where the terminal is too narrow for both, names have a line of their own.
    left = style.width - sum(widths) - 2 * len(widths)
    if left >= 0:
        heads = "".join(f"  {column:>{width}}" for column, width in zip(columns, widths, strict=True))
        yield Text.assemble((f"{'':<{left}}{heads}", "dim"))
    for cut in shown:
        names = style.written(f"  {arrow(cut, prefix)}")
        cells = (figure(cut.cycles), _known(cut.frees), _known(cut.largest_left))
        if cell_len(names) > left:
            yield Text(names)
            names = ""
        if left >= 0:
            figures = "".join(f"  {cell:>{width}}" for cell, width in zip(cells, widths, strict=True))
            yield Text(f"{names}{' ' * (left - cell_len(names))}{figures}")
        else:
            named = (f"{column.lower()} {cell}" for column, cell in zip(columns, cells, strict=True))
            yield from paragraph(" · ".join(named), style, _INDENT)
        yield from evidence_lines(cut, _INDENT, style)
        if cut.reexport:
            yield Text(
                f"{_INDENT}a package's import of its own module: it is cut only with --allow-reexports", style="yellow"
            )
        for statement in style.first(cut.imports, 1):
            others = 0 if style.everything else len(cut.imports) - 1
            yield from with_kind(statement, style, _INDENT, f"  (and {others} more)" if others else "")
    yield from more(len(cuts) - len(shown))


def _known(number: int | None) -> str:
    return "?" if number is None else f"{number:,}"


def evidence_lines(cut: Cut, indent: str, style: TextStyle) -> Iterator[Text]:
    """Show how a cut can be made, and the place that shows it."""
    if cut.fix is not None:
        yield from paragraph(evidence(cut.fix, cut), style, indent, "green" if cut.fix.is_promised else "yellow")
