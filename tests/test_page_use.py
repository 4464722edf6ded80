"""The HTML page by mouse, keys and address, on screens of any size, and for those who do not see it."""

import itertools
import json
import re

import pytest

from opened import SOLVED, needs_browser, removed_by, sample
from pages import many_modules

MINUS = "\u2212"
SCREENS = [(1440, 900), (1024, 700), (390, 844)]


@needs_browser
def test_a_click_chooses_and_cuts_nothing(page):
    (plan,) = page.show(sample("agent_core"))
    line = f'.line[data-dependency="{removed_by(plan)[2]}"]'
    begin = page.counters()

    assert page.shown("#details") == []
    page.tab.hover(line)
    assert page.shown("#details") == []
    assert "step 3 of the plan" in page.text("#tip")
    page.tab.click(line)
    chosen = page.text("#details")
    for selector in ("#next", "header h1", ".box", "#plan .row"):
        page.tab.hover(selector)
        assert page.text("#details") == chosen
    assert page.counters() == begin
    assert page.shown("#plan .row.chosen .number") == ["3"]
    page.tab.click("#details .cut")
    assert page.counters()["rest"] == begin["rest"] - 1
    page.tab.click("#fold")
    assert page.shown("#details") == []


@needs_browser
def test_all_can_be_done_with_keys(page):
    page.show(sample("shop"))

    page.tab.press("?")
    assert page.shown("#help h2") == ["Keys"]
    page.tab.press("Escape")
    assert page.shown("#help h2") == []
    page.tab.press("ArrowRight")
    assert page.tab.ask("document.activeElement.dataset.dependency") is not None
    page.tab.press("Enter")
    assert page.text("#sentence") == SOLVED
    page.tab.press("Escape")
    assert page.shown("#details") == []
    before = page.looked()
    page.tab.press("+")
    page.tab.press("l")
    assert page.looked() != before
    page.tab.press("f")
    assert page.looked() == before


@needs_browser
def test_packages_are_entered_and_left_with_keys(page):
    page.show(sample("agent_core"))
    page.tab.press("v")
    names = []

    for _ in page.boxes():
        page.tab.press("ArrowDown")
        names.append(page.text("#details h2"))
        assert page.tab.ask("document.activeElement.getAttribute('aria-label')").endswith(names[-1])
    assert sorted(names) == sorted(page.boxes())
    while page.text("#details h2") != "ee.hogai.tools: 6 modules":
        page.tab.press("ArrowUp")
    page.tab.press("Enter")
    assert page.shown("#crumbs li") == ["ee.hogai", "tools"]
    page.tab.press("b")
    assert page.shown("#crumbs li") == ["ee.hogai"]


@needs_browser
def test_search_marks_what_it_finds_and_escape_leaves_it(page):
    page.show(sample("agent_core"))
    page.tab.press("/")
    for letter in "state":
        page.tab.press(letter)

    found = page.tab.ask("[...document.querySelectorAll('.box.found title')].map(one => one.textContent)")
    assert sorted(found) == ["ee.hogai.chat_agent.state", "ee.hogai.research_agent.state"]
    assert page.text("#matches") == "2 matches"
    page.tab.press("Enter")
    first = page.text("#details h2")
    page.tab.press("Enter")
    assert sorted([first, page.text("#details h2")]) == sorted(found)
    assert page.text("#matches") == "2 of 2 matches"
    page.tab.press("Escape")
    assert page.tab.ask("document.getElementById('search').value") == page.text("#matches") == ""
    assert page.tab.ask("document.querySelectorAll('.box.found').length") == 0
    page.tab.press("2")
    assert page.shown("[role=tab][aria-selected=true]") == ["Matrix"]


@needs_browser
def test_a_menu_is_closed_by_escape_and_by_a_click_elsewhere(page):
    page.show(sample("agent_core"))

    page.tab.click("#menu summary")
    assert page.shown("#groups label")
    page.tab.press("Escape")
    assert page.shown("#groups label") == []
    page.tab.click("#menu summary")
    page.tab.click(".graph")
    assert page.shown("#groups label") == []


@needs_browser
def test_controls_are_shown_only_where_they_do_something(page):
    page.show(sample("agent_core"))
    bar = ".bar button, .bar summary"

    assert page.shown(bar) == ["All imports", "Show packages", "Sub-packages", MINUS, "Fit", "+"]
    assert [legend.count("a cut of the plan") for legend in page.shown(".legend")] == [1]
    page.tab.press("2")
    assert page.shown(bar) == ["Sub-packages", MINUS, "Fit", "+"]
    assert page.tab.ask(
        "[...document.querySelectorAll('.legend')].filter(one => one.checkVisibility()).map(one => one.querySelectorAll('.line').length)"
    ) == [0]
    page.tab.press("3")
    assert page.shown(bar) == page.shown(".legend") == []


