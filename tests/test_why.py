"""`cycles why` takes what its user holds: names as printed, files, FILE:LINE, a traceback."""

import os
import subprocess
import sys

import pytest

import golden
from conftest import write_files
from cycles.api import analyze, plan_cuts, why_traceback
from cycles.enums import GraphName
from cycles.errors import CyclesError, NoMatchError
from cycles.model import CycleBehind
from cycles.read_traceback import module_asked, read_traceback

SHOP = golden.SAMPLES / "shop"
CYCLES = [sys.executable, "-m", "cycles", "why"]


def why(*words, folder, text=""):
    environment = {**os.environ, "COLUMNS": "80"}
    return subprocess.run([*CYCLES, *words], cwd=folder, env=environment, input=text, capture_output=True, text=True, check=False)  # fmt: skip


def crash(module, folder):
    return subprocess.run([sys.executable, "-c", f"import {module}"], cwd=folder, capture_output=True, text=True, check=False).stderr  # fmt: skip


MONOREPO = {
    ".git/HEAD": "",
    "pc/shop/__init__.py": "",
    "pc/shop/a.py": "from shop import b\n",
    "pc/shop/b.py": "from shop import a\n",
    "shop/b.py": "import os\n",
}


def test_the_paths_that_reports_print_are_taken_in_a_folder_of_a_repository(tmp_path):
    write_files(tmp_path, MONOREPO)
    usual = why("shop.b", "shop.a", folder=tmp_path / "pc")

    assert "pc/shop/b.py:1" in usual.stdout
    for words in (["pc/shop/b.py:1"], ["shop", "pc/shop/b.py:1"], ["shop/b.py:1"], ["pc/shop/b.py", "pc/shop/a.py"]):
        assert why(*words, folder=tmp_path / "pc").stdout == usual.stdout


NESTED = {
    "p/__init__.py": "",
    "p/http.py": "from p.web import http\nfrom p import other\n",
    "p/other.py": "from p import http\n",
    "p/web/__init__.py": "",
    "p/web/http.py": "from p import http\n",
}


def test_a_short_name_that_is_one_of_the_package_wins_over_longer_ones(tmp_path):
    write_files(tmp_path, NESTED)

    found = why("p", "http", "web.http", folder=tmp_path)

    assert (found.returncode, found.stderr) == (0, "")
    assert found.stdout == why("p.http", "p.web.http", folder=tmp_path).stdout


def test_short_names_are_known_in_python_too(tmp_path):
    write_files(tmp_path, NESTED)
    (component,) = analyze("p", folders=[tmp_path]).components

    kept = plan_cuts(component, keep=[("http", "web.http")], cut=[("other", "http")])

    assert kept == plan_cuts(component, keep=[("p.http", "p.web.http")], cut=[("p.other", "p.http")])
    with pytest.raises(NoMatchError):
        plan_cuts(component, keep=[("http", "nosuch")])


@pytest.mark.parametrize(
    "words",
    [
        ["shop.customers.loyalty", "shop.orders.history"],
        ["shop", "customers.loyalty", "orders.history"],
        ["shop", "loyalty", "history"],
        ["shop/customers/loyalty.py", "shop/orders/history.py"],
        ["shop/customers/loyalty.py:7"],
        ["shop", "shop/customers/loyalty.py:7:1"],
        ["--package", "shop", "shop/customers/loyalty.py:7"],
    ],
)
def test_every_way_to_name_an_import_gives_the_same_answer(words):
    folder = golden.SAMPLES / "shop"
    usual = why("shop", "shop.customers.loyalty", "shop.orders.history", folder=folder)

    found = why(*words, folder=folder)

    assert (found.returncode, found.stderr) == (0, "")
    assert found.stdout == usual.stdout
    assert "import spent_by inside tier_of()" in found.stdout


def test_the_pair_of_a_plan_is_explained_where_only_its_packages_are_on_cycles():
    folder = golden.SAMPLES / "agent_core"

    found = why("ee.hogai", "context.manager", "tools.registry.lookup", folder=folder)

    assert found.returncode == 0
    assert "import tool_names inside ContextManager.describe()" in found.stdout


