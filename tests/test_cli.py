"""The command line as a user meets it: real processes, exit statuses, what goes where."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from inspect import signature
from pathlib import Path

import jsonschema
import pytest
import typer

import golden
from conftest import program, write_files
from cycles.cli import app_with
from cycles.cli.commands import spread

CYCLES = program("cycles")
SHOP = golden.SAMPLES / "shop"


def run(*arguments: str, folder: Path = SHOP, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [CYCLES, *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        env={**os.environ, "COLUMNS": "80", **environment},
        check=False,
    )


def schema(command: str) -> dict:
    return json.loads((golden.SCHEMAS / f"{command}.json").read_text(encoding="utf-8"))


def test_scc_prints_the_overview_on_stdout_and_nothing_else():
    finished = run("scc", "shop")

    assert finished.stdout == (SHOP / "expected" / "scc-import-time.txt").read_text(encoding="utf-8")
    assert (finished.stderr, finished.returncode) == ("", 0)


def test_scc_with_a_number_shows_one_component():
    finished = run("scc", "shop", "1", "--all")

    assert finished.stdout == (SHOP / "expected" / "scc-import-time-1.txt").read_text(encoding="utf-8")


def test_json_validates_and_holds_only_the_component_asked_for():
    document = json.loads(run("scc", "shop", "2", "--graph", "all", "--format", "json").stdout)

    jsonschema.validate(document, schema("scc"))
    assert [component["number"] for component in document["components"]] == [2]
    assert document["graphs"]["all"] == {"components": 2, "modules": 20, "largest": 17, "cuts": None}


@pytest.mark.parametrize("hash_seed", ["0", "1", "77"])
@pytest.mark.parametrize("output_format", ["text", "json"])
def test_the_same_input_gives_the_same_bytes(tmp_path, hash_seed, output_format):
    here = run("scc", "shop", "--graph", "all", "--format", output_format, PYTHONHASHSEED=hash_seed)
    there = run("scc", str(SHOP / "shop"), "--graph", "all", "--format", output_format, folder=tmp_path)

    # The next commands name the package so that it is found.
    assert here.stdout.partition("next  ")[0] == there.stdout.partition("next  ")[0]
    assert here.returncode == there.returncode == 0


@pytest.mark.parametrize("package", ["shop", "./shop", "shop/__init__.py", str(SHOP / "shop")])
def test_a_package_is_found_by_name_and_by_path(package):
    assert run("scc", package).stdout == run("scc", "shop").stdout


@pytest.mark.parametrize("package", ["shop.orders", "shop/orders", "shop/orders/__init__.py"])
def test_a_sub_package_is_found_by_name_and_by_path(package):
    finished = run("scc", package)

    assert "#1  (named after orders.models) · in shop\n      9 modules · 18 dependencies" in finished.stdout
    assert "9 modules import each other (5 of them in shop.orders) at import time" in finished.stdout


def test_a_src_folder_is_searched(tmp_path):
    write_files(tmp_path, {"src/p/__init__.py": "import p.a\n", "src/p/a.py": "import p\n"})

    assert "#1  (named after p)\n      2 modules" in run("scc", "p", folder=tmp_path).stdout
    assert '"path": "p/__init__.py"' in run("scc", "p", "--format", "json", folder=tmp_path).stdout


def test_paths_are_relative_to_the_project(tmp_path):
    files = {"pyproject.toml": "", "src/p/__init__.py": "import p.a\n", "src/p/a.py": "import p\n"}
    write_files(tmp_path, files)

    assert "src/p/__init__.py:1" in run("scc", "p", folder=tmp_path).stdout


def test_site_packages_are_searched_last():
    assert run("scc", "grimp.adaptors").stdout.startswith("grimp.adaptors · in grimp   ")


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (["scc", "hogai"], 'cycles: no package "hogai" under {folder}; run it in the folder that holds the package, or'),
        (["scc", "shpo"], "did you mean shop?\n"),
        (["scc", "orders"], "did you mean shop.orders (shop/orders)?\n"),
        (["scc", ""], "cycles: the name of a package is empty; name one, such as shop.orders, or a path\n"),
        (["scc", "shop", "7"], "cycles: shop has no component 7: import-time has only component 1\n"),
        (["scc", "shop", "0"], "cycles: shop has no component 0: import-time has only component 1\n"),
        (["scc", "shop", "-o", "no/where.txt"], "cycles: cannot write no/where.txt (No such file or directory); name"),
        (["scc", "shop", "--source-root", "lib"], 'cycles: source root "lib" is not a folder under {folder}; correct'),
        (["scc", "shop", "--root", "zzz"], 'cycles: no package "zzz" under {folder}; run it'),
    ],
)  # fmt: skip
def test_bad_input_is_one_sentence_and_status_2(arguments, error):
    finished = run(*arguments)

    assert error.format(folder=SHOP) in finished.stderr
    assert finished.stderr.count("\n") == 1
    assert (finished.stdout, finished.returncode) == ("", 2)


def test_wrong_usage_is_quoted_without_what_moves_a_cursor():
    finished = run("scc", "shop", "--\x1b[31m\u202e")

    assert finished.returncode == 2
    assert r"cycles: no such option --\x1b[31m\u202e; `cycles scc --help` lists them" in finished.stderr
    assert finished.stderr.replace("\n", "").isprintable()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["scc"], "name a package, such as `cycles scc shop`, or set package in [tool.cycles] of pyproject.toml"),
        (["scc", "1"], "name a package, such as `cycles scc shop`, or set package in [tool.cycles] of pyproject.toml"),
        (["sccs", "shop"], "no such command sccs; did you mean scc?"),
        (["shop"], "no such command shop; to look at a package, type `cycles scc shop`"),
        (["--grph"], "no such option --grph; `cycles --help` lists them"),
        (["scc", "shop", "--grph", "all"], "no such option --grph; did you mean --graph?"),
        (["scc", "shop", "--json"], "no such option --json; did you mean --format json?"),
        (["scc", "shop", "--formt", "json"], "no such option --formt; did you mean --format?"),
        (["scc", "shop", "--foo"], "no such option --foo; `cycles scc --help` lists them"),
        (["why", "shop.nope", "shop.app"], 'no module "shop.nope" in shop; `cycles scc shop` lists those on cycles'),
        (["cuts", "shop", "-x"], "no such option -x; `cycles cuts --help` lists them"),
        (["scc", "shop", "--graph", "none"], '--graph cannot be "none"; type one of import-time, runtime, all'),
        (["scc", "shop", "--graph", ""], '--graph cannot be ""; type one of import-time, runtime, all'),
        (["scc", "shop", "--format", "xml"], '--format cannot be "xml"; type one of text, json, markdown, github, sarif'),
        (["draw", "shop", "--view", "x"], '--view cannot be "x"; type one of auto, diagram, plan, packages, matrix'),
        (["entries", "shop", "--jobs", "1.5"], "--jobs needs a whole number"),
        (["entries", "shop", "--timeout", "soon"], "--timeout needs a number"),
        (["entries", "shop", "--timeout", "0"], "--timeout must be at least 0.1"),
        (["scc", "shop", "-o"], "-o needs a value; `cycles scc --help` says which"),
        (["cuts", "shop", "--keep"], "--keep needs a value; `cycles cuts --help` says which"),
        (["scc", "shop", "--all=3"], "--all takes no value; type --all alone"),
        (["why"], "name two modules, an import by FILE:LINE, or - for a traceback; such as `cycles why shop.app shop.orders`"),
    ],
)  # fmt: skip
def test_bad_usage_is_one_sentence_and_status_2(arguments, sentence):
    finished = run(*arguments)

    assert (finished.stdout, finished.stderr, finished.returncode) == ("", f"cycles: {sentence}\n", 2)


def test_without_arguments_there_is_help():
    finished = run()

    assert finished.stderr == run("--help").stdout
    assert (finished.stdout, finished.returncode) == ("", 2)


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("[tool.cycles]\ngraphs = 'all'\n", 'unknown key "graphs" in [tool.cycles]; did you mean graph?'),
        (
            "[tool.cycles]\nx = 1\n",
            'unknown key "x" in [tool.cycles]; it knows cut, exclude, graph, groups, keep, only, package, ',
        ),
        ("[tool.cycles]\ngraph = 'none'\n", 'graph "none" in [tool.cycles] must be one of import-time, runtime, all'),
        ("[tool.cycles]\nroots = 'p'\n", "roots in [tool.cycles] must be a list of strings"),
        ("[tool.cycles]\npackages = 'p'\n", 'unknown key "packages" in [tool.cycles]; did you mean package?'),
        (
            "[tool.cycles]\npackage = 3\n",
            'package in [tool.cycles] must be a list of strings, such as package = ["shop"]',
        ),
        ("[tool.cycles]\nonly = 'yes'\n", "only in [tool.cycles] must be true or false"),
        (
            "[tool.cycles]\nkeep = ['a b']\n",
            '"a b" in keep in [tool.cycles] is not a pair such as "shop.orders -> shop.',
        ),
        ("[tool]\ncycles = 1\n", "tool.cycles must be a table"),
        ("[tool.cycles\n", "pyproject.toml:1: not valid TOML (Expected ']'"),
        ("\nx = [1\n", "pyproject.toml:3: not valid TOML (Unclosed array (at end of document)); fix it first"),
        (f"x = {'[' * 5000}{']' * 5000}\n", "pyproject.toml: not valid TOML (it nests too deeply); fix it first"),
    ],
)
def test_a_bad_configuration_names_its_file(tmp_path, text, error):
    write_files(tmp_path, {"pyproject.toml": text, "p/__init__.py": ""})

    finished = run("scc", "p", folder=tmp_path)

    assert error in finished.stderr
    assert str(tmp_path / "pyproject.toml") in finished.stderr
    assert finished.returncode == 2


def test_the_configuration_chooses_graph_and_roots(tmp_path):
    files = {
        "pyproject.toml": "[tool.cycles]\ngraph = 'all'\nroots = ['q']\nsource-roots = ['lib']\n",
        "lib/p/__init__.py": "def f():\n    import q.a\n",
        "lib/q/__init__.py": "",
        "lib/q/a.py": "import p\n",
        "deep/er/file": "",
    }
    write_files(tmp_path, files)

    document = json.loads(run("scc", "p", "--format", "json", folder=tmp_path / "deep" / "er").stdout)

    assert (document["graph"], document["packages"]) == ("all", ["p", "q"])
    assert document["components"][0]["modules"] == ["p", "q.a"]


def test_an_output_file_is_written_whole(tmp_path):
    finished = run("scc", "shop", "-o", str(tmp_path / "report.txt"))

    assert (finished.stdout, finished.stderr, finished.returncode) == ("", "", 0)
    assert (tmp_path / "report.txt").read_text(encoding="utf-8") == run("scc", "shop").stdout
    assert [path.name for path in tmp_path.iterdir()] == ["report.txt"]


def test_a_dash_is_stdout(tmp_path):
    for arguments in (["scc", "shop"], ["cuts", "shop", "--format", "json"], ["entries", "shop"]):
        assert run(*arguments, "-o", "-").stdout == run(*arguments).stdout
    run("scc", "p", "-o", "-", folder=write_files(tmp_path, {"p/__init__.py": ""}))

    assert [path.name for path in tmp_path.iterdir()] == ["p"]


def test_no_name_can_command_a_ci_system(tmp_path):
    write_files(tmp_path, {"p/__init__.py": "", "p/::error::x.py": "if", "p/##vso[task]y.py": "if"})

    finished = run("scc", "p", "::error::", folder=tmp_path)
    listed = run("scc", "p", folder=tmp_path).stdout

    assert not any(line.lstrip().startswith("::") for line in (finished.stderr + listed).splitlines())
    assert "##vso" not in listed
    assert "p/::error::x.py:1  invalid syntax" in listed


@pytest.mark.parametrize("columns", ["1", "7", "19", "20", "23", "40", "500", "9999999999", "0", "-3", "x"])
def test_any_width_will_do(columns):
    commands = [["scc", "shop", "1"], ["cuts", "shop"]]
    if columns in ("1", "20"):
        commands += [["scc", "shop"], ["entries", "shop"]]
    for arguments in commands:
        finished = run(*arguments, COLUMNS=columns)

        assert (finished.stderr, finished.returncode) == ("", 0)
        assert max(map(len, finished.stdout.splitlines())) <= 600


def test_files_that_cannot_be_read_are_counted_on_stderr(tmp_path):
    write_files(tmp_path, {"p/__init__.py": "import p.a\n", "p/a.py": "import p\n", "p/bad.py": "if x\n"})

    finished = run("cuts", "p", folder=tmp_path)

    assert finished.stderr == "cycles: 1 file not read, the rest analysed; `cycles scc p --all` lists it\n"
    assert finished.returncode == 0
    assert json.loads(run("cuts", "p", "1", "--format", "json", folder=tmp_path).stdout)["complete"] is False


def test_scc_lists_files_that_cannot_be_read_and_says_no_more_of_them(tmp_path):
    path = f"p/{'long_' * 12}name.py"
    write_files(tmp_path, {"p/__init__.py": "import p.a\n", "p/a.py": "import p\n", path: "if x\n"})

    finished = run("scc", "p", folder=tmp_path)

    assert finished.stderr == ""
    # In one piece, so that it can be copied.
    assert f"\n  {path}:1\n      invalid syntax" in finished.stdout


def test_nothing_is_left_in_the_working_directory(tmp_path):
    write_files(tmp_path, {"p/__init__.py": "import p.a\n", "p/a.py": "import p\n"})

    run("scc", "p", folder=tmp_path)

    assert sorted(path.name for path in tmp_path.rglob("*")) == ["__init__.py", "a.py", "p"]


@pytest.mark.posix
def test_a_closed_pipe_is_no_error():
    command = f"{CYCLES} scc shop --format json | head -1"

    finished = subprocess.run(
        ["bash", "-c", f"set -o pipefail; {command}"], cwd=SHOP, capture_output=True, text=True, check=False
    )

    assert (finished.stdout, finished.stderr) == ("{\n", "")


def test_version_and_help():
    assert run("--version").stdout.startswith("cycles 0.")
    assert "scc" in run("--help").stdout
    assert "Example: cycles scc ee.hogai --graph all" in run("scc", "--help").stdout


def test_python_m_cycles_is_the_same_command():
    finished = subprocess.run(
        [sys.executable, "-m", "cycles", "--version"], capture_output=True, text=True, check=False
    )

    assert finished.stdout == run("--version").stdout


def test_hostile_names_and_lines_cannot_move_the_cursor(tmp_path):
    files = {
        "p/__init__.py": "",
        "p/a\x1b[31m.py": "import p.b  # \x1b]0;x\x07 [bold]\u202e\n",
        "p/b.py": "from importlib import import_module\nimport p.c\n",
        "p/c.py": "import p.b  # [link=x]\u2066 \x9b2J\n",
    }
    write_files(tmp_path, files)

    for arguments in (["scc", "p"], ["scc", "p", "1"], ["scc", "p", "1", "--format", "json"]):
        output = run(*arguments, folder=tmp_path).stdout
        assert all(character == "\n" or character.isprintable() for character in output)
    assert r"import p.b  # [link=x]\u2066 \x9b2J" in run("scc", "p", "1", folder=tmp_path).stdout


def test_colour_only_on_a_terminal():
    assert "\x1b" not in run("scc", "shop", FORCE_COLOR="1").stdout


def test_cuts_prints_every_component_and_the_plan():
    finished = run("cuts", "shop", "--graph", "all")

    assert finished.stdout == (SHOP / "expected" / "cuts-all.txt").read_text(encoding="utf-8")
    assert (finished.stderr, finished.returncode) == ("", 0)


def test_cuts_as_json_has_one_shape():
    several = json.loads(run("cuts", "shop", "--graph", "all", "--format", "json").stdout)
    one = json.loads(run("cuts", "shop", "1", "--graph", "all", "--format", "json").stdout)
    none = json.loads(run("cuts", "acyclic", "--format", "json", folder=golden.SAMPLES / "acyclic").stdout)

    for found in (several, one, none):
        jsonschema.validate(found, schema("cuts"))
        assert (found["schema"], found["command"]) == ("cycles/2", "cuts")
    assert several["components"][:1] == one["components"]
    assert [component["number"] for component in several["components"]] == [1, 2]
    assert (none["components"], none["complete"]) == ([], True)


def test_a_step_of_a_plan_says_all_that_it_takes_to_make_it():
    (component,) = json.loads(run("cuts", "shop", "--format", "json").stdout)["components"]
    (step,) = component["plan"]

    assert (step["path"], step["line_number"], step["end_line_number"]) == ("shop/customers/loyalty.py", 7, 7)
    assert (step["names"], step["to_do"]) == (["spent_by"], "import spent_by inside tier_of()")
    assert step["fix"]["kind"] == "deferrable"
    assert [found["function"] for name in step["fix"]["names"] for found in name["functions"]] == ["tier_of"]
    assert {edit["path"] for edit in step["edits"]} == {"shop/customers/loyalty.py"}
    assert component["replay"] == {"edited": 1, "simulated": 9, "failing": []}


def test_why_as_json_validates():
    document = json.loads(run("why", "shop", "shop.orders.basket", "shop.catalog", "--format", "json").stdout)

    jsonschema.validate(document, schema("why"))
    assert document["shortest_cycle"][:2] == ["shop.orders.basket", "shop.catalog"]
    assert [cut["imported"] for cut in document["cuts"]] == ["shop.catalog.pricing", "shop.catalog.products"]


def plan(*arguments: str) -> list[tuple[str, str]]:
    (document,) = json.loads(run("cuts", "shop", "1", *arguments, "--format", "json").stdout)["components"]
    return [
        (step["importer"].removeprefix("shop."), step["imported"].removeprefix("shop.")) for step in document["plan"]
    ]


def test_keep_cut_and_reexports_change_the_plan():
    assert plan() == [("customers.loyalty", "orders.history")]
    assert plan("--keep", "shop.customers.*", "shop.orders.**") == [
        ("catalog.pricing", "customers"),
        ("orders.basket", "customers"),
    ]
    assert plan("--cut", "shop.orders.models", "shop.catalog")[0] in [
        ("orders.models", "catalog"),
        ("customers.loyalty", "orders.history"),
    ]
    assert len(plan("--allow-reexports")) == 1


def test_the_pair_that_reports_print_can_be_kept_and_cut():
    kept = plan("--keep", "shop.customers.loyalty", "shop.orders")

    assert kept == plan("--keep", "shop.customers.loyalty", "shop.orders.history") != plan()
    # Names may be as short as reports print them.
    assert plan("--keep", "customers.loyalty", "orders") == kept
    assert plan("--keep", "loyalty", "history") == kept
    # `orders.basket` runs the __init__ of `catalog` by two of its imports: both are cut.
    cut = plan("--cut", "orders.basket", "catalog")
    assert {("orders.basket", "catalog.pricing"), ("orders.basket", "catalog.products")} <= set(cut)


def test_every_dependency_that_is_listed_can_be_kept():
    (component,) = json.loads(run("scc", "shop", "--format", "json").stdout)["components"]
    for dependency in component["dependencies"]:
        finished = run("cuts", "shop", "--keep", dependency["importer"], dependency["imported"])
        assert finished.stderr == ""
        assert finished.returncode == 0


def test_a_short_name_of_two_modules_is_not_guessed(tmp_path):
    files = {"p/__init__.py": "", "p/x/__init__.py": "", "p/y/__init__.py": ""}
    files |= {"p/x/a.py": "import p.y.a\n", "p/y/a.py": "import p.x.a\n"}
    write_files(tmp_path, files)

    finished = run("cuts", "p", "--keep", "a", "y.a", folder=tmp_path)

    assert (finished.returncode, finished.stdout) == (2, "")
    assert finished.stderr == 'cycles: "a" may be p.x.a, p.y.a; give more of its name\n'


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (["cuts", "shop", "5"], "cycles: shop has no component 5: import-time has only component 1\n"),
        (["cuts", "shop", "--keep", "shop.x", "shop.y"], "cycles: --keep shop.x shop.y matches no import inside a component"),
        (["cuts", "shop", "--keep", "shop.x*", "shop.y"], 'cycles: "shop.x*" is not a module expression; * stands for'),
        (["cuts", "shop", "--keep", "shop.x"], "cycles: --keep takes an importer and an imported module, such as"),
        (["cuts", "shop", "--keep", "**", "**"], "cannot be broken: each of its imports is kept; drop a --keep\n"),
        (
            ["cuts", "shop", "--keep", "**", "shop.customers", "--cut", "shop.orders.basket", "shop.customers"],
            "cycles: shop.orders.basket -> shop.customers is both kept and cut; drop one of the two options\n",
        ),
        (["scc", "hogai"], "; run it in the folder that holds the package, or add --source-root FOLDER\n"),
        (["why", "shop", "", "shop.orders"], 'cycles: no module "" in shop; `cycles scc shop` lists those on cycles'),
    ],
)  # fmt: skip
def test_bad_cuts_are_one_sentence_and_status_2(arguments, error):
    finished = run(*arguments)

    assert error in finished.stderr
    assert finished.stderr.count("\n") == 1
    assert (finished.stdout, finished.returncode) == ("", 2)


def test_a_package_without_cycles_has_nothing_to_cut():
    folder = golden.SAMPLES / "acyclic"

    assert run("cuts", "acyclic", folder=folder).stdout == "acyclic   import-time\n  no import cycles\n"
    assert json.loads(run("cuts", "acyclic", "--format", "json", folder=folder).stdout)["components"] == []


@pytest.mark.parametrize("name", ["#1", "#orders.models", "#shop.customers.loyalty", "#customers.loyalty"])
def test_a_component_is_known_by_any_of_its_modules(name):
    assert run("scc", "shop", name).stdout == run("scc", "shop", "1").stdout


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("#app", "cycles: app is in no component of import-time; `cycles scc shop` lists those that are\n"),
        ("#histry", "cycles: histry is in no component of import-time; did you mean '#shop.orders.history'?\n"),
        (
            "#",
            "cycles: a module without a name is in no component of import-time; `cycles scc shop` lists those that are\n",
        ),
        ("#7", "cycles: shop has no component 7: import-time has only component 1\n"),
    ],
)
def test_an_unknown_component_is_one_sentence(name, sentence):
    finished = run("scc", "shop", name)

    assert (finished.returncode, finished.stdout, finished.stderr) == (2, "", sentence)


def test_a_module_in_the_place_of_a_component_is_told_to_be_quoted():
    finished = run("scc", "shop", "orders.models", "--no-cuts")

    assert finished.stderr.endswith("; for the component that a module is in, type '#orders.models' with the quotes\n")
    assert run("scc", "shop", "#orders.models").returncode == 0


def test_check_says_by_its_status_whether_there_is_a_cycle():
    assert run("scc", "shop", "--check").returncode == 1
    assert run("scc", "acyclic", "--check", folder=golden.SAMPLES / "acyclic").returncode == 0


def test_why_prints_one_dependency():
    finished = run("why", "shop", "shop.customers.loyalty", "shop.orders")

    assert finished.stdout.startswith(
        "shop.customers.loyalty → shop.orders\n  via __init__, in component #1 · import-time\n"
    )
    assert "alone it ends all cycles of the 9 modules (13 cycles)" in finished.stdout
    assert (finished.stderr, finished.returncode) == ("", 0)


def test_a_path_means_what_stands_there(tmp_path):
    write_files(tmp_path, {"grimp/grimp/__init__.py": "", "grimp/grimp/own.py": ""})

    document = json.loads(run("scc", "./grimp", "--format", "json", folder=tmp_path).stdout)

    assert document["modules"] == 2


def test_a_package_found_elsewhere_is_said_to_be():
    assert run("scc", "grimp").stderr.startswith("cycles: grimp found in /")


@pytest.mark.parametrize("name", ["a" * 300, "a/" * 5000, "p\x1b[31m"])
def test_impossible_names_are_one_sentence(name):
    finished = run("scc", name)

    assert finished.stderr.startswith("cycles: no package")
    assert finished.stderr.removesuffix("\n").isprintable()
    assert finished.returncode == 2


@pytest.mark.posix
def test_output_through_a_link_to_a_device_and_into_a_folder(tmp_path):
    write_files(tmp_path, {"here/real.txt": "old"})
    (tmp_path / "link.txt").symlink_to(tmp_path / "here" / "real.txt")

    assert run("scc", "shop", "-o", str(tmp_path / "link.txt")).returncode == 0
    assert (tmp_path / "link.txt").is_symlink()
    assert (tmp_path / "here" / "real.txt").read_text(encoding="utf-8").startswith("shop")
    assert run("scc", "shop", "-o", "/dev/null").returncode == 0
    assert Path("/dev/null").is_char_device()
    assert run("scc", "shop", "-o", str(tmp_path / "here")).returncode == 2
    assert sorted(path.name for path in tmp_path.iterdir()) == ["here", "link.txt"]


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs the device /dev/full of Linux")
def test_stdout_that_is_full():
    full = subprocess.run(
        ["bash", "-c", f"{CYCLES} scc shop > /dev/full"], cwd=SHOP, capture_output=True, text=True, check=False
    )

    assert (full.returncode, full.stderr.count("\n")) == (2, 1)


def test_forced_cuts_are_called_so():
    text = run("cuts", "shop", "1", "--cut", "shop.orders.models", "shop.catalog").stdout

    assert "cutting 2 imports leaves no cycle (proven minimum; 1 because of --cut)" in " ".join(text.split())


def test_keep_with_an_equals_sign():
    assert plan("--keep=shop.customers.*", "shop.orders.**") == plan("--keep", "shop.customers.*", "shop.orders.**")


@pytest.mark.parametrize(("length", "columns"), [(32, "80"), (31, "30"), (60, "20")])
def test_a_contract_is_checked_whatever_the_length_of_names_and_the_width(tmp_path, length, columns):
    package = "p" * length
    write_files(tmp_path, {f"{package}/__init__.py": "", f"{package}/a.py": f"import {package}.b\n", f"{package}/b.py": f"import {package}.a\n"})  # fmt: skip

    finished = run("contract", package, folder=tmp_path, COLUMNS=columns)

    assert (
        finished.returncode,
        "cycles: checked: import-linter passes it, by the imports that it sees\n" in finished.stderr,
    ) == (0, True)
    assert f'"{package}.b -> {package}.a",' in finished.stdout


def test_what_cannot_be_done_is_one_sentence_though_files_were_not_read(tmp_path):
    write_files(tmp_path, {"p/__init__.py": "import p\n", "p/b.py": "if x\n"})

    for arguments in (["scc", "p", "-o", "/no/x"], ["entries", "p", "--after", "nonsense"]):
        finished = run(*arguments, folder=tmp_path)

        assert (finished.returncode, finished.stderr.count("\n")) == (2, 1)
    assert "not read" in run("draw", "p", "-o", "x.svg", folder=tmp_path).stderr


@pytest.mark.parametrize("text", [f"x = {'9' * 5000}\n", "x = '\0'\n", "\ufeff[tool"])
def test_no_toml_file_is_a_traceback(tmp_path, text):
    write_files(tmp_path, {"p/__init__.py": "", "pyproject.toml": text})

    finished = run("scc", "p", folder=tmp_path)

    assert (finished.returncode, finished.stderr.count("\n")) == (2, 1)
    assert "pyproject.toml" in finished.stderr


def test_a_configuration_that_is_no_file_is_not_read(tmp_path):
    write_files(tmp_path, {"p/__init__.py": "import p.a\n", "p/a.py": "import p\n"})
    os.mkfifo(tmp_path / "f.toml")
    (tmp_path / "zero.toml").symlink_to("/dev/zero")

    for name in ("f.toml", "zero.toml", "p"):
        finished = run("contract", "p", "--config", name, folder=tmp_path)

        assert (finished.returncode, finished.stderr.count("\n")) == (2, 1)
        assert f"{name} is not a regular file" in finished.stderr


@pytest.mark.parametrize("hash_seed", ["0", "1", "2", "3"])
def test_a_contract_names_the_first_file_that_import_linter_cannot_read(tmp_path, hash_seed):
    write_files(
        tmp_path, {"p/__init__.py": "import p.a\n", "p/a.py": "import p\n", "p/b.py": "x = (\n", "p/d.py": "if\n"}
    )

    finished = run("contract", "p", folder=tmp_path, PYTHONHASHSEED=hash_seed)
    (tmp_path / "p" / "b.py").write_text("from .... import x\n", encoding="utf-8")
    (tmp_path / "p" / "d.py").unlink()
    climbing = run("contract", "p", folder=tmp_path, PYTHONHASHSEED=hash_seed)

    assert finished.stderr == "cycles: import-linter cannot read p/b.py:1 (invalid syntax); fix that first\n"
    assert climbing.stderr == (
        "cycles: import-linter cannot read p/b.py (grimp cannot read it, although Python can); fix that first\n"
    )


def test_a_pyproject_that_is_a_pipe_is_not_waited_for(tmp_path):
    write_files(tmp_path, {"p/__init__.py": "import p.a\n", "p/a.py": "import p\nif x: pass\n"})
    os.mkfifo(tmp_path / "pyproject.toml")
    os.mkfifo(tmp_path / "setup.cfg")

    assert run("scc", "p", folder=tmp_path).returncode == 0


def test_help_can_be_printed_in_any_encoding():
    for command in ("scc", "cuts", "why", "entries", "draw", "contract"):
        assert run(command, "--help", PYTHONIOENCODING="koi8-r").returncode == 0


@pytest.mark.parametrize("value", [None, "", "1", "007", "-1", "²", "x", "all", "ALL", "json", 1, (), [], ["a", "b"]])
def test_values_are_read_as_typer_reads_them_and_refused_with_its_words(value):
    group = typer.main.get_command(app_with())
    context = typer.Context(group)
    for command in group.commands.values():
        for parameter in command.get_params(context):
            if not (value is None and parameter.required):
                as_typer = _read(type(parameter).get_runtime_param(parameter), value, parameter, context)

                assert _read(parameter.get_runtime_param(), value, parameter, context) == as_typer


def _read(reader, value, parameter, context):
    try:
        return reader.coerce(value, param=parameter, ctx=context)
    except typer.BadParameter as error:
        return str(error)


def test_plain_values_are_read_without_pydantic():
    code = (
        "import sys; from cycles.cli import run_command; run_command(sys.argv[1:]); sys.exit('pydantic' in sys.modules)"
    )
    for arguments in (
        ["scc", "shop", "1", "--graph", "all", "--format", "json"],
        ["cuts", "shop", "--keep", "a", "b"],
        ["entries", "shop"],
    ):
        finished = subprocess.run([sys.executable, "-c", code, *arguments], cwd=SHOP, capture_output=True, check=False)

        assert finished.returncode == 0, finished.stderr


@pytest.mark.parametrize("columns", ["80", "50", "30"])
def test_help_shows_what_each_command_does_whole(columns):
    shown = " ".join(run("--help", COLUMNS=columns).stdout.split())

    assert "..." not in shown.partition("Commands:")[2]
    assert "definitions Say which definitions really need each other, and which to move so that no" in shown


def test_help_loads_nothing_of_the_analysis():
    code = (
        "import sys\nfrom cycles.cli import output\nfrom cycles.cli import run_command\nrun_command(['--help'])\n"
        "sys.exit(str(sorted({'cycles.model', 'cycles.api', 'cycles.source.source_file', 'rich'} & set(sys.modules))))"
    )

    finished = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)

    assert finished.stderr == "[]\n"


def test_a_file_that_does_not_exist_is_said_to_be_missing():
    sentence = f'cycles: no file "nosuch.py" under {SHOP}; name a file of a package by its path from here\n'

    assert run("scc", "nosuch.py").stderr == sentence


def test_a_fix_is_said_once_where_its_evidence_is_shown():
    folder = golden.SAMPLES / "shop"
    found = [run(*command, folder=folder).stdout for command in (("cuts", "shop", "--by", "package", "--why"), ("why", "shop", "customers", "orders", "--by", "package"))]  # fmt: skip

    assert [text.count("import spent_by inside tier_of()") for text in found] == [1, 1]


def test_what_follows_cuts_between_groups_repeats_what_was_typed():
    found = run(
        "cuts", "shop", "--by", "package", "--cheapest", "--cut", "shop.customers.loyalty", "shop.orders.history"
    )

    assert found.stdout.splitlines()[-5:] == [
        "next  cycles fix shop 1 --by package --cut shop.customers.loyalty \\",
        "        shop.orders.history --cheapest",
        "      cycles why shop customers orders --by package",
        "      cycles contract shop --by package --cut shop.customers.loyalty \\",
        "        shop.orders.history",
    ]


@dataclass(frozen=True)
class Inner:
    deep: int = 1


@dataclass(frozen=True, kw_only=True)
class Outer:
    first: str = ""
    inner: Inner
    last: bool = False


def test_typer_sees_each_option_of_a_group_where_the_group_stands_and_the_command_gets_it_whole():
    called = []

    def command(package: str = "p", *, before: int = 0, group: Outer, after: int = 2) -> None:
        """Do it."""
        called.append((package, before, group, after))

    spread_out = spread(command)
    spread_out(package="q", before=3, first="a", deep=7, last=True, after=4)

    assert [(found.name, found.annotation, found.default) for found in signature(spread_out).parameters.values()] == [
        ("package", str, "p"),
        ("before", int, 0),
        ("first", str, ""),
        ("deep", int, 1),
        ("last", bool, False),
        ("after", int, 2),
    ]
    assert (spread_out.__name__, spread_out.__doc__) == ("command", "Do it.")
    assert called == [("q", 3, Outer(first="a", inner=Inner(7), last=True), 4)]


def test_options_that_commands_share_stand_in_one_order():
    def options(command) -> list[str]:
        return [name for name in signature(command.callback).parameters if name in shared]

    shared = ["keep", "cut", "allow_reexports", "moves", "prefer", "no_defer", "lazy"]
    shared += ["output_format", "output", "root", "only", "exclude", "source_root", "everything"]
    commands = {command.callback.__name__: command for command in app_with().registered_commands}

    # These two say first where their result goes.
    for name in commands.keys() - {"draw", "contract"}:
        assert options(commands[name]) == sorted(options(commands[name]), key=shared.index)
