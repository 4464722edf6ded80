"""Kinds, fixes, the simulation and a real interpreter speak of the same program: none may contradict another.

Each case is a module that imports another in some place; many cases make one package, so that thousands are cheap.
"""

import importlib
import itertools
import random
import sys
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from conftest import write_files
from cycles.api import analyze, plan_all
from cycles.enums import Feasibility, GraphName, Kind, Tag, Verdict
from predictions import predict

CASES = 60
_numbers = itertools.count()

HEAD = (
    "import sys, os\nimport sys as _s\nimport typing\nimport typing as t\nfrom typing import TYPE_CHECKING\n"
    "from typing import TYPE_CHECKING as TC\nfrom sys import version_info as v\nfrom contextlib import suppress\n"
    "MINE = typing.TYPE_CHECKING\nKNOWN: bool = TYPE_CHECKING\n"
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
    "KNOWN",
    "(seen := TC)",
    "__debug__ and not TYPE_CHECKING",
    "sys.version_info >= (3, 11) and v < (4, 0)",
    "sys.platform.startswith('no such system')",
    "hasattr(sys, 'argv') or TC",
    "[one for one in (TC, MINE) if one]",
    "f'{TC!r:>{8}}'",
    "(\n        TC  # if\n        and (lambda: True)()\n    )",
    "True if TC else False",
]
BEFORE = [
    '"""\nif TYPE_CHECKING:\n"""',
    "X = '''\n    def f():\n'''; Y = 1",
    'X = f"""{\n    TC\n} {{ if 0: \'\'\'"""',
    "# it's ''' only a comment",
    "X = [\n  one\nfor one in (1,)\n  if one\n]",
    "if TC: pass\nelif TC: pass\nelse: pass",
    "X = (TC\n) if TC else \\\n  1",
    "match = case = 1\nmatch\nX = {match: case}",
]
if sys.version_info >= (3, 12):
    CONDITIONS += ['f"{f"{TC:{"5"}}"}"']
    BEFORE += [
        "type X = int",
        'X = f"{"\\n".join(("if", "else"))}{\n    f"{1 if TC else 0}"\n}"',
        "def g[T](x: T): ...",
    ]
if sys.version_info >= (3, 14):
    BEFORE += ["X = t\"{TC} {f'''if 0:'''}\"", "try:\n    pass\nexcept ValueError, KeyError:\n    pass"]


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
        ["try:", "    pass", "except* ValueError:", *inner],
        ["try:", *inner, "except* ImportError:", "    pass"],
        ["with suppress(ImportError):", *inner],
        ["class Held:", "    def method(self):", *("    " + line for line in inner)],
        ["@staticmethod", "def held():", *inner],
        ["@(lambda one: one)", "class Held(", "    object,", "):  # :", *inner],
        ["def __getattr__(name):", *inner, "    raise AttributeError(name)"],
        ["def held(", "    one=[x for x in (1,)],", "    *,", "    two: int = 1,", ") -> None:", *inner],
        ["with suppress(KeyError), suppress(ModuleNotFoundError) as _:", *inner],
        ["with (", "    suppress(KeyError) as one,", "    suppress(ValueError) as two,", "):", *inner],
        ["for _ in ():", "    pass", "else:", *inner],
        ["while False:", "    pass", "else:", *inner],
        ["try:", "    pass", "except (KeyError, ImportError):", "    pass", "else:", *inner, "finally:", "    pass"],
    ]
    if sys.version_info >= (3, 12):
        shapes += [["class Held[T](dict[str, T]):", "    one: list[T]", *inner]]
        shapes += [["def held[T: int, *S](one: list[T]) -> tuple[*S]:", *inner]]
    if sys.version_info >= (3, 14):
        shapes += [["try:", *inner, "except ImportError, KeyError:", "    pass"]]
    return choose.choice(shapes)


