"""Names, and single attributes of modules, that can be taken from where they are defined."""

import pytest

from conftest import write_files
from cycles.api import analyze, plan_all
from cycles.enums import Feasibility, GraphName
from cycles.fixes.cut_fixes import sources_of
from cycles.fixes.edits import apply_to_bytes, edits_of
from forked import Job, outcomes

F = Feasibility
FACADE = {
    "p/__init__.py": "from p.core import _impl as engine\nfrom p.other import Other\nfrom p.m import M\n__version__ = '1'\n",
    "p/core.py": "class _impl: ...\nclass Late: ...\n",
    "p/other.py": "class Other: ...\ndef helper(): ...\n",
}


def fixed(folder, files, graph=GraphName.IMPORT_TIME, cut=("p.m", "p")):
    """How a cut can be made, the text of its importer then, and what importing that first really comes to."""
    analysis = analyze("p", folders=[write_files(folder, files)], graph=graph)
    cuts = {(cut.importer, cut.imported): cut for plan in plan_all(analysis.components) for cut in plan.ranking.cuts}
    fix = cuts[cut].fix
    path = folder / (cut[0].replace(".", "/") + ".py")
    after = apply_to_bytes(path.read_bytes(), edits_of([fix], sources_of(analysis.origin).modules, folder))
    ((error, _),) = outcomes([Job([folder], [cut[0]], {str(path): after}, names=True)])
    assert error is None
    return fix, after.decode()


SPLITS = {
    "one name, called otherwise there": (
        "from p import engine\nclass M(engine): ...\n",
        F.REWIRABLE,
        "from p.core import _impl as engine\nclass M(engine): ...\n",
        "engine is _impl of p.core; import from there",
    ),
    "several names": (
        "from . import (\n    engine as e,  # a\n    Other,\n)  # why\nclass M(e, Other): ...\n",
        F.REWIRABLE,
        "from .core import _impl as e\nfrom .other import Other  # why\nclass M(e, Other): ...\n",
        None,
    ),
    "one of several": (
        "from p import Other, engine\nclass M(engine):\n    def f(self): return Other\n",
        F.SPLIT,
        (
            "from p.core import _impl as engine\nclass M(engine):\n    def f(self):\n        from p import Other\n\n"
            "        return Other\n"
        ),
        "engine is _impl of p.core; import from there; Other is used only in M.f()",
    ),
    "an attribute": (
        "import p\nclass M(p.engine): ...\n",
        F.REWIRABLE,
        "from p.core import _impl as engine\nclass M(engine): ...\n",
        "p.engine is _impl of p.core; import from there",
    ),
    "an attribute of an attribute": (
        "import p\nclass M(\n    p\n    .other.Other): ...\n",
        F.REWIRABLE,
        "from p.other import Other\nclass M(\n    Other): ...\n",
        "p.other.Other is defined in p.other; import from there",
    ),
    "attributes in the body, in functions and annotations": (
        "import p\nOther = 1\nclass M(p.Other, p.core.Late):\n    def f(self, x: p.Other):\n        return p.engine\n",
        F.SPLIT,
        (
            "from typing import TYPE_CHECKING\nfrom p.other import Other as _Other\nfrom p.core import Late\n\n"
            'if TYPE_CHECKING:\n    import p\n\nOther = 1\nclass M(_Other, Late):\n    def f(self, x: "p.Other"):\n'
            "        import p\n\n        return p.engine\n"
        ),
        None,
    ),
    "a default and a body that reads more of it": (
        "import p as q\ndef f(x=q.other.helper): return q.other.helper.__name__\nclass M: y = q.other.helper.__name__\n",
        F.REWIRABLE,
        "from p.other import helper\ndef f(x=helper): return helper.__name__\nclass M: y = helper.__name__\n",
        None,
    ),
}


