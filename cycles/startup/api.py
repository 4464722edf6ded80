"""What `import cycles` offers of start-up: what importing an application loads, and a plan to load less."""

import os
from collections.abc import Callable, Sequence
from os import PathLike
from pathlib import Path

from cycles.api import analyze, folders_of
from cycles.enums import GraphName
from cycles.source.find_packages import environment_folders
from cycles.source.module_names import Words, as_words
from cycles.startup.distributions_held import report
from cycles.startup.django import django_entry
from cycles.startup.entry import analysis_of_nothing, find_entry, packages_of, settings_module
from cycles.startup.installed_distributions import Environment, environment_of
from cycles.startup.loaded_graph import Findings, ground_of
from cycles.startup.plan import Planner
from cycles.startup.startup_values import Goal, StartupPlan, StartupReport


def examine_startup(  # noqa: PLR0913  all by name, each with a default
    entry: str | PathLike[str],
    *,
    folders: Words | None = None,
    python: str | PathLike[str] | None = None,
    django: bool = False,
    roots: Words = (),
    only: bool = False,
    exclude: Words = (),
    progress: Callable[[str], None] = lambda _: None,
) -> StartupReport:
    """Find out what importing an application loads, and what holds it there. Nothing is executed.

    Args:
        entry: what is started: `pkg.mod`, `pkg.mod:callable`, a script, or the name of a console script.
        folders: where the project is, in order; by default the working directory and its `src`.
        python: the interpreter whose packages count, by default those of the running one. It is not started.
        django: whether `entry` is a settings module of Django; "" for the one that `manage.py` names.
        roots: further packages that count as the project's own.
        only: leave out the first-party packages next to the entry's that it reaches.
        exclude: patterns of the names of modules to leave out.
        progress: is told each step before it begins.

    Raises:
        CyclesError: where the entry means nothing, or what it leads to cannot be read.

    """
    entry = os.fspath(entry)
    here = folders_of(folders) or (Path.cwd(), Path.cwd() / "src")
    local = [folder for folder in here if os.path.isdir(folder)]
    environment = environment_of(None if python is None else os.fspath(python), environment_folders(None))
    everywhere = [*local, *map(Path, environment.folders)]
    if django:
        started = django_entry(entry or settings_module(local[0]), Environment(everywhere, environment.version))
    else:
        started = find_entry(entry, local, environment)
    packages = packages_of(started, local)
    if packages or roots:
        analysis = analyze(
            packages,
            folders=everywhere,
            roots=roots,
            only=only,
            exclude=exclude,
            graph=GraphName.IMPORT_TIME,
            progress=progress,
        )
    else:
        analysis = analysis_of_nothing(started)
    found, _ = report(ground_of(analysis, started, environment), progress)
    return found


def plan_startup(
    found: StartupReport,
    without: Words,
    *,
    goal: Goal | str = Goal.DEFERRALS,
    keep: Sequence[tuple[str, str]] = (),
) -> StartupPlan:
    """Plan the statements to cut so that an entry does not load some distributions, and try the plan in memory.

    Args:
        found: what `examine_startup` returned.
        without: the distributions, by their names or by those of their modules.
        goal: "deferrals" for statements that are removed or moved alone, "cheapest" or "fewest".
        keep: pairs (importer, imported) of imports that must stay, as patterns.

    Raises:
        CyclesError: where one is not loaded.
        ValueError: where no goal has that name, or the report was not made by `examine_startup`.

    """
    origin = found.origin
    if not isinstance(origin, Findings):
        raise ValueError("the report was not made by examine_startup, and has nothing to plan from")  # noqa: TRY004  its type is right
    planner = Planner(origin.ground, found, origin.loaded, keep)
    return planner.plan(planner.distributions(as_words(without)), Goal(goal))
