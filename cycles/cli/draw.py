"""`cycles draw`."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cycles.cli.options import (
    By,
    CutOptions,
    DrawingFormat,
    Graph,
    MergeBase,
    Moves,
    Output,
    Packages,
    ScopeOptions,
    Selection,
    without_component,
)
from cycles.enums import GraphName, View
from cycles.errors import CyclesError

if TYPE_CHECKING:
    from cycles.cli.draw_output import Wanted
    from cycles.fixes.values import Move


def draw(
    package: Packages = None,
    *,
    output: Output = None,
    drawing_format: Annotated[
        DrawingFormat | None, typer.Option("--format", help="What to write (default: what FILE ends in).")
    ] = None,
    view: Annotated[
        View, typer.Option("--view", help="How to draw: auto is the first of the others that can be read in a README.")
    ] = View.AUTO,
    all_imports: Annotated[
        bool,
        typer.Option(
            "--all-imports", help="Draw every import, also where a longer chain of imports already shows the way."
        ),
    ] = False,
    url_template: Annotated[
        str | None,
        typer.Option("--url-template", metavar="URL", help="Link modules and imports: https://…/{path}#L{line}"),
    ] = None,
    engine: Annotated[
        str | None,
        typer.Option(
            "--engine", metavar="PROGRAM", envvar="CYCLES_DOT", help="The `dot` program that makes the layout."
        ),
    ] = None,
    graph: Graph = None,
    by: By = None,
    moves: Moves = False,
    since: Annotated[
        str | None,
        typer.Option(
            "--since", metavar="REV", help="Draw what changed since HEAD left REV: gone, new and kept imports."
        ),
    ] = None,
    merge_base: MergeBase = True,
    startup: Annotated[
        str | None,
        typer.Option("--startup", metavar="ENTRY", help="Draw what importing ENTRY loads, and what holds what there."),
    ] = None,
    django: Annotated[bool, typer.Option("--django", help="With --startup: ENTRY is Django's settings.")] = False,
    python: Annotated[
        str | None,
        typer.Option(
            "--python", metavar="PATH", help="With --startup: the interpreter whose packages count (as cycles startup)."
        ),
    ] = None,
    choice: CutOptions,
    scope: ScopeOptions,
) -> None:
    """Draw a component, with the imports to cut in red.

    Every import points down, except the few to cut, which are red, dashed and numbered; the statements to cut are
    listed below.

    FILE ends in .svg, .html (a page to explore, and to try cuts in), .dot, .mmd (Mermaid) or .md (the verdict, a
    picture and the plan). Without N every component is drawn: FILE-1, FILE-2 and so on, .html and .md hold all of
    them. A large component also gets FILE-matrix.svg.
    """
    from cycles.cli.common import analysed, component_number, pairs_to_keep_and_cut
    from cycles.cli.draw_output import deliver_drawings, wanted_drawing

    if startup is not None:
        from cycles.cli.draw_startup import draw_startup, refuse

        refuse(
            {
                "PACKAGE": package,
                "--by": by,
                "--since": since,
                "--view": view is not View.AUTO,
                "--graph": graph,
                "--moves": moves,
                "--keep": choice.keep,
                "--cut": choice.cut,
                "--allow-reexports": choice.allow_reexports,
                "--all-imports": all_imports,
                "--url-template": url_template,
            }
        )
        draw_startup(startup, scope.selection(()), output, drawing_format, django=django, python=python)
        return
    if django or python:
        message = f"{'--django' if django else '--python'} says how to start; add --startup ENTRY"
        raise CyclesError(message)
    wanted = wanted_drawing(
        output,
        drawing_format,
        view=view,
        all_imports=all_imports,
        url_template=url_template,
        engine=engine,
    )
    packages, asked = without_component(package)
    selection = scope.selection(packages, by)
    if by and moves:
        message = "a picture of groups shows no moves: leave out --moves; `cycles cuts` with both options lists them"
        raise CyclesError(message)
    if since is not None:
        if moves or choice.keep or choice.cut or asked:
            message = "--since draws what changed, not a plan: leave out N, --keep, --cut and --moves"
            raise CyclesError(message)
        _draw_change(selection, graph, since, wanted, merge_base=merge_base)
        return
    made: list[Move] = []
    with analysed(selection, graph=graph) as analysis_now:
        analysis = analysis_now
        number = component_number(analysis, asked)
        from cycles.api import plan_all
        from cycles.cheaper_moves import move_where_cheaper
        from cycles.groups import plan_groups

        components = analysis.chosen(number)
        kept, chosen = pairs_to_keep_and_cut(components, choice)
        if moves:
            analysis, components, planned = move_where_cheaper(analysis, components)
            made = [move for _, plan in planned for move in plan.moves]
        if by:
            groups = plan_groups(analysis, components, keep=kept, cut=chosen, allow_reexports=choice.allow_reexports)
            plans = tuple(found.plan for found in groups)
        else:
            plans = tuple(
                plan_all(components, keep=kept, chosen=chosen, allow_reexports=choice.allow_reexports, cheapest=moves)
            )
    deliver_drawings(analysis, plans, wanted, made)


def _draw_change(
    selection: Selection, graph: GraphName | None, since: str, wanted: "Wanted", *, merge_base: bool
) -> None:
    """Draw what a change does to the import cycles of one graph."""
    from cycles.check.revision import Revision, compare_with_revision
    from cycles.cli.common import analysed, question
    from cycles.cli.draw_output import deliver_change
    from cycles.config import read_config

    settings = read_config(Path.cwd())
    revision = Revision(since, merge_base)
    with analysed(selection, graph=graph) as analysis:
        change = compare_with_revision(
            question(selection, settings),
            analysis,
            revision,
            [analysis.graph_name],
            environment=os.environ,
            differences=True,
        )
    deliver_change(change, wanted)