def case(choose: random.Random, package: str, number: int) -> str:
    target = f"{package}.b{number}"
    depth = choose.choice([0, 1, 1, 2, 2, 3])
    spellings = [
        *(f"import {target}", f"from {target} import B", f"from .b{number} import B", f"import {target} as z"),
        *(
            f"from . import b{number}",
            f"from {target} import (  # if 0:\n  B as C,\n)",
            f"from \\\n .b{number} import B",
        ),
        *(
            f"import os; from .b{number} import B",
            f"import os as o, {target} as z, sys as y",
            f"__import__('{target}')",
        ),
        *([] if depth else [f"from .b{number} import *", f"if 1: import {target}", f"if TC: import {target}"]),
    ]
    if sys.version_info >= (3, 15) and not depth:
        spellings += [f"lazy import {target}", f"lazy from .b{number} import B\nB"]
    before = choose.choices(["", choose.choice(BEFORE) + "\n"], [2, 1])[0]
    return HEAD + before + "\n".join(wrapped(choose, [choose.choice(spellings)], depth)) + "\n"


def really_imported(folder, package: str, modules: list[str]) -> dict[str, set[str]]:
    """Which modules of the package a real interpreter has after importing each first; a failure leaves none."""
    sys.path.insert(0, str(folder))
    found = {}
    try:
        for module in modules:
            importlib.invalidate_caches()
            # Whatever an import raises is its outcome.
            with suppress(Exception):
                importlib.import_module(module)
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
    plans = list(plan_all(analysis.components))
    importers = [f"{package}.a{number}" for number in range(CASES)]
    predictions = dict(zip(importers, predict(analysis.files, importers, project=str(folder)), strict=True))
    real = really_imported(folder, package, importers)

    hows = {(cut.importer, cut.imported): (cut.imports[0], cut.fix) for plan in plans for cut in plan.ranking.cuts}
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


