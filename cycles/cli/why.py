"""`cycles why`."""

from typing import Annotated

import typer

from cycles.cli.options import (
    Everything,
    Exclude,
    Format,
    Graph,
    Only,
    Output,
    OutputFormat,
    Roots,
    Selection,
    SourceRoots,
)
from cycles.errors import CyclesError

_FEWEST = 3


def why(
    names: Annotated[
        list[str],
        typer.Argument(metavar="PACKAGE... IMPORTER IMPORTED", help="Packages, then two modules: who imports what."),
    ],
    graph: Graph = None,
    output_format: OutputFormat = Format.TEXT,
    output: Output = None,
    root: Roots = None,
    only: Only = False,
    exclude: Exclude = None,
    source_root: SourceRoots = None,
    everything: Everything = False,
) -> None:
    """Explain one import: the cycles through it, and how to cut it."""
    from cycles.cli.common import analysed, deliver, terminal

    if len(names) < _FEWEST:
        message = "name a package and two modules, such as cycles why shop shop.orders shop.customers"
        raise CyclesError(message)
    *packages, importer, imported = names
    with analysed(Selection(packages, root, source_root, exclude, only), graph=graph) as analysis:
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
