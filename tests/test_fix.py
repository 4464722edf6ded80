"""`cycles fix`: patches that git applies, in real repositories, and modules that real interpreters import."""

import json
import os
import random
import shutil
import subprocess
import sys

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import fixable
from conftest import write_files
from cycles.api import analyze, plan_all, replay_plan
from cycles.enums import Rule, Verdict
from cycles.model import CutRequest, FirstImport, Ways
from cycles.patching.diff import unified
from cycles.patching.fix_result import Checks, MovedFirst, Place, Warned
from cycles.patching.make_fix import fix
from cycles.patching.steps import Wishes
from cycles.report.fix import first_imports_words, fix_as_text, patches
from cycles.report.terminal import TextStyle
from forked import Job, outcomes
from golden import SAMPLES, SCHEMAS

GIT = ["git", "-c", "user.name=a", "-c", "user.email=a@b", "-c", "core.autocrlf=false"]
CYCLES = os.path.join(os.path.dirname(sys.executable), "cycles")
pieces = st.sampled_from(
    [
        b"a\n",
        b"b\n",
        b"a\r\n",
        b"\r",
        b"\xe9\n",
        b"\t\n",
        b"\n",
        b"-- x\n",
        b"++\n",
        b"\\ No newline at end of file\n",
        b"x",
    ]
)
contents = st.lists(pieces, max_size=14).map(b"".join)


def git(folder, *arguments, data=None):
    return subprocess.run([*GIT, *arguments], cwd=folder, input=data, check=True, capture_output=True).stdout


def repository(folder):
    git(folder, "init", "-q")
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "one")
    return folder


def fixed(folder, package, cut=(), **given):
    ways = Ways(**given)
    analysis = analyze(package, folders=[folder])
    plans = [replay_plan(analysis, plan) for plan in plan_all(analysis.components, CutRequest(cut=cut, ways=ways))]
    return [fix(analysis, plan, Wishes(ways=ways), environment=dict(os.environ)) for plan in plans]


def cycles(folder, *arguments, **more):
    return subprocess.run([CYCLES, *arguments], check=False, cwd=folder, capture_output=True, **{"text": True, **more})


@settings(max_examples=60)
@given(contents, contents)
def test_git_applies_a_patch_and_takes_it_back(tmp_path_factory, before, after):
    folder = tmp_path_factory.mktemp("patch")
    name = "a b\té.py"
    (folder / name).write_bytes(before)
    patch = unified(name, before, after)
    if before == after:
        assert patch == b""
        return

    git(folder, "apply", "-", data=patch)
    assert (folder / name).read_bytes() == after
    git(folder, "apply", "-R", "-", data=patch)
    assert (folder / name).read_bytes() == before


def test_every_prefix_of_the_patches_is_a_working_state(tmp_path):
    files, top = {"many/__init__.py": b""}, "many"
    choose = random.Random(5)
    for number in range(25):
        files |= fixable.package(choose, f"{top}.g{number}")
    write_files(tmp_path, files)
    repository(tmp_path)
    found = fixed(tmp_path, top)
    steps = [step for one in found for step in one.made]
    broken = {}

    assert len(steps) > 8
    jobs, told = [], []
    for step in steps:
        module = step.cut.importer
        path = str(tmp_path / step.path)
        for data in (step.before, step.after):
            jobs += [Job([tmp_path], [name], {path: data}) for name in (module, step.cut.imported)]
        told += [step, step]
        git(tmp_path, "apply", "-", data=unified(step.path, step.before, step.after))
        assert (tmp_path / step.path).read_bytes() == step.after
    said = [error for error, _ in outcomes(jobs)]
    for place, step in enumerate(told[::2]):
        was, now = said[4 * place : 4 * place + 2], said[4 * place + 2 : 4 * place + 4]
        if any(before is None and after is not None for before, after in zip(was, now, strict=True)):
            broken[step.path] = (was, now)
    assert not broken
    git(tmp_path, "checkout", "-q", ".")
    git(tmp_path, "apply", "-", data=patches(MovedFirst(), found))
    for one in found:
        for path, (_, after) in one.files.items():
            assert (tmp_path / path).read_bytes() == after
    git(tmp_path, "apply", "-R", "-", data=patches(MovedFirst(), found))
    assert git(tmp_path, "status", "--porcelain") == b""