def test_without_a_cycle_the_shortest_chain_is_shown():
    found = why("shop.app", "shop.money", folder=golden.SAMPLES / "shop")

    assert found.stdout.splitlines()[:2] == [
        "shop.app → shop.money",
        "  not directly, but through 3 imports · import-time",
    ]
    assert found.stdout.count(".py:") == 3


def test_a_module_and_itself_are_the_shortest_cycle_through_it(tmp_path):
    write_files(tmp_path, NESTED)

    found = why("p", "web.http", "web.http", folder=tmp_path)

    assert (found.returncode, found.stderr) == (0, "")
    assert found.stdout == (
        """\
p.web.http
  the shortest cycle through it: 2 imports · import-time
  p.web.http → p.http  p/web/http.py:1
  p.http → p.web.http  p/http.py:1

it is in component #1

next  cycles why p p.web.http p.http
      cycles cuts p 1
"""
    )


LATER = {
    "p/__init__.py": "",
    "p/a.py": "def f():\n    import p.b\n",
    "p/b.py": "import p.c\n",
    "p/c.py": "def f():\n    import p.a\n",
}


@pytest.mark.parametrize(
    ("ends", "no", "by"),
    [
        (("a", "c"), "p.a does not import p.c, not even through others,", ()),
        (("b", "b"), "p.b is on no cycle", ()),
        (("a", "b"), "p.a does not import p.b, not even through others,", ("--by", "package")),
    ],
)
def test_without_a_way_the_graph_that_has_one_is_named(tmp_path, ends, no, by):
    write_files(tmp_path, LATER)

    found = why("p", *ends, *by, folder=tmp_path)
    words = " ".join(["cycles why p", *ends, *by])

    assert (found.returncode, found.stdout) == (2, "")
    assert found.stderr == (
        f"cycles: {no} in the graph import-time; in the graph runtime there is a chain of imports: "
        f"`{words} --graph runtime`\n"
    )
    assert why("p", *ends, *by, "--graph", "runtime", folder=tmp_path).returncode == 0


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (
            ["shop.money", "shop.app"],
            "cycles: shop.money does not import shop.app, not even through others, in the graph import-time; ",
        ),
        (["shop", "models", "nosuch"], 'cycles: no module "nosuch" in shop; `cycles scc shop` lists those on cycles'),
        (["shop/app.py:1"], "cycles: shop/app.py:1 imports no module of shop; the imports there are on lines 3, 4, "),
        (
            ["shop", "customers", "custmers"],
            'cycles: no module "custmers" in shop; did you mean shop.customers?\n',
        ),
        (["shop"], "cycles: name two modules, an import by FILE:LINE, or - for a traceback; such as "),
        (["-"], "cycles: there is no traceback on stdin; paste it whole, from `Traceback` to the error"),
        (["shop", "shop/nosuch.py:1"], 'cycles: "shop/nosuch.py" is not a module of shop; name a file of it'),
    ],
)
def test_what_means_nothing_is_one_sentence(words, sentence):
    found = why(*words, folder=golden.SAMPLES / "shop")

    assert (found.returncode, found.stdout) == (2, "")
    assert found.stderr.startswith(sentence)


def test_a_name_that_may_be_two_modules_is_not_guessed(tmp_path):
    write_files(tmp_path, {"p/__init__.py": "", "p/a/x.py": "import p.b.x\n", "p/b/x.py": "import p.a.x\n"})

    found = why("p", "x", "a.x", folder=tmp_path)

    assert found.stderr == 'cycles: "x" may be p.a.x, p.b.x; give more of its name\n'


@pytest.mark.parametrize(
    ("sample", "package", "roots"), [("shop", "shop", ()), ("agent_core", "ee.hogai", ("posthog",))]
)
def test_the_cycle_behind_every_crash_is_found(sample, package, roots):
    folder = golden.SAMPLES / sample
    analysis = analyze(package, folders=[folder], roots=roots)
    edges = {(edge.importer, edge.imported) for edge in analysis.graph(GraphName.IMPORT_TIME).dependencies}
    crashes = 0
    for component in analysis.components:
        for module in component.modules[::2]:
            text = crash(module, folder)
            if not text:
                continue
            found = why_traceback(analysis, read_traceback(f"some log\n{text}and more\n"))
            crashes += 1
            assert isinstance(found, CycleBehind)
            names = [link.importer for link in found.links]
            assert [link.imported for link in found.links] == [*names[1:], names[0]]
            assert {(link.importer, link.imported) for link in found.links} <= edges
            assert found.cheapest is not None
    assert crashes >= 2


