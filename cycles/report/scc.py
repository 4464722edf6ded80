"""Show the components of a package as text: all of them at a glance, or one in detail."""

from collections.abc import Iterator, Sequence

from rich.cells import cell_len
from rich.text import Text

from cycles.enums import GraphName, Verdict
from cycles.model import Analysis, Component, Dependency, FirstImport
from cycles.report.format import (
    asked_for,
    clean,
    common_prefix,
    counted,
    cut_count_text,
    cycle_edges,
    graph_meaning,
    kinds,
    no_cycles,
    options_of,
    place,
    short,
    size_of,
    what_holds,
)
from cycles.report.text import (
    TextStyle,
    arrow,
    headline,
    join_lines,
    listed,
    next_commands,
    paragraph,
    section,
    statement_lines,
)
from cycles.source.values import Import, Skipped

_SHOWN_COMPONENTS = 5
_SHOWN_STEPS = 4
_SHOWN_SELF_IMPORTS = 4
_SHOWN_SKIPPED = 5
_SHOWN_DEPENDENCIES = 12
_SHOWN_IMPORTS = 2
_INDENT = "      "


def scc_as_text(
    analysis: Analysis,
    style: TextStyle,
    *,
    number: int | None = None,
    entries: Sequence[FirstImport] | None = None,
) -> str:
    """Return the overview of an analysis, with what became of first imports if given, or a component in detail."""
    if number is None:
        return join_lines(_overview(analysis, style, entries), style)
    return join_lines(_detail(analysis, analysis.components[number - 1], style), style)


def _overview(analysis: Analysis, style: TextStyle, predicted: Sequence[FirstImport] | None) -> Iterator[Text]:
    """Show a line a graph, the components of the chosen graph, what was not read, and what to do next."""
    yield _headline(analysis, style)
    yield from paragraph(in_short(analysis), style, look="" if analysis.components else "green")
    yield Text()
    yield from _graphs(analysis)
    if predicted is not None:
        yield from paragraph(_crashes(predicted), style)
    if analysis.components:
        yield from section(f"components of {analysis.graph_name}")
    shown = style.first(analysis.components, _SHOWN_COMPONENTS)
    for component in shown:
        yield from _component(component, analysis.package, style)
    if len(shown) < len(analysis.components):
        rest = analysis.components[len(shown) :]
        modules = counted(sum(len(component.modules) for component in rest), "module")
        yield Text(f"  … {counted(len(rest), 'more component')} with {modules}: --all", style="dim")
    if analysis.self_imports:
        yield Text()
        yield Text.assemble(("self-imports", "bold"), ("  a module that imports itself", "dim"))
        yield from listed(analysis.self_imports, _SHOWN_SELF_IMPORTS, style, _self_import)
    if analysis.skipped:
        yield from section("not read", "bold yellow")
        yield from listed(analysis.skipped, _SHOWN_SKIPPED, style, _skipped)
    if analysis.components:
        package, options = asked_for(analysis), options_of(analysis)
        entries = [f"entries {package}{options}"] if analysis.graph_name is GraphName.IMPORT_TIME else []
        yield Text()
        yield from next_commands(f"scc {package} 1{options}", f"cuts {package} 1{options}", *entries)


def in_short(analysis: Analysis) -> str:
    """Say in a sentence how many modules of the chosen graph are on cycles, and how many cuts end these."""
    if not analysis.components:
        return no_cycles(analysis)
    chosen = next(summary for summary in analysis.summaries if summary.name is analysis.graph_name)
    groups = f", in {chosen.components:,} separate groups," if chosen.components > 1 else ""
    when = {
        GraphName.IMPORT_TIME: f"when {clean(analysis.package)} is imported",
        GraphName.RUNTIME: f"when {clean(analysis.package)} runs",
        GraphName.ALL: "if every import statement counts",
    }[analysis.graph_name]
    sentence = f"{chosen.modules:,} modules import each other{groups} {when}"
    if chosen.cuts is None:
        return sentence
    fewest = "" if chosen.cuts.size == chosen.cuts.lower_bound else ", or fewer,"
    return f"{sentence}; cutting {counted(chosen.cuts.size, 'import')}{fewest} leaves no cycle"


def _headline(analysis: Analysis, style: TextStyle) -> Text:
    figures = f"   {counted(analysis.modules, 'module')} · {counted(analysis.imports, 'import')}"
    unread = f" · {counted(len(analysis.skipped), 'file')} not read" if analysis.skipped else ""
    return headline(analysis, style, figures, (unread, "yellow"))


def _graphs(analysis: Analysis) -> Iterator[Text]:
    """Show how cyclic each graph is; the chosen one is bold."""
    counted_cuts = any(summary.cuts for summary in analysis.summaries)
    yield Text(f"  graph       components  modules  largest{'   cuts' if counted_cuts else ''}", style="dim")
    for summary in analysis.summaries:
        look = "bold" if summary.name is analysis.graph_name else ""
        figures = f"{summary.components:>10,}{summary.modules:>9,}{summary.largest:>9,}"
        figures += f"{cut_count_text(summary.cuts):>7}" if counted_cuts else ""
        yield Text.assemble(
            (f"  {summary.name:<12}", look), (figures, look), (f"  {graph_meaning(summary.name)}", "dim")
        )