def test_what_is_left_is_what_an_analysis_of_the_written_files_finds(tmp_path):
    shutil.copytree(SAMPLES / "agent_core", tmp_path / "core")
    folder = tmp_path / "core"

    done = cycles(folder, "fix", "ee.hogai", "--write", "--format", "json")

    document = json.loads(done.stdout)
    jsonschema.validate(document, json.loads((SCHEMAS / "fix.json").read_text()))
    assert done.returncode == 0
    assert [step["made"] for step in document["components"][0]["steps"]] == [True] * 5
    assert document["components"][0]["checks"]["modules"] == 0
    assert analyze("ee.hogai", folders=[folder]).components == ()
    again = cycles(folder, "fix", "ee.hogai", "--write")
    assert (again.returncode, "no import cycles" in again.stdout) == (0, True)


def test_the_patch_goes_to_stdout_and_the_rest_to_stderr(tmp_path):
    shutil.copytree(SAMPLES / "shop" / "shop", tmp_path / "src" / "shop")
    repository(tmp_path)

    done = cycles(tmp_path / "src", "fix", "shop")

    assert done.returncode == 0
    assert done.stdout.startswith(
        "Subject: [1/1] Break an import cycle: customers.loyalty no longer imports orders.history\n"
    )
    assert "1 of 1 cut made: no cycle is left" in done.stderr
    git(tmp_path, "apply", "-", data=done.stdout.encode())
    assert (
        "from shop.orders.history import spent_by\n\n    spent"
        in (tmp_path / "src/shop/customers/loyalty.py").read_text()
    )


KNOT = {
    "p/__init__.py": "",
    "p/a.py": "import os\n\nfrom p.b import g\n\n\ndef f():\n    return os, g()\n",
    "p/b.py": "from p import a\n\n\ndef g():\n    return 1\n\n\nclass C(a.f.__class__):\n    pass\n",
}


CRASHES = (FirstImport("p", Verdict.CRASH),)
OTHER = (FirstImport("p", Verdict.OTHER),)
UNKNOWN = (FirstImport("p", Verdict.UNKNOWN, reason="it may raise Exception at p/e.py:8"),)
DOUBTED = (FirstImport("p", Verdict.UNKNOWN, reason="it is compiled, and cannot be read"),)


NEW = "import {}, sys\ndef test():\n    was = set(sys.modules)\n    for name in [*sys.modules]:\n        if name not in was: del sys.modules[name]\n"
"""A test that takes away what was loaded while it ran."""


PUT = (
    "import sys\nput = set()\ndef register(name, module):\n    sys.modules[name] = module\n    put.add(name)\n"
    "for name in put:\n    sys.modules.pop(name, None)\n"
)
"""A test that takes away what it has put there."""


def test_what_a_package_loads_itself_is_not_taken_away_by_tests_that_take_what_they_loaded(tmp_path):
    files = {"p/__init__.py": "from p.b import C\nfrom p.d import f\n", "p/d.py": "from p import a\nf = a.f\n"}
    write_files(tmp_path, {**KNOT, **files, "test_p.py": NEW.format("p"), "pyproject.toml": ""})

    (found,) = fixed(tmp_path, "p", [("p.a", "p.b")])

    assert [step.warnings for step in found.made] == [()]


