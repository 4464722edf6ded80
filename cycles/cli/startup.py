"""`cycles startup`."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cycles.cli.options import FOUND, Format, Keep, OptionGroup, OutputFormat, ReportOptions, Selection, as_pairs
from cycles.cli.output import need_process_groups
from cycles.errors import CyclesError

if TYPE_CHECKING:  # `--help` must not load what a run needs
    from collections.abc import Callable, Sequence

    from cycles.cli.startup_locks import StartupGate
    from cycles.startup.loaded_graph import Ground, Loaded
    from cycles.startup.measurement_values import MeasuredStartup, Verification
    from cycles.startup.plan import Planner
    from cycles.startup.startup_values import StartupPlan, StartupReport


class PlanOptions(OptionGroup):
    """What is not to be loaded, how that is planned, and whether the plan is made."""

    without: Annotated[
        list[str] | None,
        typer.Option("--without", metavar="DIST", help="Plan how not to load this distribution (repeatable)."),
    ] = None
    fewest: Annotated[
        bool, typer.Option("--fewest", help="With --without: the fewest statements, whatever each takes.")
    ] = False
    cheapest: Annotated[
        bool, typer.Option("--cheapest", help="With --without: the least work, however many statements.")
    ] = False
    keep: Keep = None
    proof: Annotated[
        bool, typer.Option("--proof", help="With --without: show as many chains that share no statement.")
    ] = False
    fix: Annotated[
        bool, typer.Option("--fix", help="With --without: print the plan as patches, as `cycles fix` does.")
    ] = False
    accept_patched: Annotated[
        bool, typer.Option("--accept-patched", help="With --fix: also make steps that tests may notice.")
    ] = False
    write: Annotated[
        bool,
        typer.Option("--write", help="With --fix: change the files, all or none. With --contract: the configuration."),
    ] = False

    def need(self, *, contract: bool) -> None:
        """Raise CyclesError where options contradict each other, or have nothing to say without another."""
        idle = self.given("fewest", "cheapest", "keep", "proof", "fix", "accept_patched")
        if idle and not self.without:
            raise CyclesError(f"{idle[0]} says how to plan; add --without DIST")
        if self.fewest and self.cheapest:
            raise CyclesError("--fewest and --cheapest are two plans; ask for one of them")
        if self.write and not (self.fix or contract):
            raise CyclesError("--write writes what --fix makes; add --fix")

    def typed(self) -> list[str]:
        """Return the options that ask for the same plan again, as they were typed."""
        words = [word for name in self.without or () for word in ("--without", name)]
        return words + self.given("fewest", "cheapest", "accept_patched")


class RunOptions(OptionGroup):
    """Whether ENTRY is really imported, and how."""

    run: Annotated[
        bool, typer.Option("--run", help="Also import ENTRY, several times, and measure it: this EXECUTES its code.")
    ] = False
    verify: Annotated[
        bool,
        typer.Option("--verify", help="With --without: --run, then import ENTRY with the plan's edits made in memory."),
    ] = False
    setup: Annotated[
        str | None, typer.Option("--setup", metavar="CODE", help="With --run: code to run first; it is not measured.")
    ] = None
    timeout: Annotated[
        float | None,
        typer.Option("--timeout", metavar="SECONDS", min=0.1, help="With --run: seconds for one import (default: 60)."),
    ] = None

    @property
    def executes(self) -> bool:
        """Whether ENTRY is really imported."""
        return self.run or self.verify

    def need(self, without: "Sequence[str] | None") -> None:
        """Raise CyclesError where an option has nothing to say without another, or this system cannot run anything."""
        for needy, others, given, reason in (
            (self.verify, "--without DIST", without, "--verify tries a plan"),
            (self.setup is not None, "--run", self.executes, "--setup says how ENTRY is really imported"),
            (self.timeout is not None, "--run", self.executes, "--timeout says how ENTRY is really imported"),
        ):
            if needy and not given:
                raise CyclesError(f"{reason}; add {others}")
        if self.executes:
            need_process_groups("--verify" if self.verify else "--run")


class LockOptions(OptionGroup):
    """Whether a lock that keeps the start-up light is wanted, or judged, instead of a report."""

    contract: Annotated[
        bool,
        typer.Option("--contract", help="With --without: print the import-linter contract that keeps it unloaded."),
    ] = False
    config: Annotated[
        Path | None,
        typer.Option("--config", metavar="FILE", help="With --contract: the configuration of import-linter."),
    ] = None
    ruff: Annotated[
        bool, typer.Option("--ruff", help="With --without: print the settings of Ruff (TID253) that do so.")
    ] = False
    check: Annotated[
        bool, typer.Option("--check", help="Exit with status 1 where more is loaded than the baseline accepts.")
    ] = False
    baseline: Annotated[
        Path | None,
        typer.Option("--baseline", metavar="FILE", help="With --check: a file of distributions that may be loaded."),
    ] = None
    update: Annotated[
        bool, typer.Option("--update", help="With --baseline: write what is loaded today into the file.")
    ] = False

    @property
    def wanted(self) -> list[str]:
        """The options that each ask for a lock."""
        return self.given("contract", "ruff", "check")

    def need(self, without: "Sequence[str] | None", others: "Sequence[str]") -> None:
        """Raise CyclesError where an option has nothing to say without another, or answers differ from the `others`."""
        for needy, lacking, given, reason in (
            (self.contract, "--without DIST", without, "--contract forbids what is named"),
            (self.ruff, "--without DIST", without, "--ruff forbids what is named"),
            (self.config is not None, "--contract", self.contract, "--config says where a contract goes"),
            (self.check, "--baseline FILE", self.baseline, "--check judges by what is accepted"),
            (self.baseline is not None, "--check", self.check, "--baseline says what --check accepts"),
            (self.update, "--check --baseline FILE", self.check, "--update writes a baseline"),
        ):
            if needy and not given:
                raise CyclesError(f"{reason}; add {lacking}")
        several = [*self.wanted, *(others if self.wanted else ())]
        if len(several) > 1:
            raise CyclesError(f"{' and '.join(several)} are different answers; ask for one of them")

    def gate(self) -> "StartupGate | None":
        """Read the baseline before anything is looked at."""
        if self.baseline is None:
            return None
        from cycles.cli.startup_locks import StartupGate

        return StartupGate(self.baseline, may_be_missing=self.update)


class EntryOptions(OptionGroup):
    """What ENTRY means, and where it is started."""

    django: Annotated[
        bool, typer.Option("--django", help="ENTRY is Django's settings (default: those that manage.py names).")
    ] = False
    python: Annotated[
        str | None,
        typer.Option(
            "--python", metavar="PATH", help="The interpreter whose packages count (default: VIRTUAL_ENV's, or this)."
        ),
    ] = None


@dataclass(frozen=True)
class _Found:
    """What was found of ENTRY, planned, measured and verified; `words` ask for the same again."""

    ground: "Ground"
    result: "StartupReport"
    plans: "Sequence[StartupPlan]"
    words: "Sequence[str]"
    measured: "MeasuredStartup | None" = None
    verified: "Verification | None" = None


def startup(
    entry: Annotated[
        str | None,
        typer.Argument(
            metavar="[ENTRY]",
            help="What is started: pkg.mod, pkg.mod:callable, a script, or the name of a console script.",
        ),
    ] = None,
    *,
    planning: PlanOptions,
    running: RunOptions,
    locking: LockOptions,
    start: EntryOptions,
    output_format: OutputFormat = Format.TEXT,
    shown: ReportOptions,
) -> None:
    """Say what importing an application loads, what holds it there, and the fewest imports to defer.

    Simulated and read: nothing is executed, unless --run or --verify ask for it. Without these sizes are counts of
    modules and bytes, never seconds.
    """
    planning.need(contract=locking.contract)
    running.need(planning.without)
    others = [*(["--verify"] if running.verify else []), *(["a plan"] if planning.fix or planning.proof else [])]
    locking.need(planning.without, others)
    gate = locking.gate()
    found = _found(entry, start, shown.scope.selection(()), planning, running, locked=bool(locking.wanted))
    if planning.fix and found.plans:
        status = _fix(found, planning, shown.output)
    elif locking.wanted:
        status = _lock(found, gate, locking, planning, (output_format, shown.output))
    else:
        _show(found, output_format, shown, planning.without or (), proof=planning.proof)
        status = FOUND if found.verified and not found.verified.holds else 0
    if status:
        raise typer.Exit(status)


def _found(
    entry: str | None,
    start: EntryOptions,
    selection: Selection,
    planning: PlanOptions,
    running: RunOptions,
    *,
    locked: bool,
) -> _Found:
    """Look at what importing ENTRY loads, plan how to load less, and execute what is to be executed."""
    import sys

    from cycles.cli.output import progress_display
    from cycles.cli.startup_inputs import ground_for, words_of
    from cycles.startup.distributions_held import report

    ground = ground_for(entry, selection, django=start.django, python=start.python)
    measurement, verified, plans = None, None, []
    with progress_display(sys.stderr) as progress:
        result, loaded = report(ground, progress)
        if running.executes:
            from cycles.cli.startup_real_runs import interpreter_of, run_entry, verify_plan

            interpreter = interpreter_of(ground, start.python, running.setup, running.timeout)
            measurement = run_entry(ground, loaded, interpreter, progress)
            result, loaded = measurement.found.report, measurement.loaded
        # A lock is for what is loaded no more.
        if planning.without and not locked:
            plans = _plans(ground, result, loaded, planning, progress)
        if measurement and running.verify and plans:
            verified = verify_plan(ground, measurement, plans, interpreter, progress)
    words = words_of(entry, django=start.django, python=start.python, selection=selection)
    return _Found(ground, result, plans, words, measurement.found if measurement else None, verified)


def _plans(
    ground: "Ground",
    result: "StartupReport",
    loaded: "Loaded",
    planning: PlanOptions,
    progress: "Callable[[str], None]",
) -> "list[StartupPlan]":
    """Return the plan that was asked for first, then those for the other goals, which are not tried."""
    from cycles.startup.plan import Planner
    from cycles.startup.startup_values import Goal

    planner = Planner(ground, result, loaded, as_pairs("--keep", planning.keep))
    distributions = _loaded_ones(planner, planning.without or ())
    if not distributions:
        return []
    asked = Goal.FEWEST if planning.fewest else Goal.CHEAPEST if planning.cheapest else Goal.DEFERRALS
    plans = [planner.plan(distributions, asked, progress=progress)]
    if not plans[0].possible and asked is Goal.DEFERRALS:
        plans.insert(0, planner.plan(distributions, Goal.CHEAPEST, progress=progress))
    done: set[Goal] = {plan.goal for plan in plans}
    return [*plans, *(planner.plan(distributions, goal, tried=False) for goal in Goal if goal not in done)]


def _loaded_ones(planner: "Planner", without: "Sequence[str]") -> tuple[str, ...]:
    """Return what is loaded of what should not be; of the rest nothing has to go, unless its name is not known."""
    from cycles.cli.command_flow import say_later
    from cycles.errors import NotLoadedError

    found: dict[str, None] = {}
    idle = []
    for name in without:
        try:
            found.update(dict.fromkeys(planner.distributions([name])))
        except NotLoadedError as error:
            if not error.is_known:
                raise
            idle.append(name)
    if found:
        for name in idle:
            say_later(f"{name} is not loaded: the plan is about the others")
    return tuple(sorted(found))


def _show(found: _Found, output_format: Format, shown: ReportOptions, without: "Sequence[str]", *, proof: bool) -> None:
    """Print the report, or the plan."""
    from cycles.cli.command_flow import deliver, style_for

    if output_format is Format.JSON:
        from cycles.report.startup_json import startup_as_json

        deliver(startup_as_json(found.result, found.plans, found.measured, found.verified), shown.output)
        return
    from cycles.report.startup import startup_as_text
    from cycles.report.startup_measured import startup_measured_as_text
    from cycles.report.startup_plan import startup_plan_as_text, startup_unloaded_as_text

    style, words = style_for(shown), found.words
    if found.plans:
        text = startup_plan_as_text(found.result, found.plans, words, style, proof=proof, verified=found.verified)
    elif without:
        from cycles.cli.startup_locks import can_be_locked

        lockable = can_be_locked(found.ground, without)
        text = startup_unloaded_as_text(found.result, without, words, style, lockable=lockable)
    elif found.measured:
        text = startup_measured_as_text(found.measured, words, style)
    else:
        text = startup_as_text(found.result, words, style)
    deliver(text, shown.output)


def _lock(
    found: _Found,
    gate: "StartupGate | None",
    locking: LockOptions,
    planning: PlanOptions,
    where: tuple[Format, Path | None],
) -> int:
    """Print or write a lock, or judge by one; returns the exit status."""
    from cycles.cli.command_flow import deliver, text_style
    from cycles.cli.startup_locks import write_contract, write_ruff
    from cycles.report.startup_baseline import startup_check_as_text
    from cycles.report.startup_json import startup_as_json

    without, (output_format, output) = planning.without or (), where
    if locking.contract:
        write_contract(found.ground, without, write=planning.write, config=locking.config, output=output)
        return 0
    if gate is None:
        write_ruff(found.ground, found.result, without, output)
        return 0
    check = gate.judge(found.result)
    if locking.update:
        check = gate.write(check, found.result)
    if output_format is Format.JSON:
        deliver(startup_as_json(found.result, (), check=check), output)
    else:
        deliver(startup_check_as_text(found.result, check, found.words, text_style(output)), output)
    return 0 if check.passed else FOUND


def _fix(found: _Found, planning: PlanOptions, output: Path | None) -> int:
    """Make a plan in memory, and print its patches or write the files; returns the exit status."""
    import os
    from dataclasses import replace

    from cycles.cli.command_flow import deliver, deliver_bytes, text_style
    from cycles.cli.output import say
    from cycles.model import Ways
    from cycles.patching.make_fix import fix
    from cycles.patching.steps import Wishes, top_of
    from cycles.patching.write import write_all
    from cycles.report.startup_fix import startup_fix_as_text, startup_patches
    from cycles.startup.as_cuts import analysis_of, as_cut_plan

    plan = found.plans[0]
    if plan.obstacles:
        raise CyclesError(
            f"there is no plan without {', '.join(plan.without)} to make; leave out --fix to see what is in the way"
        )
    analysis = analysis_of(found.ground)
    wishes = Wishes(ways=Ways(accept_patched=planning.accept_patched))
    fixed = fix(analysis, as_cut_plan(found.ground, plan), wishes, environment=os.environ)
    style = text_style(output)
    style = style if planning.write else replace(style, color=False, encoding="utf-8")
    if planning.write:
        write_all(top_of(Path(analysis.project)), dict(fixed.files))
    words = (*found.words, *planning.typed())
    text = startup_fix_as_text(found.result, plan, fixed, words, style, written=planning.write)
    if planning.write:
        deliver(text, output)
    else:
        say(text)
        deliver_bytes(startup_patches(found.result, plan, fixed), output)
    return FOUND if fixed.refused else 0
