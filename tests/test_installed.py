"""The packages that are installed for the tests: real code of many kinds, with a real interpreter beside it."""

import json
import sysconfig
from pathlib import Path

import pytest

from cycles.api import analyze
from cycles.cli import run_command
from cycles.enums import Verdict
from cycles.simulate.first_import_report import entrances
from trap_truth import truths

INSTALLED = Path(sysconfig.get_paths()["purelib"])
_CYCLE = "most likely due to a circular import"


STANDARD = Path(sysconfig.get_paths()["stdlib"])
PACKAGES = {
    INSTALLED: "hypothesis importlinter jsonschema networkx pydantic pygments rich typer virtualenv",
    STANDARD: "asyncio concurrent ctypes email encodings http idlelib importlib logging multiprocessing unittest xml",
}


@pytest.mark.posix
@pytest.mark.parametrize(
    ("folder", "package"), [(folder, name) for folder, names in PACKAGES.items() for name in names.split()]
)
def test_no_first_import_of_real_code_is_claimed_to_be_what_it_is_not(folder, package):
    entries = entrances(analyze(package, folders=[folder], only=True)).entries
    some = entries[:: max(len(entries) // 12, 1)]

    found = truths([(folder, entry.module) for entry in some])

    wrong = [
        (entry.module, entry.verdict, truth)
        for entry, truth in zip(some, found, strict=True)
        # What is not installed, or is for another system, is nothing that a prediction knows.
        if (entry.verdict in (Verdict.CRASH, Verdict.OTHER) and truth is None)
        or (entry.verdict is Verdict.OK and truth is not None and _CYCLE in truth)
    ]
    assert wrong == []
    assert sum(entry.verdict is Verdict.UNKNOWN for entry in entries) * 50 <= max(len(entries), 100)


COMMANDS = (
    "entries numpy",
    "entries pip --all",
    "definitions hypothesis --all",
    "definitions rich --all",
    "definitions click",
    "definitions pydantic",
    "cuts _pytest --moves --why",
    "cuts hypothesis --moves --all",
    "fix pydantic --moves",
    "fix hypothesis --moves",
    "fix networkx --step 1",
    "scc networkx --by package:1",
    "cuts rich --by package:1 --all",
    "scc hypothesis --by siblings",
    "cuts hypothesis --by siblings --why",
    "why hypothesis --by package hypothesis.core hypothesis.strategies",
    "cuts pip --by siblings --graph runtime",
    "scc pip --by pip._vendor.**=vendor --by pip._internal.**=own --graph all --all",
    "cuts pip --by pip._vendor.**=vendor --by pip._internal.**=own --layers own vendor --graph all",
    "check rich --graph runtime --graph all",
)
IN_JSON = ("definitions click", "fix rich --moves --cheapest", "cuts hypothesis --by siblings", "check networkx")


@pytest.mark.parametrize("command", COMMANDS)
def test_what_is_said_of_an_installed_package_fits_the_terminal(command, capfd, monkeypatch, tmp_path):
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.chdir(tmp_path)

    status = run_command([*command.split(), "--only"])

    said = capfd.readouterr()
    assert status in (0, 1), said.err
    text = said.err if command.startswith("fix") else said.out
    # What does not fit is a path, a source line or a name, which are never broken.
    assert [line for line in text.splitlines() if len(line) > 80 and " " in line.strip() and "/" not in line] == []


@pytest.mark.parametrize("command", IN_JSON)
def test_what_is_said_of_an_installed_package_in_json(command, capfd, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)

    status = run_command([*command.split(), "--only", "--format", "json"])

    said = capfd.readouterr()
    assert status in (0, 1), said.err
    assert json.loads(said.out)["schema"] == "cycles/2"
