"""What `cycles startup --run` and `--verify` execute: ENTRY, in children of their own."""

import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace

from cycles.children.run_python import Interpreter
from cycles.children.startup_runs import measure
from cycles.cli.command_flow import environment_python
from cycles.cli.output import interpreter_for, remark
from cycles.limits import MEASURED_RUNS
from cycles.startup.loaded_graph import Ground, Loaded
from cycles.startup.measured_costs import Measurement, measured, start_of
from cycles.startup.measurement_values import Verification
from cycles.startup.startup_values import StartupPlan
from cycles.startup.verify import verify


def interpreter_of(ground: Ground, python: str | None, setup: str | None, timeout: float | None) -> Interpreter:
    """Return how ENTRY is started: it finds the project's modules where they were read."""
    command = python or environment_python() or sys.executable
    interpreter = interpreter_for(ground.analysis, python=command, setup=setup or "", timeout=timeout)
    if ground.entry.path:
        folders = dict.fromkeys([*interpreter.source_folders, os.path.dirname(ground.entry.path)])
        return replace(interpreter, source_folders=tuple(folders))
    return interpreter


def run_entry(ground: Ground, loaded: Loaded, interpreter: Interpreter, progress: Callable[[str], None]) -> Measurement:
    """Import ENTRY several times, and return what it costs."""
    start = start_of(ground.entry)
    what = "runs the script" if start.script else "executes code of the project: imports"
    remark(f"this {what} {start.name}, {1 + MEASURED_RUNS} times, by {interpreter.python}")
    return measured(ground, loaded, measure(start, interpreter, progress=progress))


def verify_plan(
    ground: Ground,
    measurement: Measurement,
    plans: Sequence[StartupPlan],
    interpreter: Interpreter,
    progress: Callable[[str], None],
) -> Verification | None:
    """Import ENTRY with the edits of the first plan; None where there is none to make."""
    able = plans and plans[0].possible and any(step.edits for step in plans[0].steps)
    return verify(ground, measurement, plans[0], interpreter, progress) if able else None
