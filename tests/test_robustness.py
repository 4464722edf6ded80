"""One bad file never costs the others: every row that grimp or the file system is known to trip over."""

import ctypes
import os
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from conftest import pairs, program, write_files
from cycles.api import analyze
from cycles.enums import GraphName
from cycles.errors import CyclesError
from cycles.source.import_values import Skipped
from cycles.source.module_files import Listing
from cycles.source.root_packages import Root

GOOD = {"p/__init__.py": "", "p/a.py": "from p import b\n", "p/b.py": "import p.a\n"}
RING = ["p.a -> p.b", "p.b -> p.a"]


@pytest.mark.parametrize(
    ("content", "line_number", "reason"),
    [
        (b"x = 1\nprint 'old'\n", 2, "invalid syntax"),
        (b"<<<<<<< HEAD\nx = 1\n", 1, "invalid syntax"),
        (b"x = 1\0\n", 1, "a NUL character"),
        (b"x = 1\n# a\0b\n", 2, "a NUL character"),
        (b"if x:\n\ty = 1\n        z = 1\n", 3, "invalid syntax"),
        (b"x = 1\ny = 'caf\xe9'\n", 2, "its bytes do not fit its declared encoding (UTF-8 unless it says so)"),
        (
            b"# coding: ascii\ny = '\xe9'\n",
            None,
            "its bytes do not fit its declared encoding (UTF-8 unless it says so)",
        ),
        (b"# coding: hex\nx = 1\n", None, "its declared encoding hex is not a text encoding"),
        (b"# coding: rot13\nx = 1\n", None, "its declared encoding rot13 is not a text encoding"),
        (b"# coding: no-such\nx = 1\n", None, "unknown encoding: no-such"),
        (b"# coding: undefined\nx = 1\n", None, "its bytes do not fit its declared encoding (UTF-8 unless it says so)"),
        ("x = 1\n".encode("utf-16"), None, "its bytes do not fit its declared encoding (UTF-8 unless it says so)"),
        (
            b"x = " + b"+".join([b"1"] * 900_000) + b"\n",
            None,
            f"the parser crashed on it (signal {11 if sys.platform == 'linux' else 10}): its code nests too deeply",
        ),
    ],
    ids=[
        "python 2",
        "conflict",
        "nul",
        "nul in a comment",
        "tabs",
        "latin-1",
        "ascii",
        "hex",
        "rot13",
        "unknown",
        "undefined",
        "utf-16",
        "deep",
    ],
)
def test_a_file_that_cannot_be_parsed_is_reported_and_the_rest_analysed(analysed, content, line_number, reason):
    analysis = analysed({**GOOD, "p/bad.py": content})

    assert analysis.skipped == (Skipped("p/bad.py", line_number, reason),)
    assert pairs(analysis) == RING


def test_many_bad_files_are_each_named(analysed):
    bad = {f"p/bad{number}.py": "if x\n" for number in range(5)}
    deep = {"p/deep.py": "x = " + "+".join(["1"] * 900_000)}

    analysis = analysed({**GOOD, **bad, **deep, "p/hex.py": "# coding: hex\n"})

    assert [skipped.path for skipped in analysis.skipped] == sorted([*bad, *deep, "p/hex.py"])
    assert pairs(analysis) == RING


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbfimport p.a\n",
        b"import sys\r\nimport p.a\r\n",
        b"# -*- coding: latin-1 -*-\nname = '\xe9'\nimport p.a\n",
        b"match 1:\n    case 1:\n        import p.a\n",
        b"def f[T](x: T) -> T: return x\nimport p.a\n",
        b"type X = int\nimport p.a\n",
        b"x = t'{1}'\nimport p.a\n",
        b"x = f'{'a'}'\nimport p.a\n",
        b"import p.a",
        b"# caf\xe9\nimport p.a\n",
        b"# caf\xe9\n# coding: latin-1\nname = '\xe9'\nimport p.a\n",
        b"# a\r# coding: latin-1\rname = '\xe9'\rimport p.a\r",
        b"# coding: unicode_escape\nimport p.a\\nx = 1\n",
        b"if 1:\n    x = 1\n\x0c\n    import p.a\n",
        b"class C:\n  \x0c    import p.a\n",
        b"from ..... import far\nimport p.a\n",
    ],
    ids=[
        *(
            "bom",
            "crlf",
            "cookie",
            "match",
            "pep 695",
            "type",
            "t-string",
            "pep 701",
            "no newline",
            "comment in latin-1",
        ),
        *("late cookie", "carriage returns", "unicode_escape", "form feed", "reset by a form feed", "too far up"),
    ],
)
def test_newer_syntax_and_odd_encodings_are_read(analysed, content):
    analysis = analysed({**GOOD, "p/b.py": content})

    assert analysis.complete
    assert pairs(analysis) == RING


