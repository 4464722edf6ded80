"""`cycles startup`."""

import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cycles.cli.options import (
    FOUND,
    Everything,
    Exclude,
    Format,
    Keep,
    Only,
    Output,
    OutputFormat,
    Roots,
    Selection,
    SourceRoots,
    as_pairs,
)
from cycles.cli.startup_options import StartupOptions
from cycles.enums import GraphName
from cycles.errors import CyclesError

if TYPE_CHECKING:  # `--help` must not load what a run needs
    from collections.abc import Callable, Sequence

    from cycles.cli.startup_lock import StartupGate
    from cycles.model import Analysis
    from cycles.patching.steps import Wishes
    from cycles.startup.findings import Entry, StartupPlan, StartupReport
    from cycles.startup.installed import Environment
    from cycles.startup.loading import Ground, Loaded
    from cycles.startup.measured import Measurement
    from cycles.startup.measurements import MeasuredStartup, Verification
    from cycles.startup.plan import Planner


def startup(
    entry: Annotated[
        str | None,
        typer.Argument(
            metavar="[ENTRY]",
            help="What is started: pkg.mod, pkg.mod:callable, a script, or the name of a console script.",
        ),
    ] = None,
    without: Annotated[
        list[str] | None,
        typer.Option("--without", metavar="DIST", help="Plan how not to load this distribution (repeatable)."),
    ] = None,
    fewest: Annotated[
        bool, typer.Option("--fewest", help="With --without: the fewest statements, whatever each takes.")
    ] = False,
    cheapest: Annotated[
        bool, typer.Option("--cheapest", help="With --without: the least work, however many statements.")
    ] = False,
    keep: Keep = None,
    proof: Annotated[
        bool, typer.Option("--proof", help="With --without: show as many chains that share no statement.")
    ] = False,
    fix: Annotated[
        bool, typer.Option("--fix", help="With --without: print the plan as patches, as `cycles fix` does.")
    ] = False,
    accept_patched: Annotated[
        bool, typer.Option("--accept-patched", help="With --fix: also make steps that tests may notice.")
    ] = False,
    write: Annotated[
        bool,
        typer.Option("--write", help="With --fix: change the files, all or none. With --contract: the configuration."),
    ] = False,
    run: Annotated[
        bool, typer.Option("--run", help="Also import ENTRY, several times, and measure it: this EXECUTES its code.")
    ] = False,
    verify: Annotated[
        bool,
        typer.Option("--verify", help="With --without: --run, then import ENTRY with the plan's edits made in memory."),
    ] = False,
    setup: Annotated[
        str | None, typer.Option("--setup", metavar="CODE", help="With --run: code to run first; it is not measured.")
    ] = None,
    timeout: Annotated[
        float | None,
        typer.Option("--timeout", metavar="SECONDS", min=0.1, help="With --run: seconds for one import (default: 60)."),
    ] = None,
    contract: Annotated[
        bool,
        typer.Option("--contract", help="With --without: print the import-linter contract that keeps it unloaded."),
    ] = False,
    config: Annotated[
        Path | None,
        typer.Option("--config", metavar="FILE", help="With --contract: the configuration of import-linter."),
    ] = None,
    ruff: Annotated[
        bool, typer.Option("--ruff", help="With --without: print the settings of Ruff (TID253) that do so.")
    ] = False,
    check: Annotated[
        bool, typer.Option("--check", help="Exit with status 1 where more is loaded than the baseline accepts.")
    ] = False,
    baseline: Annotated[
        Path | None,
        typer.Option("--baseline", metavar="FILE", help="With --check: a file of distributions that may be loaded."),
    ] = None,
    update: Annotated[
        bool, typer.Option("--update", help="With --baseline: write what is loaded today into the file.")
    ] = False,
    django: Annotated[
        bool, typer.Option("--django", help="ENTRY is Django's settings (default: those that manage.py names).")
    ] = False,
    python: Annotated[
        str | None,
        typer.Option(
            "--python", metavar="PATH", help="The interpreter whose packages count (default: VIRTUAL_ENV's, or this)."
        ),
    ] = None,
    output_format: OutputFormat = Format.TEXT,
    output: Output = None,
    root: Roots = None,
    only: Only = False,
    exclude: Exclude = None,
    source_root: SourceRoots = None,
    everything: Everything = False,
) -> None:
    """Say what importing an application loads, what holds it there, and the fewest imports to defer.

    Simulated and read: nothing is executed, unless --run or --verify ask for it. Without these sizes are counts of
    modules and bytes, never seconds.
    """
    from cycles.cli.output import progress_display
    from cycles.startup.report import report

    _check(
        without=without,
        needing=[
            name
            for name, given in (
                ("--fewest", fewest),
                ("--cheapest", cheapest),
                ("--keep", keep),
                ("--proof", proof),
                ("--fix", fix),
                ("--accept-patched", accept_patched),
            )
            if given
        ],
        both=fewest and cheapest,
        write_alone=write and not (fix or contract),
    )
    options = StartupOptions(run, verify, setup, timeout, contract, config, ruff, check, baseline, update)
    options.need(without, plans=fix or proof)
    gate = _gate(baseline, update=update)
    selection = Selection((), root, source_root, exclude, only)
    import sys

    ground = _ground(entry, selection, django=django, python=python)
    with progress_display(sys.stderr) as progress:
        result, loaded = report(ground, progress)
        measurement = _measurement(ground, loaded, options, python, progress)
        if measurement:
            result, loaded = measurement.found.report, measurement.loaded
        # A lock is for what is loaded no more.
        unwanted = () if options.locks else without or ()
        plans = []
        if unwanted:
            from cycles.startup.plan import Planner

            planner = Planner(ground, result, loaded, as_pairs("--keep", keep))
            plans = _plans(planner, unwanted, progress, fewest=fewest, cheapest=cheapest)
        verified = _verified(ground, measurement, plans, options, python, progress)
    words = words_of(entry, django=django, python=python, selection=selection)
    if fix:
        from cycles.model import Ways
        from cycles.patching.steps import Wishes

        asked = [word for name in without or () for word in ("--without", name)]
        asked += [name for name, given in (("--fewest", fewest), ("--cheapest", cheapest)) if given]
        asked += ["--accept-patched"] if accept_patched else []
        wishes = Wishes(ways=Ways(accept_patched=accept_patched))
        status = _fix(ground, result, plans[0], wishes, (*words, *asked), write=write, output=output)
    elif options.locks:
        status = _lock(ground, result, gate, options, (without or (), words, write), (output_format, output))
    else:
        done = measurement.found if measurement else None
        shown = _Shown(result, plans, words, proof, done, verified)
        _show(shown, output_format, output, everything=everything)
        status = FOUND if verified and not verified.holds else 0
    if status:
        raise typer.Exit(status)


