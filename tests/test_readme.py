"""The README's console blocks are executed (`make golden` rewrites them), and its links followed."""

import re

import pytest

import golden
from module_tree import with_tree
from readme import executed


@pytest.mark.posix
def test_console_blocks_show_real_output():
    text = golden.README.read_text(encoding="utf-8")

    assert executed(text, golden.PROJECT) == text


def test_links_lead_somewhere():
    for page in ("README.md", "CONTRIBUTING.md", "NON_GOALS.md", "CHANGELOG.md"):
        text = (golden.PROJECT / page).read_text(encoding="utf-8")
        for target in re.findall(r"\]\((?!https?://)([^)#]+)", text):
            assert (golden.PROJECT / target).exists(), target


def test_contributing_shows_every_module():
    page = golden.CONTRIBUTING.read_text(encoding="utf-8")

    assert with_tree(page, golden.PROJECT / "cycles") == page
