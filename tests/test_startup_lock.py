"""The lock on what importing an application loads: where it goes, what it keeps, and that `lint-imports` agrees."""

from pathlib import Path

import pytest

from conftest import write_files
from cycles.api import analyze
from cycles.contracts.contract_text import StartupLock
from cycles.contracts.generate_startup import LockRequest, check_lock, described, find_lock, write_lock
from cycles.errors import CyclesError
from inside import cycles, linter_here
from test_contract import lint

LIGHT = {
    "app/__init__.py": "",
    "app/main.py": "import app.work, app.more\n",
    "app/work.py": "def f():\n    import heavy\n    return heavy.x\n",
    "app/more.py": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from dear import x\n",
}
PYPROJECT = '[project]\nname = "app"\nversion = "1"\n'
CONTRACT = """\
# cycles: begin cycles-startup-app-main
# Imports in functions, for types and lazy ones do not count: they load nothing at start-up.
[[tool.importlinter.contracts]]
id = "cycles-startup-app-main"
name = "importing app.main does not load heavy"
type = "startup"
entries = ["app.main"]
forbidden = ["heavy"]
# cycles: end cycles-startup-app-main
"""
HEAD = """\
[tool.importlinter]
root_packages = ["app"]
contract_types = ["startup: cycles.contracts.startup.StartupContract"]
include_external_packages = true
"""


def lock(*forbidden: str, **choices) -> StartupLock:
    return StartupLock(
        **{"entries": ("app.main",), "forbidden": forbidden or ("heavy",), "packages": ("app",), **choices}
    )


def written(folder: Path, wanted: StartupLock, config: str | None = None) -> LockRequest:
    """Write a lock as the command line does."""
    request = find_lock(wanted, folder=folder, config=Path(config) if config else None)
    with linter_here():
        check_lock(analyze("app", folders=[folder]), request.lock)
    request.configuration.path.write_text(write_lock(request, named=config is not None))
    return request


def kept(folder: Path, config: str = "pyproject.toml") -> bool:
    done = lint(folder, config)
    assert done.returncode == (0 if "0 broken" in done.stdout else 1), done.stdout + done.stderr
    return done.returncode == 0


def test_a_lock_goes_into_the_configuration_and_import_linter_keeps_it_until_a_line_is_put_back(tmp_path):
    write_files(tmp_path, {**LIGHT, "pyproject.toml": PYPROJECT})

    request = written(tmp_path, lock())

    assert (tmp_path / "pyproject.toml").read_text() == f"{PYPROJECT}\n{HEAD}\n{CONTRACT}"
    assert described(request, tmp_path, "new").text == f"{HEAD}\n{CONTRACT}"
    assert kept(tmp_path)
    write_files(tmp_path, {"app/work.py": "import heavy\n\ndef f():\n    return heavy.x\n"})
    assert not kept(tmp_path)


def test_the_lock_of_a_django_set_up_names_its_settings_and_breaks_when_a_heavy_app_is_installed(tmp_path):
    files = {
        "app/__init__.py": "",
        "app/settings.py": "INSTALLED_APPS = ['app.shop']\n",
        "app/shop/__init__.py": "",
        "app/shop/models.py": "def f():\n    import heavy\n",
        "app/more/__init__.py": "",
        "app/more/models.py": "import heavy\n",
        "env/lib/python3.11/site-packages/django.py": "",
        "env/lib/python3.11/site-packages/heavy.py": "",
        "env/bin/python": "",
        "pyproject.toml": PYPROJECT,
    }
    write_files(tmp_path, files)
    words = ("startup", "--django", "app.settings", "--python", "env/bin/python", "--without", "heavy", "--contract")

    done = cycles(tmp_path, *words, "--write")

    assert done.returncode == 0, done.stderr
    text = (tmp_path / "pyproject.toml").read_text()
    assert 'id = "cycles-startup-app-settings"\nname = "django.setup() with app.settings does not load heavy"\n' in text
    assert 'type = "startup"\ndjango_settings = "app.settings"\nforbidden = ["heavy"]\n' in text
    assert kept(tmp_path)
    write_files(tmp_path, {"app/settings.py": "INSTALLED_APPS = ['app.shop', 'app.more']\n"})
    assert not kept(tmp_path)
    refused = cycles(tmp_path, *words)
    assert (
        refused.returncode,
        "django.setup() with app.settings still loads heavy, by app.more.models:1" in refused.stderr,
    ) == (2, True)


def test_writing_it_again_changes_nothing_and_more_is_added_to_it(tmp_path):
    write_files(tmp_path, {**LIGHT, "pyproject.toml": PYPROJECT})
    written(tmp_path, lock())
    once = (tmp_path / "pyproject.toml").read_text()

    written(tmp_path, lock())
    again = (tmp_path / "pyproject.toml").read_text()
    written(tmp_path, lock("dear"))

    assert again == once
    assert (tmp_path / "pyproject.toml").read_text() == once.replace("load heavy", "load dear, heavy").replace(
        '["heavy"]', '["dear", "heavy"]'
    )
    assert kept(tmp_path)


