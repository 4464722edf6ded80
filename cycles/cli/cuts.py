"""`cycles cuts`."""

from typing import Annotated

import typer

from cycles.cli.options import (
    By,
    Cheapest,
    CutOptions,
    Format,
    Graph,
    OutputFormat,
    Packages,
    ReportOptions,
    WayOptions,
    as_layers,
    without_component,
)
from cycles.errors import CyclesError


def cuts(
    package: Packages = None,
    *,
    graph: Graph = None,
    by: By = None,
    layers: Annotated[
        str | None,
        typer.Option(
            "--layers",
            metavar="TOP ... BOTTOM",
            help="The order that groups are to have: cut what a group imports of one above it.",
        ),
    ] = None,
    choice: CutOptions,
    cheapest: Cheapest = False,
    rank: Annotated[bool, typer.Option("--rank", help="Also list every cut, and what it does alone.")] = False,
    why: Annotated[bool, typer.Option("--why", help="Also show the statements, and why each can be cut.")] = False,
    simulate: Annotated[
        bool,
        typer.Option(
            "--replay", help="Predict which modules can be imported first after the plan, even where that takes long."
        ),
    ] = False,
    hoist: Annotated[
        bool, typer.Option("--hoist", help="Also list deferred imports that could move back to the top of their files.")
    ] = False,
    wishes: WayOptions,
    output_format: OutputFormat = Format.TEXT,
    shown: ReportOptions,
) -> None:
    """Plan the fewest imports to cut, and say how to make each cut.

    A cut is all that one module imports of another: remove it, or move it into the functions that use it.
    The plan is a smallest set of cuts that leaves no cycle, in the order in which most modules are freed first.
    """
    from cycles.cli.common import analysed, component_number, deliver, pairs_to_keep_and_cut, style_for, ways_of

    packages, wanted = without_component(package)
    if layers and not by:
        raise CyclesError("--layers puts groups of modules in order: say which with --by, such as --by package")
    if layers and wishes.moves:
        raise CyclesError("--layers lists the imports against an order, and plans no moves: leave out one of the two")
    if by and (hoist or rank or simulate or wishes.prefer or wishes.no_defer or wishes.lazy):
        options = "--hoist, --lazy, --no-defer, --prefer, --rank and --replay"
        raise CyclesError(f"{options} are about modules, not groups: leave out --by")
    as_json = output_format is Format.JSON
    with analysed(shown.scope.selection(packages, by), graph=graph) as analysis_now:
        analysis = analysis_now
        number = component_number(analysis, wanted)
        from cycles.api import find_hoistable, plan_all, replay_plan
        from cycles.cheaper_moves import move_where_cheaper

        components = analysis.chosen(number)
        if by:
            from cycles.cli.groups import cuts_result, layers_result

            if layers:
                result = layers_result(analysis, as_layers(layers), shown, as_json=as_json, evidence=why)
            else:
                result = cuts_result(
                    analysis,
                    components,
                    choice,
                    shown,
                    as_json=as_json,
                    cheapest=cheapest,
                    evidence=why,
                    definitions=wishes.moves,
                )
            deliver(result, shown.output)
            return
        kept, chosen = pairs_to_keep_and_cut(components, choice)
        planned, ways = None, ways_of(wishes)
        if wishes.moving:
            analysis, components, planned = move_where_cheaper(analysis, components, ways)
        made = plan_all(
            components,
            keep=kept,
            chosen=chosen,
            allow_reexports=choice.allow_reexports,
            cheapest=cheapest or wishes.moves,
            ways=ways,
        )
        plans = tuple(replay_plan(analysis, plan, everything=simulate) for plan in made)
        freed = find_hoistable(analysis, plans) if hoist else None
        if as_json:
            from cycles.report.json import cuts_as_json

            result = cuts_as_json(analysis, plans, freed, planned)
        else:
            from cycles.report.cuts import CutsDetails, cuts_as_text

            typed = [*choice.typed(), *(["--cheapest"] if cheapest else []), *wishes.typed()]
            details = CutsDetails(why, rank, freed, typed, moved=planned is not None, asked=wanted)
            style = style_for(shown)
            result = cuts_as_text(analysis, plans, style, details)
            if planned is not None:
                from cycles.report.definitions import moves_as_text

                result = moves_as_text(planned, style) + result
    deliver(result, shown.output)
