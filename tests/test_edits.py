"""The edits that make fixes: each row a layout of source text, before and after."""

from pathlib import Path

import pytest

import golden
from conftest import write_files
from cycles.api import analyze, plan_all
from cycles.fixes.cut_fixes import sources_of
from cycles.fixes.edits import Refusal, RefusedError, apply_to_bytes, edits_of, names_at, without_imports
from cycles.model import Edit
from cycles.source.read_sources import read_again

LEAF = "from p.m import anything\nclass Name: pass\nclass Other: pass\nclass Third: pass\n"
USED = "\n\n\ndef f():\n    return Name\n"


def made(folder: Path, text: str | bytes, **more: str) -> bytes:
    """The file `p/m.py` with every import of `p.leaf` cut by its fix."""
    content = text if isinstance(text, bytes) else text.encode()
    others = {f"p/{name}.py": content for name, content in more.items()}
    write_files(folder, {"p/__init__.py": "", "p/m.py": content, "p/leaf.py": LEAF, **others})
    analysis = analyze("p", folders=[folder])
    cuts = [cut for plan in plan_all(analysis.components) for cut in plan.ranking.cuts]
    fixes = [cut.fix for cut in cuts if (cut.importer, cut.imported) == ("p.m", "p.leaf")]
    edits = edits_of(fixes, sources_of(analysis.origin).modules, folder)
    return apply_to_bytes(content, edits)


