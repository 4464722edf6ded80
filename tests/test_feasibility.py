"""How cuts can be made, in tables of small cases: each row a rule, or a trap."""

import pytest

import golden
from conftest import write_files
from cycles.api import analyze, find_hoistable, plan_all
from cycles.enums import Feasibility, GraphName
from cycles.model import CutFix, CutRequest, NameFix
from cycles.report.cuts import CutsDetails, cuts_as_text
from cycles.report.terminal import TextStyle
from forked import Job, outcomes

F = Feasibility
LEAF = "from p.m import anything\nclass Name: pass\ndef call(x=None): return x\n"


def hows(analysis) -> dict[tuple[str, str], CutFix]:
    return {
        (cut.importer, cut.imported): cut.fix
        for plan in plan_all(analysis.components, CutRequest(allow_reexports=True))
        for cut in plan.ranking.cuts
    }


@pytest.fixture
def how(analysed):
    def of(body: str, *, graph=GraphName.IMPORT_TIME, leaf: str = LEAF, **more: str) -> CutFix:
        others = {f"p/{name}.py": text for name, text in more.items()}
        files = {"p/__init__.py": "", "p/m.py": f"anything = 1\n{body}", "p/leaf.py": leaf, **others}
        return hows(analysed(files, graph=graph))["p.m", "p.leaf"]

    return of


