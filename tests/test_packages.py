"""Which packages are in the graph: those asked for, and the first-party ones next to them that they reach."""

import json
import os
import re
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import golden
from conftest import program, write_files
from cycles.api import analyze
from cycles.errors import CyclesError
from cycles.source.find_packages import Location, locate, search_folders
from cycles.source.first_party import reached
from cycles.source.module_files import Listing
from cycles.source.read_sources import read
from cycles.source.source_file import SourceCache
from first_party import reached as reached_by_path_finder

RING = {"p/__init__.py": "", "p/a.py": "import q.b\n", "q/__init__.py": "", "q/b.py": "import p.a\n"}
APPS = {
    "manage.py": "import orders\n",
    "orders/__init__.py": "",
    "orders/models.py": "from users.models import User\n",
    "users/__init__.py": "",
    "users/models.py": "from orders.models import Order\n",
    "billing/__init__.py": "",
    "billing/models.py": "",
}
SRC = {"src/acme/__init__.py": "", "src/acme/a.py": "from acme import b\n", "src/acme/b.py": "from acme import a\n"}
FLAT = {"a.py": "import b\n", "b.py": "import a\n", "c.py": ""}


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {key: value for key, value in os.environ.items() if key != "VIRTUAL_ENV"}
    return subprocess.run(
        [program("cycles"), *arguments], cwd=folder, capture_output=True, text=True, check=False, env=environment
    )


def document(folder: Path, *arguments: str) -> dict:
    finished = run(folder, "scc", *arguments, "--format", "json")
    assert finished.returncode == 0, finished.stderr
    return json.loads(finished.stdout)


def components(found: dict) -> list[list[str]]:
    return [component["modules"] for component in found["components"]]


