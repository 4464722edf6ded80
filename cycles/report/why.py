"""Show as text why an import matters, the cycles through it and how to cut it; or how a crash came about."""

from collections.abc import Iterator

from rich.text import Text

from cycles.model import Analysis, Cut, CutPlan, CycleBehind, DependencyDetail, ImportChain
from cycles.report.cuts import cycle_count, evidence_lines
from cycles.report.fix_words import what_to_do
from cycles.report.terminal import TextStyle, arrow, as_text, head, headline, next_commands, paragraph, with_places
from cycles.report.wording import clean, command_line, counted, joined, kinds, place, short, source_line, wrapped

_SHOWN_STEPS = 8
_INDENT = "          "


@as_text
def why_as_text(
    analysis: Analysis, found: DependencyDetail | ImportChain | CycleBehind, style: TextStyle
) -> Iterator[Text]:
    """Return what is known of one dependency, of a chain of imports, or of the cycle behind a traceback."""
    match found:
        case DependencyDetail():
            return _lines(analysis, found, style)
        case ImportChain():
            return _chain(analysis, found, style)
        case CycleBehind():
            return _cycle_behind(analysis, found, style)


def _chain(analysis: Analysis, chain: ImportChain, style: TextStyle) -> Iterator[Text]:
    """Show how one module leads to another, import by import."""
    names = f"{clean(chain.importer)} → {clean(chain.imported)}"
    count = counted(len(chain.dependencies), "import")
    direct = "not on a cycle" if len(chain.dependencies) == 1 else f"not directly, but through {count}"
    if chain.importer == chain.imported:
        names, direct = clean(chain.importer), f"the shortest cycle through it: {count}"
    yield Text(names, style="bold")
    yield Text(f"  {direct} · {analysis.graph_name}")
    yield from with_places(chain.dependencies, style)
    ends = {chain.importer, chain.imported}
    shared = next((component for component in analysis.components if ends <= set(component.modules)), None)
    if shared:
        yield Text()
        both = f"both modules are in component #{shared.number}: other imports lead back"
        one = f"it is in component #{shared.number}"
        yield from paragraph(both if len(ends) > 1 else one, style, "")
        first = chain.dependencies[0]
        yield from next_commands(
            style,
            command_line(analysis, "why", first.importer, first.imported),
            command_line(analysis, "cuts", shared.number),
        )


def _cycle_behind(analysis: Analysis, found: CycleBehind, style: TextStyle) -> Iterator[Text]:
    """Show which module is asked too early, by which imports, and which of these the plan cuts."""
    yield from paragraph(clean(found.error), style, "", "bold")
    yield Text()
    if found.links:
        last = found.links[-1]
        early = (
            f"{clean(last.importer)} needs something of {clean(last.imported)}, whose own import is still under way:"
        )
        yield from paragraph(early, style, "")
        yield from with_places(found.links, style)
        yield Text()
    if found.plan is None:
        graph = analysis.graph_name
        yield from paragraph(f"these imports are on no cycle of {graph}; try --graph runtime, or --root", style, "")
        return
    if found.planned:
        yield Text("cut here", style="bold")
    for cut in found.planned:
        yield Text(f"  {joined([place(statement) for statement in cut.imports])}")
        yield from paragraph(what_to_do(cut), style, "  ", "green" if cut.fix and cut.fix.is_promised else "yellow")
    if found.planned:
        yield Text()
    yield from paragraph(_part_of_plan(found.plan, len(found.planned)), style, "")
    number = found.plan.component.number
    yield from next_commands(style, command_line(analysis, "cuts", number), command_line(analysis, "fix", number))


def _part_of_plan(plan: CutPlan, shown: int) -> str:
    """Say what the cuts shown, of those of a plan, are good for."""
    component = f"component #{plan.component.number} ({counted(len(plan.component.modules), 'module')})"
    every = len(plan.steps)
    if not shown:
        return f"the cycle is in {component}; the whole traceback shows which imports close it"
    if shown < every:
        return f"{shown:,} of the {every:,} cuts that leave no cycle in {component}"
    return f"{'this cut leaves' if every == 1 else f'these {every:,} cuts leave'} no cycle in {component}"


def _lines(analysis: Analysis, reason: DependencyDetail, style: TextStyle) -> Iterator[Text]:
    dependency = reason.dependency
    if head(analysis, style.width)[1]:
        yield headline(analysis, style)
        yield Text()
    kind = "" if kinds(dependency) == "eager" else f"{kinds(dependency)}, "
    yield Text(arrow(dependency), style="bold")
    yield Text(f"  {kind}in component #{reason.component.number} · {analysis.graph_name}")
    yield Text()
    for statement in dependency.imports:
        said = [*([] if statement.kind == "eager" else [statement.kind]), *statement.tags]
        tags = f"  ({', '.join(said)})" if said else ""
        yield Text.assemble(f"  {place(statement)}", (tags, "cyan"))
        yield Text(f"    {source_line(statement)}")
        if statement.names:
            yield from paragraph(f"takes {', '.join(map(clean, statement.names))}", style, "    ", "dim")
        if dependency.implied:
            yield Text(f"    runs {clean(dependency.imported)} on the way to {clean(statement.imported)}", style="dim")
    yield Text()
    yield Text.assemble(("cycles    ", "bold"), cycle_count(reason.cycles, " through this dependency"))
    for number, line in enumerate(_shortest_cycle(reason, style)):
        yield Text.assemble(_INDENT if number else ("shortest  ", "bold"), line)
    for cut in reason.cuts:
        yield Text()
        yield Text.assemble(("cut       ", "bold"), arrow(cut))
        yield from evidence_lines(cut, _INDENT, style)
        yield from paragraph(_effect(reason, cut), style, _INDENT, "dim")
        named = {dependency.pair, cut.pair}
        for importer, imported in cut.removes:
            if (importer, imported) not in named:
                yield Text(f"{_INDENT}also ends {clean(importer)} → {clean(imported)}", style="dim")
    yield from next_commands(style, command_line(analysis, "cuts", reason.component.number))


def _shortest_cycle(reason: DependencyDetail, style: TextStyle) -> list[str]:
    cycle = reason.shortest_cycle
    names = [short(module, "") for module in style.first(cycle, _SHOWN_STEPS)]
    more = [f"… {len(cycle) - len(names)} more"] if len(names) < len(cycle) else []
    return wrapped(" → ".join([*names, *more, short(cycle[0], "")]), style.width - len(_INDENT))


def _effect(reason: DependencyDetail, cut: Cut) -> str:
    """Say what a cut does alone."""
    size = len(reason.component.modules)
    if not cut.removes:
        return f"alone it changes nothing: the {len(reason.cuts):,} cuts shown here must be made together"
    if cut.frees is None or cut.largest_left is None:
        return f"what it does alone to the {size:,} modules would take too long to find out"
    broken = f"{'' if reason.cycles.exact else 'at least '}{counted(cut.cycles, 'cycle')}"
    if cut.largest_left == size:
        return f"alone it breaks {broken} but frees no module: all {size:,} still import each other"
    if not cut.largest_left:
        return f"alone it ends all cycles of the {size:,} modules ({broken})"
    left = f"the largest component left has {cut.largest_left:,}"
    return f"alone it breaks {broken} and frees {counted(cut.frees, 'module')} of {size:,}; {left}"
