"""`cycles definitions`."""

from cycles.cli.options import Format, Graph, OutputFormat, Packages, ReportOptions, without_component


def definitions(
    package: Packages = None,
    *,
    graph: Graph = None,
    output_format: OutputFormat = Format.TEXT,
    shown: ReportOptions,
) -> None:
    """Say which definitions really need each other, and which to move so that no cycle is left.

    Definitions are the functions, classes and assignments at the top of modules. What they need of each other is
    looked for through packages that hand names on, so that cycles which only the files make can be told from real ones.
    """
    from cycles.cli.command_flow import analysed, component_number, deliver, style_for

    packages, wanted = without_component(package)
    with analysed(shown.scope.selection(packages), graph=graph) as analysis:
        number = component_number(analysis, wanted)
        from cycles.api import definition_graph

        graphs = tuple(map(definition_graph, analysis.chosen(number)))
        if output_format is Format.JSON:
            from cycles.report.definitions_json import definitions_as_json

            result = definitions_as_json(analysis, graphs)
        else:
            from cycles.report.definitions import definitions_as_text

            result = definitions_as_text(analysis, graphs, style_for(shown))
    deliver(result, shown.output)
