"""Try edited files in a copy of the project: modules really imported first, and tests run. Only where the user asks."""

import os
import re
import shlex
import shutil
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from cycles.children.first_import_runs import probe
from cycles.children.run_python import Interpreter
from cycles.enums import Verdict
from cycles.errors import CyclesError
from cycles.model import Analysis, FirstImport
from cycles.processes import run_bytes, temporary_folder

_LEFT_OUT = frozenset(
    (
        ".git",
        ".hg",
        ".svn",
        ".tox",
        ".nox",
        "node_modules",
        "__pycache__",
        ".mypy_cache",
        ".ruff_cache",
        ".pytest_cache",
    )
)
_FAILED = re.compile(r"^(?:FAILED|ERROR|FAIL:|ERROR:) +(.+?)(?: - .*)?$", re.MULTILINE)
"""How pytest and unittest name what failed."""


@dataclass(frozen=True, slots=True)
class Tests:
    """What became of a run of the tests: its exit status, and the names of the tests that failed, as far as it says."""

    status: int
    failed: frozenset[str]

    def newly(self, before: "Tests") -> tuple[str, ...]:
        """What fails now and did not before, sorted; where no test is named, that the command failed."""
        new = sorted(self.failed - before.failed)
        if not new and self.status and not before.status:
            return (f"exit status {self.status}",)
        return tuple(new)


@dataclass(frozen=True, slots=True)
class Trial:
    """A copy of a project.

    Attributes:
        project: where the project is.
        copy: where it was copied to.
        source_folders: where its packages are found, in the copy.
        environment: the environment variables for what runs in it.
    """

    project: Path
    copy: Path
    source_folders: tuple[str, ...]
    environment: Mapping[str, str]

    def put(self, files: Mapping[str, bytes]) -> None:
        """Write files of the copy, given by their paths in the project."""
        for path, data in files.items():
            (self.copy / os.path.relpath(path, self.project)).write_bytes(data)

    def take_away(self, path: str) -> None:
        """Remove a file of the copy, given by its path in the project, if it is there."""
        (self.copy / os.path.relpath(path, self.project)).unlink(missing_ok=True)

    def first_imports(self, modules: Sequence[str], interpreter: Interpreter, jobs: int) -> dict[str, FirstImport]:
        """Really import modules of the copy, each first in a process of its own."""
        inside = replace(
            interpreter,
            folder=str(self._here(Path(interpreter.folder))),
            project=str(self.copy),
            source_folders=self.source_folders,
        )
        return {found.module: found for found in probe(modules, inside, jobs=jobs)}

    def tests(self, command: str, folder: Path) -> Tests:
        """Run a command in the copy of a folder; raises CyclesError where it cannot be started."""
        paths = [*self.source_folders, self.environment.get("PYTHONPATH", "")]
        environment = {**self.environment, "PYTHONPATH": os.pathsep.join(filter(None, paths))}
        environment |= {"PYTHONDONTWRITEBYTECODE": "1"}
        try:
            words = shlex.split(command)
            done = run_bytes(words, b"", self._here(folder), environment)
        except (OSError, ValueError, IndexError) as error:
            raise CyclesError(
                f"--test {command!r} cannot be run ({error}); give a command that runs the tests, such as 'pytest -q'"
            ) from error
        said = (done.stdout + b"\n" + done.stderr).decode("utf-8", "replace")
        return Tests(done.returncode, frozenset(_FAILED.findall(said)))

    def _here(self, folder: Path) -> Path:
        return self.copy / folder.relative_to(self.project) if folder.is_relative_to(self.project) else self.copy


@contextmanager
def copied(analysis: Analysis, environment: Mapping[str, str]) -> Iterator[Trial]:
    """Copy a project for the length of the block, without repositories, environments and caches.

    Raises CyclesError where it cannot be copied.
    """
    project = Path(analysis.project)
    folders = dict.fromkeys(os.path.dirname(file.folder) for file in analysis.files)
    with temporary_folder() as folder:
        copy = folder / project.name
        try:
            shutil.copytree(project, copy, symlinks=True, ignore=_left_out)
        except (OSError, shutil.Error) as error:
            raise CyclesError(
                f"{project} cannot be copied for a trial ({error}); leave out --run and --test"
            ) from error
        inside = [Path(found) for found in folders]
        sources = (copy / found.relative_to(project) if found.is_relative_to(project) else found for found in inside)
        yield Trial(project, copy, tuple(map(str, sources)), environment)


def newly_failing(before: Mapping[str, FirstImport], after: Mapping[str, FirstImport]) -> tuple[FirstImport, ...]:
    """Return the modules that could be imported before and cannot now."""
    return tuple(
        found
        for module, found in after.items()
        if found.verdict is not Verdict.OK and (module not in before or before[module].verdict is Verdict.OK)
    )


def _left_out(folder: str, names: Iterable[str]) -> Collection[str]:
    return [name for name in names if name in _LEFT_OUT or os.path.isfile(os.path.join(folder, name, "pyvenv.cfg"))]