USES = [
    *("x = [B for _ in (1,)]", "x = [B for B in (1,)]", "x = [B for B in (1,)]\ny = B", "x = [1 for y in (1,) if B]"),
    *("x = [y for y in B.__mro__]", "x = {B: 1 for _ in ()}", "x = (B for _ in (1,))", "x = [z for B in (1,) for z in (B,)]"),
    *("x = [[B for _ in (1,)] for B in (1,)]", "x = [B := 1 for _ in (1,)]", "(y := B)", "def f():\n    return (B := 1)"),
    *("def f():\n    global B\n    B = 1", "def f():\n    global B\n    B = 1\nf()", "def f():\n    global y\n    y = B"),
    *("@B\ndef f(): ...", "def d(g): return B and g\n@d\ndef f(): ...", "@staticmethod\ndef f(): return B", "@B\nclass C: ..."),
    *("class C(B): ...", "class C:\n    x = B", "class C:\n    B = 1\n    y = B", "class C:\n    def m(self, x=B): ..."),
    *("class C:\n    def m(self): return B", "class C:\n    def m(self): return B\nC().m()", "class C:\n    y: B"),
    "class C:\n    @property\n    def m(self): return B\nx = C().m",
    "class C:\n    def __init_subclass__(cls): B\nclass D(C): ...",
    "class C:\n    class D:\n        def m(self): return B\nx = C.D().m()",
    "class C:\n    def __set_name__(self, owner, name): B\nclass D:\n    x = C()",
    "class M(type):\n    def __call__(cls): return B\nclass C(metaclass=M): ...\nC()",
    *("def f():\n    def g(): return B\n    return g", "def f():\n    def g(): return B\n    return g\nf()()"),
    *("def f():\n    B = 1\n    def g(): return B\n    return g()\nf()", "def f(B): return B\nf(1)", "def f(x=B): ..."),
    *("match 1:\n    case B(): ...", "match 1:\n    case B: ...", "match [1]:\n    case [B, *y]: ...", "match [1]:\n    case [*B]: ..."),
    *("match {}:\n    case {'a': B}: ...", "match {}:\n    case {**B}: ...", "match 1:\n    case 1 as B: ...\ny = B"),
    *("def f(x):\n    match x:\n        case B(): ...", "match 1:\n    case 1 if B: ..."),
    *("try:\n    pass\nexcept B: ...", "try:\n    1 / 0\nexcept (ZeroDivisionError, B): ..."),
    *("try:\n    1 / 0\nexcept* B: ...\nexcept* ZeroDivisionError: ...", "try:\n    1 / 0\nexcept ZeroDivisionError as B: ..."),
    *("x = lambda: B", "x = (lambda: B)()", "x = lambda B: B", "def f(*, x=lambda: B): ...", "T = {'k': B}", "x = f'{B}'"),
    *("def f(): return B\nT = f", "def f(): return B\nT = {'k': f}\nT['k']()", "def f(): return B\ng = f\ng()"),
    *("def f(): return B\ndef g(): return f()\ng()", "def f():\n    return f() if 0 else B\nf()", "async def f(): return B"),
    *("def f(): yield B", "def f(): yield B\nx = list(f())", "import functools\n@functools.cache\ndef f(): return B\nf()"),
    *("def f(x: B): ...", "def f(x: 'B'): ...", "def f() -> B: ...", "y: B = 1", "y: 'B'", "def f():\n    y: B = 1"),
    *("if TYPE_CHECKING:\n    x = B", "if not TYPE_CHECKING:\n    x = B", "if __name__ == '__main__':\n    x = B"),
    *("with suppress(B): ...", "for B in (1,): ...", "import os as B", "B.y = 1", "x = 'B'", "x = dict(B=1)", "x = os.B if 0 else 1"),
    *("del B", "B += (1,)", "x = vars()['B']", "x = eval('B')", "def f(): return eval('B')\nf()", "assert B", "x = not B"),
    *("x = f'{B!r:>{len(str(B))}}'", "x = f'{B=}'", "x = f'''{\n  [y for y in (B,)]\n}'''", "def f(): return f'{B}'", "x = {}.get(*(B,))"),
    *("def f(B=B): return B\nf()", "def f(x, /, *, y=B): ...", "class C:\n    def m(self): B = 1; return B", "@(lambda g: g)\nclass C: ..."),
    *("def f():\n    B = 1\n    def g():\n        nonlocal B\n        B = 2\n    g()\nf()", "class C:\n    global B\n    B = 2"),
    *("try:\n    pass\nfinally:\n    x = B", "while not B: ...", "for x in (B,): ...", "for x in ():\n    B\nelse:\n    B", "if 0 and B: ..."),
    *("def f(*x: B, **y: B): ...", "def f(x: int = B) -> 'B': ...", "class C:\n    x: 'B' = 1", "class C(metaclass=type):\n    x = (B,)"),
    *("async def f():\n    return [x async for x in B]", "async def f():\n    async with B: ...", "x = (lambda: (yield B))", "x = lambda y=B: y"),
    *("sorted([1], key=lambda y: id(B))", "x = [f() for f in (lambda: B,)]", "class C:\n    x = [B for _ in (1,)]"),
]  # fmt: skip
if sys.version_info >= (3, 12):
    USES += [
        *("type X = B", "type X = B\nx = X.__value__", "type B = int", "def f[T: B](x: T): ...", "class C[T: B]: ..."),
        *("def f[B](x: B): ...", "class C[B]:\n    x: B", "def f[T: B](x: T): ...\nf.__type_params__[0].__bound__"),
        *(
            'x = f"{f"{B}"}"',
            'def f(): return f"{", ".join(f"{y}" for y in (B,))}"',
            "type X[T: B] = T",
            "class C[T](dict[str, T]):\n    x: B",
            "class C[T](list[T]):\n    x: list[T]\n    def f(self, y: dict[str, T]): return T, B",
            "def f[T](x: list[T]):\n    def g(y: list[T]) -> B: return T\n    return g([T])\nf([])",
        ),
    ]
if sys.version_info >= (3, 13):
    USES += ["def f[T = B](x: T): ...", "class C[T = B]: ...", "type X[T = B] = T"]
