"""The HTML page of groups of modules: counts both ways, the plan, and a matrix that opens into modules."""

import pytest

from browser import Tab
from cycles.api import analyze
from cycles.cuts import plan_cuts
from cycles.model import Analysis
from cycles.render.choose_view import DrawOptions
from cycles.render.html_page import as_page
from cycles.render.scene import scene_of
from opened import SOLVED, Page, needs_browser
from pages import HACK

FILES = {
    "p/__init__.py": "",
    "p/a/__init__.py": "",
    "p/a/x.py": "import p.b.x\nimport p.b.y\n",
    "p/a/y.py": "import p.b.x\n",
    "p/a/z.py": "",
    "p/b/__init__.py": "",
    "p/b/x.py": "",
    "p/b/y.py": "\nfrom p.a import z\n",
}
CELLS = ".matrix .count, .matrix .step"


@pytest.fixture
def groups(analysed) -> Analysis:
    return analysed(FILES, by="package")


def names(page: Page) -> list[str]:
    """The rows of the matrix, from above."""
    return page.tab.ask("[...document.querySelectorAll('.matrix .names')].map(one => one.firstChild.textContent)")[::-1]


def click_cell(tab: Tab, page: Page, row: int, column: int) -> None:
    ground = page.area(".matrix .ground")
    cell = ground["width"] / len(names(page))
    tab.click_at(ground["left"] + (column + 0.5) * cell, ground["top"] + (row + 0.5) * cell)


@needs_browser
def test_boxes_are_groups_and_lines_count_their_imports_both_ways(page, groups):
    page.show(groups)

    assert page.text("h1") == "Import cycles between groups of p"
    assert page.text(".names p").endswith("p · by package · 8 modules · 4 imports")
    assert sorted(page.boxes()) == ["p.a", "p.b"]
    assert sorted(page.shown(".badge")) == ["3", "✂ 1"]
    assert page.shown("#plan .pair") == ["b.y → a.z"]
    assert page.shown("#plan .place") == ["p/b/y.py:2"]
    assert page.shown("#plan .after") == ["then no cycle left"]
    assert page.counters() == {"modules": 2, "rest": 1}
    page.tab.press("n")
    assert page.text("#sentence") == SOLVED


@needs_browser
def test_a_line_of_several_imports_is_gone_with_the_last(page, groups):
    page.show(groups)
    page.tab.click("[aria-label='p.a imports p.b'].line")
    page.settled()

    assert page.text("#details h2") == "a → b"
    assert page.shown("#details .place") == ["p/a/x.py:1", "p/a/x.py:2", "p/a/y.py:1"]
    assert page.shown("#details .chain li") == ["a → b · 3 imports", "b → a · 1 import #1"]
    for left in ("2", "1"):
        page.tab.click("#details .cut:not(.made .cut)")
        page.settled()
        assert left in page.shown(".badge")
        assert page.counters()["modules"] == 2
    page.tab.click("#details .cut:not(.made .cut)")
    assert page.text("#sentence") == SOLVED


@needs_browser
def test_the_matrix_opens_a_group_into_its_modules_and_closes_it_again(page, groups):
    page.show(groups)
    page.tab.press("2")

    assert names(page) == ["b", "a"]
    assert page.shown(CELLS) == ["3", "1"]
    page.tab.press("ArrowDown")
    page.tab.press("Enter")
    assert names(page) == ["b", "a.z", "a.y", "a.x"]
    assert page.shown(CELLS) == ["2", "1", "1"]
    click_cell(page.tab, page, 3, 0)
    assert page.shown("#details .place") == ["p/a/x.py:1", "p/a/x.py:2"]
    assert "2 of 3 imports:" in page.shown("#details .facts")
    page.tab.press("Enter")
    assert page.shown(CELLS) == ["1", "1"]
    address = page.settled()
    page.open(address)
    assert names(page) == ["b", "a.z", "a.y", "a.x"]
    assert page.shown(CELLS) == ["1", "1"]
    click_cell(page.tab, page, 2, 2)
    page.tab.click("#details [data-do=open]")
    assert names(page) == ["b", "a"]


@needs_browser
def test_where_both_groups_are_open_modules_import_modules(page, groups):
    page.show(groups)
    for title in ("p.a", "p.b"):
        page.tab.press("1")
        page.tab.double_click(f".box[aria-label$='{title}']")

    assert page.shown("[role=tab][aria-selected=true]") == ["Matrix"]
    assert names(page) == ["b.y", "b.x", "a.z", "a.y", "a.x"]
    assert page.shown(CELLS) == ["1"]
    click_cell(page.tab, page, 0, 2)
    assert page.text("#details h2") == "b → a"
    page.tab.press("Enter")
    assert page.text("#sentence") == SOLVED


@needs_browser
def test_an_import_stands_at_the_package_that_it_runs_where_that_is_the_group(page, analysed):
    files = {"p/__init__.py": "", "p/a/__init__.py": "", "p/a/x.py": "import p.b.y\n", "p/b/y.py": ""}
    page.show(analysed({**files, "p/b/__init__.py": "import p.a.x\n"}, by="package:2"))
    for title in ("p.a.x", "p.b"):
        page.tab.press("1")
        page.tab.double_click(f".box[aria-label$='{title}']")

    assert sorted(names(page)) == ["a.x", "b"]


@needs_browser
def test_groups_of_hostile_names_are_text(page, analysed):
    files = {**FILES, "p/c.py": ""}
    page.show(analysed(files, by=[f"p.a={HACK}", "p.b=b"]))

    assert page.tab.ask("window.hacked") is None
    page.tab.double_click(".box")
    assert page.tab.ask("window.hacked") is None
    page.tab.press("1")
    assert len(page.boxes()) == 2


def test_the_page_of_groups_is_the_same_without_an_engine_but_for_pictures(tmp_path, analysed):
    analysis = analysed(FILES, by="siblings")
    scenes = [scene_of(analysis, plan) for plan in plan_cuts(analysis.components, ranked=False)]
    text = as_page(analysis, scenes, DrawOptions())

    assert '"node":"group"' in text
    assert '"whole":null' in text
    assert '"label":"a.x"' in text
    assert analyze("p", folders=[tmp_path], by="siblings").components == analysis.components
