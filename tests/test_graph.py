"""Which imports each graph holds, what they imply, and what holds a component."""

import sys

import pytest

from conftest import pairs
from cycles.enums import GraphName, Kind, Tag
from cycles.graph import components
from cycles.graph.build import entered_packages
from cycles.model import HoldingImports

MODULES = {"a", "a.b", "a.b.c", "a.b.c.d", "a.m", "x.y", "x.y.z"}


@pytest.mark.parametrize(
    ("importer", "imported", "entered"),
    [
        ("a.m", "a.b.c.d", ("a.b", "a.b.c")),
        ("a", "a.b.c", ("a.b",)),
        ("a.b.c.d", "a.b.c", ()),
        ("x.y", "a.m", ("a",)),
        ("a.m", "x.y.z", ("x.y",)),
        ("a.m", "a.m", ()),
        ("ab", "a.m", ("a",)),
    ],
)
def test_packages_that_an_import_enters(importer, imported, entered):
    assert entered_packages(importer, imported, MODULES) == entered


RING = {
    "p/__init__.py": "",
    "p/a.py": "import p.b\n",
    "p/b.py": "def f():\n    import p.c\n",
    "p/c.py": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import p.d\n",
    "p/d.py": "if __name__ == '__main__':\n    import p.a\nimport p.c\n",
}


@pytest.mark.parametrize(
    ("graph", "sizes"), [(GraphName.IMPORT_TIME, []), (GraphName.RUNTIME, []), (GraphName.ALL, [4])]
)
def test_each_graph_holds_its_kinds(analysed, graph, sizes):
    analysis = analysed(RING, graph=graph)

    assert [len(component.modules) for component in analysis.components] == sizes


def test_a_component_says_what_holds_it(analysed):
    analysis = analysed(RING, graph=GraphName.ALL)

    assert analysis.components[0].held_by == (HoldingImports(imports=1, kind=Kind.TYPING, package=None),)


def test_eager_imports_that_close_a_cycle_hold_it(analysed):
    analysis = analysed({"p/__init__.py": "", "p/a.py": "import p.b", "p/b.py": "import p.a"})

    assert analysis.components[0].held_by == ()


OUTER = {
    "outer/__init__.py": "import inner.leaf\n",
    "outer/deep/__init__.py": "",
    "outer/deep/mod.py": "",
    "inner/__init__.py": "",
    "inner/leaf.py": "import outer.deep.mod\n",
}


def test_a_package_that_runs_on_the_way_closes_a_cycle(analysed):
    analysis = analysed(OUTER, package="outer", roots=["inner"])

    assert pairs(analysis) == ["inner.leaf ~> outer", "outer -> inner.leaf"]
    assert analysis.components[0].held_by == (HoldingImports(imports=1, kind=None, package="outer"),)
    assert analysis.components[0].dependencies[0].imports[0].imported == "outer.deep.mod"


def test_a_sub_package_lists_the_components_that_touch_it(analysed):
    files = {
        "p/__init__.py": "",
        "p/a.py": "import p.s.b\nimport p.c\n",
        "p/s/__init__.py": "",
        "p/s/b.py": "import p.a\n",
        "p/c.py": "import p.d\n",
        "p/d.py": "import p.c\n",
    }

    analysis = analysed(files, package="p.s")

    assert (analysis.package, analysis.packages, analysis.modules, analysis.imports) == ("p.s", ("p",), 2, 1)
    assert [(component.modules, component.inside) for component in analysis.components] == [(("p.a", "p.s.b"), 1)]


def test_a_self_import_is_reported_apart(analysed):
    analysis = analysed({"p/__init__.py": "", "p/a.py": "def f():\n    from p import a\n"}, graph=GraphName.ALL)

    assert analysis.components == ()
    assert [(found.importer, found.imported, found.line_number) for found in analysis.self_imports] == [
        ("p.a", "p.a", 2)
    ]


def test_a_compiled_module_of_the_own_package_needs_nothing_of_it(analysed):
    files = {"p/__init__.py": "import p.a\n", "p/a.py": "from p import fast\n", "p/fast.cpython-311.so": b""}

    assert pairs(analysed(files)) == []
    assert pairs(analysed(files, graph=GraphName.ALL)) == ["p -> p.a", "p.a -> p"]