ROWS = {
    "the only import, in a function and for types": (
        "from __future__ import annotations\n\nfrom p.leaf import Name\n\n\ndef f(x: Name):\n    return Name\n",
        (
            "from __future__ import annotations\n\nfrom typing import TYPE_CHECKING\n\n"
            "if TYPE_CHECKING:\n    from p.leaf import Name\n\n\n"
            "def f(x: Name):\n    from p.leaf import Name\n\n    return Name\n"
        ),
    ),
    "removed": ("from p.leaf import Name\nanything = 1\n", "anything = 1\n"),
    "removed with its comment": ("from p.leaf import Name  # why\nanything = 1\n", "anything = 1\n"),
    "a comment above stays": ("# section\nfrom p.leaf import Name\nanything = 1\n", "# section\nanything = 1\n"),
    "a comment above goes along": (
        "import os\n\n# Late:\n#  it is slow.\nfrom p.leaf import Name\n\nanything = 1" + USED,
        "import os\n\nanything = 1\n\n\ndef f():\n    # Late:\n    #  it is slow.\n    from p.leaf import Name\n\n    return Name\n",
    ),
    "a comment above what nothing uses goes": (
        "import os\n\n# Late\nfrom p.leaf import Name\n\nanything = 1\n",
        "import os\n\nanything = 1\n",
    ),
    "a comment on two imports stays": (
        "import os\n# ours\nfrom p.leaf import Name\nimport re\nanything = 1" + USED,
        "import os\n# ours\nimport re\nanything = 1\n\n\ndef f():\n    from p.leaf import Name\n\n    return Name\n",
    ),
    "a comment on two imports that go goes along": (
        "import os\n# ours\nfrom p.leaf import Name\nfrom p.leaf import Other\nanything = 1\ndef f(): return Name, Other\n",
        "import os\nanything = 1\ndef f():\n    # ours\n    from p.leaf import Name, Other\n\n    return Name, Other\n",
    ),
    "a comment for a tool stays": (
        "import os\n# isort: off\nfrom p.leaf import Name\n\nanything = 1\n",
        "import os\n# isort: off\n\nanything = 1\n",
    ),
    "a comment goes into every function": (
        "import os\n# late\nfrom p.leaf import Name\n\nanything = 1\ndef f():\n    return Name\ndef g():\n    return Name\n",
        "import os\n\nanything = 1\ndef f():\n    # late\n    from p.leaf import Name\n\n    return Name\ndef g():\n    # late\n    from p.leaf import Name\n\n    return Name\n",
    ),
    "a comment goes with the types rather than into functions": (
        "import os\n# late\nfrom p.leaf import Name\n\nanything = 1\ndef f(x: 'Name'):\n    return Name\n",
        (
            "from typing import TYPE_CHECKING\nimport os\n\n"
            "if TYPE_CHECKING:\n    # late\n    from p.leaf import Name\n\nanything = 1\n"
            "def f(x: 'Name'):\n    from p.leaf import Name\n\n    return Name\n"
        ),
    ),
    "what types need stands where it can join what is taken of typing already": (
        "import functools\nfrom typing import Any\n\nfrom p.leaf import Name\n\n\ndef f(x: 'Name') -> Any:\n    return functools\n",
        (
            "import functools\nfrom typing import TYPE_CHECKING\nfrom typing import Any\n\n"
            "if TYPE_CHECKING:\n    from p.leaf import Name\n\n\ndef f(x: 'Name') -> Any:\n    return functools\n"
        ),
    ),
    "a comment behind goes along, but for what it says of the place": (
        "from p.leaf import Name  # type: ignore[attr-defined]  # noqa: E402\nanything = 1\ndef f():\n    return Name\n",
        "anything = 1\ndef f():\n    from p.leaf import Name  # type: ignore[attr-defined]\n\n    return Name\n",
    ),
    "a comment behind a bracket goes along": (
        "from p.leaf import (  # slow\n    Name,  # one\n)\nanything = 1\ndef f():\n    return Name\n",
        "anything = 1\ndef f():\n    from p.leaf import Name  # slow\n\n    return Name\n",
    ),
    "what a comment says of a name that only type comments use stays": (
        "from typing import TYPE_CHECKING\nfrom p.leaf import Name  # noqa: F401\nanything = 1  # type: Name\n",
        (
            "from typing import TYPE_CHECKING\n\nif TYPE_CHECKING:\n    from p.leaf import Name  # noqa: F401\n\n"
            "anything = 1  # type: Name\n"
        ),
    ),
    "a body that a backslash joins to its header": (
        "from p.leaf import Name\nanything = 1\ndef f(): \\\n    return Name\n",
        "anything = 1\ndef f():\n    from p.leaf import Name\n\n    return Name\n",
    ),
    "a comment stays where a function is on one line with others": (
        "import os\n# late\nfrom p.leaf import Name\n\nanything = 1\ndef f(): 'Doc.'; return Name\n",
        "import os\n# late\n\nanything = 1\ndef f(): 'Doc.'; from p.leaf import Name; return Name\n",
    ),
    "between semicolons": ("import os; from p.leaf import Name; anything = 1\n", "import os; anything = 1\n"),
    "the last behind semicolons": ("anything = 1; from p.leaf import Name  # c\n", "anything = 1  # c\n"),
    "two behind a semicolon": (
        "anything = 1; from p.leaf import Name; from p.leaf import Other\n",
        "anything = 1\n",
    ),
    "two that fill a line": ("from p.leaf import Name; from p.leaf import Other;\nanything = 1\n", "anything = 1\n"),
    "no end of the last line": ("anything = 1\nfrom p.leaf import Name", "anything = 1\n"),
    "joined lines": ("from p.leaf \\\n  import \\\n  Name\nanything = 1\n", "anything = 1\n"),
    "in brackets": (
        "from p.leaf import (\n    Name,  # one\n    Other,\n)\nanything = 1\ndef f(): return Other\n",
        "anything = 1\ndef f():\n    from p.leaf import Other\n\n    return Other\n",
    ),
    "into a function": (
        "from p.leaf import Name\nanything = 1" + USED,
        "anything = 1\n\n\ndef f():\n    from p.leaf import Name\n\n    return Name\n",
    ),
    "after a docstring and before comments": (
        'from p.leaf import Name\nanything = 1\ndef f():\n    """Doc."""\n\n    # why\n    return Name\n',
        'anything = 1\ndef f():\n    """Doc."""\n    from p.leaf import Name\n\n    # why\n    return Name\n',
    ),
    "before another import": (
        "from p.leaf import Name\nanything = 1\ndef f():\n    import os\n    return Name\n",
        "anything = 1\ndef f():\n    from p.leaf import Name\n    import os\n    return Name\n",
    ),
    "a docstring on the line": (
        'from p.leaf import Name\nanything = 1\ndef f(): "doc"; return Name\n',
        'anything = 1\ndef f(): "doc"; from p.leaf import Name; return Name\n',
    ),
    "methods, async, nested: the outermost function, once": (
        (
            "from p.leaf import Name as N\nanything = 1\nclass C:\n\tasync def f(\n\t\tself,\n\t):\n\t\tdef g():\n"
            "\t\t\treturn N, N\n\t\treturn g\n\n\tdef other(self):\n\t\treturn 1\n"
        ),
        (
            "anything = 1\nclass C:\n\tasync def f(\n\t\tself,\n\t):\n\t\tfrom p.leaf import Name as N\n\n\t\tdef g():\n"
            "\t\t\treturn N, N\n\t\treturn g\n\n\tdef other(self):\n\t\treturn 1\n"
        ),
    ),
    "before a decorator": (
        "from p.leaf import Name\nanything = 1\ndef f():\n    @(\n        Name)\n    def g(): ...\n    return g\n",
        "anything = 1\ndef f():\n    from p.leaf import Name\n\n    @(\n        Name)\n    def g(): ...\n    return g\n",
    ),
    "several names into one function": (
        "from p.leaf import Name, Other\nimport p.leaf as leaf\nanything = 1\ndef f(): return Name, Other, leaf\n",
        (
            "anything = 1\ndef f():\n    from p.leaf import Name, Other\n    import p.leaf as leaf\n\n"
            "    return Name, Other, leaf\n"
        ),
    ),
    "each into its function": (
        "from p.leaf import (Name,\n  Other)\nanything = 1\ndef f():\n  return Name\ndef g():\n  return Other\n",
        (
            "anything = 1\ndef f():\n  from p.leaf import Name\n\n  return Name\ndef g():\n  from p.leaf import Other\n\n"
            "  return Other\n"
        ),
    ),
    "in place of a lambda": (
        "import dataclasses\nfrom p.leaf import Name\n\n\nclass C:\n    y = dataclasses.field(default_factory=lambda: Name())\n\n\nanything = 1\n",
        (
            "import dataclasses\n\n\ndef _with_name():\n    from p.leaf import Name\n\n    return Name()\n\n\n"
            "class C:\n    y = dataclasses.field(default_factory=_with_name)\n\n\nanything = 1\n"
        ),
    ),
    "in place of lambdas with arguments, on several lines": (
        "from p.leaf import Name as N\n\n_with_n = 0\n# both\nT = [lambda a, *b: (\n    N, a), lambda: N\n  or 1, _with_n]\nanything = 1\n",
        (
            "\n_with_n = 0\n\n\ndef _with_n_2(a, *b):\n    from p.leaf import Name as N\n\n    return (\n    N, a)\n\n\n"
            "def _with_n_3():\n    from p.leaf import Name as N\n\n    return (\nN\n  or 1\n)\n\n\n"
            "# both\nT = [_with_n_2, _with_n_3, _with_n]\nanything = 1\n"
        ),
    ),
    "types": (
        "from p.leaf import Name\n\nanything = 1\ndef f(x: 'Name'): ...\n",
        (
            "from typing import TYPE_CHECKING\n\nif TYPE_CHECKING:\n    from p.leaf import Name\n\nanything = 1\n"
            "def f(x: 'Name'): ...\n"
        ),
    ),
    "types, the only import of a section": (
        "from __future__ import annotations\n\nfrom p.leaf import Name\n\nanything = 1\ndef f(x: Name): ...\n",
        (
            "from __future__ import annotations\n\nfrom typing import TYPE_CHECKING\n\n"
            "if TYPE_CHECKING:\n    from p.leaf import Name\n\nanything = 1\ndef f(x: Name): ...\n"
        ),
    ),
    "types and functions": (
        (
            '"""Doc."""\nfrom __future__ import annotations\n\nimport os\nfrom p.leaf import Name\n'
            "anything = 1\ndef f(x: Name): return Name\n"
        ),
        (
            '"""Doc."""\nfrom __future__ import annotations\n\nfrom typing import TYPE_CHECKING\nimport os\n\n'
            "if TYPE_CHECKING:\n    from p.leaf import Name\n\n"
            "anything = 1\ndef f(x: Name):\n    from p.leaf import Name\n\n    return Name\n"
        ),
    ),
    "types, where there is a block": (
        (
            "import typing as t\nfrom p.leaf import Name\nif t.TYPE_CHECKING:\n  import os  # c\n\nanything = 1\n"
            "def f(x: 'Name'): ...\n"
        ),
        (
            "import typing as t\nif t.TYPE_CHECKING:\n  import os  # c\n  from p.leaf import Name\n\nanything = 1\n"
            "def f(x: 'Name'): ...\n"
        ),
    ),
    "types, where the name is known": (
        "import typing as t\nfrom p.leaf import Name\nanything = 1\ndef f(x: 'Name'): ...\n",
        "import typing as t\n\nif t.TYPE_CHECKING:\n    from p.leaf import Name\n\nanything = 1\ndef f(x: 'Name'): ...\n",
    ),
    "evaluated annotations": (
        (
            "from typing import TYPE_CHECKING\nfrom p.leaf import Name\nanything = 1\n"
            "def f(x: Name | None, y: 'Name', *z: list['Name']) -> dict[\n    'str', Name]: ...\n"
        ),
        (
            "from typing import TYPE_CHECKING\n\nif TYPE_CHECKING:\n    from p.leaf import Name\n\nanything = 1\n"
            "def f(x: \"Name | None\", y: 'Name', *z: list['Name']) -> \"dict['str', Name]\": ...\n"
        ),
    ),
    "evaluated annotations and a function": (
        "from typing import TYPE_CHECKING\nfrom p.leaf import Name\nanything = 1\ndef f(x: Name): return Name\n",
        (
            "from typing import TYPE_CHECKING\n\nif TYPE_CHECKING:\n    from p.leaf import Name\n\nanything = 1\n"
            'def f(x: "Name"):\n    from p.leaf import Name\n\n    return Name\n'
        ),
    ),
}


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"], ids=["LF", "CRLF", "CR"])
def test_a_fix_is_made_and_nothing_else_changes(tmp_path, row, newline):
    before, after = (text.replace("\n", newline) for text in row)

    found = made(tmp_path, before).decode()

    assert found == after


