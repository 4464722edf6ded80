"""`cycles why` takes what its user holds: names as printed, files, FILE:LINE, a traceback."""

import os
import subprocess
import sys

import pytest

import golden
from conftest import write_files
from cycles.api import analyze, explain_traceback
from cycles.enums import GraphName
from cycles.errors import CyclesError
from cycles.lookup import read_traceback
from cycles.model import CycleBehind

SHOP = golden.SAMPLES / "shop"
CYCLES = [sys.executable, "-m", "cycles", "why"]


def why(*words, folder, text=""):
    environment = {**os.environ, "COLUMNS": "80"}
    return subprocess.run([*CYCLES, *words], cwd=folder, env=environment, input=text, capture_output=True, text=True, check=False)  # fmt: skip


def crash(module, folder):
    return subprocess.run([sys.executable, "-c", f"import {module}"], cwd=folder, capture_output=True, text=True, check=False).stderr  # fmt: skip


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


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (
            ["shop.money", "shop.app"],
            "cycles: shop.money does not import shop.app, not even through others, in the graph import-time; ",
        ),
        (["shop", "models", "nosuch"], 'cycles: no module "nosuch" in shop; `cycles scc shop` lists those on cycles'),
        (["shop/app.py:1"], "cycles: shop/app.py:1 imports no module of shop; the imports there are on lines 3, 4, "),
        (["shop"], "cycles: name two modules, an import by FILE:LINE, or - for a traceback; such as "),
        (["-"], "cycles: there is no traceback on stdin; paste it whole, from `Traceback` to the error"),
        (["shop", "shop/nosuch.py:1"], 'cycles: "shop/nosuch.py" is no module of shop; name a file of it'),
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
            found = explain_traceback(analysis, read_traceback(f"some log\n{text}and more\n"))
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
        "cheapest cut of this cycle\n  shop/customers/loyalty.py:7\n  import spent_by inside tier_of()\n"
        in found.stdout
    )


@pytest.mark.parametrize("lines", [3, 4])
def test_a_traceback_that_is_cut_off_is_said_to_be(lines):
    whole = crash("shop.catalog", SHOP)
    end = "\n".join(whole.splitlines()[-lines:])

    found = why("shop", "-", folder=SHOP, text=end)

    assert found.returncode == 2
    assert "the traceback is cut off (ImportError: cannot import name" in found.stderr
    assert "paste it from `Traceback (most recent call last)` to the error" in found.stderr
    assert "is no import cycle" not in found.stderr


def test_a_cycle_elsewhere_is_not_said_to_be_none(analysed):
    analysis = analysed({"p/__init__.py": "import q\n"})
    text = (
        'Traceback (most recent call last):\n  File "p/__init__.py", line 1, in <module>\n    import q\n'
        "ImportError: cannot import name 'x' from partially initialized module 'q' (most likely due to a circular import)\n"
    )

    with pytest.raises(CyclesError, match=r"the cycle is not in p .*name the package with --package"):
        explain_traceback(analysis, read_traceback(text))


def test_another_failure_is_no_cycle(tmp_path, analysed):
    analysis = analysed({"p/__init__.py": "import p.a\n", "p/a.py": "import p\nimport nosuch\n"})
    text = crash("p", tmp_path)

    with pytest.raises(CyclesError, match="it is no import cycle"):
        explain_traceback(analysis, read_traceback(text))
