"""Moves of definitions: real interpreters import what they make of packages, and the analysis finds the cycles gone."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest

import cycles
import golden
from conftest import program, write_files
from cycles.api import plan_all
from cycles.fixes.cut_fixes import sources_of
from cycles.fixes.definition_values import MoveRule
from cycles.fixes.edits import apply, edits_of
from cycles.model import CutRequest, Ways
from cycles.moves_for_cuts import (
    all_moves,
    analyze_moved,
    cheapest_moves,
    move_planner,
    move_where_cheaper,
    plan_asked,
)

KNOTS = {
    "shared types": (
        "all",
        {
            "k/__init__.py": "",
            "k/client.py": "from typing import TypedDict\n\nfrom k.redact import clean\n\n\nclass Part(TypedDict):\n    text: str\n\n\n# What is sent.\nclass Note(TypedDict):\n    role: str\n    parts: list[Part]\n\n\ndef send(note: Note) -> str:\n    return str(clean(note))\n",
            "k/redact.py": "from typing import TYPE_CHECKING\n\nif TYPE_CHECKING:\n    from k.client import Note\n\n\ndef clean(note: 'Note') -> 'Note':\n    return note\n",
        },
        {"k.client.Note": "k._types", "k.client.Part": "k._types"},
    ),
    "helper": (
        "all",
        {
            "k/__init__.py": "",
            "k/utils.py": "def clamp(x):\n    return max(0, x)\n",
            "k/writer.py": "from k.streams import flush\nfrom k.utils import clamp\n\n\ndef human_size(n):\n    return f'{clamp(n)} B'\n\n\ndef write(data):\n    flush(data)\n    return human_size(len(data))\n",
            "k/streams.py": "from k.utils import clamp\nfrom k.writer import human_size\n\n\ndef flush(data):\n    return human_size(clamp(len(data)))\n",
        },
        {"k.writer.human_size": "k.utils"},
    ),
    "constant": (
        "import-time",
        {
            "k/__init__.py": "__version__ = '3.1'\n\nfrom k.client import Client\n",
            "k/headers.py": "from k import __version__\n\nAGENT = f'k/{__version__}'\n",
            "k/client.py": "from k.headers import AGENT\n\n\nclass Client:\n    agent = AGENT\n",
        },
        {"k.__version__": "k._version"},
    ),
    "base class": (
        "import-time",
        {
            "k/__init__.py": "from k.spiders import Spider\n",
            "k/spiders/__init__.py": "import re\n\n\nclass Spider:\n    name = re.escape('')\n\n    def parse(self):\n        return later()\n\n\ndef later():\n    return 1\n\n\nfrom k.spiders.feed import FeedSpider\n",
            "k/spiders/feed.py": "from k.spiders import Spider\n\n\nclass FeedSpider(Spider):\n    name = 'feed'\n",
        },
        {"k.spiders.Spider": "k.spiders._spider"},
    ),
    "called back": (
        "runtime",
        {
            "k/__init__.py": "",
            "k/install.py": "from k.workers import patch_workers\n\n\ndef install():\n    patch_workers()\n",
            "k/workers.py": "def patch_workers():\n    return _name()\n\n\ndef _name():\n    return 'w'\n\n\ndef bootstrap():\n    from k.install import install\n\n    install()\n",
        },
        {"k.install.install": "k.workers"},
    ),
    "only user": (
        "all",
        {
            "k/__init__.py": "",
            "k/report.py": "import os\n\nfrom k.rows import read\n\n\n# What parts rows.\ndef parts(row):\n    return row.split(os.sep)\n\n\ndef show(path):\n    return read(path)\n",
            "k/rows.py": "import re\n\nfrom k.report import parts\n\nBLANK = re.compile(' ')\n\n\ndef read(path):\n    return parts(BLANK.sub('', path))\n",
        },
        {"k.report.parts": "k.rows"},
    ),
    "only user, for types": (
        "all",
        {
            "k/__init__.py": "",
            "k/shop.py": "from typing import Protocol\n\nfrom k.till import pay\n\n\nclass Payer(Protocol):\n    purse: int\n\n\ndef sell(who):\n    return pay(who)\n",
            "k/till.py": "from typing import TYPE_CHECKING\n\nif TYPE_CHECKING:\n    from k.shop import Payer\n\n\ndef pay(who: 'Payer') -> int:\n    return who.purse\n",
        },
        {"k.shop.Payer": "k.till"},
    ),
    "version": (
        "import-time",
        {
            "k/__init__.py": "__version__ = '3.1'\n\nfrom k.client import Client\n",
            "k/_version.py": "commit = 'abc'\n",
            "k/headers.py": "from k import __version__\n\nAGENT = f'k/{__version__}'\n",
            "k/client.py": "from k.headers import AGENT\n\n\nclass Client:\n    agent = AGENT\n",
        },
        {"k.__version__": "k._version"},
    ),
    "errors": (
        "import-time",
        {
            "k/__init__.py": "",
            "k/errors.py": "class BaseError(Exception):\n    pass\n\n\nif __name__ == '__main__':\n    print(BaseError)\n",
            "k/load.py": "import k.store\nfrom k.errors import BaseError\n\n\nclass LoadError(BaseError):\n    pass\n\n\nX = k.store\n",
            "k/store.py": "from k.load import LoadError\n\n\nclass StoreError(LoadError):\n    pass\n",
        },
        {"k.load.LoadError": "k.errors"},
    ),
    "next to names that are handed on": (
        "import-time",
        {
            "k/__init__.py": "",
            "k/lazy.py": "def lazy(names):\n    return set(names), names['__name__']\n",
            "k/errors.py": "class KError(Exception):\n    pass\n\n\nclass TooLong(KError):\n    size = 1\n\n\nfrom k import http\nfrom k.lazy import lazy\n\n\ndef told():\n    return http.Line\n\n\nlazy(globals())\n",
            "k/http.py": "from k.errors import KError, TooLong\n\n\nclass Line:\n    limit = TooLong.size\n\n\ndef read():\n    raise KError\n",
        },
        {"k.errors.KError": "k._errors", "k.errors.TooLong": "k._errors"},
    ),
    "all that a module needs": (
        "import-time",
        {
            "k/__init__.py": "FAST = 'fast'\n\n\nclass Base:\n    features = [FAST]\n\n\nfrom k import html\n\nbuilders = [html.Html]\n",
            "k/html.py": "from k import FAST, Base\n\n\nclass Html(Base):\n    features = [FAST, 'html']\n",
        },
        {"k.FAST": "k._base", "k.Base": "k._base"},
    ),
    "from the leaf": (
        "all",
        {
            "k/__init__.py": "from k._config import config\nfrom k._writer import Writer\n",
            "k/_config.py": "config = {}\n",
            "k/_schema.py": "from k import config\n\n\ndef service():\n    return config.get('service')\n",
            "k/_writer.py": "from k._schema import service\n\n\nclass Writer:\n    def name(self):\n        return service()\n",
        },
        {},
    ),
    "typing only": (
        "all",
        {
            "k/__init__.py": "",
            "k/node.py": "from __future__ import annotations\n\nfrom typing import TYPE_CHECKING\n\nif TYPE_CHECKING:\n    from k.tree import Tree\n\nName = str\n\n\nclass Node:\n    tree: Tree\n    name: Name\n",
            "k/tree.py": "from __future__ import annotations\n\nfrom typing import TYPE_CHECKING\n\nif TYPE_CHECKING:\n    from k.node import Name\n\n\nclass Tree:\n    root: Name\n",
        },
        {"k.node.Name": "k._name"},
    ),
}
"""Knots as people untie them: the graph, the modules, and which definitions go where."""


def imports(folder: Path, module: str) -> bool:
    return (
        subprocess.run(
            [sys.executable, "-B", "-c", f"import {module}"], cwd=folder, capture_output=True, check=False
        ).returncode
        == 0
    )


def write_plan(folder: Path, graph: str) -> tuple[dict[str, str], list[int]]:
    """Make the moves and the cuts of the first component, one after the other; which modules each state can import."""
    analysis = cycles.analyze("k", folders=[folder], graph=graph)
    moves = cheapest_moves(analysis, analysis.components[0]).moves
    modules = [module.name for module in analysis.files]
    able = [[module for module in modules if imports(folder, module)]]
    moved = analyze_moved(analysis, moves)
    for move in moves:
        Path(analysis.sources.modules[move.source].path).write_text(
            moved.sources.file(move.source).text, encoding="utf-8"
        )
        Path(move.target.path).write_text(move.text, encoding="utf-8")
    able.append([module for module in modules if imports(folder, module)])
    for plan in plan_all(moved.components, CutRequest(cheapest=True)):
        by_module: dict[str, list] = {}
        read = sources_of(moved.origin)
        for edit in edits_of([cut.fix for cut in plan.cuts], read.modules, read.project):
            by_module.setdefault(edit.module, []).append(edit)
        for module, edits in by_module.items():
            text = apply(moved.sources.file(module).text, edits)
            Path(moved.sources.modules[module].path).write_text(text, encoding="utf-8")
    able.append([module for module in modules if imports(folder, module)])
    homes = {definition.name: move.target.name for move in moves for definition in move.definitions}
    return homes, [len(found) for found in able]


@pytest.mark.parametrize("name", KNOTS)
def test_moves_and_cuts_leave_no_cycle_and_break_no_import(tmp_path, name):
    graph, files, expected = KNOTS[name]
    write_files(tmp_path, files)

    moved, able = write_plan(tmp_path, graph)

    assert moved == expected
    assert able == sorted(able)
    assert able[-1] == len(files)
    assert cycles.analyze("k", folders=[tmp_path], graph=graph).components == ()


def test_a_move_keeps_comments_takes_imports_along_and_offers_the_name(tmp_path):
    graph, files, _ = KNOTS["shared types"]
    write_files(tmp_path, files)
    analysis = cycles.analyze("k", folders=[tmp_path], graph=graph)

    (move,) = move_planner(analysis.components[0]).fewest().moves

    assert (move.target.name, move.path, move.is_new) == ("k._types", "k/_types.py", True)
    assert move.text == (
        "from typing import TypedDict\n\n\nclass Part(TypedDict):\n    text: str\n\n\n"
        "# What is sent.\nclass Note(TypedDict):\n    role: str\n    parts: list[Part]\n"
    )
    assert apply(files["k/client.py"], move.edits) == (
        "from k._types import Note, Part as Part\nfrom k.redact import clean\n\n\n"
        "def send(note: Note) -> str:\n    return str(clean(note))\n"
    )


def test_what_a_moved_function_uses_of_its_module_is_imported_in_it(tmp_path):
    graph, files, _ = KNOTS["base class"]
    write_files(tmp_path, files)
    analysis = cycles.analyze("k", folders=[tmp_path], graph=graph)

    (move,) = move_planner(analysis.components[0]).fewest().moves

    assert "        from k.spiders import later\n\n        return later()\n" in move.text
    assert "import re" not in apply(files["k/spiders/__init__.py"], move.edits)


@pytest.mark.parametrize(
    ("definition", "rule"),
    [
        ("X = __name__", MoveRule.OWN_MODULE),
        ("import os\nif os.sep:\n    X = 1", MoveRule.CONDITIONAL),
        ("X = 1\nX = 2", MoveRule.REBOUND),
        ("X = 1\ndef f():\n    global X\n    X = 2", MoveRule.REBOUND),
        ("X = 1; Y = 2", MoveRule.SHARED_LINE),
        ("import atexit\n@atexit.register\ndef X(): pass", MoveRule.REGISTERED),
        ("def X():\n    global Y\n    Y = 2", MoveRule.GLOBAL),
    ],
)
def test_what_cannot_move_is_refused_by_a_rule(tmp_path, definition, rule):
    write_files(
        tmp_path,
        {
            "k/__init__.py": "",
            "k/a.py": f"{definition}\nfrom k.b import V\nW = V\n",
            "k/b.py": "from k.a import X\nV = X\n",
        },
    )

    plan = move_planner(cycles.analyze("k", folders=[tmp_path]).components[0]).fewest()

    assert (plan.moves, [one.rule for one in plan.refused]) == ((), [rule])


def test_cuts_with_moves_in_text_and_json(tmp_path):
    write_files(tmp_path, KNOTS["constant"][1])

    def run(*options: str) -> str:
        command = [program("cycles"), "cuts", "k", "--moves", *options]
        return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True).stdout

    text, document = run(), json.loads(run("--format", "json"))

    assert "move 1 definition (1 line) first" in text
    assert max(map(len, text.splitlines())) <= 80
    jsonschema.validate(document, json.loads((golden.SCHEMAS / "cuts.json").read_text(encoding="utf-8")))
    assert [one["definitions"] for found in document["moves"] for one in found["moves"]] == [["k.__version__"]]
    assert [step["fix"]["kind"] for step in document["components"][0]["plan"]] == ["rewirable"]


WRITER = "from k.streams import flush\nfrom k.utils import clamp\n\n\ndef size(n):\n    return f'{clamp(n)} B'\n\n\ndef write(data):\n    flush(data)\n    return size(len(data))\n"
STREAMS = (
    "from k.utils import clamp\nfrom k.writer import size\n\n\ndef flush(data):\n    return size(clamp(len(data)))\n"
)


@pytest.mark.parametrize(
    ("utils", "more", "home"),
    [
        ("def clamp(x):\n    return max(0, x)\n", "", "k.utils"),
        ("def clamp(x):\n    return max(0, x)\n\n\nsize = 1\n", "", "k._size"),
        ("from __future__ import annotations\ndef clamp(x):\n    return max(0, x)\n", "", "k._size"),
        ("def clamp(x):\n    return globals()[x](0, x)\n", "", "k._size"),
        ("def clamp(x):\n    return max(0, x)\n", "from k.utils import *\n", "k._size"),
        ("__all__ = ['clamp']\ndef clamp(x):\n    return max(0, x)\n", "from k.utils import *\n", "k.utils"),
    ],
)
def test_a_module_that_is_there_takes_only_what_it_can(tmp_path, utils, more, home):
    files = {"k/__init__.py": "", "k/utils.py": utils, "k/writer.py": WRITER, "k/streams.py": STREAMS, "k/m.py": more}
    write_files(tmp_path, files)
    analysis = cycles.analyze("k", folders=[tmp_path], graph="all")

    plan = cheapest_moves(analysis, analysis.components[0])

    assert [move.target.name for move in plan.moves] == [home]


def test_a_module_that_is_there_gets_the_imports_that_it_lacks(tmp_path):
    head = (
        "import os\nfrom typing import TYPE_CHECKING\n\nimport re\n\nif TYPE_CHECKING:\n    from k.data import Data\n"
    )
    utils = "import os\n\n\ndef clamp(x):\n    return os.sep * x\n\n\n# As a program.\nif __name__ == '__main__':\n    clamp(1)"
    write_files(
        tmp_path,
        {
            "k/__init__.py": "",
            "k/utils.py": utils,
            "k/data.py": "class Data: pass\n",
            "k/writer.py": f"{head}{WRITER}".replace(
                "def size(n):\n", "# In bytes.\ndef size(n: 'Data') -> str:\n    os, re\n"
            ),
            "k/streams.py": STREAMS,
        },
    )
    analysis = cycles.analyze("k", folders=[tmp_path], graph="all")

    (move,) = cheapest_moves(analysis, analysis.components[0]).moves

    assert move.text == (
        "from typing import TYPE_CHECKING\nimport os\nimport re\n\nif TYPE_CHECKING:\n    from k.data import Data\n\n\n"
        "def clamp(x):\n    return os.sep * x\n\n\n# In bytes.\ndef size(n: 'Data') -> str:\n    os, re\n"
        "    return f'{clamp(n)} B'\n\n\n# As a program.\nif __name__ == '__main__':\n    clamp(1)"
    )
    assert apply(utils, move.target_edits) == move.text


def test_two_components_move_to_different_modules(tmp_path):
    write_files(
        tmp_path,
        {
            "k/__init__.py": "",
            **{
                f"k/{name}{end}.py": f"from k.{name}{other} import {'Base' if other == 'a' else 'B'}\n\n\n{text}"
                for name in ("one", "two")
                for end, other, text in (
                    ("a", "b", "class Base:\n    def go(self):\n        return B\n\n\nX = B\n"),
                    ("b", "a", "class B(Base):\n    pass\n"),
                )
            },
        },
    )
    analysis = cycles.analyze("k", folders=[tmp_path])

    plans = all_moves(analysis, analysis.components)

    targets = [move.target.name for _, plan in plans for move in plan.moves]
    assert len(targets) == len(set(targets)) == 2


@pytest.mark.parametrize(
    ("mark", "moved"),
    [
        (
            'def mark(cls):\n    "Doc."\n    if not cls:\n        raise TypeError\n    ALL.add(cls)\n    cls.x = 1\n    return cls\n',
            1,
        ),
        ("def mark(cls):\n    ALL.append(cls)\n    return cls\n", 0),
        ("def mark(cls):\n    ALL.add(1)\n    return cls\n", 0),
        ("def mark(cls):\n    if not cls:\n        return None\n    return cls\n", 0),
        ("def mark(cls):\n    return 1\n", 0),
        ("def mark(cls):\n    other.x = 1\n    return cls\n", 0),
        ("mark = print\n", 0),
        ("from json import loads as mark\n", 0),
    ],
)
def test_decorators_that_only_mark_move_along(tmp_path, mark, moved):
    write_files(
        tmp_path,
        {
            "k/__init__.py": "",
            "k/marks.py": f"ALL = set()\n{mark}",
            "k/a.py": "from k.marks import mark\nfrom k.b import V\n\n\n@mark\nclass X: pass\n\n\nW = V\n",
            "k/b.py": "from k.a import X\nV = X\n",
        },
    )

    plan = move_planner(cycles.analyze("k", folders=[tmp_path]).components[0]).fewest()

    assert (len(plan.moves), [one.rule for one in plan.refused]) == (moved, [] if moved else [MoveRule.REGISTERED])


def test_so_much_that_nobody_calls_it_a_small_move_stays(tmp_path):
    chain = "".join(f"C{number} = [C{number - 1}]\n" for number in range(1, 40))
    files = {
        "k/__init__.py": "",
        "k/a.py": f"C0 = 1\n{chain}from k.b import B\nA = B\n",
        "k/b.py": "from k.a import C39\nB = C39\n",
    }
    write_files(tmp_path, files)

    analysis = cycles.analyze("k", folders=[tmp_path])

    plan = cheapest_moves(analysis, analysis.components[0])

    assert plan.moves == ()


def test_where_nothing_can_move_no_more_imports_are_cut_than_without_moves(tmp_path):
    uses = "from k.app import mcp\n\nmcp.add(1)\n"
    files = {
        "k/__init__.py": "",
        "k/app.py": "if len('a') == 1:\n    mcp = set()\n\nimport k.r\nimport k.s\n",
        "k/r.py": "import k.a\nimport k.b\n",
        "k/s.py": "import k.c\n",
        **{f"k/{name}.py": uses for name in "abc"},
    }
    write_files(tmp_path, files)
    analysis = cycles.analyze("k", folders=[tmp_path])
    request = CutRequest(ways=Ways(lazy=True, avoid_code=True))

    left, components, planned = move_where_cheaper(analysis, analysis.components, request.ways)
    (plan,) = plan_asked(components, request)
    (cheapest,) = plan_all(components, replace(request, cheapest=True))

    assert [found.moves for _, found in planned] == [()]
    assert left is analysis
    assert (len(plan.cuts), len(cheapest.cuts)) == (2, 3)
    command = [program("cycles"), "cuts", "k", "--moves"]
    text = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True).stdout
    assert text.startswith("component #1 around app: nothing to move; ")
    assert "2 imports leaves no cycle (proven" in text
    assert "may end them" not in text