BYTES = {
    "a byte order mark": (b"\xef\xbb\xbffrom p.leaf import Name\nanything = 1\n", b"\xef\xbb\xbfanything = 1\n"),
    "another encoding": (
        "# coding: latin-1\nfrom p.leaf import Name; é = anything = 1\n".encode("latin-1"),
        "# coding: latin-1\né = anything = 1\n".encode("latin-1"),
    ),
    "wide letters before": (
        "é = '日本'; anything = 1; from p.leaf import Name; 本 = 1\n".encode(),
        "é = '日本'; anything = 1; 本 = 1\n".encode(),
    ),
    "bytes of no encoding in a comment": (
        b"from p.leaf import Name\nanything = 1  # caf\xe9\n",
        b"anything = 1  # caf\xe9\n",
    ),
    "form feeds": (b"import os\n\x0cfrom p.leaf import Name\n\x0canything = 1\n", b"import os\n\x0canything = 1\n"),
    "mixed ends of lines": (
        b"from p.leaf import Name\r\nanything = 1\rdef f():\n  return Name\r\n",
        b"anything = 1\rdef f():\n  from p.leaf import Name\r\n\r\n  return Name\r\n",
    ),
}


@pytest.mark.parametrize(("before", "after"), BYTES.values(), ids=BYTES)
def test_bytes_that_are_not_edited_stay(tmp_path, before, after):
    assert made(tmp_path, before) == after