def test_what_was_said_by_hand_stays(tmp_path):
    by_hand = (
        CONTRACT.replace("importing app.main does not load heavy", "Keep it light")
        .replace("# cycles: end", 'allow = ["app.main -> app.more"]\nunmatched_allow_alerting = "warn"\n# cycles: end')
        .replace('["app.main"]', '["app.main", "app.work"]')
    )
    write_files(tmp_path, {**LIGHT, "pyproject.toml": f"{HEAD}\n{by_hand}"})

    request = written(tmp_path, lock("dear"))

    assert request.lock == lock(
        "dear",
        "heavy",
        entries=("app.main", "app.work"),
        allow=("app.main -> app.more",),
        title="Keep it light",
        options=(("unmatched_allow_alerting", "warn"),),
    )
    assert described(request, tmp_path, "rewritten").exceptions == (("app.main", "app.more"),)
    assert kept(tmp_path)


def test_an_ini_file_gets_it_as_a_section(tmp_path):
    write_files(
        tmp_path, {**LIGHT, ".importlinter": "[importlinter]\nroot_package = app\ninclude_external_packages = True\n"}
    )

    written(tmp_path, lock())

    assert "[importlinter:contract:cycles-startup-app-main]\n" in (tmp_path / ".importlinter").read_text()
    assert kept(tmp_path, ".importlinter")


def test_a_new_ini_file_says_that_external_packages_count(tmp_path):
    write_files(tmp_path, LIGHT)

    written(tmp_path, lock(), ".importlinter")

    assert "include_external_packages = True\n" in (tmp_path / ".importlinter").read_text()
    assert kept(tmp_path, ".importlinter")


def test_it_stands_beside_the_contract_against_cycles(tmp_path):
    config = '[tool.importlinter]\nroot_packages = ["app"]\ninclude_external_packages = true\ncontract_types = ["acyclic_modules: cycles.contracts.acyclic.AcyclicModulesContract"]\n\n[[tool.importlinter.contracts]]\nname = "c"\ntype = "acyclic_modules"\npackages = ["app"]\n'
    write_files(tmp_path, {**LIGHT, "pyproject.toml": config})

    written(tmp_path, lock())

    assert "Contracts: 2 kept, 0 broken." in lint(tmp_path, "pyproject.toml").stdout


def test_a_configuration_that_lacks_a_root_is_left_alone_and_the_lock_gets_a_file_of_its_own(tmp_path):
    write_files(
        tmp_path, {**LIGHT, "other/__init__.py": "", "pyproject.toml": '[tool.importlinter]\nroot_package = "other"\n'}
    )

    request = written(tmp_path, lock())

    assert request.configuration.path.name == ".importlinter-app.toml"
    assert kept(tmp_path, ".importlinter-app.toml")


def test_modules_of_the_project_need_no_external_packages(tmp_path):
    write_files(tmp_path, {**LIGHT, "app/sdk.py": "", "pyproject.toml": PYPROJECT})

    written(tmp_path, lock("app.sdk"))

    assert "include_external_packages" not in (tmp_path / "pyproject.toml").read_text()
    assert kept(tmp_path)


def test_what_is_still_loaded_cannot_be_locked(tmp_path):
    write_files(
        tmp_path,
        {**LIGHT, "app/work.py": "import heavy\n", "app/more.py": "\nimport heavy.part\n", "pyproject.toml": ""},
    )

    with pytest.raises(
        CyclesError,
        match=r"^importing app\.main still loads heavy, by app\.more:2, app\.work:1; defer that first \(--fix\), then lock it$",
    ):
        written(tmp_path, lock())


def test_a_configuration_that_shows_no_external_packages_is_for_its_owner_to_change(tmp_path):
    write_files(tmp_path, {**LIGHT, "pyproject.toml": '[tool.importlinter]\nroot_package = "app"\n'})

    with pytest.raises(CyclesError, match=r"pyproject\.toml:1: .* set include_external_packages = true there$"):
        written(tmp_path, lock())


def test_where_there_is_no_configuration_its_owner_names_one(tmp_path):
    with pytest.raises(CyclesError, match="name the file to write, such as --config pyproject"):
        written(write_files(tmp_path, LIGHT), lock())


def test_an_entry_that_import_linter_does_not_know_is_an_error(tmp_path):
    write_files(tmp_path, {**LIGHT, "pyproject.toml": PYPROJECT})

    with pytest.raises(CyclesError, match=r"import-linter cannot read app: it knows no module app\.gone"):
        written(tmp_path, lock(entries=("app.gone",)))


def test_the_id_of_somebody_elses_contract_is_not_taken(tmp_path):
    theirs = CONTRACT.replace('"startup"', '"forbidden"')
    write_files(tmp_path, {**LIGHT, "pyproject.toml": f"{HEAD}\n{theirs}"})

    with pytest.raises(CyclesError, match=r'"cycles-startup-app-main" is taken by one of type forbidden; rename that'):
        written(tmp_path, lock())
