"""`cycles scc`."""

from typing import Annotated

import typer

from cycles.cli.options import FOUND, By, CheckedFormat, CheckFormat, Graph, Packages, ReportOptions, without_component
from cycles.errors import CyclesError


def scc(
    package: Packages = None,
    *,
    graph: Graph = None,
    by: By = None,
    output_format: CheckedFormat = CheckFormat.TEXT,
    shown: ReportOptions,
    count_cuts: Annotated[
        bool | None,
        typer.Option("--cuts/--no-cuts", help="Say how many cuts each graph needs (default: in text, not in JSON)."),
    ] = None,
    check: Annotated[bool, typer.Option("--check", help="Exit with status 1 where there is a cycle.")] = False,
    entries: Annotated[
        bool,
        typer.Option("--entries", help="Say how many modules crash when imported first (predicted: it takes longer)."),
    ] = False,
) -> None:
    """List the groups of modules that import each other.

    Such a group is a strongly connected component of the import graph, and every import cycle lies inside one.
    Three graphs are counted: the imports that run when PACKAGE is imported (import-time), these and the
    imports inside functions (runtime), and every import statement, under TYPE_CHECKING too (all).
    """
    from cycles.cli.check_options import SERVICES, cycles_for_services, need_check
    from cycles.cli.command_flow import analysed, component_number, deliver, style_for

    need_check(output_format, check=check)
    packages, wanted = without_component(package)
    if entries and wanted is not None:
        entries_of = " ".join(["cycles entries", *packages, wanted])
        raise CyclesError(f"--entries is about all modules: leave out {wanted}, or ask `{entries_of}`")
    if by and entries:
        raise CyclesError("--entries is about modules, not groups: leave out --by")
    counting = output_format is CheckFormat.TEXT if count_cuts is None else count_cuts
    selection = shown.scope.selection(packages, by)
    lists_unread = output_format is CheckFormat.TEXT and wanted is None
    with analysed(selection, graph=graph, count_cuts=counting, lists_unread=lists_unread) as analysis:
        number = component_number(analysis, wanted)
        predicted = None
        if entries:
            from cycles.simulate.first_import_report import first_imports

            predicted = first_imports(analysis)
        if by and output_format not in SERVICES:
            from cycles.cli.by_groups import scc_result

            result = scc_result(analysis, number, shown, as_json=output_format is CheckFormat.JSON)
        elif output_format in SERVICES:
            from cycles.check.compare import check as check_all

            result = cycles_for_services(output_format, check_all(analysis, [analysis.graph_name]))
        elif output_format is CheckFormat.JSON:
            from cycles.report.json_by_command import scc_as_json

            result = scc_as_json(analysis, number=number, entries=predicted)
        else:
            from cycles.report.scc import scc_as_text

            result = scc_as_text(analysis, style_for(shown), number=number, entries=predicted)
    deliver(result, shown.output)
    if check and analysis.components:
        raise typer.Exit(FOUND)
