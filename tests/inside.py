"""`cycles` and the children that it asks about contracts, in this process: the same functions without their start."""

import gc
import importlib
import io
import json
import subprocess
import sys
import traceback
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest
from grimp.application.config import settings as grimp_settings

from cycles import cli
from cycles.contracts import verification

Finished = subprocess.CompletedProcess[str]


def cycles(folder: Path, *arguments: str) -> Finished:
    """Run the command line in a folder, as a process would: what it prints, and its exit status.

    It still starts the process that scans imports; those that ask import-linter answer here.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(verification, "_run", _answered)
        patch.setenv("PYDANTIC_DISABLE_PLUGINS", "__all__")  # as the command line does
        try:
            return _call(patch, lambda: sys.exit(cli.run_command(arguments)), folder, "", ["cycles", *arguments])
        finally:
            gc.enable()  # the command line, which does not live long, turns it off


def _answered(module: str, function: str, request: object, folder: str, *arguments: str) -> Finished:
    """What a child process that runs a function of `cycles.contracts` would answer."""
    finder = grimp_settings.PACKAGE_FINDER
    called = getattr(importlib.import_module(f"cycles.contracts.{module}"), function)
    with pytest.MonkeyPatch.context() as patch:
        try:
            return _call(patch, called, folder, json.dumps(request), ["-c", *arguments])
        finally:
            grimp_settings.configure(PACKAGE_FINDER=finder)


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
