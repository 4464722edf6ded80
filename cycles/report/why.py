"""Show as text why one dependency matters: its statements, the cycles through it, and what cutting it does."""

from collections.abc import Iterator

from rich.text import Text

from cycles.model import Analysis, Cut, DependencyDetail
from cycles.report.cuts import cycle_count, evidence_lines
from cycles.report.format import clean, counted, head, kinds, place, short, wrapped
from cycles.report.text import TextStyle, arrow, headline, join_lines, paragraph

_SHOWN_STEPS = 8
_INDENT = "         "


def why_as_text(analysis: Analysis, reason: DependencyDetail, style: TextStyle) -> str:
    """Return what is known of one dependency."""
    return join_lines(_lines(analysis, reason, style), style)


def _lines(analysis: Analysis, reason: DependencyDetail, style: TextStyle) -> Iterator[Text]:
    dependency = reason.dependency
    component = f"{analysis.graph_name} component #{reason.component.number}"
    if head(analysis, style.width)[1]:
        yield headline(analysis, style)
        yield Text()
    yield Text.assemble((arrow(dependency), "bold"), f"   {kinds(dependency)}, in {component}")
    yield Text()
    for statement in dependency.imports:
        tags = f"  ({', '.join([statement.kind, *statement.tags])})"
        yield Text.assemble(f"  {place(statement)}", (tags, "cyan"))
        yield Text(f"    {clean(statement.line_contents)}")
        if statement.names:
            yield from paragraph(f"takes {', '.join(map(clean, statement.names))}", style, "    ", "dim")
        if dependency.implied:
            yield Text(f"    runs {clean(dependency.imported)} on the way to {clean(statement.imported)}", style="dim")
    yield Text()
    yield Text.assemble(("cycles   ", "bold"), cycle_count(reason.cycles, " through it"))
    for number, line in enumerate(_shortest_cycle(reason, style)):
        yield Text.assemble(_INDENT if number else ("shortest ", "bold"), line)
    for cut in reason.cuts:
        yield Text()
        yield Text.assemble(("cut      ", "bold"), arrow(cut))
        yield Text(f"{_INDENT}{_effect(reason, cut)}")
        yield from evidence_lines(cut, _INDENT, style)
        for importer, imported in cut.removes:
            if (importer, imported) != (dependency.importer, dependency.imported):
                yield Text(f"{_INDENT}also removes {clean(importer)} → {clean(imported)}", style="dim")


def _shortest_cycle(reason: DependencyDetail, style: TextStyle) -> list[str]:
    cycle = reason.shortest_cycle
    names = [short(module, "") for module in style.first(cycle, _SHOWN_STEPS)]
    more = [f"… {len(cycle) - len(names)} more"] if len(names) < len(cycle) else []
    return wrapped(" → ".join([*names, *more, short(cycle[0], "")]), style.width - len(_INDENT))


def _effect(reason: DependencyDetail, cut: Cut) -> str:
    """Say what a cut does alone."""
    size = len(reason.component.modules)
    if not cut.removes:
        return f"alone it removes no dependency: all {counted(len(reason.cuts), 'cut')} here go together"
    if cut.frees is None or cut.largest_left is None:
        return f"what it does alone to the {size:,} modules takes too long to find out"
    if cut.largest_left == size:
        return f"alone it frees no module: all {size:,} still reach each other"
    if not cut.largest_left:
        return f"alone it ends every cycle of the {size:,} modules"
    left = f"the largest component left has {cut.largest_left:,}"
    return f"alone it frees {counted(cut.frees, 'module')} of {size:,}; {left}"