def _crashes(entries: Sequence[FirstImport]) -> str:
    """Say how many first imports crash; that none does only where none is unknown."""
    verdicts = [entry.verdict for entry in entries]
    crash, unknown = verdicts.count(Verdict.CRASH), verdicts.count(Verdict.UNKNOWN)
    modules = counted(len(entries), "module")
    if crash:
        more = f"; {unknown:,} unknown" if unknown else ""
        return (
            f"can crash: {crash:,} of {modules} {'does' if crash == 1 else 'do'} when imported first{more} (predicted)"
        )
    if unknown:
        return f"of {modules}, {unknown:,} may crash when imported first, or not: unknown (predicted)"
    return f"none of {modules} crashes when imported first (predicted)"


def _component(component: Component, package: str, style: TextStyle) -> Iterator[Text]:
    """Show a component of several: its size, what holds it together, and its shortest cycle."""
    prefix = common_prefix(component.modules)
    within = f" · in {clean(prefix)}" if prefix else ""
    name = short(component.name, prefix)
    yield Text.assemble(
        (f"  #{component.number:<2} {name}", "bold"), f"   {size_of(component, package)}", (within, "dim")
    )
    yield from paragraph(what_holds(component, everything=style.everything), style, _INDENT)
    if not component.is_shortest:
        yield Text(f"{_INDENT}a short cycle; whether there is a shorter one takes too long to find out", style="dim")
    steps = cycle_edges(component)
    shown = style.first(steps, _SHOWN_STEPS)
    names = [arrow(step, prefix) for step in shown]
    left = max(map(cell_len, names), default=0)
    for name, step in zip(names, shown, strict=True):
        where = place(step.imports[0])
        note = "" if kinds(step) == "eager" else f"  {kinds(step)}"
        if len(_INDENT) + left + 2 + cell_len(where) + cell_len(note) <= style.width:
            padding = " " * (left - cell_len(name) + 2)
            yield Text.assemble(_INDENT, name, padding, (where, "dim"), (note, "magenta"))
        else:
            yield Text.assemble(_INDENT, name, (note, "magenta"))
            yield Text(f"{_INDENT}  {where}", style="dim")
    if len(shown) < len(steps):
        back = short(component.shortest_cycle[0], prefix)
        yield Text(f"{_INDENT}… {counted(len(steps) - len(shown), 'more step')} back to {back}", style="dim")


def _self_import(statement: Import) -> Iterator[Text]:
    yield Text(f"  {place(statement)}", style="dim")


def _skipped(file: Skipped) -> Iterator[Text]:
    line = f":{file.line_number}" if file.line_number else ""
    yield Text.assemble(f"  {clean(file.path)}{line}  ", (clean(file.reason), "dim"))


def _detail(analysis: Analysis, component: Component, style: TextStyle) -> Iterator[Text]:
    """Show one component: its size and what holds it, the shortest cycle, the modules, all dependencies."""
    prefix = common_prefix(component.modules)
    name = f"#{component.number} {short(component.name, prefix)}"
    yield headline(analysis, style, f"   {analysis.graph_name} component {name}")
    yield Text(f"  {size_of(component, analysis.package)}")
    yield from paragraph(what_holds(component, everything=style.everything), style)
    if prefix:
        yield Text(f"  names are those inside {clean(prefix)}", style="dim")
    yield from section("shortest cycle")
    for dependency in cycle_edges(component):
        yield from _dependency(dependency, prefix, style)
    yield from section("modules")
    yield from _columns([short(module, prefix) for module in component.modules], style.width)
    yield from section("dependencies")
    dependencies = component.dependencies
    yield from listed(dependencies, _SHOWN_DEPENDENCIES, style, lambda found: _dependency(found, prefix, style))
    chosen = f"{asked_for(analysis)} {component.number}{options_of(analysis)}"
    entries = [f"entries {chosen}"] if analysis.graph_name is GraphName.IMPORT_TIME else []
    yield Text()
    yield from next_commands(f"cuts {chosen}", *entries)


def _dependency(dependency: Dependency, prefix: str, style: TextStyle) -> Iterator[Text]:
    look = "dim" if kinds(dependency) == "eager" else "magenta"
    yield Text.assemble(f"  {arrow(dependency, prefix)}", (f"  {kinds(dependency)}", look))
    yield from listed(dependency.imports, _SHOWN_IMPORTS, style, lambda found: _statement(found, style), _INDENT)


def _statement(statement: Import, style: TextStyle) -> Iterator[Text]:
    tags = f"  ({', '.join(statement.tags)})" if statement.tags else ""
    return statement_lines(statement, style, _INDENT, of_source=[(tags, "cyan")])


def _columns(names: Sequence[str], width: int) -> Iterator[Text]:
    """Show names in columns, to be read downwards."""
    column = max(map(cell_len, names)) + 2
    per_line = max(1, (width - 2) // column)
    height = -(-len(names) // per_line)
    for row in range(height):
        yield Text("  " + "".join(name + " " * (column - cell_len(name)) for name in names[row::height]))