# Of each: the files, where somebody stands, what is asked for, the packages in the graph, the components.
LAYOUTS = {
    "apps side by side": (APPS, "", ["orders"], ["orders", "users"], [["orders.models", "users.models"]]),
    "all apps by a dot": (APPS, "", ["."], ["billing", "manage", "orders", "users"], [["orders.models", "users.models"]]),
    "apps by name": (APPS, "", ["orders", "users"], ["orders", "users"], [["orders.models", "users.models"]]),
    "apps without __init__": (
        {name: text for name, text in APPS.items() if "__init__" not in name and name != "manage.py"},
        "", ["."], ["billing", "orders", "users"], [["orders.models", "users.models"]],
    ),
    "src by name": (SRC, "", ["src"], ["acme"], [["acme.a", "acme.b"]]),
    "src by path": (SRC, "", ["./src/"], ["acme"], [["acme.a", "acme.b"]]),
    "a project with src": (SRC, "", ["."], ["acme"], [["acme.a", "acme.b"]]),
    "inside src": (SRC, "src", ["."], ["acme"], [["acme.a", "acme.b"]]),
    "modules side by side": ({f"flat/{name}": text for name, text in FLAT.items()}, "", ["flat"], ["a", "b", "c"], [["a", "b"]]),
    "modules here": (FLAT, "", ["."], ["a", "b", "c"], [["a", "b"]]),
    "a folder of a monorepo": (
        {f"apps/{name}": text for name, text in {"org/__init__.py": "", "org/a.py": "import org.b\n", "org/b.py": "import org.a\n"}.items()},
        "", ["apps/org"], ["org"], [["org.a", "org.b"]],
    ),
    "a folder of a namespace": (
        {"apps/org/__init__.py": "", "apps/org/a.py": "import apps.org.b\n", "apps/org/b.py": "import apps.org.a\n"},
        "", ["apps/org"], ["apps"], [["apps.org.a", "apps.org.b"]],
    ),
    "a folder of packages": ({f"mono/backend/{name}": text for name, text in RING.items()}, "", ["mono/backend"], ["p", "q"], [["p.a", "q.b"]]),
    "libraries with src": (
        {"libs/core-lib/pyproject.toml": "", **{f"libs/core-lib/{name}": text for name, text in SRC.items()}},
        "", ["libs"], ["acme"], [["acme.a", "acme.b"]],
    ),
    "from inside the package around it": (
        {"ee/__init__.py": "", "ee/hogai/__init__.py": "", "ee/hogai/a.py": "from ee.hogai import b\nfrom . import c\n",
         "ee/hogai/b.py": "from ee.hogai.a import x\n", "ee/hogai/c.py": ""},
        "ee", ["hogai"], ["ee"], [["ee.hogai.a", "ee.hogai.b"]],
    ),
    "from inside, by relative imports alone": (
        {"org/shop/__init__.py": "", "org/shop/core/__init__.py": "", "org/shop/core/a.py": "from ..web import b\n",
         "org/shop/core/deep/__init__.py": "from ... import web\n", "org/shop/web/__init__.py": "",
         "org/shop/web/b.py": "from ..core import a\n"},
        "org/shop", ["core"], ["shop"], [["shop.core.a", "shop.web.b"]],
    ),
    "from inside a namespace, by relative imports alone": (
        {"org/shop/core/a.py": "from ..web import b\n", "org/shop/core/c.py": "", "org/shop/web/b.py": "from ..core import a\n"},
        "org/shop", ["core"], ["shop"], [["shop.core.a", "shop.web.b"]],
    ),
    "a stray __init__ above": ({"__init__.py": "", **RING}, "", ["./p"], ["p", "q"], [["p.a", "q.b"]]),
    "a namespace over two folders": (
        {"src/space/a.py": "import space.b\n", "space/b.py": "import space.a\n"}, "", ["space"], ["space"], [["space.a", "space.b"]],
    ),
    "a plain folder that is reached": (
        {"p/__init__.py": "import plain.deep.a\n", "plain/deep/a.py": "import p\n", "docs/x.py": ""}, "", ["p"], ["p", "plain"], [["p", "plain.deep.a"]],
    ),
    "a plain folder that is not": ({"p/__init__.py": "import plain\n", "plain/a.py": "import p\n"}, "", ["p"], ["p"], []),
    "a module that is reached": ({"p/__init__.py": "def f():\n    import helper\n", "helper.py": "import p\n"}, "", ["p"], ["p", "helper"], []),
    "a name of the standard library": ({"p/__init__.py": "import queue\n", "queue/__init__.py": "import p\n"}, "", ["p"], ["p"], []),
    "names in strings": ({"p/__init__.py": '"""\nimport q\nfrom q import x\n"""\n# import q\n', "q/__init__.py": ""}, "", ["p"], ["p"], []),
    "a name taken of another module": ({"p/__init__.py": "", "p/a.py": "from p import q\n", "q/__init__.py": "import p.a\n"}, "", ["p"], ["p"], []),
    "tests next to it": ({**RING, "tests/test_a.py": "import p.a\n", "tests/__init__.py": ""}, "", ["."], ["p", "q"], [["p.a", "q.b"]]),
}  # fmt: skip


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_packages_of_a_layout(tmp_path, layout):
    files, here, asked, packages, cycles = LAYOUTS[layout]
    write_files(tmp_path, files)

    found = document(tmp_path / here, *asked)

    assert (sorted(found["packages"]), components(found)) == (sorted(packages), cycles)


@pytest.mark.parametrize(
    ("written", "statement"),
    [
        ("a comma", "import os, q.b\n"),
        ("a semicolon", "x = 1; import q.b\n"),
        ("a continuation", "import os, \\\n    q.b\n"),
        ("another", "from \\\n q import b\n"),
        ("a call", "from importlib import import_module\nimport_module('q.b')\n"),
        ("a dunder", "__import__('q.b')\n"),
        ("a type check", "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from q import b\n"),
        ("a function", "def f():\n    from q.b import (\n        x,\n    )\n"),
        ("another line end", "import os\rimport q.b\r"),
        ("an alias", "import os as o, q.b as b\n"),
        ("lazily", "lazy import q.b\n"),
    ],
)  # fmt: skip
def test_an_import_of_any_kind_reaches(tmp_path, written, statement):
    write_files(tmp_path, {**RING, "p/a.py": statement})

    assert read(locate("p", folders=[tmp_path])).location.roots[1:], written


def joined(location: Location) -> set[str]:
    """The names of the roots of a location and of those that it reaches."""
    listing = Listing(location.base)
    sources = SourceCache(listing.modules)
    for root in (roots := list(location.roots)):
        listing.add(root)
    for root in reached(location, listing, sources):
        listing.add(root)
        roots.append(root)
    return {root.name for root in roots}