DYNAMIC = {
    'import importlib\nimportlib.import_module("p."\n "a")\n': "eager",
    'import importlib\nimportlib.import_module("p.2024-01-01")\nimportlib.import_module("p.a")\n': "eager",
    'import importlib\nimportlib.import_module("p.a")\n': "eager",
    "import importlib\nx = importlib.import_module('.a', __package__)\n": "eager",
    "from importlib import import_module\nx = import_module('.a', package='p')\n": "eager",
    '__import__("p.a.name")\n': "eager",
    'f = lambda: __import__("p.a")\n': "deferred",
    'f = [lambda x: x, __import__("p.a")]\n': "eager",
    'def f(x=__import__("p.a")): pass\n': "eager",
    'def f(): return __import__("p.a")\n': "deferred",
    'if x: __import__(\n  "p.a")\n': "eager conditional",
    'class C:\n    x = __import__("p.a")\n': "eager",
    '@__import__("p.a").wrap\ndef f():\n    pass\n': "eager",
}


@pytest.mark.parametrize(("text", "kind"), DYNAMIC.items())
def test_a_literal_dynamic_import_counts_where_it_stands(analysed, text, kind):
    analysis = analysed({"p/__init__.py": "", "p/a.py": "import p.b\n", "p/b.py": text}, graph=GraphName.ALL)

    (statement,) = analysis.components[0].dependencies[1].imports
    assert " ".join([statement.kind, *statement.tags]) == f"{kind} dynamic"


@pytest.mark.parametrize(
    "text",
    ['x = "import_module(\'p.a\')"', '# __import__("p.a")', '__import__("json")', 'import_module(name, "p.a")', '__import__(f"p.a")', '__import__("p.a" + name)', '__import__("p.a" % name)'],
)  # fmt: skip
def test_what_only_looks_like_a_dynamic_import_is_none(analysed, text):
    analysis = analysed({"p/__init__.py": "", "p/a.py": "import p.b\n", "p/b.py": text}, graph=GraphName.ALL)

    assert analysis.components == ()


LAZY_USES = {
    "x = a.f()": True,
    "class C(a.Base): pass": True,
    "def f(x=a.DEFAULT): pass": True,
    "def f(x=g(a.b, 1)): pass": True,
    "@a.wrap\ndef f(): pass": True,
    "print(f'{a.x}')": True,
    "x: a.T = a.make()": True,
    "f = sorted(x, key=a.key)": True,
    "f = [lambda: 1, a.x]": True,
    "f = lambda: a.x": False,
    "def f(x, y: a.T = 1, *z: a.T) -> dict[a.K, a.V]: pass": False,
    "def f(): return a.f()": False,
    "f = lambda: 1\ndef g(x: a.T) -> a.T: pass": False,
    "x: a.T = 1": False,
    "x.a = 1": False,
    "f(a=1)": False,
    "'a'": False,
    "if TYPE_CHECKING:\n    a.x": False,
}


@pytest.mark.parametrize(("text", "used"), LAZY_USES.items())
def test_a_lazy_import_used_at_module_level_is_eager(analysed, text, used):
    files = {"p/__init__.py": "", "p/a.py": "import p.b\n", "p/b.py": f"lazy from p import a\n{text}\n"}

    analysis = analysed(files, graph=GraphName.ALL)

    (statement,) = analysis.components[0].dependencies[1].imports
    assert (statement.kind, statement.tags) == ((Kind.EAGER, (Tag.LAZY,)) if used else (Kind.LAZY, ()))


@pytest.mark.parametrize(
    "text", ["def f[T: (int, str)](x: T, y: int = a.b, *, z=(1, a)) -> T: pass", "type X = 1\na.b"]
)
def test_what_a_lazy_import_does_is_unknown_where_this_python_cannot_parse_the_module(analysed, text):
    files = {"p/__init__.py": "", "p/a.py": "import p.b\n", "p/b.py": f"lazy from p import a\n{text}\n"}

    analysis = analysed(files)

    (statement,) = analysis.components[0].dependencies[1].imports
    kind = Kind.EAGER if sys.version_info >= (3, 12) else Kind.UNKNOWN
    assert (statement.kind, statement.tags) == (kind, (Tag.LAZY,))


