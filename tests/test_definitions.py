"""The definition graph, against a real interpreter and against a search over all moves."""

import itertools
import json
import os
import random
import subprocess
from pathlib import Path

import jsonschema
import networkx as nx
import pytest

import cycles
import golden
from conftest import program, write_files
from cycles.fixes.definition_values import Level, Need
from evaluated import seen_by

CORPUS = Path(__file__).parents[1] / "corpus"


def write(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def graph_of(folder: Path, package: str, graph: str = "import-time") -> cycles.DefinitionGraph:
    return cycles.definition_graph(cycles.analyze(package, folders=[folder], graph=graph).components[0])


def pairs(graph: cycles.DefinitionGraph, *needs: Need) -> set[tuple[str, str]]:
    return {(one.definition.name, one.needed.name) for one in graph.needs if one.need in needs}


def generated(seed: int) -> dict[str, str]:
    """A package whose definitions need each other in one direction only, so that it imports; its modules do not."""
    choose = random.Random(seed)
    count = choose.randint(6, 14)
    homes = [f"pk/{choose.choice(('', 'sub/'))}m{choose.randrange(4)}.py" for _ in range(count)]
    parts: dict[str, list[str]] = {"pk/__init__.py": [], "pk/sub/__init__.py": []}
    module = {number: homes[number][:-3].replace("/", ".") for number in range(count)}
    for number in range(count):
        earlier = [other for other in range(number) if choose.random() < 0.4]
        refs = []
        lines = parts.setdefault(homes[number], [])
        for other in earlier:
            name = f"{'f' if other % 3 == 0 else 'C' if other % 3 == 1 else 'v'}{other}"
            if module[other] != module[number]:
                style = choose.randrange(3)
                if style == 0:
                    lines.append(f"from {module[other]} import {name}")
                elif style == 1:
                    lines.append(f"import {module[other]}")
                    name = f"{module[other]}.{name}"
                else:
                    lines.append(
                        f"from {module[other].rpartition('.')[0]} import {module[other].rpartition('.')[2]} as x{other}"
                    )
                    name = f"x{other}.{name}"
            refs.append(name)
        if number % 3 == 0:
            default = f"a={refs[0]}" if refs else ""
            lines.append(f"def f{number}({default}):\n    return [{', '.join(refs[1:])}]")
        elif number % 3 == 1:
            called = [f"    x{place} = {ref}" for place, ref in enumerate(refs) if place % 2]
            later = ", ".join(ref for place, ref in enumerate(refs) if not place % 2)
            lines.append(
                "\n".join([f"class C{number}:", *called, f"    def __init__(self):\n        self.x = [{later}]"])
            )
        else:
            calls = [
                f"{ref}()" if ref.rpartition(".")[2][0] in "fC" and place % 2 else ref for place, ref in enumerate(refs)
            ]
            lines.append(f"v{number} = [{', '.join(calls)}]")
    return {path: "\n".join(lines) + "\n" for path, lines in parts.items()}


def test_needs_at_import_are_what_an_interpreter_evaluates(tmp_path):
    looked_at = 0
    for seed in range(16):
        folder = tmp_path / str(seed)
        write(folder, generated(seed))
        analysis = cycles.analyze("pk", folders=[folder])
        for component in analysis.components:
            graph = cycles.definition_graph(component)
            found, done = seen_by(folder, graph, analysis)
            if set(component.modules) <= done:
                looked_at += 1
                assert found == pairs(graph, Need.IMPORT), seed
                assert not graph.at_import
    assert looked_at > 3


@pytest.mark.parametrize(
    ("text", "needs"),
    [
        ("from k.b import X\nclass A(X): pass", Need.IMPORT),
        ("from k.b import X\ndef A(x=X): pass", Need.IMPORT),
        ("from k.b import X\n@X\ndef A(): pass", Need.IMPORT),
        ("from k.b import X\ndef A(x: X): pass", Need.ANNOTATION),
        ("from __future__ import annotations\nfrom k.b import X\ndef A(x: X): pass", Need.TYPING),
        ("from k.b import X\ndef A(): return X", Need.CALL),
        ("def A():\n    from k.b import X\n    return X", Need.CALL),
        ("def A():\n    import k.b\n    return k.b.X", Need.CALL),
        ("import k.b\nA = k.b.X", Need.IMPORT),
        ("import k\nA = k.b.X", Need.IMPORT),
        ("from k import b\nA = b.X", Need.IMPORT),
        ("from k import X\nA = X", Need.IMPORT),
        ("from k.b import *\nA = X", Need.IMPORT),
        (
            "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from k.b import X\ndef A(x: 'X'): pass",
            Need.TYPING,
        ),
        ("from k.b import X\nA = lambda: X", Need.MAYBE),
    ],
)
def test_when_a_definition_needs_another(tmp_path, text, needs):
    write(
        tmp_path,
        {
            "k/__init__.py": "from k.b import X\n",
            "k/a.py": f"{text}\n",
            "k/b.py": "class X: pass\ndef later():\n    import k.a\n",
        },
    )

    graph = graph_of(tmp_path, "k", "all")

    assert {one.need for one in graph.needs if (one.definition.name, one.needed.name) == ("k.a.A", "k.b.X")} == {needs}


@pytest.mark.parametrize(
    "text",
    [
        "def f(): return X\nA = f()",
        "class C:\n    def __init__(self): self.x = X\nA = C()",
        "class B:\n    def __init_subclass__(cls): X\nclass A(B): pass",
        "class M(type):\n    def __new__(*a): X; return type.__new__(*a)\nclass A(metaclass=M): pass",
        "class C:\n    def go(self): return X\nc = C()\nA = c.go()",
        "class C:\n    def one(self): return self.two()\n    def two(self): return X\nA = C().one()",
        "def f():\n    def g(): return X\n    return g()\nA = f()",
        "class P:\n    def __init__(self): X\nclass C(P): pass\nA = C()",
        "def f(g): X; return g\n@f\ndef A(): pass",
        "def f(n):\n    def g(made): X; return made\n    return g\n@f(1)\ndef A(): pass",
        "def f(n):\n    def g(): return X\n    return g\nA = f(1)()",
        "class C:\n    def f(self, n):\n        def g(made): X; return made\n        return g\nc = C()\n@c.f(1)\nclass A: pass",
    ],
)
def test_bodies_that_are_called_on_import_count(tmp_path, text):
    write(tmp_path, {"k/__init__.py": "", "k/a.py": f"from k.b import X\n{text}\n", "k/b.py": "X = 1\nimport k.a\n"})

    graph = graph_of(tmp_path, "k")

    needs = {(one.definition.name, one.need) for one in graph.needs if one.needed.name == "k.b.X"}
    assert ("k.a.A", Need.IMPORT) in needs or ("k.a:5", Need.IMPORT) in needs


def test_a_body_that_a_decorator_gives_back_is_not_called(tmp_path):
    text = "from k.b import X\ndef f(made):\n    def g(): return X\n    return g\n@f\ndef A(): pass\n"
    write(tmp_path, {"k/__init__.py": "", "k/a.py": text, "k/b.py": "X = 1\nimport k.a\n"})

    graph = graph_of(tmp_path, "k")

    assert not [one for one in graph.needs if one.definition.name == "k.a.A" and one.needed.name == "k.b.X"]


def test_names_for_names_are_followed_once_however_often_they_meet(tmp_path):
    values = "".join(
        f"x{place} = {{x{place - 1}, y{place - 1}}}\ny{place} = {{y{place - 1}, x{place - 1}}}\n"
        for place in range(1, 60)
    )
    text = f"from pk import b\nclass x0:\n    def __call__(self): return b.late\ny0 = x0\n{values}x59.go()\ny59()\n"
    write_files(tmp_path, {"pk/__init__.py": "", "pk/a.py": text, "pk/b.py": "from pk import a\nlate = 1\n"})

    found = pairs(graph_of(tmp_path, "pk"), Need.IMPORT)

    assert {("pk.a.x59", "pk.a.x58"), ("pk.a.x1", "pk.a.x0")} <= found


def test_imports_for_their_effect_are_kept(tmp_path):
    write(
        tmp_path,
        {
            "k/__init__.py": "",
            "k/a.py": "import k.b\ndef register(x): pass\n",
            "k/b.py": "from k.a import register\nregister(1)\n",
        },
    )

    graph = graph_of(tmp_path, "k")

    assert [(one.importer, one.imported, one.line_number) for one in graph.module_needs] == [("k.a", "k.b", 1)]
    assert [level.modules for level in graph.levels] == [("k.a", "k.b")] * 3


def test_levels_of_a_constant_in_a_package(tmp_path):
    write(
        tmp_path,
        {
            "c/__init__.py": "__version__ = '3.1'\n\nfrom c.client import Client\n",
            "c/headers.py": "from c import __version__\n\nAGENT = f'c/{__version__}'\n",
            "c/client.py": "from c.headers import AGENT\n\n\nclass Client:\n    agent = AGENT\n",
        },
    )

    graph = graph_of(tmp_path, "c")

    written, defining, lazy = graph.levels
    assert len(written.modules) == len(defining.modules) == 3
    assert [one.name for one in defining.moved or ()] == ["c.__version__"]
    assert (defining.lower_bound, lazy.level, lazy.modules) == (1, Level.LAZY, ())


def test_packages_that_run_on_the_way_count_for_names_from_outside_of_the_component(tmp_path):
    write(
        tmp_path,
        {
            "k/__init__.py": "",
            "k/dom.py": "from k.ui.base import Base\n\n\nclass Node:\n    pass\n\n\nclass Box(Base):\n    pass\n",
            "k/ui/__init__.py": "from k.ui.panes import Pane\n",
            "k/ui/base.py": "class Base:\n    pass\n",
            "k/ui/panes.py": "from k.dom import Node\n\n\nclass Pane(Node):\n    pass\n",
        },
    )

    written, defining, lazy = graph_of(tmp_path, "k").levels

    assert written.modules == defining.modules == ("k.dom", "k.ui", "k.ui.panes")
    assert [one.name for one in defining.moved or ()] == ["k.dom.Node"]
    assert lazy.modules == ()


def tangle(seed: int) -> dict[str, str]:
    """Modules of values, each of which may need any: as imports are at the end, nothing of it runs."""
    choose = random.Random(seed)
    names = [(module, name) for module in "abcd" for name in ("one", "two")]
    files = {"t/__init__.py": ""}
    for module in "abcd":
        lines = []
        for name in ("one", "two"):
            needed = [other for other in names if other != (module, name) and choose.random() < 0.2]
            lines += [f"from t.{where} import {what} as {where}_{what}" for where, what in needed if where != module]
            lines.append(
                f"{name} = [{', '.join(what if where == module else f'{where}_{what}' for where, what in needed)}]"
            )
        files[f"t/{module}.py"] = "\n".join(lines) + "\n"
    return files


def test_a_statement_that_imports_and_uses_is_a_definition(tmp_path):
    package = "X = 1\ntry:\n    from k import b\n    print(b)\nexcept ImportError:\n    pass\n"
    write(tmp_path, {"k/__init__.py": package, "k/b.py": "from k import X\nY = X\n"})

    graph = cycles.definition_graph(cycles.analyze("k", folders=[tmp_path]).components[0])

    assert [one.name for one in graph.definitions] == ["k.X", "k:2", "k.b.Y"]
    assert [level.modules for level in graph.levels] == [("k", "k.b")] * 3
    assert [level.moved and [one.name for one in level.moved] for level in graph.levels] == [None, ["k.X"], ["k.X"]]


def test_all_that_a_module_needs_of_another_moves_where_less_ends_nothing(tmp_path):
    package = "X = 1\nclass Base: size = X\nOther = [X]\nfrom k import b\nprint(b.Y)\n"
    write(tmp_path, {"k/__init__.py": package, "k/b.py": "from k import Base, Other\nclass Y(Base): other = Other\n"})

    graph = cycles.definition_graph(cycles.analyze("k", folders=[tmp_path]).components[0])

    assert [one.name for one in graph.levels[1].moved] == ["k.X", "k.Base", "k.Other"]


@pytest.mark.parametrize(
    "use",
    [
        "from k import c\nimport atexit\natexit.register(c)\n",
        "import json\nfrom k.c import late\nclass D(json.JSONEncoder):\n    def default(self, o): return late\nD.x(1)\n",
    ],
)
def test_what_others_may_run_may_be_needed_then(tmp_path, use):
    files = {"k/__init__.py": "", "k/a.py": use, "k/b.py": "import k.a\nlate = 1\n"}
    files["k/c.py"] = "from k.b import late\ndef setup(x): return late\ndef _own(): ...\n"
    write(tmp_path, files)

    graph = cycles.definition_graph(cycles.analyze("k", folders=[tmp_path]).components[0])

    assert [one[1] for one in pairs(graph, Need.MAYBE)] == ["k.b.late"]


@pytest.mark.parametrize(("use", "needed"), [("Y = Lock()\n", False), ("with Lock():\n    Y = 1\n", True)])
def test_what_entering_an_instance_runs_counts_where_something_is_entered(tmp_path, use, needed):
    lock = "class Lock:\n    def __enter__(self):\n        return late\n    def __exit__(self, *found): ...\n"
    files = {"k/__init__.py": "", "k/a.py": f"from k.b import late\n{lock}{use}", "k/b.py": "import k.a\nlate = 1\n"}
    write(tmp_path, files)

    graph = cycles.definition_graph(cycles.analyze("k", folders=[tmp_path]).components[0])

    assert (("k.a.Y", "k.b.late") in pairs(graph, Need.IMPORT)) is needed


def test_moves_end_every_cycle_and_none_are_fewer_than_the_bound(tmp_path):
    looked_at = 0
    for seed in range(30):
        write(tmp_path / str(seed), tangle(seed))
        components = cycles.analyze("t", folders=[tmp_path / str(seed)]).components
        if not components:
            continue
        graph = cycles.definition_graph(components[0])
        defining = graph.levels[1]
        needs = [(one.definition, one.needed) for one in graph.needs if one.need is Need.IMPORT]

        def acyclic(moved, needs=needs):
            place = {one: one if one in moved else one.module for pair in needs for one in pair}
            edges = {(place[user], place[needed]) for user, needed in needs} | {(one.module, one) for one in moved}
            return nx.is_directed_acyclic_graph(nx.DiGraph((a, b) for a, b in edges if a != b))

        sizes = [
            size
            for size in range(len(graph.definitions) + 1)
            if any(acyclic(frozenset(chosen)) for chosen in itertools.combinations(graph.definitions, size))
        ]
        if defining.modules and sizes:
            looked_at += 1
            assert defining.lower_bound <= sizes[0], seed
        if defining.moved is not None:
            assert acyclic(frozenset(defining.moved)), seed
    assert looked_at > 3


@pytest.mark.real
@pytest.mark.parametrize("package", ["networkx", "sqlalchemy"])
def test_no_need_of_a_real_package_is_missed(package):
    folders = sorted(CORPUS.glob(f"{package}==*"))
    analysis = cycles.analyze(package, folders=[folders[0]])
    graph = cycles.definition_graph(analysis.components[0])

    found, done = seen_by(folders[0], graph, analysis)

    unseen = set(graph.component.modules) - done
    not_found = {
        (user, needed) for user, needed in pairs(graph, Need.IMPORT) - found if user.rpartition(".")[0] not in unseen
    }
    # The interpreter has a compiled edition of one module: of what its definitions need nothing can be seen.
    assert len(unseen) <= 1
    assert found <= pairs(graph, Need.IMPORT, Need.ANNOTATION, Need.MAYBE)
    assert len(not_found) < len(found) / 50
    assert not graph.at_import


def test_text_fits_and_json_holds_the_graph(tmp_path):
    write(
        tmp_path,
        {"k/__init__.py": "", "k/a.py": "from k.b import X\nA = X\n", "k/b.py": "from k.a import A\nX = 1\nY = A\n"},
    )

    def run(*options: str) -> str:
        environment = {**os.environ, "COLUMNS": "80"}
        command = [program("cycles"), "definitions", "k", *options]
        return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, env=environment, check=True).stdout

    text = run()
    document = json.loads(run("--format", "json"))

    assert "2 modules, 3 definitions: at import time none needs itself" in text
    assert max(map(len, text.splitlines())) <= 80
    jsonschema.validate(document, json.loads((golden.SCHEMAS / "definitions.json").read_text(encoding="utf-8")))
    (component,) = document["components"]
    assert [one["name"] for one in component["definitions"]] == ["k.a.A", "k.b.X", "k.b.Y"]
    assert component["needs"] == [
        {"definition": "k.a.A", "needed": "k.b.X", "need": "import", "line_number": 2},
        {"definition": "k.b.Y", "needed": "k.a.A", "need": "import", "line_number": 3},
    ]
