"""`cycles cuts`."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from cycles.cli.options import (
    By,
    Cheapest,
    CutOptions,
    Format,
    Graph,
    OptionGroup,
    OutputFormat,
    Packages,
    ReportOptions,
    WayOptions,
    as_layers,
    without_component,
)
from cycles.errors import CyclesError

if TYPE_CHECKING:
    from cycles.model import Analysis, Component, CutRequest


class DetailOptions(OptionGroup):
    """What is shown besides the plan."""

    rank: Annotated[bool, typer.Option("--rank", help="Also list every cut, and what it does alone.")] = False
    why: Annotated[bool, typer.Option("--why", help="Also show the statements, and why each can be cut.")] = False
    simulate: Annotated[
        bool,
        typer.Option(
            "--replay", help="Predict which modules can be imported first after the plan, even where that takes long."
        ),
    ] = False
    hoist: Annotated[
        bool, typer.Option("--hoist", help="Also list deferred imports that could move back to the top of their files.")
    ] = False


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
    details: DetailOptions,
    wishes: WayOptions,
    output_format: OutputFormat = Format.TEXT,
    shown: ReportOptions,
) -> None:
    """Plan the fewest imports to cut, and say how to make each cut.

    A cut is all that one module imports of another: remove it, or move it into the functions that use it.
    The plan is a smallest set of cuts that leaves no cycle, in the order in which most modules are freed first.
    """
    from cycles.cli.command_flow import analysed, component_number, cut_request, deliver, ways_of

    packages, asked = without_component(package)
    _check_options(layers, wishes, details, by_groups=bool(by))
    as_json = output_format is Format.JSON
    chosen, typed = choice.typed(), ["--cheapest"] if cheapest else []
    with analysed(shown.scope.selection(packages, by), graph=graph) as analysis:
        components = analysis.chosen(component_number(analysis, asked))
        if layers:
            from cycles.cli.by_groups import layers_result

            result = layers_result(analysis, as_layers(layers), shown, as_json=as_json, evidence=details.why)
        elif by:
            from cycles.cli.by_groups import cuts_result

            request = cut_request(components, choice, cheapest=cheapest)
            evidence, moves = details.why, wishes.moves
            result = cuts_result(
                analysis,
                components,
                request,
                shown,
                (chosen, typed),
                as_json=as_json,
                evidence=evidence,
                definitions=moves,
            )
        else:
            request = cut_request(components, choice, cheapest=cheapest, ways=ways_of(wishes))
            plan = _Plan(analysis, components, request, details, moving=wishes.moving)
            result = plan.as_json() if as_json else plan.as_text(shown, chosen, [*typed, *wishes.typed()], asked)
    deliver(result, shown.output)


class _Plan:
    """The plan for some components of modules, and what was asked to be shown besides."""

    def __init__(
        self,
        analysis: "Analysis",
        components: "Sequence[Component]",
        request: "CutRequest",
        details: DetailOptions,
        *,
        moving: bool,
    ) -> None:
        from cycles.api import find_hoistable, plan_all, replay_plan

        self.moves = None
        if moving:
            from cycles.moves_for_cuts import move_where_cheaper, plan_asked

            analysis, components, self.moves = move_where_cheaper(analysis, components, request.ways)
            made = plan_asked(components, request)
        else:
            made = tuple(plan_all(components, request))
        self.analysis, self.details = analysis, details
        self.plans = tuple(replay_plan(analysis, plan, everything=details.simulate) for plan in made)
        self.freed = find_hoistable(analysis, self.plans, everything=details.simulate) if details.hoist else None

    def as_json(self) -> str:
        """Return it as JSON."""
        from cycles.report.json_by_command import cuts_as_json

        return cuts_as_json(self.analysis, self.plans, self.freed, self.moves)

    def as_text(self, shown: ReportOptions, chosen: "Sequence[str]", typed: "Sequence[str]", asked: str | None) -> str:
        """Return it as text; what to do next repeats what was typed."""
        from cycles.cli.command_flow import style_for
        from cycles.report.cuts import CutsDetails, cuts_as_text

        style = style_for(shown)
        details, moved = self.details, self.moves is not None
        show = CutsDetails(details.why, details.rank, self.freed, chosen, typed, moved=moved, asked=asked)
        text = cuts_as_text(self.analysis, self.plans, style, show)
        if self.moves is None:
            return text
        from cycles.report.definitions import moves_as_text

        return moves_as_text(self.moves, style) + text


def _check_options(layers: str | None, wishes: WayOptions, details: DetailOptions, *, by_groups: bool) -> None:
    """Raise CyclesError where options do not go together."""
    if layers and not by_groups:
        raise CyclesError("--layers puts groups of modules in order: say which with --by, such as --by package")
    if layers and wishes.moves:
        raise CyclesError("--layers lists the imports against an order, and plans no moves: leave out one of the two")
    of_modules = details.hoist or details.rank or details.simulate or wishes.prefer or wishes.no_defer or wishes.lazy
    if by_groups and of_modules:
        options = "--hoist, --lazy, --no-defer, --prefer, --rank and --replay"
        raise CyclesError(f"{options} are about modules, not groups: leave out --by")
