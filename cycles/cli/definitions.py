"""`cycles definitions`."""

from cycles.cli.options import (
    Everything,
    Exclude,
    Format,
    Graph,
    Only,
    Output,
    OutputFormat,
    Packages,
    Roots,
    Selection,
    SourceRoots,
    without_component,
)


def definitions(
    package: Packages = None,
    graph: Graph = None,
    output_format: OutputFormat = Format.TEXT,
    output: Output = None,
    root: Roots = None,
    only: Only = False,
    exclude: Exclude = None,
    source_root: SourceRoots = None,
    everything: Everything = False,
) -> None:
    """Say which definitions really need each other, and which to move so that no cycle is left.

    Definitions are the functions, classes and assignments at the top of modules. What they need of each other is
    looked for through packages that hand names on, so that cycles which only the files make can be told from real ones.
    """
    from cycles.cli.common import analysed, component_number, deliver, terminal

    packages, wanted = without_component(package)
    selection = Selection(packages, root, source_root, exclude, only)
    with analysed(selection, graph=graph) as analysis:
        number = component_number(analysis, wanted)
        from cycles.api import definition_graph

        graphs = tuple(map(definition_graph, analysis.chosen(number)))
        if output_format is Format.JSON:
            from cycles.report.definitions_json import definitions_as_json

            result = definitions_as_json(analysis, graphs)
        else:
            from cycles.report.definitions import definitions_as_text
            from cycles.report.text import TextStyle

            shown = terminal(output)
            style = TextStyle(shown.width, everything=everything, color=shown.color, encoding=shown.encoding)
            result = definitions_as_text(analysis, graphs, style)
    deliver(result, output)
