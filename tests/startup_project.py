"""Projects with distributions of their own to depend on, and what `cycles startup` finds out of them, step by step."""

import os
import sys
from dataclasses import dataclass
from pathlib import Path

from conftest import Files, write_files
from cycles.api import analyze
from cycles.children.run_python import Interpreter
from cycles.children.startup_runs import measure
from cycles.startup.distributions_held import report
from cycles.startup.installed_distributions import Environment
from cycles.startup.loaded_graph import Ground, Loaded, ground_of
from cycles.startup.measured_costs import Measurement, measured, start_of
from cycles.startup.plan import Planner
from cycles.startup.startup_values import Entry, EntryKind, Goal, StartupPlan, StartupReport

BUSY = "import time\nend = time.process_time() + {}\nwhile time.process_time() < end: pass\n"


def distribution(name: str, files: Files) -> dict[str, str | bytes]:
    """The files of a distribution, with its metadata, in a folder `site`."""
    info = f"site/{name}-1.0.dist-info"
    record = "".join(f"{path},,\n" for path in files)
    about = {f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n", f"{info}/RECORD": record}
    return {**{f"site/{path}": text for path, text in files.items()}, **about}


@dataclass(frozen=True)
class Project:
    """A project `app` in a folder, what importing an entry is predicted to load, and how to really import it."""

    folder: Path
    ground: Ground
    report: StartupReport
    loaded: Loaded
    interpreter: Interpreter

    def measured(self) -> Measurement:
        return measured(self.ground, self.loaded, measure(start_of(self.ground.entry), self.interpreter))

    def plan(self, *without: str, measurement: Measurement | None = None, goal: Goal = Goal.FEWEST) -> StartupPlan:
        known = (measurement.found.report, measurement.loaded) if measurement else (self.report, self.loaded)
        planner = Planner(self.ground, *known)
        return planner.plan(planner.distributions(without), goal)


def project(folder: Path, files: Files, entry: Entry | str = "app.main", **choices) -> Project:
    write_files(folder, files)
    asked = entry if isinstance(entry, Entry) else Entry(EntryKind.MODULE, entry, entry)
    ground = ground_of(analyze("app", folders=[folder]), asked, Environment([folder / "site"]))
    found, loaded = report(ground)
    chosen = {
        "python": sys.executable,
        "folder": str(folder),
        "environment": os.environ | {"PYTHONPATH": str(folder / "site")},
        "project": str(folder),
        "timeout": 30.0,
    }
    return Project(folder, ground, found, loaded, Interpreter(**{**chosen, **choices}))
