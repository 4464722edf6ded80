"""`cycles fix`."""

import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cycles.cli.options import (
    FOUND,
    By,
    Cheapest,
    Config,
    CutOptions,
    Format,
    Graph,
    OptionGroup,
    OutputFormat,
    Packages,
    ReportOptions,
    WayOptions,
    without_component,
)
from cycles.enums import Rule
from cycles.errors import CyclesError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cycles.model import Analysis, Component, CutRequest
    from cycles.patching.fix_result import Fixed, MovedFirst
    from cycles.patching.make_fix import TrialWishes

_SECONDS = 60.0


class TrialOptions(OptionGroup):
    """What is executed, in a copy, to try what was made."""

    run: Annotated[
        bool, typer.Option("--run", help="Really import the modules, in a copy, before and after. Executes their code.")
    ] = False
    python: Annotated[
        str | None,
        typer.Option("--python", metavar="PYTHON", help="With --run: the interpreter (default: the venv's)."),
    ] = None
    test: Annotated[
        str | None,
        typer.Option(
            "--test", metavar="COMMAND", help="Run the tests in a copy, before and after; drop what breaks one."
        ),
    ] = None

    def wishes(self, analysis: "Analysis") -> "TrialWishes | None":
        """Return what is to be tried; None where nothing is to be executed."""
        if self.python and not self.run:
            raise CyclesError("--python says how modules are really imported; add --run")
        if not self.run and self.test is None:
            return None
        from cycles.children.run_python import Interpreter
        from cycles.cli.command_flow import environment_python
        from cycles.cli.output import remark
        from cycles.patching.make_fix import TrialWishes

        command = self.python or environment_python() or sys.executable
        what = [f"imports modules by {command}"] if self.run else []
        what += [f"runs {self.test}"] if self.test is not None else []
        remark(f"this executes code of {analysis.package}, in a copy: it {' and '.join(what)}")
        interpreter = Interpreter(command, os.getcwd(), dict(os.environ), analysis.project, timeout=_SECONDS)
        return TrialWishes(interpreter if self.run else None, os.cpu_count() or 1, self.test, Path.cwd())


def fix(
    package: Packages = None,
    *,
    write: Annotated[bool, typer.Option("--write", help="Change the files, all of them or none.")] = False,
    step: Annotated[
        list[int] | None, typer.Option("--step", metavar="K", min=1, help="Only this step of the plan (repeatable).")
    ] = None,
    graph: Graph = None,
    by: By = None,
    choice: CutOptions,
    cheapest: Cheapest = False,
    wishes: WayOptions,
    accept_patched: Annotated[
        bool, typer.Option("--accept-patched", help="Also make steps that tests may notice; they are listed.")
    ] = False,
    simulate: Annotated[
        bool, typer.Option("--replay", help="Predict first imports even where that takes long.")
    ] = False,
    trial: TrialOptions,
    lock: Annotated[
        bool, typer.Option("--lock", help="With --write: also write the import-linter contract, once no cycle is left.")
    ] = False,
    config: Config = None,
    output_format: OutputFormat = Format.TEXT,
    shown: ReportOptions,
) -> None:
    """Make the cuts of the plan, as patches that are checked first.

    Prints one patch a step, which `git apply` takes; --write changes the files instead. Each step leaves a working
    state. A step that takes more than to edit imports, or that breaks something, is refused: then the status is 1.
    """
    from cycles.cli.command_flow import analysed, component_number, cut_request, ways_of
    from cycles.patching.steps import top_of
    from cycles.patching.write import write_all

    _check_options(lock=lock, write=write, config=config, moved_groups=bool(by) and wishes.moving)
    packages, wanted = without_component(package)
    ways = ways_of(wishes, accept_patched=accept_patched)
    with analysed(shown.scope.selection(packages, by), graph=graph) as original:
        asked = original.chosen(component_number(original, wanted))
        request = cut_request(asked, choice, cheapest=cheapest, ways=ways)
        job = _Job(original, asked, request, tuple(step or ()), everything=simulate)
        job.plan(moving=wishes.moving)
    _check_steps(step or (), [len(plan.steps) for plan in job.plans])
    job.make(trial.wishes(original) if job.plans else None)
    if write:
        _need_places(original, shown.output, config, lock=lock)
        write_all(top_of(Path(original.project)), job.moved.files(job.fixed))
    options = [*([wanted] if wanted else []), *(word for number in step or () for word in ("--step", str(number)))]
    options += [*choice.typed(), *(["--cheapest"] if cheapest else []), *wishes.typed()]
    options += ["--accept-patched"] if accept_patched else []
    _deliver(original, job.moved, job.fixed, output_format, shown, write=write, options=options)
    refused = [found for one in job.fixed for found in one.refused if found.rule is not Rule.KEPT]
    if lock and not refused and not job.left():
        from cycles.cli.contract import contract

        contract(packages, write=True, config=config, graph=graph, by=by, choice=CutOptions(), scope=shown.scope)
    if refused:
        raise typer.Exit(FOUND)