def test_a_traceback_from_another_machine_is_followed():
    text = crash("shop.customers", golden.SAMPLES / "shop").replace(str(golden.SAMPLES), "C:\\build")

    found = why("-", folder=golden.SAMPLES / "shop", text=text.replace("/", "\\"))

    assert "shop.catalog.pricing → shop.customers  " in found.stdout
    assert (
        "cut here\n  shop/customers/loyalty.py:7\n  import spent_by inside tier_of()\n\n"
        "this cut leaves no cycle in component #1 (9 modules)\n" in found.stdout
    )


@pytest.mark.parametrize("lines", [3, 4])
def test_a_traceback_that_is_cut_off_is_said_to_be(lines):
    whole = crash("shop.catalog", SHOP)
    end = "\n".join(whole.splitlines()[-lines:])

    found = why("shop", "-", folder=SHOP, text=end)

    assert found.returncode == 2
    assert "the traceback is cut off (ImportError: cannot import name" in found.stderr
    assert "paste it from `Traceback (most recent call last)` to the error" in found.stderr
    assert "is not an import cycle" not in found.stderr


def test_a_cycle_elsewhere_is_not_said_to_be_none(analysed):
    analysis = analysed({"p/__init__.py": "import q\n"})
    text = (
        'Traceback (most recent call last):\n  File "p/__init__.py", line 1, in <module>\n    import q\n'
        "ImportError: cannot import name 'x' from partially initialized module 'q' (most likely due to a circular import)\n"
    )

    with pytest.raises(CyclesError, match=r"the cycle is not in p .*name the package with --package"):
        why_traceback(analysis, read_traceback(text))


def test_another_failure_is_no_cycle(tmp_path, analysed):
    analysis = analysed({"p/__init__.py": "import p.a\n", "p/a.py": "import p\nimport nosuch\n"})
    text = crash("p", tmp_path)

    with pytest.raises(CyclesError, match="it is not an import cycle"):
        why_traceback(analysis, read_traceback(text))


def test_where_a_package_imports_lazily_no_cycle_is_not_claimed(tmp_path, analysed):
    analysis = analysed(LAZY_PACKAGE)
    text = crash("p.canvas", tmp_path)

    assert "cannot import name 'chord'" in text
    with pytest.raises(CyclesError, match="whether an import cycle is behind it is not known"):
        why_traceback(analysis, read_traceback(text))


# `p` takes `chord` from `p.canvas` when it is asked for it, which imports `p.builtins`, which asks for it.
LAZY_PACKAGE = {
    "p/__init__.py": "from importlib import import_module\n\n\ndef __getattr__(name):\n    if name == 'chord':\n"
    "        return vars(import_module('p.canvas')).get(name) or _no(name)\n    _no(name)\n\n\n"
    "def _no(name):\n    raise AttributeError(name)\n",
    "p/canvas.py": "import p.builtins\n\n\ndef chord(): pass\n",
    "p/builtins.py": "from p import chord\n",
}


# `p.a` and `p.b` import each other, and whichever comes first is asked for something too early.
TAKES_A_NAME = {"p/__init__.py": "", "p/a.py": "from p.b import f\nX = 1\n", "p/b.py": "from p.a import X\nf = X\n"}
READS_AN_ATTRIBUTE = {"p/__init__.py": "", "p/a.py": "import p.b\n", "p/b.py": "import p.a\nY = p.a.X\n"}
READS_BY_ANOTHER_NAME = {"p/__init__.py": "", "p/a.py": "import p.b\n", "p/b.py": "from p import a\nY = a.X\n"}


@pytest.mark.parametrize("files", [TAKES_A_NAME, READS_AN_ATTRIBUTE, READS_BY_ANOTHER_NAME])
def test_each_way_to_ask_too_early_is_a_cycle(tmp_path, analysed, files):
    analysis = analysed(files)
    text = crash("p.a", tmp_path)

    found = why_traceback(analysis, read_traceback(text))

    assert "most likely due to a circular import" in text
    assert [(link.importer, link.imported, link.line_number) for link in found.links] == [
        ("p.a", "p.b", 1),
        ("p.b", "p.a", 1 if files is TAKES_A_NAME else 2),
    ]


