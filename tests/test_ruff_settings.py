"""What configurations say of annotations that are evaluated: such an import is not called type-only."""

import json

import pytest

from conftest import write_files
from cycles.cli import run_command

FILES = {
    "p/__init__.py": "",
    "p/a.py": "from __future__ import annotations\nfrom p.b import X\nfrom p.base import Own, checked\n{uses}",
    "p/b.py": "import p.a\nclass X: pass\nprint(p.a)\n",
    "p/base.py": "class Own: pass\ndef checked(f=None, **_): return f\n",
}
INHERITS, INDIRECT = "class A(Own):\n    x: X\n", "class B(Own): pass\nclass A(B):\n    x: X\n"
DECORATED, CALLED = "@checked\ndef f(x: X): pass\n", "@checked()\ndef f(x: X): pass\n"
PLAIN = "class A:\n    x: X\n"
BASES = 'runtime-evaluated-base-classes = ["p.base.Own"]\n'
DECORATORS = 'runtime-evaluated-decorators = ["p.base.checked"]\n'
EXEMPT = 'exempt-modules = ["p.b"]\n'
CHECKS = "[lint.flake8-type-checking]\n"


def how(folder, uses, files, capfd, monkeypatch):
    write_files(folder, {**FILES, "p/a.py": FILES["p/a.py"].format(uses=uses), **files})
    monkeypatch.chdir(folder)
    run_command(["cuts", "p", "--rank", "--format", "json"])
    found = json.loads(capfd.readouterr().out)
    (cut,) = [cut for cut in found["components"][0]["cuts"] if cut["importer"] == "p.a"]
    return cut["fix"]["kind"]


SAID = {
    "a base, of cycles": (INHERITS, {"pyproject.toml": f"[tool.cycles]\n{BASES}"}),
    "a base above the base": (INDIRECT, {"pyproject.toml": f"[tool.cycles]\n{BASES}"}),
    "a decorator, of cycles": (DECORATED, {"pyproject.toml": f"[tool.cycles]\n{DECORATORS}"}),
    "what a decorator gives": (CALLED, {"pyproject.toml": f"[tool.cycles]\n{DECORATORS}"}),
    "a module, of cycles": (PLAIN, {"pyproject.toml": f"[tool.cycles]\n{EXEMPT}"}),
    "in pyproject": (INHERITS, {"pyproject.toml": f"[tool.ruff.lint.flake8-type-checking]\n{BASES}"}),
    "in ruff.toml": (INHERITS, {"ruff.toml": CHECKS + BASES}),
    "in .ruff.toml": (DECORATED, {".ruff.toml": CHECKS + DECORATORS}),
    "as it was written before": (PLAIN, {"ruff.toml": f"[flake8-type-checking]\n{EXEMPT}"}),
    "the package around a module": (PLAIN, {"ruff.toml": f'{CHECKS}exempt-modules = ["p"]\n'}),
    "nearest to the package": (INHERITS, {"p/ruff.toml": CHECKS + BASES, "ruff.toml": CHECKS + DECORATORS}),
    "in what is extended": (INHERITS, {"ruff.toml": 'extend = "deep/base.toml"\n', "deep/base.toml": CHECKS + BASES}),
}


@pytest.mark.parametrize(("uses", "files"), SAID.values(), ids=SAID)
def test_annotations_that_are_said_to_be_evaluated_keep_their_imports(tmp_path, capfd, monkeypatch, uses, files):
    assert how(tmp_path / "silent", uses, {}, capfd, monkeypatch) == "type-only"
    assert how(tmp_path / "said", uses, files, capfd, monkeypatch) == "structural"


UNSAID = {
    "another base": (INHERITS, {"ruff.toml": f'{CHECKS}runtime-evaluated-base-classes = ["p.base.Other"]\n'}),
    "another module": (PLAIN, {"ruff.toml": f'{CHECKS}exempt-modules = ["p.bb", "b"]\n'}),
    "what the nearest file overrules": (INHERITS, {"p/ruff.toml": CHECKS, "ruff.toml": CHECKS + BASES}),
    "what extends itself": (INHERITS, {"ruff.toml": 'extend = "ruff.toml"\n'}),
    "what is extended and not there": (INHERITS, {"ruff.toml": 'extend = "gone.toml"\n'}),
    "tables that are none": (INHERITS, {"ruff.toml": "lint = 1\nflake8-type-checking = 2\n"}),
    "another tool": (INHERITS, {"pyproject.toml": f"[tool.other.flake8-type-checking]\n{BASES}# ruff\n"}),
}


@pytest.mark.parametrize(("uses", "files"), UNSAID.values(), ids=UNSAID)
def test_what_configurations_say_of_others_changes_nothing(tmp_path, capfd, monkeypatch, uses, files):
    assert how(tmp_path, uses, files, capfd, monkeypatch) == "type-only"


WRONG = {
    "no TOML": ("ruff.toml", "[lint\n", "ruff.toml:1: not valid TOML"),
    "too deep": ("ruff.toml", f"x = {'[' * 10_000}", "ruff.toml: not valid TOML (it nests too deeply)"),
    "bytes": (".ruff.toml", 'line-length = 1\nx = "\udcff"\n', ".ruff.toml:2: not UTF-8"),
    "no list": ("ruff.toml", f'{CHECKS}exempt-modules = "p"\n', "ruff.toml: exempt-modules of Ruff must be a list"),
    "no texts": ("ruff.toml", f"{CHECKS}exempt-modules = [1]\n", "ruff.toml: exempt-modules of Ruff must be a list"),
    "in pyproject": ("pyproject.toml", '[tool.cycles]\nexempt-modules = "p"\n', "exempt-modules in [tool.cycles] must"),
}


@pytest.mark.parametrize(("name", "text", "message"), WRONG.values(), ids=WRONG)
def test_a_configuration_that_cannot_be_read_is_one_sentence(tmp_path, capfd, monkeypatch, name, text, message):
    write_files(tmp_path, {**FILES, "p/a.py": FILES["p/a.py"].format(uses=PLAIN)})
    (tmp_path / name).write_bytes(text.encode("utf-8", "surrogateescape"))

    monkeypatch.chdir(tmp_path)

    status = run_command(["cuts", "p"])

    said = capfd.readouterr()
    assert (status, said.out, message in said.err, said.err.count("\n")) == (2, "", True, 1)


def test_what_only_looks_at_cycles_does_not_read_ruffs_configuration(tmp_path, monkeypatch):
    write_files(tmp_path, {**FILES, "p/a.py": FILES["p/a.py"].format(uses=PLAIN), "ruff.toml": "[lint\n"})

    monkeypatch.chdir(tmp_path)

    assert run_command(["scc", "p"]) == 0
