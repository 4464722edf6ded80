"""What was measured joins what was foreseen, and plans are verified by importing with their edits, in memory."""

import subprocess
import sys
from pathlib import Path
from shlex import quote

import pytest

from conftest import write_files
from cycles.children.startup_runs import Start
from cycles.startup.measured_costs import start_of
from cycles.startup.startup_values import Entry, EntryKind, Goal, StartupPlan
from cycles.startup.verify import edited_texts, verify
from inside import cycles
from started import SITE, installed
from startup_project import BUSY, Project, distribution, project

pytestmark = pytest.mark.posix

HEAVY = distribution("heavy", {"heavy/__init__.py": BUSY.format(0.15), "heavy/part.py": ""})
HELPER = distribution("helper", {"helper.py": "def load(name):\n    return __import__(name, fromlist=['x'])\n"})
APP = {"app/__init__.py": "", "app/main.py": "from app import work\nNAME = work.__name__\n"}
DEFERRABLE = "import heavy\n\ndef f():\n    return heavy.__name__\n"


def files_of(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file() and path.suffix != ".pyc"}


def test_modules_and_statements_that_were_not_foreseen_join_the_graph(tmp_path):
    """A name in a text loads app.plugin: its own import of heavy is a statement like others."""
    files = {
        **APP,
        **HEAVY,
        **HELPER,
        "app/work.py": "import helper\nNAMES = {'a': '.'.join(['app', 'plugin'])}\nfor name in NAMES.values():\n    helper.load(name)\n",
        "app/plugin.py": DEFERRABLE,
    }
    found = project(tmp_path, files)

    made = found.measured()
    plan = found.plan("heavy", measurement=made)

    assert made.found.unforeseen == ("app.plugin", "heavy")
    assert {module.name for module in made.found.report.modules} >= {"app.main", "app.plugin", "heavy", "helper"}
    assert [row.name for row in made.found.report.distributions] == ["heavy", "helper"]
    assert [(step.statement.importer, step.statement.line_number) for step in plan.steps] == [("app.plugin", 1)]
    assert made.found.failure is None


def test_modules_in_all_are_counted_alike_foreseen_and_measured(tmp_path):
    files = {**APP, **HEAVY, "app/work.py": "import json\nimport heavy.part\n", "app/unused.py": ""}
    found = project(tmp_path, files)

    made = found.measured().found

    assert made.modules == len(found.report.modules) == len({"app", "app.main", "app.work", "heavy", "heavy.part"})


def test_what_was_foreseen_and_is_not_loaded_is_told(tmp_path):
    files = {
        **APP,
        "app/work.py": "import os\nif os.environ.get('NEVER_SET'):\n    import app.rare\n",
        "app/rare.py": "",
    }

    assert project(tmp_path, files).measured().found.not_loaded == ("app.rare",)


def test_an_import_in_a_function_that_runs_counts_and_cannot_be_cut(tmp_path):
    text = "def load():\n    import heavy\n\ncall = {'x': load}[''.join('x')]\ncall()\n"
    found = project(tmp_path, {**APP, **HEAVY, "app/work.py": text})

    made = found.measured()
    plan = found.plan("heavy", measurement=made)

    assert made.found.report.statements["app.work", 2].function == "load"
    assert not any(step.statement.importer == "app.work" for step in plan.steps)


def test_rows_add_up_to_no_more_than_the_total(tmp_path):
    files = {**APP, **HEAVY, "app/work.py": "import json.tool, heavy\n" + BUSY.format(0.05)}

    made = project(tmp_path, files).measured().found

    own = made.own
    parts = [own, made.standard_library, *(row.own for row in made.distributions)]
    assert sum(part.nanoseconds for part in parts) <= made.total.nanoseconds
    assert own.nanoseconds >= 50e6
    assert [(row.name, row.own.nanoseconds >= 150e6) for row in made.distributions] == [("heavy", True)]
    assert made.own_modules[0].name == "app.work"


def test_a_plan_is_verified_by_importing_with_its_edits_and_nothing_is_written(tmp_path):
    found = project(tmp_path, {**APP, **HEAVY, "app/work.py": DEFERRABLE})
    made = found.measured()
    plan = found.plan("heavy", measurement=made)
    before = files_of(tmp_path)

    verified = verify(found.ground, made, plan, found.interpreter)

    assert files_of(tmp_path) == before
    assert (verified.gone, verified.still, verified.modules_gone) == (("heavy",), (), 1)
    assert (verified.edited, verified.untouched, verified.failure, verified.holds) == (1, (), None, True)
    assert verified.predicted.nanoseconds >= 150e6
    assert verified.before.nanoseconds - verified.after.nanoseconds >= 100e6
    assert verified.shown


