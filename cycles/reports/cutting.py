"""How to take components apart in; the lines that show it, out."""

from collections.abc import Iterator, Sequence

from rich.cells import cell_len
from rich.text import Text

from cycles.model import Analysis, Cut, Cutting, Hoist, Step
from cycles.source.values import Import
from cycles.wording import (
    clean,
    common_prefix,
    counted,
    cut_off,
    figure,
    manner,
    nothing,
    options_of,
    place,
    short,
    size_of,
    wrapped,
)
from cycles.words import Feasibility

_SHOWN_COMPONENTS = 3
_SHOWN_CUTS = 8
_SHOWN_STEPS = 8
_SHOWN_PAIRS = 6
_INDENT = "     "
EASY = (
    Feasibility.UNUSED,
    Feasibility.TYPE_ONLY,
    Feasibility.DEFERRABLE,
    Feasibility.ANNOTATION,
    Feasibility.REWIRABLE,
)


def cuttings_lines(
    analysis: Analysis, cuttings: Sequence[Cutting], hoists: Sequence[Hoist] | None, width: int, *, everything: bool
) -> Iterator[Text]:
    """For each component its cycles and cuts, the cuts ranked, and the plan; what may be hoisted; what to do next."""
    if not cuttings:
        yield Text.assemble((clean(analysis.package), "bold"), f"   {analysis.graph_name}")
        yield Text(f"  {nothing(analysis)}")
        if hoists is not None:
            yield Text()
            yield from _hoists(hoists, everything=everything)
        return
    shown = cut_off(cuttings, _SHOWN_COMPONENTS, everything=everything)
    for cutting in shown:
        yield from _cutting(analysis, cutting, width, everything=everything)
        yield Text()
    if len(shown) < len(cuttings):
        rest = cuttings[len(shown) :]
        needed = counted(sum(len(cutting.cut_set.cuts) for cutting in rest), "cut")
        yield Text(f"… {counted(len(rest), 'more component')} that {_need(rest)} {needed}: --all", style="dim")
    if hoists is not None:
        yield from _hoists(hoists, everything=everything)
        yield Text()
    first = shown[0].plan[0]
    names = f"{clean(first.importer)} {clean(first.imported)}"
    if shown[0].ranking.cuts and (removed := _cut_of(shown[0], first).removes):
        names = " ".join(map(clean, removed[0]))
    yield Text(f"next  cycles why {clean(analysis.package)} {names}{options_of(analysis)}", style="dim")


def _hoists(hoists: Sequence[Hoist], *, everything: bool) -> Iterator[Text]:
    """The deferred imports that could stand at the top of their modules."""
    yield Text("hoist", style="bold")
    if not hoists:
        yield Text("  no deferred import could stand at the top without closing a cycle")
        return
    yield Text("  all of these imports could stand at the top of their modules together", style="dim")
    shown = cut_off(hoists, _SHOWN_STEPS, everything=everything)
    for hoist in shown:
        yield Text.assemble(
            f"  {clean(hoist.path)}:{hoist.line_number}  {clean(hoist.imported)}",
            ("  today" if hoist.already else "  after the plan", "green" if hoist.already else "dim"),
        )
    if len(shown) < len(hoists):
        yield Text(f"  … {len(hoists) - len(shown):,} more: --all", style="dim")


def _need(rest: Sequence[Cutting]) -> str:
    return "needs" if len(rest) == 1 else "need"


def _cutting(analysis: Analysis, cutting: Cutting, width: int, *, everything: bool) -> Iterator[Text]:
    component = cutting.component
    prefix = common_prefix(component.modules)
    below = f" · below {clean(prefix)}" if prefix else ""
    yield Text.assemble(
        (clean(analysis.package), "bold"), f"   {analysis.graph_name} component #{component.number}", (below, "dim")
    )
    yield Text(f"  {size_of(component, analysis.package)}")
    yield Text(f"  {_cycles(cutting)}")
    for line in wrapped(_proof(cutting), width - 2):
        yield Text(f"  {line}")
    yield Text()
    yield from _ranked(cutting, prefix, width, everything=everything)
    yield Text()
    yield from _plan(cutting, prefix, width, everything=everything)


def _cycles(cutting: Cutting) -> str:
    cycles = cutting.ranking.cycles
    if cycles.exact:
        total = counted(cycles.count, "cycle")
        return total if total.startswith("about") else f"{total} (exact)"
    return f"at least {counted(cycles.count, 'cycle')}, by counting {cycles.measure.replace('<=', '≤')}"


def _proof(cutting: Cutting) -> str:
    """The size of the cut set and how far it is proven."""
    cut_set = cutting.cut_set
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


