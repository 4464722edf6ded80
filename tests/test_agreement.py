"""Kinds, fixes, the simulation and a real interpreter speak of the same program: none may contradict another.

Each case is a module that imports another in some place; many cases make one package, so that thousands are cheap.
"""

import importlib
import itertools
import random
import sys

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from conftest import write_files
from cycles.api import analyze, plan_all
from cycles.enums import Feasibility, GraphName, Kind, Tag, Verdict
from cycles.simulate.prediction import predict

CASES = 60
_numbers = itertools.count()

HEAD = (
    "import sys, os\nimport sys as _s\nimport typing\nimport typing as t\nfrom typing import TYPE_CHECKING\n"
    "from typing import TYPE_CHECKING as TC\nfrom sys import version_info as v\nfrom contextlib import suppress\n"
    "MINE = typing.TYPE_CHECKING\n"
)
CONDITIONS = [
    "TYPE_CHECKING",
    "typing.TYPE_CHECKING",
    "t.TYPE_CHECKING",
    "TC",
    "MINE",
    "not TC",
    "TC and True",
    "typing.TYPE_CHECKING or False",
    "False",
    "0",
    "not 0",
    "True",
    "__name__ == '__main__'",
    "'__main__' == __name__ and TC",
    "__name__ != '__main__'",
    "sys.version_info < (3, 0)",
    "_s.version_info >= (3,)",
    "v < (3,)",
    "v[0] == 3",
    "(3, 1) > sys.version_info[:2]",
    "sys.version_info.major == 2 or TC",
    "sys.platform == 'no such system'",
    "os.environ.get('NO_SUCH_VARIABLE')",
    "len(sys.argv) >= 0",
]


def wrapped(choose: random.Random, lines: list[str], depth: int) -> list[str]:
    """The lines in some compound statements."""
    if not depth:
        return lines
    inner = ["    " + line for line in wrapped(choose, lines, depth - 1)]
    condition = choose.choice(CONDITIONS)
    shapes = [
        [f"if {condition}:", *inner],
        [f"if {condition}:", "    pass", "else:", *inner],
        [f"if {condition}:", "    pass", f"elif {choose.choice(CONDITIONS)}:", *inner, "else:", "    pass"],
        ["try:", *inner, "except ImportError:", "    pass"],
        ["try:", "    pass", "finally:", *inner],
        ["try:", "    pass", "except ValueError:", *inner],
        ["try:", "    pass", "except ValueError:", "    pass", "else:", *inner],
        ["with suppress(KeyError):", *inner],
        ["for _ in (1,):", *inner],
        ["while True:", *inner, "    break"],
        ["class Held:", *inner],
        ["def held():", *inner],
        ["async def held():", *inner],
        ["match 1:", "    case 1:", *("    " + line for line in inner)],
        ["match 1:", "    case 2:", *("    " + line for line in inner), "    case _:", "        pass"],
    ]
    return choose.choice(shapes)


def case(choose: random.Random, package: str, number: int) -> str:
    target = f"{package}.b{number}"
    spelled = choose.choice(
        [f"import {target}", f"from {target} import B", f"from .b{number} import B", f"import {target} as z"]
    )
    return HEAD + "\n".join(wrapped(choose, [spelled], choose.choice([0, 1, 1, 2, 2, 3]))) + "\n"


def really_imported(folder, package: str, modules: list[str]) -> dict[str, set[str]]:
    """Which modules of the package a real interpreter has after importing each first; a failure leaves none."""
    sys.path.insert(0, str(folder))
    found = {}
    try:
        for module in modules:
            importlib.invalidate_caches()
            try:
                importlib.import_module(module)
            except ImportError:
                pass
            else:
                found[module] = {name for name in sys.modules if name.startswith(f"{package}.")}
            for name in [name for name in sys.modules if name.split(".")[0] == package]:
                del sys.modules[name]
    finally:
        sys.path.remove(str(folder))
    return found