@pytest.mark.parametrize(
    ("error", "module"),
    [
        ("cannot import name 'X' from partially initialized module 'p.a' ({}) (/w/p/a.py)", "p.a"),
        ("partially initialized module 'p.a' has no attribute 'X' ({})", "p.a"),
        ("partially initialized module 'p.a' from '/w/p/a.py' has no attribute 'X' ({})", "p.a"),
        ("cannot access submodule 'a' of module 'p' ({})", "p.a"),
        ("module 'p.a' has no attribute 'X'", None),
    ],
)
def test_what_cpython_says_names_the_module_that_is_asked_too_early(error, module):
    assert module_asked(error.format("most likely due to a circular import")) == module


@pytest.mark.parametrize(("style", "inside"), [("auto", True), ("long", False), ("short", False)])
def test_what_pytest_prints_is_followed(tmp_path, analysed, style, inside):
    analysis = analysed(READS_AN_ATTRIBUTE)
    write_files(tmp_path, {"test_p.py": "def test_p():\n    import p.a\n" if inside else "import p.a\n"})
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", f"--tb={style}", "test_p.py"]
    text = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False).stdout

    found = why_traceback(analysis, read_traceback(text))

    assert [(link.importer, link.imported) for link in found.links] == [("p.a", "p.b"), ("p.b", "p.a")]


def test_the_failure_that_a_cycle_causes_is_found_among_others():
    frames = "p/a.py:1: in <module>\n    import p.b\n"
    text = (
        "____ ERROR collecting a.py ____\np/a.py:9: in <module>\n    1 / 0\nE   ZeroDivisionError: by zero\n"
        f"____ ERROR collecting b.py ____\n{frames}"
        "E   AttributeError: cannot access submodule 'a' of module 'p' (most likely due to a circular import)\n"
        "____ test_c ____\n\n    def test_c():\n>       1 / 0\nE       ZeroDivisionError: by zero\n\n"
        "test_c.py:2: ZeroDivisionError\n"
    )

    assert read_traceback(text).frames == (("p/a.py", 1, "<module>"),)
    assert read_traceback(text[text.index("____ test_c") :]).frames == (("test_c.py", 2, "a function"),)


def test_the_last_line_alone_names_the_component(tmp_path):
    write_files(tmp_path, TAKES_A_NAME)
    line = crash("p.a", tmp_path).splitlines()[-1].removeprefix("ImportError: ")

    found = why("-", folder=tmp_path, text=f"{line}\n")

    assert found.stdout.splitlines()[-5:] == [
        "the cycle is in component #1 (2 modules); the whole traceback shows which",
        "imports close it",
        "",
        "next  cycles cuts p 1",
        "      cycles fix p 1",
    ]


@pytest.mark.parametrize(
    ("module", "words", "sentence"),
    [
        ("q", ["-"], "what the error names does not lie in a package below this folder; name one with --package"),
        ("q", ["p", "-"], "the cycle is not in p ("),
        ("p", ["-"], "p is on no cycle of import-time ("),
    ],
)
def test_a_last_line_that_names_no_module_on_a_cycle_is_said_to(tmp_path, module, words, sentence):
    write_files(tmp_path, TAKES_A_NAME)
    line = f"partially initialized module '{module}' has no attribute 'X' (most likely due to a circular import)"

    found = why(*words, folder=tmp_path, text=line)

    assert (found.returncode, found.stdout) == (2, "")
    assert found.stderr.startswith(f"cycles: {sentence}")


def test_the_cut_shown_is_the_one_of_the_plan(tmp_path):
    back = "from p.z import V\ndef f():\n    return V\n"
    hub = "from p import a\nfrom p import b\nX = 1\n"
    files = {"__init__": "", "z": "from p import h\nV = h.X\n", "h": hub, "a": back, "b": back}
    write_files(tmp_path, {f"p/{name}.py": text for name, text in files.items()})

    found = why("-", folder=tmp_path, text=crash("p.z", tmp_path))

    assert "cut here\n  p/z.py:1\n" in found.stdout
    assert "this cut leaves no cycle in component #1 (4 modules)\n" in found.stdout
