"""`cycles startup` on the command line: text, JSON, exit status, and what it says of wrong usage."""

import json
import subprocess

import jsonschema
import pytest

import golden
from conftest import write_files
from inside import cycles
from started import installed
from test_startup import DJANGO, HEAVY, NUMERIC, SHOP, UNMASKED

PYTHON = ("--python", "env/bin/python")


@pytest.fixture
def shop(tmp_path):
    return write_files(tmp_path, SHOP)


def test_the_report_says_what_is_loaded_and_what_holds_it(shop):
    done = cycles(shop, "startup", "shop.main", *PYTHON)

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == (
        """\
shop.main   loads 6 of 8 own modules · 3 other distributions · 10 modules in all
  379 B of source; nothing was executed, so there are no seconds here

  DISTRIBUTION MODULES      SIZE  HELD BY                                  DEFER
  heavy              2      39 B  report                                  1 easy
  stripe-sdk         1      21 B  sources.stripe                          1 hard
  numeric            1       0 B  only with heavy                         1 easy

  HELD BY  what every chain of imports to it passes, or else who imports it
  DEFER  how few statements of shop would have to go for it not to be loaded;
  easy: it seems enough to move them, hard: it is not, or they are many, and
  --without says what is possible; – where none suffice

next  cycles startup shop.main --python env/bin/python --without heavy
      cycles startup shop.main --python env/bin/python --format json
"""
    )


def test_a_plan_says_what_to_do_what_is_gone_and_what_was_tried(shop):
    done = cycles(shop, "startup", "shop.main", *PYTHON, "--without", "heavy", "--proof")

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == (
        """\
shop.main   without heavy: 1 statement, and no fewer suffice

  1  shop/report.py:1
     import heavy
     import heavy inside table()
     main:1 → report:1 → heavy
     then paid for by the first call of table()

gone      heavy and numeric: 3 modules, 39 B of source
replayed  2 first imports simulated with the edits made: none fails that did not

proof: chains of which no two share a statement
  main:1 → report:1 → heavy

next  cycles startup shop.main --python env/bin/python --without heavy --fix
      cycles startup shop.main --python env/bin/python --without heavy --proof
"""
    )


def test_what_is_impossible_is_said_with_what_is_in_the_way(shop):
    done = cycles(shop, "startup", "shop.main", *PYTHON, "--without", "stripe_sdk")

    assert done.returncode == 0
    assert done.stdout == (
        """\
shop.main   without stripe-sdk: impossible

  stripe-sdk stays: no edit of imports ends this chain; change the code at one
  of its statements
     main:2 → registry:1 → sources.stripe:1 → stripe_sdk
     shop/main.py:2
       from shop.registry import SOURCES
       SOURCES is used in the module's body: move what uses it into functions
     shop/registry.py:1
       from shop.sources import stripe
       stripe is used in the module's body: move what uses it into functions
     shop/sources/stripe.py:1
       import stripe_sdk
       stripe_sdk is used in the module's body: move what uses it into functions

next  cycles startup shop.main --python env/bin/python --without stripe-sdk
"""
    )


def test_another_plan_is_named_where_it_differs(shop):
    done = cycles(shop, "startup", "shop.main:run", *PYTHON, "--without", "heavy", "--cheapest")

    assert "without heavy: 2 statements, and no fewer suffice\n" in done.stdout
    assert "     main:8 → late:1 → heavy\n" in done.stdout
    assert (
        "no plan by removing and moving statements alone\n  1 of the 2 statements above take more: registration\n"
        in (done.stdout)
    )


def test_a_plan_that_unmasks_a_crash_says_so(tmp_path):
    files = {
        "p/__init__.py": "from p import data\nfrom p import b\n",
        "p/data.py": "import heavy\nfrom p import a\n\nFRAME = heavy.Frame\nA = a.A\n",
        "p/a.py": "from p.b import B\n\n\nclass A:\n    pass\n",
        "p/b.py": "from p import a\n\n\nclass B:\n    other = a\n",
        **HEAVY,
        **NUMERIC,
    }

    done = cycles(write_files(tmp_path, files), "startup", "p", *PYTHON, "--without", "heavy")

    assert "fails     after this plan importing p fails (p/a.py:1): ImportError: cannot" in done.stdout
    assert "keep the statement of step 1, and it does not" in done.stdout
    assert "another plan: --keep p p.data" in done.stdout


def test_an_entry_that_fails_is_told(tmp_path):
    done = cycles(write_files(tmp_path, UNMASKED), "startup", "p", *PYTHON)

    assert done.returncode == 0
    assert "  importing p is predicted to fail at p/preload.py:2: ImportError: cannot" in done.stdout


def test_a_script_of_its_own_can_be_fixed(tmp_path):
    write_files(tmp_path, {"alone.py": "import heavy\n\n\ndef f():\n    heavy.go()\n", **HEAVY, **NUMERIC})

    done = cycles(tmp_path, "startup", "alone.py", *PYTHON, "--without", "heavy", "--fix", "--write")

    assert done.returncode == 0
    assert (tmp_path / "alone.py").read_text() == "def f():\n    import heavy\n\n    heavy.go()\n"
    assert json.loads(cycles(tmp_path, "startup", "alone.py", *PYTHON, "--format", "json").stdout)["packages"] == []