@pytest.mark.parametrize(
    ("test", "rule", "line"),
    [
        ("from unittest import mock\n@mock.patch('p.a.g')\ndef test(g): ...\n", Rule.PATCHED, 2),
        ("from unittest.mock import patch\nimport p.a\ndef test():\n    patch.object(p.a, 'g')\n", Rule.PATCHED, 4),
        (
            "from p import a as it\ndef test(monkeypatch):\n    monkeypatch.setattr(\n        it, 'g', 1)\n",
            Rule.PATCHED,
            3,
        ),
        ("def test(monkeypatch):\n    monkeypatch.setattr('p.a.g', 1)\n", Rule.PATCHED, 2),
        ("import sys\nsys.modules.pop('p.b')\nimport p\n", Rule.RELOADED, 2),
        ("import p, sys\ndef test(monkeypatch):\n    monkeypatch.delitem(sys.modules, 'p.b')\n", Rule.RELOADED, 3),
        ("import p.b\nfrom importlib import reload\n\nreload(p.b)\n", Rule.RELOADED, 4),
        ("import sys\nfor name in list(sys.modules):\n    del sys.modules[name]\n", Rule.RELOADED, 3),
        ("import sys\nsys.modules.clear()\n", Rule.RELOADED, 2),
        ("import sys\nname = 'p.b'\nsys.modules.pop(name)\n", Rule.RELOADED, 3),
        ("import sys\nname = 'q'\ndef test(name): sys.modules.pop(name)\n", Rule.RELOADED, 3),
        (
            "import sys\nfor name in [*sys.modules]:\n    if name.startswith('p.'): del sys.modules[name]\n",
            Rule.RELOADED,
            3,
        ),
        ("import importlib\nfrom p import b as it\nimportlib.reload(it)\n", Rule.RELOADED, 3),
        ("import importlib\nimport p.b\nimportlib.reload(p.b)\n", Rule.RELOADED, 3),
        ("import importlib\nfrom . import b\nimportlib.reload(b)\n", Rule.RELOADED, 3),
        ("from unittest import mock\nmock.patch.dict('sys.modules', clear=True)\n", Rule.RELOADED, 2),
        ("import importlib\ndef test(m):\n    importlib.reload(m)\n", Rule.RELOADED, 3),
        (NEW.format("p.a, p.b"), Rule.RELOADED, 5),
        (f"{PUT}def test(): register('p.b', 1)\n", Rule.RELOADED, 7),
        (PUT.replace("set()", "set(sys.modules)"), Rule.RELOADED, 7),
    ],
)
@pytest.mark.parametrize("path", ["tests/test_p.py", "test_p.py", "p/tests/test_p.py"])
def test_a_step_that_a_test_may_notice_is_made_only_where_that_is_accepted(tmp_path, test, rule, line, path):
    write_files(tmp_path, {**KNOT, path: test, "pyproject.toml": ""})

    (refused,) = fixed(tmp_path, "p", [("p.a", "p.b")])
    (accepted,) = fixed(tmp_path, "p", [("p.a", "p.b")], accept_patched=True)

    (step,) = refused.steps
    assert (step.rule, step.place) == (rule, Place(path, line))
    (step,) = accepted.steps
    assert step.is_made
    assert step.warnings == (Warned(rule, Place(path, line)),)


def test_a_reason_that_several_steps_share_is_said_once(tmp_path):
    again = KNOT["p/a.py"]
    files = {f"p/{name}.py": again for name in "acd"}
    write_files(
        tmp_path,
        {
            **files,
            "p/__init__.py": "",
            "p/b.py": "from p import a, c, d\n\n\ndef g():\n    return a.f, c.f, d.f\nX = a.f, c.f, d.f\n",
            "test_p.py": "import sys\nsys.modules.clear()\n",
            "pyproject.toml": "",
        },
    )
    found = fixed(tmp_path, "p", [(f"p.{name}", "p.b") for name in "acd"])

    shown = fix_as_text(analyze("p", folders=[tmp_path]), MovedFirst(), found, TextStyle(80), written=False)

    _, _, left = shown.partition("left to you\n")
    assert left.splitlines()[:4] == [
        "  a test loads modules anew, and would get another copy (--accept-patched makes",
        "  it anyway) (test_p.py:2): steps 1–3",
        "  1  p/d.py:3",
        "     by hand: import g inside f()",
    ]
    assert left.count("by hand: ") == 3


@pytest.mark.parametrize(
    ("checks", "sentence"),
    [
        (Checks(0, 0, 22), "none of 22 modules crashed when imported first, and none does now"),
        (Checks(0, 0, 22, before=CRASHES * 3), "3 of 22 modules crashed when imported first; now none does"),
        (
            Checks(0, 0, 22, before=CRASHES * 3, after=CRASHES),
            "3 of 22 modules crashed when imported first; now 1 does",
        ),
        (
            Checks(0, 0, 22, before=CRASHES * 2, after=CRASHES * 2),
            "2 of 22 modules crashed when imported first, and 2 do now",
        ),
    ],
)
def test_first_imports_before_and_after_are_said_in_numbers_that_match(checks, sentence):
    assert list(first_imports_words(checks)) == [sentence]


