"""`cycles entries` as a user meets it."""

import json
import os
import subprocess
import sys

import jsonschema
import pytest

import golden
from conftest import write_files
from cycles.cli import run_command
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
    assert finished.stdout.startswith("shop   first imports of component #1, really imported\n  4 of 9 modules crash ")
    assert finished.returncode == 0


@pytest.mark.posix
def test_json_validates_with_the_truth_in_it(tmp_path):
    finished = run("entries", "shop", "--run", "--format", "json", "-o", str(tmp_path / "entries.json"), **ENVIRONMENT)

    document = json.loads((tmp_path / "entries.json").read_text(encoding="utf-8"))
    jsonschema.validate(document, schema("entries"))
    assert document["run"] == document["summary"]
    assert document["agreement"] == {"compared": 27, "same": 27, "unknown": [], "different": [], "untold": []}
    assert document["check"] is None
    assert {entry["module"]: entry["run"]["verdict"] for entry in document["entries"]}["shop.customers"] == "crash"
    assert finished.stdout == ""


@pytest.mark.parametrize("hash_seed", ["0", "77"])
def test_the_same_input_gives_the_same_bytes(hash_seed):
    expected = golden.SAMPLES / "agent_core" / "expected" / "entries-predicted.json"

    finished = run(
        "entries", "ee.hogai", "--format", "json",
        folder=golden.SAMPLES / "agent_core", PYTHONHASHSEED=hash_seed,
    )  # fmt: skip

    assert finished.stdout == expected.read_text(encoding="utf-8")


def test_after_another_module_says_so():
    finished = run("entries", "shop", "--after", "shop.orders")

    assert finished.stdout.startswith("shop   first imports, predicted after shop.orders\n")
    assert (
        "\n  none of 27 modules is known to crash when imported first; 10 can be imported;\n  17 were loaded before\n"
        in finished.stdout
    )


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
    (["--after", ".."], '".." (--after) is not the name of a module; name one, such as shop'),
    (["--module", "shop.order"], 'no module "shop.order" in shop; did you mean shop.orders?'),
    (["1", "--module", "shop.orders"], "--module and N both say which modules; give one of them"),
    (["--strict"], "--strict says what --check accepts; add --check"),
    (["--optional", "x"], "--optional says what --check accepts; add --check"),
    (["--baseline", "x"], "--baseline says what --check accepts; add --check"),
    (["--check", "--update"], "--update writes a baseline; add --check --baseline FILE"),
    (["--check", "--baseline", "nosuch"], "there is no baseline nosuch; write it with --update"),
    (["--check", "--baseline", "."], "the baseline . cannot be read (Is a directory); name a file with --baseline"),
    (["99"], "shop has no component 99: import-time has only component 1"),
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

    assert finished.stdout.splitlines()[:2] == [
        "p   first imports, predicted",
        "  none of 3 modules crashes when imported first",
    ]


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

    assert "  none of 3 modules crashes when imported first\n" in finished.stdout


CYCLE = {
    "p/__init__.py": "",
    "p/a.py": "import p.b\nX = 1\n",
    "p/b.py": "from p.a import X\n",
    "p/c.py": "import nowhere\n",
}


def test_check_of_predictions_ends_with_1_where_a_module_crashes(tmp_path):
    write_files(tmp_path, CYCLE)

    finished = run("entries", "p", "--check", folder=tmp_path)

    assert "\ncheck      1 module cannot be imported first:\n    p.a\n" in finished.stdout
    assert (finished.stderr, finished.returncode) == ("", 1)


@pytest.mark.posix
def test_check_with_run_is_of_the_truth(tmp_path):
    write_files(tmp_path, CYCLE)

    finished = run("entries", "p", "--run", "--check", "--format", "json", folder=tmp_path, **ENVIRONMENT)

    document = json.loads(finished.stdout)
    jsonschema.validate(document, schema("entries"))
    assert document["check"] == {"failing": ["p.a", "p.c"], "accepted": [], "optional": [], "unknown": [], "stale": []}
    assert {entry["module"]: entry["run"]["missing"] for entry in document["entries"]}["p.c"] == "nowhere"
    assert finished.returncode == 1


@pytest.mark.posix
def test_a_module_that_may_be_missing_and_a_baseline_make_the_check_pass(tmp_path):
    write_files(tmp_path, {**CYCLE, "accepted": "p.a  # ours\n"})

    arguments = ["entries", "p", "--run", "--check", "--baseline", "accepted", "--optional", "nowhere"]
    finished = run(*arguments, folder=tmp_path, **ENVIRONMENT)

    assert (
        "\ncheck      passed\n  1 accepted by the baseline\n  1 not counted: a module that is optional is missing\n"
        in finished.stdout
    )
    assert "  ModuleNotFoundError: No module named 'nowhere'\n    p/c.py:1\n      c\n" in finished.stdout
    assert finished.returncode == 0


def test_an_update_accepts_what_fails_and_is_written_once(tmp_path):
    write_files(tmp_path, {**CYCLE, "accepted": "# why\n\np.gone\np.b\n"})

    finished = run("entries", "p", "--check", "--baseline", "accepted", "--update", folder=tmp_path)

    assert (tmp_path / "accepted").read_text(encoding="utf-8") == "# why\n\np.a\n"
    assert (finished.stderr, finished.returncode) == ("cycles: accepted: 1 added, 2 taken out, 0 stay\n", 0)
    assert "\ncheck      passed\n  1 accepted by the baseline\n" in finished.stdout