IMPORT = "from p.leaf import Name\n"
FUTURE = "from __future__ import annotations\n"
ROWS = {
    "nothing uses it": (IMPORT, F.UNUSED, "nothing uses Name; remove it"),
    "a comment means it": ("from p.leaf import Name  # noqa: F401\n", F.REGISTRATION, None),
    "a plain import that nothing uses": ("import p.leaf\n", F.REGISTRATION, None),
    "a string names it": (IMPORT + "x = 'Name'\n", F.REGISTRATION, None),
    "used in a function": (IMPORT + "def f():\n    return Name()\n", F.DEFERRABLE, "Name is used only in f()"),
    "used in a method": (
        IMPORT + "class C:\n    def f(self):\n        return Name\n",
        F.DEFERRABLE,
        "Name is used only in C.f()",
    ),
    "used in an f-string of a function": (IMPORT + "def f():\n    return f'{Name}'\n", F.DEFERRABLE, None),
    "used in a match of a function": (
        IMPORT + "def f(x):\n    match x:\n        case Name():\n            return 1\n",
        F.DEFERRABLE,
        None,
    ),
    "an argument of the same name is another": (IMPORT + "def f(Name):\n    return Name\n", F.UNUSED, None),
    "a local of the same name is another": (IMPORT + "def f():\n    Name = 1\n    return Name\n", F.UNUSED, None),
    "a comprehension's own name is another": (IMPORT + "x = [Name for Name in ()]\n", F.UNUSED, None),
    "a comprehension's first iterable is not": (IMPORT + "x = [Name for Name in Name]\n", F.STRUCTURAL, None),
    "quoted annotation": (IMPORT + "def f(x: 'Name'): ...\n", F.TYPE_ONLY, None),
    "annotation of a local": (IMPORT + "def f():\n    x: Name = 1\n    return x\n", F.TYPE_ONLY, None),
    "annotation that runs": (IMPORT + "def f(x: Name): ...\n", F.ANNOTATION, None),
    "quoted field of a plain class": (IMPORT + "class C:\n    x: 'Name'\n", F.TYPE_ONLY, None),
    "quoted field of a dataclass": (
        IMPORT + "import dataclasses\n@dataclasses.dataclass\nclass C:\n    x: 'Name'\n",
        F.TYPE_ONLY,
        None,
    ),
    "quoted field of a class that looks at it": (
        IMPORT + "import pydantic\nclass C(pydantic.BaseModel):\n    x: 'Name'\n",
        F.STRUCTURAL,
        "an annotation that may be evaluated uses Name",
    ),
    "quoted annotation of a decorated function": (
        IMPORT + "from app import route\n@route\ndef f(x: 'Name'): ...\n",
        F.TYPE_ONLY,
        None,
    ),
    "get_type_hints evaluates": (
        IMPORT + "from typing import get_type_hints\ndef f(x: 'Name'): ...\nget_type_hints(f)\n",
        F.STRUCTURAL,
        None,
    ),
    "base class": (IMPORT + "class C(Name): ...\n", F.STRUCTURAL, "Name is used in the module's body"),
    "class body": (IMPORT + "class C:\n    x = Name\n", F.STRUCTURAL, "Name is used in the body of C"),
    "default": (IMPORT + "def f(x=Name): ...\n", F.STRUCTURAL, None),
    "decorator": ("from p.leaf import call\n@call\ndef f(): ...\n", F.STRUCTURAL, None),
    "lambda in the module's body": (
        IMPORT + "f = lambda: Name\n",
        F.DEFERRABLE,
        "Name is used only in the lambda on line 3",
    ),
    "lambda that is called": (
        IMPORT + "f = lambda: Name\nf()\n",
        F.STRUCTURAL,
        "Name is used in the lambda on line 3, which may run on import",
    ),
    "lambda with a default": (IMPORT + "f = lambda x=1: Name\n", F.STRUCTURAL, None),
    "lambda in a comprehension": (IMPORT + "f = [lambda: (Name, x) for x in ()]\n", F.STRUCTURAL, None),
    "lambda with a name of its class": (IMPORT + "class C:\n    f = lambda: (Name, __x)\n", F.STRUCTURAL, None),
    "type comment": (
        IMPORT + "x = []  # type: list[Name]\n",
        F.TYPE_ONLY,
        "Name is used only in annotations that are not evaluated",
    ),
    "type comment of a function": (IMPORT + "def f(x):\n    # type: (Name) -> None\n    ...\n", F.TYPE_ONLY, None),
    "type comment that ignores": (IMPORT + "x = []  # type: ignore[Name]\n", F.UNUSED, None),
    "except": (IMPORT + "try:\n    x = 1\nexcept Name:\n    x = 2\n", F.STRUCTURAL, None),
    "a function called below": (IMPORT + "def f():\n    return Name\nx = f()\n", F.STRUCTURAL, None),
    "a function that one called below calls": (
        IMPORT + "def g():\n    return Name\ndef f():\n    return g()\nx = f()\n",
        F.STRUCTURAL,
        "Name is used in g(), which may run on import",
    ),
    "a class that is made below": (
        IMPORT + "class C:\n    def f(self):\n        return Name\nx = C()\n",
        F.DEFERRABLE,
        None,
    ),
    "a method that is called below": (
        IMPORT + "class C:\n    def f(self):\n        return Name\nx = C()\nx.f()\n",
        F.STRUCTURAL,
        None,
    ),
    "a base class whose hook runs": (
        IMPORT + "class C:\n    def __init_subclass__(cls):\n        Name()\nclass D(C): ...\n",
        F.STRUCTURAL,
        None,
    ),
    "a local decorator": (
        IMPORT + "def d(f):\n    return Name and f\n@d\ndef g(): ...\n",
        F.STRUCTURAL,
        None,
    ),
    "a function in a table": (IMPORT + "def f():\n    return Name\nT = {'f': f}\n", F.DEFERRABLE, None),
    "a function in a table that is used": (
        IMPORT + "def f():\n    return Name\nT = {'f': f}\nx = T['f']()\n",
        F.STRUCTURAL,
        None,
    ),
    "a function called only in a script": (
        IMPORT + "def f():\n    return Name\nif __name__ == '__main__':\n    f()\n",
        F.DEFERRABLE,
        None,
    ),
    "bound in both branches": (
        "import os\nif os.name:\n    from p.leaf import Name\nelse:\n    Name = None\ndef f():\n    return Name\n",
        F.CONDITIONAL,
        None,
    ),
    "in a try": (
        "try:\n    from p.leaf import Name\nexcept ImportError:\n    Name = None\n",
        F.CONDITIONAL,
        None,
    ),
    "bound again": (IMPORT + "def f():\n    return Name\nName = 1\n", F.CONDITIONAL, "Name is bound again"),
    "deleted": (IMPORT + "def f():\n    return Name\ndel Name\n", F.CONDITIONAL, None),
    "bound in a function": (
        IMPORT + "def f():\n    global Name\n    Name = 1\n",
        F.CONDITIONAL,
        None,
    ),
    "bound in a class of a function": (
        IMPORT + "def f():\n    class C:\n        Name = Name\n    return C\n",
        F.CONDITIONAL,
        None,
    ),
    "declared global in a function": (IMPORT + "def f():\n    global Name\n    return Name\n", F.CONDITIONAL, None),
    "looked up": (IMPORT + "def f(n):\n    return globals()[n]\n", F.UNKNOWN, None),
    "looked up by all names": (IMPORT + "def f(n):\n    Name\n    return vars()[n]\n", F.UNKNOWN, None),
    "one module of a package of several": (
        "import p.leaf, p.other\nx = p.other.y\ndef f():\n    return p.leaf.Name\n",
        F.DEFERRABLE,
        "p.leaf is used only in f()",
    ),
    "one module of a package that is handed on": (
        "import p.leaf\nimport p.other\ndef f():\n    return p.leaf.Name\ndef g():\n    return p\n",
        F.CONDITIONAL,
        None,
    ),
    "all names of another function": (
        IMPORT + "def f():\n    return Name\ndef g(x):\n    return [vars() for y in x], locals(), dir()\n",
        F.DEFERRABLE,
        "Name is used only in f()",
    ),
    "all names of its function": (
        IMPORT + "def f():\n    def g():\n        return locals()\n    return Name\n",
        F.UNKNOWN,
        "f() asks for all of its local names",
    ),
    "all names of a class": (IMPORT + "class A:\n    x = vars()\ndef f():\n    Name\n", F.DEFERRABLE, None),
    "all names of the module": (IMPORT + "x = [vars() for _ in 'a']\ndef f():\n    Name\n", F.UNKNOWN, None),
    "run with names that are given": (
        IMPORT + "def f(x):\n    exec(x, {}), eval(x, {'x': x}, {})\n    return Name\n",
        F.DEFERRABLE,
        "Name is used only in f()",
    ),
    "run with names of what is given": (IMPORT + "def f(x):\n    eval(x, x.__dict__)\n    Name\n", F.UNKNOWN, None),
    "run with its names": (IMPORT + "def f(x):\n    exec(x, f.__globals__)\n    Name\n", F.UNKNOWN, None),
    "run with no names": (IMPORT + "def f(x):\n    eval(x, None)\n    Name\n", F.UNKNOWN, None),
    "another name looked up": (IMPORT + "y = 1\ndef f(n):\n    Name\n    return globals()['y']\n", F.DEFERRABLE, None),
    "its name looked up": (IMPORT + "def f(n):\n    Name\n    return globals()['Name']\n", F.STRUCTURAL, None),
    "its name bound by a text": (IMPORT + "def f(n):\n    globals()['Name'] = Name\n", F.UNKNOWN, None),
    "names of other things looked up": (IMPORT + "def f(n):\n    Name\n    return dir(n), vars(n)\n", F.DEFERRABLE, None),
    "in a class body": ("class C:\n    from p.leaf import Name\n", F.STRUCTURAL, None),
    "in __all__": (IMPORT + "__all__ = ['Name']\n", F.REEXPORT, "__all__ holds Name"),
    "in a computed __all__": (IMPORT + "__all__ = sorted(dir)\n", F.REEXPORT, None),
    "as itself": ("from p.leaf import Name as Name\n", F.REEXPORT, None),
    "a star": ("from p.leaf import *\n", F.REEXPORT, None),
    "two names, the hardest decides": (
        "from p.leaf import Name, call\ndef f():\n    return call()\nclass C(Name): ...\n",
        F.STRUCTURAL,
        None,
    ),
    "a call that imports": ("import importlib\nx = importlib.import_module('p.leaf')\n", F.STRUCTURAL, None),
}  # fmt: skip


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
def test_how_an_import_can_be_cut(how, row):
    body, feasibility, detail = row

    found = how(body)

    assert found.feasibility == feasibility, found
    assert detail in (None, found.detail)


