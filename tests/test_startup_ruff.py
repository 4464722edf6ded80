"""The settings of Ruff that a lock comes to: Ruff itself reads them, and says what it says."""

import json
import subprocess
from pathlib import Path

import pytest

from conftest import program, write_files
from cycles.api import analyze
from cycles.errors import CyclesError
from cycles.report.startup_baseline import ruff_settings
from cycles.startup.ruff_bans import TopImport, top_imports

FILES = {
    "app/__init__.py": "",
    "app/work.py": "def f():\n    import heavy\n",
    "app/typed.py": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import heavy\n",
    "app/tries.py": "try:\n    import heavy\nexcept ImportError:\n    pass\n",
    "app/board.py": "\nimport heavy.part\nimport heavyweight\nfrom heavy import x\n",
    "app/[odd]{x}.py": "",
    "app/other.py": "import os\n",
}


def errors(folder: Path, settings: str) -> list[str]:
    """What Ruff finds with these settings alone: file:line."""
    write_files(folder, {"pyproject.toml": settings})
    command = [program("ruff"), "check", "--select", "TID253", "--output-format", "json", "--no-cache", "."]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode in (0, 1), done.stderr
    found = json.loads(done.stdout)
    return sorted({f"{Path(one['filename']).relative_to(folder)}:{one['location']['row']}" for one in found})


def test_what_stands_at_the_top_is_what_ruff_finds(tmp_path):
    write_files(tmp_path, FILES)
    ban = '[tool.ruff.lint.flake8-tidy-imports]\nbanned-module-level-imports = ["heavy"]\n'

    found = top_imports(analyze("app", folders=[tmp_path]), ["heavy"])

    assert found == (
        TopImport("app/board.py", 2, "app.board", "heavy.part"),
        TopImport("app/board.py", 4, "app.board", "heavy"),
    )
    assert [f"{one.path}:{one.line_number}" for one in found] == errors(tmp_path, ban)


def test_a_module_of_the_project_may_be_banned(tmp_path):
    write_files(tmp_path, {**FILES, "app/user.py": "from . import board, work\nfrom app.board import x\n"})
    ban = '[tool.ruff.lint.flake8-tidy-imports]\nbanned-module-level-imports = ["app.board"]\n'

    found = top_imports(analyze("app", folders=[tmp_path]), ["app.board"])

    assert (
        [f"{one.path}:{one.line_number}" for one in found]
        == errors(tmp_path, ban)
        == ["app/user.py:1", "app/user.py:2"]
    )


def test_files_that_are_not_loaded_are_named_as_exceptions_and_others_are_errors(tmp_path):
    write_files(tmp_path, FILES)
    found = top_imports(analyze("app", folders=[tmp_path]), ["heavy"])

    settings = ruff_settings(["heavy"], found, {"app", "app.work"}, "app.work")

    assert errors(tmp_path, settings) == []
    write_files(tmp_path, {"app/work.py": "import heavy\n"})
    assert errors(tmp_path, settings) == ["app/work.py:1"]
    assert settings == (
        "# No module imports heavy at its top: a function does, or `if TYPE_CHECKING`.\n"
        "# Ruff looks at one file at a time, and not into try, if and class bodies.\n"
        "# The files below may, for importing the application does not load them today.\n"
        "[tool.ruff.lint]\n"
        'extend-select = ["TID253"]\n\n'
        "[tool.ruff.lint.flake8-tidy-imports]\n"
        'banned-module-level-imports = ["heavy"]\n\n'
        "[tool.ruff.lint.extend-per-file-ignores]\n"
        '"app/board.py" = ["TID253"]\n'
    )


def test_where_none_is_an_exception_the_settings_are_exact(tmp_path):
    settings = ruff_settings(["heavy", "dear"], (), {"app"}, "app")

    assert "per-file" not in settings
    assert errors(write_files(tmp_path, {"a.py": "import dear.x\n"}), settings) == ["a.py:1"]


def test_a_path_that_looks_like_a_pattern_is_a_path(tmp_path):
    odd = TopImport("app/[odd]{x}.py", 1, "app.odd", "heavy")
    write_files(tmp_path, {"app/[odd]{x}.py": "import heavy\n", "app/o.py": "import heavy\n"})

    assert errors(tmp_path, ruff_settings(["heavy"], [odd], (), "app")) == ["app/o.py:1"]


def test_what_is_still_loaded_cannot_be_locked():
    found = [TopImport("app/board.py", 2, "app.board", "heavy.part")]

    with pytest.raises(
        CyclesError, match=r"^importing app still loads heavy\.part, by app/board\.py:2; defer that first"
    ):
        ruff_settings(["heavy"], found, {"app", "app.board"}, "app")