MODULES = ("a", "b", "sub.c")
TOPS = ("p", "q", "r", "plain", "single", "json", "theirs")


@st.composite
def trees(draw: st.DrawFn) -> dict[str, str]:
    """Packages, a plain folder, a module, one with a standard name and one that is installed, which import each other."""
    names = [*(f"{top}.{module}" for top in TOPS for module in MODULES), *TOPS, "p.missing", "plain.sub", "ghost"]
    statements = st.sampled_from(["import {}", "from {} import x", "def f():\n    import {}", "import importlib\nimportlib.import_module('{}')", "'''\nimport {}\n'''", "if 1: import os, {}"])  # fmt: skip
    text = st.lists(st.tuples(statements, st.sampled_from(names)), max_size=2)
    files = {"single.py": ""}
    for top in ("p", "q", "r", "plain", "json", "theirs"):
        files |= {f"{top}/{module.replace('.', '/')}.py": "" for module in MODULES}
        if top != "plain":
            files |= {f"{top}/__init__.py": "", f"{top}/sub/__init__.py": ""}
    return {path: "".join(f"{found.format(name)}\n" for found, name in draw(text)) for path in files}


@settings(deadline=None, max_examples=30)
@given(files=trees(), asked=st.sampled_from(["p", "p.sub", "q"]))
def test_the_packages_are_those_that_the_path_finder_reaches(tmp_path_factory, files, asked):
    folder = write_files(tmp_path_factory.mktemp("tree"), files)
    installed = write_files(folder / "lib" / "site-packages", {"theirs/__init__.py": ""})
    expected = reached_by_path_finder(asked, folder, installed)

    assert joined(locate(asked, folders=[folder, installed])) == expected


def test_what_is_installed_next_to_a_package_stays_out(tmp_path):
    files = {**RING, "p-1.dist-info/METADATA": "", "q-1.dist-info/METADATA": ""}
    write_files(tmp_path / "vendor", files)
    write_files(tmp_path, {"q/__init__.py": ""})

    there, here = document(tmp_path / "vendor", "p"), document(tmp_path, "vendor/p")

    assert (there["packages"], here["packages"]) == (["p"], ["p"])


def test_a_name_that_belongs_to_an_installed_package_stays_that_packages(tmp_path):
    folder = write_files(tmp_path, {**RING, "typer/__init__.py": "import p.a\n", "p/a.py": "import q.b, typer\n"})
    folders = search_folders(folder)

    assert analyze("p", folders=folders).packages == ("p", "q")
    assert analyze("typer", folders=folders).packages == ("typer", "p", "q")


def test_only_leaves_first_party_packages_out_and_root_adds_more(tmp_path):
    write_files(tmp_path, {**RING, "r/__init__.py": ""})

    assert document(tmp_path, "p", "--only")["packages"] == ["p"]
    assert document(tmp_path, "p", "--only", "--root", "r")["packages"] == ["p", "r"]
    assert document(tmp_path, "p", "--root", "r")["packages"] == ["p", "r", "q"]


def test_where_too_many_modules_would_join_none_does_and_that_is_said(tmp_path):
    write_files(tmp_path, RING)
    location = locate("p", folders=[tmp_path])

    too_many, enough = read(location, most_joined=1), read(location, most_joined=2)

    assert (too_many.left_out, [root.name for root in too_many.location.roots]) == (("q",), ["p"])
    assert sorted(too_many.modules) == ["p", "p.a"]
    assert (enough.left_out, [root.name for root in enough.location.roots]) == ((), ["p", "q"])


def test_too_many_modules_are_named_with_the_next_step(tmp_path):
    many = {f"q/m{number}.py": "" for number in range(5_000)}
    write_files(tmp_path, {**RING, **many})

    finished = run(tmp_path, "scc", "p", "--no-cuts")

    assert finished.stdout.startswith("p · without q   2 modules")
    assert "no import cycles as far as was looked" in finished.stdout
    assert "over 5,000 modules would join; add those that matter with --root, or --only for none" in finished.stderr
    assert document(tmp_path, "p")["left_out"] == ["q"]