@pytest.mark.parametrize(
    "more",
    [
        "if typing.TYPE_CHECKING:\n    import os\n",
        "try:\n    import tomllib\nexcept ImportError:\n    tomllib = None\nelse:\n    pass\nfinally:\n    pass\n",
        "@dataclass\nclass D: ...\n",
        "class Colour(enum.Enum): ...\nclass Late(ValueError): ...\n",
    ],
)
def test_blocks_and_classes_that_nobody_else_hears_of_only_define_names(how, more):
    assert how(IMPORT, leaf=LEAF + more).feasibility is F.UNUSED


@pytest.mark.parametrize(
    "more",
    [
        "if ready():\n    x = 1\n",
        "if x:\n    start()\n",
        "try:\n    x = 1\nfinally:\n    start()\n",
        "@register\nclass D: ...\n",
    ],
)
def test_blocks_that_call_may_be_why_it_is_imported(how, more):
    assert how(IMPORT, leaf=LEAF + more).feasibility is F.REGISTRATION


def test_what_runs_in_the_target_may_be_why_it_is_imported(how):
    found = how(IMPORT, leaf=LEAF + "print('registered')\n")

    assert (found.feasibility, found.path, found.line_number) == (F.REGISTRATION, "p/leaf.py", 4)


@pytest.mark.parametrize(
    "taker",
    [
        "from p.m import Name\n",
        "from .m import (anything,  # both )\n    Name)\n",
        "from p import m\nx = m.Name\n",
        "import p.m\nx = p.m.Name\n",
        "from p.m import *\n",
    ],
)
def test_who_takes_the_name_from_here_is_named(how, taker):
    found = how(IMPORT + "def f():\n    return Name\n", other=taker)

    assert (found.feasibility, found.path, found.line_number) == (F.REEXPORT, "p/other.py", 1)