def examined(entry: str, selection: Selection, *, django: bool, python: str | None) -> "StartupReport":
    """Return what importing ENTRY loads, for other commands; the packages follow from it."""
    import sys

    from cycles.cli.output import progress_display
    from cycles.startup.report import report

    ground = _ground(entry, selection, django=django, python=python)
    with progress_display(sys.stderr) as progress:
        result, _ = report(ground, progress)
    return result


def _ground(entry: str | None, selection: Selection, *, django: bool, python: str | None) -> "Ground":
    """Return what is started, with the packages that follow from it as they were read."""
    from cycles.startup.entry import packages_of
    from cycles.startup.loading import ground_of

    folders, environment = _places(python, selection.source_roots)
    found = _entry(entry, folders, environment, django=django)
    chosen = replace(selection, packages=packages_of(found, folders))
    return ground_of(_analysis(found, chosen, (*folders, *map(Path, environment.folders))), found, environment)


@dataclass(frozen=True)
class _Shown:
    """What is printed: what was found, plans, what was measured and verified; `words` ask for the same again."""

    result: "StartupReport"
    plans: "Sequence[StartupPlan]"
    words: "Sequence[str]"
    proof: bool
    measured: "MeasuredStartup | None" = None
    verified: "Verification | None" = None


def _gate(baseline: Path | None, *, update: bool) -> "StartupGate | None":
    """Read a baseline before anything is looked at."""
    if baseline is None:
        return None
    from cycles.cli.startup_lock import StartupGate

    return StartupGate(baseline, may_be_missing=update)


