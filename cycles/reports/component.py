"""One component in; the lines that show it in detail, out."""

from collections.abc import Iterator, Sequence

from rich.cells import cell_len
from rich.text import Text

from cycles.model import Analysis, Component, Dependency
from cycles.source.values import Import
from cycles.wording import (
    clean,
    common_prefix,
    cut_off,
    holds,
    kinds,
    options_of,
    place,
    short,
    size_of,
    steps_of,
    wrapped,
)
from cycles.words import GraphName

_SHOWN_DEPENDENCIES = 12
_SHOWN_IMPORTS = 2
_INDENT = "      "


def component_lines(analysis: Analysis, component: Component, width: int, *, everything: bool) -> Iterator[Text]:
    """Its size and what holds it, the shortest cycle, the modules, and the dependencies with their statements."""
    prefix = common_prefix(component.modules)
    yield Text.assemble((clean(analysis.package), "bold"), f"   {analysis.graph_name} component #{component.number}")
    yield Text(f"  {size_of(component, analysis.package)}")
    for line in wrapped(holds(component, everything=everything), width - 2):
        yield Text(f"  {line}")
    if prefix:
        yield Text(f"  names below {clean(prefix)}", style="dim")
    yield Text()
    yield Text("shortest cycle", style="bold")
    for dependency in steps_of(component):
        yield from _dependency(dependency, prefix, width, everything=everything)
    yield Text()
    yield Text("modules", style="bold")
    yield from _columns([short(module, prefix) for module in component.modules], width)
    yield Text()
    yield Text("dependencies", style="bold")
    shown = cut_off(component.dependencies, _SHOWN_DEPENDENCIES, everything=everything)
    for dependency in shown:
        yield from _dependency(dependency, prefix, width, everything=everything)
    if len(shown) < len(component.dependencies):
        yield Text(f"  … {len(component.dependencies) - len(shown):,} more: --all", style="dim")
    yield Text()
    chosen = f"{clean(analysis.package)} {component.number}{options_of(analysis)}"
    yield Text(f"next  cycles cuts {chosen}", style="dim")
    if analysis.graph_name is GraphName.IMPORT_TIME:
        yield Text(f"      cycles entries {chosen}", style="dim")


def _dependency(dependency: Dependency, prefix: str, width: int, *, everything: bool) -> Iterator[Text]:
    style = "dim" if kinds(dependency) == "eager" else "magenta"
    names = f"  {short(dependency.importer, prefix)} → {short(dependency.imported, prefix)}"
    yield Text.assemble(names, (f"  {kinds(dependency)}", style))
    shown = cut_off(dependency.imports, _SHOWN_IMPORTS, everything=everything)
    for statement in shown:
        yield from _statement(statement, width)
    if len(shown) < len(dependency.imports):
        yield Text(f"{_INDENT}… {len(dependency.imports) - len(shown)} more: --all", style="dim")


def _statement(statement: Import, width: int) -> Iterator[Text]:
    """Place and source of an import, on one line where both fit."""
    where, source = place(statement), clean(statement.line_contents)
    tags = f"  ({', '.join(statement.tags)})" if statement.tags else ""
    if len(_INDENT) + cell_len(where) + 2 + cell_len(source) + len(tags) <= width:
        yield Text.assemble(_INDENT, (f"{where}  ", "dim"), source, (tags, "cyan"))
    else:
        yield Text(f"{_INDENT}{where}", style="dim")
        yield Text.assemble(f"{_INDENT}  ", source, (tags, "cyan"))


def _columns(names: Sequence[str], width: int) -> Iterator[Text]:
    """Names in columns, read downwards."""
    column = max(map(cell_len, names)) + 2
    per_line = max(1, (width - 2) // column)
    height = -(-len(names) // per_line)
    for row in range(height):
        yield Text("  " + "".join(name + " " * (column - cell_len(name)) for name in names[row::height]))