def test_a_module_that_nothing_can_name_is_not_accepted_and_said_to_be_left(tmp_path):
    write_files(tmp_path, {"p/__init__.py": "", "p/a b.py": "import p.nosuch"})

    finished = run("entries", "p", "--check", "--baseline", "accepted", "--update", folder=tmp_path)

    assert finished.returncode == 1
    assert finished.stderr.endswith(
        "cycles: wrote accepted: 0 lines\n"
        "cycles: p.a b cannot be accepted: its name is no identifier; rename or --exclude the file\n"
    )


def test_a_broken_baseline_is_refused_before_anything_runs(tmp_path):
    write_files(tmp_path, {**CYCLE, "accepted": "p.a\n<<<<<<< HEAD\n", "p/a.py": "open('ran', 'w')\n"})

    finished = run("entries", "p", "--check", "--baseline", "accepted", folder=tmp_path)

    assert finished.stderr == "cycles: accepted:2: a conflict marker of git; settle the conflict first\n"
    assert (finished.stdout, finished.returncode) == ("", 2)


MAYBE = "def f():\n    from p.a import X\nif input():\n    f()\n"


def test_unknown_is_counted_outside_components_and_fails_with_strict_only(tmp_path):
    write_files(tmp_path, {"p/__init__.py": "", "p/a.py": "import p.b\nX = 1\n", "p/b.py": MAYBE})
    loose, strict = (run("entries", "p", "--check", *more, folder=tmp_path) for more in ([], ["--strict"]))

    assert "none of 3 modules is known to crash when imported first; 2 can be imported; 1\n  unknown\n" in loose.stdout
    assert (loose.returncode, strict.returncode) == (0, 1)


DJANGO = {
    "django/__init__.py": "def setup():\n    import django.apps\n    django.apps.ready = True\n    import shop.models\n",
    "django/core/__init__.py": "",
    "django/core/exceptions.py": "class AppRegistryNotReady(Exception): pass\n",
    "django/apps.py": "from django.core.exceptions import AppRegistryNotReady\nready = False\n"
    'def check():\n    if not ready:\n        raise AppRegistryNotReady("Apps aren\'t loaded yet.")\n',
    "shop/__init__.py": "",
    "shop/models.py": "import django.apps\ndjango.apps.check()\nimport shop.views\nX = 1\n",
    "shop/views.py": "import shop.models\n",
}


@pytest.mark.posix
def test_without_setup_the_registry_is_named_and_with_it_what_is_masked(tmp_path):
    write_files(tmp_path, DJANGO)
    arguments = ["entries", "shop", "--run"]
    plain = run(*arguments, folder=tmp_path, **ENVIRONMENT)
    ready = run(*arguments, "--setup", "import django; django.setup()", folder=tmp_path, **ENVIRONMENT)

    assert "2 of 3 modules fail for another reason than a cycle; 1 can be imported; none is known to crash" in " ".join(
        plain.stdout.split()
    )
    assert "Django is not set up" in plain.stdout
    assert "none of 3 modules is known to crash when imported first; 3 were loaded before" in " ".join(
        ready.stdout.split()
    )
    assert "predicted  nothing could be tested\n" in ready.stdout


def test_the_overview_says_how_many_can_crash_only_where_that_is_known():
    plain, asked = run("scc", "shop"), run("scc", "shop", "--entries")
    document = json.loads(run("scc", "shop", "--entries", "--format", "json").stdout)

    assert "can crash" not in plain.stdout
    assert "\n  can crash: 7 of 27 modules do when imported first (predicted)\n" in asked.stdout
    assert (document["first_imports"]["crash"], document["first_imports"]["entries"]) == (7, 27)
    jsonschema.validate(document, schema("scc"))


def test_the_overview_says_that_none_crashes_only_where_none_is_unknown(tmp_path):
    write_files(tmp_path, {"p/__init__.py": "", "p/a.py": "import p.b\nX = 1\n", "p/b.py": MAYBE, "q/__init__.py": ""})

    unknown, fine = (run("scc", package, "--entries", folder=tmp_path).stdout for package in ("p", "q"))

    assert "\n  of 3 modules, 1 may crash when imported first, or not: unknown (predicted)\n" in unknown
    assert "\n  the module does not crash when imported first (predicted)\n" in fine


def test_the_detail_of_a_component_does_not_count_first_imports():
    finished = run("scc", "shop", "1", "--entries")

    assert finished.stderr == "cycles: --entries is about all modules: leave out 1, or ask `cycles entries shop 1`\n"
    assert finished.returncode == 2


def test_a_failure_that_is_no_cycle_is_shown_with_its_reason(tmp_path, capfd, monkeypatch):
    write_files(tmp_path, {"p/__init__.py": "", "p/a.py": "from p.b import X\n", "p/b.py": ""})
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.chdir(tmp_path)

    run_command(["entries", "p"])

    assert capfd.readouterr().out.partition("fail for another reason than a cycle\n")[2].partition("\n\n")[0] == (
        "  ImportError: cannot import name 'X' from 'p.b'\n"
        "    nothing in p.b provides X, and there is no module p.b.X\n"
        "    p/a.py:1\n"
        "      a"
    )


def test_a_prediction_that_a_missing_distribution_stops_is_not_told_and_listed_only_with_all(tmp_path):
    write_files(tmp_path, {"p/__init__.py": "", "p/a.py": "import not_here_1\n", "p/b.py": "import not_here_2\n"})

    short, whole = (run("entries", "p", "--run", *more, folder=tmp_path).stdout for more in ((), ("--all",)))

    told = "predicted  1 of 1 right; 2 not told, as not_here_1 and not_here_2 are not\n           installed\n"
    assert told in short
    assert "really fails" not in short
    assert whole.count("predicted ok, really fails for another reason at ") == 2