def test_excluded_modules_are_in_no_graph(tmp_path):
    files = {**RING, "q/__init__.py": "import q.b\n", "pyproject.toml": "[tool.cycles]\nexclude = ['q.*']\n"}
    write_files(tmp_path, files)

    assert components(document(tmp_path, "p")) == []
    (tmp_path / "pyproject.toml").unlink()
    assert components(document(tmp_path, "p")) == [["p.a", "q", "q.b"]]
    assert components(document(tmp_path, "p", "--exclude", "**.b")) == []
    refused = run(tmp_path, "scc", "p", "--exclude", "q.b*")
    assert (refused.returncode, refused.stderr.count("\n")) == (2, 1)
    assert 'cycles: "q.b*" is not a module expression' in refused.stderr


@pytest.mark.parametrize(
    ("text", "packages"),
    [
        ("[tool.setuptools]\npackages = ['one']\n", ["one"]),
        ("[tool.setuptools]\npackages = ['two', 'two.deep']\npackage-dir = {'' = 'lib'}\n", ["two"]),
        ("[tool.setuptools.packages.find]\nwhere = ['lib']\n", ["three", "two"]),
        ("[tool.setuptools]\npy-modules = ['single']\n", ["single"]),
        ("[tool.hatch.build.targets.wheel]\npackages = ['lib/two']\n", ["two"]),
        ("[tool.poetry]\npackages = [{include = 'two', from = 'lib'}, {include = 'one/**/*.py'}]\n", ["one", "two"]),
        ("[tool.flit.module]\nname = 'one'\n", ["one"]),
        ("[tool.pdm.build]\npackage-dir = 'lib'\n", ["three", "two"]),
        ("[tool.uv.build-backend]\nmodule-name = 'two'\nmodule-root = 'lib'\n", ["two"]),
        ("[tool.uv.build-backend]\nmodule-name = 3\n[tool.setuptools]\npackages = [1]\n", ["one", "single"]),
        ("[tool.hatch.build.targets.wheel]\npackages = ['../elsewhere/p', 'none']\n", ["one", "single"]),
        ("broken", ["one", "single"]),
        ("", ["one", "single"]),
    ],
)  # fmt: skip
def test_a_folder_stands_for_what_its_build_configuration_names(tmp_path, text, packages):
    files = ["one/__init__.py", "single.py", "lib/two/__init__.py", "lib/three/__init__.py", "docs/conf.py", "setup.py", "tests/__init__.py", "scripts/__init__.py"]  # fmt: skip
    write_files(tmp_path, {**dict.fromkeys(files, ""), "pyproject.toml": text})

    found = locate(".", folders=[tmp_path])

    assert sorted(found.packages) == packages


def test_setup_cfg_names_packages_too(tmp_path):
    text = "[options]\npackages = find:\npackage_dir =\n    = lib\n"
    write_files(tmp_path, {"one/__init__.py": "", "lib/two/__init__.py": "", "setup.cfg": text})

    assert locate(".", folders=[tmp_path]).packages == ("two",)


def test_another_name_than_asked_for_is_said(tmp_path):
    files, here, asked, _, _ = LAYOUTS["from inside the package around it"]
    write_files(tmp_path, files)

    finished = run(tmp_path / here, "scc", *asked)

    assert finished.stdout.startswith("ee.hogai · in ee   4 modules")
    assert finished.stderr == (
        f"cycles: hogai is read as ee.hogai in {tmp_path}: that is how its modules import each other\n"
    )


def test_modules_that_do_not_import_each_other_are_a_warning(tmp_path):
    lost = write_files(tmp_path / "lost", {"p/__init__.py": "", "p/a.py": "import shop.b, os\n", "p/b.py": ""})
    empty = write_files(tmp_path / "empty", {"p/__init__.py": "", "p/a.py": ""})

    assert run(lost, "scc", "p").stderr == (
        "cycles: no import between the 3 modules of p was found: they import shop, which is in no folder that was "
        "looked in; add --source-root FOLDER for it\n"
    )
    assert run(empty, "scc", "p").stderr == (
        f"cycles: no import between the 2 modules of p was found; is it the package that you meant ({empty})?\n"
    )