def test_django_is_started_with_the_settings_that_manage_names(tmp_path):
    done = cycles(write_files(tmp_path, DJANGO), "startup", "--django", *PYTHON, "--without", "heavy")

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("--django site_.settings   without heavy: 1 statement")
    assert "     orders.admin:1 → heavy\n" in done.stdout
    assert (
        "next  cycles startup --django --python env/bin/python --without heavy \\\n        --cheapest --proof"
        in done.stdout
    )


def test_json_keeps_its_schema(shop):
    schema = json.loads((golden.SCHEMAS / "startup.json").read_text(encoding="utf-8"))
    for options in ((), ("--without", "heavy"), ("--without", "stripe-sdk", "--fewest")):
        done = cycles(shop, "startup", "shop.main", *PYTHON, *options, "--format", "json")

        found = json.loads(done.stdout)
        jsonschema.validate(found, schema)
        assert (found["command"], found["schema"], found["entry"]["text"]) == ("startup", "cycles/2", "shop.main")
        assert [row["name"] for row in found["distributions"]] == ["heavy", "stripe-sdk", "numeric"]
        assert str(shop) not in done.stdout
        assert bool(found["plans"]) is bool(options)


def test_the_chain_of_a_plan_in_json_has_places(shop):
    done = cycles(shop, "startup", "shop.main", *PYTHON, "--without", "heavy", "--format", "json")

    plan = json.loads(done.stdout)["plans"][0]
    assert (plan["goal"], plan["proven"], plan["gone"], plan["gone_modules"]) == (
        "deferrals",
        True,
        ["heavy", "numeric"],
        3,
    )
    assert [(link["importer"], link["imported"], link["path"], link["line_number"]) for link in plan["proof"][0]] == [
        ("", "shop.main", None, None),
        ("shop.main", "shop.report", "shop/main.py", 1),
        ("shop.report", "heavy", "shop/report.py", 1),
    ]
    assert plan["steps"][0]["fix"]["kind"] == "deferrable"
    assert plan["steps"][0]["edited"]


@pytest.mark.parametrize("columns", [20, 33, 59, 60, 80, 120])
def test_no_line_is_wider_than_the_terminal(shop, monkeypatch, columns):
    monkeypatch.setenv("COLUMNS", str(columns))
    for options in (
        (),
        ("--without", "heavy"),
        ("--without", "stripe-sdk"),
        ("--without", "heavy", "--fewest", "--proof"),
    ):
        done = cycles(shop, "startup", "shop.main", *PYTHON, *options)

        assert done.returncode == 0
        assert max(map(len, done.stdout.splitlines())) <= columns


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "name what is started, such as `cycles startup shop.main` or `cycles startup manage.py`"),
        (("shop.nothing",), '"shop.nothing" is not a module, script or console script that is found here'),
        (("shop.main:walk",), 'shop.main has no "walk" to be called'),
        (("shop.main", "--fewest"), "--fewest says how to plan; add --without DIST"),
        (("shop.main", "--without", "heavy", "--fewest", "--cheapest"), "--fewest and --cheapest are two plans"),
        (("shop.main", "--without", "heavy", "--write"), "--write writes what --fix makes; add --fix"),
        (("shop.main", "--without", "pandas"), 'importing shop.main loads no distribution "pandas"'),
        (("shop.main", "--source-root", "none"), 'source root "none" is not a folder under'),
        (("--django",), "--django needs a settings module"),
        (("shop.settings", "--django"), 'no settings module "shop.settings" was found'),
    ],
)
def test_wrong_usage_ends_with_status_two_and_a_sentence(shop, arguments, said):
    done = cycles(shop, "startup", *arguments, *PYTHON)

    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize("more", [(), ("--fix",), ("--proof",)])
def test_what_is_known_and_not_loaded_leaves_nothing_to_do(shop, more):
    done = cycles(shop, "startup", "shop.registry", *PYTHON, "--without", "heavy", *more)

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == (
        """\
shop.registry   without heavy: nothing to do
  importing shop.registry does not load it

next  cycles startup shop.registry --python env/bin/python --without heavy \\
        --contract
"""
    )


def test_a_plan_is_about_what_is_loaded(shop):
    write_files(shop, {"shop/other.py": "import pandas\n"})

    done = cycles(shop, "startup", "shop.main", *PYTHON, "--without", "heavy", "--without", "pandas")
    contract = cycles(shop, "startup", "shop.registry", *PYTHON, "--without", "heavy", "--contract")
    unlocked = cycles(shop, "startup", "shop.main", *PYTHON, "--without", "pandas")

    assert done.returncode == 0
    assert done.stdout.startswith("shop.main   without heavy: 1 statement")
    assert done.stderr == "cycles: pandas is not loaded: the plan is about the others\n"
    assert (contract.returncode, "heavy" in contract.stdout) == (0, True)
    assert unlocked.stdout == ("shop.main   without pandas: nothing to do\n  importing shop.main does not load it\n")