def test_taking_something_else_is_no_reexport(how):
    assert how(IMPORT + "def f():\n    return Name\n", other="from p.m import f\n").feasibility == F.DEFERRABLE


def test_a_future_import_makes_annotations_types(analysed):
    files = {"p/m.py": FUTURE + IMPORT + "anything = 1\ndef f(x: Name) -> Name: ...\n", "p/leaf.py": LEAF}

    assert hows(analysed({"p/__init__.py": "", **files}))["p.m", "p.leaf"].feasibility == F.TYPE_ONLY


def test_a_name_taken_from_the_package_around_has_a_leaf(analysed):
    files = {
        "p/__init__.py": "from p.names import Name\nfrom p.m import C\n",
        "p/names.py": "from p.deep import Name\n",
        "p/deep.py": "class Name: ...\n",
        "p/m.py": "from p import Name\nclass C(Name): ...\n",
    }

    found = hows(analysed(files))["p.m", "p"]

    name = NameFix("p.m", 1, "Name", "Name", F.REWIRABLE, leaf="p.deep", leaf_name="Name", local="Name")
    assert found == CutFix(
        F.REWIRABLE,
        "p/m.py",
        1,
        "Name is defined in p.deep; import from there",
        ("p.deep",),
        largest_left=0,
        names=(name,),
    )


def test_a_leaf_inside_the_component_says_what_is_left(analysed):
    files = {
        "p/__init__.py": "from p.a import A\nfrom p.m import C\n",
        "p/a.py": "from p import b\nclass A: ...\n",
        "p/b.py": "from p.m import C\n",
        "p/m.py": "from p import A\nclass C(A): ...\n",
    }

    found = hows(analysed(files))["p.m", "p"]

    assert (found.leaves, found.leads_to, found.largest_left) == (("p.a",), ("p.a",), 3)


