"""What `cycles entries` says of failures that are no crash, and which programs it asks about."""

from pathlib import Path

import pytest

from conftest import write_files
from cycles.api import analyze
from cycles.enums import Verdict
from cycles.model import FirstImport, Swallowed
from cycles.report.entries import entries_as_text
from cycles.report.terminal import TextStyle
from cycles.simulate.first_import_report import entrances
from trap_truth import truths


def first_import(folder: Path, module: str) -> FirstImport:
    (found,) = entrances(analyze("p", folders=[folder]), modules=[module]).entries
    return found


def asked_about(folder: Path, *, package: str = "p") -> list[str]:
    return [entry.module for entry in entrances(analyze(package, folders=[folder])).entries]


HIDING = {
    "p/__init__.py": "from p.label import label\n",
    "p/label.py": "X = 1\ndef label(): pass\n",
    "p/by_path.py": "from p.label import X\n",
}


@pytest.mark.posix
@pytest.mark.parametrize(
    "user", ["from p import label\nlabel.X\n", "import p.label as label\nlabel.X\n", "import p.label\np.label.X\n"]
)
@pytest.mark.parametrize(
    ("kind", "error"),
    [("def label(): pass", "'function' object"), ("class label: pass", "type object 'label'")],
)
def test_a_name_that_hides_a_submodule_is_told(tmp_path, user, kind, error):
    write_files(tmp_path, HIDING | {"p/label.py": f"X = 1\n{kind}\n", "p/user.py": user})

    found = first_import(tmp_path, "p.user")

    assert (found.verdict, found.error) == (Verdict.OTHER, f"AttributeError: {error} has no attribute 'X'")
    assert (
        found.reason
        == "its package binds the same name, which hides the module p.label: take names from that by `from`"
    )
    assert truths([(tmp_path, "p.user"), (tmp_path, "p.by_path")]) == [found.error, None]
    assert first_import(tmp_path, "p.by_path").verdict is Verdict.OK


@pytest.mark.posix
def test_an_attribute_that_somebody_sets_on_the_function_is_there(tmp_path):
    write_files(tmp_path, HIDING | {"p/user.py": "from p import label\nlabel.Z = 1\nlabel.Z\n"})

    assert truths([(tmp_path, "p.user")]) == [None]
    assert first_import(tmp_path, "p.user").verdict is Verdict.OK


def test_a_name_that_nobody_provides_is_told(tmp_path):
    write_files(tmp_path, {"p/__init__.py": "", "p/a.py": "", "p/user.py": "from p.a import init\n"})

    found = first_import(tmp_path, "p.user")

    assert found.verdict is Verdict.OTHER
    assert found.reason == "nothing in p.a provides init, and there is no module p.a.init"


ADDING = """\
import sys

def add_store(cls):
    setattr(sys.modules[cls.__module__], f"{cls.__name__}Store", object())
    return cls
"""


@pytest.mark.posix
@pytest.mark.parametrize(
    ("decorator", "name", "verdict"),
    [
        pytest.param("from adding import add_store as kept", "SettingsStore", Verdict.OK, id="a library adds it"),
        pytest.param("from typing import final as kept", "SettingsStore", Verdict.OTHER, id="no library is asked"),
        pytest.param("from adding import add_store as kept", "later", Verdict.OTHER, id="its text deletes it"),
    ],
)
def test_a_library_that_decorates_classes_may_add_names_of_which_the_text_says_nothing(
    tmp_path, decorator, name, verdict
):
    settings = f"{decorator}\n@kept\nclass Settings: pass\nlater = 1\ndel later\n"
    user = f"from p.settings import {name}\n"
    write_files(tmp_path, {"p/__init__.py": "", "p/settings.py": settings, "p/user.py": user, "adding.py": ADDING})

    found = first_import(tmp_path, "p.user")

    assert found.verdict is verdict
    assert (truths([(tmp_path, "p.user")]) == [None]) == (verdict is not Verdict.OTHER)


def test_a_name_whose_presence_depends_on_the_order_is_told(tmp_path):
    write_files(tmp_path, {"p/__init__.py": "", "p/a.py": "", "p/user.py": "import p\np.a\n"})

    found = first_import(tmp_path, "p.user")

    assert found.verdict is Verdict.OTHER
    assert found.reason == "p.a is not imported by then: whether p has it depends on the order of imports"