def test_a_package_that_is_a_console_script_too_is_said(shop):
    write_files(shop, {"pyproject.toml": "[project.scripts]\nshop = 'shop.main:run'\nother = 'shop.main'\n"})

    package = cycles(shop, "startup", "shop", *PYTHON)
    script = cycles(shop, "startup", "shop.main:run", *PYTHON)

    said = "`cycles startup shop.main:run --python env/bin/python` is about the console script of that name"
    assert f"this is the module; {said}" in " ".join(package.stdout.split())
    assert "console script" not in script.stdout


def test_where_most_distributions_are_missing_that_is_said_first(tmp_path):
    missing = "".join(f"import gone{number}\n" for number in range(7))
    write_files(tmp_path, {"p/__init__.py": "import heavy\n" + missing, "env/bin/python": "", **HEAVY})

    found = cycles(tmp_path, "startup", "p", *PYTHON).stdout

    assert " ".join(found.partition("DISTRIBUTION")[0].split()).endswith(
        "7 of 8 other distributions are not installed here, so the figures say little (gone0, gone1, gone2, gone3, "
        "gone4 and 2 more): what they load is not known; --python names an environment 143 B of source; nothing was "
        "executed, so there are no seconds here"
    )


@pytest.mark.parametrize("python", ["none/bin/python", "/none"])
def test_an_interpreter_without_packages_is_refused(shop, python):
    done = cycles(shop, "startup", "shop.main", "--python", python)

    assert (done.returncode, done.stdout) == (2, "")
    assert f"--python {python} has no folder of packages next to it" in done.stderr


def test_a_step_that_a_test_may_notice_is_made_where_that_is_accepted(shop):
    write_files(shop, {"tests/test_shop.py": "import sys\n\n\ndef test():\n    del sys.modules['heavy']\n"})
    command = ["startup", "shop.main", *PYTHON, "--without", "heavy", "--fix", "-o", "plan.patch"]
    refused, accepted = cycles(shop, *command), cycles(shop, *command, "--accept-patched")

    assert (refused.returncode, accepted.returncode) == (1, 0)
    assert (shop / "plan.patch").read_text().count("Subject: ") == 1


def test_a_plan_is_printed_as_patches_that_git_takes(shop):
    done = cycles(shop, "startup", "shop.main", *PYTHON, "--without", "heavy", "--fix", "-o", "plan.patch")

    patch = (shop / "plan.patch").read_text()
    assert done.returncode == 0
    assert patch.startswith(
        "Subject: [1/1] Start without heavy: report no longer imports heavy on import\n\nImport heavy inside table().\n"
    )
    assert "without heavy: 1 of 1 step made" in done.stderr
    subprocess.run(["git", "apply", "plan.patch"], cwd=shop, check=True)
    assert (shop / "shop/report.py").read_text() == "def table():\n    import heavy\n\n    return heavy.table()\n"
    again = cycles(shop, "startup", "shop.main", *PYTHON, "--format", "json")
    assert [row["name"] for row in json.loads(again.stdout)["distributions"]] == ["stripe-sdk"]


def test_a_plan_is_written_and_the_next_report_lacks_what_is_gone(shop):
    done = cycles(shop, "startup", "shop.main", *PYTHON, "--without", "heavy", "--fix", "--write")

    assert done.returncode == 0
    assert "wrote 1 file: shop/report.py\n" in done.stdout
    assert "import heavy" not in (shop / "shop/report.py").read_text().splitlines()[0]
    assert "heavy" not in cycles(shop, "startup", "shop.main", *PYTHON).stdout


def test_steps_that_take_a_change_of_code_are_refused_with_status_one(shop):
    done = cycles(
        shop, "startup", "shop.main:run", *PYTHON, "--without", "heavy", "--cheapest", "--fix", "-o", "a.patch"
    )

    assert done.returncode == 1
    assert "left to you" in done.stderr
    assert "shop/report.py" in (shop / "a.patch").read_text()


def test_there_is_nothing_to_make_where_there_is_no_plan(shop):
    done = cycles(shop, "startup", "shop.main", *PYTHON, "--without", "stripe-sdk", "--fix")

    assert (done.returncode, done.stdout) == (2, "")
    assert "there is no plan without stripe-sdk to make" in done.stderr


def test_hostile_names_are_shown_escaped(tmp_path):
    hostile = "\N{RIGHT-TO-LEFT OVERRIDE}x"
    files = {
        "p/__init__.py": "import evil\n\n\ndef f():\n    return evil\n",
        **installed(f"evil{hostile}", {"evil.py": ""}),
    }
    write_files(tmp_path, files)

    for arguments in (("startup", "p", *PYTHON), ("startup", "p", *PYTHON, "--without", "evil")):
        done = cycles(tmp_path, *arguments)

        assert done.returncode == 0
        assert "\N{RIGHT-TO-LEFT OVERRIDE}" not in done.stdout
        assert r"evil\u202ex" in done.stdout