def test_first_imports_of_which_nothing_is_known_are_not_told_as_fine():
    unknown = Checks(0, 0, 4, before=(*UNKNOWN, *UNKNOWN, *DOUBTED), after=UNKNOWN)
    same = Checks(0, 0, 4, new=1, before=OTHER, after=OTHER)

    assert list(first_imports_words(unknown)) == [
        (
            "predicted before: 1 of 4 modules can be imported first; for 3 that is not known (it may raise Exception at "
            "p/e.py:8; 1 other reason); none is known to crash"
        ),
        (
            "predicted now: 3 of 4 modules can be imported first; for 1 that is not known (it may raise Exception at "
            "p/e.py:8); none is known to crash"
        ),
    ]
    assert list(first_imports_words(same)) == [
        "predicted before: 2 of 3 modules can be imported first; 1 fails for another reason than a cycle",
        "predicted now: 3 of 4 modules can be imported first; 1 fails for another reason than a cycle",
    ]


def test_what_may_crash_before_the_fix_is_said_in_its_summary(tmp_path):
    maybe = "if os.environ.get('X'):\n    print(a.f)\n"
    write_files(tmp_path, {**KNOT, "p/b.py": f"import os\nfrom p import a\n\n\ndef g():\n    return 1\n\n\n{maybe}"})

    said = " ".join(cycles(tmp_path, "fix", "p").stderr.split())

    assert "predicted before: 0 of 2 modules can be imported first; 1 crashes; for 1 that is not known (it may " in said
    assert "predicted now: both modules can be imported first" in said


@pytest.mark.parametrize(
    "test",
    [
        "import sys\ndel sys.modules['json']\nsys.modules.pop('os.path', None)\n",
        "import logging\nfrom importlib import reload\nreload(logging)\n",
        "import p\nfrom importlib import reload\nreload(p)\n",
        "def test(server):\n    server.reload(1)\ndef reload(x): ...\n",
        "from unittest import mock\nimport sys\nmock.patch.dict(sys.modules, {'q': 1})\nmock.patch.dict({}, {'p': 1})\n",
        "import sys\nprint('sys.modules.clear()', sys.modules.get('p'))\n",
        "sys.modules.clear(\n",
        "import sys\nsys.modules.pop('p.c')\nsys.modules.pop('p_b')\n",
        "import sys\nfor name in [*sys.modules]:\n    if name.startswith('q.') and name:\n        del sys.modules[name]\n",
        "import importlib\nimport p.c as it\nimportlib.reload(it)\n",
        PUT,
        "import sys\nfake = 'fake_package'\nsys.modules[fake] = sys\ndel sys.modules[fake]\n",
    ],
)
def test_tests_that_load_other_modules_anew_are_no_matter(tmp_path, test):
    write_files(tmp_path, {**KNOT, "tests/test_p.py": test, "pyproject.toml": ""})

    (found,) = fixed(tmp_path, "p")

    assert [step.warnings for step in found.made] == [()]


@pytest.mark.parametrize(
    "test",
    [
        "from p.a import g\n",
        "import p.a\np.a.g()\n",
        "import p.a\ngetattr(p.a, 'g')\n",
        "from unittest import mock\nimport p.a as it\nmock.patch('p.a.g', it.g)\n",
    ],
)
def test_a_name_that_a_test_takes_is_never_accepted(tmp_path, test):
    write_files(tmp_path, {**KNOT, "tests/test_p.py": test, "pyproject.toml": ""})

    (found,) = fixed(tmp_path, "p", [("p.a", "p.b")], accept_patched=True)

    assert [step.rule for step in found.steps] == [Rule.CODE]


def test_nothing_is_deferred_where_that_is_not_wanted(tmp_path):
    write_files(tmp_path, KNOT)

    (found,) = fixed(tmp_path, "p", defer=False)

    assert [step.rule for step in found.steps] == [Rule.NO_DEFER]


