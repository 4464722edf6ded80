"""Files that are no Python: the error, and its line, are those that the compiler tells of the file's bytes."""

import itertools

import pytest

from conftest import write_files
from cycles.api import analyze
from cycles.simulate.first_import_report import entrances

FUTURE = "from __future__ import annotations"
WRONG = (
    *("return 1", "nonlocal x", "def f(a, a): ...", "break", "await g()", "yield 1", "f() = 1", "  x = 1", "x = (1"),
    *("x = )", "x = 'a", "def f(:", "class C(", "x = 1\nfrom __future__ import annotations", "x: int = yield"),
    *("from __future__ import nosuch", "import *", "class C:\n    from os import *", "print 1", "0777", "f'{a b}'"),
    *("'''", "else:", "try:\n    pass", "*a = 1", "None = 1", "f(a=1, a=2)", "__debug__ = 1", "if x:", "def f():"),
)
ENDS = (("\n", "\n"), ("\r\n", "\r\n"), ("\n", ""), ("\r\n", ""))


@pytest.mark.parametrize("head", ["", f"{FUTURE}\n", f'"""Doc.\n\n"""\n\n{FUTURE}\nimport os\n\n'])
def test_an_error_of_the_compiler_is_told_and_placed_as_it_is(tmp_path, head):
    files = {"p/__init__.py": b""}
    for number, (wrong, (newline, end)) in enumerate(itertools.product(WRONG, ENDS)):
        text = f"{head}x = 0\n{wrong}\ny = 0".replace("\n", newline) + end
        files[f"p/m{number}.py"] = text.encode()
    write_files(tmp_path, files)

    entries = {entry.module: entry for entry in entrances(analyze("p", folders=[tmp_path])).entries}
    said = {name: (entry.error, entry.line_number) for name, entry in entries.items() if name != "p"}

    assert said == {name: _compiled(data) for path, data in files.items() if (name := _name(path)) != "p"}


def _name(path):
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def _compiled(data):
    try:
        compile(data, "<test>", "exec", dont_inherit=True)
    except SyntaxError as error:
        return f"{type(error).__name__}: {error.msg}", error.lineno
    return None, None