def test_names_and_lines_of_an_import_are_kept(analysed):
    files = {
        "p/__init__.py": "",
        "p/a.py": "from p.b import (  # both\n    one,\n    two as three,\n)\nimport p.b as again\n",
        "p/b.py": "from p import a, missing\n",
    }

    analysis = analysed(files)

    first, second = analysis.components[0].dependencies[0].imports
    assert (first.line_number, first.line_contents, first.names) == (1, "from p.b import (  # both", ("one", "two"))
    assert (second.line_number, second.line_contents, second.names) == (5, "import p.b as again", ())
    assert analysis.components[0].dependencies[1].imports[0].names == ("a",)


def test_components_are_looked_for_once_in_each_graph(analysed, monkeypatch):
    """Once in the widest graph, to know which imports matter, and once in each of the three; parts of them apart."""
    asked = []
    before = components.strongly_connected

    def counted(pairs):
        pairs = list(pairs)
        asked.append(len(pairs))
        return before(pairs)

    monkeypatch.setattr(components, "strongly_connected", counted)
    monkeypatch.setattr("cycles.make_analysis.strongly_connected", counted)

    analysis = analysed(
        {"p/__init__.py": "", "p/a.py": "import p.b\n", "p/b.py": "import p.a\n", "p/c.py": "import p.a\n"}
    )

    # The last looks at the eager imports of the one component alone.
    assert [len(found.modules) for found in analysis.components] == [2]
    assert asked[4:] == [2]


@pytest.mark.parametrize(
    ("statement", "kind"),
    [
        ("from p.sub._fast import x", "eager"),
        ("import p.sub._fast.inner", "eager"),
        ("import os, p . sub . _fast . inner as x", "eager"),
        ("import p.sub.\\\n_fast.inner", "eager"),
        ("from p . sub \\\n  . generated import x", "eager"),
        ("from p.sub.generated.deep import (\n    x,\n)", "eager"),
        ("from .sub.generated import x", "eager"),
        ("if 1: from p.sub._fast import x", "eager"),
        ("def f():\n    from p.sub._fast import x", "deferred"),
    ],
)
def test_an_import_of_a_module_without_source_runs_the_packages_on_the_way(analysed, statement, kind):
    files = {
        "p/__init__.py": "",
        "p/sub/__init__.py": "import p.a\n",
        "p/sub/_fast.cpython-311-x86_64-linux-gnu.so": "",
        "p/a.py": f"{statement}\ntext = 'from p.sub.nowhere import x'\n",
        "p/sub/own.py": "from p.sub._fast import x\nfrom . import generated\n",
    }

    analysis = analysed(files, graph=GraphName.RUNTIME)

    assert pairs(analysis) == ["p.a ~> p.sub", "p.sub -> p.a"]
    assert [statement.kind for statement in analysis.components[0].dependencies[0].imports] == [kind]
    assert len(pairs(analysed(files, graph=GraphName.IMPORT_TIME))) == (2 if kind == "eager" else 0)
    # As grimp sees it.
    assert pairs(analysed(files, graph=GraphName.ALL)) == []


def test_an_import_of_a_compiled_module_is_called_so_and_can_be_cut(analysed):
    files = {
        "p/__init__.py": "",
        "p/sub/__init__.py": "import p.a\n",
        "p/sub/_fast.so": "",
        "p/a.py": "from p.sub._fast import x\ndef f(): return x\n",
    }

    (component,) = analysed(files).components

    (statement,) = component.dependencies[0].imports
    assert (statement.imported, statement.tags, statement.names) == ("p.sub._fast", (Tag.EXTENSION,), ("x",))


def test_what_no_supported_python_runs_is_in_all_alone(analysed):
    files = {
        "pyproject.toml": "[project]\nrequires-python = '>=3.10'\n",
        "p/__init__.py": "",
        "p/a.py": "import sys\nif sys.version_info < (3, 9):\n    import p.b\nelse:\n    import p.c\n",
        "p/b.py": "import p.a\n",
        "p/c.py": "import p.a\n",
    }

    assert pairs(analysed(files)) == pairs(analysed(files, graph=GraphName.RUNTIME)) == ["p.a -> p.c", "p.c -> p.a"]
    assert "p.a -> p.b" in pairs(analysed(files, graph=GraphName.ALL))
