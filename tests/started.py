"""Files of a project and of an environment in; what importing an entry of it loads out."""

from pathlib import Path

from conftest import write_files
from cycles.api import analyze
from cycles.startup.distributions_held import report
from cycles.startup.entry import analysis_of_nothing, find_entry, packages_of
from cycles.startup.installed_distributions import Environment
from cycles.startup.loaded_graph import ground_of
from cycles.startup.plan import Planner
from cycles.startup.startup_values import Goal

SITE = "env/lib/python3.11/site-packages"


def distribution(name: str, *paths: str, version: str = "1.0") -> dict[str, str]:
    """The metadata of an installed distribution with some files, each below site-packages."""
    folder = f"{SITE}/{name.replace('-', '_')}-{version}.dist-info"
    record = "".join(f"{path},sha256=x,1\n" for path in paths)
    return {
        f"{folder}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n\nText.\n",
        f"{folder}/RECORD": record,
    }


def installed(name: str, files: dict[str, str]) -> dict[str, str]:
    """An installed distribution: its files below site-packages, and its metadata."""
    return {**{f"{SITE}/{path}": text for path, text in files.items()}, **distribution(name, *files)}


class Started:
    """A project in a folder, and what starting an entry of it loads."""

    def __init__(self, folder: Path, files: dict[str, str], entry: str, roots=(), keep=()) -> None:
        """Everything is found out here."""
        write_files(folder, files)
        self.folder, self.site = folder, folder / SITE
        self.environment = Environment([self.site] if self.site.is_dir() else [], (3, 11))
        self.entry = find_entry(entry, [folder], self.environment)
        everywhere = [folder, *map(Path, self.environment.folders)]
        packages = packages_of(self.entry, [folder])
        analysis = analyze(packages, folders=everywhere, roots=roots) if packages else analysis_of_nothing(self.entry)
        self.ground = ground_of(analysis, self.entry, self.environment)
        self.report, self.loaded = report(self.ground)
        self.planner = Planner(self.ground, self.report, self.loaded, keep)

    @property
    def own(self) -> list[str]:
        """The own modules that are loaded."""
        return [module.name for module in self.report.modules if module.own]

    @property
    def rows(self) -> dict:
        """The distributions that are loaded, by name."""
        return {row.name: row for row in self.report.distributions}

    def plan(self, *without: str, goal: Goal = Goal.DEFERRALS):
        """A plan that does without some distributions."""
        return self.planner.plan(self.planner.distributions(without), goal)

    def places(self, plan) -> list[tuple[str, int]]:
        """The statements of a plan."""
        return [(step.statement.importer, step.statement.line_number) for step in plan.steps]