GRAPHS = {
    "deferred": ("def f():\n    from p.leaf import Name\n", GraphName.RUNTIME, F.DEFERRED),
    "for types": ("if TYPE_CHECKING:\n    from p.leaf import Name\n", GraphName.ALL, F.TYPING),
    "deferrable": (IMPORT + "def f():\n    return Name\n", GraphName.RUNTIME, F.COUPLED),
    "type-only in runtime": (IMPORT + "def f(x: 'Name'): ...\n", GraphName.RUNTIME, F.TYPE_ONLY),
    "type-only in all": (IMPORT + "def f(x: 'Name'): ...\n", GraphName.ALL, F.COUPLED),
    "unused in all": (IMPORT, GraphName.ALL, F.UNUSED),
}


@pytest.mark.parametrize("row", GRAPHS.values(), ids=GRAPHS)
def test_a_cut_is_one_in_the_graph_that_was_asked_for(how, row):
    body, graph, feasibility = row

    assert how(body, graph=graph).feasibility == feasibility


def test_a_file_that_cannot_be_parsed_is_unknown(how):
    found = how(IMPORT + "x = " + "+".join(["1"] * 20_000) + "\n")

    assert found.feasibility == F.UNKNOWN


def test_a_file_with_lazy_imports_is_no_riddle(how):
    assert how(IMPORT + "lazy import os\ndef f(): return Name\n").feasibility == F.DEFERRABLE


def agent_core(*, cheapest: bool = False, allow_reexports: bool = False):
    analysis = analyze("ee.hogai", folders=[golden.SAMPLES / "agent_core"])
    (plan,) = plan_all(analysis.components, CutRequest(cheapest=cheapest, allow_reexports=allow_reexports))
    return analysis, plan


def test_the_cuts_of_the_motivating_case_are_all_easy_and_cost_least():
    analysis, few = agent_core()
    cheap = [agent_core(cheapest=True, allow_reexports=allowed)[1] for allowed in (False, True)]

    how_of = {(cut.importer, cut.imported): cut.fix.feasibility for cut in few.ranking.cuts}
    assert sorted(how_of[pair] for pair in few.cut_set.cuts) == [F.DEFERRABLE] * 4 + [F.TYPE_ONLY]
    assert {found.cut_set.cuts for found in cheap} == {few.cut_set.cuts}
    assert [(hoist.path, hoist.line_number, hoist.already) for hoist in find_hoistable(analysis, [few])] == [
        ("ee/hogai/tools/registry/lookup.py", 8, False)
    ]


def test_a_lazy_package_is_fewer_cuts_but_never_cheaper():
    few, cheap = (agent_core(cheapest=cheapest, allow_reexports=True)[1].cut_set for cheapest in (False, True))

    assert len(few.cuts) < len(cheap.cuts)
    assert few.cost > cheap.cost


HOISTS = {
    "closes no cycle": ("def f():\n    from p.leaf import Name\n    return Name\n", True),
    "in a branch": ("def f(x):\n    if x:\n        from p.leaf import Name\n        return Name\n", False),
    "a module __getattr__": ("def __getattr__(n):\n    from p.leaf import Name\n    return Name\n", False),
    "the name is taken": ("Name = 1\ndef f():\n    from p.leaf import Name\n    return Name\n", False),
    "another function means a builtin": (
        "def f():\n    from p.leaf import print\n    print()\ndef g():\n    print()\n",
        False,
    ),
    "the same twice": ("def f():\n    from p.leaf import Name\ndef g():\n    from p.leaf import Name\n", True),
}


@pytest.mark.parametrize("row", HOISTS.values(), ids=HOISTS)
def test_what_can_be_hoisted(analysed, row):
    body, can = row
    analysis = analysed(
        {"p/__init__.py": "", "p/m.py": body, "p/leaf.py": "Name = 1\n\n\ndef f(x):\n    if x:\n        import p.m\n"}
    )

    found = [hoist for hoist in find_hoistable(analysis, ()) if hoist.importer == "p.m"]

    assert bool(found) == can


