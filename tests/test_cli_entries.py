"""`cycles entries` as a user meets it."""

import json
import os
import subprocess
import sys

import jsonschema
import pytest

import golden
from conftest import write_files
from test_cli import SHOP, run, schema

ENVIRONMENT = {"PYTHONDONTWRITEBYTECODE": "1"}


def test_predictions_go_to_stdout_and_nothing_else_is_said():
    finished = run("entries", "shop")

    assert finished.stdout == (SHOP / "expected" / "entries-predicted.txt").read_text(encoding="utf-8")
    assert (finished.stderr, finished.returncode) == ("", 0)


@pytest.mark.posix
def test_with_run_it_says_first_that_it_executes_code():
    """Started by the interpreter of the tests, for which a console script may have another name."""
    command = [sys.executable, "-m", "cycles", "entries", "shop", "1", "--run", "--jobs", "2", "--timeout", "50"]
    environment = {name: value for name, value in os.environ.items() if name != "VIRTUAL_ENV"}

    finished = subprocess.run(
        command, cwd=SHOP, env={**environment, **ENVIRONMENT}, capture_output=True, text=True, check=False
    )

    assert finished.stderr == (
        f"cycles: --run executes code of shop: each module is imported first by {sys.executable}\n"
    )
    assert finished.stdout.startswith("shop   first imports that reach component #1, really imported\n")
    assert finished.returncode == 0


@pytest.mark.posix
def test_json_validates_with_the_truth_in_it(tmp_path):
    finished = run("entries", "shop", "--run", "--format", "json", "-o", str(tmp_path / "entries.json"), **ENVIRONMENT)

    document = json.loads((tmp_path / "entries.json").read_text(encoding="utf-8"))
    jsonschema.validate(document, schema("entries"))
    assert document["run"] == document["summary"]
    assert {entry["module"]: entry["run"]["verdict"] for entry in document["entries"]}["shop.customers"] == "crash"
    assert finished.stdout == ""


@pytest.mark.parametrize("hash_seed", ["0", "77"])
def test_the_same_input_gives_the_same_bytes(hash_seed):
    expected = golden.SAMPLES / "agent_core" / "expected" / "entries-predicted.json"

    finished = run(
        "entries", "ee.hogai", "--root", "posthog", "--format", "json",
        folder=golden.SAMPLES / "agent_core", PYTHONHASHSEED=hash_seed,
    )  # fmt: skip

    assert finished.stdout == expected.read_text(encoding="utf-8")


def test_after_another_module_says_so():
    finished = run("entries", "shop", "--after", "shop.orders")

    assert finished.stdout.startswith("shop   first imports, predicted after shop.orders\n")
    assert " 0 crash " in finished.stdout


WRONG = [
    (["--python", "python3"], "--python says how modules are really imported; add --run"),
    (["--jobs", "2"], "--jobs says how modules are really imported; add --run"),
    pytest.param(
        ["--run", "--bare-root"],
        "--bare-root can only be predicted: leave out --run, or empty the __init__ in a copy",
        marks=pytest.mark.posix,
    ),
    (["--after", "shop.order"], 'no module "shop.order" to import beforehand; did you mean shop.orders?'),
    (["--after", "nosuch"], '"nosuch" (--after) lies in no package that was analysed, and only --run can really import it; add --root nosuch'),
    (["--after", ".."], '".." (--after) is no name of a module; name one, such as shop'),
    (["99"], "shop has no component 99: import-time has components 1 to 1"),
    pytest.param(
        ["--run", "--python", "/nowhere"],
        '"/nowhere" cannot be started (No such file or directory); name a Python with --python',
        marks=pytest.mark.posix,
    ),
]  # fmt: skip


@pytest.mark.parametrize(("arguments", "message"), WRONG)
def test_what_cannot_be_done_is_one_sentence(arguments, message):
    finished = run("entries", "shop", *arguments)

    assert (finished.stdout, finished.returncode) == ("", 2)
    assert finished.stderr.splitlines()[-1] == f"cycles: {message}"


def test_the_import_time_graph_counts_whatever_the_configuration_says(tmp_path):
    files = {
        "pyproject.toml": '[tool.cycles]\ngraph = "all"\n',
        "src/p/__init__.py": "",
        "src/p/a.py": "def f():\n    import p.b\n",
        "src/p/b.py": "import p.a\n",
    }

    finished = run("entries", "p", folder=write_files(tmp_path, files))

    assert finished.stdout == (
        "p   first imports, predicted\n  none of 3 modules reaches an import-time component, and none crashes\n"
    )


@pytest.mark.posix
def test_run_finds_a_package_where_cycles_finds_it_and_keeps_the_environment(tmp_path):
    files = {
        "src/p/__init__.py": "",
        "src/p/a.py": "import p.b\nimport os, ready\nassert os.getcwd().endswith('here')\n",
        "src/p/b.py": "import p.a\nimport os\nassert 'PYDANTIC_DISABLE_PLUGINS' not in os.environ\n",
        "lib/ready.py": "import builtins\nassert builtins.prepared\n",
    }
    here = write_files(tmp_path / "here", files)
    environment = {"PYTHONPATH": str(here / "lib"), "VIRTUAL_ENV": sys.prefix}

    finished = run(
        "entries", "p", "--run", "--setup", "import builtins; builtins.prepared = True", folder=here, **environment
    )

    assert "  2 of 2 can be imported first · 0 crash · 0 unknown\n" in finished.stdout