@settings(
    max_examples=40, deadline=None, derandomize=True, phases=[Phase.generate], suppress_health_check=list(HealthCheck)
)
@given(seed=st.integers(0, 2**32))
def test_kinds_fixes_simulation_and_a_real_interpreter_agree(tmp_path_factory, seed):
    choose = random.Random(seed)
    package = f"agree{next(_numbers)}"
    folder = tmp_path_factory.mktemp("agreement")
    files = {f"{package}/__init__.py": ""}
    for number in range(CASES):
        files[f"{package}/a{number}.py"] = case(choose, package, number)
        files[f"{package}/b{number}.py"] = f"import {package}.a{number}\nB = 1\n"
    write_files(folder, files)

    analysis = analyze(package, folders=[folder], graph=GraphName.ALL)
    cuttings = list(plan_all(analysis.components))
    importers = [f"{package}.a{number}" for number in range(CASES)]
    predictions = dict(zip(importers, predict(analysis.files, importers, project=str(folder)), strict=True))
    real = really_imported(folder, package, importers)

    hows = {
        (cut.importer, cut.imported): (cut.imports[0], cut.how) for cutting in cuttings for cut in cutting.ranking.cuts
    }
    for number, importer in enumerate(importers):
        imported = f"{package}.b{number}"
        statement, how = hows[importer, imported]
        text = files[f"{package}/a{number}.py"]
        prediction = predictions[importer]
        if prediction.entry.verdict is Verdict.OK:
            assert (imported in prediction.ran) <= (statement.kind is Kind.EAGER), text
        if importer in real:
            ran = imported in real[importer]
            if statement.kind is not Kind.EAGER:
                assert not ran, (statement.kind, text)
            elif Tag.CONDITIONAL not in statement.tags:
                assert ran, (statement.tags, text)
            assert prediction.entry.verdict in (Verdict.OK, Verdict.UNKNOWN), text
            if prediction.entry.verdict is Verdict.OK:
                # What may run counts as run.
                assert ran <= (imported in prediction.ran), text
                assert Tag.CONDITIONAL in statement.tags or (imported in prediction.ran) is ran, text
        else:
            assert statement.kind is Kind.EAGER, text
            assert prediction.entry.verdict is not Verdict.OK, text
        assert (how.feasibility is Feasibility.TYPING) is (statement.kind is Kind.TYPING), text
        assert (how.feasibility is Feasibility.DEFERRED) is (statement.kind in (Kind.DEFERRED, Kind.MAIN)), text


@pytest.mark.parametrize(
    ("text", "kind", "feasibility"),
    [
        (
            "from typing import TYPE_CHECKING as TC\nfrom p.b import B\nif TC:\n    X = B\n",
            Kind.EAGER,
            Feasibility.TYPE_ONLY,
        ),
        (
            "import typing\nfrom p.b import B\nif typing.TYPE_CHECKING and True:\n    X = B\n",
            Kind.EAGER,
            Feasibility.TYPE_ONLY,
        ),
        (
            "import sys\nfrom p.b import B\nif sys.version_info < (3, 0):\n    X = B\n",
            Kind.EAGER,
            Feasibility.TYPE_ONLY,
        ),
        ("lazy import os\nfrom p.b import B\ndef f(): return B\n", Kind.EAGER, Feasibility.DEFERRABLE),
        ("import sys\nif sys.version_info < (3, 0):\n    from p.b import B\n", Kind.TYPING, Feasibility.TYPING),
    ],
)
def test_what_the_readers_once_disagreed_about(tmp_path, text, kind, feasibility):
    write_files(tmp_path, {"p/__init__.py": "", "p/a.py": text, "p/b.py": "import p.a\nclass B: ...\n"})
    graph = GraphName.ALL if kind is Kind.TYPING else GraphName.IMPORT_TIME
    analysis = analyze("p", folders=[tmp_path], graph=graph)

    (cutting,) = plan_all(analysis.components)

    (cut,) = [cut for cut in cutting.ranking.cuts if cut.importer == "p.a"]
    assert (cut.imports[0].kind, cut.how.feasibility) == (kind, feasibility)
