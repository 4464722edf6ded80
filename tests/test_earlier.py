"""Packages as they were, read beside what they are: the same as when they are read from nothing.

What a statement imports depends on which modules there are, so a file that did not change may import something else.
"""

from collections.abc import Iterable
from pathlib import Path
from random import Random

import pytest

from conftest import write_files
from cycles.api import analyze
from cycles.make_analysis import Question, analyze_before
from cycles.model import Analysis
from inside import scan_here

_CHANGES = 200
_AT_ONCE = 50


def read_twice(before: Path, now: Path, *packages: str) -> tuple[Analysis, Analysis]:
    """The packages as they were: beside what they are now, and from nothing."""
    today = analyze(packages, folders=[now])
    same = {
        str(path): str(now / path.relative_to(before))
        for path in before.rglob("*.py")
        if (now / path.relative_to(before)).is_file()
        and (now / path.relative_to(before)).read_bytes() == path.read_bytes()
    }
    roots = [name for name in today.packages if (before / name).is_dir()]
    return analyze_before(Question(packages, [before]), today, same), analyze(packages, folders=[before], roots=roots)


def said(analysis: Analysis) -> tuple[object, ...]:
    """All that depends on what was read."""
    modules = {file.name: file.is_package for file in analysis.files}
    return modules, analysis.compiled, analysis.mentions, analysis.closing


CASES = {
    "a module appears that was a name": ({"p/a.py": "from p import x\n"}, {"p/x.py": "import p.a\n"}),
    "a module appears that was a name of a package": ({"p/a.py": "from p.s import x\n", "p/s/__init__.py": "x = 1\n"}, {"p/s/x.py": "import p.a\n"}),
    "an __init__ appears above relative imports": ({"p/s/a.py": "from . import b\nfrom .. import c\n", "p/s/b.py": "import p.s.a\n", "p/c.py": "import p.s.a\n"}, {"p/s/__init__.py": "from . import a\n"}),
    "an __init__ appears above an import from outside": ({"p/a.py": "import p.s.t.b\n", "p/s/t/b.py": "import p.a\n"}, {"p/s/t/__init__.py": "import p.a\n"}),
    "a module becomes a package": ({"p/s.py": "from . import a\nfrom .b import c\n", "p/a.py": "import p.s\n", "p/b.py": "import p.s\n"}, {"p/s.py": None, "p/s/__init__.py": "from . import a\nfrom .b import c\n"}),
    "a literal call": ({"p/a.py": 'from importlib import import_module\nimport_module("p.x")\nimport_module(".x", __package__)\n'}, {"p/x.py": "import p.a\n"}),
    "a name in another spelling": ({"p/a.py": "from p import \ufb01le\n"}, {"p/file.py": "import p.a\n"}),
    "a name in another spelling, on a line of its own": ({"p/a.py": "from p import (\n  \ufb01le,\n)\n"}, {"p/file.py": "import p.a\n"}),
    "a name in another spelling, in a string": ({"p/a.py": 'x = "\ufb01le"\nimport p.b\n', "p/b.py": "import p.a\n"}, {"p/file.py": "import p.a\n"}),
    "a name in another encoding": ({"p/a.py": "# coding: latin-1\nfrom p import m\xfc\n".encode("latin-1"), "p/b.py": "import p.a\n"}, {"p/m\xfc.py": "import p.a\n"}),
    "a name in utf-7": ({"p/a.py": b"# coding: utf-7\nfrom p import +AHg-\n"}, {"p/x.py": "import p.a\n"}),
    "a composed name": ({"p/a.py": "from p import u\u0308b\n"}, {"p/\xfcb.py": "import p.a\n"}),
    "a compiled module appears": ({"p/a.py": "from p.s import x\nfrom p.s.x import y\n", "p/s/__init__.py": "import p.a\n"}, {"p/s/x.cpython-311-x86_64-linux-gnu.so": b""}),
    "a compiled module appears in a package": ({"p/a.py": "from p import fast\n", "p/__init__.py": "import p.a\n"}, {"p/fast.so": b""}),
    "a compiled module is lazy": ({"p/a.py": "lazy from p import fast\n\nfast\n", "p/__init__.py": "import p.a\n"}, {"p/fast.so": b""}),
    "a star": ({"p/a.py": "from p.s import *\n", "p/s/__init__.py": "import p.a\n"}, {"p/s/b.py": "import p.a\n"}),
    "a module in a package of the same name": ({"p/a.py": "from p.p import p\n", "p/p/__init__.py": "import p.a\n"}, {"p/p/p.py": "import p.a\n"}),
    "a name that is backslashed": ({"p/a.py": "from p \\\n import \\\n x\n"}, {"p/x.py": "import p.a\n"}),
    "a package beside": ({"p/a.py": "import q.b\nimport q\n", "p/b.py": "import p.a\n"}, {"q/__init__.py": "import p.a\n", "q/b.py": "import p.a\n"}),
    "a plain folder beside": ({"p/a.py": "from q import b\n", "p/b.py": "import p.a\n"}, {"q/b.py": "import p.a\n"}),
    "a module that hides a folder": ({"p/a.py": "import p.s.b\n", "p/s/b.py": "import p.a\n"}, {"p/s.py": "import p.a\n"}),
    "releases of Python": ({"p/a.py": "import sys\nif sys.version_info >= (3, 9):\n    import p.b\nelse:\n    import p.c\n", "p/b.py": "import p.a\n", "p/c.py": "import p.a\n"}, {"pyproject.toml": '[project]\nname = "p"\nrequires-python = ">=3.10"\n'}),
    "a file that cannot be read": ({"p/a.py": "from p import b\nfrom p import (\n", "p/b.py": "import p.a\n"}, {"p/x.py": "import p.a\n"}),
    "a name from inside": ({"p/s/a.py": "from . import x\n", "p/s/__init__.py": "from .a import x\n"}, {"p/s/x.py": "from . import a\n"}),
    "a missing module": ({"p/a.py": "from p.s.gone import x\n", "p/s/__init__.py": "import p.a\n"}, {"p/s/gone.py": "import p.a\n"}),
    "a package of a missing module": ({"p/a.py": "from p.s.gone import x\nimport p.s.gone.y\n", "p/__init__.py": "import p.a\n"}, {"p/s/__init__.py": "import p.a\n"}),
    "a package of a missing module in between": ({"p/a.py": "import p.s.t.gone\n", "p/s/__init__.py": "import p.a\n"}, {"p/s/t/__init__.py": "import p.a\n"}),
}  # fmt: skip


