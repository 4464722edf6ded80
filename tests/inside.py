"""`cycles`, and the child that it asks about import-linter, in this process: the same functions without their start."""

import gc
import io
import json
import subprocess
import sys
import traceback
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path

import pytest
from grimp.application.config import settings as grimp_settings

from cycles import cli
from cycles.contracts import linter, linter_worker
from cycles.enums import Form
from cycles.source import grimp_worker, read_sources
from cycles.source.file_text import relative_path
from cycles.source.grimp_worker import Answer
from cycles.source.import_values import ModuleFile, RawImport, Skipped

Finished = subprocess.CompletedProcess[str]


def cycles(folder: Path, *arguments: str) -> Finished:
    """Run the command line in a folder, as a process would: what it prints, and its exit status.

    It still starts the process that scans imports; the one that sees what import-linter sees answers here.
    """
    with pytest.MonkeyPatch.context() as patch, linter_here():
        patch.setenv("PYDANTIC_DISABLE_PLUGINS", "__all__")  # as the command line does
        try:
            return _call(patch, lambda: sys.exit(cli.run_command(arguments)), folder, "", ["cycles", *arguments])
        finally:
            gc.enable()  # the command line, which does not live long, turns it off


@contextmanager
def linter_here() -> Iterator[None]:
    """Let the child that sees what import-linter sees answer in this process."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(linter, "run", _answered)
        yield


@contextmanager
def scan_here() -> Iterator[None]:
    """Let the child that scans files by grimp answer in this process, where no file is hostile."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(read_sources, "start_scan", _scan)
        patch.setattr(read_sources, "finish_scan", lambda done, base: _scanned(*done, base))
        yield


def _scan(modules: tuple[ModuleFile, ...], known: Collection[str] = ()) -> tuple[tuple[ModuleFile, ...], Answer]:
    names = [(module.name, module.folder, module.path, module.is_package) for module in modules]
    wanted = [number for number, module in enumerate(modules) if module.name not in known]
    return modules, grimp_worker.scan((names, wanted))


def _scanned(
    modules: tuple[ModuleFile, ...], answer: Answer, base: Path
) -> tuple[list[RawImport], list[Skipped], list[Skipped]]:
    imports, failures, _ = answer
    mentions = [
        RawImport(modules[importer].name, modules[imported].name, line, Form.LAZY if lazy else Form.PLAIN)
        for importer, found in imports.items()
        for imported, line, lazy in found
    ]
    skipped = [
        Skipped(relative_path(modules[number].path, base), line or None, reason) for number, reason, line in failures
    ]
    return mentions, skipped, []


@contextmanager
def known_folders(folders: Mapping[str, Sequence[str]]) -> Iterator[None]:
    """Let grimp find root packages in these folders."""
    finder = grimp_settings.PACKAGE_FINDER
    grimp_settings.configure(PACKAGE_FINDER=linter_worker.KnownFolders(folders))
    try:
        yield
    finally:
        grimp_settings.configure(PACKAGE_FINDER=finder)


def _answered(command: Sequence[str], text: str, folder: Path) -> Finished:
    """What the child process would answer."""
    assert linter_worker.__name__ in command[-1]
    with pytest.MonkeyPatch.context() as patch, known_folders(json.loads(text)["folders"]):
        return _call(patch, linter_worker.main, folder, text, ["-c"])


def _call(patch: pytest.MonkeyPatch, called, folder: Path | str, told: str, argv: list[str]) -> Finished:
    patch.chdir(folder)
    patch.setattr(sys, "argv", argv)
    patch.setattr(sys, "stdin", io.StringIO(told))
    status: object = 0
    with redirect_stdout(io.StringIO()) as out, redirect_stderr(io.StringIO()) as complaints:
        try:
            called()
        except SystemExit as end:
            status = end.code or 0
            if isinstance(status, str):
                complaints.write(f"{status}\n")
        except Exception:
            traceback.print_exc()
            status = 1
    return Finished(argv, status if isinstance(status, int) else 1, out.getvalue(), complaints.getvalue())
