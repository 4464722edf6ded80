"""Show the components of a package as text: all of them at a glance, or one in detail."""

from collections.abc import Iterator, Sequence

from rich.cells import cell_len
from rich.text import Text

from cycles.enums import GraphName, Verdict
from cycles.model import Analysis, Component, Dependency, FirstImport
from cycles.report.terminal import (
    TextStyle,
    arrow,
    as_text,
    headline,
    listed,
    next_commands,
    next_without_cycles,
    paragraph,
    section,
    statement_lines,
    title_of,
    with_places,
    within,
)
from cycles.report.wording import (
    clean,
    command_line,
    common_prefix,
    counted,
    cut_count_text,
    graph_meaning,
    kinds,
    no_cycles,
    place,
    short,
    size_of,
    what_cuts_do,
    what_holds,
)
from cycles.source.import_values import Import, Skipped
from cycles.source.module_names import inside

_SHOWN_COMPONENTS = 5
_SHOWN_STEPS = 4
_SHOWN_SELF_IMPORTS = 4
_SHOWN_SKIPPED = 5
_SHOWN_DEPENDENCIES = 12
_SHOWN_IMPORTS = 2
_GRAPH_WIDTH = 13
_INDENT = "      "


@as_text
def scc_as_text(
    analysis: Analysis,
    style: TextStyle,
    *,
    number: int | None = None,
    entries: Sequence[FirstImport] | None = None,
) -> Iterator[Text]:
    """Return the overview of an analysis, with what became of first imports if given, or a component in detail."""
    if number is None:
        return _overview(analysis, style, entries)
    return _detail(analysis, analysis.components[number - 1], style)


def _overview(analysis: Analysis, style: TextStyle, predicted: Sequence[FirstImport] | None) -> Iterator[Text]:
    """Show a line a graph, the components of the chosen graph, what was not read, and what to do next."""
    yield _headline(analysis, style)
    yield from paragraph(_in_short(analysis), style, look="" if analysis.components else "green")
    yield Text()
    yield from graph_table(analysis, style)
    if predicted is not None:
        yield from paragraph(_crashes(predicted), style)
    if analysis.components:
        yield from section(f"components of {analysis.graph_name}")
    shown = style.first(analysis.components, _SHOWN_COMPONENTS)
    for component in shown:
        yield from _component(analysis, component, style)
    if len(shown) < len(analysis.components):
        rest = analysis.components[len(shown) :]
        modules = counted(sum(len(component.modules) for component in rest), "module")
        yield Text(f"  … {counted(len(rest), 'more component')} with {modules}: --all", style="dim")
    if analysis.self_imports:
        yield Text()
        yield Text.assemble(("self-imports", "bold"), ("  a module that imports itself", "dim"))
        yield from listed(
            analysis.self_imports, _SHOWN_SELF_IMPORTS, style, lambda found: [Text(f"  {place(found)}", style="dim")]
        )
    if analysis.skipped:
        yield from section("not read", "bold yellow")
        yield from listed(analysis.skipped, _SHOWN_SKIPPED, style, lambda file: _skipped(file, style))
    if analysis.components:
        yield from next_commands(style, *_next(analysis, 1, "scc"))
    else:
        yield from next_without_cycles(analysis, style, "scc")


def _next(analysis: Analysis, number: int, *before: str) -> Iterator[str]:
    """Name what to type next about a component, and `before` that."""
    for command in (*before, "cuts"):
        yield command_line(analysis, command, number)
    if analysis.graph_name is GraphName.IMPORT_TIME:
        yield command_line(analysis, "entries", *([] if before else [number]))


def _in_short(analysis: Analysis) -> str:
    """Say in a sentence how many modules of the chosen graph are on cycles, and how many cuts end these."""
    if not analysis.components:
        return no_cycles(analysis)
    chosen = next(summary for summary in analysis.summaries if summary.name is analysis.graph_name)
    groups = f", in {chosen.components:,} groups (components)," if chosen.components > 1 else ""
    when = {
        GraphName.IMPORT_TIME: "at import time",
        GraphName.RUNTIME: "if imports in functions count too",
        GraphName.ALL: "if every import statement counts",
    }[analysis.graph_name]
    inside = sum(component.inside for component in analysis.components)
    of_these = f" ({inside:,} of them in {clean(analysis.package)})" if inside < chosen.modules else ""
    sentence = f"{chosen.modules:,} modules import each other{of_these}{groups} {when}"
    return f"{sentence}; {what_cuts_do(chosen.cuts)}" if chosen.cuts else sentence


def _headline(analysis: Analysis, style: TextStyle) -> Text:
    figures = f"   {counted(analysis.modules, 'module')} · {counted(analysis.imports, 'import')}"
    unread = f" · {counted(len(analysis.skipped), 'file')} not read" if analysis.skipped else ""
    return headline(analysis, style, figures, (unread, "yellow"))