def test_a_coding_cookie_that_python_ignores_is_ignored(analysed):
    files = {
        "café/__init__.py": "",
        "café/a.py": "\\\n# coding: shift_jis\nimport café.b\n",
        "café/b.py": "from . import a\n",
    }

    assert pairs(analysed(files, "café")) == ["café.a -> café.b", "café.b -> café.a"]


def test_a_file_that_crashes_the_parser_only_beside_others_is_read_alone(analysed):
    long = "import p.a\nx = " + "+".join(["1"] * 60_000)

    analysis = analysed({**GOOD, "p/b.py": long})

    assert analysis.complete
    assert pairs(analysis) == RING


def test_a_folder_without_init_inside_a_package_is_analysed(analysed):
    analysis = analysed({**GOOD, "p/plain/m.py": "import p.plain.n\n", "p/plain/n.py": "from . import m\n"})

    assert pairs(analysis) == [*RING, "p.plain.m -> p.plain.n", "p.plain.n -> p.plain.m"]


def test_a_namespace_keeps_packages_whose_names_begin_alike(analysed):
    files = {
        "p/a/__init__.py": "",
        "p/a/x.py": "import p.ab.y\n",
        "p/ab/y.py": "import p.a.x\n",
        "p/ab/deep/z.py": "",
    }

    analysis = analysed(files)

    assert analysis.modules == 4
    assert pairs(analysis) == ["p.a.x -> p.ab.y", "p.ab.y ~> p.a", "p.ab.y -> p.a.x"][::2]


def test_a_package_hides_the_module_beside_it(analysed):
    files = {**GOOD, "p/b/__init__.py": "from p import a\n", "p/b.py": "import p.c\n", "p/c.py": "import p.b\n"}

    analysis = analysed(files)

    assert pairs(analysis) == RING
    assert analysis.skipped == (Skipped("p/b.py", None, "hidden by the package b/ beside it"),)


def test_a_module_hides_the_plain_folder_beside_it(analysed):
    analysis = analysed({**GOOD, "p/b/c.py": ""})

    assert analysis.skipped == (Skipped("p/b", None, "hidden by the module b.py beside it"),)


def test_a_link_to_a_folder_above_the_package_is_not_followed(tmp_path):
    write_files(tmp_path / "project", GOOD)
    write_files(tmp_path, {"elsewhere/m.py": ""})
    (tmp_path / "project" / "p" / "up").symlink_to(tmp_path)

    analysis = analyze("p", folders=[tmp_path / "project"])

    assert analysis.modules == 3
    assert analysis.skipped == (Skipped("p/up", None, "a link to a folder that holds the package itself"),)


def test_a_link_to_the_own_package_adds_no_phantom_modules(tmp_path):
    write_files(tmp_path, GOOD)
    (tmp_path / "p" / "again").symlink_to(tmp_path / "p")

    analysis = analyze("p", folders=[tmp_path])

    assert analysis.modules == 3
    assert analysis.skipped == (Skipped("p/again", None, "a link to a folder that is already part of the package"),)


