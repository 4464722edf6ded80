"""`cycles entries`."""

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cycles.cli.options import (
    FOUND,
    CheckedFormat,
    CheckFormat,
    OptionGroup,
    Packages,
    ReportOptions,
    without_component,
)
from cycles.cli.output import interpreter_for, need_process_groups
from cycles.enums import GraphName
from cycles.errors import CyclesError

if TYPE_CHECKING:  # `--help` must not load what a run needs
    from cycles.children.run_python import Interpreter
    from cycles.cli.check_options import Gate
    from cycles.model import Analysis, FirstImport, FirstImportReport
    from cycles.report.entries_verdicts import EntriesCheck
    from cycles.report.notices import Notices

_MANY = 400
"""Modules that take seconds to predict, where the other commands take one."""


class RunOptions(OptionGroup):
    """Whether modules are really imported, and how."""

    run: Annotated[
        bool, typer.Option("--run", help="Also import each module for real: this EXECUTES the code of PACKAGE.")
    ] = False
    python: Annotated[
        str | None,
        typer.Option(
            "--python", metavar="PATH", help="With --run: the interpreter (default: VIRTUAL_ENV's, or this one)."
        ),
    ] = None
    setup: Annotated[
        str | None,
        typer.Option("--setup", metavar="CODE", help='With --run: code to run first: "import django; django.setup()".'),
    ] = None
    timeout: Annotated[
        float | None,
        typer.Option("--timeout", metavar="SECONDS", min=0.1, help="With --run: seconds for one import (default: 60)."),
    ] = None
    jobs: Annotated[
        int | None,
        typer.Option("--jobs", metavar="N", min=1, help="With --run: imports at a time (default: cores)."),
    ] = None

    def need(self, *, bare_root: bool) -> None:
        """Raise CyclesError where options contradict each other, or this system cannot run anything."""
        idle = self.given("python", "setup", "timeout", "jobs")
        if idle and not self.run:
            raise CyclesError(f"{idle[0]} says how modules are really imported; add --run")
        if self.run:
            need_process_groups("--run")
        if bare_root and self.run:
            raise CyclesError("--bare-root can only be predicted: leave out --run, or empty the __init__ in a copy")

    def interpreter(self, analysis: "Analysis", python: str, after: tuple[str, ...]) -> "Interpreter":
        """Return how to start an interpreter that imports modules of an analysis."""
        return interpreter_for(analysis, python=python, setup=self.setup or "", after=after, timeout=self.timeout)

    def typed(self) -> list[str]:
        """Return the options that say how to import the same modules again, as they were typed."""
        seconds = None if self.timeout is None else f"{self.timeout:g}"
        given = {"--python": self.python, "--setup": self.setup, "--timeout": seconds}
        return [word for name, value in given.items() if value is not None for word in (name, value)]


class GateOptions(OptionGroup):
    """Whether the exit status judges modules, and what it accepts."""

    check: Annotated[
        bool, typer.Option("--check", help="Exit with status 1 where a module cannot be imported first.")
    ] = False
    strict: Annotated[bool, typer.Option("--strict", help="With --check: count what is unknown as failing.")] = False
    baseline: Annotated[
        Path | None,
        typer.Option("--baseline", metavar="FILE", help="With --check: a file of modules that may fail."),
    ] = None
    update: Annotated[bool, typer.Option("--update", help="With --baseline: write what fails today into the file.")] = (
        False
    )
    optional: Annotated[
        list[str] | None,
        typer.Option("--optional", metavar="NAME", help="With --check: a module that may be missing (repeatable)."),
    ] = None

    def need(self) -> None:
        """Raise CyclesError where an option has nothing to say without another."""
        idle = self.given("strict", "baseline", "optional")
        if idle and not self.check:
            raise CyclesError(f"{idle[0]} says what --check accepts; add --check")
        if self.update and not self.baseline:
            raise CyclesError("--update writes a baseline; add --check --baseline FILE")

    def gate(self) -> "Gate | None":
        """Return what the modules are to pass; None where they are not judged."""
        from cycles.cli.check_options import Gate

        optional = tuple(self.optional or ())
        return Gate(self.baseline, optional, strict=self.strict, may_be_missing=self.update) if self.check else None


