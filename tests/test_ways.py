"""The ways in which cuts may be made: preferred, without imports in functions, lazy; real interpreters try the results."""

import json
import os
import re
import subprocess
import sys

import pytest

import cycles
from conftest import program, write_files
from cycles.api import fixes_of, plan_all
from cycles.enums import Feasibility, Way
from cycles.model import CutRequest, Ways

LOOP = {
    "k/__init__.py": "",
    "k/a.py": "from k.b import later\n\n\nclass A:\n    pass\n\n\ndef go():\n    return later()\n",
    "k/b.py": "from __future__ import annotations\n\nfrom k.a import A\n\n\ndef later(a: A = None):\n    return a\n",
}
"""One cut for types, one that can be deferred."""


def run(folder, *options):
    return subprocess.run([program("cycles"), *options], cwd=folder, capture_output=True, text=True, check=False)


def importable(folder, *modules):
    """The modules that a fresh interpreter cannot import first, with the last line of the error."""
    found = {}
    for name in modules:
        command = [sys.executable, "-B", "-W", "error", "-c", f"import {name}"]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
        if done.returncode:
            found[name] = done.stderr.splitlines()[-1]
    return found


@pytest.mark.parametrize(
    ("options", "made"),
    [
        ([], [("k/b.py", "type-only")]),
        (["--prefer", "type"], [("k/b.py", "type-only")]),
        (["--prefer", "defer"], [("k/a.py", "deferrable")]),
        (["--prefer", "defer", "--prefer", "type"], [("k/b.py", "type-only")]),
        (["--no-defer"], [("k/b.py", "type-only")]),
    ],
)
def test_what_is_preferred_is_chosen(tmp_path, options, made):
    write_files(tmp_path, LOOP)

    done = run(tmp_path, "fix", "k", *options, "--format", "json")

    steps = [step for one in json.loads(done.stdout)["components"] for step in one["steps"]]
    assert [(step["path"], step["fix"]["kind"]) for step in steps] == made


def test_definitions_move_where_that_is_preferred_to_imports_in_functions(tmp_path):
    write_files(
        tmp_path,
        {
            "k/__init__.py": "",
            "k/a.py": "from k.b import later\n\n\nclass A(later.__class__):\n    pass\n\n\ndef size():\n    return 1\n",
            "k/b.py": "from k.a import size\n\n\ndef later():\n    return size()\n",
        },
    )

    plain, without, preferred = (
        json.loads(run(tmp_path, "fix", "k", *options, "--format", "json").stdout)
        for options in (["--moves"], ["--moves", "--no-defer"], ["--prefer", "move"])
    )

    assert [(one["definitions"], one["target"]) for one in plain["moves"]] == []
    for document in (without, preferred):
        assert [(one["definitions"], one["target"]) for one in document["moves"]] == [(["size"], "k.b")]
        assert document["components"] == []


def test_a_refused_combination_of_ways_is_told(tmp_path):
    write_files(tmp_path, LOOP)

    done = run(tmp_path, "cuts", "k", "--no-defer", "--prefer", "defer")

    assert (done.returncode, done.stdout, done.stderr) == (
        2,
        "",
        "cycles: --prefer defer and --no-defer exclude each other; leave one of them out\n",
    )


def test_next_commands_keep_the_ways(tmp_path):
    write_files(tmp_path, LOOP)

    text = run(tmp_path, "cuts", "k", "--no-defer", "--prefer", "type", "--keep", "k.a", "k.b").stdout

    assert "cycles fix k 1 --keep k.a k.b --prefer type --no-defer" in text


