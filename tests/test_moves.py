"""Moves of definitions: real interpreters import what they make of packages, and the analysis finds the cycles gone."""

import json
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

import cycles
import golden
from conftest import program, write_files
from cycles.api import analyze_moved, edits_of, plan_all, plan_moves
from cycles.fixes.edits import apply
from cycles.fixes.values import MoveRule

KNOTS = {
    "shared types": (
        "all",
        {
            "k/__init__.py": "",
            "k/client.py": "from typing import TypedDict\n\nfrom k.redact import clean\n\n\nclass Part(TypedDict):\n    text: str\n\n\n# What is sent.\nclass Note(TypedDict):\n    role: str\n    parts: list[Part]\n\n\ndef send(note: Note) -> str:\n    return str(clean(note))\n",
            "k/redact.py": "from typing import TYPE_CHECKING\n\nif TYPE_CHECKING:\n    from k.client import Note\n\n\ndef clean(note: 'Note') -> 'Note':\n    return note\n",
        },
        {"k.client.Note", "k.client.Part"},
    ),
    "helper": (
        "all",
        {
            "k/__init__.py": "",
            "k/utils.py": "def clamp(x):\n    return max(0, x)\n",
            "k/writer.py": "from k.streams import flush\nfrom k.utils import clamp\n\n\ndef human_size(n):\n    return f'{clamp(n)} B'\n\n\ndef write(data):\n    flush(data)\n    return human_size(len(data))\n",
            "k/streams.py": "from k.utils import clamp\nfrom k.writer import human_size\n\n\ndef flush(data):\n    return human_size(clamp(len(data)))\n",
        },
        {"k.writer.human_size"},
    ),
    "constant": (
        "import-time",
        {
            "k/__init__.py": "__version__ = '3.1'\n\nfrom k.client import Client\n",
            "k/headers.py": "from k import __version__\n\nAGENT = f'k/{__version__}'\n",
            "k/client.py": "from k.headers import AGENT\n\n\nclass Client:\n    agent = AGENT\n",
        },
        {"k.__version__"},
    ),
    "base class": (
        "import-time",
        {
            "k/__init__.py": "from k.spiders import Spider\n",
            "k/spiders/__init__.py": "import re\n\n\nclass Spider:\n    name = re.escape('')\n\n    def parse(self):\n        return later()\n\n\ndef later():\n    return 1\n\n\nfrom k.spiders.feed import FeedSpider\n",
            "k/spiders/feed.py": "from k.spiders import Spider\n\n\nclass FeedSpider(Spider):\n    name = 'feed'\n",
        },
        {"k.spiders.Spider"},
    ),
    "called back": (
        "runtime",
        {
            "k/__init__.py": "",
            "k/install.py": "from k.workers import patch_workers\n\n\ndef install():\n    patch_workers()\n",
            "k/workers.py": "def patch_workers():\n    return _name()\n\n\ndef _name():\n    return 'w'\n\n\ndef bootstrap():\n    from k.install import install\n\n    install()\n",
        },
        {"k.workers.patch_workers", "k.workers._name"},
    ),
}


def imports(folder: Path, module: str) -> bool:
    return (
        subprocess.run(
            [sys.executable, "-B", "-c", f"import {module}"], cwd=folder, capture_output=True, check=False
        ).returncode
        == 0
    )


def write_plan(folder: Path, graph: str) -> tuple[list[str], list[int]]:
    """Make the moves and the cuts of the first component, one after the other; which modules each state can import."""
    analysis = cycles.analyze("k", folders=[folder], graph=graph)
    moves = plan_moves(analysis.components[0]).moves
    modules = [module.name for module in analysis.files]
    able = [[module for module in modules if imports(folder, module)]]
    moved = analyze_moved(analysis, moves)
    for move in moves:
        Path(analysis.sources.modules[move.source].path).write_text(
            moved.sources.file(move.source).text, encoding="utf-8"
        )
        Path(move.target.path).write_text(move.text, encoding="utf-8")
    able.append([module for module in modules if imports(folder, module)])
    for plan in plan_all(moved.components, cheapest=True):
        by_module: dict[str, list] = {}
        for edit in edits_of(plan.component, plan.cuts):
            by_module.setdefault(edit.module, []).append(edit)
        for module, edits in by_module.items():
            text = apply(moved.sources.file(module).text, edits)
            Path(moved.sources.modules[module].path).write_text(text, encoding="utf-8")
    able.append([module for module in modules if imports(folder, module)])
    return [definition.name for move in moves for definition in move.definitions], [len(found) for found in able]


@pytest.mark.parametrize("name", KNOTS)
def test_moves_and_cuts_leave_no_cycle_and_break_no_import(tmp_path, name):
    graph, files, expected = KNOTS[name]
    write_files(tmp_path, files)

    moved, able = write_plan(tmp_path, graph)

    assert set(moved) == expected
    assert able == sorted(able)
    assert able[-1] == len(files)
    assert cycles.analyze("k", folders=[tmp_path], graph=graph).components == ()


def test_a_move_keeps_comments_takes_imports_along_and_offers_the_name(tmp_path):
    graph, files, _ = KNOTS["shared types"]
    write_files(tmp_path, files)
    analysis = cycles.analyze("k", folders=[tmp_path], graph=graph)

    (move,) = plan_moves(analysis.components[0]).moves

    assert (move.target.name, move.path, move.is_new) == ("k._part", "k/_part.py", True)
    assert move.text == (
        "from typing import TypedDict\n\n\nclass Part(TypedDict):\n    text: str\n\n\n"
        "# What is sent.\nclass Note(TypedDict):\n    role: str\n    parts: list[Part]\n"
    )
    assert apply(files["k/client.py"], move.edits) == (
        "from k._part import Note, Part as Part\nfrom k.redact import clean\n\n\n"
        "def send(note: Note) -> str:\n    return str(clean(note))\n"
    )


def test_what_a_moved_function_uses_of_its_module_is_imported_in_it(tmp_path):
    graph, files, _ = KNOTS["base class"]
    write_files(tmp_path, files)
    analysis = cycles.analyze("k", folders=[tmp_path], graph=graph)

    (move,) = plan_moves(analysis.components[0]).moves

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

    plan = plan_moves(cycles.analyze("k", folders=[tmp_path]).components[0])

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
