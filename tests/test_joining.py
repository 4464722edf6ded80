"""New import statements next to others of their module, and blocks that hold nothing but what goes."""

import subprocess
import sys

import pytest

from conftest import program, write_files
from cycles.fixes.edits import without_imports
from cycles.patching.tidy import joined

ONE = "from p import a\n"


@pytest.mark.parametrize(
    ("before", "after", "result"),
    [
        (ONE, ONE + "from p import b\n", "from p import a, b\n"),
        ("from . import a\n", "from . import b\nfrom . import a\n", "from . import b, a\n"),
        (ONE, ONE + "from p import b\nfrom p import c\nx = 1\n", "from p import a, b, c\nx = 1\n"),
        (ONE, ONE + "from q import b\n", None),
        (ONE, ONE + "\nfrom p import b\n", None),
        (ONE, ONE + "from p import b as c\n", None),
        (ONE, ONE + "from p import b  # why\n", None),
        (ONE, ONE + "from p import *\n", None),
        (ONE, ONE + "from .p import b\n", None),
        (ONE + "from p import b\n", ONE + "from p import b\nfrom p import c\n", None),
        (ONE, ONE + "from p import b\n)\n", None),
        (
            "from p import one_name_of_some_length_or_more, another_name_of_some_length\n",
            "from p import one_name_of_some_length_or_more, another_name_of_some_length\nfrom p import a_third_long_name\n",
            "from p import (\n    one_name_of_some_length_or_more,\n    another_name_of_some_length,\n    a_third_long_name,\n)\n",
        ),
    ],
)
def test_a_new_statement_is_joined_to_one_of_its_module_unless_they_were_apart_before(before, after, result):
    assert joined(before, after) == (after if result is None else result)


@pytest.mark.parametrize(
    ("text", "places", "left"),
    [
        ("if T:\n    import a\n    from b import c, d\nx = 1\n", {(2, 11), (3, 18), (3, 21)}, "x = 1\n"),
        ("if t.T:\n    import a\n\nx = 1\n", {(2, 11)}, "x = 1\n"),
        ("if T:\n    import a\n    import b\n", {(2, 11)}, "if T:\n    import b\n"),
        ("if T:\n    import a\nelse:\n    a = 1\n", {(2, 11)}, "if T:\n    pass\nelse:\n    a = 1\n"),
        ("if f():\n    import a\n", {(2, 11)}, "if f():\n    pass\n"),
    ],
)
def test_a_block_goes_with_its_last_import_where_nothing_else_happens_there(text, places, left):
    assert without_imports(text.encode(), places).decode().lstrip("\n") == left


def test_what_only_moved_code_needed_under_type_checking_goes_with_it(tmp_path):
    write_files(
        tmp_path,
        {
            "pyproject.toml": "",
            "p/__init__.py": "",
            "p/a.py": "from p.b import helper\nfrom p.base import One\n\n\nclass A(One, helper()):\n    pass\n",
            "p/b.py": (
                "from __future__ import annotations\n\nfrom typing import TYPE_CHECKING\n\nfrom p.a import A\n\n"
                "if TYPE_CHECKING:\n    from p.d import D\n\n\nclass B(A):\n    pass\n\n\n"
                "def helper(x: D = None):\n    return type('C', (), {})\n"
            ),
            "p/base.py": "class One:\n    pass\n",
            "p/d.py": "class D:\n    pass\n",
        },
    )

    done = subprocess.run(
        [program("cycles"), "fix", "p", "--moves", "--write"], cwd=tmp_path, capture_output=True, check=False
    )

    assert done.returncode == 0, done.stderr
    text = (tmp_path / "p" / "b.py").read_text()
    assert "TYPE_CHECKING" not in text
    assert "helper" in text
    for module in ("p.a", "p.b"):
        subprocess.run([sys.executable, "-c", f"import {module}"], cwd=tmp_path, check=True)
