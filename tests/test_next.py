"""The commands that reports name under `next` are executed, from wherever the user stands."""

import os
import re
import shlex
import subprocess
from pathlib import Path

import pytest

from conftest import program, write_files

pytestmark = pytest.mark.posix
_STATUSES = {
    **{command: {0} for command in ("scc", "cuts", "why", "entries", "draw", "contract")},
    "check": {0, 1},
    "fix": {0, 1},
}
"""The exit statuses of each command that is done."""

_APPS = {
    "orders/__init__.py": "",
    "orders/models.py": "from users.models import User\n\nclass Order:\n    owner = User\n",
    "users/__init__.py": "",
    "users/models.py": "from orders.models import Order\n\n\ndef orders():\n    return Order\n",
}
_SRC = {
    "src/tools/__init__.py": "",
    "pyproject.toml": "[project]\nname = 'acme'\n",
    "src/acme/__init__.py": "from acme.a import A\n",
    "src/acme/a.py": "from acme.b import B\n\nclass A(B):\n    pass\n",
    "src/acme/b.py": "from acme.a import A\n\nclass B:\n    def a(self):\n        return A()\n",
}


def shell(command: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    path = f"{Path(program('cycles')).parent}:{os.environ['PATH']}"
    return subprocess.run(
        ["sh", "-c", command],
        cwd=folder,
        capture_output=True,
        text=True,
        env={**os.environ, "COLUMNS": "80", "PATH": path, **environment},
        check=False,
    )


def named_in(text: str) -> list[str]:
    """The commands under `next`, each as a shell reads it."""
    lines = text.replace("\\\n", "").splitlines()
    start = next((number for number, line in enumerate(lines) if line.startswith("next  ")), len(lines))
    return [line.removeprefix("next").strip() for line in lines[start:]]


def followed(command: str, folder: Path, **environment: str) -> dict[str, str]:
    """Run a command and all that it and they name, except what executes code; what each printed."""
    waiting, seen = [command], {}
    while waiting:
        line = waiting.pop()
        if line in seen or line.endswith("--run"):
            continue
        finished = shell(line, folder, **environment)
        name = shlex.split(line)[1]
        assert finished.returncode in _STATUSES[name], f"{line}: {finished.stderr}"
        seen[line] = finished.stdout
        waiting += [found for found in named_in(finished.stdout) if found.startswith("cycles ")]
    return seen


@pytest.mark.parametrize(
    ("files", "folder", "command"),
    [
        (_APPS, ".", "cycles scc orders"),
        (_APPS, ".", "cycles scc ."),
        (_APPS, "orders", "cycles scc ."),
        (_APPS, "elsewhere", "cycles scc ../orders"),
        ({f"backend/{name}": text for name, text in _APPS.items()}, ".", "cycles scc orders --source-root backend"),
        (_SRC, ".", "cycles scc src/acme --root tools --exclude 'acme.x.*'"),
        (_SRC, "src/acme", "cycles scc . --graph runtime"),
        ({**_SRC, "pyproject.toml": "[tool.cycles]\npackage = 'acme'\ngraph = 'all'\n"}, "elsewhere", "cycles scc"),
        ({**_SRC, "pyproject.toml": "[tool.cycles]\npackage = 'src/acme'\n"}, "src/acme", "cycles scc --graph all"),
    ],
)  # fmt: skip
def test_every_next_command_works_and_they_lead_to_the_contract(tmp_path, files, folder, command):
    write_files(tmp_path, {**files, "elsewhere/note.txt": ""})
    at_start = shell(command, tmp_path / folder).stdout

    seen = followed(command, tmp_path / folder)

    assert {shlex.split(line)[1] for line in seen} >= set(_STATUSES) - {"entries"}
    # All of them look at the same cycles.
    numbers = {found for text in seen.values() for found in re.findall(r"(\d+) modules import each other", text)}
    assert numbers == set(re.findall(r"(\d+) modules import each other", at_start)) != set()


def test_a_next_command_may_be_wider_than_a_line(tmp_path):
    write_files(tmp_path, _SRC)

    seen = followed("cycles cuts acme", tmp_path, COLUMNS="20")

    assert len(seen) >= 4
    assert "\\\n" in seen["cycles cuts acme"]
    assert (tmp_path / "cycles.svg").read_text(encoding="utf-8").startswith("<svg")


def test_options_that_say_which_imports_are_cut_stay_with_every_command_that_plans(tmp_path):
    write_files(tmp_path, _SRC)
    kept, typed = "--keep acme.b acme.a", "--cheapest --no-defer"

    named = named_in(shell(f"cycles cuts acme {kept} {typed}", tmp_path).stdout)

    assert [line for line in named if "--" in line] == [
        f"cycles fix acme 1 {kept} {typed}",
        "cycles entries acme 1 --run",
        f"cycles draw acme 1 -o cycles.svg {kept}",
        f"cycles contract acme {kept}",
    ]
    assert shell(f"{named[-1]} --format json", tmp_path).returncode == 0


def test_options_stay_with_the_commands_about_groups(tmp_path):
    write_files(tmp_path, _SRC)
    kept = "--keep acme.b acme.a"

    named = named_in(shell(f"cycles cuts acme --by package {kept} --cheapest", tmp_path).stdout)

    assert named == [
        f"cycles fix acme 1 --by package {kept} --cheapest",
        "cycles why acme a b --by package",
        f"cycles contract acme --by package {kept}",
    ]
