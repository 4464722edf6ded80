"""The README's console blocks are executed (`make golden` rewrites them), and its links followed."""

import re

import golden
from readme import executed


def test_console_blocks_show_real_output():
    text = golden.README.read_text(encoding="utf-8")

    assert executed(text, golden.PROJECT) == text


def test_links_lead_somewhere():
    for page in ("README.md", "CONTRIBUTING.md", "NON_GOALS.md", "CHANGELOG.md"):
        text = (golden.PROJECT / page).read_text(encoding="utf-8")
        for target in re.findall(r"\]\((?!https?://)([^)#]+)", text):
            assert (golden.PROJECT / target).exists(), target


def test_the_table_of_rooms_names_every_module():
    text = (golden.PROJECT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    for path in sorted((golden.PROJECT / "cycles").glob("*/[!_]*.py")):
        assert f"`{path.stem}`" in text or f"`{path.parent.name}/`" in text, path