def graph_table(analysis: Analysis, style: TextStyle) -> Iterator[Text]:
    """Show how cyclic each graph is; the chosen one is bold. Where a table has no room, each has a list."""
    counted_cuts = any(summary.cuts for summary in analysis.summaries)
    heads = ("in cycles", "components", "largest", *(["cuts"] if counted_cuts else []))
    widths = (11, 12, 9, 6)
    fits = _GRAPH_WIDTH + sum(widths[: len(heads)]) <= style.width
    if fits:
        yield Text("".join([f"{'  graph':<{_GRAPH_WIDTH}}", *map(str.rjust, heads, widths)]), style="dim")
    for summary in analysis.summaries:
        look = "bold" if summary.name is analysis.graph_name else ""
        figures = (summary.modules, summary.components, summary.largest)
        cells = (*(f"{figure:,}" for figure in figures), cut_count_text(summary.cuts))
        meaning = graph_meaning(summary.name)
        if not fits:
            yield Text(f"  {summary.name}", style=look)
            listed_cells = (f"{head} {cell}" for head, cell in zip(heads, cells, strict=False) if cell)
            yield from paragraph(" · ".join(listed_cells), style, "    ")
            continue
        row = "".join([f"  {summary.name}".ljust(_GRAPH_WIDTH), *map(str.rjust, cells[: len(heads)], widths)])
        note = f"  {meaning}" if cell_len(f"{row}  {meaning}") <= style.width else ""
        yield Text.assemble((row, look), (note, "dim"))


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
    none = f"none of {modules} crashes" if len(entries) > 1 else "the module does not crash"
    return f"{none} when imported first (predicted)"


def _component(analysis: Analysis, component: Component, style: TextStyle) -> Iterator[Text]:
    """Show a component of several: its size, what holds it together, and its shortest cycle."""
    prefix = common_prefix(component.modules)
    name = short(component.name, prefix)
    title, where = f"  #{component.number:<2} (named after {name})", within(analysis, prefix)
    yield Text.assemble((title, "bold"), (where, "dim"))
    yield Text(f"{_INDENT}{size_of(component, analysis.package)}")
    yield from paragraph(what_holds(component, everything=style.everything), style, _INDENT)
    if not component.is_shortest:
        yield Text(f"{_INDENT}a short cycle; whether there is a shorter one takes too long to find out:")
    else:
        yield Text(f"{_INDENT}shortest cycle:")
    steps = component.shortest_edges
    shown = style.first(steps, _SHOWN_STEPS)
    yield from with_places(shown, style, _INDENT, prefix)
    if len(shown) < len(steps):
        back = short(component.shortest_cycle[0], prefix)
        yield Text(f"{_INDENT}… {counted(len(steps) - len(shown), 'more step')} back to {back}", style="dim")


def _skipped(file: Skipped, style: TextStyle) -> Iterator[Text]:
    line = f":{file.line_number}" if file.line_number else ""
    where, reason = f"  {clean(file.path)}{line}", f"  {clean(file.reason)}"
    if cell_len(where + reason) <= style.width:
        yield Text.assemble(where, (reason, "dim"))
    else:
        # A path on one line can be copied.
        yield Text(where)
        yield from paragraph(reason.strip(), style, _INDENT, "dim")


def _detail(analysis: Analysis, component: Component, style: TextStyle) -> Iterator[Text]:
    """Show one component: its size and what holds it, the shortest cycle, the modules, all dependencies."""
    prefix = common_prefix(component.modules)
    yield headline(analysis, style, "   ", *title_of(analysis, component, prefix))
    yield Text(f"  {size_of(component, analysis.package)}")
    yield from paragraph(what_holds(component, everything=style.everything), style)
    yield from section("shortest cycle")
    for dependency in component.shortest_edges:
        yield from _dependency(dependency, prefix, style)
    yield from section("modules")
    yield from _columns([short(module, prefix) for module in component.modules], style.width)
    yield from _other_dependencies(component, prefix, style)
    yield from next_commands(style, *_next(analysis, component.number))


def _other_dependencies(component: Component, prefix: str, style: TextStyle) -> Iterator[Text]:
    """Show the dependencies besides those of the shortest cycle; what a package takes of its own modules last.

    These are seldom cut: they are only counted where there are others.
    """
    others = [found for found in component.dependencies if found not in component.shortest_edges]
    own = [found for found in others if inside(found.imported, found.importer)]
    shown = [found for found in others if found not in own] or own
    if others:
        yield Text()
        yield Text.assemble(("other dependencies", "bold"), ("  of one module on another, with their imports", "dim"))
    if style.everything and shown is not own:
        shown += own
    yield from listed(shown, _SHOWN_DEPENDENCIES, style, lambda found: _dependency(found, prefix, style))
    if hidden := len(others) - len(shown):
        of_packages = counted(hidden, "dependency", "dependencies")
        yield Text(f"  … {of_packages} of packages on their own modules: --all", style="dim")


def _dependency(dependency: Dependency, prefix: str, style: TextStyle) -> Iterator[Text]:
    kind = "" if kinds(dependency) == "eager" else f"  {kinds(dependency)}"
    yield Text.assemble(f"  {arrow(dependency, prefix)}", (kind, "magenta"))
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