def test_names_that_a_package_hands_on_are_gone_in_a_child_together_with_what_is_deferred_next_to_them(tmp_path):
    api = "import heavy\nfrom app.deep import a\nfrom app.more import b\n\n__all__ = ['a', 'b']\n\n\ndef f():\n    return heavy.__name__, a\n"
    files = {
        **APP,
        **HEAVY,
        "app/work.py": "from app import api\nNAME = api.__name__\n",
        "app/api.py": api,
        "app/deep.py": "import heavy\n\na = heavy.__name__\n",
        "app/more.py": "import heavy\n\nb = heavy.__name__\n",
        "check.py": "import app.main, app.api, sys\nassert 'heavy' not in sys.modules\nassert (app.api.a, app.api.b, app.api.f()) == ('heavy', 'heavy', ('heavy', 'heavy'))\n",
    }
    found = project(tmp_path, files)
    made = found.measured()
    plan = found.plan("heavy", measurement=made)

    verified = verify(found.ground, made, plan, found.interpreter)

    assert [(step.statement.line_number, step.fix.feasibility.name) for step in plan.steps] == [
        (1, "DEFERRABLE"),
        (2, "LAZY"),
        (3, "LAZY"),
    ]
    assert (verified.holds, verified.skipped, verified.gone) == (True, 0, ("heavy",))
    (tmp_path / "app/api.py").write_text(edited_texts(found.ground, plan)[1]["app.api"][1])
    assert (
        subprocess.run(
            [sys.executable, "check.py"], check=False, cwd=tmp_path, env=found.interpreter.environment
        ).returncode
        == 0
    )


def test_a_statement_that_was_seen_to_run_names_what_stands_in_it(tmp_path):
    """What is really imported may be a package on the way to it, or a module that it is taken from."""
    found = project(
        tmp_path, {**APP, "app/work.py": "import app.low.deep\n", "app/low/__init__.py": "", "app/low/deep.py": ""}
    )

    made = found.measured()

    named = {edge.imported: edge.named for edge in made.loaded.edges if edge.importer == "app.work"}
    assert named == {"app": "app.low.deep", "app.low": "app.low.deep", "app.low.deep": "app.low.deep"}


def test_without_edits_nothing_is_gone(tmp_path):
    found = project(tmp_path, {**APP, **HEAVY, "app/work.py": DEFERRABLE})
    made = found.measured()
    nothing = StartupPlan((), Goal.FEWEST, (), 0, (), (), 0, 0)

    verified = verify(found.ground, made, nothing, found.interpreter)

    assert (verified.gone, verified.modules_gone, verified.edited, verified.predicted.nanoseconds) == ((), 0, 0, 0)
    assert abs(verified.saved) <= max(0.05, verified.noise)


def test_what_a_plan_leaves_loaded_is_told_by_what_imports_it(tmp_path):
    """The function runs on import: a library calls it, by its name in a text."""
    text = "import helper\nimport heavy\n\nclass Handler:\n    def __init__(self):\n        self.x = heavy.__name__\n\nhelper.build('.'.join(['app.work', 'Handler']))\n"
    build = "import sys\ndef build(path):\n    module, _, name = path.rpartition('.')\n    return getattr(sys.modules[module], name)()\n"
    found = project(tmp_path, {**APP, **HEAVY, **distribution("helper", {"helper.py": build}), "app/work.py": text})
    made = found.measured()
    plan = found.plan("heavy", measurement=made)

    verified = verify(found.ground, made, plan, found.interpreter)

    assert [step.statement.line_number for step in plan.steps] == [2]
    assert (verified.gone, verified.still, verified.holds) == ((), (("heavy", "app.work"),), False)


def test_a_failure_with_the_edits_is_told(tmp_path):
    """A library looks for the name, where no analysis of the project sees it."""
    need = "import sys\ndef need(module):\n    return sys.modules[module].heavy\n"
    text = "import helper\n" + DEFERRABLE + "\nhelper.need(__name__)\n"
    found = project(tmp_path, {**APP, **HEAVY, **distribution("helper", {"helper.py": need}), "app/work.py": text})
    made = found.measured()
    plan = found.plan("heavy", measurement=made)

    verified = verify(found.ground, made, plan, found.interpreter)

    assert verified.failure is not None
    assert "module 'app.work' has no attribute 'heavy'" in str(verified.failure.error)
    assert (verified.holds, verified.gone) == (False, ())


def test_no_folder_of_ours_hides_a_module_of_the_standard_library(tmp_path):
    """The edited module lies next to files that are called like modules which it imports."""
    files = {
        **APP,
        **HEAVY,
        "app/sub/__init__.py": "",
        "app/sub/json.py": "raise SystemError\n",
        "app/sub/heavy.py": "raise SystemError\n",
        "app/sub/random.py": "raise SystemError\n",
        "app/work.py": "import app.sub.edited\n",
        "app/sub/edited.py": "import json, random\n" + DEFERRABLE,
    }
    found = project(tmp_path, files)
    made = found.measured()

    verified = verify(found.ground, made, found.plan("heavy", measurement=made), found.interpreter)

    assert (verified.gone, verified.failure) == (("heavy",), None)