def entries(
    package: Packages = None,
    *,
    module: Annotated[
        list[str] | None, typer.Option("--module", metavar="NAME", help="Ask about this module only (repeatable).")
    ] = None,
    after: Annotated[
        list[str] | None,
        typer.Option("--after", metavar="MODULE", help="Import MODULE first, then each of the others (repeatable)."),
    ] = None,
    bare_root: Annotated[
        bool,
        typer.Option(
            "--bare-root", help="Predict as if the __init__.py of PACKAGE, and of the packages it lies in, were empty."
        ),
    ] = False,
    running: RunOptions,
    judging: GateOptions,
    output_format: CheckedFormat = CheckFormat.TEXT,
    shown: ReportOptions,
) -> None:
    """Say which modules can be imported first, and why others fail.

    Predicted without executing anything. --run also imports every module for real, each in a process of its own, with
    the working directory and the environment as they are; on its sys.path the folder that holds PACKAGE comes right
    after the working directory. With N it imports the modules of that component only.
    """
    from cycles.cli.check_options import SERVICES, need_check
    from cycles.cli.command_flow import analysed, component_number, deliver, style_for

    need_check(output_format, check=judging.check)
    running.need(bare_root=bare_root)
    judging.need()
    packages, wanted = without_component(package)
    if module and wanted is not None:
        raise CyclesError("--module and N both say which modules; give one of them")
    gate = judging.gate()
    with analysed(shown.scope.selection(packages), graph=GraphName.IMPORT_TIME) as analysis:
        number = component_number(analysis, wanted)
    found, command = _first_imports(analysis, number, module or (), after or (), running, bare_root=bare_root)
    verdict = gate.judge(analysis, found) if gate else None
    if gate and verdict and judging.update:
        verdict = gate.write(verdict)
    if verdict and output_format in SERVICES:
        result = _for_services(analysis, found, verdict, output_format, judging.baseline)
    elif output_format is CheckFormat.JSON:
        from cycles.report.json_by_command import entries_as_json

        result = entries_as_json(analysis, found, verdict)
    else:
        from cycles.report.entries import entries_as_text

        result = entries_as_text(analysis, found, style_for(shown), verdict, python=command, typed=running.typed())
    deliver(result, shown.output)
    if verdict and not verdict.passed:
        raise typer.Exit(FOUND)


def _first_imports(
    analysis: "Analysis",
    number: int | None,
    modules: Sequence[str],
    after: Sequence[str],
    running: RunOptions,
    *,
    bare_root: bool,
) -> "tuple[FirstImportReport, str]":
    """Predict first imports, and make them where that is wanted; returns the interpreter that does so, too."""
    import sys

    from cycles.cli.command_flow import environment_python
    from cycles.cli.output import progress_display, remark
    from cycles.simulate.first_import_report import entrances

    command = running.python or environment_python() or sys.executable
    if not modules and analysis.modules >= _MANY:
        remark(f"looking at {analysis.modules:,} modules takes several seconds; --module NAME asks about one")
    if running.run:
        remark(f"--run executes code of {analysis.package}: each module is imported first by {command}")
    with progress_display(sys.stderr) as progress:
        interpreter = running.interpreter(analysis, command, tuple(after))
        found = entrances(
            analysis,
            number=number,
            modules=tuple(dict.fromkeys(modules)),
            after=after,
            bare_root=bare_root,
            run=_importing(interpreter, running.jobs or os.cpu_count() or 1, progress) if running.run else None,
            progress=progress,
        )
    return found, command


def _for_services(
    analysis: "Analysis",
    found: "FirstImportReport",
    verdict: "EntriesCheck",
    output_format: CheckFormat,
    baseline: Path | None,
) -> str:
    """Return the verdict in the form that another service reads."""
    from cycles.cli.check_options import for_services
    from cycles.report.check_markdown import as_markdown
    from cycles.report.entries_verdicts import entries_notices

    known = None if baseline is None else str(baseline)

    def notices(workspace: str | None = None) -> "Notices":
        return entries_notices(analysis, found, verdict, baseline=known, workspace=workspace)

    return for_services(output_format, notices, lambda: as_markdown(notices()))


def _importing(
    interpreter: "Interpreter", jobs: int, progress: Callable[[str], None]
) -> "Callable[[Sequence[str]], Sequence[FirstImport]]":
    """Return a function that imports modules, each first, and tells progress how many are done."""
    from cycles.children.first_import_runs import probe
    from cycles.cli.output import remark

    def run(modules: Sequence[str]) -> "Sequence[FirstImport]":
        if len(modules) >= _MANY:
            remark(f"importing {len(modules):,} modules, each in a process of its own, {jobs} at a time")

        def show(done: int) -> None:
            progress(f"imported {done:,} of {len(modules):,}")

        return probe(modules, interpreter, jobs=jobs, progress=show)

    return run