def _measurement(
    ground: "Ground",
    loaded: "Loaded",
    options: StartupOptions,
    python: str | None,
    progress: "Callable[[str], None]",
) -> "Measurement | None":
    """Import ENTRY for real, where that is wanted."""
    if not options.executes:
        return None
    from cycles.cli.startup_run import interpreter_of, run_entry

    interpreter = interpreter_of(ground, python, options.setup, options.timeout)
    return run_entry(ground, loaded, interpreter, progress)


def _verified(
    ground: "Ground",
    measurement: "Measurement | None",
    plans: "Sequence[StartupPlan]",
    options: StartupOptions,
    python: str | None,
    progress: "Callable[[str], None]",
) -> "Verification | None":
    """Import ENTRY with the edits of the plan, where that is wanted."""
    if measurement is None or not options.verify:
        return None
    from cycles.cli.startup_run import interpreter_of, verify_plan

    interpreter = interpreter_of(ground, python, options.setup, options.timeout)
    return verify_plan(ground, measurement, plans, interpreter, progress)


def _lock(
    ground: "Ground",
    result: "StartupReport",
    gate: "StartupGate | None",
    options: StartupOptions,
    asked: "tuple[Sequence[str], Sequence[str], bool]",
    where: tuple[Format, Path | None],
) -> int:
    """Print or write a lock, or judge by one; returns the exit status."""
    from cycles.cli.common import deliver, text_style
    from cycles.cli.startup_lock import write_contract, write_ruff
    from cycles.report.startup_check import startup_check_as_text
    from cycles.report.startup_json import startup_as_json

    (without, words, write), (output_format, output) = asked, where
    style = text_style(output)
    if options.contract:
        write_contract(ground, without, write=write, config=options.config, output=output)
        return 0
    if gate is None:
        write_ruff(ground, result, without, output)
        return 0
    check = gate.judge(result)
    if options.update:
        check = gate.write(check, result)
    if output_format is Format.JSON:
        deliver(startup_as_json(result, (), check=check), output)
    else:
        deliver(startup_check_as_text(result, check, words, style), output)
    return 0 if check.passed else FOUND


def _check(*, without: "Sequence[str] | None", needing: "Sequence[str]", both: bool, write_alone: bool) -> None:
    """Raise CyclesError where options contradict each other."""
    if needing and not without:
        raise CyclesError(f"{needing[0]} says how to plan; add --without DIST")
    if both:
        raise CyclesError("--fewest and --cheapest are two plans; ask for one of them")
    if write_alone:
        raise CyclesError("--write writes what --fix makes; add --fix")


def _places(python: str | None, source_root: "Sequence[Path] | None") -> "tuple[tuple[Path, ...], Environment]":
    """Return where the project's packages are looked for, and the environment."""
    from cycles.cli.common import need_folders
    from cycles.config import read_config
    from cycles.source.locate import environment_folders
    from cycles.startup.installed import Environment, environment_of

    here = Path.cwd()
    roots = (*read_config(here).source_roots, *(source_root or ()))
    local = (here, here / "src", *(here / folder for folder in roots))
    need_folders(here, roots)
    active = os.environ.get("VIRTUAL_ENV")
    chosen = python or (os.path.join(active, "bin", "python") if active else None)
    environment = environment_of(chosen, environment_folders(None))
    if python and not environment.folders:
        raise CyclesError(f"--python {python} has no folder of packages next to it; name the python of an environment")
    # What an interpreter would look through first.
    ahead = [here / folder for folder in os.environ.get("PYTHONPATH", "").split(os.pathsep) if folder]
    ahead = [folder for folder in ahead if folder.is_dir() and folder not in local]
    if ahead:
        environment = Environment([*ahead, *map(Path, environment.folders)], environment.version)
    return tuple(folder for folder in dict.fromkeys(local) if folder.is_dir()), environment


def _entry(text: str | None, folders: "Sequence[Path]", environment: "Environment", *, django: bool) -> "Entry":
    """Return what is started."""
    from cycles.startup.django import django_entry
    from cycles.startup.entry import find_entry, settings_module
    from cycles.startup.installed import Environment

    if django:
        everything = Environment([*folders, *map(Path, environment.folders)], environment.version)
        return django_entry(text or settings_module(folders[0]), everything)
    if text is None:
        raise CyclesError("name what is started, such as `cycles startup shop.main` or `cycles startup manage.py`")
    return find_entry(text, folders, environment)


