"""`cycles cuts`."""

from typing import Annotated

import typer

from cycles.cli.options import (
    AllowReexports,
    By,
    Chosen,
    Everything,
    Exclude,
    Format,
    Graph,
    Keep,
    Lazy,
    NoDefer,
    Only,
    Output,
    OutputFormat,
    Packages,
    Prefer,
    Roots,
    Selection,
    SourceRoots,
    as_layers,
    without_component,
)
from cycles.enums import Way
from cycles.errors import CyclesError


def cuts(
    package: Packages = None,
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
    keep: Keep = None,
    cut: Chosen = None,
    allow_reexports: AllowReexports = False,
    cheapest: Annotated[bool, typer.Option("--cheapest", help="Prefer easy cuts to few cuts.")] = False,
    rank: Annotated[bool, typer.Option("--rank", help="Also list every cut, and what it does alone.")] = False,
    why: Annotated[bool, typer.Option("--why", help="Also show the statements, and why each can be cut.")] = False,
    simulate: Annotated[
        bool,
        typer.Option(
            "--replay", help="Also predict which modules could be imported first after the plan, where that takes long."
        ),
    ] = False,
    hoist: Annotated[
        bool, typer.Option("--hoist", help="Also list deferred imports that could move back to the top of their files.")
    ] = False,
    moves: Annotated[
        bool,
        typer.Option(
            "--moves", help="Also move definitions where that makes cheaper cuts enough; with --by, name those to move."
        ),
    ] = False,
    prefer: Prefer = None,
    no_defer: NoDefer = False,
    lazy: Lazy = False,
    output_format: OutputFormat = Format.TEXT,
    output: Output = None,
    root: Roots = None,
    only: Only = False,
    exclude: Exclude = None,
    source_root: SourceRoots = None,
    everything: Everything = False,
) -> None:
    """Plan the fewest imports to cut, and say how to make each cut.

    A cut is all that one module imports of another: remove it, or move it into the functions that use it.
    The plan is a smallest set of cuts that leaves no cycle, in the order in which most modules are freed first.
    """
    from cycles.cli.common import (
        analysed,
        component_number,
        deliver,
        pairs_to_keep_and_cut,
        terminal,
        typed_pairs,
        typed_ways,
        ways_of,
    )

    packages, wanted = without_component(package)
    if layers and not by:
        message = "--layers puts groups of modules in order: say which with --by, such as --by package"
        raise CyclesError(message)
    if by and (hoist or rank or simulate or prefer or no_defer or lazy):
        options = "--hoist, --lazy, --no-defer, --prefer, --rank and --replay"
        message = f"{options} are about modules, not groups: leave out --by"
        raise CyclesError(message)
    selection = Selection(packages, root, source_root, exclude, only, by)
    with analysed(selection, graph=graph) as analysis_now:
        analysis = analysis_now
        number = component_number(analysis, wanted)
        from cycles.api import find_hoistable, move_where_cheaper, plan_all, replay_plan

        components = analysis.chosen(number)
        if by:
            from cycles.cli.groups import cuts_result, layers_result, style_for

            style, as_json = style_for(output, everything=everything), output_format is Format.JSON
            if layers:
                result = layers_result(analysis, as_layers(layers), style, as_json=as_json, evidence=why)
            else:
                result = cuts_result(
                    analysis,
                    components,
                    style,
                    as_json=as_json,
                    keep=keep,
                    cut=cut,
                    allow_reexports=allow_reexports,
                    cheapest=cheapest,
                    evidence=why,
                    definitions=moves,
                )
            deliver(result, output)
            return
        kept, chosen = pairs_to_keep_and_cut(components, keep, cut)
        planned, ways = None, ways_of(prefer, no_defer=no_defer, lazy=lazy)
        if moves or Way.MOVE in ways.prefer:
            analysis, components, planned = move_where_cheaper(analysis, components, ways)
        made = plan_all(
            components,
            keep=kept,
            chosen=chosen,
            allow_reexports=allow_reexports,
            cheapest=cheapest or moves,
            ways=ways,
        )
        plans = tuple(replay_plan(analysis, plan, everything=simulate) for plan in made)
        freed = find_hoistable(analysis, plans) if hoist else None
        if output_format is Format.JSON:
            from cycles.report.json import cuts_as_json

            result = cuts_as_json(analysis, plans, freed, planned)
        else:
            from cycles.report.cuts import CutsDetails, cuts_as_text
            from cycles.report.text import TextStyle

            typed = typed_ways(
                prefer, {"--moves": moves, "--no-defer": no_defer, "--lazy": lazy, "--cheapest": cheapest}
            )
            typed += ["--allow-reexports"] if allow_reexports else []
            typed += typed_pairs(keep, cut)
            details = CutsDetails(why, rank, freed, typed, moved=planned is not None, asked=wanted)
            shown = terminal(output)
            style = TextStyle(shown.width, everything=everything, color=shown.color, encoding=shown.encoding)
            result = cuts_as_text(analysis, plans, style, details)
            if planned is not None:
                from cycles.report.moves import moves_as_text

                result = moves_as_text(planned, style) + result
    deliver(result, output)
