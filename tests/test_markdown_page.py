"""The Markdown document as a forge shows it: parsed by GitHub's own parser, in a column of 830 pixels."""

import cmarkgfm
import pytest
from cmarkgfm.cmark import Options

from browser import Tab
from cycles.render.markdown import as_markdown
from opened import needs_browser, sample
from pages import analysis_of
from pictures import scenes

COLUMN = 830
LOOKS = """body { margin: 0; width: 830px; font: 16px/1.5 sans-serif }
table { display: block; width: max-content; max-width: 100%; overflow: auto; border-spacing: 0; border-collapse: collapse }
th, td { padding: 6px 13px; border: 1px solid }
code { padding: 0.2em 0.4em; font: 85% monospace; white-space: break-spaces }"""
"""What GitHub's style sheet says of tables and of code."""
WORD = "a_word_that_is_as_long_as_names_are_in_the_worst_of_packages_" * 2


def sizes(tab: Tab, file, text: str) -> list[list[int]]:
    """How wide and how high each table wants to be, and the document."""
    body = cmarkgfm.github_flavored_markdown_to_html(text, options=Options.CMARK_OPT_UNSAFE)
    page = f'<!doctype html><html data-ready="1"><meta charset="utf-8"><style>{LOOKS}</style><body>{body}</body></html>'
    file.write_text(page, encoding="utf-8")
    tab.size(COLUMN, 900)
    tab.open(file)
    found = "[...document.querySelectorAll('table'), document.documentElement]"
    return tab.ask(f"{found}.map(one => [one.scrollWidth, one.scrollHeight])")


@needs_browser
@pytest.mark.parametrize("name", ["shop", "agent_core", ""])
def test_tables_fit_into_the_column_of_a_forge(chromium, tmp_path, name):
    names = [f"p.{letter}_{WORD}.{letter}_{WORD}" for letter in "abcdefghijklmn"]
    ring = [*zip(names, [*names[1:], names[0]], strict=True), *((name, names[0]) for name in names[2:])]
    lines = {edge: f"from {edge[1]} import {WORD}, {WORD}" for edge in ring}
    analysis = sample(name) if name else analysis_of(ring, lines, "p")
    found = scenes(analysis)

    *tables, whole = sizes(chromium, tmp_path / "page.html", as_markdown(analysis, found, ["picture"] * len(found)))
    assert len(tables) > len(found)
    assert max(width for width, _ in tables) <= COLUMN
    assert whole[0] == COLUMN


@needs_browser
def test_what_follows_the_tenth_step_is_folded(chromium, tmp_path):
    names = [f"p.m{number:02}" for number in range(26)]
    pairs = [(one, other) for one, other in zip(names[::2], names[1::2], strict=True)]
    edges = [*pairs, *((other, one) for one, other in pairs), *zip(names, [*names[1:], names[0]], strict=True)]
    analysis = analysis_of(edges, {}, "p")
    found = scenes(analysis)
    assert len(found[0].plan.steps) == 13

    text = as_markdown(analysis, found, ["picture"])
    folded = sizes(chromium, tmp_path / "page.html", text)[-1][1]
    opened = sizes(chromium, tmp_path / "page.html", text.replace("<details>", "<details open>"))[-1][1]
    assert opened > folded + 3 * 30