@needs_browser
@pytest.mark.parametrize(("key", "drawing"), [("1", ".graph"), ("2", ".matrix")])
def test_place_and_scale_survive_other_tabs_other_sizes_and_a_reload(page, key, drawing):
    page.show(sample("agent_core"))
    page.tab.press(key)
    page.tab.until(f"document.querySelector('{drawing} > g').hasAttribute('transform')")
    fitted = page.looked(drawing)
    page.tab.press("+")
    page.tab.press("+")
    x, y = page.tab.spot(drawing)
    page.tab.drag((x, y), (x - 80, y + 50))
    chosen = page.looked(drawing)

    assert chosen != fitted
    page.tab.press("3")
    page.tab.press(key)
    assert page.looked(drawing) == chosen
    page.tab.size(1024, 700)
    page.tab.until(f"document.querySelector('{drawing} > g').getAttribute('transform') !== {json.dumps(chosen)}")
    page.tab.size(1440, 900)
    page.tab.until(f"document.querySelector('{drawing} > g').getAttribute('transform') === {json.dumps(chosen)}")
    page.open(page.settled())
    numbers = [
        [float(number) for number in re.findall(r"[-\d.]+", looked)] for looked in (chosen, page.looked(drawing))
    ]
    assert numbers[1] == pytest.approx(numbers[0], abs=2)
    page.tab.press("f")
    assert page.looked(drawing) == fitted


@needs_browser
def test_a_drawing_cannot_be_lost(page):
    page.show(sample("agent_core"))

    for _ in range(60):
        page.tab.press("l")
    assert any(
        page.area("#graph")["left"] < area["right"] and area["left"] < page.area("#graph")["right"]
        for area in [page.area(".graph .boxes")]
    )


@needs_browser
def test_what_is_seen_is_in_the_address_and_seen_again_when_it_is_opened(page):
    page.show(sample("agent_core"))
    for act in ("n", "n", "2", "t", "t"):
        page.tab.press(act)
    page.tab.click('.legend:not([hidden]) [data-look="runs"]')
    page.tab.click("#plan .row:nth-child(4) .pair")
    page.tab.press("/")
    page.tab.press("x")
    parts = ("counters", "sentence", "trail", "details", "plan", "theme", "matches")
    before = [page.text(f"#{name}") for name in parts]
    address = page.settled()

    page.open(address)
    assert [page.text(f"#{name}") for name in parts] == before
    assert page.tab.ask("[...document.querySelectorAll('[data-look=runs]')].map(one => one.checked)") == [False, False]
    assert page.shown("[role=tabpanel]") == page.shown("#panel-matrix")
    assert page.shown("#lost") == [""]
    assert page.settled() == address


def version(page) -> str:
    return re.search(r'"version":"(\w+)"', page.file.read_text(encoding="utf-8"))[1]


@needs_browser
@pytest.mark.parametrize(
    ("address", "lost"),
    [
        ("#%", "%"),
        (
            "#tab=constructor&view=__proto__&theme=toString&hide=hasOwnProperty.__proto__&all=valueOf",
            "tab, view, theme, hide, all",
        ),
        ("#n=999999999999&cut1=-1.1e3.99999999.NaN&in=__proto__&at=d99999", "n, cut1, in, at"),
        ("#cut1=" + "1." * 60_000, "cut1"),
        (
            "#in=%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E&at=<script>&graph=1_2_99&constructor=1",
            "in, at, graph, constructor",
        ),
    ],
    ids=["broken", "prototype", "numbers", "long", "markup"],
)
def test_a_hostile_address_does_no_harm_and_what_it_lacks_sense_in_is_said(page, address, lost):
    (plan,) = page.show(sample("shop"))

    page.open(f"{address}&v={version(page)}")
    assert page.text("#lost") == f"Not understood in the address, and left out: {lost}."
    assert page.counters()["modules"] in {len(plan.component.modules), 0}
    page.tab.press("p")
    assert page.text("#sentence") == SOLVED


@needs_browser
def test_an_address_of_other_code_says_that_its_cuts_do_not_fit(page):
    (plan,) = page.show(sample("shop"))

    page.open("#v=00000000&n=1&cut1=0.1&tab=matrix")
    assert (
        page.text("#lost")
        == "The address was made for other code than this: n, cut1 in it does not fit any more, and is left out."
    )
    assert page.counters()["modules"] == len(plan.component.modules)
    assert page.shown("[role=tab][aria-selected=true]") == ["Matrix"]
    page.tab.ask(f"location.hash = '#v={version(page)}&cut1=0'")
    page.tab.until("document.getElementById('lost').textContent === ''")
    assert page.shown("#trail") != [""]


