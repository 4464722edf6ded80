"""A page in; the same page with the real output below each `$ command` of its console blocks, out."""

import re
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path

BIN = sysconfig.get_path("scripts")
_JQ = Path(__file__).with_name("small_jq.py")


def executed(page: str, folder: Path) -> str:
    """Run every command in order, each must end with status 0.

    `cd FOLDER` is from the project's folder, into a copy of that folder: a command may write there.
    """
    with tempfile.TemporaryDirectory() as copies:
        return _executed(page, folder, Path(copies))


def _executed(page: str, folder: Path, copies: Path) -> str:
    here = folder
    # No machine need have the real one.
    own = copies / "bin"
    own.mkdir()
    (own / "jq").write_text(f'#!/bin/sh\nexec "{sys.executable}" "{_JQ}" "$@"\n')
    (own / "jq").chmod(0o755)

    def run(command: str) -> str:
        nonlocal here
        if command.startswith("cd "):
            here = copies / str(len(list(copies.iterdir()))) / Path(command).name
            shutil.copytree(folder / command.removeprefix("cd "), here)
            return f"$ {command}\n"
        environment = {"PATH": f"{own}:{BIN}:/usr/bin:/bin", "COLUMNS": "80"}
        finished = subprocess.run(
            ["bash", "-c", command], cwd=here, env=environment, capture_output=True, text=True, check=True
        )
        return f"$ {command}\n{finished.stdout}"

    def block(found: re.Match[str]) -> str:
        commands = re.findall(r"^\$ (.*)$", found[1], re.MULTILINE)
        return f"```console\n{''.join(map(run, commands))}```"

    return re.sub(r"```console\n(.*?)```", block, page, flags=re.DOTALL)