def test_no_edits_leave_every_byte():
    for path in [*Path("tests").glob("*.py"), *golden.SAMPLES.rglob("*.py")]:
        data = path.read_bytes()

        assert apply_to_bytes(data, []) == data


def test_an_edit_that_the_encoding_cannot_write_is_refused():
    edit = Edit("m", "m.py", 2, 0, 2, 0, "from 日本 import x\n")

    with pytest.raises(RefusedError) as refused:
        apply_to_bytes(b"# coding: latin-1\nx = 1\n", [edit])

    assert (refused.value.reason, refused.value.path) == (Refusal.ENCODING, "m.py")


def test_other_texts_are_analysed_without_being_written(tmp_path):
    files = {
        "p/__init__.py": "",
        "p/a.py": "from p.b import B\nimport importlib\nimportlib.import_module('p.c')\n",
        "p/b.py": "import p.a\nclass B: ...\n",
        "p/c.py": "",
    }
    analysis = analyze("p", folders=[write_files(tmp_path, files)])

    same = read_again(analysis.mentions, analysis.sources, [file.name for file in analysis.files])
    cache = analysis.sources.replace_texts({"p.b": "import p.c\n__import__('p.d')\n"})
    other = read_again(analysis.mentions, cache, ["p.b"])

    assert same == analysis.mentions
    assert [(found.importer, found.imported, found.line_number) for found in other] == [
        ("p.a", "p.b", 1),
        ("p.a", "p.c", 3),
        ("p.b", "p", 2),
        ("p.b", "p.c", 1),
    ]
    assert cache.file("p.a") is analysis.sources.file("p.a")
    assert (tmp_path / "p" / "b.py").read_text() == files["p/b.py"]


def test_what_import_statements_take_at_some_places_goes():
    text = (
        b"import a, b\r\nfrom c import (\r\n    d,\r\n    e,\r\n)\r\nif 1:\r\n    import f\r\nelse:\r\n    import g\r\n"
    )
    places = [(1, 10), (3, 4), (4, 4), (7, 11)]

    named = dict(names_at(text, places))

    assert named == {(1, 10): "b", (3, 4): "d", (4, 4): "e", (7, 11): "f"}
    assert without_imports(text, places) == b"import a\r\nif 1:\r\n    pass\r\nelse:\r\n    import g\r\n"


@pytest.mark.parametrize(("hub", "rewired"), [(".hub", ".leaf"), ("p.hub", "p.leaf")])
def test_an_import_that_is_rewired_is_as_relative_as_it_was(tmp_path, hub, rewired):
    text = f"from {hub} import Name as N\n\nbase = N + 1\n"
    others = {
        "p/__init__.py": "",
        "p/leaf.py": "Name = 1\n",
        "p/hub.py": "from p.m import base\nfrom p.leaf import Name\nX = base\n",
    }
    write_files(tmp_path, {"p/m.py": text, **others})
    analysis = analyze("p", folders=[tmp_path])
    (plan,) = plan_all(analysis.components)
    fixes = [cut.fix for cut in plan.ranking.cuts if cut.importer == "p.m"]

    edits = edits_of(fixes, sources_of(analysis.origin).modules, tmp_path)
    after = apply_to_bytes(text.encode(), edits).decode()

    assert after == f"from {rewired} import Name as N\n\nbase = N + 1\n"