@needs_browser
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("screen", SCREENS, ids=str)
def test_it_fits_the_screen_and_the_plan_comes_first(page, screen, dark):
    width, height = screen
    page.tab.size(width, height, dark=dark)
    page.show(sample("agent_core"))

    assert page.tab.ask("document.documentElement.scrollWidth") <= width
    paper = page.tab.ask("getComputedStyle(document.body).backgroundColor")
    assert paper == ("rgb(13, 17, 23)" if dark else "rgb(255, 255, 255)")
    assert page.area("#plan .row")["bottom"] <= height, "the first step is seen at once"
    rights = page.tab.ask("[...document.querySelectorAll('#plan .cut')].map(one => one.getBoundingClientRect().right)")
    assert len(rights) == 5
    assert max(rights) <= width
    page.tab.click("#plan .pair")
    assert page.tab.ask("document.documentElement.scrollWidth") <= width
    assert page.area("#details .cut")["right"] <= width
    assert page.area("#details")["bottom"] <= height


@needs_browser
def test_long_names_leave_every_button_on_the_screen(page):
    page.tab.size(1024, 700)
    page.show(many_modules(60, packages=0, prefix="p." + "averylongnamewithoutanybreak" * 3 + "."))

    rights = page.tab.ask("[...document.querySelectorAll('#plan .cut')].map(one => one.getBoundingClientRect().right)")
    assert max(rights) <= 1024
    assert page.tab.ask("[...document.querySelectorAll('aside')].every(one => one.scrollWidth <= one.clientWidth)")


@needs_browser
@pytest.mark.parametrize("key", ["1", "2", "3"])
def test_headings_names_and_targets_are_as_the_guidelines_ask(page, key):
    """Web Content Accessibility Guidelines 2.2: 1.3.1, 2.5.3, 2.5.8, 4.1.2."""
    page.show(sample("agent_core"))
    page.tab.press(key)
    page.tab.click("#plan .pair")

    levels = page.tab.ask(
        "[...document.querySelectorAll('h1, h2, h3, h4')].filter(one => one.checkVisibility() && !one.closest('dialog')).map(one => Number(one.tagName[1]))"
    )
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))
    small = page.tab.ask(
        "[...document.querySelectorAll('button, select, input, summary, a.place')].filter(one => one.checkVisibility({contentVisibilityAuto: true}) && !one.matches('.skip'))"
        ".map(one => [one.outerHTML, one.getBoundingClientRect()]).filter(([, area]) => area.width < 24 || area.height < 23.9).map(([html]) => html)"
    )
    assert small == []
    nameless = page.tab.ask(
        "[...document.querySelectorAll('button, select, input, summary, [role=button], [tabindex=\"0\"]')]"
        ".filter(one => !(one.textContent.trim() || one.getAttribute('aria-label') || one.labels?.length)).map(one => one.outerHTML)"
    )
    assert nameless == []
    spoken = page.tab.ask(
        "[...document.querySelectorAll('[aria-label].box')].map(one => [one.getAttribute('aria-label'), [...one.querySelectorAll('.name')].map(text => text.textContent).join(' ')])"
    )
    assert [pair for pair in spoken if pair[1] not in pair[0]] == []


@needs_browser
def test_what_is_chosen_in_the_matrix_is_said(page):
    page.show(sample("shop"))
    page.tab.press("2")

    page.tab.press("ArrowRight")
    page.tab.press("ArrowRight")
    assert page.text("#said") == "customers.loyalty → orders.history · on a cycle · step 1 of the plan"
    assert page.tab.ask("document.getElementById('said').getAttribute('aria-live')") == "polite"


@needs_browser
def test_arrows_turn_tabs_and_the_skip_link_leads_to_the_picture(page):
    page.show(sample("agent_core"))
    page.tab.press("n")

    page.tab.ask("document.getElementById('tab-graph').focus()")
    page.tab.press("ArrowRight")
    assert page.shown("[role=tab][aria-selected=true]") == ["Matrix"]
    page.tab.ask("document.getElementById('skip').focus()")
    page.tab.press("Enter")
    assert page.tab.ask("document.activeElement.id") == "picture"
    assert page.counters()["modules"] == 32
    assert "cut1=" in page.settled()


@needs_browser
def test_a_printed_page_has_the_plan_and_no_controls(page):
    page.show(sample("agent_core"))
    room = page.area(".graph")
    box = page.tab.ask("document.querySelector('.graph').getAttribute('viewBox')").split()
    assert [float(length) for length in box] == pytest.approx([0, 0, room["width"], room["height"]]), "paper is smaller"
    page.tab.send("Emulation.setEmulatedMedia", media="print")

    assert page.shown("button, select, input, summary") == page.shown("button.link")
    assert len(page.shown("#plan .row")) == 5
    page.tab.send("Emulation.setEmulatedMedia", media="")