def test_edited_files_are_as_tidy_as_they_were(tmp_path):
    leaf = "from p.a import f\n\n\nclass Zebra:\n    pass\n\n\nclass Ape:\n    made = f\n"
    write_files(
        tmp_path,
        {
            "pyproject.toml": "[tool.ruff.lint]\nselect = ['ALL']\nignore = ['D', 'ANN', 'CPY']\n[tool.ruff.lint.isort]\nforce-single-line = true\n",
            "p/__init__.py": "",
            "p/a.py": "from __future__ import annotations\n\nimport sys\nfrom typing import TYPE_CHECKING\n\n"
            "from p.b import Ape\nfrom p.b import Zebra\n\nif TYPE_CHECKING:\n    from q import a\n    from q import z\n\n\n"
            "def f(x: Zebra, y: a, w: z) -> tuple:\n    return sys, x, y, w, Ape()\n",
            "p/b.py": leaf,
            "q.py": "a = z = 1\n",
        },
    )
    ruff = [os.path.join(os.path.dirname(sys.executable), "ruff")]

    def said():
        check = subprocess.run(
            [*ruff, "check", "--no-cache", "-q", "--output-format", "concise", "p/a.py"],
            check=False,
            cwd=tmp_path,
            capture_output=True,
            text=True,
        )
        return check.stdout, subprocess.run(
            [*ruff, "format", "--no-cache", "--check", "p/a.py"], check=False, cwd=tmp_path, capture_output=True
        ).returncode

    before = said()
    done = cycles(tmp_path, "fix", "p", "--write")
    after = said()

    assert done.returncode == 0
    assert before == after == ("", 0)
    assert (tmp_path / "p/a.py").read_text() == (
        "from __future__ import annotations\n\nimport sys\nfrom typing import TYPE_CHECKING\n\nif TYPE_CHECKING:\n"
        "    from p.b import Zebra\n    from q import a\n    from q import z\n\n\n"
        "def f(x: Zebra, y: a, w: z) -> tuple:\n    from p.b import Ape  # noqa: PLC0415\n\n    return sys, x, y, w, Ape()\n"
    )


def test_a_step_that_breaks_a_test_is_dropped(tmp_path):
    write_files(
        tmp_path,
        {
            **KNOT,
            "pyproject.toml": "",
            "p/c.py": "from p import d\n\n\ndef h():\n    return d\n",
            "p/d.py": "from p import c\n\nx = [c]\n",
            "tests/test_p.py": "import p.a\n\n\ndef test_name():\n    assert 'g' in vars(p.a)\n\n\ndef test_wrong():\n    assert 0\n",
        },
    )
    before = (tmp_path / "p/a.py").read_bytes()

    done = cycles(
        tmp_path,
        "fix",
        "p",
        "--write",
        "--format",
        "json",
        "--test",
        f"{sys.executable} -m pytest -q -p no:cacheprovider",
    )

    assert done.returncode == 1
    steps = {step["path"]: step for one in json.loads(done.stdout)["components"] for step in one["steps"]}
    assert (steps["p/a.py"]["made"], steps["p/a.py"]["rule"]) == (False, "tests")
    assert steps["p/c.py"]["made"]
    assert (tmp_path / "p/a.py").read_bytes() == before


def test_modules_are_really_imported_in_a_copy(tmp_path):
    write_files(tmp_path, {**KNOT, "pyproject.toml": ""})

    done = cycles(tmp_path, "fix", "p", "--write", "--run", "--format", "json")

    assert done.returncode == 0
    assert json.loads(done.stdout)["components"][0]["checks"]["imported"] == 2
    assert not list(tmp_path.rglob("__pycache__"))


@pytest.mark.parametrize(
    ("root", "next_step"),
    [
        (
            "import not_here\n",
            "No module named 'not_here'); name an interpreter that has what they import with --python",
        ),
        ("raise OSError('no')\n", "OSError: no); name another interpreter with --python"),
    ],
)
def test_imports_that_all_fail_before_and_after_are_not_told_as_checked(tmp_path, root, next_step):
    write_files(tmp_path, {**KNOT, "p/__init__.py": root, "pyproject.toml": ""})

    done = cycles(tmp_path, "fix", "p", "--run")

    _, checked, said = " ".join(done.stderr.split()).partition(" checked ")
    assert checked
    assert "really imported first" not in said
    assert "--run tells nothing: 0 of 2 modules can really be imported, before or after (" in said
    assert next_step in said


def test_imports_of_which_some_fail_before_and_after_are_counted(tmp_path):
    chain = {"p/a.py": "from p import b\n\n\ndef f():\n    return b\n", "p/b.py": "from p import a, c\n\nx = a, c\n"}
    lonely = {"p/c.py": "import p.a as a\nimport not_here\n\nx = a\n", "pyproject.toml": ""}
    write_files(tmp_path, {"p/__init__.py": "", **chain, **lonely})

    done = cycles(tmp_path, "fix", "p", "--run")

    assert "3 modules really imported first, 1 can be, none newly fails" in " ".join(done.stderr.split())