def test_what_would_break_a_first_import_is_not_hoisted(tmp_path, analysed):
    root = (
        "def __getattr__(name):\n    if name != 'chord':\n        raise AttributeError(name)\n"
        "    from p.canvas import chord\n    return chord\n"
    )
    hoisted = "from p import chord\n\n\ndef f():\n    return chord\n"
    files = {
        "p/__init__.py": root,
        "p/canvas.py": "import p.builtins\n\n\ndef chord(): pass\n",
        "p/builtins.py": "def f():\n    from p import chord\n    return chord\n",
    }

    found = find_hoistable(analysed(files), ())

    write_files(tmp_path, {**files, "p/builtins.py": hoisted})
    really = [error for error, _ in outcomes([Job([tmp_path], [module]) for module in ("p", "p.builtins", "p.canvas")])]
    assert "p.builtins" not in [hoist.importer for hoist in found]
    assert any(really)


def test_beyond_the_budget_hoists_are_said_not_to_be_replayed(analysed, monkeypatch):
    monkeypatch.setattr("cycles.api.HOIST_STEPS", 2)
    files = {
        "p/m.py": HOISTS["closes no cycle"][0],
        "p/leaf.py": "Name = 1\n\n\ndef f(x=[]):\n    for _ in x:\n        import p.m\n",
    }
    files["p/__init__.py"] = ""
    analysis = analysed(files)

    found = find_hoistable(analysis, ())
    shown = cuts_as_text(analysis, (), TextStyle(), CutsDetails(hoists=found))

    assert [hoist.replayed for hoist in found] == [False]
    assert "which modules can be imported first then is not predicted: --replay does it" in " ".join(shown.split())
    assert [hoist.replayed for hoist in find_hoistable(analysis, (), everything=True)] == [True]


TAKERS = {
    "behind a semicolon": ("import os; from p.m import Name\n", True),
    "on one line with if": ("if 1: from p.m import Name\n", True),
    "blank lines in parentheses": ("from p.m import (\n\n    # why\n\n    Name,\n)\n", True),
    "a line join": ("from p.m \\\n  import \\\n  Name\n", True),
    "in a function": ("def f():\n    from p.m import Name as N\n", True),
    "through the package": ("import p\ndef f(): return p.m.Name\n", True),
    "through the package, joined": ("import p\ndef f(): return p.m \\\n  .Name\n", True),
    "through a package by another import": ("import p.leaf\nx = (p\n  .m\n  .Name)\n", True),
    "through the module": ("from p import m\ndef f(): return m.Name\n", True),
    "through the module, joined": ("from p import m as n\nx = n \\\n  .Name\n", True),
    "by getattr": ("from p import m\nx = getattr(m, 'Name')\n", True),
    "by monkeypatch": ("from p import m\ndef test(monkeypatch):\n    monkeypatch.setattr(m, 'Name', 1)\n", True),
    "in the braces of a string": ("from p import m\nx = f'{m.Name}'\n", True),
    "in the text of a string with braces": ("from p import m\nx = f'm.Name {m}'\n", False),
    "by a text for mock.patch": ("from unittest import mock\nmock.patch('p.m.Name')\n", True),
    "by a text for what is inside it": ("import mock\nmock.patch('p.m.Name.method')\n", True),
    "another name": ("from p.m import f\nName = 1\n", False),
    "of another module that it holds": ("from p import m, leaf\nleaf.Name\n", False),
    "of something else that it reads": ("from p import m\nm.f()\nx.decorators.Name\n", False),
    "of something else next to a local name": ("from p import m\ndef f(m, x): return m, x.Name\n", False),
    "where the module is handed on": ("from p import m\nx = use(m).Name\n", True),
    "where a function hands it on": ("def f():\n    from p import m\n    return use(m).Name\n", True),
    "by globals": ("from p import m\nglobals()['m'].Name\n", True),
    "in a text that is none": ('"""See p.m.Name for more, and from p.m import Name."""\n', False),
    "in a comment": ("x = 1  # from p.m import Name, p.m.Name\n", False),
    "an attribute of something else": ("import p.leaf as leaf\nleaf.Name\n", False),
    "several modules of one package": ("from p import leaf, other\nother.Name\n", False),
}


