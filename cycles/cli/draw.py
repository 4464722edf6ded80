"""`cycles draw`."""

import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cycles.cli.options import (
    By,
    CutOptions,
    DrawingFormat,
    Graph,
    LookOptions,
    MergeBase,
    Moves,
    Output,
    Packages,
    ScopeOptions,
    Selection,
    StartOptions,
    without_component,
)
from cycles.enums import GraphName
from cycles.errors import CyclesError

if TYPE_CHECKING:
    from cycles.cli.draw_output import Wanted
    from cycles.fixes.definition_values import Move
    from cycles.model import Analysis, CutPlan


def draw(
    package: Packages = None,
    *,
    output: Output = None,
    drawing_format: Annotated[
        DrawingFormat | None, typer.Option("--format", help="What to write (default: what FILE ends in).")
    ] = None,
    looks: LookOptions,
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
    start: StartOptions,
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
    from cycles.cli.draw_output import deliver_drawings, wanted_drawing

    if start.startup is not None:
        given = {"PACKAGE": package, "--by": by, "--since": since, "--graph": graph, "--moves": moves}
        idle = [name for name, value in given.items() if value] + looks.of_cycles()
        idle += choice.given("keep", "cut", "allow_reexports")
        _draw_startup(start.startup, start, scope.selection(()), (output, drawing_format), idle)
        return
    if start.django or start.python:
        raise CyclesError(f"{'--django' if start.django else '--python'} says how to start; add --startup ENTRY")
    wanted = wanted_drawing(output, drawing_format, looks)
    packages, asked = without_component(package)
    selection = scope.selection(packages, by)
    if by and moves:
        raise CyclesError(
            "a picture of groups shows no moves: leave out --moves; `cycles cuts` with both options lists them"
        )
    if since is None:
        analysis, plans, made = _planned(selection, graph, asked, choice, moving=moves)
        typed = [*choice.typed(), *(["--moves"] if moves else [])]
        deliver_drawings(analysis, plans, replace(wanted, typed=typed), made)
        return
    if moves or choice.keep or choice.cut or asked:
        raise CyclesError("--since draws what changed, not a plan: leave out N, --keep, --cut and --moves")
    _draw_change(selection, graph, since, wanted, merge_base=merge_base)


def _planned(
    selection: Selection, graph: GraphName | None, asked: str | None, choice: CutOptions, *, moving: bool
) -> "tuple[Analysis, tuple[CutPlan, ...], list[Move]]":
    """Return what is to be drawn: the plans of components, and the moves that come first."""
    from cycles.cli.command_flow import analysed, component_number, cut_request

    made: list[Move] = []
    with analysed(selection, graph=graph) as analysis:
        from cycles.api import plan_all
        from cycles.group_cycles import plan_groups
        from cycles.moves_for_cuts import move_where_cheaper

        components = analysis.chosen(component_number(analysis, asked))
        request = cut_request(components, choice, cheapest=moving)
        if analysis.by:
            return analysis, tuple(found.plan for found in plan_groups(analysis, components, request)), made
        if not moving:
            return analysis, tuple(plan_all(components, request)), made
        moved, components, planned = move_where_cheaper(analysis, components)
        made = [move for _, plan in planned for move in plan.moves]
        return moved, tuple(plan_all(components, request)), made


def _draw_startup(
    entry: str,
    start: StartOptions,
    selection: Selection,
    where: tuple[Path | None, DrawingFormat | None],
    idle: Sequence[str],
) -> None:
    """Draw what holds what while an application is imported.

    Raises CyclesError where options are given that are `idle`, for they say nothing about a start-up.
    """
    import shlex

    from cycles.cli.command_flow import deliver
    from cycles.cli.draw_output import deliver_text, wanted_drawing
    from cycles.cli.startup_inputs import examined, words_of
    from cycles.render.startup_diagram import holding_extent, holding_markdown, holding_svg
    from cycles.report.wording import clean, joined
    from cycles.startup.holders import held_tree

    if idle:
        raise CyclesError(f"--startup draws what importing ENTRY loads, not cycles: leave out {joined(idle)}")
    wanted = wanted_drawing(*where, LookOptions())
    match wanted.drawing_format:
        case DrawingFormat.SVG:
            draw = holding_svg
        case DrawingFormat.MARKDOWN:
            draw = holding_markdown
        case None:
            given = words_of(entry, django=start.django, python=start.python, selection=selection)
            words = " ".join(clean(shlex.quote(word)) for word in given)
            deliver(f"nothing is written yet; name a file:\n  cycles draw --startup {words} -o startup.svg\n", None)
            return
        case DrawingFormat.DOT | DrawingFormat.MERMAID | DrawingFormat.HTML:
            raise CyclesError(
                f"what holds what of a start-up is not drawn as {wanted.drawing_format}; end FILE in .svg or .md"
            )
    found = examined(entry, selection, django=start.django, python=start.python)
    deliver_text(draw(found, held_tree(found)), holding_extent(found), wanted)


def _draw_change(
    selection: Selection, graph: GraphName | None, since: str, wanted: "Wanted", *, merge_base: bool
) -> None:
    """Draw what a change does to the import cycles of one graph."""
    from cycles.check.compare_revision import Revision, compare_with_revision
    from cycles.cli.command_flow import analysed, question
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