OFFERING = {
    "k/__init__.py": "",
    "k/app.py": "from k.sub.part import Part\n\n\nclass App(Part):\n    pass\n",
    "k/sub/__init__.py": '"""Offers."""\n\nfrom k.sub.part import Part\nfrom k.sub.whole import Whole\nfrom k.sub.whole import make as build\n\n'
    "\ndef new():\n    return Whole()\n",
    "k/sub/part.py": "class Part:\n    pass\n",
    "k/sub/whole.py": "from k.app import App\n\n\nclass Whole(App):\n    pass\n\n\ndef make():\n    return Whole\n",
}
"""Importing a part runs the package, which imports the whole, which needs an application of the part."""
MODULES = ("k", "k.app", "k.sub", "k.sub.part", "k.sub.whole")
ASK = """
import k.sub, sys
assert "k.sub.whole" not in sys.modules
from k.sub import Whole, build
assert k.sub.Whole is Whole is build() and type(k.sub.new()) is Whole
try:
    k.sub.nothing
except AttributeError as error:
    print(error)
"""


def test_a_package_offers_lazily_what_it_imported(tmp_path):
    write_files(tmp_path, {**OFFERING, "pyproject.toml": ""})
    assert [*importable(tmp_path, *MODULES)] == ["k.app"]

    printed = run(tmp_path, "fix", "k", "--lazy").stdout
    done = run(tmp_path, "fix", "k", "--lazy", "--write", "--run", "--format", "json")

    document = json.loads(done.stdout)
    (step,) = document["components"][0]["steps"]
    assert (step["path"], step["fix"]["kind"], step["made"]) == ("k/sub/__init__.py", "lazy", True)
    assert document["components"][0]["checks"]["untidy"] == []
    assert importable(tmp_path, *MODULES) == {}
    assert (tmp_path / "k/sub/__init__.py").read_text() == (
        '"""Offers."""\n\nfrom typing import TYPE_CHECKING\n\nfrom k.sub.part import Part\n\nif TYPE_CHECKING:\n'
        "    from k.sub.whole import Whole as Whole\n    from k.sub.whole import make as build\n\n\n"
        "def new():\n    from k.sub.whole import Whole\n\n    return Whole()\n\n\n"
        'def __getattr__(name: str) -> object:\n    if name == "Whole":\n        from k.sub.whole import Whole\n\n'
        '        return Whole\n    if name == "build":\n        from k.sub.whole import make as build\n\n'
        '        return build\n    message = f"module {__name__!r} has no attribute {name!r}"\n'
        "    raise AttributeError(message)\n"
    )
    asked = subprocess.run([sys.executable, "-B", "-c", ASK], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert asked.stdout == "module 'k.sub' has no attribute 'nothing'\n"
    assert cycles.analyze("k", folders=[tmp_path]).components == ()
    assert "no import cycles" in run(tmp_path, "fix", "k", "--lazy", "--write").stdout
    git = ["git", "apply", "-R", "-"]
    subprocess.run(git, cwd=tmp_path, input=printed, text=True, check=True)
    assert (tmp_path / "k/sub/__init__.py").read_text() == OFFERING["k/sub/__init__.py"]


def test_with_moves_a_package_imports_lazily_what_neither_edits_nor_moves_can_cut(tmp_path):
    write_files(tmp_path, {**OFFERING, "pyproject.toml": ""})

    done = run(tmp_path, "fix", "k", "--moves", "--write", "--format", "json")

    document = json.loads(done.stdout)
    assert [step["fix"]["kind"] for one in document["components"] for step in one["steps"]] == ["lazy"]
    assert importable(tmp_path, *MODULES) == {}


@pytest.mark.parametrize(("own", "lazily"), [("", True), ("def f(): return Whole\n", False)])
def test_what_a_test_replaces_is_offered_lazily_where_no_function_would_miss_that(tmp_path, own, lazily):
    files = {
        "k/sub/__init__.py": f"from k.sub.whole import Whole\n{own}",
        "test_k.py": "from unittest import mock\n@mock.patch('k.sub.Whole')\ndef test(w): ...\n",
    }
    write_files(tmp_path, {**OFFERING, **files, "pyproject.toml": ""})

    done = run(tmp_path, "fix", "k", "--lazy", "--format", "json")

    steps = [step for one in json.loads(done.stdout)["components"] for step in one["steps"]]
    assert [step["fix"]["kind"] == "lazy" and step["made"] for step in steps] == [lazily]
    assert all(step["warnings"] == [] for step in steps if step["made"])


def test_what_a_comment_keeps_for_others_is_offered_lazily(tmp_path):
    files = {
        "k/sub/__init__.py": "from k.sub.whole import Whole, make  # noqa: F401\n",
        "k/__init__.py": "",
        "k/late.py": "from k.sub import make\n",
    }
    write_files(tmp_path, {**OFFERING, **files, "pyproject.toml": ""})

    done = run(tmp_path, "fix", "k", "--lazy", "--write", "--format", "json")

    assert [step["fix"]["kind"] for one in json.loads(done.stdout)["components"] for step in one["steps"]] == ["lazy"]
    assert importable(tmp_path, "k.late", "k.sub", "k.sub.whole") == {}


def test_a_getattr_that_is_there_is_asked_first_for_the_new_names(tmp_path):
    own = "\n\ndef __getattr__(wanted):\n    '''Old names.'''\n    if wanted == 'Old':\n        return 1\n    raise AttributeError(wanted)\n"
    write_files(tmp_path, {**OFFERING, "k/sub/__init__.py": f"{OFFERING['k/sub/__init__.py']}{own}"})

    done = run(tmp_path, "fix", "k", "--lazy", "--write")

    assert done.returncode == 0, done.stdout
    assert importable(tmp_path, *MODULES) == {}
    ask = "import k.sub; print(k.sub.Old, k.sub.Whole.__name__, k.sub.build().__name__)"
    asked = subprocess.run([sys.executable, "-B", "-c", ask], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert asked.stdout == "1 Whole Whole\n"
    assert (tmp_path / "k/sub/__init__.py").read_text().count("def __getattr__") == 1


@pytest.mark.parametrize(
    "files",
    [
        {"k/sub/__init__.py": "from k.sub.part import Part\nfrom k.sub.whole import Whole\nX = Whole\n"},
        {"k/sub/__init__.py": "from k.sub.whole import Whole\ndef f(): return Whole\nf()\n"},
        {"k/sub/__init__.py": "from k.sub.whole import make as part\n"},
        {"k/sub/__init__.py": "from k.sub.whole import Whole\n__getattr__ = {}.__getitem__\n"},
        {"k/sub/__init__.py": "from k.sub.whole import Whole\ndef f(x: Whole): pass\n"},
        {"k/sub/whole.py": "from k.app import App\n\n\nclass Whole(App):\n    pass\n\n\nprint(Whole)\n"},
        {"k/sub/part.py": "class Part:\n    def __init_subclass__(cls): print(cls)\n"},
        {"k/sub/__init__.py": "from k.sub.whole import Whole\ndef whole(): pass\n"},
        {"k/other.py": "from k.sub import *\n"},
        {"k/other.py": "import k.sub\nX = k.sub.whole\n"},
        {"k/app.py": "from k.sub import Whole\nfrom k.sub.part import Part\n\n\nclass App(Part):\n    pass\n"},
        {"k/app.py": "import k.sub\nfrom k.sub.part import Part\n\n\nclass App(Part):\n    x = k.sub.Whole\n"},
    ],
)
def test_what_somebody_may_miss_is_not_offered_lazily(tmp_path, files):
    write_files(tmp_path, {**OFFERING, **files})
    (component,) = cycles.analyze("k", folders=[tmp_path]).components

    fixes = fixes_of([component], ways=Ways(lazy=True))

    assert Feasibility.LAZY not in {fix.feasibility for fix in fixes.values()}


def test_nothing_is_lazy_unless_asked_for_nor_where_a_graph_counts_it(tmp_path):
    write_files(tmp_path, OFFERING)
    found = [
        {
            fix.feasibility
            for fix in fixes_of(cycles.analyze("k", folders=[tmp_path], graph=graph).components, ways=ways).values()
        }
        for graph, ways in (("import-time", Ways()), ("runtime", Ways(lazy=True)), ("import-time", Ways(lazy=True)))
    ]

    assert [Feasibility.LAZY in one for one in found] == [False, False, True]


def test_lazy_imports_where_every_supported_python_knows_them(tmp_path):
    files = {
        **LOOP,
        "k/b.py": "from k.a import A\nimport os\n\n\nclass B(A):\n    pass\n\n\ndef later():\n    return B\n",
        "k/c.py": "from k.d import (\n    one,\n    two,\n)\nX = one\n",
        "k/d.py": "import k.c\none = two = 1\ndef f(): return k.c\n",
        "pyproject.toml": "[project]\nrequires-python = '>=3.15'\n",
    }
    write_files(tmp_path, files)

    done = run(tmp_path, "fix", "k", "--prefer", "lazy", "--write", "--format", "json")

    document = json.loads(done.stdout)
    steps = [step for one in document["components"] for step in one["steps"]]
    assert [(step["path"], step["fix"]["kind"]) for step in steps] == [("k/a.py", "lazy"), ("k/d.py", "lazy")]
    texts = {name: (tmp_path / name).read_text() for name in files}
    changed = {name: re.findall("^lazy .*", text, re.MULTILINE) for name, text in texts.items() if text != files[name]}
    assert changed == {"k/a.py": ["lazy from k.b import later"], "k/d.py": ["lazy import k.c"]}
    assert cycles.analyze("k", folders=[tmp_path]).components == ()


def test_preferred_ways_cost_least(tmp_path):
    write_files(tmp_path, LOOP)
    components = cycles.analyze("k", folders=[tmp_path]).components

    costs = {
        ways: [plan.cut_set.cost for plan in plan_all(components, CutRequest(ways=ways))]
        for ways in (Ways(), Ways((Way.TYPE,)), Ways((Way.DEFER,)), Ways((Way.REWIRE,)), Ways(defer=False))
    }

    assert list(costs.values()) == [[2], [2], [3], [22], [2]]


def test_many_edits_of_imports_are_better_than_a_change_of_code_that_nobody_makes(tmp_path):
    leaves = [f"c{number}" for number in range(8)]
    files = {
        "k/__init__.py": "",
        "k/a.py": "from k.b import B\nA = B\n",
        "k/b.py": "".join(f"from k.{leaf} import C as {leaf}\n" for leaf in leaves) + f"B = [{', '.join(leaves)}]\n",
        **{f"k/{leaf}.py": "from k.a import A\ndef f():\n    return A\nC = 1\n" for leaf in leaves},
    }
    write_files(tmp_path, files)
    components = cycles.analyze("k", folders=[tmp_path]).components

    made = {
        avoid: sorted((cut.importer, cut.imported) for plan in plans for cut in plan.cuts)
        for avoid in (False, True)
        for plans in [list(plan_all(components, CutRequest(cheapest=True, ways=Ways(avoid_code=avoid))))]
    }

    assert made == {False: [("k.a", "k.b")], True: [(f"k.{leaf}", "k.a") for leaf in leaves]}


def test_the_environment_is_left_alone(tmp_path):
    write_files(tmp_path, OFFERING)

    run(tmp_path, "fix", "k", "--lazy", "--run")

    assert sorted(os.listdir(tmp_path)) == ["k"]


def test_what_no_defer_rules_out_is_a_step_by_hand_in_cuts_and_in_fix_in_the_same_words(tmp_path):
    write_files(
        tmp_path,
        {
            "k/__init__.py": "",
            "k/a.py": "from k.b import B\n\n\nclass A:\n    pass\n\n\ndef make():\n    return B()\n",
            "k/b.py": "from k.a import A\n\n\nclass B(A):\n    pass\n",
        },
    )

    cuts = run(tmp_path, "cuts", "k", "--no-defer").stdout
    fixed = run(tmp_path, "fix", "k", "--no-defer")

    sentence = "     it would import inside functions (--no-defer): import B inside make()\n"
    assert sentence in cuts
    assert "as 1 step\n  must be made by hand" in cuts
    assert sentence in fixed.stderr
    assert (fixed.returncode, fixed.stdout) == (1, "")
