"""The contract in the life of a project: branches merge, modules are renamed, cycles go; with git and lint-imports."""

import os
import re
import subprocess
import tomllib
from pathlib import Path

import pytest

import inside
from conftest import program, write_files

# A hub that four modules import, and that imports each of them: four cycles, each ended by one cut.
NAMES = ("ant", "bee", "cat", "dog")
FILES = {
    "p/__init__.py": "",
    "p/hub.py": "".join(f"import p.{name}\n" for name in NAMES),
    **{f"p/{name}.py": "from p import hub\n\n\ndef use():\n    return hub\n" for name in NAMES},
    "pyproject.toml": '[project]\nname = "p"\n',
}
KEEP = ("--keep", "p.hub", "**")


def git(folder: Path, *arguments: str, status: int = 0) -> str:
    environment = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    for role in ("AUTHOR", "COMMITTER"):
        environment |= {f"GIT_{role}_NAME": "n", f"GIT_{role}_EMAIL": "e@example.org"}
    done = subprocess.run(["git", *arguments], cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == status, done.stdout + done.stderr
    return done.stdout


def write(folder: Path, *more: str) -> subprocess.CompletedProcess[str]:
    return inside.cycles(folder, "contract", "p", "--write", *KEEP, *more)


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [program("lint-imports"), "--no-logo", "--no-cache"], cwd=folder, capture_output=True, text=True, check=False
    )


def exceptions(folder: Path) -> list[str]:
    (contract,) = tomllib.loads((folder / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    return contract.get("ignore_imports", [])


def cut(folder: Path, name: str) -> None:
    """Make the cut of a module, and have its line taken out."""
    (folder / f"p/{name}.py").write_text("def use():\n    from p import hub\n\n    return hub\n")
    assert write(folder).returncode == 0


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A repository whose contract excepts four imports."""
    write_files(tmp_path, FILES)
    git(tmp_path, "init", "-q", "-b", "main")
    assert write(tmp_path).returncode == 0
    assert exceptions(tmp_path) == [f"p.{name} -> p.hub" for name in NAMES]
    git(tmp_path, "add", "-A")
    git(tmp_path, "commit", "-qm", "locked")
    return tmp_path


def branch(project: Path, name: str) -> None:
    git(project, "checkout", "-qb", f"cut-{name}", "main")
    cut(project, name)
    git(project, "commit", "-qam", f"cut {name}")


def test_one_cut_is_one_line_less(project):
    cut(project, "bee")

    changed = [
        line for line in git(project, "diff", "-U0", "pyproject.toml").splitlines() if re.match(r"[-+](?![-+])", line)
    ]

    assert changed == ['-    "p.bee -> p.hub",']


def test_two_branches_that_each_make_a_cut_merge(project):
    branch(project, "ant")
    branch(project, "dog")

    git(project, "merge", "-q", "cut-ant")

    assert exceptions(project) == ["p.bee -> p.hub", "p.cat -> p.hub"]
    assert lint(project).returncode == 0


def test_where_neighbouring_lines_conflict_the_same_command_resolves_them(project):
    branch(project, "bee")
    branch(project, "cat")
    git(project, "merge", "-q", "cut-bee", status=1)
    assert "<<<<<<<" in (project / "pyproject.toml").read_text()

    assert write(project).returncode == 0

    assert exceptions(project) == ["p.ant -> p.hub", "p.dog -> p.hub"]
    assert lint(project).returncode == 0


def test_a_renamed_module_is_no_growth(project):
    git(project, "mv", "p/bee.py", "p/wasp.py")
    (project / "p/hub.py").write_text(FILES["p/hub.py"].replace("bee", "wasp"))

    done = write(project)

    assert (done.returncode, done.stderr) == (0, "")
    assert exceptions(project) == ["p.ant -> p.hub", "p.cat -> p.hub", "p.dog -> p.hub", "p.wasp -> p.hub"]
    assert lint(project).returncode == 0


def test_a_new_module_is_growth(project):
    write_files(project, {"p/emu.py": FILES["p/ant.py"]})
    (project / "p/hub.py").write_text(FILES["p/hub.py"] + "import p.emu\n")

    refused = write(project)

    assert refused.returncode == 2
    assert "1 import on a cycle is not yet an exception of it (p.emu -> p.hub); cut it, or accept it" in refused.stderr


def test_who_removes_a_cycle_is_told_what_to_type(project):
    (project / "p/ant.py").write_text("")

    broken = lint(project)

    assert broken.returncode == 1
    command = re.search(r"`cycles (contract p --write)` takes out what is gone", broken.stdout)
    assert command, broken.stdout
    assert inside.cycles(project, *command[1].split()).returncode == 0
    assert lint(project).returncode == 0


def test_without_any_configuration_the_file_is_to_be_named(tmp_path):
    write_files(tmp_path, {path: text for path, text in FILES.items() if path != "pyproject.toml"})

    refused = write(tmp_path)

    assert refused.returncode == 2
    assert "name the file to write, such as --config pyproject.toml" in refused.stderr
    assert not (tmp_path / "pyproject.toml").exists()