@pytest.mark.parametrize("appears", [True, False])
@pytest.mark.parametrize("case", CASES)
def test_what_a_file_imports_depends_on_the_modules_that_were_there(tmp_path, case, appears):
    there, more = CASES[case]
    there = {"p/__init__.py": "", "pyproject.toml": "", **there}
    with_more = {name: text for name, text in {**there, **more}.items() if text is not None}
    before = write_files(tmp_path / "before", there if appears else with_more)
    now = write_files(tmp_path / "now", with_more if appears else there)

    beside, alone = read_twice(before, now, "p")

    assert said(beside) == said(alone)


_NAMES = ("a", "b", "x", "file", "\ufb01le", "m\xfc", "s", "t")


def _statement(random: Random) -> str:
    one, two, three = (random.choice(_NAMES) for _ in range(3))
    return random.choice(
        (
            f"from p import {one}",
            f"from p import {one} as {two}",
            f"from p.{one} import {two}",
            f"from p.{one} import *",
            f"from p.{one}.{two} import {three}",
            f"import p.{one}",
            f"import p.{one}.{two}",
            f"import p.{one}.{two}.{three}",
            f"from . import {one}, {two}",
            f"from .. import {one}",
            f"from .{one} import {two}",
            f"from ..{one} import {two}",
            f"from ..{one}.{two} import {three}",
            f"from p import (  # why\n    {one},\n    {two},\n)",
            f'import_module("p.{one}.{two}")',
            f'import_module(".{one}", __package__)',
            f"import q.{one}",
            f"if TYPE_CHECKING:\n    from p.{one} import {two}",
            f"def f():\n    from p.{one} import {two}",
            f"lazy from p.{one} import {two}\n{two}",
        )
    )


def _project(random: Random) -> dict[str, str | bytes]:
    folders = ["p", *(f"p/{name}" for name in random.sample(_NAMES, 3)), "q"]
    folders += [f"{folder}/{random.choice(_NAMES)}" for folder in folders[1:3]]
    files: dict[str, str | bytes] = {"p/__init__.py": "", "p/a.py": "import q.a\n", "q/a.py": "import p.a\n"}
    for folder in folders:
        names = [*random.sample(_NAMES, random.randint(1, 4)), *(["__init__"] if random.random() < 0.6 else [])]
        for name in names:
            text = "\n".join(_statement(random) for _ in range(random.randint(1, 4)))
            files[f"{folder}/{name}.py"] = f"{text}\n"
        if random.random() < 0.2:
            files[f"{folder}/{random.choice(_NAMES)}.so"] = b""
    return files


def _changed(random: Random, files: dict[str, str | bytes], others: Iterable[str]) -> dict[str, str | bytes]:
    """Some files less and some more, with most of them as they were."""
    gone = random.sample(sorted(files), random.randint(0, 3))
    more = dict.fromkeys(random.sample(sorted(others), random.randint(0, 3)), "import p.a\n")
    return {name: text for name, text in {**files, **more}.items() if name not in gone or name == "p/a.py"}


@pytest.mark.parametrize("first", range(0, _CHANGES, _AT_ONCE))
def test_unchanged_files_are_read_as_if_from_nothing(tmp_path, first):
    for seed in range(first, first + _AT_ONCE):
        random = Random(seed)
        files = _project(random)
        before = write_files(tmp_path / f"{seed}/before", files)
        now = write_files(tmp_path / f"{seed}/now", _changed(random, files, _project(random)))

        with scan_here():
            beside, alone = read_twice(before, now, "p")

        assert said(beside) == said(alone), seed