@pytest.mark.parametrize(
    ("text", "taken"),
    [
        ("from p.m import *\nfrom p.leaf import Name\nNotNamed, Name\n", False),
        ("from p.m import *\nf()\n", False),
        ("from p.m import *\nf(Name)\n", True),
        ("from p.m import *\nglobals()['Na' + 'me']\n", True),
        ("from p.m import *\n(\n", True),
    ],
)
def test_a_test_that_takes_all_names_takes_those_that_it_uses(tmp_path, text, taken):
    files = {
        "pyproject.toml": "",
        "p/__init__.py": "",
        "p/leaf.py": "import p.m\nclass Name: pass\n",
        "p/m.py": "from p.leaf import Name\ndef f(): return Name()\n",
        "tests/test_user.py": text,
    }
    write_files(tmp_path, files)

    (plan,) = plan_all(analyze("p", folders=[tmp_path]).components)

    (cut,) = [cut for cut in plan.ranking.cuts if cut.importer == "p.m"]
    assert (cut.fix.feasibility is F.REEXPORT) is taken


@pytest.mark.parametrize(("text", "taken"), TAKERS.values(), ids=TAKERS)
@pytest.mark.parametrize("place", ["p/user.py", "tests/deep/test_user.py"])
def test_who_takes_a_name_is_found_whatever_the_layout(tmp_path, place, text, taken):
    files = {
        "pyproject.toml": "",
        "p/__init__.py": "",
        "p/leaf.py": "import p.m\nclass Name: pass\n",
        "p/other.py": "",
        "p/m.py": "from p.leaf import Name\ndef f(): return Name()\n",
        place: text,
    }
    write_files(tmp_path, files)
    analysis = analyze("p", folders=[tmp_path])

    (plan,) = plan_all(analysis.components)

    (cut,) = [cut for cut in plan.ranking.cuts if cut.importer == "p.m"]
    assert (cut.fix.feasibility is F.REEXPORT) is taken
    if taken:
        assert cut.fix.path == place


DOUBTS = {
    "an unknown decorator": ("import lib\n@lib.task\ndef f():\n    return Name\n", "decorated", "lib.task"),
    "an unknown call": ("import lib\ndef f():\n    return Name\nlib.register(f)\n", "given", "lib.register"),
    "an unknown call of a method": (
        "from lib import App\napp = App()\ndef f():\n    return Name\napp.add(f)\n",
        "given",
        "lib.App",
    ),
    "an unknown base": (
        "import lib\nclass C(lib.Base):\n    @classmethod\n    def f(cls):\n        return Name\n",
        "derived",
        "lib.Base",
    ),
}


@pytest.mark.parametrize("row", DOUBTS.values(), ids=DOUBTS)
def test_what_only_a_library_could_do_is_a_doubt(how, row):
    body, reason, by = row

    found = how(IMPORT + body)

    assert found.feasibility == F.DEFERRABLE
    assert (found.doubt.reason, found.doubt.by, found.doubt.path) == (reason, by, "p/m.py")


SURE = {
    "a known decorator": "import functools\n@functools.cache\ndef f():\n    return Name\n",
    "a decorator that wraps": "def deco(made):\n    def inner(): return made()\n    return inner\n@deco\ndef f():\n    return Name\n",
    "a registry that nobody goes through": "REG = {}\ndef reg(made):\n    REG[made.__name__] = made\n    return made\n@reg\ndef f():\n    return Name\n",
    "a known library": "import click\n@click.command()\ndef f():\n    return Name\n",
}


@pytest.mark.parametrize("body", SURE.values(), ids=SURE)
def test_what_is_known_to_leave_things_alone_is_none(how, body):
    found = how(IMPORT + body)

    assert (found.feasibility, found.doubt) == (F.DEFERRABLE, None)