@pytest.mark.parametrize("row", SPLITS.values(), ids=SPLITS)
def test_what_the_body_needs_is_taken_from_where_it_is_defined(tmp_path, row):
    text, feasibility, after, detail = row

    fix, found = fixed(tmp_path, {**FACADE, "p/m.py": text})

    assert (fix.feasibility, found) == (feasibility, after)
    assert detail in (None, fix.detail)


AROUND = {
    "what a function that runs needs": (
        "import p\nclass M: ...\ndef f(): return p.start\nx = f()\n",
        "class M: ...\ndef f():\n    import p\n\n    return p.start\nx = f()\n",
    ),
    "by a name that a module of it binds too": (
        "import p\nimport p.core\nclass M: ...\ndef f(): return p.start\ndef g(): return p.core.Late\nx = f()\n",
        "import p.core\nclass M: ...\ndef f(): return p.start\ndef g(): return p.core.Late\nx = f()\n",
    ),
}


@pytest.mark.parametrize("row", AROUND.values(), ids=AROUND)
def test_a_package_around_a_module_is_there_whenever_its_functions_run(tmp_path, row):
    text, after = row

    fix, found = fixed(tmp_path, {**FACADE, "p/__init__.py": f"start = 1\n{FACADE['p/__init__.py']}", "p/m.py": text})

    assert (fix.feasibility, found) == (F.DEFERRABLE, after)


MODULES = {
    "a module by another name": (
        "from p import rest\nclass M(rest.Other): ...\n",
        F.REWIRABLE,
        "from p import other as rest\nclass M(rest.Other): ...\n",
        "rest is the module p.other; import from there",
    ),
    "an attribute that is one": (
        "import p\nclass M(p.rest.Other): ...\nx = p.core\n",
        F.REWIRABLE,
        "from p import other as rest, core\nclass M(rest.Other): ...\nx = core\n",
        None,
    ),
}


@pytest.mark.parametrize("row", MODULES.values(), ids=MODULES)
def test_a_module_that_a_package_offers_by_another_name_is_imported_as_itself(tmp_path, row):
    text, feasibility, after, detail = row

    fix, found = fixed(
        tmp_path, {**FACADE, "p/__init__.py": f"from p import other as rest\n{FACADE['p/__init__.py']}", "p/m.py": text}
    )

    assert (fix.feasibility, found) == (feasibility, after)
    assert detail in (None, fix.detail)


@pytest.mark.parametrize("other", ["other = 1\n", "def __getattr__(name): ...\n", "globals()[input] = 1\n"])
def test_a_module_whose_name_may_stand_for_something_else_is_no_leaf(tmp_path, other):
    start = f"import p.other as rest\n{other}{FACADE['p/__init__.py']}"
    files = {**FACADE, "p/__init__.py": start, "p/m.py": "from p import rest\nclass M(rest.Other): ...\n"}
    analysis = analyze("p", folders=[write_files(tmp_path, files)])

    (plan,) = plan_all(analysis.components)

    assert {cut.fix.feasibility for cut in plan.ranking.cuts if cut.importer == "p.m"} <= {F.STRUCTURAL, F.UNKNOWN}


HARD = {
    "defined in the package itself": "import p\nx = p.__version__\nclass M: ...\n",
    "the package itself": "import p\nx = p\nclass M: ...\n",
    "set from outside": "import p\np.engine = 1\nclass M: ...\n",
    "in the braces of a string": "import p\nx = f'{p.engine}' 'p.engine'\nclass M: ...\n",
    "mangled": "import p\nclass M:\n    x = p.__engine\n",
    "bound again": "import p\nclass M(p.engine): ...\np = 1\n",
}


@pytest.mark.parametrize("text", HARD.values(), ids=HARD)
def test_what_has_no_certain_leaf_stays_hard(tmp_path, text):
    analysis = analyze("p", folders=[write_files(tmp_path, {**FACADE, "p/m.py": text})])

    (plan,) = plan_all(analysis.components)

    assert {cut.fix.feasibility for cut in plan.ranking.cuts if cut.importer == "p.m"} <= {F.STRUCTURAL, F.CONDITIONAL}


