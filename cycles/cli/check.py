"""`cycles check`."""

import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cycles.cli.options import FOUND, By, CheckFormat, MergeBase, OptionGroup, ReportOptions
from cycles.enums import GraphName
from cycles.errors import CyclesError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cycles.check.findings import Change
    from cycles.model import Analysis


class BeforeOptions(OptionGroup):
    """What the cycles of now are compared with."""

    since: Annotated[
        str | None,
        typer.Option("--since", metavar="REV", help="Only what is worse than where HEAD left REV, such as main."),
    ] = None
    merge_base: MergeBase = True
    baseline: Annotated[
        Path | None,
        typer.Option("--baseline", metavar="FILE", help="Only what is worse than the cycles accepted in a file."),
    ] = None
    update: Annotated[
        bool, typer.Option("--update", help="With --baseline: write the cycles of today into the file.")
    ] = False
    allow_growth: Annotated[bool, typer.Option("--allow-growth", help="Let --update accept cycles that are worse.")] = (
        False
    )

    def need(self) -> None:
        """Raise CyclesError where options contradict each other, or one lacks another."""
        if self.since is not None and self.baseline is not None:
            raise CyclesError("--since and --baseline are two things to compare with; leave one of them out")
        if self.update and self.baseline is None:
            raise CyclesError("--update writes a baseline; name the file with --baseline")


class JudgeOptions(OptionGroup):
    """What fails besides cycles that are worse."""

    stale_is_error: Annotated[
        bool, typer.Option("--stale-is-error", help="Also fail where lines of the baseline are not needed any more.")
    ] = False
    strict: Annotated[
        bool, typer.Option("--strict", help="Also fail for each added import on a cycle that makes nothing worse.")
    ] = False
    allow_unread: Annotated[
        bool, typer.Option("--allow-unread", help="Judge although new or changed files cannot be read.")
    ] = False


def check(
    package: Annotated[
        list[str] | None, typer.Argument(metavar="[PACKAGE...]", help="Dotted names, paths, or folders of packages.")
    ] = None,
    *,
    before: BeforeOptions,
    judging: JudgeOptions,
    graph: Annotated[
        list[GraphName] | None,
        typer.Option("--graph", help="Which imports count (repeatable; default: import-time)."),
    ] = None,
    by: By = None,
    output_format: Annotated[
        CheckFormat, typer.Option("--format", help="How to print the verdict.")
    ] = CheckFormat.TEXT,
    shown: ReportOptions,
) -> None:
    """Fail where there is a cycle, or where a change makes it worse.

    Worse is a module that is newly on a cycle, or more imports to cut. The exit status is 1 then, 2 where that cannot
    be told. Nothing of the repository is checked out or changed, and nothing that it configures is run.
    """
    from cycles.cli.command_flow import analysed, deliver, question, read_baseline_text
    from cycles.config import read_config

    before.need()
    selection = shown.scope.selection(package or (), by)
    settings = read_config(Path.cwd())
    graphs = list(dict.fromkeys(graph or [settings.graph]))
    accepted = read_baseline_text(before.baseline, may_be_missing=before.update) if before.baseline else ""
    with analysed(selection, graph=graphs[0]) as analysis:
        if before.since is not None:
            from cycles.check.compare_revision import Revision, compare_with_revision

            change = compare_with_revision(
                question(selection, settings),
                analysis,
                Revision(before.since, before.merge_base),
                graphs,
                environment=os.environ,
                strict=judging.strict,
                differences=output_format in (CheckFormat.MARKDOWN, CheckFormat.GITHUB),
            )
        else:
            change = _against(before.baseline, accepted, analysis, graphs, strict=judging.strict)
        if change.unread and not judging.allow_unread:
            raise CyclesError(_why_unread(change))
        if before.update and before.baseline is not None:
            change = _updated(change, before.baseline, accepted, graphs, allow_growth=before.allow_growth)
    if change.before.kind != "nothing":
        from cycles.check.new_crashes import with_new_crashes

        change = with_new_crashes(change)
    deliver(_result(change, output_format, shown), shown.output)
    if not change.passed or (judging.stale_is_error and change.stale):
        raise typer.Exit(FOUND)


def _against(
    baseline: Path | None, accepted: str, analysis: "Analysis", graphs: "Sequence[GraphName]", *, strict: bool
) -> "Change":
    """Compare with what a baseline accepts, or with nothing."""
    if baseline is None:
        from cycles.check.compare import check as check_all

        return check_all(analysis, graphs)
    from cycles.check.baseline import compare_with_baseline, read_baseline

    return compare_with_baseline(read_baseline(accepted, str(baseline)), str(baseline), analysis, graphs, strict=strict)


def _why_unread(change: "Change") -> str:
    """Say which file could hide a cycle."""
    first, more = change.unread[0], len(change.unread) - 1
    line = f":{first.line_number}" if first.line_number else ""
    others = f" and {more:,} more files" if more > 1 else " and 1 more file" if more else ""
    return (
        f"{first.path}{line}{others} could not be read ({first.reason}); fix it, or judge without it by --allow-unread"
    )


def _updated(
    change: "Change", baseline: Path, accepted: str, graphs: "Sequence[GraphName]", *, allow_growth: bool
) -> "Change":
    """Write the cycles of now into the baseline; return what is worse than it then: nothing."""
    from cycles.check.baseline import read_baseline, updated_baseline
    from cycles.cli.check_options import say_updated
    from cycles.cli.output import write_atomically

    if accepted.strip() and not change.passed and not allow_growth:
        imports = ", ".join(f"{found.importer} -> {found.imported}" for found in change.findings if found.is_error)
        raise CyclesError(
            f"{baseline} is not written, for cycles are worse than it accepts ({imports}); undo that, or --allow-growth"
        )
    text = updated_baseline(accepted, str(baseline), change.analysis, graphs)
    if text != accepted:
        write_atomically(baseline, text)
    before, after = (set(read_baseline(found, str(baseline)).lines.entries) for found in (accepted, text))
    say_updated(baseline, len(after - before), len(before - after), len(after & before), is_new=not accepted)
    return replace(_against(baseline, text, change.analysis, graphs, strict=False), written=True)


def _result(change: "Change", output_format: CheckFormat, shown: ReportOptions) -> str:
    """Return the verdict in the form that was asked for."""
    match output_format:
        case CheckFormat.JSON:
            from cycles.report.check_json import check_as_json

            return check_as_json(change)
        case CheckFormat.MARKDOWN | CheckFormat.GITHUB | CheckFormat.SARIF:
            from cycles.cli.check_options import cycles_for_services
            from cycles.render.change_diagram import change_chart

            return cycles_for_services(output_format, change, lambda: change_chart(change) or "")
        case CheckFormat.TEXT:
            from cycles.cli.command_flow import style_for
            from cycles.report.check import check_as_text

            return check_as_text(change, style_for(shown))