class _Job:
    """The cuts of some components, with the moves that come first: planned, then made in memory."""

    def __init__(
        self,
        original: "Analysis",
        asked: "Sequence[Component]",
        request: "CutRequest",
        steps: tuple[int, ...],
        *,
        everything: bool,
    ) -> None:
        self._original, self._asked, self._request = original, asked, request
        self._steps, self._everything = steps, everything
        self.fixed: list[Fixed] = []

    def plan(self, *, moving: bool) -> None:
        """Plan the cuts, after the moves that make them cheaper."""
        from cycles.patching.fix_result import MovedFirst
        from cycles.patching.make_fix import move_first, plans_for

        self.moved, self.analysis, components = MovedFirst(), self._original, self._asked
        if moving:
            self.moved, self.analysis, components = move_first(
                self._original, self._asked, os.environ, self._request.ways, everything=self._everything
            )
        self.plans = plans_for(self.analysis, components, self._request)

    def make(self, trial: "TrialWishes | None") -> None:
        """Make what is planned, in memory; moves that end no cycle, as cuts that should are refused, are not made."""
        self._make(trial)
        if self.moved.moves and not self._steps and self.left() >= sum(len(one.modules) for one in self._asked):
            refused = self.moved.refused
            self.plan(moving=False)
            self.moved = replace(self.moved, refused=refused)
            self._make(trial)

    def left(self) -> int:
        """Return how many modules are still on cycles."""
        return sum(one.checks.modules for one in self.fixed)

    def _make(self, trial: "TrialWishes | None") -> None:
        from cycles.cli.output import progress_display
        from cycles.patching.make_fix import fix as fix_component
        from cycles.patching.steps import Wishes

        with progress_display(sys.stderr) as progress:
            self.fixed = [
                fix_component(
                    self.analysis,
                    plan,
                    Wishes(frozenset(self._steps), self._request.ways),
                    environment=os.environ,
                    trial=trial,
                    original=self._original,
                    moved=self.moved.moves,
                    everything=self._everything,
                    progress=progress,
                )
                for plan in self.plans
            ]


def _check_options(*, lock: bool, write: bool, config: Path | None, moved_groups: bool) -> None:
    """Raise CyclesError where options do not go together."""
    if lock and not write:
        raise CyclesError("--lock writes a contract; add --write")
    if config and not lock:
        raise CyclesError("--config says where the contract of --lock goes; add --lock")
    if moved_groups:
        raise CyclesError(
            "fix --by moves no definitions; leave out the moves, or --by to take cycles of modules apart "
            "(`cuts --by` with --moves names definitions to move)"
        )


def _need_places(analysis: "Analysis", output: Path | None, config: Path | None, *, lock: bool) -> None:
    """Raise CyclesError, before anything is written, where the result or the contract has no place to go."""
    from cycles.cli.output import need_writable
    from cycles.contracts.generate import find_target, need_file

    need_writable(output)
    if not lock:
        return
    target = find_target(analysis, None, folder=Path.cwd(), config=config)
    if config is None and target.lacking is None:
        need_file(target.configuration)


def _check_steps(steps: "Sequence[int]", plans: "Sequence[int]") -> None:
    """Raise CyclesError where a step is asked for that the plan does not have, or of which plan is not clear."""
    if steps and len(plans) > 1:
        raise CyclesError(
            f"--step is of one plan, and there are {len(plans)} components; name one, by its number or #NAME"
        )
    most = max(plans, default=0)
    for step in steps:
        if not 1 <= step <= most:
            has = "1 step" if most == 1 else f"{most} steps"
            raise CyclesError(f"the plan has {has}, and no step {step}; `cycles cuts` shows them")


def _deliver(
    analysis: "Analysis",
    moved: "MovedFirst",
    fixed: "Sequence[Fixed]",
    output_format: Format,
    shown: ReportOptions,
    *,
    write: bool,
    options: "Sequence[str]",
) -> None:
    """Print the patches on stdout and the summary on stderr, or where files are written the summary on stdout."""
    from cycles.cli.command_flow import deliver, deliver_bytes, style_for
    from cycles.cli.output import say
    from cycles.report.fix import fix_as_text, patches

    if output_format is Format.JSON:
        from cycles.report.fix_json import fix_as_json

        deliver(fix_as_json(analysis, moved, fixed, written=write), shown.output)
        return
    style = style_for(shown)
    if write:
        deliver(fix_as_text(analysis, moved, fixed, style, written=write, options=options), shown.output)
        return
    plain = replace(style, color=False, encoding="utf-8")
    say(fix_as_text(analysis, moved, fixed, plain, written=write, options=options))
    deliver_bytes(patches(moved, fixed), shown.output)