def test_a_folder_that_lies_in_another_one_is_not_called_a_link(tmp_path):
    write_files(tmp_path, {"outer/inner/a.py": "", "outer/b.py": ""})
    listing = Listing(tmp_path)

    listing.add(Root("inner", (tmp_path / "outer" / "inner",)))
    listing.add(Root("outer", (tmp_path / "outer",)))

    reason = "a folder that was read already, by another name of its modules"
    assert listing.files().skipped == (Skipped("outer/inner", None, reason),)


@pytest.mark.posix
def test_what_is_no_regular_file_is_reported(tmp_path):
    write_files(tmp_path, GOOD)
    (tmp_path / "p" / "gone.py").symlink_to(tmp_path / "nowhere.py")
    (tmp_path / "p" / "loop.py").symlink_to(tmp_path / "p" / "loop.py")
    (tmp_path / "p" / "zero.py").symlink_to("/dev/zero")
    (tmp_path / "p" / "folder.py").mkdir()
    (tmp_path / "p" / "two.dots.py").touch()
    os.mkfifo(tmp_path / "p" / "pipe.py")

    analysis = analyze("p", folders=[tmp_path])

    assert analysis.skipped == (
        Skipped("p/folder.py", None, "a folder that is called like a Python file"),
        Skipped("p/gone.py", None, "a broken symbolic link"),
        Skipped("p/loop.py", None, "it cannot be looked at (too many levels of symbolic links)"),
        Skipped("p/pipe.py", None, "not a regular file: a named pipe"),
        Skipped("p/two.dots.py", None, "a dot in its name: it cannot be imported"),
        Skipped("p/zero.py", None, "not a regular file: a device"),
    )
    assert pairs(analysis) == RING


@pytest.mark.posix
@pytest.mark.skipif(sys.platform == "darwin", reason="macOS allows no such name")
def test_a_file_name_that_is_no_text_is_reported(tmp_path):
    write_files(tmp_path, GOOD)
    (Path(os.fsdecode(bytes(tmp_path / "p") + b"/caf\xe9.py"))).touch()

    analysis = analyze("p", folders=[tmp_path])

    assert analysis.skipped == (Skipped("p/caf\\xe9.py", None, "its name is not valid UTF-8"),)


@pytest.mark.permissions
def test_an_unreadable_file_and_folder_are_reported(tmp_path):
    write_files(tmp_path, {**GOOD, "p/secret.py": "", "p/vault/__init__.py": ""})
    (tmp_path / "p" / "secret.py").chmod(0)
    (tmp_path / "p" / "vault").chmod(0)

    analysis = analyze("p", folders=[tmp_path])

    assert [(skipped.path, skipped.reason) for skipped in analysis.skipped] == [
        ("p/secret.py", "no permission to read it"),
        ("p/vault", "permission denied"),
    ]


def without_the_powers_of_root() -> None:
    """Give up, in this process and all that it starts, to read and write against the permissions of files."""
    from_the_bounding_set, overrides, reads_and_searches = 24, 1, 2  # as in <linux/prctl.h> and <linux/capability.h>
    for capability in (overrides, reads_and_searches):
        assert ctypes.CDLL(None).prctl(from_the_bounding_set, capability, 0, 0, 0) == 0


@pytest.mark.skipif(
    sys.platform != "linux" or os.geteuid() != 0, reason="an ordinary user runs the tests of permissions themselves"
)
def test_permissions_are_tested_where_they_bind(tmp_path):
    """Root runs the tests of permissions as somebody else would: still the owner of the interpreter, and no more."""
    command = [sys.executable, "-m", "pytest", "-m", "permissions", "--basetemp", tmp_path, "-p", "no:cacheprovider"]

    finished = subprocess.run(
        [*command, "-p", "no:xdist", "-p", "no:doctest", "-o", "addopts=", __file__],
        cwd=Path(__file__).parents[1],
        env={name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")},
        preexec_fn=without_the_powers_of_root,
        capture_output=True,
        text=True,
        check=False,
    )

    assert finished.returncode == 0, finished.stdout
    assert re.search(r"= [1-9]\d* passed(, \d+ deselected)? in ", finished.stdout), finished.stdout


def test_a_booby_trapped_package_is_analysed_without_a_trace(tmp_path):
    trap = f"open({str(tmp_path / 'trace')!r}, 'w').close()\n"
    names = ("json", "graphviz", "networkx/__init__", "grimp/__init__", "logging/__init__", "marshal", "rich")
    write_files(tmp_path, {f"{name}.py": trap for name in names})
    write_files(tmp_path, {"p/__init__.py": trap, "p/a.py": trap + "import p.b\n", "p/b.py": trap + "import p.a\n"})
    command = [program("cycles"), "scc", "p", "--format", "json"]
    before = sorted(path.relative_to(tmp_path) for path in tmp_path.rglob("*"))

    finished = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)

    assert (finished.returncode, finished.stderr) == (0, "")
    assert '"modules": 3' in finished.stdout
    assert sorted(path.relative_to(tmp_path) for path in tmp_path.rglob("*")) == before


