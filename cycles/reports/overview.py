"""An Analysis in; the lines of its overview out: three graphs at a glance, then the components of one."""

from collections.abc import Iterator, Sequence

from rich.cells import cell_len
from rich.text import Text

from cycles.model import Analysis, Component
from cycles.source.values import Import, Skipped
from cycles.wording import (
    advice,
    bound,
    clean,
    common_prefix,
    counted,
    cut_off,
    holds,
    kinds,
    nothing,
    options_of,
    place,
    short,
    size_of,
    steps_of,
    wrapped,
)
from cycles.words import GraphName

_SHOWN_COMPONENTS = 5
_SHOWN_STEPS = 4
_SHOWN_SKIPPED = 5
_INDENT = "      "


def overview_lines(analysis: Analysis, width: int, *, everything: bool) -> Iterator[Text]:
    """The headline, a line a graph, the components of the chosen graph, what was not read, what to do next."""
    yield _headline(analysis)
    yield Text()
    counted_cuts = any(summary.cuts for summary in analysis.summaries)
    yield Text(f"  graph       components  modules  largest{'   cuts' if counted_cuts else ''}", style="dim")
    for summary in analysis.summaries:
        style = "bold" if summary.name is analysis.graph_name else ""
        figures = f"{summary.components:>10,}{summary.modules:>9,}{summary.largest:>9,}"
        figures += f"{bound(summary.cuts):>7}" if counted_cuts else ""
        yield Text.assemble((f"  {summary.name:<12}", style), (figures, style), (f"  {advice(summary.name)}", "dim"))
    yield Text()
    yield Text.assemble((analysis.graph_name, "bold"), "" if analysis.components else f"  {nothing(analysis)}")
    shown = cut_off(analysis.components, _SHOWN_COMPONENTS, everything=everything)
    for component in shown:
        yield from _component(component, analysis.package, width, everything=everything)
    if len(shown) < len(analysis.components):
        rest = analysis.components[len(shown) :]
        modules = counted(sum(len(component.modules) for component in rest), "module")
        yield Text(f"  … {counted(len(rest), 'more component')} with {modules}: --all", style="dim")
    yield from _self_imports(analysis.self_imports, everything=everything)
    yield from _skipped(analysis.skipped, everything=everything)
    yield from _next(analysis)


def _headline(analysis: Analysis) -> Text:
    figures = f"   {counted(analysis.modules, 'module')} · {counted(analysis.imports, 'import')}"
    unread = f" · {counted(len(analysis.skipped), 'file')} not read" if analysis.skipped else ""
    roots = ", ".join(clean(root) for root in analysis.roots)
    graph = f"   in the graph of {roots}" if roots != analysis.package else ""
    return Text.assemble((clean(analysis.package), "bold"), figures, (unread, "yellow"), (graph, "dim"))


def _component(component: Component, package: str, width: int, *, everything: bool) -> Iterator[Text]:
    prefix = common_prefix(component.modules)
    below = f" · below {clean(prefix)}" if prefix else ""
    yield Text.assemble((f"  #{component.number:<3}", "bold"), size_of(component, package), (below, "dim"))
    for line in wrapped(holds(component, everything=everything), width - len(_INDENT)):
        yield Text(_INDENT + line)
    if not component.is_shortest:
        yield Text(f"{_INDENT}a short cycle; whether there is a shorter one takes too long to find out", style="dim")
    steps = steps_of(component)
    shown = cut_off(steps, _SHOWN_STEPS, everything=everything)
    names = [f"{short(step.importer, prefix)} → {short(step.imported, prefix)}" for step in shown]
    left = max(map(cell_len, names), default=0)
    for name, step in zip(names, shown, strict=True):
        where = place(step.imports[0])
        note = "" if kinds(step) == "eager" else f"  {kinds(step)}"
        if len(_INDENT) + left + 2 + cell_len(where) + cell_len(note) <= width:
            padding = " " * (left - cell_len(name) + 2)
            yield Text.assemble(_INDENT, name, padding, (where, "dim"), (note, "magenta"))
        else:
            yield Text.assemble(_INDENT, name, (note, "magenta"))
            yield Text(f"{_INDENT}  {where}", style="dim")
    if len(shown) < len(steps):
        back = short(component.shortest_cycle[0], prefix)
        yield Text(f"{_INDENT}… {counted(len(steps) - len(shown), 'more step')} back to {back}", style="dim")


def _self_imports(self_imports: Sequence[Import], *, everything: bool) -> Iterator[Text]:
    if not self_imports:
        return
    yield Text()
    yield Text.assemble(("self-imports", "bold"), ("  a module that imports itself", "dim"))
    shown = cut_off(self_imports, _SHOWN_STEPS, everything=everything)
    for statement in shown:
        yield Text(f"  {place(statement)}", style="dim")
    if len(shown) < len(self_imports):
        yield Text(f"  … {len(self_imports) - len(shown):,} more: --all", style="dim")


def _skipped(skipped: Sequence[Skipped], *, everything: bool) -> Iterator[Text]:
    if not skipped:
        return
    yield Text()
    yield Text("not read", style="bold yellow")
    shown = cut_off(skipped, _SHOWN_SKIPPED, everything=everything)
    for file in shown:
        line = f":{file.line_number}" if file.line_number else ""
        yield Text.assemble(f"  {clean(file.path)}{line}  ", (clean(file.reason), "dim"))
    if len(shown) < len(skipped):
        yield Text(f"  … {len(skipped) - len(shown):,} more: --all", style="dim")


def _next(analysis: Analysis) -> Iterator[Text]:
    if not analysis.components:
        return
    options = options_of(analysis)
    package = clean(analysis.package)
    yield Text()
    yield Text(f"next  cycles scc {package} 1{options}", style="dim")
    yield Text(f"      cycles cuts {package} 1{options}", style="dim")
    if analysis.graph_name is GraphName.IMPORT_TIME:
        yield Text(f"      cycles entries {package}{options}", style="dim")