SWALLOWING = {
    "p/__init__.py": "",
    "p/a.py": "try:\n    from p.b import late\nexcept ImportError:\n    late = None\nNAME = 1\n",
    "p/b.py": "from p.a import NAME\nlate = 1\n",
}


@pytest.mark.posix
def test_a_failure_of_a_cycle_that_is_caught_is_told_where_it_happens(tmp_path):
    write_files(tmp_path, SWALLOWING)
    analysis = analyze("p", folders=[tmp_path])
    error = "ImportError: cannot import name {!r} from partially initialized module {!r}"
    circular = " (most likely due to a circular import)"

    found = entrances(analysis)

    assert truths([(tmp_path, "p.a"), (tmp_path, "p.b")]) == [None, None]
    assert {entry.module: entry.swallowed for entry in found.entries} == {
        "p": (),
        "p.a": (Swallowed("p/b.py", 1, error.format("NAME", "p.a") + circular),),
        "p.b": (Swallowed("p/a.py", 2, error.format("late", "p.b") + circular),),
    }
    assert entries_as_text(analysis, found, TextStyle(width=80)).splitlines()[4:20] == [
        "a cycle makes an import fail, and a try catches that",
        "  what the import was to bind is then another value for as long as the program",
        "  runs",
        "    p/a.py:2",
        "      ImportError: cannot import name 'late' from partially initialized module",
        "      'p.b'",
        "      where one of these is imported first:",
        "        b",
        "    p/b.py:1",
        "      ImportError: cannot import name 'NAME' from partially initialized module",
        "      'p.a'",
        "      where one of these is imported first:",
        "        a",
        "",
        "next  cycles entries p --run",
    ]


@pytest.mark.parametrize("handler", ["raise", "raise RuntimeError from None"])
def test_what_is_raised_again_is_not_swallowed(tmp_path, handler):
    files = SWALLOWING | {"p/a.py": f"try:\n    from p.b import late\nexcept ImportError:\n    {handler}\nNAME = 1\n"}
    write_files(tmp_path, files)

    assert first_import(tmp_path, "p.a").swallowed == ()


def test_another_failure_that_is_caught_is_not_told(tmp_path):
    files = {
        "p/__init__.py": "",
        "p/a.py": "try:\n    from p.b import late\nexcept ImportError:\n    pass\n",
        "p/b.py": "",
    }
    write_files(tmp_path, files)

    assert first_import(tmp_path, "p.a").swallowed == ()


PROGRAM = {"p/__init__.py": "", "p/__main__.py": "def run(): pass\n", "p/sub/__init__.py": "", "p/sub/__main__.py": ""}


@pytest.mark.parametrize(
    "declaration",
    [
        {"pyproject.toml": '[project.scripts]\nshop = "p.__main__:run"\n'},
        {"pyproject.toml": '[tool.poetry.scripts]\nshop = "p.__main__:run"\n'},
        {"setup.cfg": "[options.entry_points]\nconsole_scripts =\n    shop = p.__main__:run\n"},
        {"p-1.0.dist-info/entry_points.txt": "[console_scripts]\nshop = p.__main__:run\n"},
    ],
)
def test_a_program_that_a_console_script_names_is_a_first_import(tmp_path, declaration):
    write_files(tmp_path, PROGRAM | declaration)

    assert asked_about(tmp_path) == ["p", "p.__main__", "p.sub"]


def test_the_declaration_is_found_above_the_source_folder(tmp_path):
    files = {f"src/{path}": text for path, text in PROGRAM.items()}
    write_files(tmp_path, files | {"pyproject.toml": '[project.scripts]\nshop = "p.__main__:run"\n'})

    assert asked_about(tmp_path / "src") == ["p", "p.__main__", "p.sub"]


def test_other_programs_are_run_and_not_imported(tmp_path):
    write_files(tmp_path, PROGRAM | {"pyproject.toml": '[project.scripts]\nshop = "p.__main__:run"\n'})
    analysis = analyze("p", folders=[tmp_path])

    text = entries_as_text(analysis, entrances(analysis), TextStyle(width=80))

    assert "  not asked about: sub.__main__ (run, not imported)\n" in text