def test_a_module_that_is_imported_from_elsewhere_is_told(tmp_path):
    """The child finds another app first: nothing of the plan is made there."""
    found = project(tmp_path / "here", {**APP, **HEAVY, "app/work.py": DEFERRABLE})
    other = project(tmp_path / "there", {**APP, **HEAVY, "app/work.py": DEFERRABLE})
    made = found.measured()

    verified = verify(found.ground, made, found.plan("heavy", measurement=made), other.interpreter)

    assert (verified.untouched, verified.still[0][0], verified.holds) == (("app.work",), "heavy", False)


def test_the_edited_texts_are_the_files_with_the_edits_of_the_plan(tmp_path):
    found = project(tmp_path, {**APP, **HEAVY, "app/work.py": DEFERRABLE})

    before, after = edited_texts(found.ground, found.plan("heavy"))

    path = str(tmp_path / "app/work.py")
    assert before == {"app.work": (path, DEFERRABLE)}
    assert after == {"app.work": (path, "\ndef f():\n    import heavy\n\n    return heavy.__name__\n")}


def test_each_kind_of_entry_is_started_in_its_way():
    entries = [
        Entry(EntryKind.MODULE, "app", "app"),
        Entry(EntryKind.CALLABLE, "app:run", "app", "run"),
        Entry(EntryKind.SCRIPT, "bin/x.py", "__main__", path="/bin/x.py"),
    ]

    assert [start_of(entry) for entry in entries] == [
        Start("app", code="__import__('app')"),
        Start("app:run", code="__import__('app')"),
        Start("bin/x.py", script="/bin/x.py"),
    ]


def test_django_is_set_up_with_its_settings(tmp_path):
    django = {
        "django/__init__.py": "import os\ndef setup():\n    import importlib\n    importlib.import_module(os.environ['DJANGO_SETTINGS_MODULE'])\n"
    }
    files = {"app/__init__.py": "", "app/settings.py": "import heavy\n", **HEAVY, **distribution("Django", django)}
    found = project(tmp_path, files, Entry(EntryKind.DJANGO, "django", "app.settings"))

    made = found.measured()

    assert made.found.failure is None
    assert {row.name for row in made.found.distributions} == {"Django", "heavy"}
    assert [step.statement.path for step in found.plan("heavy", measurement=made).steps] == ["app/settings.py"]


def test_a_script_is_measured_as_it_runs(tmp_path):
    files = {
        **APP,
        **HEAVY,
        "app/work.py": DEFERRABLE,
        "run.py": "from app.main import work\nif __name__ == '__main__':\n    raise SystemExit(0)\n",
    }
    entry = Entry(EntryKind.SCRIPT, "run.py", "__main__", path=str(tmp_path / "run.py"))
    found = project(tmp_path, files, entry)

    made = found.measured()
    plan = found.plan("heavy", measurement=made)

    assert made.found.failure is None
    assert verify(found.ground, made, plan, found.interpreter).gone == ("heavy",)


def test_an_entry_that_fails_is_measured_as_far_as_it_comes(tmp_path):
    found: Project = project(tmp_path, {**APP, **HEAVY, "app/work.py": "import heavy\nraise OSError('no disk')\n"})

    made = found.measured().found

    assert made.failure is not None
    assert made.failure.error == "OSError: no disk"
    assert [row.name for row in made.distributions] == ["heavy"]


def test_the_report_starts_no_child_run_starts_four_and_verify_ten_more(tmp_path):
    """Each start of the interpreter that is asked for writes a line, before it becomes the one that runs this."""
    files = {**APP, "app/work.py": DEFERRABLE, **installed("heavy", {"heavy.py": ""})}
    starts, python = tmp_path / "starts", tmp_path / "env/bin/python"
    script = f"#!/bin/sh\necho >> {quote(str(starts))}\nexport PYTHONPATH={quote(str(tmp_path / SITE))}\n"
    write_files(tmp_path, {**files, "env/bin/python": f'{script}exec {quote(sys.executable)} "$@"\n'})
    python.chmod(0o755)
    started = []
    for options in ([], ["--run"], ["--without", "heavy", "--verify"]):
        starts.write_text("")
        done = cycles(tmp_path, "startup", "app.main", "--python", str(python), *options)
        started.append((done.returncode, len(starts.read_text().splitlines())))

    assert started == [(0, 0), (0, 4), (0, 14)]
