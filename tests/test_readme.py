"""The README's console blocks are executed (`make golden` rewrites them), and its links followed."""

import ast
import re
import subprocess
import sys
import tomllib

import pytest

import golden
from module_tree import with_tree
from readme import executed


@pytest.mark.posix
@pytest.mark.parametrize("page", golden.PAGES, ids=lambda page: page.stem)
def test_console_blocks_show_real_output(page):
    text = page.read_text(encoding="utf-8")

    assert executed(text, golden.PROJECT) == text


def test_the_page_on_the_api_shows_real_results():
    assert golden.api_page() == golden.API_PAGE.read_text(encoding="utf-8")


def test_links_lead_somewhere():
    docs = (golden.PROJECT / "docs").glob("*.md")
    for page in (
        *(golden.PROJECT / f"{name}.md" for name in ("README", "CONTRIBUTING", "NON_GOALS", "CHANGELOG")),
        *docs,
    ):
        text = page.read_text(encoding="utf-8")
        for target in re.findall(r"\]\((?!https?://)([^)#]+)", text):
            assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_every_page_has_its_console_blocks_executed():
    for page in (golden.README, *(golden.PROJECT / "docs").glob("*.md")):
        assert page in golden.PAGES or "```console" not in page.read_text(encoding="utf-8")


def test_contributing_shows_every_module():
    page = golden.CONTRIBUTING.read_text(encoding="utf-8")

    assert with_tree(page, golden.PROJECT / "cycles") == page


def test_contributing_has_the_layers_that_import_linter_checks():
    rows = re.findall(r"^\| (`.*?) \|", golden.CONTRIBUTING.read_text(encoding="utf-8"), re.MULTILINE)
    configuration = tomllib.loads((golden.PROJECT / "pyproject.toml").read_text(encoding="utf-8"))
    (layers,) = (found for found in configuration["tool"]["importlinter"]["contracts"] if found["id"] == "layers")

    assert [re.findall(r"`(\w+)`", row) for row in rows] == [layer.split(" | ") for layer in layers["layers"]]


def test_no_docstring_is_a_riddle():
    """Each says in its first words what comes back or what is done, not `something in; something out`."""
    for path in sorted((golden.PROJECT / "cycles").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef):
                first = (ast.get_docstring(node) or "").partition("\n")[0]
                assert not re.search(r"\bin; .*\bout\b", first), f"{path}: {first}"


_TRACED = """
import sys
import tomllib
seen = []
def note(frame, event, argument):
    if event == "call":
        name = f"{frame.f_globals.get('__name__')}.{frame.f_code.co_name}"
        seen.append(name)
sys.argv = ["cycles", "cuts", "shop"]
sys.setprofile(note)
import cycles.__main__
try:
    cycles.__main__.run()
finally:
    sys.setprofile(None)
    sys.stderr.write("\\n".join(dict.fromkeys(seen)))
"""


def test_a_command_walks_as_contributing_says():
    walk = re.findall(r"^\d+\. `([\w.]+)`", golden.CONTRIBUTING.read_text(encoding="utf-8"), re.MULTILINE)
    command = [sys.executable, "-c", _TRACED]

    done = subprocess.run(command, cwd=golden.SAMPLES / "shop", capture_output=True, text=True, check=True)

    called = done.stderr.splitlines()
    assert len(walk) >= 10
    assert [name for name in called if name in walk] == walk
