"""`cycles why`."""

from typing import Annotated

import typer

from cycles.cli.options import (
    Everything,
    Format,
    Graph,
    Output,
    OutputFormat,
    Package,
    Roots,
    SourceRoots,
)


def why(
    package: Package,
    importer: Annotated[str, typer.Argument(metavar="IMPORTER", help="The module that imports.")],
    imported: Annotated[str, typer.Argument(metavar="IMPORTED", help="The module that it imports.")],
    graph: Graph = None,
    output_format: OutputFormat = Format.TEXT,
    output: Output = None,
    root: Roots = None,
    source_root: SourceRoots = None,
    everything: Everything = False,
) -> None:
    """Explain one import: the cycles through it, and how to cut it."""
    from cycles.cli.common import analysed, deliver, terminal

    with analysed(package, graph=graph, roots=root, source_roots=source_root) as analysis:
        from cycles.api import explain

        reason = explain(analysis, importer, imported)
        if output_format is Format.JSON:
            from cycles.report.json import why_as_json

            result = why_as_json(analysis, reason)
        else:
            from cycles.report.text import TextStyle
            from cycles.report.why import why_as_text

            shown = terminal(output)
            style = TextStyle(shown.width, everything=everything, color=shown.color)
            result = why_as_text(analysis, reason, style)
    deliver(result, output)