def _analysis(entry: "Entry", selection: Selection, folders: "Sequence[Path]") -> "Analysis":
    """Return the project's packages as they were read; a script may import none."""
    from cycles.cli.common import analysed
    from cycles.startup.entry import analysis_of_nothing

    if not selection.packages and not selection.roots:
        return analysis_of_nothing(entry)
    with analysed(selection, graph=GraphName.IMPORT_TIME, folders=folders) as analysis:
        return analysis


def _plans(
    planner: "Planner",
    without: "Sequence[str]",
    progress: "Callable[[str], None]",
    *,
    fewest: bool,
    cheapest: bool,
) -> "list[StartupPlan]":
    """Return the plan that was asked for first, then those for the other goals, which are not tried."""
    from cycles.startup.findings import Goal

    distributions = planner.distributions(without)
    asked = Goal.FEWEST if fewest else Goal.CHEAPEST if cheapest else Goal.DEFERRALS
    plans = [planner.plan(distributions, asked, progress=progress)]
    if not plans[0].possible and asked is Goal.DEFERRALS:
        plans.insert(0, planner.plan(distributions, Goal.CHEAPEST, progress=progress))
    done: set[Goal] = {plan.goal for plan in plans}
    return [*plans, *(planner.plan(distributions, goal, tried=False) for goal in Goal if goal not in done)]


def words_of(entry: str | None, *, django: bool, python: str | None, selection: Selection) -> tuple[str, ...]:
    """Return the words that ask for the same entry again."""
    words = [entry] if entry else []
    words += ["--django"] if django else []
    words += ["--python", python] if python else []
    return (*words, *selection.options())


def _show(found: _Shown, output_format: Format, output: Path | None, *, everything: bool) -> None:
    """Print the report, or the plan."""
    from cycles.cli.common import deliver, text_style

    if output_format is Format.JSON:
        from cycles.report.startup_json import startup_as_json

        deliver(startup_as_json(found.result, found.plans, found.measured, found.verified), output)
        return
    from cycles.report.startup import startup_as_text
    from cycles.report.startup_measured import startup_measured_as_text
    from cycles.report.startup_plan import startup_plan_as_text

    style = text_style(output, everything=everything)
    words = found.words
    if found.plans:
        text = startup_plan_as_text(found.result, found.plans, words, style, proof=found.proof, verified=found.verified)
    elif found.measured:
        text = startup_measured_as_text(found.measured, words, style)
    else:
        text = startup_as_text(found.result, words, style)
    deliver(text, output)


def _fix(
    ground: "Ground",
    result: "StartupReport",
    plan: "StartupPlan",
    wishes: "Wishes",
    words: "Sequence[str]",
    *,
    write: bool,
    output: Path | None,
) -> int:
    """Make a plan in memory, and print its patches or write the files; returns the exit status."""
    from cycles.cli.common import deliver, deliver_bytes, text_style
    from cycles.cli.output import say
    from cycles.patching.fix import fix
    from cycles.patching.steps import top_of
    from cycles.patching.write import write_all
    from cycles.report.startup_fix import startup_fix_as_text, startup_patches
    from cycles.startup.as_cuts import analysis_of, as_cut_plan

    if plan.obstacles:
        raise CyclesError(
            f"there is no plan without {', '.join(plan.without)} to make; leave out --fix to see what is in the way"
        )
    analysis = analysis_of(ground)
    fixed = fix(analysis, as_cut_plan(ground, plan), wishes, environment=os.environ)
    style = text_style(output)
    style = style if write else replace(style, color=False, encoding="utf-8")
    if write:
        write_all(top_of(Path(analysis.project)), dict(fixed.files))
    text = startup_fix_as_text(result, plan, fixed, words, style, written=write)
    if write:
        deliver(text, output)
    else:
        say(text)
        deliver_bytes(startup_patches(result, plan, fixed), output)
    return FOUND if fixed.refused else 0