def test_nothing_is_written_where_one_file_cannot_be(tmp_path):
    write_files(
        tmp_path,
        {**KNOT, "p/c.py": "from p import d\n\n\ndef h():\n    return d\n", "p/d.py": "from p import c\n\nx = [c]\n"},
    )
    os.chmod(tmp_path / "p/c.py", 0o444)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*.py")}

    done = cycles(tmp_path, "fix", "p", "--write")

    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "read-only" in done.stderr
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


def test_one_step_alone(tmp_path):
    shutil.copytree(SAMPLES / "agent_core", tmp_path / "core")

    done = cycles(tmp_path / "core", "fix", "ee.hogai", "--step", "2", "--format", "json")
    wrong = cycles(tmp_path / "core", "fix", "ee.hogai", "--step", "9")

    steps = json.loads(done.stdout)["components"][0]["steps"]
    assert [step["number"] for step in steps if step["made"]] == [2]
    assert (wrong.returncode, wrong.stderr) == (
        2,
        "cycles: the plan has 5 steps, and no step 9; `cycles cuts` shows them\n",
    )


def imports(folder, *modules):
    """Which modules can be imported first."""
    return {
        name: subprocess.run(
            [sys.executable, "-B", "-c", f"import {name}"], cwd=folder, check=False, capture_output=True
        ).returncode
        for name in modules
    }


def test_definitions_are_moved_first_where_that_is_asked_for(tmp_path):
    write_files(
        tmp_path,
        {
            "pyproject.toml": "",
            "courier/__init__.py": "import sys\r\n\r\n__version__ = f'3.1-{sys.byteorder}'  # keep\r\n\r\nfrom courier.client import Client\r\n",
            "courier/headers.py": "from courier import __version__\n\nAGENT = f'courier/{__version__}'\n",
            "courier/client.py": "from courier.headers import AGENT\n\n\nclass Client:\n    agent = AGENT\n",
            "tests/test_courier.py": "from unittest import mock\n\nwith mock.patch('courier.__version__', '4'):\n    pass\n",
        },
    )
    repository(tmp_path)
    names = ("courier", "courier.headers", "courier.client")
    before = imports(tmp_path, *names)

    # Bytes: a text would lose the ends of lines.
    printed = cycles(tmp_path, "fix", "courier", "--moves", text=False)
    written = cycles(
        tmp_path,
        "fix",
        "courier",
        "--moves",
        "--write",
        "--run",
        "--test",
        f"{sys.executable} tests/test_courier.py",
        "--format",
        "json",
    )

    document = json.loads(written.stdout)
    (move,) = document["moves"]
    assert (printed.returncode, written.returncode) == (0, 0)
    assert (move["definitions"], [place["place"]["line_number"] for place in move["warnings"]]) == (
        ["__version__"],
        [3],
    )
    assert imports(tmp_path, *names) == before == dict.fromkeys(names, 0)
    assert analyze("courier", folders=[tmp_path]).components == ()
    assert (tmp_path / "courier/__init__.py").read_bytes().count(b"\r\n") == (
        tmp_path / "courier/__init__.py"
    ).read_bytes().count(b"\n")
    now = {path: path.read_bytes() for path in (tmp_path / "courier").glob("*.py")}
    assert b"import sys" not in now[tmp_path / "courier/__init__.py"]
    assert b"import sys" in now[tmp_path / "courier/_version.py"]
    git(tmp_path, "checkout", "-q", ".")
    git(tmp_path, "clean", "-qfd")
    git(tmp_path, "apply", "-", data=printed.stdout)
    assert {path: path.read_bytes() for path in (tmp_path / "courier").glob("*.py")} == now
    git(tmp_path, "apply", "-R", "-", data=printed.stdout)
    assert git(tmp_path, "status", "--porcelain") == b""