def test_when_the_program_runs_functions_take_attributes_from_leaves_too(tmp_path):
    text = "import p\nclass M(p.Other): ...\ndef f(x: 'p.Other'): return p.engine\n"

    fix, after = fixed(tmp_path, {**FACADE, "p/m.py": text}, graph=GraphName.RUNTIME)

    assert fix.feasibility is F.SPLIT
    assert after == (
        "from typing import TYPE_CHECKING\nfrom p.other import Other\nfrom p.core import _impl as engine\n\n"
        "if TYPE_CHECKING:\n    import p\n\nclass M(Other): ...\ndef f(x: 'p.Other'): return engine\n"
    )


def test_an_import_in_a_function_is_taken_from_its_leaf_too(tmp_path):
    text = "class M: ...\ndef f():\n    from p import engine as e  # why\n    return e\n"

    fix, after = fixed(tmp_path, {**FACADE, "p/m.py": text}, graph=GraphName.RUNTIME)

    assert (fix.feasibility, fix.leads_to) == (F.REWIRABLE, ())
    assert after == text.replace("from p import engine as e", "from p.core import _impl as e")


def cut_by_plan(folder, files):
    """The steps of the plan, and the components that are left once all of their edits are made."""
    analysis = analyze("p", folders=[write_files(folder, files)])
    (plan,) = plan_all(analysis.components)
    edits = edits_of([cut.fix for cut in plan.cuts], sources_of(analysis.origin).modules, folder)
    for path in {edit.path for edit in edits}:
        file = folder / path
        file.write_bytes(apply_to_bytes(file.read_bytes(), [edit for edit in edits if edit.path == path]))
    return plan, analyze("p", folders=[folder]).components


def test_rewires_are_judged_together(tmp_path):
    files = {"p/__init__.py": "from p.a import A\nfrom p.b import B\nfrom p.c import C\nfrom p.d import D\n"}
    for name, other in zip("abc", "BCD", strict=True):
        files[f"p/{name}.py"] = f"from p import {other}\nclass {name.upper()}({other}): ...\n"
    files["p/d.py"] = "class D: ...\n"

    plan, left = cut_by_plan(tmp_path, files)

    assert {cut.importer: cut.fix.feasibility for cut in plan.cuts} == {f"p.{name}": F.REWIRABLE for name in "abc"}
    assert left == ()


def test_the_plan_breaks_the_cycles_that_a_rewiring_closes(tmp_path):
    files = {
        "p/__init__.py": "from p.a import A\nfrom p.m import C\n",
        "p/a.py": "from p.b import B\nclass A(B): ...\n",
        "p/b.py": "from p.m import C\nclass B:\n    def f(self): return C\n",
        "p/m.py": "from p import A\nclass C(A): ...\n",
    }

    plan, left = cut_by_plan(tmp_path, files)

    assert plan.cut_set.cuts == (("p.b", "p.m"), ("p.m", "p"))
    assert {cut.importer: (cut.fix.feasibility, cut.fix.leads_to) for cut in plan.cuts} == {
        "p.b": (F.DEFERRABLE, ()),
        "p.m": (F.REWIRABLE, ("p.a",)),
    }
    assert left == ()


def test_a_leaf_that_leads_back_for_good_is_none(tmp_path):
    files = {
        "p/__init__.py": "from p.a import A\nfrom p.m import C\n",
        "p/a.py": "from p.m import C\nx = C\nclass A: ...\n",
        "p/m.py": "from p import A\nclass C(A): ...\n",
    }
    analysis = analyze("p", folders=[write_files(tmp_path, files)])

    (plan,) = plan_all(analysis.components)

    assert {cut.fix.feasibility for cut in plan.ranking.cuts if cut.importer == "p.m"} == {F.STRUCTURAL}
