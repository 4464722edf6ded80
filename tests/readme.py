"""A page in; the same page with the real output below each `$ command` of its console blocks, out."""

import re
import subprocess
import sys
from pathlib import Path

BIN = Path(sys.executable).parent


def executed(page: str, folder: Path) -> str:
    """Run every command in order (`cd FOLDER` is from the project's folder), each must end with status 0."""
    here = folder

    def run(command: str) -> str:
        nonlocal here
        if command.startswith("cd "):
            here = folder / command.removeprefix("cd ")
            return f"$ {command}\n"
        environment = {"PATH": f"{BIN}:/usr/bin:/bin", "COLUMNS": "80"}
        finished = subprocess.run(
            ["bash", "-c", command], cwd=here, env=environment, capture_output=True, text=True, check=True
        )
        return f"$ {command}\n{finished.stdout}"

    def block(found: re.Match[str]) -> str:
        commands = re.findall(r"^\$ (.*)$", found[1], re.MULTILINE)
        return f"```console\n{''.join(map(run, commands))}```"

    return re.sub(r"```console\n(.*?)```", block, page, flags=re.DOTALL)