def _ranked(cutting: Cutting, prefix: str, width: int, *, everything: bool) -> Iterator[Text]:
    """The cuts by the cycles that they break, what each does alone, and its statements."""
    useful = [cut for cut in cutting.ranking.cuts if cut.cycles]
    ranked = cutting.ranking.cuts if everything else useful
    shown = cut_off(ranked, _SHOWN_CUTS, everything=everything)
    most = max((cell_len(figure(cut.cycles)) for cut in shown), default=0)
    column = max(most, len("CYCLES"))
    # Where the terminal is too narrow for both, names stand on a line of their own.
    left = max(width - column - 18, 0)
    yield Text.assemble((f"{'  CUT, ALONE':<{left}}  {'CYCLES':>{column}}  FREES  LARGEST", "dim"))
    for cut in shown:
        names = f"  {short(cut.importer, prefix)} → {short(cut.imported, prefix)}"
        if cell_len(names) > left:
            yield Text(names)
            names = ""
        figures = f"  {figure(cut.cycles):>{column}}  {_known(cut.frees):>5}  {_known(cut.largest_left):>7}"
        yield Text(f"{names}{' ' * (left - cell_len(names))}{figures}")
        yield from how_lines(cut, _INDENT, width)
        if cut.reexport:
            yield Text(f"{_INDENT}a package's own module: cut only with --allow-reexports", style="yellow")
        for statement in cut_off(cut.imports, 1, everything=everything):
            yield from _statement(statement, width, len(cut.imports) - 1 if not everything else 0)
    if len(shown) < len(cutting.ranking.cuts):
        yield Text(f"  … {len(cutting.ranking.cuts) - len(shown):,} more: --all", style="dim")


def _known(figure: int | None) -> str:
    return "?" if figure is None else f"{figure:,}"


def _statement(statement: Import, width: int, more: int) -> Iterator[Text]:
    where, source = place(statement), clean(statement.line_contents)
    rest = f"  (and {more} more)" if more else ""
    note = "" if statement.kind == "eager" else f"  {statement.kind}"
    if len(_INDENT) + cell_len(where) + 2 + cell_len(source) + len(rest) + len(note) <= width:
        yield Text.assemble(_INDENT, (f"{where}  ", "dim"), source, (note, "magenta"), (rest, "dim"))
    else:
        yield Text.assemble(f"{_INDENT}", (where, "dim"), (note, "magenta"), (rest, "dim"))
        yield Text(f"{_INDENT}  {source}")


def _plan(cutting: Cutting, prefix: str, width: int, *, everything: bool) -> Iterator[Text]:
    """The cut set in order, and the pair (modules in cycles, cuts left) before and after each step."""
    yield Text("plan", style="bold")
    size = len(cutting.plan)
    pairs = [(len(cutting.component.modules), size)]
    pairs += [(step.modules_left, size - number) for number, step in enumerate(cutting.plan, 1)]
    drawn = [f"({modules:,}, {cuts:,})" for modules, cuts in pairs]
    if not everything and len(drawn) > _SHOWN_PAIRS:
        drawn = [*drawn[: _SHOWN_PAIRS - 2], "…", drawn[-1]]
    for line in wrapped(" → ".join(drawn).replace(") → (", ")\N{NO-BREAK SPACE}→ ("), width - 2):
        yield Text(f"  {line}".replace("\N{NO-BREAK SPACE}", " "))
    yield Text("  (modules in cycles, cuts left)", style="dim")
    shown = cut_off(cutting.plan, _SHOWN_STEPS, everything=everything)
    for number, step in enumerate(shown, 1):
        names = f"{short(step.importer, prefix)} → {short(step.imported, prefix)}"
        left = _left(step)
        room = cell_len(names) + len(left) + len(_INDENT) + 3 <= width
        yield Text.assemble((f"{number:>3}  ", "bold"), names, (f"   {left}" if room else "", "dim"))
        if not room:
            yield Text(f"{_INDENT}{left}", style="dim")
        cut = _cut_of(cutting, step)
        yield from how_lines(cut, _INDENT, width)
        for statement in cut.imports:
            yield from _statement(statement, width, 0)
    if len(shown) < size:
        yield Text(f"  … {size - len(shown):,} more: --all", style="dim")


def how_lines(cut: Cut, indent: str, width: int) -> Iterator[Text]:
    """How a cut can be made, and the place that shows it."""
    if cut.how is None:
        return
    word = cut.how.feasibility
    for number, line in enumerate(wrapped(manner(cut.how), width - len(indent))):
        text = Text(f"{indent}{line}")
        if not number:
            text.stylize("green" if word in EASY else "yellow", len(indent), len(indent) + len(word))
        yield text


def _left(step: Step) -> str:
    return f"{step.modules_left:,} left, largest {step.largest_left:,}" if step.modules_left else "no cycle left"


def _cut_of(cutting: Cutting, step: Step) -> Cut:
    return next(cut for cut in cutting.ranking.cuts if (cut.importer, cut.imported) == (step.importer, step.imported))