def test_only_what_is_put_in_is_sorted_where_imports_were_in_no_order(tmp_path):
    many = ", ".join(f"a_rather_long_name_{number}" for number in range(4))
    inner, deeper = (many.replace(" ", f"\n{' ' * by}") for by in (4, 8))
    top = "import sys\nimport os\n\n"
    write_files(
        tmp_path,
        {
            "pyproject.toml": "[tool.ruff.lint]\nselect = ['E', 'F', 'I', 'PLC0415']\n",
            "p/__init__.py": "",
            "p/a.py": f"{top}from p.zebra import z\nfrom p.ape import (\n    {inner},\n)\n\n\n"
            f"def f():\n    return sys, os, z, {many}\n",
            "p/zebra.py": "from p.a import f\n\n\nclass z(f.__class__):\n    pass\n",
            "p/ape.py": f"from p.a import f\n\n\nclass A(f.__class__):\n    pass\n\n\n{many} = range(4)\n",
        },
    )

    done = cycles(tmp_path, "fix", "p", "--write", "--format", "json")

    document = json.loads(done.stdout)
    assert [step["path"] for one in document["components"] for step in one["steps"]] == ["p/a.py", "p/a.py"]
    assert [found["code"] for one in document["components"] for found in one["checks"]["untidy"]] == []
    assert (tmp_path / "p/a.py").read_text() == (
        f"{top}\ndef f():\n    from p.ape import (  # noqa: PLC0415\n        {deeper},\n    )\n"
        f"    from p.zebra import z  # noqa: PLC0415\n\n    return sys, os, z, {many}\n"
    )


def test_no_definition_moves_where_the_cuts_that_should_follow_are_refused(tmp_path):
    write_files(
        tmp_path,
        {
            "pyproject.toml": "",
            "p/__init__.py": "",
            "p/a.py": "from p.b import later\n\n\nclass A:\n    pass\n\n\ndef go():\n    return later()\n",
            "p/b.py": "from p.a import A\n\n\nclass B(A):\n    pass\n\n\nfrom p.c import C\n\n\ndef later():\n    return C\n",
            "p/c.py": "from p.b import B\n\n\nclass C(B):\n    pass\n",
            "test_p.py": "import sys\nsys.modules.clear()\n",
        },
    )

    done, accepted = (
        json.loads(cycles(tmp_path, "fix", "p", "--moves", "--format", "json", *more).stdout)
        for more in ([], ["--accept-patched"])
    )

    assert done["moves"] == []
    assert {step["rule"] for one in done["components"] for step in one["steps"]} == {"reloaded"}
    assert [one["checks"]["modules"] for one in accepted["components"]] == [0]


@pytest.mark.parametrize("command", ["false", f"{sys.executable} -c 'import sys; sys.exit(3)'"])
def test_a_test_command_that_fails_before_anything_is_edited_tells_nothing(tmp_path, command):
    write_files(tmp_path, {**KNOT, "pyproject.toml": ""})
    before = (tmp_path / "p/a.py").read_bytes()

    done = cycles(tmp_path, "fix", "p", "--write", "--test", command)

    assert done.returncode == 2
    assert "fails without the edits already" in done.stderr
    assert (tmp_path / "p/a.py").read_bytes() == before


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (["--write", "-o", "no/x"], "cannot write no/x (No such file or directory)"),
        (["--write", "--lock"], "name the file to write, such as --config pyproject.toml"),
        (["--config", "setup.cfg"], "--config says where the contract of --lock goes; add --lock"),
        (["--step", "0"], "the plan has 1 step, and no step 0; `cycles cuts` shows them"),
    ],
)
def test_nothing_is_written_where_the_result_has_no_place(tmp_path, arguments, error):
    write_files(tmp_path, KNOT)
    before = (tmp_path / "p/a.py").read_bytes()

    done = cycles(tmp_path, "fix", "p", *arguments)

    assert (done.returncode, done.stdout) == (2, "")
    assert error in done.stderr
    assert (tmp_path / "p/a.py").read_bytes() == before


def test_the_contract_goes_where_it_is_said(tmp_path):
    write_files(tmp_path, KNOT)

    done = cycles(tmp_path, "fix", "p", "--write", "--lock", "--config", "setup.cfg", "--exclude", "p.nowhere")

    assert done.returncode == 0, done.stderr
    assert "the contract covers the excluded modules too" in done.stderr
    assert "[importlinter:contract:cycles-p-import-time]" in (tmp_path / "setup.cfg").read_text()
    again = cycles(tmp_path, "fix", "p", "1")
    assert (again.returncode, "no import cycles" in again.stderr) == (0, True)