if sys.version_info >= (3, 14):
    USES += [
        'x = t"{B}"',
        'def f(): return t"{B}"',
        "try:\n    1 / 0\nexcept B, ZeroDivisionError: ...",
        "x: B[1]\ny = __annotations__",
    ]
FUTURE = "from __future__ import annotations\n"
EASY = (Feasibility.UNUSED, Feasibility.TYPE_ONLY, Feasibility.DEFERRABLE)


def using(choose: random.Random, number: int) -> tuple[str, str]:
    """The lines of a module, and the import among them, that uses what it takes in some ways."""
    spelled = choose.choices([f"from .b{number} import B", f"from .b{number} import *"], [9, 1])[0]
    uses = "\n".join(choose.choice(USES) for _ in range(choose.choice([1, 1, 2])))
    return f"{choose.choice(['', '', FUTURE])}{HEAD}{spelled}\n{uses}\n", spelled


@settings(
    max_examples=12, deadline=None, derandomize=True, phases=[Phase.generate], suppress_health_check=list(HealthCheck)
)
@given(seed=st.integers(0, 2**32))
def test_what_is_called_easy_to_cut_can_be_cut(tmp_path_factory, seed):
    """Without the import the module can be imported all the same, as a real interpreter and the simulation say."""
    choose = random.Random(seed)
    package = f"easy{next(_numbers)}"
    folder, rest, lazily = (tmp_path_factory.mktemp(name) for name in ("whole", "cut", "lazy"))
    cases = [using(choose, number) for number in range(CASES)]
    target = "import {package}.a{number}\nclass B(Exception):\n    def __class_getitem__(cls, key): return cls\n"
    others = {f"{package}/b{number}.py": target.format(package=package, number=number) for number in range(CASES)}
    others[f"{package}/__init__.py"] = ""
    write_files(folder, {**others, **{f"{package}/a{number}.py": text for number, (text, _) in enumerate(cases)}})
    without = {f"{package}/a{n}.py": text.replace(f"{spelled}\n", "pass\n") for n, (text, spelled) in enumerate(cases)}
    write_files(rest, {**others, **without})
    lazy = {f"{package}/a{n}.py": text.replace(spelled, f"lazy {spelled}") for n, (text, spelled) in enumerate(cases)}
    write_files(lazily, {**others, **lazy})

    analysis = analyze(package, folders=[folder])
    (plans, importers) = list(plan_all(analysis.components)), [f"{package}.a{n}" for n in range(CASES)]
    hows = {cut.importer: cut.fix for plan in plans for cut in plan.ranking.cuts}
    cut = analyze(package, folders=[rest])
    predictions = dict(zip(importers, predict(cut.files, importers, project=str(rest)), strict=True))
    kinds = {found.importer: found.kind for found in analyze(package, folders=[lazily], graph=GraphName.ALL).closing}
    fine, fine_without = (really_imported(place, package, importers) for place in (folder, rest))

    assert any(hows[importer].feasibility in EASY for importer in importers)
    for importer, (text, _) in zip(importers, cases, strict=True):
        if importer not in fine:
            continue
        if hows[importer].feasibility in EASY:
            assert importer in fine_without, (hows[importer], text)
            assert predictions[importer].entry.verdict in (Verdict.OK, Verdict.UNKNOWN), (hows[importer], text)
        if importer not in fine_without:
            # What the module's own statements need to run is no lazy import; what functions need may be one.
            assert (
                kinds[importer] in (Kind.EAGER, Kind.UNKNOWN)
                or "in the module's body" not in hows[importer].detail
                or ("lambda" in text)
            ), (kinds[importer], hows[importer], text)


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

    (plan,) = plan_all(analysis.components)

    (cut,) = [cut for cut in plan.ranking.cuts if cut.importer == "p.a"]
    assert (cut.imports[0].kind, cut.fix.feasibility) == (kind, feasibility)