def test_a_pattern_that_leaves_nothing_out_is_said(tmp_path):
    files = {**RING, "p/old.py": "", "pyproject.toml": "[tool.cycles]\nexclude = ['p.odl', 'p.old', 'elsewhere.**']\n"}
    write_files(tmp_path, files)

    finished = run(tmp_path, "cuts", "p", "--exclude", "p.aa", "--exclude", "q.*")

    assert finished.returncode == 0
    assert finished.stderr.splitlines() == [
        "cycles: --exclude p.aa leaves nothing out: no module matches it; did you mean p.a?",
        'cycles: exclude "p.odl" of [tool.cycles] leaves nothing out: no module matches it; did you mean p.old?',
    ]


COMMANDS = [["scc"], ["scc", "1"], ["cuts"], ["cuts", "1"], ["entries"], ["draw", "--format", "md"], ["contract"]]


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_report_names_the_packages_in_the_graph(tmp_path, command):
    write_files(tmp_path, RING)
    name, *rest = command

    finished = run(tmp_path, name, "p", *rest)

    assert finished.returncode == 0, finished.stderr
    assert "q" in finished.stdout.splitlines()[0] or "p · with q" in finished.stdout or '["p", "q"]' in finished.stdout


def test_many_packages_fit_a_line(tmp_path):
    names = [f"package_{number}" for number in range(30)]
    files = {f"{name}/__init__.py": "".join(f"import {other}\n" for other in names) for name in names}
    write_files(tmp_path, files)

    one, every = run(tmp_path, "scc", "package_1").stdout, run(tmp_path, "scc", ".").stdout

    assert re.match(r"package_1 · with package_0.* and 2\d more   1 module · 30 imports$", one.splitlines()[0])
    assert re.match(r"package_0, package_1.* and 2\d more   30 modules · 900 imports$", every.splitlines()[0])
    assert max(len(text.splitlines()[0]) for text in (one, every)) <= 80


def test_next_commands_say_again_what_was_typed(tmp_path):
    write_files(tmp_path, {f"lib dir/{name}": text for name, text in RING.items()})

    finished = run(tmp_path, "scc", "./lib dir/p", "--only", "--root", "q", "--exclude", "p.x.**")

    assert "next  cycles scc './lib dir/p' 1 --root q --exclude 'p.x.**' --only\n" in finished.stdout


def test_why_takes_several_packages(tmp_path):
    write_files(tmp_path, RING)

    assert run(tmp_path, "why", "p", "q", "p.a", "q.b").returncode == 0
    assert run(tmp_path, "why", "p.a", "q.b").returncode == 0


def test_tests_next_to_a_package_use_its_names_and_are_not_in_its_graph(tmp_path):
    files = {
        "p/__init__.py": "from p.a import f\nfrom p.b import g\n",
        "p/a.py": "def f(): pass\nimport p.b\n",
        "p/b.py": "import p\ndef g(): pass\n",
        "tests/test_p.py": "from p import f\nimport helpers\n",
        "tests/__init__.py": "",
        "helpers/__init__.py": "import p\n",
    }
    write_files(tmp_path, files)

    found = run(tmp_path, "cuts", "p", "--all", "--allow-reexports", "--rank").stdout

    assert document(tmp_path, "p")["packages"] == ["p"]
    assert "tests/test_p.py takes f from here" in found


def test_a_link_to_a_folder_above_is_no_package(tmp_path):
    write_files(tmp_path, {"in/p/__init__.py": "import p.a\n", "in/p/a.py": "import p\n", "else/b.py": ""})
    (tmp_path / "in/up").symlink_to(tmp_path)
    (tmp_path / "in/here").symlink_to(tmp_path / "in")

    assert document(tmp_path / "in", ".")["packages"] == ["p"]


def test_nothing_in_a_folder_is_a_sentence(tmp_path):
    with pytest.raises(CyclesError, match=r'no Python module in "\." \(.*\); name a folder that holds \.py files'):
        locate(".", folders=[tmp_path])


def test_the_sample_needs_no_root():
    found = analyze("ee.hogai", folders=[golden.SAMPLES / "agent_core"])

    assert found.packages == ("ee", "posthog")
