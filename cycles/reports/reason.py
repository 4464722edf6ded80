"""One dependency in; the lines that show why it matters, out."""

from collections.abc import Iterator

from rich.text import Text

from cycles.model import Analysis, Reason
from cycles.reports.cutting import how_lines
from cycles.wording import clean, counted, cut_off, kinds, place, short, wrapped

_SHOWN_STEPS = 8


def reason_lines(analysis: Analysis, reason: Reason, width: int, *, everything: bool) -> Iterator[Text]:
    """The dependency, its statements with the names that they take, the cycles through it, and what cutting it does."""
    dependency = reason.dependency
    yield Text.assemble(
        (f"{clean(dependency.importer)} → {clean(dependency.imported)}", "bold"),
        f"   {kinds(dependency)}, in {analysis.graph_name} component #{reason.component.number}",
    )
    yield Text()
    for statement in dependency.imports:
        tags = f"  ({', '.join([statement.kind, *statement.tags])})"
        yield Text.assemble(f"  {place(statement)}", (tags, "cyan"))
        yield Text(f"    {clean(statement.line_contents)}")
        if statement.names:
            for line in wrapped(f"takes {', '.join(map(clean, statement.names))}", width - 4):
                yield Text(f"    {line}", style="dim")
        if dependency.implied:
            yield Text(f"    runs {clean(dependency.imported)} on the way to {clean(statement.imported)}", style="dim")
    yield Text()
    yield Text.assemble(("cycles   ", "bold"), _through(reason))
    yield Text.assemble(("shortest ", "bold"), next(iter(_chain(reason, width, everything=everything))))
    for line in list(_chain(reason, width, everything=everything))[1:]:
        yield Text(f"         {line}")
    for cut in reason.cuts:
        yield Text()
        yield Text.assemble(("cut      ", "bold"), f"{clean(cut.importer)} → {clean(cut.imported)}")
        yield Text(f"         {_effect(reason, cut.frees, cut.largest_left, bool(cut.removes))}")
        yield from how_lines(cut, "         ", width)
        others = [pair for pair in cut.removes if pair != (dependency.importer, dependency.imported)]
        for importer, imported in others:
            yield Text(f"         also removes {clean(importer)} → {clean(imported)}", style="dim")


def _through(reason: Reason) -> str:
    cycles = reason.cycles
    if cycles.exact:
        return f"{counted(cycles.count, 'cycle')} through it (exact)"
    return f"at least {counted(cycles.count, 'cycle')} through it, by counting {cycles.measure.replace('<=', '≤')}"


def _chain(reason: Reason, width: int, *, everything: bool) -> list[str]:
    cycle = reason.shortest_cycle
    names = [short(module, "") for module in cut_off(cycle, _SHOWN_STEPS, everything=everything)]
    more = [f"… {len(cycle) - len(names)} more"] if len(names) < len(cycle) else []
    return wrapped(" → ".join([*names, *more, short(cycle[0], "")]), width - 9)


def _effect(reason: Reason, frees: int | None, largest_left: int | None, alone: bool) -> str:  # noqa: FBT001
    size = len(reason.component.modules)
    if not alone:
        return f"alone it removes no dependency: all {counted(len(reason.cuts), 'cut')} here go together"
    if frees is None or largest_left is None:
        return f"what it does alone to the {size:,} modules takes too long to find out"
    if largest_left == size:
        return f"alone it frees no module: all {size:,} still reach each other"
    if not largest_left:
        return f"alone it ends every cycle of the {size:,} modules"
    return f"alone it frees {counted(frees, 'module')} of {size:,}; the largest component left has {largest_left:,}"