def test_a_local_package_with_a_standard_name_is_the_one_analysed(analysed):
    analysis = analysed({"json/__init__.py": "import json.a\n", "json/a.py": "import json\n"}, package="json")

    assert pairs(analysis) == ["json -> json.a", "json.a -> json"]


@pytest.mark.parametrize(
    ("files", "package", "sentence"),
    [
        ({}, "hogai", 'no package "hogai" under {folder}'),
        ({"ee/__init__.py": "", "ee/hogai/__init__.py": ""}, "hogai", "did you mean ee.hogai (ee/hogai)?"),
        ({"shop/__init__.py": ""}, "shpo", "did you mean shop?"),
        ({"p/__init__.py": ""}, "p.missing", 'no package "p.missing" in {folder}/p; name p or a package inside it'),
        ({"p/__init__.py": "", "p/x/deep.py": ""}, "p.deep", "did you mean p.x.deep?"),
        ({"one.py": ""}, "one", "name the package whose modules import each other"),
        ({"one.py": ""}, "./one.py", "is a single module outside any package"),
        ({"p.zip": ""}, "./p.zip", "is neither a package folder nor a Python file"),
        ({"empty/README": ""}, "./empty", "no Python module in"),
        ({}, "./nowhere", 'no package or path "./nowhere" under {folder}'),
    ],
)  # fmt: skip
def test_nothing_to_analyse_is_a_sentence_with_a_next_step(tmp_path, files, package, sentence):
    write_files(tmp_path, files)
    folders = [tmp_path, tmp_path / "src"] if (tmp_path / "src").is_dir() else [tmp_path]

    with pytest.raises(CyclesError) as caught:
        analyze(package, folders=folders)

    assert sentence.format(folder=tmp_path) in str(caught.value)


@pytest.mark.posix
def test_a_socket_called_like_a_module_is_reported(tmp_path, monkeypatch):
    write_files(tmp_path, GOOD)
    monkeypatch.chdir(tmp_path / "p")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("plug.py")

    assert [skipped.reason for skipped in analyze("p", folders=[tmp_path]).skipped] == ["not a regular file: a socket"]


def test_a_deeply_nested_file_is_judged_without_recursion(analysed):
    nested = "".join(" " * depth + "if x:\n" for depth in range(90)) + " " * 90 + "import p.a\n"

    analysis = analysed({**GOOD, "p/b.py": nested}, graph=GraphName.ALL)

    assert pairs(analysis) == RING


@pytest.mark.parametrize(
    "content",
    [
        "from importlib import import_module\n\x0c\nif 1:\n    x = 1\n\x0c    import_module('p.a')\n",
        "from importlib import import_module\nclass C:\n  \x0c    import_module('p.a')\n",
        "\x0clazy import p.a\n\x0cp.a\n",
        "if 1:\n\tif 1:\n\t    import p.a\n",
        "if 1:\n  if 1:\n\t   import p.a\n",
    ],
)
def test_indentation_is_that_of_cpython(analysed, content):
    analysis = analysed({**GOOD, "p/b.py": content})

    assert pairs(analysis) == RING
    assert [statement.kind for statement in analysis.components[0].dependencies[1].imports] == ["eager"]
