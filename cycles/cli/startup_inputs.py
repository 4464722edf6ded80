"""What is started, found by the words that were typed, and the project's packages as they were read."""

import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from cycles.cli.command_flow import analysed, need_folders
from cycles.cli.options import Selection
from cycles.cli.output import progress_display
from cycles.config import read_config
from cycles.enums import GraphName
from cycles.errors import CyclesError
from cycles.model import Analysis
from cycles.source.find_packages import environment_folders
from cycles.startup.distributions_held import report
from cycles.startup.django import django_entry
from cycles.startup.entry import analysis_of_nothing, find_entry, packages_of, settings_module
from cycles.startup.installed_distributions import Environment, environment_of
from cycles.startup.loaded_graph import Ground, ground_of
from cycles.startup.startup_values import Entry, StartupReport


def ground_for(entry: str | None, selection: Selection, *, django: bool, python: str | None) -> Ground:
    """Return what is started, with the packages that follow from it as they were read."""
    folders, environment = _places(python, selection.source_roots)
    found = _entry(entry, folders, environment, django=django)
    chosen = replace(selection, packages=packages_of(found, folders))
    return ground_of(_analysis(found, chosen, (*folders, *map(Path, environment.folders))), found, environment)


def examined(entry: str, selection: Selection, *, django: bool, python: str | None) -> StartupReport:
    """Return what importing ENTRY loads, for other commands; the packages follow from it."""
    ground = ground_for(entry, selection, django=django, python=python)
    with progress_display(sys.stderr) as progress:
        result, _ = report(ground, progress)
    return result


def words_of(entry: str | None, *, django: bool, python: str | None, selection: Selection) -> tuple[str, ...]:
    """Return the words that ask for the same entry again."""
    words = [entry] if entry else []
    words += ["--django"] if django else []
    words += ["--python", python] if python else []
    return (*words, *selection.options())


def _places(python: str | None, source_root: Sequence[Path] | None) -> tuple[tuple[Path, ...], Environment]:
    """Return where the project's packages are looked for, and the environment."""
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


def _entry(text: str | None, folders: Sequence[Path], environment: Environment, *, django: bool) -> Entry:
    """Return what is started."""
    if django:
        everything = Environment([*folders, *map(Path, environment.folders)], environment.version)
        return django_entry(text or settings_module(folders[0]), everything)
    if text is None:
        raise CyclesError("name what is started, such as `cycles startup shop.main` or `cycles startup manage.py`")
    return find_entry(text, folders, environment)


def _analysis(entry: Entry, selection: Selection, folders: Sequence[Path]) -> Analysis:
    """Return the project's packages as they were read; a script may import none."""
    if not selection.packages and not selection.roots:
        return analysis_of_nothing(entry)
    with analysed(selection, graph=GraphName.IMPORT_TIME, folders=folders) as analysis:
        return analysis
